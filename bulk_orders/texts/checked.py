"""The checked workbook: its first sheet and the legends. What its column Check says is in `check_column`."""

from typing import Final

TITLE: Final = "{name}, checked"
LEGEND: Final = (
    "Red cell = to fix, amber = warning, blue = good to know; the note on the cell says what and how. "
    "Grey row = not sent."
)
NOTE: Final = "{sentence} [{code}]"
"""The note on a cell."""
PROPOSED: Final = "{sentence} Proposed: {proposal}"
"""What it says where a proposal can be made."""

# How the workbook stands, in one line

TO_FIX_ONE: Final = "{number:,} row to fix"
TO_FIX_MANY: Final = "{number:,} rows to fix"
WHOLE_TO_FIX_ONE: Final = "{number:,} thing to fix"
WHOLE_TO_FIX_MANY: Final = "{number:,} things to fix"
READY: Final = "{number:,} ready"
ORDERED: Final = "{number:,} ordered before"
LEFT_OUT: Final = "{number:,} skipped or hidden"
WARNINGS_ONE: Final = "{number:,} warning"
WARNINGS_MANY: Final = "{number:,} warnings"
NOTHING_SENT: Final = "{source}. Nothing was sent. Correct the red cells here, save, and run this workbook."
LIST_IS_COMPLETE: Final = "This list is complete; the column Check shows only what a formula can see."

# The sheet Problems

ERROR: Final = "✖ To fix"
WARNING: Final = "⚠ Warning"
INFO: Final = "○ Good to know"

NUMBER_HEADER: Final = "#"
SEVERITY_HEADER: Final = "Severity"
WHERE_HEADER: Final = "Where"
REFERENCE_HEADER: Final = "Your reference"
CUSTOMER_HEADER: Final = "Customer"
COLUMN_HEADER: Final = "Column"
TYPED_HEADER: Final = "You typed"
WRONG_HEADER: Final = "What is wrong"
FIX_HEADER: Final = "How to fix"
PROPOSED_HEADER: Final = "Proposed value"
APPLY_HEADER: Final = "Apply?"
CODE_HEADER: Final = "Code"

IN_SHORT: Final = "In short"
FIRST_CELL_HEADER: Final = "First cell"
HOW_OFTEN_HEADER: Final = "How often"
TIMES: Final = "{number:,} ×"
THE_WORKBOOK: Final = "the workbook"
"""Names the place of a problem that has no cell."""
