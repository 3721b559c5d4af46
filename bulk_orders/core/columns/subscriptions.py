"""The columns of the sheet Subscriptions, which a pull fills: what is, and the three in which people write what shall be.

They are a table of their own: nothing of them goes into an order's body by itself. A difference becomes a `WantedChange`.
"""

from collections.abc import Mapping
from typing import Final

from bulk_orders.core.columns.listed import ListedColumn
from bulk_orders.core.columns.shapes import NO_SPELLINGS, YES_SPELLINGS, Kind

SEATS_AFTER: Final = "seats_after"
AUTO_RENEW_AFTER: Final = "auto_renew_after"
WHEN: Final = "when"

YES: Final = "Yes"
NO: Final = "No"
AT_RENEWAL: Final = "At renewal"
NOW: Final = "Now"
"""Labels of the drop-downs."""

SPELLINGS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    AUTO_RENEW_AFTER: {YES: ("yes", "on", *YES_SPELLINGS), NO: ("no", "off", *NO_SPELLINGS)},
    WHEN: {AT_RENEWAL: ("at renewal", "renewal"), NOW: ("now", "at once")},
}
"""What is read as each entry, without case."""


SUBSCRIPTION_COLUMNS: Final = (
    ListedColumn(
        name="subscription_id",
        header="Subscription ID",
        help="The marketplace's number of the subscription. With the MPN it says which row this is.",
        width=15,
        kind=Kind.DIGITS,
    ),
    ListedColumn(name="customer_name", header="Customer", help="The company's name.", width=28),
    ListedColumn(name="product_name", header="Product", help="The product's name.", width=36),
    ListedColumn(
        name="renewal_date",
        header="Renewal date",
        help="The day on which the next term begins, or on which the subscription ends where Auto-renew is No.",
        width=13,
        kind=Kind.DATE,
    ),
    ListedColumn(
        name="seats",
        header="Seats",
        help="How many seats the subscription had when it was pulled.",
        width=8,
        kind=Kind.WHOLE_NUMBER,
    ),
    ListedColumn(
        name=SEATS_AFTER,
        header="Seats after",
        help="How many seats there shall be: the new total. Blank leaves them as they are.",
        width=11,
        kind=Kind.WHOLE_NUMBER,
        is_wanted=True,
    ),
    ListedColumn(
        name="auto_renew",
        header="Auto-renew",
        help="Whether the subscription is renewed by itself.",
        width=11,
        kind=Kind.CHOICE,
    ),
    ListedColumn(
        name=AUTO_RENEW_AFTER,
        header="Auto-renew after",
        help="Yes or No, as it shall be. No ends the subscription on its renewal date. Blank leaves it as it is.",
        width=12,
        kind=Kind.CHOICE,
        is_wanted=True,
    ),
    ListedColumn(
        name=WHEN,
        header="When",
        help="When the seats change: At renewal or Now. Blank means at renewal.",
        width=12,
        kind=Kind.CHOICE,
        is_wanted=True,
    ),
    ListedColumn(
        name="change",
        header="Change",
        help="What is now, and what shall be. Excel fills it.",
        width=30,
        kind=Kind.FORMULA,
    ),
    ListedColumn(
        name="difference",
        header="Difference",
        help="Seats after less Seats. Excel fills it.",
        width=11,
        kind=Kind.FORMULA,
    ),
    ListedColumn(
        name="cost_difference",
        header="Cost difference",
        help="Difference × Unit price, for each billing period. Prices at renewal may be others. Excel fills it.",
        width=13,
        kind=Kind.FORMULA,
    ),
    ListedColumn(
        name="unit_price",
        header="Unit price",
        help="What a seat costs in each billing period, as the marketplace bills it now.",
        width=11,
        kind=Kind.AMOUNT,
    ),
    ListedColumn(name="currency", header="Currency", help="Of the prices.", width=10),
    ListedColumn(
        name="commitment", header="Commitment", help="How long a term lasts.", width=13, kind=Kind.CHOICE
    ),
    ListedColumn(
        name="billing", header="Billing", help="How often it is billed.", width=16, kind=Kind.CHOICE
    ),
    ListedColumn(
        name="cancel_before",
        header="Cancel before",
        help=(
            "The first day on which it can no longer be cancelled, nor its seats be cut before the renewal: "
            "Microsoft's window of 7 days. Blank where it is over."
        ),
        width=14,
        kind=Kind.DATE,
    ),
    ListedColumn(
        name="status",
        header="Status",
        help="The marketplace's word. Only an active subscription can be changed.",
        width=10,
    ),
    ListedColumn(
        name="under_way",
        header="Under way",
        help="Orders about this subscription that are not carried out yet. A change now deletes what is scheduled.",
        width=30,
    ),
    ListedColumn(
        name="customer_id",
        header="Customer ID",
        help="The marketplace's number of the customer.",
        width=14,
        kind=Kind.DIGITS,
    ),
    ListedColumn(name="mpn", header="Product (MPN)", help="The manufacturer's part number.", width=20),
    ListedColumn(name="vendor", header="Vendor", help="Who makes the product.", width=12),
    ListedColumn(
        name="read_at",
        header="Pulled at (UTC)",
        help="When the marketplace was asked.",
        width=17,
    ),
)

COLUMN_OF: Final = {entry.name: entry for entry in SUBSCRIPTION_COLUMNS}
KEY: Final = ("subscription_id", "mpn")
"""By these two a row is the same row in every pull."""
