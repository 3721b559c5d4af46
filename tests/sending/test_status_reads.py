"""What `status` asks the marketplace: pages of lists, and an order alone only where a list says too little."""

from dataclasses import replace
from typing import Any

import pytest
from sending_parts import RUN, Parts, Shelf, brought, enlist, fails, order, seen

from bulk_orders.core.lifecycle import OrderRecord, Step
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import PlatformSubscription, ReadFailed
from bulk_orders.runs.follow import OPENED_AT_ONCE, _ask, _to_ask


class Subscribing(Shelf):
    """Lists a subscription for each order; `names_orders` says whether it tells which order made it."""

    def __init__(self, *, names_orders: bool) -> None:
        super().__init__()
        self.names_orders = names_orders
        self.in_details = False

    def get_order(self, order_id: str) -> Any:
        found = super().get_order(order_id)
        return replace(found, subscription_id=f"S{order_id}") if found and self.in_details else found

    def list_subscriptions(self, *, customer_id: str, created_from: Any = None) -> Any:
        self._ask("subscriptions")
        return tuple(
            PlatformSubscription(
                subscription_id=f"S{entry.order_id}",
                order_ids=(entry.order_id,) if self.names_orders else (),
            )
            for entry in self.orders
        )


def accepted(made: Parts, number: int, status: str = "completed") -> list[OrderRecord]:
    """So many orders that were accepted; the marketplace says `status` by now."""
    rows = [order(n, customer_id=f"c{n}") for n in range(1, number + 1)]
    enlist(made.ledger, *rows)
    for row in rows:
        brought(made.ledger, row, Step.BEGUN, Step.ACCEPTED, order_id=str(row.sheet_row))
    made.market.orders = [seen(row, str(row.sheet_row), status=status) for row in rows]
    return rows


def asked(made: Parts) -> list[str]:
    """What one asking asks."""
    made.market.asked.clear()
    services = made.services()
    assert _ask(services, _to_ask(services, RUN)) == 0
    return list(made.market.asked)


@pytest.mark.parametrize("number", [OPENED_AT_ONCE + 1, 300])
def test_many_completed_orders_are_two_lists_and_are_never_asked_about_again(
    clock: Clock, number: int
) -> None:
    made = Parts(clock=clock, market=Subscribing(names_orders=True), ledger=MemoryLedger())
    rows = accepted(made, number)
    assert asked(made) == ["list", "subscriptions"]
    assert {made.fresh(row).subscription_id for row in rows} == {f"S{row.sheet_row}" for row in rows}
    assert asked(made) == []


def test_where_subscriptions_do_not_name_their_order_a_few_orders_are_opened_each_time(clock: Clock) -> None:
    market = Subscribing(names_orders=False)
    market.in_details = True
    made = Parts(clock=clock, market=market, ledger=MemoryLedger())
    rows = accepted(made, OPENED_AT_ONCE * 2 + 1)
    assert asked(made) == ["list", "subscriptions"]
    assert asked(made) == ["list", *["open"] * OPENED_AT_ONCE]
    assert asked(made) == ["list", *["open"] * OPENED_AT_ONCE]
    assert asked(made) == ["list", "open"]
    assert {made.fresh(row).subscription_id for row in rows} == {f"S{row.sheet_row}" for row in rows}
    assert asked(made) == []


def test_orders_that_are_being_set_up_are_one_list(clock: Clock) -> None:
    made = Parts(clock=clock, market=Subscribing(names_orders=True), ledger=MemoryLedger())
    accepted(made, 50, status="processing")
    assert asked(made) == ["list"]


def test_an_order_that_is_not_on_the_list_is_asked_about_alone(clock: Clock) -> None:
    made = Parts(clock=clock, market=Subscribing(names_orders=True), ledger=MemoryLedger())
    accepted(made, 2, status="processing")
    gone = made.market.orders.pop()
    assert asked(made) == ["list", "open"]
    made.market.orders.append(replace(gone, status=""))
    assert asked(made) == ["list", "open"]


def test_a_list_that_cannot_be_read_counts_for_all_its_orders(clock: Clock) -> None:
    made = Parts(clock=clock, market=Subscribing(names_orders=True), ledger=MemoryLedger())
    accepted(made, 3)
    made.market.happens = {"list": [fails(ReadFailed("No answer."))]}
    services = made.services()
    assert _ask(services, _to_ask(services, RUN)) == 3
