"""Corners of a run's beginning and end: the first order, a ledger that forgot, a marketplace that cannot be read."""

import threading
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

import pytest
from sending.test_subscriptions import FOUND
from sending_parts import (
    ACCOUNT,
    NOW,
    RUN,
    Parts,
    Shelf,
    brought,
    doubtful,
    enlist,
    fails,
    nothing,
    order,
    seen,
)

from bulk_orders.core.lifecycle import State, Step
from bulk_orders.core.model import Order
from bulk_orders.core.subscriptions import PlatformSubscription
from bulk_orders.errors import ExitCode, MarketplaceDown, RunError, SetupError
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import ReadFailed
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.canary import Canary
from bulk_orders.sending.engine import Engine, EngineEnd
from bulk_orders.sending.planning import Wanted
from bulk_orders.sending.workers import ThreadWorkers


def test_the_canary_reads_again_after_a_failed_reading_and_does_without_the_list(made: Parts) -> None:
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001")
    made.market.orders = [seen(placed, "9001")]
    made.market.happens = {
        "open": [fails(ReadFailed("No.")), nothing],
        "list": [fails(ReadFailed("No.")), nothing],
    }
    canary = canary_of(made)
    assert canary.prove(placed, threading.Event()).is_good
    assert (canary.is_proven(15), canary.is_proven(16), AccountFacts(str(ACCOUNT), made.ledger).lag_s) == (
        True,
        False,
        0.5,
    )


def test_a_stop_while_the_canary_measures_how_late_lists_are_measures_nothing(made: Parts) -> None:
    enlist(made.ledger, order())
    placed = brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001")
    made.market.orders = [seen(placed, "9001")]
    stop = threading.Event()
    made.market.happens = {"open": [stop.set]}
    canary = canary_of(made)
    assert canary.prove(placed, stop).is_good
    assert (AccountFacts(str(ACCOUNT), made.ledger).lag_s, "list" in made.market.asked) == (0.0, False)


class Settings(Shelf):
    """Shows of each subscription what was set."""

    def __init__(self) -> None:
        super().__init__()
        self.renewed: set[str] = set()

    def set_auto_renewal(self, subscription_id: str, *, is_on: bool) -> Any:
        self.renewed.add(subscription_id)
        return super().set_auto_renewal(subscription_id, is_on=is_on)

    def get_subscription(self, subscription_id: str) -> PlatformSubscription:
        return replace(FOUND, subscription_id=subscription_id, auto_renew=subscription_id in self.renewed)


@dataclass
class Rounds(ThreadWorkers):
    """Counts how often workers were called together: each canary goes alone."""

    count: int = 0

    def run(self, works: Any) -> None:
        self.count += 1
        super().run(works)


@pytest.mark.parametrize(("with_order", "shown", "rounds"), [(False, 0, 2), (False, 1, 2), (True, 0, 4)])
def test_a_setting_that_was_sent_and_shown_is_canary_enough_where_only_settings_are_left(
    clock: Clock, with_order: bool, shown: int, rounds: int
) -> None:
    market = Settings()
    made = Parts(clock=clock, market=market, ledger=MemoryLedger())
    body = '{{"customerId":"c1","subscriptionId":"s{number}","renewalStatus":true}}'
    orders = [order(number, body=body.format(number=number), mpn="M1") for number in (1, 2, 3)]
    market.renewed = {f"s{number}" for number in range(1, shown + 1)}
    enlist(made.ledger, *orders, *([order(4, customer_id="c2")] if with_order else []))
    workers = Rounds()

    Engine(made.services(workers=workers), RUN, is_first_ever=True).carry_out(list(made.ledger.orders()))

    assert {made.state(one) for one in orders} == {State.ACCEPTED}
    assert workers.count == rounds + shown


def canary_of(made: Parts) -> Canary:
    return Canary(
        facts=AccountFacts(str(ACCOUNT), made.ledger),
        marketplace=made.market,
        clock=made.clock,
        allow_unmarked=False,
    )


def engine_of(made: Parts, **changes: Any) -> Engine:
    return Engine(made.services(), RUN, is_first_ever=True, **changes)


def resumed(engine: Engine) -> EngineEnd:
    return engine.carry_out(engine.take_up())


def test_nothing_is_sent_when_a_listed_order_of_the_customer_cannot_be_opened(made: Parts) -> None:
    enlist(made.ledger, order())
    made.market.orders = [seen(order(), "9", po_number=None, products=None)]
    made.market.closed = {"9"}
    with pytest.raises(MarketplaceDown, match="order 9 is listed but cannot be opened"):
        resumed(engine_of(made))
    assert (made.market.bodies, made.state(order())) == ([], State.PENDING)


