"""Headers of the columns that a results workbook adds to the right of the orders."""

from typing import Final

OUTCOME: Final = "Outcome"
MESSAGE: Final = "Message"
HOW_TO_FIX: Final = "How to fix"
ORDER_NUMBER: Final = "Order number"
ORDER_ID: Final = "Order ID"
SUBSCRIPTION_ID: Final = "Subscription ID"
PLATFORM_STATUS: Final = "Marketplace status"
AMOUNT: Final = "Amount"
CURRENCY: Final = "Currency"
PO_SENT: Final = "PO sent"
ORDERED_AT: Final = "Ordered at (UTC)"
CANCEL_BEFORE: Final = "Cancel before (UTC)"
ATTEMPTS: Final = "Attempts"
SUPPORT_REFERENCE: Final = "Support reference"
