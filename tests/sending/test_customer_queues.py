"""The order of sending: what waits behind a doubtful order, and when it comes back."""

import threading
from typing import Any

import pytest
from sending_parts import order

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.sending.customer_queues import CustomerQueues

GOES_ON = threading.Event()


def taken(queues: CustomerQueues) -> list[str]:
    """References of what comes, each settled at once."""
    found = []
    while (one := queues.take(GOES_ON)) is not None:
        found.append(one.reference)
        queues.settled(one)
    return found


@pytest.fixture
def rows() -> list[OrderRecord]:
    """Four orders of one customer; the first and the third under one PO number."""
    return [order(n, marker="PO-1" if n in {1, 3} else f"PO-{n}") for n in range(1, 5)]


def test_behind_a_doubtful_order_those_go_on_that_look_different(clock: Any, rows: list[OrderRecord]) -> None:
    queues = CustomerQueues(rows, clock)
    first = queues.take(GOES_ON)
    assert first is not None
    queues.doubtful(first)
    assert taken(queues) == ["R2", "R4"]


@pytest.mark.parametrize("before", [0, 1, 2])
def test_what_was_set_aside_comes_back_when_the_doubtful_order_is_found(
    clock: Any, rows: list[OrderRecord], before: int
) -> None:
    queues = CustomerQueues(rows, clock)
    first = queues.take(GOES_ON)
    assert first is not None
    queues.doubtful(first)
    sent = []
    for _ in range(before):
        one = queues.take(GOES_ON)
        assert one is not None
        sent.append(one.reference)
        queues.settled(one)
    queues.found(first)
    queues.found(first)
    assert sorted(sent + taken(queues)) == ["R2", "R3", "R4"]


def test_what_comes_back_waits_for_the_order_of_its_customer_that_is_in_flight(
    clock: Any, rows: list[OrderRecord]
) -> None:
    queues = CustomerQueues([rows[0], rows[1], rows[2]], clock)
    first = queues.take(GOES_ON)
    assert first is not None
    queues.doubtful(first)
    second = queues.take(GOES_ON)
    queues.found(first)
    assert second is not None
    assert list(queues._ready) == []
    queues.settled(second)
    assert taken(queues) == ["R3"]
