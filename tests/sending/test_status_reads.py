"""What `status` asks the marketplace: pages of lists, and an order alone only where a list says too little."""

from dataclasses import replace
from typing import Any

import pytest
from sending_parts import NOW, RUN, Parts, Shelf, brought, enlist, fails, order, seen

from bulk_orders.core.following import SLOW_AFTER
from bulk_orders.core.lifecycle import OrderRecord, Step
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import PlatformSubscription, ReadFailed
from bulk_orders.runs.follow import FEW_SUBSCRIPTIONS, ask_until_over
from bulk_orders.runs.orders_asked import (
    OPENED_AFTER_A_LIST,
    OPENED_AGAIN_AFTER_S,
    OPENED_AT_ONCE,
    OrdersAsked,
)
from bulk_orders.sending.events import WaitBegun


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
        brought(made.ledger, row, Step.BEGUN, Step.ACCEPTED, order_id=str(row.sheet_row), accepted_at=NOW)
    made.market.orders = [seen(row, str(row.sheet_row), status=status) for row in rows]
    return rows


def asked(made: Parts) -> list[str]:
    """What one asking asks."""
    made.market.asked.clear()
    services = made.services()
    assert OrdersAsked(services, RUN).ask() == 0
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
    assert asked(made) == ["list", "subscriptions", *["open"] * OPENED_AFTER_A_LIST]
    assert asked(made) == ["list", *["open"] * OPENED_AT_ONCE]
    assert asked(made) == ["list", *["open"] * (OPENED_AT_ONCE + 1 - OPENED_AFTER_A_LIST)]
    assert {made.fresh(row).subscription_id for row in rows} == {f"S{row.sheet_row}" for row in rows}
    assert asked(made) == []


@pytest.mark.parametrize(("in_details", "asked_for"), [(True, 4), (False, 2)])
def test_subscriptions_are_asked_for_as_long_as_there_are_more_of_them_each_time(
    clock: Clock, in_details: bool, asked_for: int
) -> None:
    made = Parts(clock=clock, market=Subscribing(names_orders=False), ledger=MemoryLedger())
    made.market.in_details = in_details
    rows = accepted(made, OPENED_AT_ONCE * 3 + 1)
    assert ask_until_over(made.services(), RUN, wait_s=600.0) == 0
    assert made.market.asked.count("list") == asked_for
    assert {made.fresh(row).subscription_id for row in rows} == (
        {f"S{row.sheet_row}" for row in rows} if in_details else {""}
    )


def test_the_subscriptions_of_very_many_orders_are_not_waited_for(clock: Clock) -> None:
    made = Parts(clock=clock, market=Subscribing(names_orders=False), ledger=MemoryLedger())
    made.market.in_details = True
    accepted(made, FEW_SUBSCRIPTIONS + OPENED_AT_ONCE + 1)
    assert ask_until_over(made.services(), RUN, wait_s=600.0) == 0
    assert made.market.asked == ["sign in", "list", "subscriptions", *["open"] * OPENED_AFTER_A_LIST]


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
    assert OrdersAsked(services, RUN).ask() == 3


def opened(made: Parts) -> list[str]:
    """The orders whose own pages one asking opens."""
    before = len(made.market.opened)
    asked(made)
    return made.market.opened[before:]


class Paging(Subscribing):
    """Keeps which orders were opened; an own page says more than the list."""

    def __init__(self) -> None:
        super().__init__(names_orders=True)
        self.opened: list[str] = []
        self.pages: dict[str, dict[str, Any]] = {}

    def get_order(self, order_id: str) -> Any:
        self.opened.append(order_id)
        found = super().get_order(order_id)
        return replace(found, **{"acceptance_link": "", **self.pages.get(order_id, {})})


@pytest.fixture
def paging(clock: Clock) -> Parts:
    return Parts(clock=clock, market=Paging(), ledger=MemoryLedger())


def test_a_scheduled_order_is_opened_once_for_its_day(paging: Parts) -> None:
    rows = accepted(paging, 3, status="scheduled")
    paging.market.pages = {str(row.sheet_row): {"scheduled_for": "2027-03-01"} for row in rows}
    assert asked(paging) == ["list", "open", "open", "open"]
    assert asked(paging) == ["list"]
    assert {paging.fresh(row).scheduled_for for row in rows} == {"2027-03-01"}


