"""What acts on a subscription waits for an order that is in its way, and is sent again only where that is surely another one."""

import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from checking.checking_tables import CONTEXT, three_sheets
from fake_clock import FakeClock
from sending.sending_parts import (
    NOW,
    PROFILE,
    RUN,
    Parts,
    Shelf,
    brought,
    enlist,
    fails,
    order,
    reply,
    run_record,
    seen,
)

from bulk_orders.checking.check import check
from bulk_orders.core.lifecycle import OrderRecord, State, Step
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.core.subscriptions import PlatformSubscription, ProductLine
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.marketplace.interface import Estimate, PlatformOrder, ReadFailed
from bulk_orders.runs.report import build_report
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.pace import LocalPace
from bulk_orders.sending.subscriptions import GAP_S, MOST_READS, PATIENCE_S

LINE = ProductLine(mpn="M1", vendor="Microsoft", seats=10, unit_price="9.50", currency="USD")
FOUND = PlatformSubscription(subscription_id="s1", customer_id="c1", status="active", lines=(LINE,))
CONFLICT = {
    "message": "Cannot Upgrade/Downgrade Resources for Subscription #s1: there is already an Upgrade/Downgrade "
    "Order #CH000012 in status Provisioning is in progress(LO).",
    "path": "/orders",
}


class Shop(Shelf):
    """Has one subscription."""

    def __init__(self, *orders: PlatformOrder) -> None:
        super().__init__(*orders)
        self.found: PlatformSubscription | None = FOUND
        self.estimates: list[Estimate | ReadFailed] = []
        self.estimated: list[Mapping[str, Any]] = []

    def estimate(self, body: Mapping[str, Any]) -> Estimate:
        self._ask("estimate")
        self.estimated.append(body)
        there = self.found.lines[0].seats if self.found and self.found.lines else None
        more = sum(int(line["quantity"]) for line in body.get("products", ())) - (there or 0)
        told = (
            self.estimates.pop(0) if self.estimates else Estimate(amount=f"{9.5 * more:.2f}", currency="USD")
        )
        if isinstance(told, ReadFailed):
            raise told
        return told

    def get_subscription(self, subscription_id: str) -> PlatformSubscription | None:
        self._ask(f"subscription {subscription_id}")
        return self.found


def change(number: int = 1) -> OrderRecord:
    plain = order(number, quantity="12")
    body = '{{"type":"change","customerId":"c1","ponumber":"{po}","subscriptionId":"s1",'
    body += '"products":[{{"mpn":"M1","quantity":12,"subscriptionId":"s1"}}]}}'
    return replace(plain, body=body.format(po=plain.marker))


CHANGE = change().body
CANCELLATION = json.dumps(
    {"type": "cancellation", "customerId": "c1", "ponumber": change().marker, "subscriptionId": "s1"}
)


def has(seats: int) -> PlatformSubscription:
    return replace(FOUND, lines=(replace(LINE, seats=seats),))


def parts(market: Shop, **settings: float) -> Parts:
    made = Parts(clock=FakeClock(), market=market, ledger=MemoryLedger(), **settings)
    enlist(made.ledger, change())
    return made


def other(**changes: Any) -> PlatformOrder:
    """Another order for the subscription, from before ours."""
    told = {"order_number": "CH000012", "order_type": "change", "subscription_id": "s1", "po_number": "HAND"}
    long_ago = NOW - timedelta(hours=1)
    return replace(seen(change(), "12", status="processing", created_at=long_ago), **told | changes)


def test_an_order_that_is_in_the_way_is_waited_for_and_asked_about_before_the_change_is_sent_again() -> None:
    market = Shop(other())
    made = parts(market)
    market.answers = [reply(500, CONFLICT)]
    made.clock.after(100.0, lambda: market.orders.__setitem__(0, other(status="completed")))  # type: ignore[attr-defined]

    made.send([change()])

    assert made.state(change()) is State.ACCEPTED
    assert len(market.bodies) == made.fresh(change()).attempts == 2
    assert market.asked.count("open") >= 100.0 / GAP_S


def test_an_order_that_is_in_the_way_for_long_is_left_for_later() -> None:
    market = Shop(other())
    made = parts(market)
    market.answers = [reply(500, CONFLICT)]
    begun_s = made.clock.monotonic()

    made.send([change()])

    left = made.fresh(change())
    assert (left.state, left.code, left.message) == (
        State.GAVE_UP,
        "S-BUSY",
        "CH000012 is not carried out yet.",
    )
    assert len(market.bodies) == 1
    assert PATIENCE_S <= made.clock.monotonic() - begun_s < 2 * PATIENCE_S


