"""Orders in doubt: what looking them up showed, and what people may say of them."""

from typing import Final

# Looked up

INTERRUPTED: Final = "The run was interrupted while it was being sent."
NOTICED_BY: Final = "noticed by run {run_id}"
MAY_BE_OURS: Final = "{number} that may be ours"
NONE_OURS_ONE: Final = "{number} order there, not ours"
NONE_OURS_MANY: Final = "{number} orders there, none ours"
WINDOW_BEGINS: Final = "the settle window begins"
NONE_OURS_OF_CUSTOMER_ONE: Final = "{number} order of the customer, not ours"
NONE_OURS_OF_CUSTOMER_MANY: Final = "{number} orders of the customer, none ours"
CANNOT_OPEN: Final = "order {order_id} is listed but cannot be opened."
FOUND_AS: Final = "found as {order}"
FOUND_BY_AUDIT: Final = "found by the audit as {order}"
TOLD_LATE: Final = "reported late by the attempt itself"

# Ordered more than once

NAMELESS: Final = "order"
ORDER: Final = "{name} (id {order_id})"
DUPLICATES: Final = "{orders}."
DUPLICATES_UNTIL: Final = "{orders}. Cancel all but one before {moment:%Y-%m-%d %H:%M} UTC."
DUPLICATE_NOTED: Final = "DUPLICATE: {message}"
DUPLICATE_UNDONE: Final = "one is left: the others are cancelled, or another row's"
ALARM: Final = "row {row} of run {run_id}: {message}"
ALARM_WITHOUT_ROW: Final = (
    "PO number {po_number}, which bulk-orders made for a row that this ledger does not know: {message}"
)

ALARM_IN_DOUBT: Final = (
    "there are more orders than rows in doubt (row {rows}): {orders}. Cancel the extra orders{until}."
)
UNTIL: Final = " before {moment:%Y-%m-%d %H:%M} UTC"

# How far an order is from being called absent

LIST_INCOMPLETE: Final = "the marketplace's list is not complete"
CANCELLED_THERE: Final = "Order {order_id} is cancelled on the marketplace."
CANCELLED_THERE_FIX: Final = (
    "If the row is that order anyway, add --even-cancelled; the row is not sent again under its reference."
)
NO_PAIRS: Final = "No held row matches exactly one order that could not belong to another row."
NO_PAIRS_FIX: Final = "Name each row with its order: --row N --present ORDER_ID."
MANY_ALIKE: Final = "Nothing was decided: the rows were not confirmed."
MANY_ALIKE_FIX: Final = (
    "Run it in a terminal and type the number of rows, or name each with --row and --present."
)
NOT_READ_SINCE: Final = "the marketplace could not be read since"
NOT_SHOWN: Final = "{readings} complete readings after the settle window did not show it"
MAY_STILL_APPEAR: Final = "may still appear until {moment:%d-%b-%Y %H:%M:%S} UTC; {readings} of {needed} complete readings after that did not show it"

# Decisions

NO_SUCH_ORDER: Final = "The marketplace has no order {order_id}."
NO_SUCH_ORDER_FIX: Final = "Use the order id (not the number) that `resolve` shows."
OF_ANOTHER_CUSTOMER: Final = "Order {order_id} belongs to customer {theirs}, not to {ours}."
TAKEN: Final = "Order {order_id} belongs to row {row} of run {run_id}."
LOOK_AGAIN_FIX: Final = "Check the order id and try again."
ABSENT_TOO_EARLY: Final = "Row {row} cannot be called absent before {moment:%d-%b-%Y %H:%M:%S} UTC: until then its order may still appear."
ABSENT_TOO_EARLY_FIX: Final = (
    "Decide after that moment; `bulk-orders resolve RUN` shows what is known by then."
)
ABSENT_NOT_READ: Final = (
    "Row {row} cannot be called absent: the marketplace has not been read since its answer was lost."
)
ABSENT_NOT_PROVEN: Final = (
    "Row {row} cannot be called absent yet: {readings} of {needed} complete readings after "
    "{moment:%d-%b-%Y %H:%M:%S} UTC did not show its order."
)
ABSENT_NOT_PROVEN_FIX: Final = "Run `bulk-orders resolve RUN`, which reads until there are enough."
CANNOT_BE_ABSENT: Final = "Row {row} cannot be called absent while the marketplace cannot be read: {reason}"
CANNOT_BE_ABSENT_FIX: Final = "Try again when it answers."
JUST_FOUND: Final = "Row {row} was just found on the marketplace; it is not sent again."
JUST_FOUND_FIX: Final = "See `bulk-orders report`."
NEEDS_REASON: Final = "Every decision needs a reason."
NEEDS_REASON_FIX: Final = 'Add --reason "…"; it is kept in the log.'
OTHER_STATE: Final = "Row {row} is {state}, not {needed}."
OTHER_STATE_FIX: Final = "`bulk-orders resolve RUN` shows what waits for a decision."
NOTHING_TO_DECIDE: Final = "Row {row} is not waiting for a decision."
NOTHING_TO_DECIDE_FIX: Final = "`bulk-orders resolve {run_id}` shows the rows that are."
ONE_ROW_ONLY: Final = "An order id belongs to one row."
ONE_ROW_ONLY_FIX: Final = "Name the row with --row."

# Held

HELD_FOR_ONE: Final = (
    "the marketplace has an order of the same product and quantity for this customer: {orders}."
)
HELD_FOR_MANY: Final = (
    "the marketplace has {number} orders of the same product and quantity for this customer: {orders}."
)
HELD_FOR_EDITED: Final = "it was ordered as {orders}, and the row has changed since."
AND_MORE: Final = "{orders} and {number} more"
MADE_AT: Final = "of {moment:%d-%b-%Y %H:%M} UTC"
UNDER_PO: Final = "under PO number {po_number}"
HELD_FOR_DOUBT: Final = (
    "row {row} of run {run_id} asks for the same, and nobody knows yet whether it was ordered."
)
HELD_FOR_FOUND: Final = "row {row} of run {run_id} asks for the same; it was in doubt until now and turned out to be ordered as {order}."
HELD_FOR_ALIKE: Final = "the same product and quantity went to this customer ({order})."
HELD_FOR_ALIKE_OF: Final = "the same product and quantity went to this customer on {day:%d-%b-%Y} ({order})."
HELD_FOR_DROPPED: Final = "it was dropped before{by}{may_exist}."
DROPPED_BY: Final = " ({why})"
MAY_EXIST: Final = "; it was sent before that, and may exist"
HELD_UNEXPLAINED: Final = "an earlier version of this program held it and did not keep why."
ROW_OF_RUN: Final = "row {row} of run {run_id}"
