"""Why a run does not begin, and why its results workbook is not the usual one."""

from typing import Final

NOT_CONFIRMED: Final = "Nothing was sent: the run was not confirmed."
NOT_CONFIRMED_FIX: Final = "Run again and type the number of orders."
OTHER_ACCOUNT: Final = "Run {run_id} belongs to another account ({profile})."
OTHER_ACCOUNT_FIX: Final = "Name its profile: --profile {profile}."
WORKBOOK_HAS_ERRORS: Final = "The workbook has errors; nothing was sent."
WORKBOOK_HAS_ERRORS_FIX: Final = "Run `bulk-orders check` to see them."
ROW_TO_FIX: Final = "{number} row to fix; nothing was sent."
ROWS_TO_FIX: Final = "{number} rows to fix; nothing was sent."
ROWS_TO_FIX_FIX: Final = "Fix them, or send the others with --only-ready."
ALL_TO_FIX_FIX: Final = "Fix them and run again."
TOO_MANY: Final = "The workbook has {orders} orders to send, more than the {limit} allowed."
TOO_MANY_FIX: Final = "Raise --max-orders, or send some of them with --first N."

# The results workbook

NOT_WRITTEN: Final = "Something inside the program went wrong. Try `bulk-orders report {run_id}`."
ERASED: Final = "its cells were erased with the data about people; each row's outcome stays"
NO_CUSTOMER_DATA: Final = "what names people was left out"
LEFT_OUT: Final = "(left out)"
NOT_COPIED: Final = "something inside the program went wrong while it was copied"
