"""What is said to a program that uses the package as a library."""

from typing import Final

NEVER_BY_ITSELF: Final = "A live run is never confirmed by itself."
NEVER_BY_ITSELF_FIX: Final = (
    "Pass confirm: the number of orders, or a function that is given the proposal and returns it."
)
ASK_WHOM: Final = "The marketplace cannot be asked without a profile and a home."
ASK_WHOM_FIX: Final = "Pass profile and home as for run, or leave out ask."
NO_NUMBER: Final = "The number of orders to send is a {kind}, not a whole number."
NO_NUMBER_FIX: Final = "Return proposal.orders to send them all, or 0 to send none."
OTHER_NUMBER: Final = "{orders} would be sent, but the number confirmed is {said}."
OTHER_NUMBER_FIX: Final = "Look at the proposal, then confirm {orders}."
ORDERS_ONE: Final = "{number} order"
ORDERS_MANY: Final = "{number:,} orders"
NO_RUN: Final = "There is no run {run_id} in {home}."
NO_RUN_FIX: Final = "Pass the home and the profile that the run had."
