"""Words about control totals: how a figure is written, what is expected, and that they agree."""

from typing import Final

FIGURE: Final = {"orders": "{figure} orders", "licences": "{figure} licences", "amount": "{what} {figure}"}
AND: Final = ", "
A_NUMBER: Final = "a whole number"
AN_AMOUNT: Final = "an amount such as USD 16205.00"
A_LABEL: Final = "Orders, Licences or Amount"

AGREE: Final = "  ✔ Control totals agree: {totals}"
AMOUNT_NOT_COMPARED: Final = "  Control total {amount}: --estimate compares it with the marketplace's prices."

# Instead of a number that a person types

NONE_STATED: Final = "The workbook states no control total of orders, and nobody is there to type the number."
NONE_STATED_FIX: Final = "Fill the cell Orders under Control totals on the sheet Start here, or write a file NAME.ctl beside it with orders = N."
NO_PRICE_ONE: Final = (
    "The marketplace gives no price for {number} order, so the stated amount cannot be compared."
)
NO_PRICE_MANY: Final = (
    "The marketplace gives no price for {number} orders, so the stated amount cannot be compared."
)
NO_PRICE_FIX: Final = (
    "Run `bulk-orders check --online`, which names the rows that the marketplace would refuse."
)
