"""What follows from a subscription's dates."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.subscriptions import PlatformSubscription, before

YEAR = ("year", "1")
MONTH = ("month", "1")


@pytest.mark.parametrize(
    ("created", "renewal", "term", "until"),
    [
        ("2026-03-02", "2027-03-02", YEAR, "2026-03-09"),
        ("2024-03-02", "2027-03-02", YEAR, "2026-03-09"),  # renewed in between
        ("2024-03-02", "2027-03-02", ("year", "3"), "2024-03-09"),
        ("2026-03-02", None, YEAR, "2026-03-09"),
        (None, "2027-03-31", MONTH, "2027-03-07"),
        ("2026-03-02", "2027-03-02", ("", ""), "2026-03-09"),
        (None, "2027-03-02", ("", ""), None),
        (None, None, YEAR, None),
    ],
)
def test_it_can_be_cancelled_for_a_week_from_the_beginning_of_its_term(
    created: str | None, renewal: str | None, term: tuple[str, str], until: str | None
) -> None:
    found = PlatformSubscription(
        subscription_id="1",
        created_at=datetime.fromisoformat(created).replace(tzinfo=UTC) if created else None,
        renewal_date=date.fromisoformat(renewal) if renewal else None,
        term=term,
    )
    assert found.cancel_before == (date.fromisoformat(until) if until else None)


@given(st.dates(min_value=date(1950, 1, 1)), st.integers(1, 36))
def test_one_period_earlier_is_that_many_months_earlier(day: date, months: int) -> None:
    earlier = before(day, ("month", str(months)))
    assert earlier
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == months
    assert earlier.day == day.day or (earlier + timedelta(days=1)).day == 1


def test_there_is_no_day_before_the_calendar() -> None:
    assert before(date(1, 6, 1), YEAR) is None
