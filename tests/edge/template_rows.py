"""Rows for the template, good ones and broken ones, made by a seeded generator."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

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
            {"quantity": "300"},
            {"quantity": "007"},
            {"submit": "Yes"},
            {"submit": "send"},
            {"po_number": "PO-26 " * 6 + "1234"},
            {"po_number": "100-*?~"},
            {"order_note": "=never\nread"},
        )
    ),
    *(
        (SheetRole.CUSTOMERS, changes)
        for changes in (
            {"company_name": "27 Rings Jewelers"},
            {"company_name": "Bücher & Söhne"},
            {"company_name": "X1"},
            {"partner_attestation": "TRUE"},
            {"tenant": "existing", "domain": "Amber-Bay.CO.example"},
            {"tenant": " EXISTING TENANT"},
            {"special_qualifications": "soe"},
            {"special_qualifications": "None"},
            {"customer_note": "x" * 300},
            {"send_company_details": "No", "phone": "1", "customer_email": "nobody"},
        )
    ),
)
GOOD_STATEMENTS: tuple[Values, ...] = (
    {"agreement_date": "04-19-2022"},
    {"agreement_date": "05-05-2022"},
    {"agreement_date": " 2000-01-01 "},
    {"agreement_first_name": "Test"},
    {"agreement_last_name": "O'Neill-Ångström"},
    {"agreement_email": "j.o+b@a-b.co"},
    {"agreement_email": "a/b!c@1-2.x1.org"},
    {"mca_accepted": "TRUE"},
)
GOOD_DETAILS: tuple[Values, ...] = (
    {"postal_code": "02134-1000"},
    {"postal_code": "2134"},
    {"country": "us", "state": "pr"},
    {"country": "US - home"},
    {"country": "CA — Canada", "state": "ON", "postal_code": "k1a0b1"},
    {"phone": "+1 (614) 5.5.5-01"},
    {"customer_email": "office@notmicrosoft.com"},
    {"customer_email": "office@unpartner.example.com"},
    {"send_company_details": "y"},
)

BROKEN_ORDERS: tuple[Values, ...] = (
    *(
        {name: ""}
        for name in ("mpn", "quantity", "commitment", "billing", "offer_attestation", "customer_id")
    ),
    {"quantity": "0"},
    {"quantity": "-3"},
    {"quantity": "1.5"},
    {"quantity": "5 seats"},
    {"quantity": "301"},
    {"quantity": "1" * 19},
    {"mpn": "CFQ7TTC0HX99:0001", "offer_attestation": "Yes", "quantity": "1"},
    {"mpn": "CFQ7TTC0LH16:0001", "quantity": "1000000000"},
    {"mpn": "cfq7ttc0lh18:0001"},
    {"mpn": "CFQ7TTC0LH*"},
    {"mpn": "ZZZ9XXX0YYYY:0007"},
    {"mpn": "=1+1"},
    {"commitment": "Anual"},
    {"commitment": "1*"},
    {"commitment": "3 years"},
    {"commitment": "1 month", "billing": "Yearly, upfront"},
    {"commitment": "1 year", "billing": "3 years, upfront"},
    {"billing": "weekly"},
    {"mpn": "CFQ7TTC0LFLX:0001", "billing": "Yearly, upfront"},
    {"mpn": "CFQ7TTC0HX99:0001", "offer_attestation": "Yes", "quantity": "3", "commitment": "3 years"},
    {"mpn": "CFQ7TTC0HX99:0001", "offer_attestation": "No", "quantity": "3"},
    {"offer_attestation": "perhaps"},
    {"submit": "maybe"},
    {"po_number": "PO-" + "1234567890" * 4},
    {"po_number": "PO\n7"},
    {"po_number": "=7"},
    {"reference": "R" * 41},
    {"reference": "=R"},
    {"reference": " example-2"},
    {"customer_id": "4000"},
    {"customer_id": "C-1000105570"},
    {"customer_id": "*"},
)
BROKEN_CUSTOMERS: tuple[Values, ...] = (
    *({name: ""} for name in ("company_name", "tenant", "domain", "partner_attestation")),
    *(
        {"company_name": name}
        for name in ("Inc.", "P.T.Y. Ltd", "Sdn. Bhd", "x", "aaa", "A  a", "- & -", "A B C", "N/A", "tbd")
    ),
    {"company_name": "Amber\nBay"},
    {"company_name": "x y" * 100},
    {"tenant": "Tenant"},
    {"partner_attestation": "No"},
    {"partner_attestation": "Y"},
    {"mca_accepted": "No"},
    {"mca_accepted": "yes please"},
    {"tenant": "New tenant", "mca_accepted": "Already on file"},
    {"tenant": "New tenant", "mca_accepted": ""},
    {"special_qualifications": "some"},
    {"send_company_details": "some"},
    *(
        {"tenant": "Existing tenant", "domain": domain}
        for domain in (
            "acme",
            "acme..com",
            ".acme.com",
            "acme.com.",
            "-acme.com",
            "acme-.com",
            "acme.-x.com",
            "acme.c",
            "acme.1c",
            "a b.com",
            "http://acme.com",
            "j@acme.com",
            "ac_me.com",
            "äcme.com",
            "x" * 250 + ".com",
        )
    ),
    {"domain": "xxxxxxx.onmicrosoft.com"},
)
BROKEN_NEW: tuple[Values, ...] = tuple(
    {"domain": domain}
    for domain in (
        "acme",
        "acme.com",
        "ac-me.onmicrosoft.com",
        "a.b.onmicrosoft.com",
        ".onmicrosoft.com",
        "XXXXXXX.onmicrosoft.com",
        "acme.onmicrosoft.com.org",
        "äb.onmicrosoft.com",
    )
)
BROKEN_STATEMENTS: tuple[Values, ...] = (
    *({name: ""} for name in ("agreement_date", "agreement_first_name", "agreement_last_name")),
    *(
        {"agreement_date": date}
        for date in (
            "2099-12-01",
            "1999-12-31",
            "soon",
            "04/09/2022",
            "19-04-2022",
            "2022-02-30",
            "2023-02-29",
            "2022-4-9",
            "20220409",
            "12-40-2022",
            "2022-04-09 10:30",
            "Text 9-22",
        )
    ),
    *({"agreement_first_name": name} for name in ("J", "123", "-", "x" * 41, "Jo\nhn")),
    {"agreement_last_name": "?!"},
    *(
        {"agreement_email": address}
        for address in (
            "john",
            "@b.com",
            "j@",
            "j@@b.com",
            "j@b",
            "j.@b.com",
            ".j@b.com",
            "j..k@b.com",
            "j@-b.com",
            "j@b-.com",
            "j@b.com.",
            "j@b_c.com",
            "j k@b.com",
            "j@b.c1",
            "j@b.example",
            "j@b.TEST",
            "jö@b.com",
            "x" * 65 + "@b.com",
            "John <j@b.com>",
            "a@b.com; c@d.com",
            "x@" + "b." * 130 + "com",
        )
    ),
)
BROKEN_DETAILS: tuple[Values, ...] = (
    *(
        {name: ""}
        for name in (
            "agreement_email",
            "address",
            "city",
            "state",
            "postal_code",
            "country",
            "phone",
            "customer_email",
        )
    ),
    {"state": "Ohio"},
    {"state": "QC"},
    {"country": "CA", "postal_code": "K1A 0B1"},
    {"country": "USA"},
    {"country": "XQ"},
    {"country": "United States"},
    {"country": "US–United States"},
    *({"postal_code": code} for code in ("430045", "43-004", "430O4", "43004-12", "43004-12345", "x" * 21)),
    *(
        {"country": "CA", "state": "ON", "postal_code": code}
        for code in ("K1A-0B1", "K1A 0B", "11A 0B1", "K1 A0B1", "K1A 0 B1")
    ),
    {"phone": "555-01"},
    {"phone": "5550100 " * 4},
    {"city": "x" * 101},
    {"address": "1\tWay"},
    *(
        {"customer_email": address}
        for address in (
            "a@microsoft.com",
            "a@eu.Microsoft.com",
            f"a@{OWN_DOMAIN}",
            f"a@mail.{OWN_DOMAIN}",
            "a@b@c.com",
        )
    ),
)


@dataclass(slots=True)
class Sheets:
    """Rows of the three sheets, in order."""

    orders: list[Values] = field(default_factory=list)
    customers: list[Values] = field(default_factory=list)
    products: list[Values] = field(default_factory=lambda: [dict(row) for row in PRODUCTS])

    def add(self, order: Values, customer: Values) -> None:
        """Add an order with a customer of its own."""
        number = len(self.customers)
        identity = str(FIRST_CUSTOMER + number)
        own: Values = {"customer_id": identity}
        if "domain" not in customer or customer["domain"] == ON_FILE["domain"]:
            own["domain"] = f"ambershop{number}.onmicrosoft.com"
        self.customers.append({**customer, **own})
        self.orders.append({"reference": f"NOV-{number:04}", "customer_id": identity, **ORDER, **order})

    def filled(self) -> dict[str, list[Values]]:
        """As `write_template` takes them."""
        return {"orders": self.orders, "customers": self.customers, "catalogue": self.products}


def generated(seed: int, count: int) -> Sheets:
    """About half good rows, written in many ways; the others broken in one place or two, a few skipped or left blank."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    sheets = Sheets()
    while len(sheets.orders) < count:
        if chance.random() < 0.5:
            sheets.add(*_good(chance))
        else:
            chance.choice(_BREAKERS)(chance, sheets)
    return sheets