def test_an_unsent_order_that_looks_ordered_is_held_for_a_person(made: Parts) -> None:
    enlist(made.ledger, order())
    made.market.orders = [seen(order(), po_number="typed by somebody")]
    end = resumed(engine_of(made))
    assert (made.state(order()), made.market.bodies, end.reason) == (State.HELD, [], "")
    assert made.fresh(order()).held_for == "9001"


def test_unsent_orders_are_taken_as_found_and_the_others_sent(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2, customer_id="c2", mpn="M2"))
    made.market.orders = [seen(order(1))]
    resumed(engine_of(made))
    assert made.state(order(1)) is State.ACCEPTED
    assert len(made.market.bodies) == 1


def test_a_known_unsent_order_that_looks_ordered_is_held_before_the_plan_is_made(made: Parts) -> None:
    enlist(made.ledger, order())
    made.market.orders = [seen(order(), po_number="typed by somebody")]
    asked = Order(**{field.name: getattr(order(), field.name) for field in fields(Order)})
    engine = Engine(made.services(), replace(RUN, run_id="run-2"))
    planned = engine.plan(Wanted(orders=(asked,)))
    assert (planned.to_send, made.state(order())) == ((), State.HELD)


def test_nothing_is_sent_and_no_row_is_told_where_the_account_cannot_be_read(made: Parts) -> None:
    enlist(made.ledger, order())
    made.market.happens = {"list": [fails(ReadFailed("HTTP 503."))]}
    with pytest.raises(RunError, match=r"list of orders cannot be read\. Nothing was sent"):
        resumed(engine_of(made))
    assert (made.market.bodies, made.state(order())) == ([], State.PENDING)


@pytest.mark.parametrize("status", [403, 404])
def test_an_account_that_may_not_read_its_orders_sends_none(made: Parts, status: int) -> None:
    enlist(made.ledger, order())
    made.market.happens = {"list": [fails(ReadFailed("Refused.", status=status, needs_setup=True)), nothing]}
    with pytest.raises(SetupError, match="Refused"):
        resumed(engine_of(made))
    assert made.market.bodies == []


@pytest.mark.parametrize(("status", "retry_after_s"), [(403, 5.0), (401, None)])
def test_a_refusal_that_passes_is_waited_for(made: Parts, status: int, retry_after_s: float | None) -> None:
    enlist(made.ledger, order())
    refusal = fails(ReadFailed("Refused.", status=status, retry_after_s=retry_after_s))
    made.market.happens = {"list": [refusal, nothing]}
    end = resumed(engine_of(made))
    assert (end.exit_code, len(made.market.bodies)) == (ExitCode.OK, 1)
    assert ("renew" in made.market.asked) is (status == 401)


def test_a_resumed_run_that_is_stopped_while_it_reads_says_that_nothing_was_sent(made: Parts) -> None:
    enlist(made.ledger, order())
    services = made.services()
    services.stop.set()
    with pytest.raises(RunError, match="nothing was sent"):
        resumed(Engine(services, RUN))
    assert made.market.bodies == []


def test_an_accepted_order_that_the_account_no_longer_shows_is_not_all_done(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    long_ago = {"sent_at": NOW - timedelta(hours=2), "order_id": "gone", "platform_status": "completed"}
    brought(made.ledger, order(1), Step.BEGUN, Step.ACCEPTED, **long_ago)
    end = resumed(engine_of(made))
    assert end.findings is not None
    assert (end.findings.is_whole, end.findings.missing) == (True, (order(1).key,))
    assert end.exit_code is ExitCode.TRY_AGAIN_LATER


def test_a_row_under_another_reference_is_held_though_the_run_itself_finds_the_order_in_doubt(
    made: Parts,
) -> None:
    before = doubtful(made.ledger)
    made.market.orders = [seen(before)]
    renamed = Order(
        **{name: getattr(order(2, reference="R1-bis"), name) for name in Order.__dataclass_fields__}
    )
    engine = engine_of(made)
    planned = engine.plan(Wanted(orders=(renamed,), in_doubt=(before,)))
    assert made.state(before) is State.ACCEPTED
    assert [(row.state, row.code) for row in planned.new] == [(State.HELD, "S-HELD")]
    assert planned.to_send == ()
