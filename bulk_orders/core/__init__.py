"""The rules: values in, values out; no clock, no chance, no environment, no IO."""
