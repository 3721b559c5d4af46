"""What a night says of orders after their run: not decided, there twice, not as the ledger has them."""

from typing import Final

ERASED: Final = "an erased workbook"

# Not decided

UNKNOWN: Final = "{name}, row {row}: nobody knows yet whether it was ordered."
HELD: Final = "{name}, row {row} is held and not sent: {message}"
DUPLICATE: Final = "{name}, row {row} was ordered twice: {message}"
HOURS_LEFT: Final = "{hours} hours left to cancel a duplicate."
HOUR_LEFT: Final = "{hours} hour left to cancel a duplicate."
TOO_LATE: Final = "The time to cancel a duplicate is over: ask the marketplace."
RESOLVE_FIX: Final = "Decide: bulk-orders resolve {run_id}"
AUDIT_FIX: Final = "Cancel all but one, then check: bulk-orders audit {run_id}"

# Not as the ledger has it

GONE: Final = "{name}, row {row}: the marketplace no longer has order {order}."
CANCELLED: Final = "{name}, row {row}: order {order} is cancelled on the marketplace."
IN_ERROR: Final = "{name}, row {row}: order {order} is in error on the marketplace."
OTHER_CUSTOMER: Final = "{name}, row {row}: order {order} belongs to customer {there} on the marketplace."
OTHER_CONTENT: Final = "{name}, row {row}: order {order} has other products or quantities on the marketplace."
OTHER_AMOUNT: Final = (
    "{name}, row {row}: order {order} costs {there} on the marketplace, {ours} in the ledger."
)

# The comparison

NOT_WHOLE_ONE: Final = (
    "{number} order could not be compared with the marketplace again; the next night tries again."
)
NOT_WHOLE_MANY: Final = (
    "{number:,} orders could not be compared with the marketplace again; the next night tries again."
)

# At the terminal

UNDECIDED_LINE: Final = "  ⚠ {what} {fix}"
ALARM_LINE: Final = "  ⚠ {alarm}"
DRIFT_LINE: Final = "  ✖ {what}"
MORE_ONE: Final = "  and {number} more like it."
MORE_MANY: Final = "  and {number:,} more like it."
WOULD_COMPARE_ONE: Final = "  → {number} order would be compared with the marketplace again."
WOULD_COMPARE_MANY: Final = "  → {number:,} orders would be compared with the marketplace again."
