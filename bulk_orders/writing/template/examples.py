"""The filled rows on the sheet Examples: what each shows, and what is in its cells, by the names of the columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Example:
    """A filled row to look at."""

    shows: str
    cells: Mapping[str, str]


_NEW: Final = {
    "tenant": "New tenant",
    "partner_attestation": "Yes",
    "mca_accepted": "Yes",
    "agreement_date": "2026-10-02",
}
_EXISTING: Final = {
    "tenant": "Existing tenant",
    "partner_attestation": "Yes",
    "mca_accepted": "Already on file",
}
CUSTOMERS: Final = (
    Example(
        "New tenant: a Microsoft tenant is created, the agreement is stated, company details are sent",
        {
            **_NEW,
            "customer_id": "1000105563",
            "company_name": "27 Rings Jewelers",
            "domain": "27rings.onmicrosoft.com",
            "agreement_date": "2022-04-09",
            "agreement_first_name": "John",
            "agreement_last_name": "Doe",
            "agreement_email": "john@doe.com",
            "special_qualifications": "None",
            "send_company_details": "Yes",
            "address": "1759 Wehrle Dr",
            "city": "Williamsville",
            "state": "NY",
            "postal_code": "14221",
            "country": "US",
            "phone": "(716) 633-3600",
            "customer_email": "john@doe.com",
        },
    ),
    Example(
        "New tenant: the agreement is stated, no company details are sent",
        {
            **_NEW,
            "customer_id": "1000105566",
            "company_name": "Brassworks Plumbing Supply",
            "domain": "brassworksplumbing.onmicrosoft.com",
            "agreement_first_name": "Jo",
            "agreement_last_name": "Sample",
        },
    ),
    Example(
        "New tenant in Canada: the province as two letters, the postal code with its space",
        {
            **_NEW,
            "customer_id": "1000105570",
            "company_name": "Copper Kettle Catering",
            "domain": "copperkettle.onmicrosoft.com",
            "agreement_first_name": "Kim",
            "agreement_last_name": "Sample",
            "agreement_email": "kim@copperkettle.example.com",
            "send_company_details": "Yes",
            "address": "12 Rue des Exemples",
            "city": "Gatineau",
            "state": "QC",
            "postal_code": "J8X 3X4",
            "country": "CA",
            "phone": "+1 819 555 0142",
            "customer_email": "office@copperkettle.example.com",
        },
    ),
    Example(
        "Existing tenant: the customer has accepted the agreement before",
        {
            **_EXISTING,
            "customer_id": "1000105564",
            "company_name": "Alder Street Bakery",
            "domain": "alderstreetbakery.onmicrosoft.com",
        },
    ),
    Example(
        "Existing tenant with a domain of its own",
        {
            **_EXISTING,
            "customer_id": "1000105567",
            "company_name": "Canyon Ridge Dental",
            "domain": "canyonridge.example.com",
        },
    ),
    Example(
        "Existing tenant of a state-owned entity",
        {
            **_EXISTING,
            "customer_id": "1000105568",
            "company_name": "Cedar & Slate Waterworks",
            "domain": "cedarslate.onmicrosoft.com",
            "special_qualifications": "State-owned entity (soe)",
        },
    ),
    Example(
        "Existing tenant without an agreement so far: it is accepted and stated now",
        {
            **_EXISTING,
            "customer_id": "1000105565",
            "company_name": "Blue Heron Kayaks",
            "domain": "blueheronkayaks.onmicrosoft.com",
            "mca_accepted": "Yes",
            "agreement_date": "2026-10-02",
            "agreement_first_name": "Robin",
            "agreement_last_name": "Sample",
        },
    ),
    Example(
        "The same, with the e-mail of the person who accepted",
        {
            **_EXISTING,
            "customer_id": "1000105569",
            "company_name": "Cobblestone Legal Group",
            "domain": "cobblestonelegal.onmicrosoft.com",
            "mca_accepted": "Yes",
            "agreement_date": "2026-11-13",
            "agreement_first_name": "Alex",
            "agreement_last_name": "Sample",
            "agreement_email": "alex@cobblestone.example.com",
        },
    ),
    Example(
        "The same, with company details, because Microsoft asked for them",
        {
            **_EXISTING,
            "customer_id": "1000105571",
            "company_name": "Drift Line Logistics",
            "domain": "driftline.onmicrosoft.com",
            "mca_accepted": "Yes",
            "agreement_date": "2026-11-16",
            "agreement_first_name": "Sam",
            "agreement_last_name": "Sample",
            "agreement_email": "sam@driftline.example.com",
            "send_company_details": "Yes",
            "address": "4 Harbor Loop",
            "city": "Boston",
            "state": "MA",
            "postal_code": "02134",
            "country": "US",
            "phone": "(617) 555-0116",
            "customer_email": "office@driftline.example.com",
        },
    ),
)
ORDERS: Final = (
    Example(
        "A year, billed every month",
        {
            "reference": "EXAMPLE-1",
            "customer_id": "1000105563",
            "customer_name": "27 Rings Jewelers",
            "mpn": "CFQ7TTC0LH16:0001",
            "quantity": "1",
            "commitment": "1 year",
            "billing": "Monthly",
            "po_number": "00-0000",
            "offer_attestation": "No",
        },
    ),
    Example(
        "A year, billed at once",
        {
            "reference": "EXAMPLE-2",
            "customer_id": "1000105564",
            "customer_name": "Alder Street Bakery",
            "mpn": "CFQ7TTC0LH18:0001",
            "quantity": "12",
            "commitment": "1 year",
            "billing": "Yearly, upfront",
            "offer_attestation": "No",
        },
    ),
    Example(
        "A month, and a row that waits for the next run",
        {
            "submit": "Skip",
            "reference": "EXAMPLE-3",
            "customer_id": "1000105565",
            "customer_name": "Blue Heron Kayaks",
            "mpn": "CFQ7TTC0LH18:0001",
            "quantity": "3",
            "commitment": "1 month",
            "billing": "Monthly",
            "offer_attestation": "No",
        },
    ),
    Example(
        "Seats of a subscription that is there: quantity is their number afterwards",
        {
            "reference": "EXAMPLE-4",
            "customer_id": "1000105564",
            "customer_name": "Alder Street Bakery",
            "mpn": "CFQ7TTC0LH18:0001",
            "quantity": "15",
            "order_type": "Change seats now",
            "subscription": "1000054",
        },
    ),
    Example(
        "A subscription that is not to be renewed",
        {
            "reference": "EXAMPLE-5",
            "customer_id": "1000105567",
            "customer_name": "Canyon Ridge Dental",
            "mpn": "CFQ7TTC0LH16:0001",
            "order_type": "Auto-renew off",
            "subscription": "1000061",
        },
    ),
)
