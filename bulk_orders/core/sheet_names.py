"""The names of our sheets in templates, checked and results workbooks."""

from typing import Final

ORDERS: Final = "Orders"
CUSTOMERS: Final = "Customers"
PRODUCTS: Final = "Products"
SUBSCRIPTIONS: Final = "Subscriptions"
CATALOG: Final = "Catalog"
PRICE_CHANGES: Final = "Price changes"
RENEWALS: Final = "Renewals"
START_HERE: Final = "Start here"
EXAMPLES: Final = "Examples"
LISTS: Final = "Lists"
PROBLEMS: Final = "Problems"
SUMMARY: Final = "Summary"
ATTEMPTS: Final = "Attempts"
RUN_INFO: Final = "Run info"

NAMELESS: Final = "Sheet"
"""Takes the place of a name that has no character a sheet's name may have."""
HISTORY: Final = "History sheet"
"""Takes the place of `History`, which Excel keeps for itself."""

PLAN: Final = "Plan"
PLAN_CUSTOMERS: Final = "By customer"
PLAN_ORDERS: Final = "Planned orders"
