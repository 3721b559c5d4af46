"""What the corpus of bad input is made of: files made by code, and what is expected of each.

`REFUSED` is an `InputError`, `INVALID` an error on a cell whose row is not sent, `WARNED` a warning on a row that is sent
once people have confirmed, `READ` a row that is ready, with the value that goes on the wire.
"""

import enum
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import openpyxl

from bulk_orders.checking.check import CheckContext, CheckResult, check
from bulk_orders.core.body import placeholder_values
from bulk_orders.core.columns.table import column
from bulk_orders.core.model import Row, SheetRole
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.reading.workbook_tables import WorkbookTables

CONTEXT = CheckContext(today=date(2026, 11, 22), own_domain="partner.com")
SHEET = "xl/worksheets/sheet1.xml"
CUSTOMERS_SHEET = "xl/worksheets/sheet2.xml"
ORDER: Mapping[str, Any] = {
    "reference": "NOV-0001",
    "customer_id": "1000105563",
    "mpn": "CFQ7TTC0LH16:0001",
    "quantity": 5,
    "commitment": "1 year",
    "billing": "Monthly",
    "offer_attestation": "No",
    "po_number": "00-0000",
}
CUSTOMER: Mapping[str, Any] = {
    "customer_id": "1000105563",
    "company_name": "27 Rings Jewelers",
    "tenant": "New tenant",
    "domain": "27rings.onmicrosoft.com",
    "partner_attestation": "Yes",
    "mca_accepted": "Yes",
    "agreement_date": date(2022, 4, 9),
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
}
FLAT: Mapping[str, Any] = {**ORDER, **{name: value for name, value in CUSTOMER.items() if name not in ORDER}}
FLAT_TEXT: Mapping[str, str] = {name: str(value) for name, value in FLAT.items()}
ANYWHERE = "?"
"""A cell that is not compared."""


class Outcome(enum.Enum):
    REFUSED = "refused"
    INVALID = "invalid"
    WARNED = "warned"
    READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What must come of a file."""

    outcome: Outcome
    code: str = ""
    """The problem's, or a text that the refusal has."""
    cell: str = ""
    value: tuple[str, str | None] | None = None
    """Field and what goes on the wire of the first ready row; `None` for nothing."""
    rows: int | None = None
    """How many rows are ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file."""

    id: str
    what: str
    content: Callable[[], bytes]
    expected: Expected
    file: str = "orders.xlsx"
    ruling: str = ""
    """Why it differs from the catalogue of cases, where it does."""

    def __str__(self) -> str:
        return f"{self.id} {self.what}"


def refused(words: str) -> Expected:
    return Expected(outcome=Outcome.REFUSED, code=words)


def invalid(code: str, cell: str = "") -> Expected:
    return Expected(outcome=Outcome.INVALID, code=code, cell=cell)


def warned(code: str, cell: str = "", value: tuple[str, str | None] | None = None) -> Expected:
    return Expected(outcome=Outcome.WARNED, code=code, cell=cell, value=value)


def read(
    name: str = "", value: str | None = None, *, told: str = "", cell: str = "", rows: int | None = None
) -> Expected:
    """A ready row, with an info where something was `told`."""
    expected = (name, value) if name else None
    return Expected(outcome=Outcome.READ, code=told, cell=cell, value=expected, rows=rows)


# --- files ---


@dataclass(frozen=True, slots=True)
class Shown:
    """A value under a number format."""

    value: Any
    number_format: str


@dataclass(frozen=True, slots=True)
class Xml:
    """A cell written by hand; `{at}` stands for its address and style."""

    text: str


def header_of(name: str) -> str:
    for role in (SheetRole.ORDERS, SheetRole.CUSTOMERS):
        try:
            return column(role, name).header
        except KeyError:
            continue
    return name


