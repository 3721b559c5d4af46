"""How an account understands a change of a subscription is learnt by free estimates, before the first one is sent."""

from dataclasses import replace

import pytest
from fake_clock import FakeClock
from sending.sending_parts import Parts, enlist, fails
from sending.test_subscriptions import (
    CANCELLATION,
    CHANGE,
    CONFLICT,
    FOUND,
    LINE,
    Shop,
    change,
    other,
    parts,
)

from bulk_orders.core.lifecycle import State
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.marketplace.interface import Estimate, PlatformOrder, ReadFailed
from bulk_orders.sending.events import WaitOver
from bulk_orders.sending.subscriptions import GAP_S, MOST_READS, PATIENCE_S

COSTS = (
    "a change to the 10 seats that there are would cost 95.00 USD: "
    "this account does not take the quantity for the new total."
)
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


def failed(said: str = "Something went wrong") -> ReadFailed:
    return ReadFailed("HTTP 500.", status=500, said=said)


CONFLICTED = failed(CONFLICT["message"])


@pytest.mark.parametrize("body", [CHANGE, CANCELLATION], ids=["change", "cancellation"])
@pytest.mark.parametrize("others", [[other()], []])
def test_an_order_that_is_in_the_way_of_an_estimate_is_waited_for(
    others: list[PlatformOrder], body: str
) -> None:
    market = Shop(*others)
    market.happens["estimate"] = [fails(CONFLICTED)]
    made = Parts(clock=FakeClock(), market=market, ledger=MemoryLedger())
    wanted = replace(change(), body=body)
    enlist(made.ledger, wanted)

    def carried_out() -> None:
        market.orders = [other(status="completed") for _ in others]
        market.happens.clear()

    made.clock.after(2 * MOST_READS * GAP_S, carried_out)  # type: ignore[attr-defined]

    made.send([wanted])

    assert (made.state(wanted), len(market.bodies)) == (State.ACCEPTED, 1)
    waits = [told.wait.what for told in made.told if isinstance(told, WaitOver)]
    assert waits.count("other orders for the same subscriptions to be carried out") == 1


@pytest.mark.long
@pytest.mark.parametrize(
    ("others", "why"), [([other()], "CH000012 is not carried out yet."), ([], CONFLICT["message"])]
)
def test_an_order_that_is_in_the_way_of_an_estimate_for_long_is_left_for_later(
    others: list[PlatformOrder], why: str
) -> None:
    market = Shop(*others)
    market.happens["estimate"] = [fails(CONFLICTED)]
    made = parts(market)
    begun_s = made.clock.monotonic()

    made.send([change()])

    left = made.fresh(change())
    assert (left.state, left.code, left.message) == (State.GAVE_UP, "S-BUSY", why)
    assert PATIENCE_S <= made.clock.monotonic() - begun_s < 2 * PATIENCE_S
    assert (market.bodies, dict(made.ledger.learnt(change().account))) == ([], {})


def test_where_the_list_cannot_be_read_whole_nobody_waits_for_ever_for_what_is_in_the_way() -> None:
    market = Shop(other())
    market.is_complete = False
    market.happens["estimate"] = [fails(CONFLICTED)]
    made = parts(market)

    made.send([change()])

    left = made.fresh(change())
    assert (left.state, left.code, market.bodies) == (State.GAVE_UP, "S-GAVE-UP", [])


USUAL = {"subscription_place": "both", "change_means": "total"}


@pytest.mark.parametrize(
    ("estimates", "learnt"),
    [
        ([failed()], USUAL),
        ([failed(), failed()], USUAL),
        ([failed(), failed(), failed()], USUAL),
        ([failed(), FREE, failed()], USUAL | {"subscription_place": "order"}),
        ([failed(), refused("no"), FREE, failed()], USUAL | {"subscription_place": "line"}),
        ([refused("no"), failed(), FREE, FREE], USUAL | {"subscription_place": "order"}),
        ([FREE, failed()], USUAL),
    ],
)
def test_an_error_of_the_server_is_no_fact_about_an_account_whatever_it_says(
    estimates: list[Estimate | ReadFailed], learnt: dict[str, str]
) -> None:
    market = Shop()
    market.estimates = list(estimates)
    made = parts(market)

    made.send([change()])

    assert made.state(change()) is State.ACCEPTED
    assert dict(made.ledger.learnt(change().account)) == learnt


def test_an_account_whose_estimates_go_on_failing_is_left_for_later_and_nothing_is_learnt() -> None:
    market = Shop()
    market.happens["estimate"] = [fails(failed())]
    made = parts(market)

    made.send([change()])

    left = made.fresh(change())
    assert (left.state, left.code, market.bodies) == (State.GAVE_UP, "S-GAVE-UP", [])
    assert dict(made.ledger.learnt(change().account)) == {}


@pytest.mark.parametrize(
    ("estimates", "lines"),
    [([failed()], "none"), ([failed(), FREE, failed()], "one"), ([refused("no"), FREE], "one")],
)
def test_a_passing_error_says_nothing_of_how_an_account_wants_cancellations(
    estimates: list[Estimate | ReadFailed], lines: str
) -> None:
    market = Shop()
    market.estimates = list(estimates)
    made = Parts(clock=FakeClock(), market=market, ledger=MemoryLedger())
    wanted = replace(change(), body=CANCELLATION)
    enlist(made.ledger, wanted)

    made.send([wanted])

    assert made.state(wanted) is State.ACCEPTED
    assert dict(made.ledger.learnt(wanted.account)) == {"cancellation_lines": lines}
