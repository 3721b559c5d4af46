"""How an account understands a change of a subscription is learnt by free estimates, before the first one is sent."""

from dataclasses import replace

import pytest
from fake_clock import FakeClock
from sending.sending_parts import Parts, enlist
from sending.test_subscriptions import FOUND, LINE, Shop, change, parts

from bulk_orders.core.lifecycle import State
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.marketplace.interface import Estimate, ReadFailed

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
