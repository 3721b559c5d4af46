"""Held rows and the marketplace's orders: which of them are pairs that nobody can mistake."""

from dataclasses import replace
from typing import Any

import pytest
from sending_parts import NOW, Parts, brought, enlist, fails, order, seen

from bulk_orders.core.lifecycle import OrderRecord, State, Step
from bulk_orders.marketplace.interface import PlatformOrder, ReadFailed
from bulk_orders.sending.alike import look_alikes, pairs


def held(number: int, **changes: Any) -> OrderRecord:
    return order(number, state=State.HELD, **changes)


def paired(made: Parts, *rows: OrderRecord) -> dict[str, str]:
    """Order ids by reference."""
    alike = look_alikes(rows, marketplace=made.market, ledger=made.ledger, now=NOW)
    return {row.reference: entry.order_id for row, entry in pairs(rows, alike)}


def there(number: str, customer_id: str = "c1", po_number: str = "other", **changes: Any) -> PlatformOrder:
    return seen(order(1), number, customer_id=customer_id, po_number=po_number, **changes)


def test_a_hundred_and_fifty_rows_that_each_equal_one_order_are_paired_in_one_reading(made: Parts) -> None:
    rows = [held(number, customer_id=f"c{number}") for number in range(1, 151)]
    made.market.orders = [there(str(9000 + number), f"c{number}") for number in range(1, 151)]
    assert paired(made, *rows) == {f"R{number}": str(9000 + number) for number in range(1, 151)}
    assert made.market.asked == ["list"]


@pytest.mark.parametrize(
    ("rows", "orders"), [(1, 2), (2, 1), (2, 2)], ids=["two orders", "two rows", "two of each"]
)
def test_what_more_than_one_could_be_is_left_to_a_person(made: Parts, rows: int, orders: int) -> None:
    made.market.orders = [there(str(number)) for number in range(orders)]
    assert paired(made, *[held(number) for number in range(1, rows + 1)]) == {}


def test_an_order_under_a_rows_own_po_number_is_that_rows(made: Parts) -> None:
    made.market.orders = [there("1", po_number="PO-1"), there("2", po_number="PO-2")]
    assert paired(made, held(1, marker="PO-1"), held(2, marker="PO-2")) == {"R1": "1", "R2": "2"}


def test_the_same_po_number_on_other_content_is_no_sign(made: Parts) -> None:
    made.market.orders = [there("1", po_number="PO-1", products=({"mpn": "M2", "quantity": 1},))]
    assert paired(made, held(1, marker="PO-1")) == {}


@pytest.mark.parametrize("status", ["cancelled", "canceled"])
def test_a_cancelled_order_is_no_rows(made: Parts, status: str) -> None:
    made.market.orders = [there("1", status=status)]
    assert paired(made, held(1)) == {}


def test_an_order_that_another_row_has_is_not_free(made: Parts) -> None:
    enlist(made.ledger, order(2))
    brought(made.ledger, order(2), Step.BEGUN, Step.ACCEPTED, order_id="1")
    made.market.orders = [there("1")]
    assert paired(made, held(1)) == {}


def test_an_order_of_which_the_list_says_too_little_is_opened(made: Parts) -> None:
    whole = there("1")
    listed = replace(whole, products=None)
    made.market.happens = {"open": [lambda: made.market.orders.__setitem__(0, whole)]}
    made.market.orders = [listed]
    assert paired(made, held(1)) == {"R1": "1"}
    assert made.market.asked == ["list", "open"]


def test_a_reading_that_is_not_whole_pairs_nothing(made: Parts) -> None:
    made.market.orders = [there("1")]
    made.market.is_complete = False
    with pytest.raises(ReadFailed, match="not complete"):
        paired(made, held(1))
    made.market.is_complete = True
    made.market.happens = {"list": [fails(ReadFailed("No answer."))]}
    with pytest.raises(ReadFailed, match="No answer"):
        paired(made, held(1))


def test_without_held_rows_nothing_is_read(made: Parts) -> None:
    assert (paired(made), made.market.asked) == ({}, [])
