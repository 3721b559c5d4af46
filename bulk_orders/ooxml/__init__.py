"""The .xlsx format as parts, rows, styles and notes; knows nothing of orders."""
