"""When a night may send: frozen days, the end of the night, and the riskiest thing that happened."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.night_rules import (
    LONGEST_NIGHT,
    RISKIEST_FIRST,
    frozen,
    read_days,
    read_time,
    riskiest,
    seconds_left,
)
from bulk_orders.errors import ExitCode

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TIMES = st.times().map(lambda at: time(at.hour, at.minute))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-22T{text}+00:00")


def test_days_are_read_with_both_ends() -> None:
    christmas = read_days(" 2026-12-24..2027-01-02 ")
    assert [date(2026, 12, day) in christmas for day in (23, 24, 31)] == [False, True, True]
    assert [date(2027, 1, day) in christmas for day in (2, 3)] == [True, False]
    assert date(2026, 11, 30) in read_days("2026-11-30")


@pytest.mark.parametrize("text", ["", "24.12.2026", "2026-12-32", "2026-12-24..", "2026-12-24..2026-12-23"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_days(text)


@pytest.mark.parametrize("text", ["", "5:30", "25:00", "05:60", "05:30:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_time(text)


@given(MOMENTS, st.integers(-3, 3), st.integers(0, 3))
def test_a_moment_is_frozen_exactly_on_the_days(now: datetime, start: int, length: int) -> None:
    first = now.date() + timedelta(days=start)
    days = read_days(f"{first}..{first + timedelta(days=length)}")
    assert (frozen(now, [days]) is not None) == (start <= 0 <= start + length)


@pytest.mark.parametrize(
    ("now", "left_s"),
    [
        ("02:00:00", 3.5 * 3600),
        ("05:29:59", 1),
        ("05:30:00", 0),
        ("06:00:00", 0),
        ("17:29:59", 0),
        ("17:30:00", 12 * 3600),
        ("22:00:00", 7.5 * 3600),
    ],
)
def test_the_night_ends_at_half_past_five_and_begins_twelve_hours_before(now: str, left_s: float) -> None:
    assert seconds_left(at(now), time(5, 30)) == left_s


@given(MOMENTS, TIMES)
def test_half_of_the_day_is_night_and_it_always_ends_at_its_time(now: datetime, end: time) -> None:
    left_s = seconds_left(now, end)
    assert left_s is not None
    assert 0 <= left_s <= LONGEST_NIGHT.total_seconds()
    if left_s:
        over = now + timedelta(seconds=left_s)
        assert (over.hour, over.minute, over.second) == (end.hour, end.minute, 0)
        assert seconds_left(over, end) == 0
    else:
        assert seconds_left(now - LONGEST_NIGHT, end) or (now.hour, now.minute) == (end.hour, end.minute)


def test_a_night_without_an_end_lasts() -> None:
    assert seconds_left(at("12:00:00"), None) is None


@given(st.lists(st.sampled_from(ExitCode)))
def test_the_riskiest_code_is_the_first_of_the_list_that_happened(codes: list[ExitCode]) -> None:
    worst = riskiest(codes)
    assert worst in codes or (worst is ExitCode.OK and not set(codes) & set(RISKIEST_FIRST))
    if worst is not ExitCode.OK:
        assert not set(codes) & set(RISKIEST_FIRST[: RISKIEST_FIRST.index(worst)])


def test_every_code_that_a_night_can_end_with_has_a_rank() -> None:
    assert set(ExitCode) - set(RISKIEST_FIRST) == {ExitCode.OK, ExitCode.USAGE}
