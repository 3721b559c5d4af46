"""What single cells, headers and pages say about themselves: notes, messages while typing, links, the foot of a page."""

from typing import Final

GO_TO_CELL: Final = "Go to this cell"
CUT_HERE: Final = " … (cut here: {number:,} characters in all)"
"""Ends a text that no cell can hold."""
PAGE: Final = "Page &P of &N"
"""&P and &N are Excel's codes for the page and for how many there are."""

SOURCE: Final = "Orders as they were handed over"
"""Names a workbook that was written from orders that never were a file."""

OWN_COLUMN: Final = "This column is yours: it is kept and not sent."
NOT_IN_LIST: Final = "Not in the list"
NOT_IN_LIST_FIX: Final = "Choose {header} from the list."

INPUT: Final = "{help} Example: {example}"
"""Shown while a cell of the column is chosen."""

# The note on a header of the template

HEADER_NOTE: Final = "{header}: {need}.\n{help}\n{goes_to}"
HEADER_NOTE_WITH_EXAMPLE: Final = "{header}: {need}.\n{help}\nExample: {example}\n{goes_to}"
REQUIRED: Final = "Required"
REQUIRED_SOMETIMES: Final = "Required in some cases"
OPTIONAL: Final = "Optional"
FILLED_BY_EXCEL: Final = "Filled by Excel"
SENT_AS: Final = "Sent as {api_field}."
NEVER_SENT: Final = "Never sent."

# Excel's warning when something else is typed

PLEASE_CHECK: Final = "Please check {header}"
KEEP_IF_SURE: Final = "This is not in the list. Keep it only if you are sure that it is right."
TOO_LONG: Final = "{header} has at most {number} characters."
A_DATE: Final = "{header} is a date, for example {example}."
A_NUMBER: Final = "{header} is a number, for example {example}."
