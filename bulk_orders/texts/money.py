"""What orders would cost, as a table and in sentences."""

from typing import Final

AMOUNT: Final = "{currency} {amount:,.2f}"
PRODUCT: Final = "Product"
CUSTOMER: Final = "Customer"
ORDERS: Final = "Orders"
LICENCES: Final = "Licences"
FIRST_BILL: Final = "First bill"
COMMITTED: Final = "Committed"
ALL: Final = "All"
MORE_CUSTOMERS_ONE: Final = "  … and {number} more customer; `--json` has them all."
MORE_CUSTOMERS_MANY: Final = "  … and {number} more customers; `--json` has them all."
MONTHLY: Final = "  Billed monthly: {first} at first, {committed} committed."
UPFRONT: Final = "  Billed upfront: {first}, {committed} committed."
LARGEST: Final = "  Largest order: {place}, {first} at first, {committed} committed."
NEW_TENANTS_ONE: Final = "  {number} new Microsoft tenant would be created."
NEW_TENANTS_MANY: Final = "  {number} new Microsoft tenants would be created."
UNPRICED_ONE: Final = "  {number} order has no price."
UNPRICED_MANY: Final = "  {number} orders have no price."

# Limits

NOT_KEPT: Final = "  ✖ {reason}"
MORE_LIMITS_ONE: Final = "  … and {number} more limit that is not kept; `--json` has them all."
MORE_LIMITS_MANY: Final = "  … and {number} more limits that are not kept; `--json` has them all."
OVER_IN_ALL: Final = "The orders cost {amount} at first, more than the {limit:,.2f} of --max-amount."
OVER_PER_CUSTOMER: Final = "The orders for customer {customer_id} cost {amount} at first, more than the {limit:,.2f} of --max-per-customer."
OVER_OF_A_ROW: Final = "Row {row} costs {amount} at first, more than the {limit:,.2f} that it may cost."
OVER_OF_A_ROW_FIX: Final = "Correct the row, or its limit, in the workbook; nothing was sent."
OVER_FIX: Final = "Raise the limit, or send some of them with --first N."
NO_PRICE_ONE: Final = "{number} order has no price, so no limit can be kept to."
NO_PRICE_MANY: Final = "{number} orders have no price, so no limit can be kept to."
