"""The sheet Products: headers, the help on each, and the words of its lists."""

from typing import Final

MPN: Final = "Product (MPN)"
MPN_HELP: Final = "The product's part number from the product catalogue, with its colon."
PRODUCT_NAME: Final = "Product name"
PRODUCT_NAME_HELP: Final = (
    "The product's name in the catalogue; it is shown beside the MPN on the sheet Orders."
)
COMMITMENTS_OFFERED: Final = "Commitments offered"
COMMITMENTS_OFFERED_HELP: Final = (
    "The commitments this product is sold with, separated by semicolons. Blank means not known."
)
BILLING_OFFERED: Final = "Billing offered"
BILLING_OFFERED_HELP: Final = (
    "The ways this product is billed, separated by semicolons. Blank means not known."
)
QUANTITY_MIN: Final = "Min"
QUANTITY_MIN_HELP: Final = "The smallest quantity that can be ordered. Blank means 1."
QUANTITY_MAX: Final = "Max"
QUANTITY_MAX_HELP: Final = "The largest quantity that can be ordered. Blank means not known."
UNIT_PRICE: Final = "Unit price"
UNIT_PRICE_HELP: Final = (
    "The price of one licence for one billing period; used for totals only and never sent."
)
CURRENCY: Final = "Currency"
CURRENCY_HELP: Final = "The price's currency, as three letters."
OFFER_ATTESTATION_REQUIRED: Final = "Offer attestation must be Yes"
OFFER_ATTESTATION_REQUIRED_HELP: Final = "Yes for products that need the offer attestation: Windows 365 Business with Hybrid Benefit. Blank means No."
YES: Final = "Yes"
NO: Final = "No"
REFRESHED_ON: Final = "Refreshed on"
REFRESHED_ON_HELP: Final = "The day this row was last taken from the catalogue."
