"""Two pulls of the catalogue: which prices moved, and which renewals that is about."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.catalog_prices import Move, price_changes, renewal_prices


def offer(price: str = "4.2", cost: str = "3.36", **changes: str) -> dict[str, str]:
    return {
        "mpn": "CFQ7TTC0LH16:0001",
        "product_name": "Exchange Online (Plan 1)",
        "vendor": "Microsoft",
        "commitment": "1 year",
        "billing": "Monthly",
        "currency": "USD",
        "unit_price": price,
        "unit_cost": cost,
        **changes,
    }


def subscription(**changes: str) -> dict[str, str]:
    return {
        **offer(),
        "subscription_id": "1100001",
        "customer_id": "1000105563",
        "customer_name": "27 Rings Jewelers",
        "renewal_date": "2027-03-12",
        "seats": "12",
        "auto_renew": "Yes",
        "status": "active",
        **changes,
    }


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        (offer("4.2"), offer("4.62"), Move.RISES),
        (offer("4.2"), offer("4.0"), Move.FALLS),
        (offer(cost="3.36"), offer(cost="3.5"), Move.RISES),
        (offer("4.2", "3.36"), offer("4.0", "3.5"), Move.FALLS),  # what is billed comes before what it costs
    ],
)
def test_a_price_or_a_cost_that_is_not_as_it_was_is_told(
    before: dict[str, str], after: dict[str, str], move: Move
) -> None:
    (change,) = price_changes([before], [after])
    assert (change.move, change.mpn, change.billing) == (move, "CFQ7TTC0LH16:0001", "Monthly")
    assert change.price_difference == Decimal(after["unit_price"]) - Decimal(before["unit_price"])


def test_the_same_number_in_other_digits_is_the_same_price() -> None:
    assert price_changes([offer("4.20")], [offer("4.2")]) == ()


def test_the_way_of_selling_is_part_of_what_a_price_is_of() -> None:
    changes = price_changes([offer(billing="Monthly")], [offer(billing="Yearly, upfront", price="48")])
    assert [(change.move, change.billing) for change in changes] == [
        (Move.NEW, "Yearly, upfront"),
        (Move.GONE, "Monthly"),
    ]


def test_the_steepest_rise_is_on_top() -> None:
    old = [offer("10", mpn="A"), offer("100", mpn="B"), offer("10", mpn="C")]
    new = [offer("11", mpn="A"), offer("150", mpn="B"), offer("9", mpn="C")]
    assert [change.mpn for change in price_changes(old, new)] == ["B", "A", "C"]


def test_where_an_offer_is_listed_twice_its_lowest_price_counts() -> None:
    (change,) = price_changes([offer("4.2"), offer("5")], [offer("6"), offer("4.4")])
    assert (change.price_before, change.price_after) == (Decimal("4.2"), Decimal("4.4"))


def test_a_renewal_at_another_price_says_how_much_more_its_seats_cost() -> None:
    (found,) = renewal_prices([subscription()], [offer("4.62")], None)
    assert (found.move, found.seats, found.renewal_date) == (Move.RISES, 12, date(2027, 3, 12))
    assert (found.price_before, found.price_after) == (Decimal("4.2"), Decimal("4.62"))
    assert found.bill_difference == Decimal("5.04")


def test_the_seats_that_are_wished_are_those_of_the_next_term() -> None:
    (found,) = renewal_prices([subscription(seats_after="10")], [offer("4.62")], None)
    assert (found.seats, found.bill_difference) == (10, Decimal("4.2"))


def test_a_product_that_is_not_sold_like_this_any_more_is_named() -> None:
    (found,) = renewal_prices([subscription()], [offer(billing="Yearly, upfront")], None)
    assert (found.move, found.price_after, found.bill_difference) == (Move.GONE, None, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "hold"},
        {"auto_renew": "No"},
        {"auto_renew_after": "No"},
        {"renewal_date": "2027-04-01"},
        {"renewal_date": ""},
        {"seats": "", "seats_after": ""},
    ],
)
def test_what_is_not_renewed_before_the_day_is_left_out(changes: dict[str, str]) -> None:
    records = [subscription(**changes), subscription(subscription_id="2")]
    found = renewal_prices(records, [offer("4.62")], date(2027, 4, 1))
    assert [entry.subscription_id for entry in found] == ["2"]


def test_auto_renew_that_is_wished_is_renewed() -> None:
    assert renewal_prices([subscription(auto_renew="No", auto_renew_after="Yes")], [offer("5")], None)


_OFFERS = st.lists(
    st.builds(offer, price=st.sampled_from(["1", "2", "3.5"]), mpn=st.sampled_from("ABC")), max_size=5
)


@given(_OFFERS, _OFFERS)
def test_looked_at_from_the_other_end_rises_are_falls_and_what_is_new_is_gone(old: Any, new: Any) -> None:
    other = {Move.RISES: Move.FALLS, Move.FALLS: Move.RISES, Move.NEW: Move.GONE, Move.GONE: Move.NEW}
    forth = {(change.mpn, change.move) for change in price_changes(old, new)}
    back = {(change.mpn, other[change.move]) for change in price_changes(new, old)}
    assert forth == back
    assert price_changes(old, old) == ()
