"""Who buys in the practice marketplace: made-up companies with made-up contacts, the same at every start.

Mail domains end in the names reserved for examples (RFC 2606); no company or person is meant.
"""

from dataclasses import dataclass
from typing import Any, Final

FIRST_CUSTOMER_ID: Final = 1_000_105_563
"""The customer of the vendor's own example order, "27 Rings Jewelers"."""

CREDIT_HOLD_CUSTOMER: Final = "1000105602"
"""A customer that may not order because of unpaid bills."""

ADMIN_HOLD_CUSTOMER: Final = "1000105603"
"""A customer whose services are suspended."""

FIRST_MIGRATION_ID: Final = 1_000_106_000
MIGRATION_CUSTOMERS: Final = 1000
"""Customers 1000106000 to 1000106999 are generated, for samples of a migration."""

RESELLER_ID: Final = "1000001"

# name, street, city, state, postal code, country
_COMPANIES: Final = (
    ("27 Rings Jewelers", "1759 Wehrle Dr", "Williamsville", "NY", "14221", "US"),
    ("Alder Street Bakery", "14 Alder St", "Portland", "OR", "97205", "US"),
    ("Blue Heron Kayaks", "220 Shoreline Dr", "Traverse City", "MI", "49684", "US"),
    ("Brassworks Plumbing Supply", "881 Foundry Rd", "Akron", "OH", "44308", "US"),
    ("Canyon Ridge Dental", "3050 Mesa Blvd", "Flagstaff", "AZ", "86001", "US"),
    ("Cedar & Slate Architects", "47 Quarry Ln", "Burlington", "VT", "05401", "US"),
    ("Cobblestone Legal Group", "9 Court Sq", "Boston", "MA", "02108", "US"),
    ("Copper Kettle Catering", "612 Market St", "Chattanooga", "TN", "37402", "US"),
    ("Drift Line Logistics", "7400 Harbor Way", "Tacoma", "WA", "98421", "US"),
    ("East Mill Textiles", "130 Spindle Ave", "Greenville", "SC", "29601", "US"),
    ("Fernbrook Veterinary Clinic", "18 Fernbrook Ln", "Plymouth", "MN", "55447", "US"),
    ("Foxglove Gardens", "2201 Nursery Rd", "Wilmington", "DE", "19801", "US"),
    ("Granite State Movers", "55 Depot St", "Concord", "NH", "03301", "US"),
    ("Halyard Marine Insurance", "400 Wharf St", "Newport", "RI", "02840", "US"),
    ("High Desert Solar Co-op", "77 Juniper Trl", "Bend", "OR", "97701", "US"),
    ("Ironwood Cabinetry", "1016 Sawmill Rd", "Asheville", "NC", "28801", "US"),
    ("Juniper Pediatrics", "240 Orchard Ave", "Boise", "ID", "83702", "US"),
    ("Kestrel Aerial Surveys", "5 Airfield Rd", "Wichita", "KS", "67209", "US"),
    ("Lantern Hill Books", "33 Lantern Hill Rd", "Mystic", "CT", "06355", "US"),
    ("Maple & Main Accounting", "101 Main St", "Madison", "WI", "53703", "US"),
    ("Meadowlark Early Learning", "620 Prairie Rd", "Lincoln", "NE", "68508", "US"),
    ("Nine Pines Property Care", "9 Pinecrest Dr", "Anchorage", "AK", "99501", "US"),
    ("Oak Hollow Brewing", "455 Barrel Way", "Louisville", "KY", "40202", "US"),
    ("Paper Crane Design", "12 Harrison Ave", "Santa Fe", "NM", "87501", "US"),
    ("Quarter Moon Films", "808 Studio Row", "Atlanta", "GA", "30303", "US"),
    ("Red Barn Equipment Rental", "2900 County Rd 12", "Cedar Rapids", "IA", "52401", "US"),
    ("Silver Birch Physiotherapy", "88 King St W", "Toronto", "ON", "M5H 1A1", "CA"),
    ("Saltwater Coffee Roasters", "215 Water St", "Halifax", "NS", "B3J 1M5", "CA"),
    ("Tamarack Timber Frames", "640 Rue des Pins", "Sherbrooke", "QC", "J1H 2E2", "CA"),
    ("Thistle & Thorn Interiors", "6 Candle Row", "Edinburgh", "", "EH1 2AB", "GB"),
    ("Tidewell Engineering", "41 Dock Road", "Bristol", "", "BS1 4DJ", "GB"),
    ("Umbra Lighting", "17 Lamp Street", "Manchester", "", "M1 2WD", "GB"),
    ("Weidenbach Messtechnik", "Mühlweg 3", "Freiburg", "", "79098", "DE"),
    ("Königsfurt Gerätebau", "Industriestraße 21", "Kassel", "", "34117", "DE"),
    ("De Zilveren Molen", "Molenpad 8", "Utrecht", "", "3511 AB", "NL"),
    ("Fjordlys Elektro", "Havnegata 4", "Bergen", "", "5003", "NO"),
    ("Wattle Creek Winery", "310 Valley Rd", "Tanunda", "South Australia", "5352", "AU"),
    ("Southern Cross Tiling", "5 Trade Ct", "Geelong", "Victoria", "3220", "AU"),
    ("Kererū Kindergarten", "22 Rata Street", "Nelson", "", "7010", "NZ"),
    ("Unpaid & Sons Stationery", "13 Ledger Ln", "Dayton", "OH", "45402", "US"),
    ("Suspended Bridge Cafe", "1 Span St", "Pittsburgh", "PA", "15222", "US"),
)

