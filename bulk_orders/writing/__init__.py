"""Every workbook that we write, and the labels people see."""
