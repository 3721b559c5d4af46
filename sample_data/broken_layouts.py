"""What a workbook with rows to correct cannot show: mistakes that stop it as a whole, and one that only the flat form has."""

import csv
from pathlib import Path
from typing import Final

from broken_list import Found, write_list
from xlsxwriter import Workbook

from bulk_orders.writing.new_book.book import CREATED

_HEADERS: Final = (
    "Customer ID",
    "Product (MPN)",
    "Quantity",
    "Quantity",
    "Comitment",
    "Offer attestation",
)
"""One stands twice, one has a slip, and Billing is missing."""
_FLAT_HEADERS: Final = (
    "reference",
    "customerId",
    "customer_company_name",
    "tenant_preference",
    "microsoft_domain",
    "partner_on_record_attestation_accepted",
    "mca_acceptance",
    "mpn",
    "quantity",
    "subscriptionPeriod",
    "billingPeriod",
    "offer_attestation",
)
_NAMES: Final = ("Amber Bay Shop", "Amber Bridge Shop")


def make_broken_sheets(path: Path) -> None:
    """A workbook whose sheets and headers are wrong: orders that are hidden and have no rows, and no customers."""
    book = Workbook(str(path))
    book.set_properties({"created": CREATED})
    orders, products = book.add_worksheet("Orders"), book.add_worksheet("Products")
    bold = book.add_format({"bold": True, "bottom": 1})
    for column, header in enumerate(_HEADERS):
        orders.write_string(0, column, header, bold)
    for column, (header, value) in enumerate({"Product (MPN)": "CFQ7TTC0LH18:0001", "Max": "300"}.items()):
        products.write_string(0, column, header, bold)
        products.write_string(1, column, value)
    for sheet in (orders, products):
        sheet.set_column(0, len(_HEADERS) - 1, 20)
    products.activate()
    orders.hide()
    book.close()
    found = [
        Found("F-MISSING-SHEET"),
        Found("F-EMPTY", "Orders"),
        Found("F-HIDDEN-SHEET", "Orders"),
        Found("F-MISSING-COLUMN", "Orders"),
        Found("F-DUP-HEADER", "Orders", ["D1", "C1"]),
        Found("F-HEADER", "Orders", ["E1"]),
    ]
    write_list(path, found, ["Orders", "Products"])


def make_broken_flat(path: Path) -> None:
    """Two orders of one customer, side by side with the customer's columns: the name differs."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_FLAT_HEADERS)
        for number, name in enumerate(_NAMES, start=1):
            writer.writerow(
                (
                    *(f"ERP-{number:03}", "1000106100", name, "existing", "ambershop1.onmicrosoft.com"),
                    *(
                        "true",
                        "Already on file",
                        "CFQ7TTC0LH18:0001",
                        4 + number,
                        "1 year",
                        "Monthly",
                        "false",
                    ),
                )
            )
    write_list(path, [Found("E-CONTRADICTION", path.stem, ["C2", "C3"])], [path.stem])