_HOLDS: Final = {CREDIT_HOLD_CUSTOMER: "creditHold", ADMIN_HOLD_CUSTOMER: "adminHold"}

_FIRST_WORDS: Final = (
    "Amber",
    "Birch",
    "Coral",
    "Dune",
    "Ember",
    "Frost",
    "Grove",
    "Hazel",
    "Indigo",
    "Jade",
)
_SECOND_WORDS: Final = (
    "Bay",
    "Bridge",
    "Creek",
    "Field",
    "Gate",
    "Harbor",
    "Hill",
    "Lake",
    "Ridge",
    "Valley",
)
_TRADES: Final = (
    "Freight",
    "Clinic",
    "Foods",
    "Consulting",
    "Printing",
    "Tools",
    "Travel",
    "Energy",
    "Schools",
    "Media",
)
_FIRST_NAMES: Final = ("Robin", "Alex", "Sam", "Kim", "Noa", "Jo", "Charlie")
_LAST_NAMES: Final = ("Sample", "Example", "Placeholder", "Specimen", "Demoson")


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """An end customer of the reseller; only one that is `active` may order."""

    id: str
    name: str
    street: str
    city: str
    state: str
    postal_code: str
    country: str
    status: str
    email: str
    first_name: str
    last_name: str
    external_id: str


def practice_customers() -> dict[str, Customer]:
    """Return all customers by id, newest first, as the platform lists them."""
    made = [_customer(FIRST_CUSTOMER_ID + n, company) for n, company in enumerate(_COMPANIES)]
    made += [_customer(FIRST_MIGRATION_ID + n, _generated(n)) for n in range(MIGRATION_CUSTOMERS)]
    return {customer.id: customer for customer in reversed(made)}


def customer_entry(customer: Customer) -> dict[str, Any]:
    """Return the customer as GET /customers and GET /customers/{id} show it."""
    address = {
        "streetAddress": customer.street,
        "city": customer.city,
        "state": customer.state,
        "postalCode": customer.postal_code,
        "countryCode": customer.country,
    }
    contact = {
        "type": "admin",
        "firstName": customer.first_name,
        "lastName": customer.last_name,
        "email": customer.email,
        "phoneNumber": f"1##555{customer.id[-7:]}#",
    }
    return {
        "id": customer.id,
        "externalId": customer.external_id,
        "status": customer.status,
        "name": customer.name,
        "address": {key: value for key, value in address.items() if value},
        "contactPersons": [contact],
        "language": "en",
        "attributes": {},
        "resellerId": RESELLER_ID,
    }


def _generated(n: int) -> tuple[str, str, str, str, str, str]:
    name = f"{_FIRST_WORDS[n // 100]} {_SECOND_WORDS[n // 10 % 10]} {_TRADES[n % 10]}"
    return name, f"{n + 1} Migration Way", "Columbus", "OH", "43004", "US"


def _customer(number: int, company: tuple[str, str, str, str, str, str]) -> Customer:
    name, street, city, state, postal_code, country = company
    slug = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
    return Customer(
        id=str(number),
        name=name,
        street=street,
        city=city,
        state=state,
        postal_code=postal_code,
        country=country,
        status=_HOLDS.get(str(number), "active"),
        email=f"office@{slug}.example.{'com' if country in {'US', 'CA'} else 'org'}",
        first_name=_FIRST_NAMES[number % len(_FIRST_NAMES)],
        last_name=_LAST_NAMES[number % len(_LAST_NAMES)],
        external_id=f"EXT-{number}",
    )
