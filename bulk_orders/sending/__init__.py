"""Rows to orders, each placed once."""
