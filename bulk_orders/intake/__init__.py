"""Workbook in, rows and problems out."""
