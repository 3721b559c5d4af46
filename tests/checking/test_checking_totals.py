"""Control totals of a workbook: agreed, nothing is said; differing or unread, nothing is sent."""

from dataclasses import replace

import pytest
from checking_tables import CONTEXT, EXISTING, ORDER, three_sheets

from bulk_orders.checking.check import CheckResult, check
from bulk_orders.core.control_totals import ControlTotals, StatedTotal

_ORDERS = [ORDER | {"reference": f"NOV-{number}", "quantity": str(number)} for number in (2, 3, 4)]
"""Nine licences."""


def checked(*totals: tuple[str, str], orders: list[dict[str, str]] | None = None) -> CheckResult:
    stated = tuple(
        StatedTotal(label=label, text=text, place=f"Start here!C{row}")
        for row, (label, text) in enumerate(totals, start=10)
    )
    tables = three_sheets(orders or _ORDERS, customers=[EXISTING])
    return check(replace(tables, stated_totals=stated), CONTEXT)


def told(result: CheckResult) -> list[tuple[str, str]]:
    return [(found.code, found.message) for found in result.problems if found.code.startswith("F-TOTAL")]


def test_totals_that_agree_say_nothing_and_are_kept_for_whoever_sends() -> None:
    result = checked(("Orders", "3"), ("Licences", "9"))
    assert (told(result), result.ready_count) == ([], 3)
    assert result.control_totals == ControlTotals(orders=3, licences=9)


def test_a_workbook_without_totals_states_nothing() -> None:
    assert not checked().control_totals.is_stated


def test_totals_that_differ_stop_all_rows_with_both_figures() -> None:
    result = checked(("Orders", "4"), ("Licences", "1,390"))
    assert told(result) == [
        ("F-TOTAL", "Control totals say 4 orders, 1,390 licences; the workbook has 3 orders, 9 licences."),
    ]
    assert (result.has_file_errors, result.ready_count) == (True, 0)


def test_a_total_that_cannot_be_read_stops_all_rows() -> None:
    result = checked(("Orders", "about 3"), ("Amount", "12"), ("Tenants", "1"))
    assert told(result) == [
        (
            "F-TOTAL-UNREAD",
            'The control total "Orders about 3" (Start here!C10) cannot be read: a whole number is expected.',
        ),
        (
            "F-TOTAL-UNREAD",
            'The control total "Amount 12" (Start here!C11) cannot be read: an amount such as USD 16205.00 is expected.',
        ),
        (
            "F-TOTAL-UNREAD",
            'The control total "Tenants 1" (Start here!C12) cannot be read: Orders, Licences or Amount is expected.',
        ),
    ]
    assert result.ready_count == 0


@pytest.mark.parametrize("left_out", [{"submit": "Skip"}])
def test_rows_that_are_left_out_do_not_count_and_rows_to_fix_do(left_out: dict[str, str]) -> None:
    orders = [_ORDERS[0], _ORDERS[1] | left_out, _ORDERS[2] | {"commitment": "a decade"}]
    result = checked(("Orders", "2"), ("Licences", "6"), orders=orders)
    assert (told(result), result.ready_count, result.error_row_count) == ([], 1, 1)


def test_what_the_marketplace_will_bill_is_not_known_to_the_check() -> None:
    assert told(checked(("Amount", "USD 1"))) == []
