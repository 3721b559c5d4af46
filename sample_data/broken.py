"""The workbook in which every rule of the check is broken once, and the list of what must be found where.

Every row is a good one with one thing wrong; customers and products of a mistake belong to its row alone.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from bulk_orders.core.model import SheetRole
from bulk_orders.workbooks.cells import column_letters
from bulk_orders.workbooks.template import fill_template
from bulk_orders.workbooks.template_rules import template_columns
from bulk_orders.workbooks.template_sheets import FIRST_ROW, SHEET_NAMES

Values = dict[str, str]
_ORDERS, _CUSTOMERS, _PRODUCTS = SheetRole.ORDERS, SheetRole.CUSTOMERS, SheetRole.PRODUCTS
_FIRST_CUSTOMER: Final = 1_000_106_100
_PLACES: Final = ("Bay", "Bridge", "Creek", "Field", "Gate")
_OWN_DOMAIN: Final = "partner.example.com"
_TODAY: Final = date(2026, 11, 22)
_SAME_CUSTOMER: Final = frozenset({"W-DUP-ROW", "W-TENANT-REPEAT", "E-DUP-CUSTOMER"})
"""Pairs of rows that are a mistake because both are for one customer."""

_NEW: Final = {
    "tenant": "New tenant",
    "mca_accepted": "Yes",
    "agreement_date": "2026-10-02",
    "agreement_first_name": "Robin",
    "agreement_last_name": "Sample",
}
_DETAILS: Final = {
    "agreement_email": "robin@shop.example.com",
    "send_company_details": "Yes",
    "address": "1 Migration Way",
    "city": "Columbus",
    "state": "OH",
    "postal_code": "43004",
    "country": "US",
    "phone": "(614) 555-0100",
    "customer_email": "office@shop.example.com",
}


_DURATION: Final = "subscriptionPeriod.duration"
_BESIDES: Final = {"order_type": "Order type", _DURATION: _DURATION}
"""Columns that an export may have beside the template's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One row with one thing wrong."""

    code: str
    at: tuple[SheetRole, str] | None
    """The sheet and the column that the problem is told at; None for the workbook or a whole sheet."""
    order: Values = field(default_factory=dict)
    customer: Values = field(default_factory=dict)
    product: Values = field(default_factory=dict)
    again: int = 0
    """How many rows before it the problem is told of as well."""
    raw: Callable[[Any, int, int, Any], object] | None = None
    """Writes the cell itself: sheet, row from 0, column from 0, formats."""


def _new(**changes: str) -> Values:
    return {**_NEW, **changes}


def _detailed(**changes: str) -> Values:
    return {**_NEW, **_DETAILS, **changes}


