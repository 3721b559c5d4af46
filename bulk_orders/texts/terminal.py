"""What the terminal shows for every command: problems, a run's progress and end, and the comparison with the marketplace."""

from typing import Final

# Errors and problems

FAILED: Final = "✖ {message}"
FIX: Final = "  Fix: {fix}"
BUG: Final = "Something inside the program went wrong ({kind}). What was ordered is recorded."
BUG_FIX: Final = "The details are in the log; `bulk-orders doctor` shows where it is. Please report them."
MANY_PROBLEMS: Final = "  {icon} {number} × {code} {column}, first {where}: {message}"
MORE_PROBLEMS: Final = "  … and {number} more: `bulk-orders check --all` shows them"
NOWHERE: Final = "Workbook"
"""Names the place of a problem that belongs to no cell."""
USED_BY_ONE: Final = "(used by row {rows})"
USED_BY_MANY: Final = "(used by rows {rows})"

# While a run lasts

SENDING: Final = "Sending"
ORDER_UNIT: Final = "order"
ASKING: Final = "Asking"
QUESTION_UNIT: Final = "question"
ASKED_SO_FAR: Final = "  Asking the marketplace: {done:,} of {total:,} questions answered."
PLAIN_ACCEPTED: Final = "ok"
PLAIN_FAILED: Final = "failed"
PLAIN_UNKNOWN: Final = "check"
THROTTLED: Final = (
    "  The marketplace asked us to slow down; waiting {wait_s:.0f} s (row {row}, attempt {attempt})"
)
WAITING_FOR_OTHERS: Final = "  {why} Reading the account again in {duration}, before anything is sent. Ctrl-C stops the run; nothing is sent."
OPENING: Final = (
    "  Reading these customers' orders that were not placed here: {opened} of {total}. Each is read once."
)
WAITING: Final = "  Waiting for {what} (since {since:%H:%M:%S} UTC, {duration} so far)."
WAITING_UNTIL: Final = (
    "  Waiting for {what} (since {since:%H:%M:%S} UTC, until {until:%H:%M:%S} UTC at the latest)."
)
STOPPING: Final = "  Stopping: {reason} Orders in flight are finished first."
STOPPING_AFTER: Final = "^C  Stopping after the orders in flight … (press it again to stop at once)"
STOPPED_AT_ONCE: Final = (
    "Stopped at once. Orders that were in flight are looked up by the next `bulk-orders resume` or `run`."
)
STOPPED: Final = "Stopped."
NO_NUMBER: Final = "Nothing was sent: no number of orders was typed."
NO_NUMBER_FIX: Final = "Run again and type {orders}, or a smaller number to begin with."

# The end of a run

NOTHING_TO_SEND: Final = "  There was nothing to send."
THERE_ALREADY_ONE: Final = "  {number} order was already on the marketplace, so it was not sent."
THERE_ALREADY_MANY: Final = "  {number} orders were already on the marketplace, so they were not sent."
SCHEDULED_ONE: Final = "  ◷ {number} order is carried out on {day}."
SCHEDULED_MANY: Final = "  ◷ {number} orders are carried out on {day}."
SCHEDULED_SOMETIME_ONE: Final = "  ◷ {number} order is scheduled; the marketplace does not name the day."
SCHEDULED_SOMETIME_MANY: Final = "  ◷ {number} orders are scheduled; the marketplace does not name the day."
LINK: Final = "  ⚠ Row {row}, customer {customer_id}: {link}"
MORE_LINKS_ONE: Final = "    … and {number} more link, in the results workbook"
MORE_LINKS_MANY: Final = "    … and {number} more links, in the results workbook"
ROW: Final = "{number} row"
ROWS: Final = "{number} rows"
RESULTS: Final = "Results: {path}"
RESULTS_MADE_NEW: Final = "         a new workbook, not a copy of yours: {reason}"
NO_RESULTS: Final = "✖ The results workbook was not written: {reason}"

# Compared with the marketplace

NOT_COMPARED: Final = (
    "  ⚠ The comparison with the marketplace is incomplete{why}: run `bulk-orders audit` later."
)
WHY_NOT_COMPARED: Final = " ({reason})"
COMPARED_ONE: Final = "  ✔ {number} order, of this run or of one before it, is on the marketplace, once."
COMPARED_MANY: Final = (
    "  ✔ {number} orders, of this run and of those before it, are on the marketplace, once each."
)
DOUBTFUL_FOUND_ONE: Final = "  ✔ {number} order in doubt was found there."
DOUBTFUL_FOUND_MANY: Final = "  ✔ {number} orders in doubt were found there."
NOT_LISTED_ONE: Final = "  ⚠ {number} accepted order is not on its list (yet): run `bulk-orders audit` later."
NOT_LISTED_MANY: Final = (
    "  ⚠ {number} accepted orders are not on its list (yet): run `bulk-orders audit` later."
)
ORDERED_TWICE_ONE: Final = "  ⚠ {number} order is there MORE THAN ONCE. Cancel all but one:"
ORDERED_TWICE_MANY: Final = "  ⚠ {number} orders are there MORE THAN ONCE. Cancel all but one of each:"
