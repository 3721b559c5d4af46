"""The columns of the sheets that `customers pull` and `catalog pull` fill, and of what two catalogues are compared to.

Where the sheets Customers and Products have the same column, its header is the same, so that cells can be copied there.
"""

from typing import Final

from bulk_orders.core.columns.listed import ListedColumn
from bulk_orders.core.columns.shapes import Kind

_READ_AT: Final = ListedColumn(
    name="read_at", header="Pulled at (UTC)", help="When the marketplace was asked.", width=17
)
_CURRENCY: Final = ListedColumn(name="currency", header="Currency", help="Of the prices.", width=10)
_MPN: Final = ListedColumn(
    name="mpn", header="Product (MPN)", help="The manufacturer's part number.", width=20
)
_PRODUCT: Final = ListedColumn(
    name="product_name", header="Product name", help="The product's name.", width=40
)
_VENDOR: Final = ListedColumn(name="vendor", header="Vendor", help="Who makes the product.", width=13)
_COMMITMENT: Final = ListedColumn(
    name="commitment", header="Commitment", help="How long a term lasts.", width=13
)
_BILLING: Final = ListedColumn(name="billing", header="Billing", help="How often it is billed.", width=16)

CUSTOMER_COLUMNS: Final = (
    ListedColumn(
        name="customer_id",
        header="Customer ID",
        help="The marketplace's number of the customer.",
        width=14,
        kind=Kind.DIGITS,
    ),
    ListedColumn(name="company_name", header="Company name", help="The company's name.", width=32),
    ListedColumn(
        name="status",
        header="Status",
        help="The marketplace's word. Only a customer that is active can order.",
        width=11,
    ),
    ListedColumn(
        name="external_id", header="External ID", help="The customer's number in your own system.", width=18
    ),
    ListedColumn(name="address", header="Address", help="Street and number.", width=28),
    ListedColumn(name="city", header="City", help="The city.", width=18),
    ListedColumn(name="state", header="State / province", help="Where the country has them.", width=16),
    ListedColumn(name="postal_code", header="Postal code", help="As text, with its zeros.", width=12),
    ListedColumn(name="country", header="Country", help="Two letters.", width=9),
    ListedColumn(name="contact", header="Contact", help="The first contact's name.", width=22),
    ListedColumn(name="email", header="Customer e-mail", help="The first contact's address.", width=32),
    ListedColumn(name="phone", header="Phone", help="The first contact's number.", width=18),
    ListedColumn(name="tax_number", header="Tax number", help="The tax registration number.", width=16),
    _READ_AT,
)

CATALOG_COLUMNS: Final = (
    _MPN,
    _PRODUCT,
    _VENDOR,
    _COMMITMENT,
    _BILLING,
    ListedColumn(
        name="unit_price",
        header="Unit price",
        help="What a seat costs in each billing period.",
        width=12,
        kind=Kind.AMOUNT,
    ),
    ListedColumn(
        name="unit_cost",
        header="Unit cost",
        help="What a seat costs you in each billing period.",
        width=12,
        kind=Kind.AMOUNT,
    ),
    _CURRENCY,
    ListedColumn(
        name="quantity_min", header="Min", help="The smallest quantity.", width=8, kind=Kind.WHOLE_NUMBER
    ),
    ListedColumn(
        name="quantity_max", header="Max", help="The largest quantity.", width=8, kind=Kind.WHOLE_NUMBER
    ),
    ListedColumn(
        name="depends_on",
        header="Brings along",
        help="Products that the marketplace adds to an order where they are not there yet.",
        width=20,
    ),
    ListedColumn(
        name="product_id", header="Product ID", help="The marketplace's number of the entry.", width=14
    ),
    _READ_AT,
)

PRICE_CHANGE_COLUMNS: Final = (
    ListedColumn(
        name="move",
        header="Change",
        help="Whether the price rises or falls, or the product is new or gone.",
        width=11,
    ),
    _MPN,
    _PRODUCT,
    _VENDOR,
    _COMMITMENT,
    _BILLING,
    ListedColumn(
        name="price_before",
        header="Price before",
        help="The unit price in the earlier pull.",
        width=13,
        kind=Kind.AMOUNT,
    ),
    ListedColumn(
        name="price_after",
        header="Price after",
        help="The unit price in the later pull.",
        width=13,
        kind=Kind.AMOUNT,
    ),
    ListedColumn(
        name="price_difference",
        header="Price difference",
        help="After less before.",
        width=13,
        kind=Kind.AMOUNT,
    ),
    ListedColumn(
        name="cost_before",
        header="Cost before",
        help="Your cost in the earlier pull.",
        width=13,
        kind=Kind.AMOUNT,
    ),
    ListedColumn(
        name="cost_after",
        header="Cost after",
        help="Your cost in the later pull.",
        width=13,
        kind=Kind.AMOUNT,
    ),
    _CURRENCY,
)

RENEWAL_COLUMNS: Final = (
    ListedColumn(
        name="subscription_id",
        header="Subscription ID",
        help="The marketplace's number of the subscription.",
        width=15,
        kind=Kind.DIGITS,
    ),
    ListedColumn(name="customer_name", header="Customer", help="The company's name.", width=28),
    _PRODUCT,
    ListedColumn(
        name="renewal_date",
        header="Renewal date",
        help="The day on which the next term begins.",
        width=13,
        kind=Kind.DATE,
    ),
    ListedColumn(
        name="seats",
        header="Seats",
        help="As they are, or as they are wished at renewal.",
        width=8,
        kind=Kind.WHOLE_NUMBER,
    ),
    ListedColumn(
        name="move",
        header="Change",
        help="Whether the renewal costs more or less, or the product is no longer sold like this.",
        width=11,
    ),
    ListedColumn(
        name="price_before",
        header="Price now",
        help="What a seat is billed at in the present term.",
        width=12,
        kind=Kind.AMOUNT,
    ),
    ListedColumn(
        name="price_after",
        header="Price then",
        help="What the later catalogue says.",
        width=12,
        kind=Kind.AMOUNT,
    ),
    ListedColumn(
        name="bill_difference",
        header="Bill difference",
        help="Price then less Price now, times the seats, for each billing period.",
        width=14,
        kind=Kind.AMOUNT,
    ),
    _CURRENCY,
    _COMMITMENT,
    _BILLING,
    ListedColumn(
        name="customer_id",
        header="Customer ID",
        help="The marketplace's number of the customer.",
        width=14,
        kind=Kind.DIGITS,
    ),
    _MPN,
)
