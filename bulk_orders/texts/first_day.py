"""`doctor --first-day`: what is asked of an account for nothing, and what its first one or two orders show."""

from typing import Final

BEGIN: Final = (
    "First day with this account, in three steps: this computer, free questions, and one or two orders of {name}. "
    "Nothing is ordered before you type it."
)
STEP_SET_UP: Final = "1. This computer and the sign-in"
STEP_FREE: Final = "2. Free questions; nothing is ordered by them"
STEP_ORDERS: Final = "3. Real orders, one at a time"
FACT: Final = "  {mark} {name:<18} {text}"

LISTED: Final = "order list"
ORDERS_ONE: Final = "{number} order"
ORDERS_MANY: Final = "{number} orders"
LISTED_SO_MANY: Final = "{orders} of customer {customer_id} in {days} days"
WITH_PO: Final = "{orders}; the list shows PO numbers"
WITHOUT_PO: Final = "{orders}; the list leaves PO numbers out, so orders of others are opened once each"
CLOCK: Final = "clock"
CLOCK_AS_OURS: Final = "the marketplace's clock and this computer's are within {seconds:.0f} s"
CLOCK_OTHER: Final = (
    "the marketplace's clock is {seconds:.0f} s away from this computer's; set yours by a time server"
)
NO_CLOCK: Final = "the marketplace does not say what time it is"
FILTER: Final = "time filter"
FILTER_KEPT: Final = "the list keeps to the times that are asked for"
FILTER_IGNORED: Final = (
    "the list ignores the times that are asked for; more is read, and nothing else changes"
)
FILTER_OPEN: Final = "cannot be told before the customer has an order"
CUSTOMER: Final = "unknown customer"
CUSTOMER_REFUSED: Final = "is answered as not found"
CUSTOMER_TAKEN: Final = "the marketplace answers for a customer that should not exist"
PRODUCT: Final = "unknown product"
PRODUCT_REFUSED: Final = 'an estimate refuses it ("{said}"), so check --online finds such rows'
PRODUCT_TAKEN: Final = "an estimate takes it, so check --online proves little here"
PRICE: Final = "first bill"
PRICE_IS: Final = "{currency} {amount} for row {row}"
NO_PRICE: Final = "the estimate gives no price for row {row}"
REFUSED: Final = 'the marketplace refuses row {row} ("{said}")'
NOT_ASKED: Final = "could not be asked: {reason}"
WAIT: Final = "the answers to free questions"
"""After "Waiting for "."""

NOTHING_TO_ORDER: Final = "No row of the workbook is left to order. Everything above cost nothing."
ROW: Final = "  Row {row}: customer {customer_id}, {quantity} × {mpn}, PO number {po_number}"
ORDER_IT: Final = "This order is {environment}. Type 1 to place it, or Enter to stop:"
ORDER_SECOND: Final = (
    "A second order confirms what the first one showed. This one is {environment}, too. "
    "Type 1 to place it, or Enter to stop:"
)
ONLY_ONE: Final = "Type 1 and Enter, or Enter alone."
STOPPED: Final = "Nothing was ordered. What was learnt is kept: `bulk-orders doctor` shows it."
STOPPED_AFTER: Final = "No second order was placed. The first one stays."
INTERRUPTED: Final = "Stopped. Nothing was ordered."
NOBODY: Final = (
    "Orders of the first day are confirmed by a person, and nobody is there to ask. Nothing was ordered."
)
NOBODY_FIX: Final = "Run it in a terminal, without --json."

SHOWN: Final = "What the order showed:"
TAKEN: Final = "answer"
TAKEN_AS: Final = "order {name} was taken"
PO_BACK: Final = "PO number"
PO_CAME_BACK: Final = "came back as {po_number}, sent as {name}"
PO_DID_NOT: Final = "was not read back; see the message of the row in the results"
DELAY: Final = "delay"
DELAY_WAS: Final = "the list showed the order {seconds:.1f} s after the answer at most"
NOT_TAKEN: Final = "came without an order number; the results say what became of the row"
IN_DOUBT: Final = "No second order is proposed until this one is clear."
DONE: Final = "The account is ready. Next: {command}"
