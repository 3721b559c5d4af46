"""What is said about a DataFrame that is checked or run in place of a workbook."""

from typing import Final

NOT_A_SOURCE: Final = "A {kind} cannot be checked or run."
NOT_A_SOURCE_FIX: Final = (
    "Pass a path, a pandas DataFrame, or a mapping of orders, customers and products to DataFrames."
)
UNKNOWN_SHEET: Final = 'There is no sheet "{sheet}" to pass a DataFrame for.'
NO_ORDERS: Final = "The mapping has no DataFrame of orders."
SHEETS_FIX: Final = "The keys are orders, customers and products; orders is required."
TOO_MANY_ROWS: Final = "The DataFrame for {sheet} has {rows:,} rows, more than the {limit:,} of a sheet."
TOO_MANY_ROWS_FIX: Final = "Split it, and run the parts one after another."

# Why a value cannot be said as text

BOOLEAN: Final = "True or False where other words are expected"
DATE: Final = "a date outside a column of dates"
MOMENT: Final = "a moment, which is more than a day"
DIGITS: Final = "a float with more digits than it keeps exactly"
TOO_LONG: Final = "a text longer than a cell of a workbook"
ESCAPE: Final = "a text that workbooks keep for themselves, such as _x000D_"
OTHER: Final = "a value of type {kind}"
