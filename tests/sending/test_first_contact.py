"""First contact: what free estimates tell about an account of each kind, and that nothing is ever ordered by them."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from contract.in_process_marketplace import InProcessMarketplace
from runs.online_parts import NOW, Desk, book, order

from bulk_orders.core.body_shape import BodyShape, shaped
from bulk_orders.core.identity import SHORTEST_MARKER
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.errors import SetupError
from bulk_orders.marketplace.interface import Estimate, ReadFailed
from bulk_orders.runs.known_rows import known_rows
from bulk_orders.sandbox import Behaviour, Simulator
from bulk_orders.sandbox.account_kinds import account_kind
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.events import AccountLearnt
from bulk_orders.sending.first_contact import ORDERS_TRIED, FirstContact, said_of
from bulk_orders.settings.profiles import PRACTICE_PROFILE

UPFRONT = order(1, Billing="Yearly, upfront")
"""Sold for one commitment alone: its own place cannot be told with it."""


@dataclass
class Office:
    """An account of some kind, orders for it, and what was said."""

    kind: str = ""
    rows: Sequence[Sequence[str]] = field(default_factory=lambda: [order(1), order(2)])
    market: Any = InProcessMarketplace
    allow_unmarked: bool = False

    def __post_init__(self) -> None:
        self.simulator = Simulator(
            now=lambda: NOW,
            rng=random.Random(1),  # noqa: S311 - dice, no secret
            behaviour=Behaviour(**account_kind(self.kind)),
        )
        self.desk = Desk(book(self.rows), simulator=self.simulator, market=self.market)
        self.said: list[str] = []
        profile = PRACTICE_PROFILE.model_copy(update={"allow_unmarked": self.allow_unmarked})
        self.services = replace(self.desk.services, profile=profile, observer=self._hear)
        self.account = str(PRACTICE_PROFILE.account)
        self.facts = AccountFacts(self.account, self.desk.ledger)
        templates = self.services.templates
        known = known_rows(self.desk.ledger, profile, self.desk.checked, templates=templates, now=NOW)
        self.orders: tuple[OrderRecord, ...] = known.to_send

    def _hear(self, event: object) -> None:
        if isinstance(event, AccountLearnt):
            self.said.append(event.said)

    def meet(self, *, before: Sequence[OrderRecord] = ()) -> "Office":
        FirstContact(self.services, self.account).make(self.orders, before=before)
        return self

    @property
    def estimates(self) -> int:
        return self.simulator.requests["POST /orders/estimate"]


KINDS: Mapping[str, BodyShape] = {
    "": BodyShape(po_name="ponumber"),
    "po=ponumber": BodyShape(po_name="ponumber"),
    "po=poNumber": BodyShape(po_name="poNumber"),
    "period=line": BodyShape(po_name="ponumber", period_place="both"),
    "period=line-only": BodyShape(po_name="ponumber", period_place="line"),
    "vendor=line": BodyShape(po_name="ponumber", vendor="Microsoft"),
    "period=line,vendor=line": BodyShape(po_name="ponumber", period_place="both", vendor="Microsoft"),
    "po=poNumber,period=line-only,vendor=line,po-kept=12": BodyShape(
        po_name="poNumber", period_place="line", vendor="Microsoft"
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_account_is_learnt_and_its_order_then_taken_without_one_being_made(kind: str) -> None:
    office = Office(kind).meet()
    assert office.facts.shape == KINDS[kind]
    assert office.simulator.order_count == office.simulator.requests["POST /orders"] == 0
    (said,) = office.said
    assert said.startswith("Learnt about this account by free estimates: ")
    assert "; ".join(said_of(office.facts)) in said
    body = shaped(json.loads(office.orders[0].body), office.facts.shape)
    estimate = office.services.marketplace.estimate(body)
    assert office.orders[0].marker.startswith(estimate.po_number or "nothing")


def test_a_known_account_is_asked_nothing_more_and_nothing_is_said_of_it() -> None:
    office = Office("period=line").meet()
    asked = office.estimates
    assert (office.meet().estimates, len(office.said)) == (asked, 1)


def test_the_usual_account_is_known_after_one_estimate_and_one_product() -> None:
    office = Office().meet()
    assert office.desk.asked == {"POST /orders/estimate": 1, "GET /products": 1}


def test_what_is_forgotten_is_learnt_again_but_how_late_lists_are_stays() -> None:
    office = Office("po=poNumber").meet()
    office.facts.remember(lag_s="40.0", proven_name="poNumber")
    assert office.facts.forget() > 0
    assert (dict(office.facts.learnt()), said_of(office.facts)[0]) == (
        {"lag_s": "40.0"},
        "nothing is known yet; the next run asks, by free estimates",
    )
    assert office.meet().facts.shape.po_name == "poNumber"
    assert office.facts.forget() > 0
    assert office.facts.forget() == 0


@pytest.mark.parametrize(
    ("kind", "longest"),
    [("po-kept=12", 12), ("po-kept=15", None), ("po-limit=12", 10), ("po-limit=12,period=line", 10)],
)
def test_how_much_of_a_po_number_is_kept_is_learnt(kind: str, longest: int | None) -> None:
    own = [order(1)], [order(1), order(2)]
    assert [Office(kind, rows=rows).meet().facts.longest_po for rows in own] == [longest, longest]
    assert SHORTEST_MARKER == 10


@pytest.mark.parametrize(
    ("kind", "message"),
    [("po-kept=8", "changed our PO number"), ("po-limit=8", "refuses PO numbers as this program makes them")],
)
def test_where_lost_answers_could_not_be_looked_up_the_run_is_stopped_before_its_first_order(
    kind: str, message: str
) -> None:
    office = Office(kind)
    for _ in ("the first run", "the next one, which must not take the account for a known one"):
        with pytest.raises(SetupError, match=message):
            office.meet()
    assert (office.simulator.order_count, office.facts.is_known) == (0, False)


def test_a_user_who_goes_on_without_po_numbers_is_let() -> None:
    assert Office("po-kept=8", allow_unmarked=True).meet().facts.is_known


def test_where_no_shape_tells_the_product_the_run_is_stopped_with_the_reason_and_the_fix() -> None:
    rows = [order(1, MPN="WORKSPACE-DESK-PRO", Billing="Monthly")]
    office = Office(rows=rows)
    with pytest.raises(SetupError, match="not unique") as stopped:
        office.meet()
    assert "column Vendor" in stopped.value.fix
    assert (office.simulator.order_count, office.facts.is_known) == (0, False)


def test_orders_that_are_wrong_themselves_stop_nothing_and_teach_nothing() -> None:
    rows = [order(number, Quantity="999999") for number in range(1, 9)]
    office = Office(rows=rows).meet()
    assert not office.facts.is_known
    assert office.said == [
        said for said in office.said if said.startswith("Nothing was learnt") and "out of range" in said
    ]
    assert len(office.said) == 1


def test_an_order_that_is_refused_makes_way_for_one_of_another_product() -> None:
    rows = [order(1, Quantity="999999"), order(2, MPN="CFQ7TTC0LH18:0001")]
    office = Office("period=line", rows=rows).meet()
    assert ORDERS_TRIED == 3
    assert office.facts.shape.period_place == "both"


def test_a_product_of_one_commitment_tells_nothing_of_its_place_so_that_the_next_run_asks_again() -> None:
    office = Office(rows=[UPFRONT]).meet()
    assert (office.facts.is_known, office.facts.is_po_known) == (False, True)
    asked = office.estimates
    assert (office.meet().estimates, len(office.said)) == (asked + 1, 1)


def test_a_telling_product_is_found_behind_others() -> None:
    office = Office("period=line", rows=[UPFRONT, order(2, MPN="CFQ7TTC0LH18:0001")]).meet()
    assert office.facts.shape.period_place == "both"


def test_a_refusal_that_contradicts_what_is_known_is_asked_about_anew() -> None:
    office = Office("period=line")
    office.facts.remember(period_place="order", po_name="ponumber")
    refused = replace(
        office.orders[1], state=State.REJECTED, message="MPN 'X' is not unique: 2 products match."
    )
    assert office.meet(before=office.orders).estimates == 0
    assert office.meet(before=[refused]).facts.shape.period_place == "both"


class Dumb(InProcessMarketplace):
    """A marketplace whose estimates fail as `failure` says."""

    failure = ReadFailed("The answer was HTTP 503.", status=503)

    def estimate(self, body: Mapping[str, Any]) -> Estimate:
        raise self.failure


@pytest.mark.parametrize(
    "failure",
    [
        ReadFailed("The answer was HTTP 503.", status=503),
        ReadFailed("The answer was HTTP 405.", status=405, said="no such method"),
        ReadFailed("The answer was HTTP 403.", status=403, needs_setup=True),
        ReadFailed("No answer in time."),
    ],
    ids=["outage", "no estimates here", "no right", "silence"],
)
def test_where_an_estimate_cannot_tell_the_run_goes_on_as_before_and_says_so(failure: ReadFailed) -> None:
    market = type("Dumb", (Dumb,), {"failure": failure})
    office = Office(market=market).meet()
    assert office.facts.shape == BodyShape(po_name="ponumber")
    assert office.said == [
        f"What this account wants could not be asked: {failure.message} The first order will show it."
    ]


def test_a_refusal_that_comes_as_an_error_of_the_server_in_its_own_words_is_one() -> None:
    class Rough(InProcessMarketplace):
        def estimate(self, body: Mapping[str, Any]) -> Estimate:
            if "subscriptionPeriod" not in body["products"][0]:
                raise ReadFailed("HTTP 500.", status=500, said="MPN is not unique")
            return super().estimate(body)

    assert Office("period=line", market=Rough).meet().facts.shape.period_place == "both"


@pytest.mark.parametrize("kind", ["", "po=poNumber", "period=line", "vendor=line", "po-kept=20"])
@pytest.mark.parametrize("faulty", range(6))
def test_one_passing_fault_that_looks_like_a_refusal_teaches_nothing_wrong(kind: str, faulty: int) -> None:
    class Flickering(InProcessMarketplace):
        left = faulty

        def estimate(self, body: Mapping[str, Any]) -> Estimate:
            type(self).left -= 1
            if self.left == -1:
                raise ReadFailed("HTTP 500.", status=500, said="Something went wrong")
            return super().estimate(body)

    learnt, usual = Office(kind, market=Flickering).meet(), Office(kind).meet()
    assert (learnt.facts.shape, learnt.facts.longest_po) == (usual.facts.shape, usual.facts.longest_po)


def test_without_an_order_to_send_nothing_is_asked() -> None:
    office = Office()
    FirstContact(office.services, office.account).make([])
    assert sum(office.desk.asked.values()) == 0
