"""What acts on a subscription waits for an order that is in its way, and is sent again only where that is surely another one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fake_clock import FakeClock
from sending.sending_parts import NOW, Parts, Shelf, brought, enlist, fails, order, reply, run_record, seen

from bulk_orders.core.lifecycle import OrderRecord, State, Step
from bulk_orders.core.reply import Reply
from bulk_orders.core.subscriptions import PlatformSubscription, ProductLine
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.marketplace.interface import Estimate, PlatformOrder, ReadFailed
from bulk_orders.sending.subscriptions import GAP_S, MOST_READS, PATIENCE_S

LINE = ProductLine(mpn="M1", vendor="Microsoft", seats=10, unit_price="9.50", currency="USD")
FOUND = PlatformSubscription(subscription_id="s1", customer_id="c1", status="active", lines=(LINE,))
COSTS = (
    "a change to the 10 seats that there are would cost 95.00 USD: "
    "this account does not take the quantity for the new total."
)
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
        self.estimated.append(body)
        there = self.found.lines[0].seats if self.found and self.found.lines else None
        more = int(body["products"][0]["quantity"]) - (there or 0)
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


@pytest.mark.parametrize(
    "refusal",
    [
        reply(500, {"message": "asset.items: Item quantities are not changed.", "path": "/orders"}),
        reply(400, {"message": "Subscription #s1 is not Active. Upgrades/Downgrades are not available now."}),
        reply(400, {"message": "Invalid request."}),
    ],
)
def test_a_refusal_of_a_repeated_request_does_not_hide_the_order_that_was_made_first(refusal: Reply) -> None:
    market = Shop()
    made = parts(market)
    market.happens["place"] = [lambda: market.orders.append(other(po_number=change().marker, created_at=NOW))]
    market.answers = [refusal]

    made.send([change()])

    assert (made.state(change()), made.fresh(change()).order_number) == (State.ACCEPTED, "CH000012")


def test_a_refusal_is_believed_where_no_order_there_may_be_ours() -> None:
    market = Shop(other())
    made = parts(market)
    market.answers = [reply(400, {"message": "Invalid request."})]

    made.send([change()])

    assert made.state(change()) is State.REJECTED


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


def test_final_words_reject_a_change_whatever_their_status() -> None:
    market = Shop()
    made = parts(market)
    words = "Order cannot be placed. The usage of 'seats' exceeds the new limit specified"
    market.answers = [reply(500, {"message": words, "path": "/orders"})]

    made.send([change()])

    assert (made.state(change()), made.fresh(change()).message) == (State.REJECTED, words)


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


FREE = Estimate(amount="0.00", currency="USD")


def refused(said: str) -> ReadFailed:
    return ReadFailed("HTTP 400.", status=400, said=said)


@pytest.mark.parametrize(
    ("estimates", "order_level", "line_level"),
    [
        ([FREE], True, True),
        ([refused("subscriptionId is unknown"), FREE], True, False),
        ([refused("no"), refused("no"), refused("Item quantities are not changed.")], False, True),
    ],
)
def test_how_an_account_understands_a_change_is_learnt_once_by_estimates_of_no_change(
    estimates: list[Estimate | ReadFailed], order_level: bool, line_level: bool
) -> None:
    market = Shop()
    market.estimates = list(estimates)
    made = parts(market)

    made.send([change()])

    assert made.state(change()) is State.ACCEPTED
    sizes = [body["products"][0]["quantity"] for body in market.estimated]
    assert sizes == [10] * len(estimates) + [11] * (FREE in estimates)
    (sent,) = market.bodies
    assert ("subscriptionId" in sent, "subscriptionId" in sent["products"][0]) == (order_level, line_level)
    assert made.ledger.learnt(change().account)["change_means"] == "total"


@pytest.mark.parametrize(
    ("estimates", "why"),
    [
        ([Estimate(amount="95.00", currency="USD")], COSTS),
        (
            [Estimate()],
            "the marketplace does not say what a change costs, so that nobody can tell how it understands one.",
        ),
        ([refused("no")] * 3, 'the marketplace refuses to estimate a change: "no"'),
        ([FREE, refused("too many")], 'the marketplace refuses to estimate a change: "too many"'),
        (
            [FREE, FREE],
            "one seat more would cost nothing either, so that nobody can tell how this account understands a change.",
        ),
    ],
)
def test_an_account_that_understands_it_otherwise_is_stopped_before_the_first_change(
    estimates: list[Estimate | ReadFailed], why: str
) -> None:
    market = Shop()
    market.estimates = list(estimates)
    made = parts(market)

    made.send([change()])

    left = made.fresh(change())
    assert (left.state, left.code, left.message) == (State.GAVE_UP, "S-SUBSCRIPTION", why)
    assert (market.bodies, dict(made.ledger.learnt(change().account))) == ([], {})


def test_what_is_scheduled_is_not_what_is_asked_about_since_it_may_cost_nothing_now() -> None:
    market = Shop()
    made = Parts(clock=FakeClock(), market=market, ledger=MemoryLedger())
    scheduled = replace(change(), body=change().body.replace('{"type"', '{"scheduledOn":"renewal","type"'))
    enlist(made.ledger, scheduled)

    made.send([scheduled])

    assert ["scheduledOn" in body for body in (*market.estimated, *market.bodies)] == [False, False, True]


def test_a_subscription_that_costs_nothing_cannot_tell() -> None:
    market = Shop()
    market.found = replace(FOUND, lines=(replace(LINE, unit_price="0.00"),))
    made = parts(market)

    made.send([change()])

    assert (made.state(change()), market.estimated, market.bodies) == (State.GAVE_UP, [], [])
