"""Makes believable input files of any size: one flat sheet of 30 columns, or a CSV file for a run."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from xlsxwriter import Workbook

from bulk_orders.sandbox.customers import FIRST_MIGRATION_ID, MIGRATION_CUSTOMERS

BAD_EVERY = 100
"""One row of so many has a fault."""

_PLAIN = ("1 year", "Monthly"), ("1 year", "Yearly, upfront"), ("1 month", "Monthly")
_MPNS = ("CFQ7TTC0LDPB:0001", "CFQ7TTC0LH18:0001", "CFQ7TTC0LH16:0001", "CFQ7TTC0JN4R:0002")
_WORDS = ["Alder", "Birch", "Cedar", "Dune", "Ember", "Frost", "Größe", "Hazel", "Iris", "Juniper"]
_TRADES = [
    "Bakery",
    "Clinic",
    "Energy",
    "Foods",
    "Freight",
    "Legal",
    "Media",
    "Müller",
    "Tools",
    "Travel",
    "Schools",
]
_CITIES = (
    ("Portland", "OR", "97205", "US"),
    ("Boston", "MA", "02108", "US"),
    ("Toronto", "ON", "M5H 1A1", "CA"),
    ("Kassel", "", "34117", "DE"),
    ("Utrecht", "", "3511 AB", "NL"),
)
_FAULTS = (
    {"Customer ID": "10-23 A"},
    {"Quantity": ""},
    {"Commitment": "1 month", "Billing": "Yearly, upfront"},
    {"Signatory e-mail": "john(at)doe.com"},
    {"Agreement date": "31-31-2026"},
    {"Microsoft domain": "no domain here"},
    {"Offer attestation": "perhaps"},
    {"Product (MPN)": ""},
)
_NEW_TENANTS_EVERY = 20

Values = dict[str, str | int | date]


def flat_rows(count: int) -> Iterator[Values]:
    """A migration: three orders for most customers, a new tenant for some, one row of a hundred with a fault."""
    for number in range(count):
        row = _row(number)
        if number % BAD_EVERY == BAD_EVERY // 2:
            row |= _FAULTS[number // BAD_EVERY % len(_FAULTS)]
        yield row


def _row(number: int) -> Values:
    is_new = number % _NEW_TENANTS_EVERY == 0
    customer = number if is_new else 10_000_000 + number // 3
    name = f"{_WORDS[customer % 10]} {_TRADES[customer % 11]} {customer}"
    commitment, billing = _PLAIN[number % len(_PLAIN)]
    city, state, postal_code, country = _CITIES[customer % len(_CITIES)]
    slug = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
    return {
        "Submit?": "",
        "Your reference": f"MIG-{number:07}",
        "Customer ID": str(1_000_000_000 + customer),
        "Company name": name,
        "Tenant": "New tenant" if is_new else "Existing tenant",
        "Microsoft domain": f"{slug}.onmicrosoft.com",
        "Partner of record attested": "Yes",
        "MCA accepted": "Yes",
        "Agreement date": date(2026, 1, 5) + timedelta(days=customer % 300),
        "Signatory first name": _WORDS[customer % 10],
        "Signatory last name": _TRADES[customer % 11],
        "Signatory e-mail": f"office@{slug}.example.com",
        "Special qualifications": "None",
        "Send company details?": "Yes" if is_new else "No",
        "Address": f"{customer % 900 + 1} Main St",
        "City": city,
        "State / province": state,
        "Postal code": postal_code,
        "Country": country,
        "Phone": f"(716) 555-{customer % 9000 + 1000}",
        "Customer e-mail": f"buying@{slug}.example.com",
        "Customer note (never sent)": "agreed in June" if number % 7 == 0 else "",
        "Product (MPN)": _MPNS[number // 3 % len(_MPNS)],
        "Quantity": number % 250 + 1,
        "Commitment": commitment,
        "Billing": billing,
        "PO number": f"PO-{number:07}",
        "Offer attestation": "No",
        "Note (never sent)": "",
        "Cost centre": f"CC-{number % 40:03}",
    }


def write_flat_xlsx(path: Path, count: int) -> None:
    """As Excel writes it, but with the texts inside the sheet, which is how programs export."""
    book = Workbook(str(path), {"constant_memory": True})
    sheet, day = book.add_worksheet("Export"), book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(flat_rows(count), start=1):
        if number == 1:
            sheet.write_row(0, 0, list(row))
        for index, value in enumerate(row.values()):
            if isinstance(value, date):
                sheet.write_datetime(number, index, value, day)
            elif isinstance(value, int):
                sheet.write_number(number, index, value)
            elif value:
                sheet.write_string(number, index, value)
    book.close()


def write_run_csv(path: Path, count: int) -> None:
    """Good rows for customers of the practice marketplace, every customer as late again as can be."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = [_run_row(number) for number in range(count)]
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _run_row(number: int) -> dict[str, str]:
    customer = FIRST_MIGRATION_ID + number % MIGRATION_CUSTOMERS
    return {
        "Your reference": f"MIG-{number:07}",
        "Customer ID": str(customer),
        "Company name": f"Migrated company {customer}",
        "Tenant": "Existing tenant",
        "Microsoft domain": f"migrated{customer}.onmicrosoft.com",
        "Partner of record attested": "Yes",
        "MCA accepted": "Already on file",
        "Product (MPN)": "CFQ7TTC0LDPB:0001",
        "Quantity": str(number // MIGRATION_CUSTOMERS + 1),
        "Commitment": "1 year",
        "Billing": "Monthly",
        "PO number": f"PO-{number:07}",
        "Offer attestation": "No",
    }
