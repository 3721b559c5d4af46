"""Orders, customers and products that the template takes, and other ways to write them."""

from bulk_orders.core.model import SheetRole

Values = dict[str, str]
OWN_DOMAIN = "partner.example.com"
FIRST_CUSTOMER = 1_000_200_000

PRODUCTS: list[Values] = [
    {
        "mpn": "CFQ7TTC0LH18:0001",
        "product_name": "Microsoft 365 Business Basic",
        "commitments_offered": "1 year; 1 month",
        "billing_offered": "Monthly; Yearly, upfront",
        "quantity_min": "1",
        "quantity_max": "300",
    },
    {"mpn": "CFQ7TTC0LH16:0001", "product_name": "Exchange Online (Plan 1)", "quantity_max": "many"},
    {
        "mpn": "CFQ7TTC0HX99:0001",
        "product_name": "Windows 365 Business",
        "commitments_offered": "P1M;annual",
        "quantity_min": "2",
        "offer_attestation_required": "yes",
    },
    {"mpn": " CFQ7TTC0LFLX:0001 ", "commitments_offered": "1 year; forever", "billing_offered": "Monthly"},
]

ORDER: Values = {
    "mpn": "CFQ7TTC0LH18:0001",
    "quantity": "5",
    "commitment": "1 year",
    "billing": "Monthly",
    "offer_attestation": "No",
}
ON_FILE: Values = {
    "company_name": "Amber Bay Shop",
    "tenant": "Existing tenant",
    "domain": "ambershop.example.com",
    "partner_attestation": "Yes",
    "mca_accepted": "Already on file",
}
STATED: Values = {
    **ON_FILE,
    "mca_accepted": "Yes",
    "agreement_date": "2022-04-09",
    "agreement_first_name": "Robin",
    "agreement_last_name": "Sample",
}
DETAILED: Values = {
    **STATED,
    "agreement_email": "robin.sample@shop.example.com",
    "send_company_details": "Yes",
    "address": "1 Migration Way",
    "city": "Columbus",
    "state": "OH",
    "postal_code": "43004",
    "country": "US – United States",
    "phone": "(614) 555-0100",
    "customer_email": "office@shop.example.com",
}
CANADIAN: Values = {**DETAILED, "country": "ca", "state": "qc", "postal_code": "K1A 0B1"}
NAMIBIAN: Values = {**DETAILED, "country": "NA", "state": "", "postal_code": "10001-9"}
NEW: Values = {**STATED, "tenant": "New tenant"}

TENANT_ID = "a94c2acd-f6e7-4ff5-bd6c-7d03fa8aa02c"
KNOWN: Values = {**ON_FILE, "tenant_id": TENANT_ID}
BARE: Values = {
    "company_name": "Amber Bay Shop",
    "tenant": "",
    "partner_attestation": "No",
    "domain": "nowhere",
}
"""A customer that nothing can be bought for; what it has can be changed."""

GOOD_CUSTOMERS = (
    ON_FILE,
    {**ON_FILE, "mca_accepted": ""},
    STATED,
    NEW,
    DETAILED,
    {**DETAILED, "tenant": "new"},
    CANADIAN,
    NAMIBIAN,
)

