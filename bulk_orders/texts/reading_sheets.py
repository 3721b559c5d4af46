"""What is said about a workbook as a whole: its sheets, headers and columns, and rows that are left out.

The titles and explanations of the codes are where the codes are; here are the sentences that name what was found.
"""

from typing import Final

CSV_SHEET: Final = "CSV"
"""The name of a CSV file's only sheet, where the file's own name gives none."""
CELL_ROW: Final = "{sheet} row {row}"
"""Names a row of a sheet, where there is no cell to name: `Orders row 14`."""
NO_HEADER: Final = "(no header)"
"""Takes the place of a column's header."""

# Sheets

START_AGAIN_FIX: Final = (
    "Put the headers in one row, or start from `bulk-orders template`. "
    "If they are your own, type `bulk-orders map FILE`."
)
CSV_NO_HEADERS: Final = "The first line of the CSV file has none of the known headers."
CSV_NO_HEADERS_FIX: Final = (
    "Begin with a line such as Customer ID,Product (MPN),Quantity,… "
    "If the headers are your own, type `bulk-orders map FILE`."
)
TWO_OF_ORDERS: Final = "The sheets {one} and {other} both look like orders."
TWO_OF_ORDERS_FIX: Final = "Give the one to send the name Orders, and delete or hide the other."
NO_ORDERS: Final = "No sheet of the workbook has the headers of orders."
NO_HEADER_ROW: Final = "Sheet {sheet} has no row of headers among its first 15 rows."
NO_ROWS: Final = "There are no rows to send on sheet {sheet}."
NO_ROWS_FIX: Final = "Fill a row below the headers, save and try again."
HIDDEN_SHEET: Final = "The sheet {sheet} is hidden."
HIDDEN_SHEET_FIX: Final = "Show it (right-click a sheet's tab, Unhide), look through its rows and save."
CUSTOMERS_NO_HEADERS: Final = "The sheet {sheet} has no row of headers."
NO_CUSTOMERS: Final = "The workbook has no sheet Customers."
NO_CUSTOMERS_FIX: Final = (
    "Add it as in `bulk-orders template`, or put the customers' columns beside the orders."
)

NO_ROW_THERE: Final = "Sheet {sheet} has no headers in row {row}."
NO_ROW_THERE_FIX: Final = "Give the sheet with --sheet, and the row of its headers with --header-row."

# Headers

NAMELESS_PARAMETER: Final = "The header in {cell} does not say which parameter."
NAMELESS_PARAMETER_FIX: Final = "Write its name after the colon, as in parameter: domain_prefix."
PARAMETER_OF_A_COLUMN: Final = "The header in {cell} names the parameter that the column {header} sends."
PARAMETER_OF_A_COLUMN_FIX: Final = "Use the column {header} instead."
HEADER_TWICE: Final = '"{header}" appears twice on sheet {sheet}: columns {first} and {second}.'
HEADER_TWICE_FIX: Final = "Keep one of the two columns; rename or delete the other."
HEADERS_OF_ONE: Final = (
    '"{other}" and "{header}" on sheet {sheet} are the same: columns {first} and {second}.'
)
HEADER_UNKNOWN: Final = 'Column "{header}" is not known. Did you mean "{known}"?'
HEADER_UNKNOWN_FIX: Final = 'Change the header to "{known}", or rename the column if it is something else.'
FOREIGN_LETTER: Final = 'Column "{header}" has a foreign letter: U+{code:04X}, {name}.'
FOREIGN_LETTER_FIX: Final = 'Type the header again as "{known}".'
NAMELESS_LETTER: Final = "unnamed"
"""A letter that Unicode has no name for."""
COLUMN_MISSING: Final = 'The column "{header}" is missing on sheet {sheet}.'
COLUMN_MISSING_FIX: Final = "Add it. If the headers are your own, type `bulk-orders map FILE`."

# Rows and what is not sent

ROWS_ONE: Final = "{number} row"
ROWS_MANY: Final = "{number} rows"
FORMULAS_ONE: Final = "{number:,} cell with a formula"
FORMULAS_MANY: Final = "{number:,} cells with formulas"
COMMENTS_ONE: Final = "{number:,} comment"
COMMENTS_MANY: Final = "{number:,} comments"
ORDERS_ONE: Final = "{number} order"
ORDERS_MANY: Final = "{number} orders"
ALL_LEFT_OUT: Final = ": all of them are skipped or hidden"
"""Goes on a sentence that there are no rows to send."""
MORE_COLUMNS: Final = "{first} and {number} more columns"
REFERENCE_UNREAD: Final = 'it is not under "{header}"'
REFERENCE_UNREAD_FIX: Final = 'Put it under "{header}" if it names the orders; if not, leave it.'
DETAILS_UNSAID: Final = '"Send company details?" is empty in row {row}'
DETAILS_UNSAID_FIX: Final = "Choose Yes to send them, or No to leave them out."
DETAILS_NO_COLUMN: Final = 'there is no column "Send company details?"'
DETAILS_NO_COLUMN_FIX: Final = 'Add the column "Send company details?" with Yes if they should be sent.'