MISTAKES: Final = (
    Mistake(code="E-EMPTY", at=(_ORDERS, "quantity"), order={"quantity": ""}),
    Mistake(code="E-NUMBER", at=(_ORDERS, "quantity"), order={"quantity": "5 seats"}),
    Mistake(code="E-RANGE", at=(_ORDERS, "quantity"), order={"quantity": "400"}),
    Mistake(code="E-LIST", at=(_ORDERS, "commitment"), order={"commitment": "Anual"}),
    Mistake(
        code="E-TERM-BILLING",
        at=(_ORDERS, "billing"),
        order={"commitment": "1 month", "billing": "Yearly, upfront"},
    ),
    Mistake(code="E-OFFERED", at=(_ORDERS, "commitment"), order={"commitment": "3 years"}),
    Mistake(code="E-CUSTOMER", at=(_ORDERS, "customer_id"), order={"customer_id": "4000"}),
    Mistake(code="E-PRODUCT", at=(_ORDERS, "mpn"), order={"mpn": "ZZZ9XXX0YYYY:0007"}),
    Mistake(
        code="E-ATTEST-OFFER",
        at=(_ORDERS, "offer_attestation"),
        order={"mpn": "CFQ7TTC0HX99:0001", "commitment": "1 month"},
    ),
    Mistake(code="E-LENGTH", at=(_ORDERS, "po_number"), order={"po_number": "PO-" + "1234567890" * 4}),
    Mistake(code="E-CHARS", at=(_ORDERS, "po_number"), order={"po_number": "PO\ufffd77"}),
    Mistake(code="E-DIGITS", at=(_ORDERS, "customer_id"), order={"customer_id": "C-1000105570"}),
    Mistake(
        code="E-LONG-ID",
        at=(_ORDERS, "customer_id"),
        raw=lambda sheet, row, at, _: sheet.write_number(row, at, 12345678901234567),
    ),
    Mistake(
        code="E-TYPE",
        at=(_ORDERS, "quantity"),
        raw=lambda sheet, row, at, _: sheet.write_boolean(row, at, True),
    ),
    Mistake(
        code="E-CELL-ERROR",
        at=(_ORDERS, "quantity"),
        raw=lambda sheet, row, at, _: sheet.write_formula(row, at, "=NA()", None, "#N/A"),
    ),
    Mistake(
        code="E-ORDER-TYPE",
        at=(_ORDERS, "order_type"),
        raw=lambda sheet, row, at, _: sheet.write_string(row, at, "change"),
    ),
    Mistake(
        code="E-DURATION",
        at=(_ORDERS, _DURATION),
        raw=lambda sheet, row, at, _: sheet.write_string(row, at, "3"),
    ),
    Mistake(code="I-TRIM", at=(_ORDERS, "po_number"), order={"po_number": "PO-27 "}),
    Mistake(code="I-NBSP", at=(_ORDERS, "po_number"), order={"po_number": "PO\u00a028"}),
    Mistake(code="I-WIDTH", at=(_ORDERS, "quantity"), order={"quantity": "１２"}),
    Mistake(
        code="I-ZERO-PADDED",
        at=(_CUSTOMERS, "postal_code"),
        customer=_detailed(state="MA", city="Boston"),
        raw=lambda sheet, row, at, formats: sheet.write_number(row, at, 2134, formats(num_format="00000")),
    ),
    Mistake(
        code="F-FORMULA-STALE",
        at=(_ORDERS, "quantity"),
        raw=lambda sheet, row, at, _: sheet.write_formula(row, at, "=2+3", None, ""),
    ),
    Mistake(
        code="F-MERGED",
        at=(_ORDERS, "reference"),
        raw=lambda sheet, row, at, formats: sheet.merge_range(row - 1, at, row, at, "NOV-BOTH", formats()),
    ),
    Mistake(code="I-QUOTES", at=(_ORDERS, "po_number"), order={"po_number": "“PO-29”"}),
    Mistake(
        code="W-DUP-PRODUCT",
        at=(_PRODUCTS, "mpn"),
        order={"mpn": "SAMPLE-TWICE"},
        product={"mpn": "SAMPLE-TWICE"},
    ),
    Mistake(
        code="W-PRODUCT",
        at=(_PRODUCTS, "quantity_max"),
        order={"mpn": "SAMPLE-LIMIT"},
        product={"mpn": "SAMPLE-LIMIT", "quantity_max": "many"},
    ),
    Mistake(code="E-DUP-REF", at=(_ORDERS, "reference"), order={"reference": "NOV-TWICE"}, again=1),
    Mistake(code="W-DUP-ROW", at=(_ORDERS, "mpn"), order={}, again=1),
    Mistake(code="W-TENANT-REPEAT", at=(_ORDERS, "customer_id"), customer=_new()),
    Mistake(code="E-COMPANY", at=(_CUSTOMERS, "company_name"), customer={"company_name": "Inc."}),
    Mistake(code="E-DOMAIN", at=(_CUSTOMERS, "domain"), customer=_new(domain="acme.example.com")),
    Mistake(code="F-EXAMPLE", at=(_CUSTOMERS, "domain"), customer=_new(domain="xxxxxxx.onmicrosoft.com")),
    Mistake(
        code="E-DOMAIN-DUP",
        at=(_CUSTOMERS, "domain"),
        customer=_new(domain="sharedname.onmicrosoft.com"),
        again=1,
    ),
    Mistake(code="E-DUP-CUSTOMER", at=(_CUSTOMERS, "customer_id"), again=1),
    Mistake(
        code="E-ATTEST-POR", at=(_CUSTOMERS, "partner_attestation"), customer={"partner_attestation": "No"}
    ),
    Mistake(code="E-MCA", at=(_CUSTOMERS, "mca_accepted"), customer={"tenant": "New tenant"}),
    Mistake(code="E-DATE", at=(_CUSTOMERS, "agreement_date"), customer=_new(agreement_date="soon")),
    Mistake(
        code="E-DATE-TEXT", at=(_CUSTOMERS, "agreement_date"), customer=_new(agreement_date="04/09/2022")
    ),
    Mistake(
        code="E-DATE-IMPOSSIBLE",
        at=(_CUSTOMERS, "agreement_date"),
        customer=_new(agreement_date="2022-02-30"),
    ),
    Mistake(
        code="E-DATE-FUTURE", at=(_CUSTOMERS, "agreement_date"), customer=_new(agreement_date="2027-12-01")
    ),
    Mistake(
        code="W-NOT-SENT",
        at=(_CUSTOMERS, "agreement_date"),
        customer={"mca_accepted": "", "agreement_date": "2026-10-02"},
    ),
    Mistake(
        code="E-NAME", at=(_CUSTOMERS, "agreement_first_name"), customer=_new(agreement_first_name="123")
    ),
    Mistake(
        code="W-PLACEHOLDER",
        at=(_CUSTOMERS, "agreement_first_name"),
        customer=_new(agreement_first_name="Test"),
    ),
    Mistake(
        code="E-EMAIL",
        at=(_CUSTOMERS, "agreement_email"),
        customer=_new(agreement_email="robin.shop.example.com"),
    ),
    Mistake(
        code="E-EMAIL-MICROSOFT",
        at=(_CUSTOMERS, "customer_email"),
        customer=_detailed(customer_email="shop@microsoft.com"),
    ),
    Mistake(
        code="E-EMAIL-OWN",
        at=(_CUSTOMERS, "customer_email"),
        customer=_detailed(customer_email="shop@partner.example.com"),
    ),
    Mistake(code="E-PHONE", at=(_CUSTOMERS, "phone"), customer=_detailed(phone="555-01")),
    Mistake(code="E-POSTAL", at=(_CUSTOMERS, "postal_code"), customer=_detailed(postal_code="430045")),
    Mistake(
        code="W-ZERO",
        at=(_CUSTOMERS, "postal_code"),
        customer=_detailed(postal_code="2134", state="MA", city="Boston"),
    ),
    Mistake(code="E-STATE", at=(_CUSTOMERS, "state"), customer=_detailed(state="Ohioo")),
    Mistake(code="E-COUNTRY", at=(_CUSTOMERS, "country"), customer=_detailed(country="XQ", state="Ohio")),
    Mistake(code="I-CASE", at=(_CUSTOMERS, "country"), customer=_detailed(country="us")),
    Mistake(
        code="W-EXISTING-DETAILS",
        at=(_CUSTOMERS, "send_company_details"),
        customer={
            **_DETAILS,
            "mca_accepted": "Yes",
            "agreement_date": "2026-10-02",
            "agreement_first_name": "Robin",
            "agreement_last_name": "Sample",
        },
    ),
    Mistake(code="W-MCA-LINK", at=None),
    Mistake(code="F-HIDDEN", at=None),
)
"""In the order of their rows."""


