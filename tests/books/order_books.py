"""Workbooks to run: flat ones with the API's own names as headers, and what a results workbook says."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

FIRST_CUSTOMER = 1_000_106_000
"""The practice marketplace has a thousand customers from here on."""
EXCHANGE = "CFQ7TTC0LH16:0001"
E3 = "CFQ7TTC0LFLX:0001"
TOO_MANY = "400"
"""More licences than the marketplace sells of `BASIC`, which only the marketplace knows."""
BASIC = "CFQ7TTC0LH18:0001"
HEADER_ROW = 1


def order_row(number: int, *, customers: int = 1000, **changes: str) -> dict[str, str]:
    """The row's number decides its customer, and each customer comes again after `customers` rows."""
    customer = FIRST_CUSTOMER + (number - 1) % customers
    return {
        "reference": f"ROW-{number:04d}",
        "customerId": str(customer),
        "customer_company_name": f"Company {customer}",
        "tenant_preference": "existing",
        "microsoft_domain": f"company{customer}.onmicrosoft.com",
        "partner_on_record_attestation_accepted": "true",
        "mca_acceptance": "Already on file",
        "mpn": EXCHANGE,
        "quantity": str(1 + number % 50),
        "subscriptionPeriod": "1 year",
        "billingPeriod": "Monthly",
        "offer_attestation": "false",
        **changes,
    }


def order_rows(number: int, *, customers: int = 1000, **changes: str) -> list[dict[str, str]]:
    return [order_row(n, customers=customers, **changes) for n in range(1, number + 1)]


def write_book(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """A flat workbook; the first row of orders is row 2."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Orders"
    for place, row in enumerate(rows):
        if place == 0:
            sheet.append(list(row))
        sheet.append(list(row.values()))
    book.save(path)
    return path


def orders_sheet(path: Path) -> tuple[Any, Worksheet, dict[str, int], int]:
    """Book, sheet, 1-based column by header, and header row of a results workbook."""
    book = openpyxl.load_workbook(path)
    sheet = next(sheet for sheet in book.worksheets if sheet.title.casefold() == "orders")
    header_row = next(row for row in range(1, 20) if "row_key" in [cell.value for cell in sheet[row]])
    columns = {str(cell.value): cell.column for cell in sheet[header_row] if cell.value}
    return book, sheet, columns, header_row


def result_rows(path: Path) -> list[dict[str, Any]]:
    """What a results workbook says of each row, by header."""
    book, sheet, columns, header_row = orders_sheet(path)
    found = [
        {header: sheet.cell(row, column).value for header, column in columns.items()}
        for row in range(header_row + 1, sheet.max_row + 1)
    ]
    book.close()
    return [row for row in found if row["outcome_code"]]


def correct(path: Path, changes: Mapping[str, Mapping[str, str]]) -> None:
    """Change cells by the row's reference and the column's header, as a person does in Excel."""
    book, sheet, columns, header_row = orders_sheet(path)
    reference = next(header for header in columns if header.lower() in {"reference", "your reference"})
    rows = {
        sheet.cell(row, columns[reference]).value: row for row in range(header_row + 1, sheet.max_row + 1)
    }
    for name, cells in changes.items():
        for header, value in cells.items():
            sheet.cell(rows[name], columns[header]).value = value
    book.save(path)
    book.close()
