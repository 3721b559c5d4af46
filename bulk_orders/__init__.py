"""Turn a workbook of customers and products into marketplace orders: never twice, never silently lost."""

__version__ = "0.1.0"
