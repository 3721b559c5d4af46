"""A change is priced in the shape in which the account takes it, as it is sent; one that changes nothing costs nothing."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from contract.in_process_marketplace import InProcessMarketplace
from runs.online_parts import Desk, book, customer
from runs.test_actions_online import simulator
from runs.test_changes import CUSTOMER, change

from bulk_orders.core.money import Limits
from bulk_orders.marketplace.interface import Estimate, ReadFailed
from bulk_orders.runs.ask_marketplace import Said
from bulk_orders.runs.money_limits import estimate_of

ROWS = [change(1, 50)]


class Strict(InProcessMarketplace):
    """Takes the subscription in one place only, and refuses it elsewhere; `same` are the seats that it has already."""

    def __init__(self, *args: Any, place: str = "", same: int = 0, **answers: Any) -> None:
        super().__init__(*args, **answers)
        self.place, self.same = place, same

    def estimate(self, body: Mapping[str, Any]) -> Estimate:
        (line,) = body["products"]
        places = {"order": "subscriptionId" in body, "line": "subscriptionId" in line}
        if self.place and places != {name: name == self.place for name in places}:
            raise ReadFailed("HTTP 400.", status=400, said="subscriptionId is not expected here.")
        if line["quantity"] == self.same:
            raise ReadFailed("HTTP 500.", status=500, said="asset.items: Item quantities are not changed.")
        return super().estimate(body)


def said(place: str = "", same: int = 0, **learnt: str) -> tuple[Desk, Said]:
    bare = customer(CUSTOMER, Tenant="", Domain="")
    content = book(ROWS, [bare], also=("Action", "Subscription"))
    at = Desk(content, simulator=simulator(), market=Strict, answers={"place": place, "same": same})
    if learnt:
        at.ledger.remember(str(at.services.profile.account), **learnt)
    return at, at.ask(is_online=False)


@pytest.mark.parametrize("place", ["order", "line"])
@pytest.mark.parametrize("is_learnt", [True, False])
def test_a_change_is_priced_where_the_account_looks_for_its_subscription(
    place: str, *, is_learnt: bool
) -> None:
    """It was asked for with the subscription in both places, whatever was learnt: refused, so that no limit could be kept."""
    learnt = {"subscription_place": place, "change_means": "total"} if is_learnt else {}
    at, found = said(place, **learnt)

    assert (len(found.prices), found.problems) == (1, ())
    assert at.ledger.learnt(str(at.services.profile.account))["subscription_place"] == place


def test_a_change_to_the_seats_that_there_are_costs_nothing_and_limits_can_be_kept() -> None:
    """It had no price, so that no limit could be kept to, and nothing was sent."""
    _, found = said(same=50)
    estimate = estimate_of(found.orders, found.prices, Limits(in_all=Decimal(10**6)))
    (first,) = estimate.bills

    assert found.problems == ()
    assert (first.first, first.currency) == (0, "USD")
    assert (estimate.unpriced, estimate.reasons) == ((), ())


def test_what_is_refused_wherever_the_subscription_stands_is_told_in_the_words_of_the_first_refusal() -> None:
    at, found = said("nowhere")

    assert {problem.code for problem in found.problems} == {"O-REFUSED"}
    assert found.prices == {}
    assert "subscription_place" not in at.ledger.learnt(str(at.services.profile.account))
