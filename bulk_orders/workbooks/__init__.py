"""Every workbook we write: the template, the checked workbook and the results workbook, and the labels people see."""
