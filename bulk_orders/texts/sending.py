"""While orders are sent: why a run ends early, and what the first order proves."""

from typing import Final

# Why a run ends before its last row

STOPPED_BY_YOU: Final = "Stopped by you."
STOOD_STILL: Final = "Not sent: this computer was suspended before sending."
STILL_THROTTLED: Final = "The marketplace keeps asking us to slow down."
STAY_AWAY: Final = "The marketplace asks us to wait for {minutes:.0f} minutes or more."
SIGN_IN_REFUSED: Final = "The marketplace keeps refusing our sign-in (HTTP 401)."
EQUAL_FAILURES: Final = "{number} identical failures in a row: {failure}"
NO_USEFUL_ANSWER: Final = "The marketplace gave no useful answer for {duration}. {reason}"
NOT_READABLE: Final = "The marketplace's list of orders cannot be read."
FIRST_UNCLEAR: Final = "None of the first orders got a clear answer."
LEFT_UNSENT_ONE: Final = (
    "{number} order was not sent: it waits for a row in doubt or for a new Microsoft tenant, "
    "or another run took it up."
)
LEFT_UNSENT_MANY: Final = (
    "{number} orders were not sent: they wait for a row in doubt or for a new Microsoft tenant, "
    "or another run took them up."
)

# What is waited for, after "Waiting for "

MARKETPLACE_TO_ANSWER: Final = "the marketplace to answer; nothing is sent meanwhile"
ANSWER_TO_ORDERS: Final = "the answers to orders that were sent"
PAUSE_ASKED_FOR: Final = "the end of the pause that the marketplace asked for"
ORDERS_IN_DOUBT: Final = "orders in doubt to show up on the marketplace"
MORE_READINGS: Final = "enough readings of the marketplace to decide on rows in doubt"
FIRST_ORDER: Final = "the first order to show up on the marketplace"
NEW_TENANTS: Final = "new Microsoft tenants to be set up; their other orders follow"
COMPARISON: Final = "the comparison with the marketplace's orders"
NEXT_TRY: Final = "the next attempt to read from the marketplace"
ORDERS_TO_COMPLETE: Final = "the marketplace to say what became of the orders"
ORDER_TO_COMPLETE_ONE: Final = "{number} order to be completed"
ORDERS_TO_COMPLETE_MANY: Final = "{number} orders to be completed"
SUBSCRIPTION_ONE: Final = "the subscription of {number} completed order"
SUBSCRIPTIONS_MANY: Final = "the subscriptions of {number} completed orders"
FOR_CUSTOMER_ONE: Final = "{orders}; {number} of them needs its customer's acceptance"
FOR_CUSTOMERS_MANY: Final = "{orders}; {number} of them need their customers' acceptance"
SLOW: Final = "{orders}; {number} longer than usual"
PRICES_ONE: Final = "the price of {number} order"
PRICES_MANY: Final = "the prices of {number} orders"

# Reading the first order back

NOT_READ_BACK: Final = "Order {order} was accepted but cannot be read back yet."
PO_NUMBER_CHANGED: Final = 'The marketplace changed our PO number "{sent}" to "{came_back}".'
PO_NUMBER_LOST: Final = "The marketplace keeps no PO number, whichever spelling is used."
NO_LOOKING_UP: Final = (
    "{what} Lost answers could not be looked up. To go on anyway, set allow_unmarked = true in the profile."
)
OTHER_SPELLING: Final = 'Order {order} came back without its PO number: this account does not read "{tried}". The next order uses "{other}".'

# What the account holds before anything is sent

STOPPED_LOOKING: Final = "Stopped while waiting for orders of another ledger; nothing was sent."
STOPPED_LOOKING_FIX: Final = (
    "Run again and let it wait; or add --new-ledger if no other ledger was ever used for this account."
)
STOPPED_READING: Final = "Stopped before the account was read; nothing was sent."
NEW_LEDGER: Final = (
    "This ledger was never used with this account: what another ledger sent may still be on its way."
)
COPIED_LEDGER: Final = "This ledger was copied or restored: what its other copy sent may still be on its way."
ANOTHER_LEDGER: Final = "Another ledger is used for this account: what it sent may still be on its way."
CANNOT_READ: Final = "The account's orders so far cannot be read: {reason}"
CANNOT_READ_FIX: Final = "Nothing was sent; run again later."
LIST_INCOMPLETE: Final = "the marketplace's list of orders is not complete."
RECOGNISED: Final = "recognised as {order}"

# The audit

NOT_LISTED_YET_ONE: Final = "{number} order that was accepted is not on the marketplace's list yet."
NOT_LISTED_YET_MANY: Final = "{number} orders that were accepted are not on the marketplace's list yet."
