"""Workbooks that cannot be written, and what to do then."""

from typing import Final

NOT_WRITTEN: Final = "Can't write {name} in {folder}: {reason}."
RESULTS_NOT_WRITTEN: Final = "The results workbook can't be written to {folder}: {reason}."
RESULTS_NOT_WRITTEN_FIX: Final = (
    "Nothing was sent. Make room or choose another folder with -o FOLDER, then run again."
)
CHECKED_FIX: Final = "Nothing was sent. Make room or choose another folder with -o FILE."
RESULTS_FIX: Final = (
    "The orders are safe. Make room, or write it elsewhere: bulk-orders report {run} -o FOLDER"
)
TEMPLATE_FIX: Final = "Make room or choose another folder with -o FILE."

# Reasons

NOT_THE_SAME_ON_DISK: Final = "what was read back from the disk differs from what was written"
BROKEN_ON_DISK: Final = "{part} was read back from the disk differently from what was written"
ROWS_MISSING: Final = "sheet {sheet} has {found} rows after writing, {expected} were expected"
NAMES_TAKEN: Final = "{number} workbooks of that name already exist"
