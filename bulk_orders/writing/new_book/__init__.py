"""Workbooks that are made new."""