def _good(chance: random.Random) -> tuple[Values, Values]:
    order, customer = dict(ORDER), dict(chance.choice(GOOD_CUSTOMERS))
    role, changes = chance.choice(GOOD_WAYS)
    if role is SheetRole.ORDERS:
        order |= changes
    elif "tenant" not in changes or customer["tenant"] == "Existing tenant":
        customer |= changes
    if "agreement_date" in customer and chance.random() < 0.5:
        customer |= chance.choice(GOOD_STATEMENTS)
    if customer.get("address") and customer["country"].startswith("US") and chance.random() < 0.7:
        customer |= chance.choice(GOOD_DETAILS)
    return order, customer


def _break_order(chance: random.Random, sheets: Sheets) -> None:
    order, customer = dict(chance.choice(BROKEN_ORDERS)), chance.choice(GOOD_CUSTOMERS)
    if chance.random() < 0.3:
        order |= chance.choice(BROKEN_ORDERS)
    sheets.add(order, dict(customer))


def _break_customer(chance: random.Random, sheets: Sheets) -> None:
    base, breaks = chance.choice(
        (
            (ON_FILE, BROKEN_CUSTOMERS),
            (NEW, BROKEN_NEW),
            (STATED, BROKEN_STATEMENTS),
            (DETAILED, BROKEN_DETAILS),
            (DETAILED, BROKEN_STATEMENTS),
            ({**DETAILED, "tenant": "New tenant"}, BROKEN_CUSTOMERS),
        )
    )
    customer = {**base, **chance.choice(breaks)}
    if chance.random() < 0.3:
        customer |= chance.choice(breaks)
    order = dict(chance.choice(BROKEN_ORDERS)) if chance.random() < 0.2 else {}
    sheets.add(order, customer)


