"""Rows that are no orders have one problem each: that they are there."""

from collections.abc import Mapping

import pytest
from checking_tables import EXISTING, ORDER, found, three_sheets

from bulk_orders.core.columns.table import columns_of
from bulk_orders.core.model import SheetColumn, SheetRole

_HEADERS = {entry.name: entry.header for entry in columns_of(SheetRole.ORDERS)}
_ORDERS = [ORDER | {"reference": f"NOV-{number}", "quantity": str(number)} for number in (2, 3)]


def _told(row: Mapping[str, str]) -> list[tuple[str, str]]:
    extra = [SheetColumn(letter="Z", header="Colour")]
    return found(three_sheets([*_ORDERS, row], customers=[EXISTING], extra=extra))


@pytest.mark.parametrize(
    "row",
    [
        _HEADERS,
        {name: f"{header} *" for name, header in _HEADERS.items()},
        {"customer_id": "customerId", "mpn": "products[].mpn", "quantity": "Qty", "commitment": "Term"},
        _HEADERS | {"order_note": "copied"},
    ],
)
def test_a_copied_row_of_headers_is_one_problem(row: Mapping[str, str]) -> None:
    (problem,) = _told(row)
    assert problem[0] == "E-NO-ORDER"


@pytest.mark.parametrize(
    "row",
    [
        {"reference": "Total", "quantity": "7"},
        {"customer_id": "TOTAL", "quantity": "7"},
        {"mpn": "Grand total:", "quantity": "7"},
        {"order_note": "Sub-total", "quantity": "7"},
        {"Colour": "Summe", "quantity": "5"},
        {"Colour": "Gesamt", "quantity": "7"},
        {"reference": "Σ", "quantity": "7"},
        {"reference": "Összesen:", "quantity": "7"},
        {"reference": "Totals"},
        {"quantity": "5"},
    ],
)
def test_a_row_of_totals_is_one_problem(row: Mapping[str, str]) -> None:
    (problem,) = _told(row)
    assert problem[0] == "E-NO-ORDER"


@pytest.mark.parametrize(
    "row",
    [
        ORDER | {"reference": "Total-1", "quantity": "9"},
        ORDER | {"order_note": "Total of last month", "quantity": "9"},
        ORDER | {"order_note": "Quantity", "quantity": "9"},
    ],
)
def test_an_order_is_none_of_them(row: Mapping[str, str]) -> None:
    assert not _told(row)


def test_a_row_with_a_quantity_that_is_no_sum_is_an_order_with_cells_missing() -> None:
    assert ("E-EMPTY", "Orders!D6") in _told({"quantity": "6"})
    assert ("E-EMPTY", "Orders!D6") in _told({"reference": "Totally new", "quantity": "6"})


def test_a_row_that_is_skipped_is_not_told() -> None:
    assert not _told({"submit": "Skip", "reference": "Total", "quantity": "7"})
