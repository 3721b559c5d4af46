"""The column Maximum price: read, compared with the marketplace's price, told on its cell, and never sent."""

from decimal import Decimal

import pytest
from runs.online_parts import Desk, book, checked_book, order, places

from bulk_orders.core.money import Limits, bills_of, excesses
from bulk_orders.runs.money_limits import limits_of, too_dear


def priced(*limits: str) -> Desk:
    rows = [[*order(number, Quantity=str(number)), limit] for number, limit in enumerate(limits, 1)]
    return Desk(book(rows, also=["Maximum price"]))


def test_rows_that_cost_more_than_they_may_are_told_on_the_cell_with_the_limit() -> None:
    desk = priced("4.20", "8.39", "", "100")
    said = desk.ask(is_online=False)
    limits = limits_of(desk.checked, said.orders, in_all=Decimal(5))

    found = [
        too_dear(desk.checked, excess)
        for excess in excesses(bills_of(said.orders, said.prices), Limits(of_rows=limits.of_rows))
    ]

    assert limits == Limits(
        in_all=Decimal(5), of_rows={2: Decimal("4.20"), 3: Decimal("8.39"), 5: Decimal(100)}
    )
    assert places(found) == [("O-PRICE", "Orders!H3")]
    assert found[0].message == "The first bill is USD 8.40, more than the 8.39 that the row may cost."


@pytest.mark.parametrize("typed", ["4,20", "USD 5", "a lot", "-1"])
def test_a_limit_that_cannot_be_read_is_an_error_and_not_no_limit(typed: str) -> None:
    content = book([[*order(1), typed]], also=["Maximum price"])

    assert places(checked_book(content).problems) == [("E-MAX-PRICE", "Orders!H2")]


def test_a_limit_is_not_sent_and_makes_no_other_order() -> None:
    with_limit, without = priced("4.20"), Desk(book([order(1, Quantity="1")]))

    assert [found.body for found in with_limit.ask(is_online=False).orders] == [
        found.body for found in without.ask(is_online=False).orders
    ]
