"""Titles and legends of the template. What its formulas show is in `check_column`."""

from typing import Final

TITLE: Final = "Orders for the marketplace"
"""In the properties of the file."""
ORDERS_LEGEND: Final = "One row is one order. Dark blue * = required · light blue = optional · grey = filled by Excel. Red cell = to fix, grey row = skipped."
CUSTOMERS_LEGEND: Final = "One row is one customer. Dark blue * = required · yellow = required in some cases · light blue = optional. Red cell = to fix, grey cell = not needed."
PRODUCTS_LEGEND: Final = "One row is one product; fill it by hand or from the catalogue. It gives names and limits to the sheet Orders and is never sent."
