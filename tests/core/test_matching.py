"""Is an order on the platform ours? By PO number; by content only where the platform kept no PO number."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bulk_orders.core.identity import marker
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.matching import (
    CLOCK_SKEW,
    carries_marker,
    has_own_marker,
    is_made_from,
    is_said_to_be_another,
    matches_content,
    matches_marker,
    may_be,
    resembles,
)
from bulk_orders.marketplace.interface import PlatformOrder

SENT_AT = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
LINES = ({"mpn": "A:1", "quantity": 5},)
ORDER = OrderRecord(
    key="k1:1",
    account="a",
    run_id="r",
    sheet_row=4,
    reference="",
    customer_id="100",
    mpn="A:1",
    quantity="5",
    domain="",
    marker="BO1",
    body=json.dumps({"products": LINES}),
    fingerprint="f",
    sent_at=SENT_AT,
)
SEEN = PlatformOrder(
    order_id="9",
    customer_id="100",
    order_type="sales",
    created_at=SENT_AT + timedelta(seconds=1),
    po_number="BO1",
    products=LINES,
)


LONG_BEFORE = SENT_AT - timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "is_possible"),
    [
        ({"created_at": LONG_BEFORE}, True),
        ({"created_at": LONG_BEFORE, "po_number": ""}, True),
        ({"created_at": LONG_BEFORE, "products": None}, True),
        ({"po_number": "BO2"}, False),
        ({"order_type": "renewal"}, False),
        ({"products": ({"mpn": "A:1", "quantity": 6},)}, False),
        ({"po_number": "", "products": ({"mpn": "A:2", "quantity": 5},)}, False),
        ({"po_number": "", "customer_id": "200"}, False),
    ],
)
def test_whether_an_order_may_be_ours_is_not_a_question_of_time(
    change: dict[str, object], *, is_possible: bool
) -> None:
    assert may_be(ORDER, replace(SEEN, **change)) is is_possible


def test_our_po_number_on_our_customers_order_is_ours() -> None:
    assert matches_marker(ORDER, SEEN)


@pytest.mark.parametrize(
    "change",
    [
        {"po_number": "BO2"},
        {"po_number": None},
        {"customer_id": "200"},
        {"order_type": "renewal"},
        {"created_at": SENT_AT - timedelta(minutes=6)},
        {"products": ({"mpn": "A:1", "quantity": 6},)},
    ],
    ids=[
        "other PO",
        "PO not told",
        "other customer",
        "a renewal inherits the PO",
        "older than the attempt",
        "other quantity",
    ],
)
def test_one_thing_that_differs_makes_it_somebody_elses(change: dict) -> None:
    assert not matches_marker(ORDER, replace(SEEN, **change))


@pytest.mark.parametrize(
    "told", [{"products": None}, {"customer_id": ""}, {"created_at": None}, {"order_type": ""}]
)
def test_what_the_platform_does_not_tell_does_not_count_against_it(told: dict) -> None:
    assert matches_marker(ORDER, replace(SEEN, **told))


@pytest.mark.parametrize("quantity", [5, 5.0, "5", "5.0"])
def test_a_quantity_is_compared_as_a_number(quantity: object) -> None:
    assert matches_content(
        ORDER, replace(SEEN, po_number="", products=({"mpn": "A:1", "quantity": quantity},))
    )


def test_products_that_the_platform_added_do_not_count_against_it() -> None:
    assert matches_content(
        ORDER, replace(SEEN, po_number=None, products=(*LINES, {"mpn": "ADDON", "quantity": 5}))
    )


@pytest.mark.parametrize(
    "change", [{"po_number": "BO1"}, {"po_number": "x"}, {"products": None}, {"products": ()}]
)
def test_content_decides_only_where_there_is_no_po_number_and_the_products_are_told(change: dict) -> None:
    assert not matches_content(ORDER, replace(SEEN, **({"po_number": ""} | change)))


OWN = replace(ORDER, marker=marker(ORDER.key))
"""Under the PO number that was made from its key."""


@pytest.mark.parametrize("seen_at", [SENT_AT - timedelta(days=400), SENT_AT + timedelta(days=400)])
def test_a_marker_of_ours_is_ours_whatever_the_time(seen_at: datetime) -> None:
    assert has_own_marker(OWN) is True
    assert has_own_marker(ORDER) is False
    assert matches_marker(OWN, replace(SEEN, po_number=OWN.marker, created_at=seen_at)) is True


@pytest.mark.parametrize(
    ("seen_at", "is_ours"),
    [(SENT_AT - CLOCK_SKEW, True), (SENT_AT - CLOCK_SKEW - timedelta(microseconds=1), False)],
    ids=["five minutes", "more than five minutes"],
)
def test_what_others_may_share_is_not_older_than_the_attempt_by_more_than_clocks_differ(
    seen_at: datetime, is_ours: bool
) -> None:
    assert timedelta(minutes=5) == CLOCK_SKEW
    assert matches_marker(ORDER, replace(SEEN, created_at=seen_at)) is is_ours
    assert matches_content(ORDER, replace(SEEN, po_number=None, created_at=seen_at)) is is_ours


def test_an_order_whose_attempt_has_no_moment_is_compared_without_time() -> None:
    assert matches_marker(replace(ORDER, sent_at=None), SEEN) is True


def test_a_po_number_that_was_not_told_is_nobodys_even_if_ours_reads_none() -> None:
    assert carries_marker(replace(ORDER, marker="None"), replace(SEEN, po_number=None)) is False


def test_an_order_of_another_type_or_customer_neither_matches_nor_resembles_ours() -> None:
    for change in ({"order_type": "renewal"}, {"customer_id": "200"}):
        assert resembles(ORDER, replace(SEEN, **change)) is False
        assert matches_content(ORDER, replace(SEEN, po_number="", **change)) is False
    assert matches_marker(ORDER, replace(SEEN, order_type="renewal")) is False


@pytest.mark.parametrize(
    "told", [{"customer_id": ""}, {"order_type": ""}, {"customer_id": "", "order_type": ""}]
)
def test_what_resembles_ours_need_not_tell_customer_and_type(told: dict) -> None:
    assert resembles(ORDER, replace(SEEN, **told)) is True


def test_an_order_whose_products_are_not_told_resembles_nothing() -> None:
    assert resembles(ORDER, replace(SEEN, products=None)) is False


def test_an_order_without_products_resembles_nothing() -> None:
    for body in ("{}", '{"products": []}'):
        assert resembles(replace(ORDER, body=body), SEEN) is False
        assert matches_marker(replace(ORDER, body=body), SEEN) is False


@pytest.mark.parametrize("quantity", [None, "five", [5], ""])
def test_a_quantity_that_is_no_number_is_not_ours(quantity: object) -> None:
    assert resembles(ORDER, replace(SEEN, products=({"mpn": "A:1", "quantity": quantity},))) is False


def test_a_line_without_a_product_number_is_only_like_another_without() -> None:
    nameless = replace(ORDER, body='{"products": [{"quantity": 5}]}')
    assert resembles(nameless, replace(SEEN, products=({"quantity": 5},))) is True
    assert resembles(nameless, SEEN) is False


def test_each_of_our_lines_must_be_there() -> None:
    two = replace(ORDER, body=json.dumps({"products": [*LINES, {"mpn": "B:1", "quantity": 1}]}))
    assert resembles(two, SEEN) is False


CHANGE = replace(
    ORDER,
    body=json.dumps({"type": "change", "subscriptionId": "s1", "products": LINES}),
    key="k1:2",
    marker=marker("k1:2"),
)
CHANGED = replace(
    SEEN,
    order_type="change",
    subscription_id="s1",
    po_number=CHANGE.marker,
    products=({"mpn": "A:1", "quantity": -3},),
)


def test_a_change_is_known_by_its_subscription_and_not_by_its_quantity_which_comes_back_as_a_difference() -> (
    None
):
    assert matches_marker(CHANGE, CHANGED)
    assert matches_content(CHANGE, replace(CHANGED, po_number=""))
    for other in (
        {"subscription_id": "s2"},
        {"subscription_id": "", "products": ({"subscriptionId": "s2"},)},
    ):
        assert not matches_marker(CHANGE, replace(CHANGED, **other))
        assert not matches_content(CHANGE, replace(CHANGED, po_number="", **other))
    assert resembles(CHANGE, replace(CHANGED, subscription_id="", products=None))


@pytest.mark.parametrize("told", ["sales", "cancellation", "renewal"])
def test_nothing_of_another_type_is_ever_ours_whatever_its_po_number(told: str) -> None:
    other = replace(CHANGED, order_type=told)
    assert not carries_marker(CHANGE, other)
    assert not is_made_from(CHANGE, other)
    assert not matches_marker(CHANGE, other)
    assert not may_be(CHANGE, replace(other, po_number=""))


def test_a_change_by_hand_that_inherits_the_po_number_of_a_purchase_is_not_that_purchase() -> None:
    bought = replace(ORDER, marker=marker("k1:1"))
    inherited = replace(SEEN, order_type="change", po_number=bought.marker)
    assert not carries_marker(bought, inherited)
    assert not is_made_from(bought, inherited)


def test_what_is_set_without_an_order_is_no_order_on_the_marketplace() -> None:
    setting = replace(ORDER, body=json.dumps({"subscriptionId": "s1", "renewalStatus": False}))
    for told in ("", "sales", "change"):
        assert not may_be(setting, replace(SEEN, order_type=told))


@pytest.mark.parametrize(
    ("state", "order_id", "is_another"),
    [
        (State.HELD, "", False),
        (State.PENDING, "", True),
        (State.UNKNOWN, "", True),
        (State.ACCEPTED, "11", True),
        (State.ACCEPTED, "8", False),
    ],
)
@pytest.mark.parametrize(("marker_there", "matches"), [("BO1", matches_marker), ("", matches_content)])
def test_an_order_that_a_person_said_is_another_is_never_ours_whatever_the_time(
    state: State, order_id: str, marker_there: str, *, is_another: bool, matches: Any
) -> None:
    asked = replace(ORDER, state=state, order_id=order_id, held_for="8 9")
    seen = replace(SEEN, po_number=marker_there)

    assert is_said_to_be_another(asked, seen) is is_another
    assert matches(asked, seen) is not is_another
    assert matches(asked, replace(seen, order_id="12"))
