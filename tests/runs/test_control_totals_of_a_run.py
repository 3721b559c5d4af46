"""Control totals in place of a typed number: what is sent is what they state or a part of it, or nothing is."""

import json
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from sending.sending_parts import order

from bulk_orders.core.control_totals import StatedTotal, read_totals
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.money import Price
from bulk_orders.errors import GuardStopped
from bulk_orders.runs.control_totals import estimated_problems, refuse_differences


def an_order(number: int) -> OrderRecord:
    line = {"mpn": "M1", "quantity": number, "billingPeriod": {"type": "month", "duration": 1}}
    body = {"customerId": "c1", "subscriptionPeriod": {"type": "year", "duration": 1}, "products": [line]}
    return order(number, quantity=str(number), body=json.dumps(body))


ORDERS = [an_order(number) for number in (1, 2, 3)]
"""Six licences, which cost 10, 20 and 30 at first."""


def checked(*totals: tuple[str, str], rows: int = 3) -> Any:
    stated, unread = read_totals(StatedTotal(label=label, text=text, place="") for label, text in totals)
    assert unread == ()
    return SimpleNamespace(control_totals=stated, ready_count=rows, error_row_count=0)


PRICES = {one.key: Price(amount=Decimal(int(one.quantity) * 10), currency="USD") for one in ORDERS}


@pytest.mark.parametrize(
    "totals",
    [
        (("orders", "3"),),
        (("orders", "3"), ("licences", "6")),
        (("orders", "3"), ("licences", "6"), ("amount", "USD 60")),
    ],
)
def test_totals_that_agree_approve(totals: tuple[tuple[str, str], ...]) -> None:
    refuse_differences(checked(*totals), ORDERS, PRICES)


def test_a_part_of_what_is_stated_is_approved() -> None:
    refuse_differences(checked(("orders", "3"), ("licences", "6"), ("amount", "USD 60")), ORDERS[:1], PRICES)


@pytest.mark.parametrize(
    ("totals", "rows", "why"),
    [
        ((("orders", "2"),), 2, "say 2 orders; the workbook has 3 orders"),
        ((("orders", "3"), ("amount", "USD 61")), 3, "say USD 61.00; the workbook has USD 60.00"),
        ((("orders", "9"), ("amount", "USD 59")), 9, "say USD 59.00; the workbook has USD 60.00"),
        ((("orders", "9"), ("amount", "CAD 90")), 9, "say USD 0.00; the workbook has USD 60.00"),
    ],
)
def test_what_is_not_stated_is_not_sent(totals: tuple[tuple[str, str], ...], rows: int, why: str) -> None:
    with pytest.raises(GuardStopped, match=why):
        refuse_differences(checked(*totals, rows=rows), ORDERS, PRICES)


def test_a_missing_price_approves_nothing() -> None:
    some = {key: price for key, price in PRICES.items() if key != ORDERS[2].key}
    with pytest.raises(GuardStopped, match="no price for 1 order"):
        refuse_differences(checked(("orders", "3"), ("amount", "USD 30")), ORDERS, some)


def test_prices_are_not_needed_where_no_amount_is_stated() -> None:
    refuse_differences(checked(("orders", "3")), ORDERS, {})
    refuse_differences(checked(), ORDERS, {})


def test_an_estimate_of_all_rows_is_compared_and_of_a_part_only_its_excess() -> None:
    part = {key: price for key, price in PRICES.items() if key != ORDERS[2].key}
    stated = checked(("amount", "USD 61"))
    assert [found.code for found in estimated_problems(stated, ORDERS, PRICES)] == ["F-TOTAL"]
    assert estimated_problems(stated, ORDERS, part) == ()
    assert estimated_problems(checked(), ORDERS, PRICES) == ()
