"""The columns of the sheet Subscriptions, which a pull fills: what is, and the three in which people write what shall be.

They are a table of their own: nothing of them goes into an order's body by itself. A difference becomes a `WantedChange`, and that an order.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from bulk_orders.core.columns.listed import (
    BILLING,
    COMMITMENT,
    CURRENCY,
    CUSTOMER_ID,
    CUSTOMER_NAME,
    MPN,
    PRODUCT_NAME,
    READ_AT,
    RENEWAL_DATE,
    SUBSCRIPTION_ID,
    VENDOR,
    ListedColumn,
    by_spelling,
)
from bulk_orders.core.columns.shapes import NO_SPELLINGS, YES_SPELLINGS, Kind
from bulk_orders.core.columns.table import folded

SEATS_AFTER: Final = "seats_after"
AUTO_RENEW_AFTER: Final = "auto_renew_after"
WHEN: Final = "when"
CHECK: Final = "check"
"""The column that a check adds, which says how each row stands."""

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
    SUBSCRIPTION_ID,
    CUSTOMER_NAME,
    PRODUCT_NAME,
    RENEWAL_DATE,
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
    CURRENCY,
    COMMITMENT,
    BILLING,
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
    CUSTOMER_ID,
    MPN,
    VENDOR,
    READ_AT,
)

COLUMN_OF: Final = {entry.name: entry for entry in SUBSCRIPTION_COLUMNS}
WISHES: Final = tuple(entry.name for entry in SUBSCRIPTION_COLUMNS if entry.is_wanted)
"""What people write."""
KEY: Final = ("subscription_id", "mpn")
"""By these two a row is the same row in every pull."""
TELLING: Final = frozenset({"subscription_id", SEATS_AFTER, AUTO_RENEW_AFTER})
"""A row with all of these headers is the header of a sheet that a pull made: results of orders have a Subscription ID, too."""
NAME_OF: Final[Mapping[str, str]] = {
    spelling: entry.name for spelling, entry in by_spelling(SUBSCRIPTION_COLUMNS).items()
}
"""Names of the columns by their headers as `folded`."""
_FEWEST: Final = 3


def is_header(texts: Iterable[str]) -> bool:
    """Tell whether a row of headers is one of wishes, also where people deleted columns.

    As orders such a sheet would buy all seats that there are: Seats is another word for Quantity.
    """
    names = {NAME_OF[header] for text in texts if (header := folded(text)) in NAME_OF}
    return bool(names & {SEATS_AFTER, AUTO_RENEW_AFTER}) and len(names) >= _FEWEST
