"""Control totals as arithmetic: what is read of them, and when two of them differ."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.control_totals import (
    ControlTotals,
    Difference,
    StatedTotal,
    differences,
    exceeded,
    read_totals,
)

COUNTS = st.integers(0, 10**9)
AMOUNTS = st.dictionaries(st.sampled_from(["USD", "CAD", "EUR"]), st.decimals(0, 10**9, places=2), max_size=3)


def stated(*pairs: tuple[str, str]) -> list[StatedTotal]:
    return [StatedTotal(label=label, text=text, place="Start here!C10") for label, text in pairs]


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("Orders", "120", ControlTotals(orders=120)),
        (" orders ", "1,390", ControlTotals(orders=1390)),
        ("Licenses", "0", ControlTotals(licences=0)),
        ("Amount", "USD 16,205.00", ControlTotals(amounts={"USD": Decimal("16205.00")})),
        (
            "amount",
            "16205 usd; cad 300.5",
            ControlTotals(amounts={"USD": Decimal(16205), "CAD": Decimal("300.5")}),
        ),
    ],
)
def test_totals_are_read_as_people_type_them(label: str, text: str, expected: ControlTotals) -> None:
    assert read_totals(stated((label, text))) == (expected, ())


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Orders", ""),
        ("Orders", "about 120"),
        ("Orders", "120.5"),
        ("Orders", "1.390"),
        ("Orders", "13,90"),
        ("Orders", "-1"),
        ("Orders", "１２０ orders"),
        ("Amount", "16205"),
        ("Amount", "$ 16205"),
        ("Amount", "USD 16.205,00"),
        ("Amount", "USD 1; USD 2"),
        ("Amount", "USD 1; and some CAD"),
        ("Amount", "USD CAD"),
        ("Tenants", "3"),
    ],
)
def test_a_total_with_two_readings_or_none_is_not_read(label: str, text: str) -> None:
    totals, unread = read_totals(stated((label, text)))
    assert (totals.is_stated, [entry.label for entry in unread]) == (False, [label])


def test_the_second_total_of_the_same_thing_is_not_read() -> None:
    totals, unread = read_totals(
        stated(
            ("Orders", "1"), ("Orders", "2"), ("Amount", "USD 1"), ("Amount", "CAD 2"), ("Amount", "USD 1")
        )
    )
    assert totals == ControlTotals(orders=1, amounts={"USD": Decimal(1), "CAD": Decimal(2)})
    assert [entry.text for entry in unread] == ["2", "USD 1"]


@given(COUNTS, COUNTS, AMOUNTS)
def test_what_agrees_differs_in_nothing_and_exceeds_nothing(
    orders: int, licences: int, amounts: dict[str, Decimal]
) -> None:
    totals = ControlTotals(orders=orders, licences=licences, amounts=amounts)
    assert differences(totals, orders=orders, licences=licences, amounts=amounts) == ()
    assert exceeded(totals, orders=orders, licences=licences, amounts=amounts) == ()


@given(COUNTS, COUNTS, COUNTS, COUNTS, AMOUNTS.filter(bool), AMOUNTS)
def test_one_figure_more_or_less_is_one_difference_with_both(
    orders: int,
    licences: int,
    other: int,
    others: int,
    stated_amounts: dict[str, Decimal],
    amounts: dict[str, Decimal],
) -> None:
    totals = ControlTotals(orders=orders, licences=licences, amounts=stated_amounts)
    found = differences(totals, orders=other, licences=others, amounts=amounts)
    expected = {"orders": orders != other, "licences": licences != others} | {
        currency: stated_amounts.get(currency, 0) != amounts.get(currency, 0)
        for currency in stated_amounts.keys() | amounts.keys()
    }
    assert {one.what for one in found} == {what for what, differs in expected.items() if differs}
    assert all(one.stated != one.found for one in found)


@given(COUNTS, st.data())
def test_a_part_never_exceeds_and_more_always_does(orders: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, orders))
    totals = ControlTotals(orders=orders)
    assert exceeded(totals, orders=part, licences=10**9, amounts={"USD": Decimal(1)}) == ()
    assert exceeded(totals, orders=orders + 1 + part, licences=0, amounts={}) == (
        Difference(what="orders", stated=f"{orders:,}", found=f"{orders + 1 + part:,}"),
    )


def test_a_currency_that_nobody_stated_exceeds_and_one_that_nothing_costs_differs() -> None:
    totals = ControlTotals(amounts={"USD": Decimal(5)})
    assert [one.what for one in exceeded(totals, orders=1, licences=1, amounts={"CAD": Decimal(1)})] == [
        "CAD"
    ]
    assert [one.what for one in differences(totals, orders=1, licences=1, amounts={})] == ["USD"]
    assert differences(totals, orders=1, licences=1, amounts=None) == ()
