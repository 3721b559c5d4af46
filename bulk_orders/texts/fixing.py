"""Why a proposal of the sheet Problems is not applied."""

from typing import Final

NO_PROBLEMS_SHEET: Final = "The workbook has no sheet Problems, so there is nothing to apply."
NO_PROBLEMS_SHEET_FIX: Final = (
    "Use the workbook that `bulk-orders check` wrote; its name ends in .checked.xlsx."
)
OTHER_VALUE: Final = "Another line has a different value for the cell."
SHARED_FORMULA: Final = "The cell is part of a formula that other cells share. Type the value yourself."
NO_CELL: Final = "The line does not name one cell."
NO_VALUE: Final = "There is no proposed value."
NO_COLUMN: Final = "The column was not read."
CHANGED: Final = "The cell no longer contains what was checked."