def filled(sheet: Any, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    sheet.append([header_of(name) for name in names])
    for number, row in enumerate(rows, start=2):
        for place, name in enumerate(names, start=1):
            value = row.get(name)
            cell = sheet.cell(number, place)
            if isinstance(value, Shown):
                cell.value, cell.number_format = value.value, value.number_format
            else:
                cell.value = "xml" if isinstance(value, Xml) else value


def book(
    orders: Sequence[Mapping[str, Any]] = (ORDER,), customers: Sequence[Mapping[str, Any]] = (CUSTOMER,)
) -> openpyxl.Workbook:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    filled(
        workbook.create_sheet("Orders"), orders, list(dict.fromkeys(name for row in orders for name in row))
    )
    filled(workbook.create_sheet("Customers"), customers, list(CUSTOMER))
    return workbook


def saved(workbook: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.calculation.fullCalcOnLoad = False  # as Excel saves it
    workbook.save(buffer)
    return buffer.getvalue()


@cache
def good() -> bytes:
    return saved(book())


def address(name: str) -> str:
    """Where a field stands in `book()`, row 2."""
    sheet, names = ("Orders", list(ORDER)) if name in ORDER else ("Customers", list(CUSTOMER))
    return f"{sheet}!{chr(65 + names.index(name))}2"


def spoilt(**cells: Any) -> Callable[[], bytes]:
    """A good workbook with other values in its row."""
    order = {**ORDER, **{name: value for name, value in cells.items() if name in ORDER}}
    customer = {**CUSTOMER, **{name: value for name, value in cells.items() if name not in ORDER}}
    if "customer_id" in cells:
        customer["customer_id"] = cells["customer_id"]

    def made() -> bytes:
        content = saved(book([order], [customer]))
        for name, value in cells.items():
            if isinstance(value, Xml):
                part = SHEET if name in ORDER else CUSTOMERS_SHEET
                at = address(name).partition("!")[2]
                content = patched(
                    content,
                    part,
                    f'<c r="{at}"[^>]*>.*?</c>'.encode(),
                    value.text.format(at=f'r="{at}"').encode(),
                )
        return content

    return made


def rebuilt(changes: Mapping[str, bytes], content: bytes | None = None) -> bytes:
    """A good workbook with parts replaced or added; `{old}` in a change stands for what was there."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or good())) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        parts = {name: old.read(name) for name in old.namelist()}
        for name, data in changes.items():
            parts[name] = data.replace(b"{old}", parts.get(name, b""))
        for name, data in parts.items():
            new.writestr(name, data)
    return buffer.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def patched(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    xml = part_of(content, part)
    assert re.search(old, xml, re.DOTALL), xml[:3000]
    return rebuilt({part: re.sub(old, lambda _: new, xml, count=1, flags=re.DOTALL)}, content)


def with_rows(cells: bytes, content: bytes | None = None) -> bytes:
    """A good workbook with more rows at the end of the orders."""
    return patched(content or good(), SHEET, b"</sheetData>", cells + b"</sheetData>")


def csv(*rows: Mapping[str, str] | str, separator: str = ",", end: str = "\n") -> str:
    """A flat CSV file; a row that is a text stands as it is."""
    names = list(FLAT_TEXT)
    lines = [separator.join(header_of(name) for name in names)]
    for row in rows or (FLAT_TEXT,):
        if isinstance(row, str):
            lines.append(row)
        else:
            lines.append(separator.join(_quoted(row.get(name, ""), separator) for name in names))
    return end.join(lines) + end


def _quoted(text: str, separator: str) -> str:
    if set(text) & {separator, '"', "\n", "\r"}:
        return '"' + text.replace('"', '""') + '"'
    return text


def csv_with(**cells: str) -> Callable[[], bytes]:
    return lambda: csv({**FLAT_TEXT, **cells}).encode()


def csv_address(name: str) -> str:
    return f"orders!{chr(65 + list(FLAT_TEXT).index(name))}2"


# --- what comes of them ---


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a file."""

    tables: WorkbookTables
    checked: CheckResult
    rows: tuple[Row, ...] = field(default=())

    def problems(self) -> list[tuple[str, str, str]]:
        """Code, severity and place."""
        return [(told.code, told.severity.value, told.where) for told in self.checked.problems]


def taken(content: bytes, name: str, reader: Callable[[bytes, str], WorkbookTables] = read_workbook) -> Found:
    tables = reader(content, name)
    checked = check(tables, CONTEXT)
    return Found(tables, checked, tuple(checked.rows()))


def on_the_wire(row: Row, name: str) -> str | None:
    entry = next(
        column(role, name)
        for role in (SheetRole.ORDERS, SheetRole.CUSTOMERS)
        if name in (ORDER if role is SheetRole.ORDERS else CUSTOMER)
    )
    return placeholder_values(row).get(entry.placeholders[0]) if entry.placeholders else row.values.get(name)
