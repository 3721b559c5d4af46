"""Small input workbooks for the tests of reading, and what is asked of the result."""

import io
import re
import zipfile
from typing import Any

import openpyxl

from bulk_orders.core.model import CellNote
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.reading.workbook_tables import WorkbookTables

ORDER_HEADERS = (
    "Customer ID *",
    "Product (MPN) *",
    "Quantity *",
    "Commitment *",
    "Billing *",
    "Offer attestation *",
    "PO number",
)
CUSTOMER_HEADERS = (
    "Customer ID *",
    "Company name *",
    "Tenant *",
    "Microsoft domain *",
    "Partner of record attested *",
    "Postal code",
    "Agreement date (if MCA accepted)",
)
ORDER = ("1000105563", "CFQ7TTC0LH16:0001", 5, "1 year", "Monthly", "No", "00-0000")
CUSTOMER = ("1000105563", "27 Rings Jewelers", "New tenant", "27rings.onmicrosoft.com", "Yes", "14221")
SHEET = "xl/worksheets/sheet1.xml"


def book(
    orders: Any = (ORDER_HEADERS, ORDER), customers: Any = (CUSTOMER_HEADERS, CUSTOMER), **more: Any
) -> openpyxl.Workbook:
    """A workbook with the rows of each sheet; further sheets by name."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in {"Orders": orders, "Customers": customers, **more}.items():
        if rows is not None:
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(row)
    return workbook


def saved(workbook: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.calculation.fullCalcOnLoad = False  # as Excel saves it
    workbook.save(buffer)
    return buffer.getvalue()


def read(workbook: openpyxl.Workbook | None = None) -> WorkbookTables:
    return read_workbook(saved(workbook or book()), "orders.xlsx")


def patched(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with a text of one part replaced, which must be there."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old_zip,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new_zip,
    ):
        for entry in old_zip.infolist():
            data = old_zip.read(entry)
            if entry.filename == part:
                assert re.search(old, data), data[:3000]
                data = re.sub(old, lambda _: new, data, count=1)
            new_zip.writestr(entry.filename, data)
    return buffer.getvalue()


def read_cell(xml: bytes) -> tuple[str, CellNote | None]:
    """Text and note of the quantity, when its cell's XML is this."""
    content = patched(saved(book()), SHEET, rb'<c r="C2"[^>]*>.*?</c>', xml)
    tables = read_workbook(content, "orders.xlsx")
    return tables.orders.cells[0][2], tables.orders.notes.get((2, "C"))


def quantity(value: Any, number_format: str | None = None) -> tuple[str, CellNote | None]:
    workbook = book()
    workbook["Orders"]["C2"] = value
    if number_format:
        workbook["Orders"]["C2"].number_format = number_format
    tables = read(workbook)
    return tables.orders.cells[0][2], tables.orders.notes.get((2, "C"))


def codes(tables: WorkbookTables) -> list[str]:
    return [problem.code for problem in tables.problems]
