"""Setting whether a subscription is renewed, over HTTP and in process: sent once, and what came of it is read back."""

import pytest
from market_places import CUSTOMER, Place, order_for

from bulk_orders.marketplace.interface import NoReply, Reply

ROUTE = "PATCH /subscriptions/{id}"


@pytest.fixture
def subscription(place: Place) -> str:
    place.marketplace.place(order_for(CUSTOMER))
    return str(place.simulator.orders[0]["subscriptionId"])


def renews(place: Place, subscription_id: str) -> bool | None:
    found = place.marketplace.get_subscription(subscription_id)
    return found and found.auto_renew


def test_renewal_is_set_and_read_back(place: Place, subscription: str) -> None:
    for is_on in (False, True):
        reply = place.marketplace.set_auto_renewal(subscription, is_on=is_on)
        assert isinstance(reply, Reply)
        assert (reply.status, renews(place, subscription)) == (200, is_on)
    assert place.calls(ROUTE) == 2


@pytest.mark.parametrize(("fault", "is_set"), [("429", False), ("500-after-commit", True)])
def test_setting_is_never_repeated(place: Place, subscription: str, fault: str, is_set: bool) -> None:
    place.simulator.fail_next(fault)
    reply = place.marketplace.set_auto_renewal(subscription, is_on=False)
    assert isinstance(reply, Reply)
    assert (reply.status, place.calls(ROUTE)) == (int(fault[:3]), 1)
    assert renews(place, subscription) is not is_set


def test_a_lost_answer_is_no_reply(place: Place, subscription: str) -> None:
    place.simulator.fail_next("reset-after-commit")
    assert isinstance(place.marketplace.set_auto_renewal(subscription, is_on=False), NoReply)
    assert renews(place, subscription) is False


def test_what_is_not_there_is_refused(place: Place) -> None:
    reply = place.marketplace.set_auto_renewal("1", is_on=False)
    assert isinstance(reply, Reply)
    assert reply.status == 404