# Other ways to write something good; what stands for a column is put in its place.
GOOD_WAYS: tuple[tuple[SheetRole, Values], ...] = (
    *(
        (SheetRole.ORDERS, changes)
        for changes in (
            {"commitment": "P1Y"},
            {"commitment": "  1   YEAR "},
            {"commitment": "1 month", "billing": "month"},
            {"commitment": "1\u00a0year", "billing": "YEARLY, upfront"},
            {"billing": "Yearly, upfront"},
            {"mpn": "CFQ7TTC0LH16:0001", "commitment": "3 years", "billing": "3 years, upfront"},
            {"mpn": "CFQ7TTC0LH16:0001", "quantity": "999999999"},
            {"mpn": "CFQ7TTC0HX99:0001", "offer_attestation": "true", "quantity": "2"},
            {"mpn": "CFQ7TTC0LFLX:0001", "commitment": "3 years", "quantity": "40000"},
            {"mpn": " CFQ7TTC0LH18:0001 "},
            {"mpn": "cfq7ttc0lh18:0001"},
            {"quantity": "300"},
            {"quantity": "007"},
            {"submit": "Yes"},
            {"submit": "send"},
            {"po_number": "PO-26 " * 6 + "1234"},
            {"po_number": "100-*?~"},
            {"vendor": "Microsoft Corporation"},
            {"vendor": " microsoft"},
            {"vendor": "Inkwell", "offer_attestation": ""},
            {"vendor": "Inkwell", "offer_attestation": "nonsense"},
            {"max_price": "151.20"},
            {"max_price": "1,512.00"},
            {"max_price": "0"},
            {"order_note": "=never\nread"},
            {"order_type": "new"},
            {"order_type": " Sale"},
            {"subscription": "not of a purchase", "microsoft_order": "x" * 200},
        )
    ),
    *(
        (SheetRole.CUSTOMERS, changes)
        for changes in (
            {"company_name": "27 Rings Jewelers"},
            {"company_name": "Bücher & Söhne"},
            {"company_name": "X1"},
            {"partner_attestation": "TRUE"},
            {"partner_attestation": "Y"},
            {"tenant": "existing", "domain": "Amber-Bay.CO.example"},
            {"tenant": " EXISTING TENANT"},
            {"special_qualifications": "soe"},
            {"special_qualifications": "None"},
            {"customer_note": "x" * 300},
            {"tenant": "Existing tenant", "tenant_id": TENANT_ID.upper()},
            {"tenant": "Existing tenant", "domain": "", "tenant_id": TENANT_ID},
            {"send_company_details": "No", "phone": "1", "customer_email": "nobody"},
        )
    ),
)
NOTHING_BOUGHT: Values = {"commitment": "", "billing": "", "offer_attestation": ""}
# What acts on a subscription: each row gets one of its own, and a customer that nothing can be bought for.
GOOD_ACTIONS: tuple[Values, ...] = (
    {"order_type": "Change seats now", **NOTHING_BOUGHT},
    {"order_type": " CHANGE  SEATS now", "commitment": "Anual", "billing": "weekly"},
    {"order_type": "change_at_renewal", "offer_attestation": "perhaps", "quantity": "300"},
    {"order_type": "Turn auto-renew on", "quantity": "0"},
    {"order_type": "Auto-renew off", **NOTHING_BOUGHT, "quantity": ""},
    {"order_type": "Cancel", **NOTHING_BOUGHT, "quantity": "all", "vendor": "Inkwell"},
    {
        "order_type": "cancellation",
        "microsoft_order": "PO\n7",
        "commitment": "1 month",
        "billing": "Yearly, upfront",
    },
)
IMPORT: Values = {
    "order_type": "Import existing",
    "microsoft_subscription": "3f2b8a1c-0000-4a6d-9a57-5d1c2e7f9b10",
    "microsoft_order": "a1b2c3d4e5f6",
}
GOOD_STATEMENTS: tuple[Values, ...] = (
    {"agreement_date": "04-19-2022"},
    {"agreement_date": "05-05-2022"},
    {"agreement_date": " 2000-01-01 "},
    {"agreement_date": "20220409"},
    {"agreement_first_name": "Test"},
    {"agreement_first_name": "Li"},
    {"agreement_last_name": "O'Neill-Ångström"},
    {"agreement_email": "j.o+b@a-b.co"},
    {"agreement_email": "a/b!c@1-2.x1.org"},
    {"agreement_email": "x" * 65 + "@b.com"},
    {"mca_accepted": "TRUE"},
)
GOOD_DETAILS: tuple[Values, ...] = (
    {"postal_code": "02134-1000"},
    {"postal_code": "2134"},
    {"country": "us", "state": "pr"},
    {"country": "US - home"},
    {"country": "CA — Canada", "state": "ON", "postal_code": "k1a0b1"},
    {"phone": "+1 (61) 5.5.5-0"},
    {"customer_email": "office@notmicrosoft.com"},
    {"customer_email": "office@unpartner.example.com"},
    {"send_company_details": "y"},
)