@pytest.mark.parametrize(
    "named",
    [
        None,
        {"po_number": "ours"},
        {"po_number": None, "created_at": NOW},
        {"po_number": None, "created_at": None},
    ],
)
def test_a_conflict_with_what_may_be_our_own_order_is_no_proof(named: dict[str, Any] | None) -> None:
    market = Shop()
    if named is not None:
        ours = {"po_number": change().marker} if named.get("po_number") == "ours" else {}
        market.orders.append(other(**named | ours))
    made = parts(market)
    market.answers = [reply(500, CONFLICT)]

    made.send([change()])

    is_ours = named is not None
    assert made.state(change()) is (State.ACCEPTED if is_ours else State.UNKNOWN)
    assert len(market.bodies) == 1


def test_an_order_of_another_row_of_ours_is_another_one() -> None:
    market = Shop()
    made = parts(market)
    first = replace(change(2), state=State.ACCEPTED, order_id="12", order_number="CH000012", version=1)
    made.ledger.enlist(run_record(2), [], new=[replace(first, run_id="run-2")], again=[], source=b"x")
    market.orders = [other(po_number=None, created_at=NOW)]
    market.answers = [reply(500, CONFLICT)]
    made.clock.after(50.0, lambda: market.orders.__setitem__(0, other(status="completed")))  # type: ignore[attr-defined]

    made.send([change()])

    assert made.fresh(change()).attempts == 2


def test_what_somebody_else_may_have_scheduled_and_was_carried_out_unseen_holds_a_change_at_renewal() -> None:
    market = Shop()
    made = Parts(clock=FakeClock(), market=market, ledger=MemoryLedger())
    wanted = replace(change(), body=CHANGE.replace('{"type"', '{"scheduledOn":"renewal","type"'))
    enlist(made.ledger, wanted)
    market.orders = [other(status="completed", po_number="BOCUT")]
    made.look.read("c1")

    made.send([wanted])

    held = made.fresh(wanted)
    assert (held.state, held.held_for, market.bodies) == (State.HELD, "12", [])
    assert held.message == (
        "the marketplace has an order for its subscription that may be this one: "
        "CH000012 (id 12) of 22-Nov-2026 01:15 UTC under PO number BOCUT."
    )
    made.send([brought(made.ledger, held, Step.CONFIRMED)])
    assert made.state(wanted) is State.ACCEPTED


def test_the_same_words_to_a_purchase_prove_nothing() -> None:
    market = Shop()
    made = Parts(clock=FakeClock(), market=market, ledger=MemoryLedger())
    enlist(made.ledger, order())
    market.answers = [reply(500, CONFLICT)]

    made.send([order()])

    assert made.state(order()) is State.UNKNOWN


def test_a_subscription_that_cannot_be_read_is_asked_for_a_few_times_and_nothing_is_sent() -> None:
    market = Shop()
    market.happens["subscription s1"] = [fails(ReadFailed("HTTP 500."))]
    made = parts(market)

    made.send([change()])

    left = made.fresh(change())
    assert (left.state, left.code, left.attempts) == (State.GAVE_UP, "S-GAVE-UP", 0)
    assert (market.asked.count("subscription s1"), market.bodies) == (MOST_READS, [])


def test_an_outage_is_waited_for_however_often_subscriptions_cannot_be_read_meanwhile() -> None:
    market = Shop()
    for name in ("subscription s1", "list"):
        market.happens[name] = [fails(ReadFailed("HTTP 503."))]
    made = parts(market, patience_s=7200.0)
    made.clock.after(MOST_READS * GAP_S * 10, market.happens.clear)  # type: ignore[attr-defined]

    made.send([change()])

    assert made.state(change()) is State.ACCEPTED


def test_an_outage_that_does_not_end_leaves_the_rows_for_the_next_run() -> None:
    market = Shop()
    for name in ("subscription s1", "list"):
        market.happens[name] = [fails(ReadFailed("HTTP 503."))]
    made = parts(market)

    control = made.send([change()])

    assert (made.state(change()), control.reason != "") == (State.PENDING, True)


def test_what_is_so_already_is_fulfilled_without_an_order() -> None:
    market = Shop()
    market.found = has(12)
    made = parts(market)

    made.send([change()])

    done = made.fresh(change())
    assert (done.state, done.order_id, done.platform_status) == (State.ACCEPTED, "", "completed")
    assert (done.subscription_id, market.bodies) == ("s1", [])