@dataclass(slots=True)
class _Sheets:
    orders: list[Values] = field(default_factory=list)
    customers: list[Values] = field(default_factory=list)
    products: list[Values] = field(default_factory=list)


def make_broken(path: Path, catalogue: list[Values]) -> None:
    """Write the workbook, and `….problems.json` beside it: a list of `{"code", "cells"}`."""
    rows = _Sheets(products=list(catalogue))
    expected: list[dict[str, Any]] = []
    raw: list[tuple[SheetRole, int, int, Callable[[Any, int, int, Any], object]]] = []
    hidden: list[int] = []
    for mistake in MISTAKES:
        _add(rows, mistake, is_second=False)
        if _is_pair(mistake):
            _add(rows, mistake, is_second=True)
        row = FIRST_ROW - 1 + len(rows.orders)
        if mistake.raw and mistake.at:
            role, name = mistake.at
            count = len(rows.orders if role is _ORDERS else rows.customers)
            raw.append((role, FIRST_ROW - 2 + count, _index(role, name), mistake.raw))
        if mistake.code == "F-HIDDEN":
            hidden.append(row)
        expected.append({"code": mistake.code, "cells": _cells(rows, mistake)})

    def afterwards(sheets: Mapping[SheetRole, Any], formats: Any) -> None:
        for name, header in _BESIDES.items():
            sheets[_ORDERS].write_string(FIRST_ROW - 2, _index(_ORDERS, name), header)
        for role, row, at, write in raw:
            write(sheets[role], row, at, formats)
        for row in hidden:
            sheets[_ORDERS].set_row(row - 1, None, None, {"hidden": True})

    filled = {_ORDERS: rows.orders, _CUSTOMERS: rows.customers, _PRODUCTS: rows.products}
    with path.open("wb") as file:
        fill_template(
            file, filled, len(rows.orders), own_domain=_OWN_DOMAIN, today=_TODAY, afterwards=afterwards
        )
    listing = path.with_suffix(".problems.json")
    listing.write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _is_pair(mistake: Mistake) -> bool:
    """Whether it takes two rows to make the mistake."""
    return bool(mistake.again) or mistake.code in {"W-DUP-PRODUCT", "W-TENANT-REPEAT"}


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
            "quantity": "4" if mistake.code == "W-DUP-ROW" else str(5 + number % 7),
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
    if mistake.at is None:
        return []
    role, name = mistake.at
    count = {_ORDERS: len(rows.orders), _CUSTOMERS: len(rows.customers), _PRODUCTS: len(rows.products)}[role]
    last = FIRST_ROW - 1 + count
    letters = column_letters(_index(role, name))
    told = mistake.again or (mistake.code == "W-DUP-PRODUCT")
    return [f"{SHEET_NAMES[role]}!{letters}{row}" for row in range(last - told, last + 1)]


def _index(role: SheetRole, name: str) -> int:
    besides = _BESIDES if role is _ORDERS else ()
    return [*(entry.name for entry in template_columns(role)), *besides].index(name)
