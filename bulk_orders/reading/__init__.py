"""Bytes in, tables of text with their addresses out."""