@pytest.mark.parametrize("body", [CANCELLATION, '{"subscriptionId":"s1","renewalStatus":false}'])
def test_a_subscription_whose_term_is_over_is_neither_renewed_nor_to_be_cancelled_and_the_row_says_that_it_is_over(
    body: str,
) -> None:
    market = Shop()
    market.found = replace(FOUND, status="terminated", auto_renew=True)
    made = Parts(clock=FakeClock(), market=market, ledger=MemoryLedger())
    wanted = replace(change(), body=body)
    enlist(made.ledger, wanted)

    made.send([wanted])

    done = made.fresh(wanted)
    assert (done.state, done.code, done.message) == (State.ACCEPTED, "", 'Its status is "terminated".')
    assert (market.bodies, market.asked.count("renew s1 False")) == ([], 0)
    told = build_report(
        made.ledger, RUN, check(three_sheets(), CONTEXT), now=made.clock.now(), profile=PROFILE
    )
    assert [row.message for row in told.rows if row.row_key] == [
        'The subscription was already as the row asks, so nothing was sent. Its status is "terminated".'
    ]


def test_what_is_so_already_is_not_done_while_another_order_is_about_to_change_it() -> None:
    market = Shop(other(subscription_id=""))
    opened = other(products=({"mpn": "M1", "quantity": 5, "subscriptionId": "s1"},))
    market.get_order = lambda _id: replace(opened, status=market.orders[0].status)  # type: ignore[method-assign]
    market.found = has(12)
    made = parts(market)

    def carried_out() -> None:
        market.orders[0] = other(status="completed")
        market.found = has(15)

    made.clock.after(100.0, carried_out)  # type: ignore[attr-defined]

    made.send([change()])

    assert (made.state(change()), len(market.bodies)) == (State.ACCEPTED, 1)


@pytest.mark.parametrize(
    "told",
    [
        {"status": "scheduled"},
        {"subscription_id": "s2"},
        {"order_type": "sales"},
        {"status": "completed"},
    ],
)
def test_other_orders_leave_what_is_so_already_done(told: dict[str, str]) -> None:
    market = Shop(other(products=(), **told))
    market.found = has(12)
    made = parts(market)
    begun_s = made.clock.monotonic()

    made.send([change()])

    assert (made.state(change()), market.bodies) == (State.ACCEPTED, [])
    assert made.clock.monotonic() - begun_s < GAP_S


@pytest.mark.parametrize("is_over", [True, False])
def test_a_row_taken_up_again_is_held_while_another_one_on_its_subscription_is_in_doubt(
    is_over: bool,
) -> None:
    market = Shop()
    made = parts(market)
    doubt = replace(change(2), run_id="run-2")
    made.ledger.enlist(run_record(2), [], new=[doubt], again=[], source=b"x")
    lost = brought(made.ledger, doubt, Step.BEGUN, Step.NO_VERDICT)
    if is_over:
        brought(made.ledger, lost, Step.DROPPED)

    made.send([change()])

    assert made.state(change()) is (State.ACCEPTED if is_over else State.HELD)
    assert len(market.bodies) == is_over
    if is_over:
        return
    held = made.fresh(change())
    assert held.message == (
        "row 3 of run run-2 is about the same subscription, and nobody knows yet whether it was ordered."
    )
    confirmed = brought(made.ledger, held, Step.CONFIRMED)
    made.send([confirmed])
    assert made.state(change()) is State.ACCEPTED


def test_a_subscription_is_compared_again_where_the_turn_of_its_change_was_long_in_coming() -> None:
    """Somebody changed it by hand while the marketplace asked for a pause."""
    market = Shop()
    made = parts(market)
    pace = LocalPace(0.0, made.clock)
    pace.throttled(600.0)
    made.clock.after(100.0, lambda: setattr(market, "found", has(20)))  # type: ignore[attr-defined]

    made.send([change()], limiter=Limiter(pace, made.clock), pulled={change().key: AsPulled(had=10)})

    left = made.fresh(change())
    assert (left.state, left.code, market.bodies) == (State.GAVE_UP, "S-CHANGED", [])


def test_a_pace_slower_than_a_reading_stays_fresh_keeps_no_change_waiting() -> None:
    market = Shop()
    made = parts(market)
    pace = LocalPace(0.01, made.clock)
    pace.reserve(threading.Event())

    made.send([change()], limiter=Limiter(pace, made.clock))

    assert (made.state(change()), market.asked.count("subscription s1")) == (State.ACCEPTED, 2)
