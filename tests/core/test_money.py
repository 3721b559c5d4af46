"""First bills, commitments, sums and limits: arithmetic that people decide by."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.money import (
    Bill,
    Excess,
    Limits,
    Price,
    amount_of,
    bills_of,
    excesses,
    largest,
    total,
    totals_by,
)


def bill(**changes: Any) -> Bill:
    values = {
        "sheet_row": 2,
        "customer_id": "1",
        "mpn": "A",
        "licences": 3,
        "first": Decimal(10),
        "currency": "USD",
        "count": 12,
        "is_monthly": True,
    }
    return Bill(**{**values, **changes})


def record(**changes: Any) -> OrderRecord:
    body = {
        "customerId": "1000105563",
        "type": "sales",
        "subscriptionPeriod": changes.pop("term", {"type": "year", "duration": 1}),
        "products": [
            {
                "mpn": "A",
                "quantity": 3,
                "billingPeriod": changes.pop("billing", {"type": "month", "duration": 1}),
            }
        ],
    }
    values = {
        "key": "k1:a",
        "account": "here",
        "run_id": "",
        "sheet_row": 2,
        "reference": "",
        "customer_id": "1000105563",
        "mpn": "A",
        "quantity": "3",
        "domain": "",
        "marker": "PO",
        "body": json.dumps(body),
        "fingerprint": "f",
        **changes,
    }
    return OrderRecord(**values)


YEAR, MONTH, THREE = (
    {"type": "year", "duration": 1},
    {"type": "month", "duration": 1},
    {"type": "year", "duration": 3},
)


@pytest.mark.parametrize(
    ("term", "billing", "count"),
    [
        (MONTH, MONTH, 1),
        (YEAR, MONTH, 12),
        (YEAR, YEAR, 1),
        (THREE, MONTH, 36),
        (THREE, YEAR, 3),
        (THREE, THREE, 1),
        ({"type": "month", "duration": 6}, MONTH, 6),
        ({"type": "decade", "duration": 1}, MONTH, 1),
        (YEAR, None, 1),
    ],
)
def test_a_commitment_is_the_first_bill_times_its_bills(term: Any, billing: Any, count: int) -> None:
    (found,) = bills_of(
        [record(term=term, billing=billing)], {"k1:a": Price(amount=Decimal("12.60"), currency="USD")}
    )

    assert (found.count, found.committed) == (count, Decimal("12.60") * count)
    assert (found.licences, found.is_monthly) == (3, billing == MONTH)


def test_an_order_without_a_price_has_no_bill() -> None:
    assert bills_of([record()], {}) == []


def test_sums_are_kept_for_each_currency() -> None:
    bills = [bill(), bill(first=Decimal("0.10"), count=1), bill(currency="EUR", first=Decimal(7), count=1)]

    found = total(bills)

    assert (found.orders, found.licences) == (3, 9)
    assert found.first == {"USD": Decimal("10.10"), "EUR": Decimal(7)}
    assert found.committed == {"USD": Decimal("120.10"), "EUR": Decimal(7)}


def test_groups_come_with_the_largest_commitment_first() -> None:
    bills = [bill(mpn="A"), bill(mpn="B", count=36), bill(mpn="C", first=Decimal(1))]

    assert list(totals_by(bills, lambda one: one.mpn)) == ["B", "A", "C"]


def test_the_largest_order_of_each_currency_is_named() -> None:
    bills = [bill(sheet_row=2), bill(sheet_row=3, first=Decimal(11)), bill(sheet_row=4, currency="EUR")]

    assert [found.sheet_row for found in largest(bills)] == [3, 4]
    assert largest([]) == []


def test_each_limit_that_is_not_kept_is_told() -> None:
    bills = [bill(sheet_row=2), bill(sheet_row=3), bill(sheet_row=4, customer_id="2")]
    limits = Limits(
        in_all=Decimal(29), per_customer=Decimal(19), of_rows={2: Decimal("9.99"), 3: Decimal(10)}
    )

    assert excesses(bills, limits) == [
        Excess(amount=Decimal(30), currency="USD", limit=Decimal(29)),
        Excess(amount=Decimal(20), currency="USD", limit=Decimal(19), customer_id="1"),
        Excess(amount=Decimal(10), currency="USD", limit=Decimal("9.99"), sheet_row=2),
    ]


def test_what_equals_a_limit_keeps_to_it_and_no_limit_stops_nothing() -> None:
    kept = Limits(in_all=Decimal(10), per_customer=Decimal(10), of_rows={2: Decimal(10)})

    assert excesses([bill()], kept) == excesses([bill()], Limits()) == []
    assert (kept.are_any, Limits().are_any) == (True, False)


def test_a_limit_holds_for_each_currency_by_itself() -> None:
    bills = [bill(), bill(currency="EUR", first=Decimal(11))]

    assert [found.currency for found in excesses(bills, Limits(in_all=Decimal(10)))] == ["EUR"]


def test_a_credit_makes_no_room_for_other_orders() -> None:
    bills = [bill(first=Decimal(30)), bill(sheet_row=3, first=Decimal(-25))]
    for limits in (Limits(in_all=Decimal(10)), Limits(per_customer=Decimal(10))):
        assert [found.amount for found in excesses(bills, limits)] == [Decimal(30)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("100", "100"),
        (" 151.20 ", "151.20"),
        ("1,512.00", "1512.00"),
        ("1,234,567", "1234567"),
        *((text, None) for text in ("", "151,20", "1.512,00", "USD 100", "-1", "1e3", "12,34", "nan", "١٢")),
    ],
)
def test_an_amount_is_read_only_if_it_has_one_meaning(text: str, amount: str | None) -> None:
    assert amount_of(text) == (None if amount is None else Decimal(amount))


AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=2)


@given(st.lists(st.tuples(AMOUNTS, st.sampled_from("12"), st.sampled_from(["USD", "EUR"]))))
def test_sums_of_groups_add_up_to_the_whole(entries: list[tuple[Decimal, str, str]]) -> None:
    bills = [bill(first=amount, customer_id=who, currency=currency) for amount, who, currency in entries]
    groups = totals_by(bills, lambda one: one.customer_id).values()

    for currency, amount in total(bills).first.items():
        assert sum((group.first.get(currency, Decimal(0)) for group in groups), Decimal(0)) == amount


@given(st.lists(AMOUNTS, min_size=1), AMOUNTS)
def test_the_limit_of_all_is_told_exactly_when_the_sum_is_above_it(
    amounts: list[Decimal], limit: Decimal
) -> None:
    found = excesses([bill(first=amount) for amount in amounts], Limits(in_all=limit))

    assert bool(found) == (sum(amounts) > limit)
