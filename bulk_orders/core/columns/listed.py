"""What can be said about a column of a sheet that a pull fills: subscriptions, customers, the catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bulk_orders.core.columns.shapes import Kind
from bulk_orders.core.columns.table import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedColumn:
    """One column of such a sheet."""

    name: str
    header: str
    help: str
    """What it is; shown as the note of the header."""
    width: int
    kind: Kind = Kind.TEXT
    is_wanted: bool = False
    """Whether people fill it; what they wrote is kept when the sheet is pulled again."""


def by_spelling(columns: Iterable[ListedColumn]) -> Mapping[str, ListedColumn]:
    """Return the columns by what is compared of a header: its words, or the column's name."""
    return {folded(spelling): entry for entry in columns for spelling in (entry.header, entry.name)}


SUBSCRIPTION_ID: Final = ListedColumn(
    name="subscription_id",
    header="Subscription ID",
    help="The marketplace's number of the subscription. With the MPN it says which row this is.",
    width=15,
    kind=Kind.DIGITS,
)
CUSTOMER_ID: Final = ListedColumn(
    name="customer_id",
    header="Customer ID",
    help="The marketplace's number of the customer.",
    width=14,
    kind=Kind.DIGITS,
)
CUSTOMER_NAME: Final = ListedColumn(
    name="customer_name", header="Customer", help="The company's name.", width=28
)
PRODUCT_NAME: Final = ListedColumn(
    name="product_name", header="Product name", help="The product's name.", width=38
)
MPN: Final = ListedColumn(
    name="mpn", header="Product (MPN)", help="The manufacturer's part number.", width=20
)
VENDOR: Final = ListedColumn(name="vendor", header="Vendor", help="Who makes the product.", width=13)
COMMITMENT: Final = ListedColumn(
    name="commitment", header="Commitment", help="How long a term lasts.", width=13
)
BILLING: Final = ListedColumn(name="billing", header="Billing", help="How often it is billed.", width=16)
CURRENCY: Final = ListedColumn(name="currency", header="Currency", help="Of the prices.", width=10)
RENEWAL_DATE: Final = ListedColumn(
    name="renewal_date",
    header="Renewal date",
    help="The day on which the next term begins, or on which the subscription ends where Auto-renew is No.",
    width=13,
    kind=Kind.DATE,
)
READ_AT: Final = ListedColumn(
    name="read_at", header="Pulled at (UTC)", help="When the marketplace was asked.", width=17
)
