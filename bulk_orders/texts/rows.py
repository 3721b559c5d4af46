"""What a results workbook says about a row in our words, and what to do next."""

from typing import Final

ROW_OF_SHEET: Final = "{sheet} row {row}"
MORE_PROBLEMS: Final = "{where}: {message} And {number} more: `bulk-orders check` lists them."
ONE_PROBLEM: Final = "{where}: {message}"
ORDERED_BEFORE: Final = "Ordered as {order}. It was not sent again."
ORDERED_BEFORE_ON: Final = "Ordered on {day:%d-%b-%Y} as {order}. It was not sent again."
ON_DAY: Final = " on {day:%d-%b-%Y}"
CHANGED: Final = "{row} was ordered as {order}, with different content. It will not be sent again."
CHANGED_SINCE: Final = (
    "{row} was ordered on {day:%d-%b-%Y} as {order}, with different content. It will not be sent again."
)
CHANGED_FIX: Final = "Give the changed row a reference of its own, or restore what was ordered."
THIS_ROW: Final = "This row"

HELD_SINCE: Final = "{message} Held since {day:%d-%b-%Y}."
SLOW: Final = "Being set up since {moment:%d-%b-%Y %H:%M} UTC, which is longer than usual."
ACCEPTED_ON: Final = "accepted {moment:%d-%b-%Y %H:%M} UTC"
SCHEDULED_FOR: Final = "for {day:%d-%b-%Y}"
DAY_NOT_TOLD: Final = "the marketplace does not name the day"
DAY_IS_OVER: Final = "it was scheduled for {day:%d-%b-%Y}"
BEING_SENT: Final = "Sent; the marketplace has not answered yet."
THERE_ALREADY: Final = "The marketplace already had this order, so it was not sent."

# Not sent

HIDDEN: Final = "The row is hidden or filtered out, so it was not sent."
HIDDEN_FIX: Final = "Show it, or run with --include-hidden."
NOT_CHOSEN: Final = "Ready, but not among the rows that this run was asked to send."
NOT_CHOSEN_FIX: Final = "Run the workbook again to send it."
NOT_YET: Final = "Not sent yet."
RUN_ENDED: Final = "The run ended before this row."
RESUME_COMMAND: Final = "bulk-orders resume"
TENANT_BEING_MADE: Final = (
    "Not sent: order {order} (row {row}) is to create its Microsoft tenant and is still being set up."
)
TENANT_FOR_CUSTOMER: Final = "Not sent: order {order} (row {row}) is to create its Microsoft tenant and needs the customer's acceptance."
TENANT_SCHEDULED: Final = (
    "Not sent: order {order} (row {row}) is to create its Microsoft tenant and is scheduled for later."
)
TENANT_IN_DOUBT: Final = "Not sent: row {row} is to create its Microsoft tenant and is in doubt."
TENANT_BROKEN: Final = "It is order {order} (row {row}), which ended in error on the marketplace."
TENANT_CANCELLED: Final = "It is order {order} (row {row}), which was cancelled."
TENANT_REFUSED: Final = "It is row {row}, which was not ordered."
DECIDE_LATER: Final = (
    "Do not send it again. You can decide after {moment:%d-%b-%Y %H:%M:%S} UTC, with `bulk-orders resolve`."
)
LAST_ANSWER: Final = "{why} Last answer: {message}"

# Asked before anything is ordered

NO_CUSTOMER: Final = "it does not know this customer"
TYPE_CUSTOMER: Final = "Type the ID that the Control Panel shows."
TYPE_CUSTOMER_TWICE: Final = "Type the ID that the Control Panel shows, here and on the sheet Customers."
CUSTOMER_STATUS: Final = 'the status is "{status}"'
ACTIVATE_CUSTOMER: Final = "Have the customer activated, or set Submit? to Skip."
COPY_MPN: Final = "Copy the MPN from the catalogue."
TYPE_ITS_MPN: Final = "Type {mpn}, the MPN of the product of that name."
CHOOSE_VENDOR: Final = "Correct the vendor, or leave it blank."
PARAMETER: Final = "{name}: {message}"
NO_REASON: Final = "it gives no reason (HTTP {status})"
ASKING_STOPPED: Final = "Stopped; nothing was sent."
ASKING_STOPPED_FIX: Final = "The same command goes on where it was, for four hours."
DOCTOR_FIX: Final = "`bulk-orders doctor` says what to set right."
NO_REASON_GIVEN: Final = "it gives no reason"

# What to do next

RESOLVE_FIRST: Final = "decide on the row in doubt there: rows of this run wait for it"
RESOLVE_UNKNOWN: Final = "looks up the rows to check by hand again; nothing is sent"
RESOLVE_HELD: Final = "asks what to do with the held rows; nothing is sent"
RESUME: Final = "continues with the rows not sent"
WRITE_RESULTS: Final = "writes the results workbook, once it can be written"
RUN_CORRECTED: Final = "once you have corrected the red cells; what was ordered is not sent again"
AUDIT_AGAIN: Final = "compares with the marketplace again; the last comparison was incomplete"
AUDIT_CANCELLED: Final = "compares again, once you have cancelled all but one of each set of duplicates"
FOLLOW: Final = "asks what became of the accepted orders"

ERASED_NAME: Final = "(erased)"
"""Takes the place of the name of a run's workbook."""
ERASED_PROBLEM: Final = "What was wrong was erased with its cells."
STATED: Final = "{field} = {value}, stated by {who} on {day}"
"""Of a mapping: a legal statement that it makes for every row."""
