"""The command line: arguments, commands, terminal, progress."""
