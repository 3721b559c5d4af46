"""The workbook that people fill in."""
