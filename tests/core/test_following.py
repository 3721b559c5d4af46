"""Which accepted orders rest, which are slow, which are stuck, and of which an own page tells more than a list."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.following import (
    SLOW_AFTER,
    STUCK_AFTER,
    is_over,
    is_slow,
    is_stuck,
    is_to_ask,
    rests,
    to_open,
)
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.platform_status import platform_status

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
STATUSES = ("", "submitted", "processing", "scheduled", "completed", "error", "cancelled", "canceled", "new")


def order(status: str = "processing", *, age: timedelta = timedelta(), **changes: object) -> OrderRecord:
    made = OrderRecord(
        key="k",
        sheet_row=2,
        reference="",
        customer_id="c",
        mpn="M",
        quantity="1",
        domain="",
        marker="BO1",
        body="{}",
        fingerprint="f",
        account="a",
        run_id="r",
        state=State.ACCEPTED,
        platform_status=status,
        accepted_at=NOW - age,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "code", "word"),
    [
        ("processing", "AS", "scheduled"),
        (" Processing ", " as ", "scheduled"),
        ("processing", "LO", "processing"),
        ("completed", "AS", "completed"),
        ("cancelled", "AS", "cancelled"),
        ("Completed", "", "completed"),
    ],
)
def test_an_activation_that_is_scheduled_is_told_from_one_that_is_under_way(
    said: str, code: str, word: str
) -> None:
    assert platform_status(said, code) == word


@pytest.mark.parametrize("status", ["completed", "error", "cancelled", "canceled"])
def test_an_order_that_is_over_rests_and_is_neither_slow_nor_stuck(status: str) -> None:
    old = order(status, age=timedelta(days=90))
    assert (is_over(old), rests(old, NOW), is_slow(old, NOW), is_stuck(old, NOW)) == (
        True,
        True,
        False,
        False,
    )
    assert to_open([old], NOW) == []


@pytest.mark.parametrize(
    ("age", "slow", "stuck"),
    [
        (SLOW_AFTER - timedelta(seconds=1), False, False),
        (SLOW_AFTER, True, False),
        (STUCK_AFTER - timedelta(seconds=1), True, False),
        (STUCK_AFTER, True, True),
    ],
)
def test_slow_after_a_quarter_of_an_hour_and_stuck_after_a_day(
    age: timedelta, slow: bool, stuck: bool
) -> None:
    waiting = order(age=age)
    assert (rests(waiting, NOW), is_slow(waiting, NOW), is_stuck(waiting, NOW)) == (False, slow, stuck)


def test_an_order_that_waits_for_its_customer_may_be_slow_and_is_never_stuck() -> None:
    waiting = order(age=timedelta(days=9), acceptance_link="https://example.com/a")
    assert (rests(waiting, NOW), is_slow(waiting, NOW), is_stuck(waiting, NOW)) == (False, True, False)
    assert to_open([waiting], NOW) == [waiting]


@pytest.mark.parametrize(
    ("day", "rest", "stuck"),
    [
        ("", True, False),
        ("2027-03-01", True, False),
        ("2026-11-29", True, False),
        ("2026-11-28", False, False),
        ("2026-11-27", False, True),
    ],
)
def test_a_scheduled_order_rests_until_its_day_is_over_and_is_stuck_a_day_later(
    day: str, rest: bool, stuck: bool
) -> None:
    scheduled = order("scheduled", age=timedelta(days=100), scheduled_for=day)
    assert (rests(scheduled, NOW), is_stuck(scheduled, NOW)) == (rest, stuck)
    assert is_to_ask(scheduled, NOW) is not (rest and bool(day))
    assert to_open([scheduled], NOW) == ([] if day else [scheduled])


def test_an_order_of_which_nobody_knows_since_when_it_is_there_is_asked_about_and_never_called_late() -> None:
    found = replace(order(), accepted_at=None)
    assert (rests(found, NOW), is_slow(found, NOW), is_stuck(found, NOW)) == (False, False, False)
    assert is_to_ask(found, NOW)


@given(st.sampled_from([state for state in State if state is not State.ACCEPTED]), st.sampled_from(STATUSES))
def test_what_was_not_accepted_is_never_late(state: State, status: str) -> None:
    other = order(status, age=timedelta(days=90), state=state)
    assert not is_slow(other, NOW)
    assert not is_stuck(other, NOW)


@given(
    st.sampled_from(STATUSES),
    st.timedeltas(timedelta(), timedelta(days=400)),
    st.sampled_from(["", "2026-11-01", "2026-12-01"]),
    st.sampled_from(["", "https://example.com/a"]),
)
def test_what_is_stuck_is_slow_and_does_not_rest(status: str, age: timedelta, day: str, link: str) -> None:
    one = order(status, age=age, scheduled_for=day, acceptance_link=link)
    assert is_slow(one, NOW) or not is_stuck(one, NOW)
    assert not (is_stuck(one, NOW) and rests(one, NOW))
    assert rests(one, NOW) or not is_over(one)


def test_a_new_tenants_order_is_opened_at_once_and_another_once_it_is_slow() -> None:
    fresh, makes_tenant, slow = order(), order(domain="acme.onmicrosoft.com"), order(age=SLOW_AFTER)
    assert to_open([fresh, makes_tenant, slow], NOW) == [makes_tenant, slow]