def _repeat_reference(chance: random.Random, sheets: Sheets) -> None:
    name = chance.choice(("NOV-TWICE", "Nov-Twice", "PO*", "?", " 007 "))
    sheets.add({"reference": name}, dict(ON_FILE))
    sheets.add({"reference": name.strip(), "submit": chance.choice(("", "", "Skip"))}, dict(ON_FILE))


def _repeat_customer(_chance: random.Random, sheets: Sheets) -> None:
    sheets.add({}, dict(ON_FILE))
    sheets.add({}, dict(ON_FILE))
    sheets.customers[-1]["customer_id"] = sheets.customers[-2]["customer_id"] + " "
    sheets.orders[-1]["customer_id"] = sheets.customers[-2]["customer_id"]


def _repeat_domain(chance: random.Random, sheets: Sheets) -> None:
    domain = f"shared{len(sheets.customers) // 40}.onmicrosoft.com"
    sheets.add({}, {**NEW, "domain": domain.upper()})
    sheets.add({}, {**NEW, "domain": domain, "tenant": chance.choice(("new", "Existing tenant"))})


def _skip(chance: random.Random, sheets: Sheets) -> None:
    sheets.add(
        {"submit": chance.choice(("Skip", "no", " FALSE")), **chance.choice(BROKEN_ORDERS[6:18])},
        dict(ON_FILE),
    )


def _leave_blank(_chance: random.Random, sheets: Sheets) -> None:
    sheets.orders.append({"order_note": " \u00a0"})
    sheets.add({"customer_id": "", "reference": ""}, dict(ON_FILE))


_BREAKERS: tuple[Callable[[random.Random, Sheets], None], ...] = (
    *(_break_order,) * 6,
    *(_break_customer,) * 12,
    *(_repeat_reference, _repeat_customer, _repeat_domain, _skip, _leave_blank),
)
