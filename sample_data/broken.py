"""The workbook in which every rule for rows and cells is broken once, and the list of what must be found where.

Every row is a good one with one thing wrong; customers and products of a mistake belong to its row alone. What stops a
whole workbook, or is wrong in the flat form only, is in `broken_layouts`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from broken_list import Found, write_list
from broken_mistakes import BESIDES, MISTAKES, WHOLE_SHEET, Mistake, Values

from bulk_orders.core.model import SheetRole
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.settings.profiles import PRACTICE_PROFILE
from bulk_orders.writing.template.formulas import template_columns
from bulk_orders.writing.template.sheets import FIRST_ROW, SHEET_NAMES
from bulk_orders.writing.template.write import fill_template

_ORDERS, _CUSTOMERS, _PRODUCTS = SheetRole.ORDERS, SheetRole.CUSTOMERS, SheetRole.PRODUCTS
_FIRST_CUSTOMER: Final = 1_000_106_100
_SECOND_ORDER: Final = {
    "Your reference": "DEC-0001",
    "Customer ID": f"{_FIRST_CUSTOMER}",
    "Product (MPN)": "CFQ7TTC0LH18:0001",
    "Quantity": "5",
    "Commitment": "1 year",
    "Billing": "Monthly",
    "Offer attestation": "No",
}
_PLACES: Final = ("Bay", "Bridge", "Creek", "Field", "Gate")
_TODAY: Final = date(2026, 11, 22)
_SAME_CUSTOMER: Final = frozenset({"W-DUP-ROW", "W-TENANT-REPEAT", "E-DUP-CUSTOMER"})
"""Pairs of rows that are a mistake because both are for one customer."""
_SECOND_SHEET: Final = "December"
_IGNORED_SHEET: Final = "Remarks"


@dataclass(slots=True)
class _Sheets:
    orders: list[Values] = field(default_factory=list)
    customers: list[Values] = field(default_factory=list)
    products: list[Values] = field(default_factory=list)


def make_broken(path: Path, catalogue: list[Values]) -> None:
    """Write the workbook, and beside it the list of what must be found."""
    rows = _Sheets(products=list(catalogue))
    expected = [Found("F-SECOND-SHEET", _SECOND_SHEET), Found("F-IGNORED-SHEET", _IGNORED_SHEET)]
    raw: list[tuple[SheetRole, int, int, Callable[[Any, int, int, Any], object]]] = []
    hidden: list[int] = []
    for mistake in MISTAKES:
        _add(rows, mistake, is_second=False)
        if mistake.pair:
            _add(rows, mistake, is_second=True)
        row = FIRST_ROW - 1 + len(rows.orders)
        if mistake.raw:
            role, name = mistake.at
            count = len(rows.orders if role is _ORDERS else rows.customers)
            raw.append((role, FIRST_ROW - 2 + count, _index(role, mistake.raw_at or name), mistake.raw))
        if mistake.code == "F-HIDDEN":
            hidden.append(row)
        expected.append(Found(mistake.code, SHEET_NAMES[mistake.at[0]], _cells(rows, mistake)))

    def afterwards(book: Any, sheets: Mapping[SheetRole, Any], formats: Any) -> None:
        _add_sheets(book)
        book.calc_on_load = False  # as Excel has saved it, whose formulas have results
        hidden_column = _index(_CUSTOMERS, "special_qualifications")
        sheets[_CUSTOMERS].set_column(hidden_column, hidden_column, None, None, {"hidden": True})
        for name, header in BESIDES.items():
            sheets[_ORDERS].write_string(FIRST_ROW - 2, _index(_ORDERS, name), header)
        for role, row, at, write in raw:
            write(sheets[role], row, at, formats)
        for row in hidden:
            sheets[_ORDERS].set_row(row - 1, None, None, {"hidden": True})

    filled = {_ORDERS: rows.orders, _CUSTOMERS: rows.customers, _PRODUCTS: rows.products}
    with path.open("wb") as file:
        fill_template(
            file,
            filled,
            len(rows.orders),
            own_domain=PRACTICE_PROFILE.own_domain,
            today=_TODAY,
            afterwards=afterwards,
        )
    write_list(path, expected, [*SHEET_NAMES.values()])


def _add_sheets(book: Any) -> None:
    """A second sheet with an order, which is not sent, and one that is not read at all."""
    second = book.add_worksheet(_SECOND_SHEET)
    for column, (header, value) in enumerate(_SECOND_ORDER.items()):
        second.write_string(0, column, header)
        second.write_string(1, column, value)
        second.set_column(column, column, 20)
    book.add_worksheet(_IGNORED_SHEET).write_string(0, 0, "Ask sales about the December orders.")


def _add(rows: _Sheets, mistake: Mistake, *, is_second: bool) -> None:
    number = len(rows.orders)
    keeps_customer = is_second and mistake.code in _SAME_CUSTOMER
    if not keeps_customer:
        rows.customers.append(_customer(len(rows.customers), mistake))
    elif mistake.code == "E-DUP-CUSTOMER":
        rows.customers.append(dict(rows.customers[-1]))
    if mistake.product:
        usual = {
            "product_name": "Sample product",
            "quantity_min": "1",
            "quantity_max": "300",
            "currency": "USD",
        }
        rows.products.append({**usual, **mistake.product})
    rows.orders.append(
        {
            "reference": f"NOV-{number + 1:04}",
            "customer_id": rows.customers[-1]["customer_id"],
            "mpn": "CFQ7TTC0LH18:0001",
            "quantity": str(5 + number % 7),
            "commitment": "1 year",
            "billing": "Monthly",
            "offer_attestation": "No",
            **mistake.order,
            "order_note": mistake.code,
        }
    )


def _customer(number: int, mistake: Mistake) -> Values:
    return {
        "customer_id": f"{_FIRST_CUSTOMER + number}",
        "company_name": f"Amber {_PLACES[number % len(_PLACES)]} Shop {number + 1}",
        "tenant": "Existing tenant",
        "domain": f"ambershop{number + 1}.onmicrosoft.com",
        "partner_attestation": "Yes",
        "mca_accepted": "Already on file",
        **mistake.customer,
    }


def _cells(rows: _Sheets, mistake: Mistake) -> list[str]:
    role, name = mistake.at
    if name == WHOLE_SHEET:
        return []
    count = {_ORDERS: len(rows.orders), _CUSTOMERS: len(rows.customers), _PRODUCTS: len(rows.products)}[role]
    last = FIRST_ROW - 1 + count
    letters = column_letters(_index(role, name))
    first = last - 1 if mistake.pair == "both" else last
    return [f"{letters}{row}" for row in range(first, last + 1)]


def _index(role: SheetRole, name: str) -> int:
    besides = BESIDES if role is _ORDERS else ()
    return [*(entry.name for entry in template_columns(role)), *besides].index(name)
