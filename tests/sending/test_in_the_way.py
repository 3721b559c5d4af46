"""An order that is in a change's way: which one it is, how long it is waited for, and what is said meanwhile."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sending.sending_parts import NOW, RUN, reply, run_record
from sending.test_subscriptions import CONFLICT, Shop, change, has, other, parts

from bulk_orders.core.lifecycle import State
from bulk_orders.marketplace.interface import OrderList
from bulk_orders.sending.engine import Engine
from bulk_orders.sending.events import WaitBegun
from bulk_orders.sending.submission import SubmissionSettings
from bulk_orders.sending.subscriptions import GAP_S, PATIENCE_S


class DatedShop(Shop):
    """Its list goes by dates and status."""

    def list_orders(self, **asked: Any) -> OrderList:
        begin, status = asked.get("created_from"), asked.get("status")
        listed = super().list_orders(**asked)
        shown = [
            entry
            for entry in listed.orders
            if (begin is None or (entry.created_at and entry.created_at >= begin))
            and (not status or entry.status == status)
        ]
        return replace(listed, orders=tuple(shown))


@pytest.mark.parametrize("known", ["asked for", "remembered", "another row's"])
def test_an_order_in_the_way_that_is_older_than_what_is_listed_of_late_is_waited_for(known: str) -> None:
    old = other(created_at=NOW - timedelta(hours=60))
    market = DatedShop(old)
    made = parts(market)
    if known == "remembered":
        made.look.read("c1", since=NOW - timedelta(days=9))
        market.orders[0] = replace(old, status="completed")
    if known == "another row's":
        row = replace(change(2), state=State.ACCEPTED, order_id="12", order_number="CH000012", version=1)
        made.ledger.enlist(run_record(2), [], new=[replace(row, run_id="run-2")], again=[], source=b"x")
    market.answers = [reply(500, CONFLICT)]
    made.clock.after(50.0, lambda: market.orders.__setitem__(0, replace(old, status="completed")))  # type: ignore[attr-defined]

    made.send([change()])

    assert (made.state(change()), made.fresh(change()).attempts) == (State.ACCEPTED, 2)


@pytest.mark.parametrize("told", [{"created_at": NOW}, {"created_at": None}, {"po_number": "ours"}])
def test_an_order_in_the_way_that_may_have_been_made_by_what_was_sent_is_no_proof_though_it_is_listed_as_under_way(
    told: dict[str, Any],
) -> None:
    told = told | ({"po_number": change().marker} if told.get("po_number") else {})
    market = DatedShop(other(**{"created_at": NOW - timedelta(hours=60), "po_number": None} | told))
    made = parts(market)
    market.answers = [reply(500, CONFLICT)]

    made.send([change()])

    assert (made.state(change()) is State.PENDING, len(market.bodies)) == (False, 1)


def test_an_order_that_only_its_own_page_calls_scheduled_is_not_waited_for() -> None:
    market = Shop(other(status="processing"))
    market.get_order = lambda _id: other(status="scheduled")  # type: ignore[method-assign]
    market.found = has(12)
    made = parts(market)
    begun_s = made.clock.monotonic()

    made.send([change()])

    assert (made.state(change()), market.bodies) == (State.ACCEPTED, [])
    assert made.clock.monotonic() - begun_s < GAP_S


def test_what_is_so_already_waits_for_others_no_longer_than_a_change_does_and_says_for_which() -> None:
    market = Shop(other())
    market.found = has(12)
    made = parts(market)
    begun_s = made.clock.monotonic()

    made.send([change()])

    left = made.fresh(change())
    assert (left.state, left.code, left.message) == (
        State.GAVE_UP,
        "S-BUSY",
        "CH000012 is not carried out yet.",
    )
    assert PATIENCE_S <= made.clock.monotonic() - begun_s < 2 * PATIENCE_S


def test_nobody_is_said_to_wait_for_an_order_once_the_row_in_whose_way_it_was_is_given_up() -> None:
    market = Shop(other(order_number="CH000099", status="completed"))
    renewal = {"message": "There is a Renewal Order for Subscription#s1. Not allowed.", "path": "/orders"}
    market.answers = [reply(500, renewal)] * SubmissionSettings().max_attempts
    made = parts(market)
    beside = replace(change(2), body=change(2).body.replace('"s1"', '"s2"'), run_id="run-2")
    made.ledger.enlist(run_record(2), [], new=[beside], again=[], source=b"x")

    made.send([change(), beside])

    assert (made.fresh(change()).code, made.state(beside)) == ("S-BUSY", State.ACCEPTED)
    waits = [event.what for event in made.told if isinstance(event, WaitBegun)]
    assert not [what for what in waits if "same subscriptions" in what]


@pytest.mark.parametrize(
    ("status", "state"),
    [("completed", State.PENDING), ("cancelled", State.PENDING), ("processing", State.HELD)],
)
def test_an_order_remembered_as_about_to_change_a_subscription_is_asked_about_before_a_row_is_held_for_it(
    status: str, state: State
) -> None:
    old = other(created_at=NOW - timedelta(hours=60))
    market = DatedShop(old)
    made = parts(market)
    made.look.read("c1", since=NOW - timedelta(days=9))
    market.orders[0] = replace(old, status=status)

    Engine(made.services(), RUN, is_first_ever=True).take_up()

    assert (made.state(change()), market.asked.count("open")) == (state, 1)