def test_slow_orders_are_opened_for_a_customers_link_a_few_each_time_and_each_in_its_turn(
    paging: Parts, clock: Any
) -> None:
    rows = accepted(paging, 3 * OPENED_AT_ONCE, status="processing")
    link = "https://admin.example/accept?request=1"
    paging.market.pages = {str(rows[-1].sheet_row): {"acceptance_link": link}}
    clock.advance(SLOW_AFTER.total_seconds())
    services = paging.services()
    follower = OrdersAsked(services, RUN)
    for _ in range(3):
        assert follower.ask() == 0
    assert len(set(paging.market.opened)) == len(paging.market.opened) == 3 * OPENED_AT_ONCE
    assert [paging.fresh(row).acceptance_link for row in rows] == [""] * (len(rows) - 1) + [link]
    assert follower.ask() == 0
    assert len(paging.market.opened) == 3 * OPENED_AT_ONCE
    clock.advance(OPENED_AGAIN_AFTER_S)
    assert follower.ask() == 0
    assert len(paging.market.opened) == 4 * OPENED_AT_ONCE


def test_commands_that_ask_once_open_others_from_minute_to_minute(paging: Parts, clock: Any) -> None:
    accepted(paging, 3 * OPENED_AT_ONCE, status="processing")
    clock.advance(SLOW_AFTER.total_seconds())
    seen_at_all: set[str] = set()
    for _ in range(3):
        seen_at_all.update(opened(paging))
        clock.advance(60.0)
    assert len(seen_at_all) == 3 * OPENED_AT_ONCE


def test_a_link_goes_once_the_customer_has_accepted(paging: Parts, clock: Any) -> None:
    (row,) = accepted(paging, 1, status="processing")
    clock.advance(SLOW_AFTER.total_seconds())
    paging.market.pages = {str(row.sheet_row): {"acceptance_link": "https://admin.example/accept"}}
    asked(paging)
    waiting = paging.fresh(row).acceptance_link
    paging.market.pages = {}
    asked(paging)
    assert (waiting, paging.fresh(row).acceptance_link) == ("https://admin.example/accept", "")


def test_an_order_that_is_listed_as_completed_waits_for_nobody_any_more(paging: Parts, clock: Any) -> None:
    (row,) = accepted(paging, 1, status="processing")
    clock.advance(SLOW_AFTER.total_seconds())
    paging.market.pages = {str(row.sheet_row): {"acceptance_link": "https://admin.example/accept"}}
    asked(paging)
    paging.market.pages = {str(row.sheet_row): {"microsoft_ids": "csp_order_id 1a2b"}}
    paging.market.orders = [replace(entry, status="completed") for entry in paging.market.orders]
    asked(paging)
    told = paging.fresh(row)
    assert (told.platform_status, told.acceptance_link, told.microsoft_ids) == (
        "completed",
        "",
        "csp_order_id 1a2b",
    )


def waits_told(made: Parts, wait_s: float) -> list[str]:
    told: list[str] = []

    def listen(event: object) -> None:
        if isinstance(event, WaitBegun):
            told.append(event.what)

    ask_until_over(made.services(observer=listen), RUN, wait_s=wait_s)
    return told


def test_scheduled_orders_are_not_waited_for(paging: Parts) -> None:
    rows = accepted(paging, 2, status="scheduled")
    paging.market.pages = {str(row.sheet_row): {"scheduled_for": "2027-03-01"} for row in rows}
    assert len(waits_told(paging, 600.0)) == 1
    assert paging.market.asked.count("list") == 1


def test_days_of_scheduled_orders_are_asked_for_until_all_are_known(paging: Parts) -> None:
    rows = accepted(paging, FEW_SUBSCRIPTIONS + 2 * OPENED_AT_ONCE + 1, status="scheduled")
    paging.market.pages = {str(row.sheet_row): {"scheduled_for": "2027-03-01"} for row in rows}
    told = waits_told(paging, 3600.0)
    assert {paging.fresh(row).scheduled_for for row in rows} == {"2027-03-01"}
    assert len(paging.market.opened) == len(rows)
    assert told[-1] == "the day of 1 scheduled order"


def test_days_that_the_marketplace_does_not_tell_are_not_waited_for(paging: Parts) -> None:
    accepted(paging, 2 * OPENED_AT_ONCE, status="scheduled")
    waits_told(paging, 3600.0)
    assert paging.market.asked.count("list") == 2


def test_gaps_grow_and_what_is_waited_for_is_said_once_for_each_change(paging: Parts, clock: Any) -> None:
    rows = accepted(paging, 2, status="processing")
    clock.advance(SLOW_AFTER.total_seconds())
    paging.market.pages = {str(rows[0].sheet_row): {"acceptance_link": "https://admin.example/accept"}}
    clock.after(
        200.0,
        lambda: paging.market.__setattr__(
            "orders", [replace(entry, status="completed") for entry in paging.market.orders]
        ),
    )
    told = waits_told(paging, 1800.0)
    assert told[1:] == [
        "2 orders to be completed; 1 of them needs its customer's acceptance; 1 longer than usual"
    ]
    assert paging.market.asked.count("list") <= 9
    assert [paging.fresh(row).platform_status for row in rows] == ["completed"] * 2
