"""The columns of the sheets that `customers pull` and `catalog pull` fill, and of what two catalogues are compared to.

Where the sheets Customers and Products have the same column, its header is the same, so that cells can be copied there.
"""

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
)
from bulk_orders.core.columns.shapes import Kind

CUSTOMER_COLUMNS: Final = (
    CUSTOMER_ID,
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
    READ_AT,
)

CATALOG_COLUMNS: Final = (
    MPN,
    PRODUCT_NAME,
    VENDOR,
    COMMITMENT,
    BILLING,
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
    CURRENCY,
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
    READ_AT,
)

PRICE_CHANGE_COLUMNS: Final = (
    ListedColumn(
        name="move",
        header="Change",
        help="Whether the price rises or falls, or the product is new or gone.",
        width=11,
    ),
    MPN,
    PRODUCT_NAME,
    VENDOR,
    COMMITMENT,
    BILLING,
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
    CURRENCY,
)

RENEWAL_COLUMNS: Final = (
    SUBSCRIPTION_ID,
    CUSTOMER_NAME,
    PRODUCT_NAME,
    RENEWAL_DATE,
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
    CURRENCY,
    COMMITMENT,
    BILLING,
    CUSTOMER_ID,
    MPN,
)
