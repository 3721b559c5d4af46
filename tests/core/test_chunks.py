"""Chunks can be sent beside each other: whatever an order has to wait for is in its own chunk."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.chunks import MOST_ORDERS, chunks_of
from bulk_orders.core.lifecycle import OrderRecord, State

few = st.sampled_from(["a", "b", "c", "d", "e", "f", "g"])
WANTED = st.lists(
    st.tuples(few, st.sampled_from(["", "", "x.example", "X.example", "y.example"])), max_size=60
)


def orders_of(wanted: Sequence[tuple[str, str]]) -> list[OrderRecord]:
    return [
        OrderRecord(
            key=f"k1:{number}",
            account="a",
            run_id="run-1",
            sheet_row=number + 2,
            reference="",
            customer_id=customer_id,
            mpn="M",
            quantity="1",
            domain=domain,
            marker=f"BO{number}",
            body="{}",
            fingerprint="f",
            state=State.PENDING,
            version=1,
        )
        for number, (customer_id, domain) in enumerate(wanted)
    ]


@given(WANTED)
def test_each_order_is_in_one_chunk_and_orders_that_depend_on_each_other_are_together(
    wanted: list[tuple[str, str]],
) -> None:
    orders = orders_of(wanted)
    chunks = chunks_of(orders)
    assert sorted((order for chunk in chunks for order in chunk), key=orders.index) == orders
    for what in (lambda order: order.customer_id, lambda order: order.domain.casefold()):
        for name in {what(order) for order in orders} - {""}:
            assert sum(any(what(order) == name for order in chunk) for chunk in chunks) == 1


@given(WANTED)
def test_chunks_and_their_orders_keep_the_order_of_the_rows(wanted: list[tuple[str, str]]) -> None:
    chunks = chunks_of(orders_of(wanted))
    assert all(chunks)
    firsts = [chunk[0].sheet_row for chunk in chunks]
    assert firsts == sorted(firsts)
    for chunk in chunks:
        rows = [order.sheet_row for order in chunk]
        assert rows == sorted(rows)


def test_two_customers_are_together_through_the_domain_that_a_third_has_in_common_with_each() -> None:
    wanted = [("a", "x.example"), *((f"other {n}", "") for n in range(100)), ("b", "y.example")]
    apart = chunks_of(orders_of(wanted))
    joined = chunks_of(orders_of([*wanted, ("c", "x.example"), ("c", "Y.example")]))
    assert len(apart[0]) < 20
    assert {"a", "b", "c"} <= {order.customer_id for order in joined[0]}


@pytest.mark.parametrize(("orders", "chunks", "largest"), [(1, 1, 1), (60, 12, 5), (2000, 20, MOST_ORDERS)])
def test_a_small_run_is_cut_finer_than_a_large_one(orders: int, chunks: int, largest: int) -> None:
    found = chunks_of(orders_of([(f"c{number}", "") for number in range(orders)]))
    assert (len(found), max(map(len, found))) == (chunks, largest)
