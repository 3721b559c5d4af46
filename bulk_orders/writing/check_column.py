"""What the column Check says about a row: worked out by Excel in the template, written by us in checked workbooks.

Formulas hold these texts, so none has quotation marks or braces but those of its placeholders.
"""

from typing import Final

READY: Final = "✔ Ready"
TO_FIX: Final = "✖ To fix"
SKIPPED: Final = "– Skipped"
ORDERED: Final = "↺ Ordered before"
HIDDEN: Final = "– Hidden, not sent"
NOTHING_TO_FIX: Final = "– Nothing to fix"
NO_ORDER_YET: Final = "○ No order yet"

TO_FIX_LISTED: Final = "✖ {number} to fix: {headers}"
"""The number before the headers, as the formula has them."""
CUSTOMER_TO_FIX: Final = "Customer to fix"
TO_FIX_COUNTED: Final = "✖ {number} to fix"
WARNINGS_ONE: Final = "⚠ {number} warning"
WARNINGS_MANY: Final = "⚠ {number} warnings"
GO_TO_FIRST_PROBLEM: Final = "Go to the first problem of this row"

NOT_ON_CUSTOMERS: Final = "not on Customers"
NOT_ON_PRODUCTS: Final = "not on Products"

# After a number, above the rows of the template

READY_IN_ALL: Final = "ready"
TO_FIX_IN_ALL: Final = "to fix"
SKIPPED_IN_ALL: Final = "skipped"
UNCHECKED_IN_ALL: Final = "below the prepared rows, without a check"

# Below the title of the template's sheet Orders

ORDERS_LEGEND: Final = (
    "One row is one order. Dark blue * = required · yellow = required in some cases · light blue = optional. "
    "Red cell = to fix, grey cell = not needed. Leave Action blank to buy."
)
CHECK_IN_RESULTS: Final = "Check, and its counts above, say only whether a row is well filled in. What became of it is under Outcome."
"""Instead, in results: Excel still works out the column, and a row that the marketplace refused may well be ready."""
