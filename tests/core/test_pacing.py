"""Pacing is arithmetic: evenly spaced, never more than the limit in any sliding second, slower after a 429."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_orders.core.pacing import Pacer, backoff_s


def slots(pacer: Pacer, asked: list[float]) -> list[float]:
    now, given_at = 0.0, []
    for pause in asked:
        now = max(now + pause, given_at[-1] if given_at else 0.0)
        given_at.append(pacer.reserve(now))
    return given_at


@settings(deadline=None)
@given(st.floats(0.2, 300), st.lists(st.floats(0, 0.5), min_size=2, max_size=120))
def test_no_sliding_second_has_more_slots_than_the_limit(rate_per_s: float, asked: list[float]) -> None:
    given_at = slots(Pacer(rate_per_s=rate_per_s), asked)
    limit = max(1, int(rate_per_s))
    window_s = 1.0 if rate_per_s >= 1 else 1.0 / rate_per_s
    crowded = [at for at in given_at if sum(at <= other < at + window_s for other in given_at) > limit]
    assert crowded == []


@given(st.floats(0.5, 200), st.lists(st.floats(0, 2), min_size=1, max_size=50))
def test_slots_never_go_back_in_time(rate_per_s: float, asked: list[float]) -> None:
    given_at = slots(Pacer(rate_per_s=rate_per_s), asked)
    assert given_at == sorted(given_at)


@pytest.mark.parametrize("rate_per_s", [2.0, 20.0, 100.0, 500.0])
def test_under_load_98_percent_of_the_rate_is_used(rate_per_s: float) -> None:
    given_at = slots(Pacer(rate_per_s=rate_per_s), [0.0] * int(rate_per_s * 20))
    assert len(given_at) / (given_at[-1] - given_at[0]) >= 0.98 * rate_per_s


def test_without_a_limit_every_slot_is_now() -> None:
    assert slots(Pacer(rate_per_s=0), [0.0, 0.25, 0.0]) == [0.0, 0.25, 0.25]


@pytest.mark.parametrize("rate_per_s", [0.0, 20.0])
def test_a_pause_holds_everybody_and_the_longest_pause_wins(rate_per_s: float) -> None:
    pacer = Pacer(rate_per_s=rate_per_s)
    pacer.throttled(10.0, 7.0)
    pacer.throttled(10.5, 2.0)
    assert pacer.reserve(11.0) == 17.0


def test_a_429_slows_down_once_per_pause_and_the_rate_grows_back() -> None:
    pacer = Pacer(rate_per_s=10)
    pacer.throttled(0.0, 1.0)
    pacer.throttled(0.1, 1.0)
    assert pacer.current_per_s == pytest.approx(7.0)
    pacer.reserve(500.0)
    assert pacer.current_per_s == 10


def test_throttling_never_pushes_the_rate_to_nothing() -> None:
    pacer = Pacer(rate_per_s=10)
    for second in range(100):
        pacer.throttled(float(second), 0.5)
    assert pacer.current_per_s >= 0.5


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_backoff_stays_within_its_bounds(attempt_number: int, jitter: float) -> None:
    assert 0 <= backoff_s(attempt_number, jitter=jitter) <= min(60.0, 2.0 ** min(attempt_number - 1, 30))


@given(st.integers(1, 40), st.floats(0, 1, exclude_max=True))
def test_backoff_never_shrinks_from_attempt_to_attempt(attempt_number: int, jitter: float) -> None:
    assert backoff_s(attempt_number + 1, jitter=jitter) >= backoff_s(attempt_number, jitter=jitter)


def test_a_slot_used_late_pushes_the_slot_a_window_later() -> None:
    pacer = Pacer(rate_per_s=2)
    first = pacer.reserve(0.0)
    pacer.used(first, 0.3)
    pacer.reserve(0.0)
    assert pacer.reserve(0.0) >= 1.3


def test_a_use_of_an_unknown_slot_changes_nothing() -> None:
    pacer = Pacer(rate_per_s=2)
    pacer.reserve(0.0)
    pacer.used(99.0, 100.0)
    pacer.used(float("-inf"), 100.0)
    assert pacer.recent == [0.0]


def test_slots_are_evenly_spaced_from_the_first_on() -> None:
    pacer = Pacer(rate_per_s=2)
    assert [pacer.reserve(0.0) for _ in range(4)] == pytest.approx([0.0, 0.505, 1.01, 1.515])


def test_a_late_wake_up_catches_up_a_tenth_of_a_second_and_no_more() -> None:
    pacer = Pacer(rate_per_s=2)
    assert [pacer.reserve(at) for at in (0.0, 0.555, 0.555)] == pytest.approx([0.0, 0.555, 1.01])
    pacer = Pacer(rate_per_s=2)
    assert [pacer.reserve(at) for at in (0.0, 0.9, 0.9)] == pytest.approx([0.0, 0.9, 1.305])


def test_after_a_long_rest_the_spacing_begins_anew() -> None:
    pacer = Pacer(rate_per_s=2)
    assert [pacer.reserve(at) for at in (0.0, 100.0, 100.0)] == pytest.approx([0.0, 100.0, 100.505])


def test_less_than_one_in_a_second_is_one_in_so_many_seconds() -> None:
    pacer = Pacer(rate_per_s=0.5)
    assert [pacer.reserve(0.0) for _ in range(3)] == pytest.approx([0.0, 2.02, 4.04])


def test_a_429_takes_the_rate_to_seven_tenths_and_a_quiet_second_gives_a_hundredth_back() -> None:
    pacer = Pacer(rate_per_s=10)
    pacer.throttled(0.0, 1.0)
    assert pacer.current_per_s == pytest.approx(7.0)
    pacer.reserve(1.0)
    assert pacer.current_per_s == pytest.approx(7.0)
    pacer.reserve(6.0)
    assert pacer.current_per_s == pytest.approx(7.5)
    pacer.throttled(16.0, 2.0)
    assert pacer.current_per_s == pytest.approx(8.5 * 0.7)
    assert pacer.reserve(17.0) == 18.0


def test_throttling_ends_at_a_twentieth_of_the_rate() -> None:
    pacer = Pacer(rate_per_s=10)
    for second in range(100):
        pacer.throttled(float(second), 1.0)
    assert pacer.current_per_s == pytest.approx(0.5)


def test_a_slot_used_in_time_stays_where_it_is() -> None:
    pacer = Pacer(rate_per_s=2)
    pacer.used(pacer.reserve(5.0), 5.0)
    pacer.used(5.0, 4.0)
    assert pacer.recent == [5.0]


@pytest.mark.parametrize(
    ("attempt_number", "longest_wait_s"),
    [(-3, 1.0), (0, 1.0), (1, 1.0), (2, 2.0), (3, 4.0), (6, 32.0), (7, 60.0), (5000, 60.0)],
)
def test_the_longest_wait_doubles_from_a_second_to_a_minute(
    attempt_number: int, longest_wait_s: float
) -> None:
    assert backoff_s(attempt_number, jitter=1.0) == longest_wait_s
    assert backoff_s(attempt_number, jitter=0.5) == longest_wait_s / 2


@pytest.mark.parametrize(
    ("rate_per_s", "asked_at", "given_at"),
    [
        (0.5, [0.0, 3.0, 3.0], [0.0, 3.0, 5.02]),
        (1.5, [0.0, 0.0, 0.0], [0.0, 1.01, 2.02]),
        (2.0, [0.0, 2.0, 2.0], [0.0, 2.0, 2.505]),
        (10.0, [0.0, 0.15, 0.15], [0.0, 0.15, 0.202]),
    ],
    ids=["a window of seconds", "one in a window", "late by more than a second", "late by little"],
)
def test_what_comes_late_is_caught_up_within_the_window(
    rate_per_s: float, asked_at: list[float], given_at: list[float]
) -> None:
    pacer = Pacer(rate_per_s=rate_per_s)
    assert [pacer.reserve(at) for at in asked_at] == pytest.approx(given_at)


def test_no_more_slots_are_remembered_than_a_window_may_hold() -> None:
    pacer = Pacer(rate_per_s=2)
    for _ in range(9):
        pacer.reserve(0.0)
    assert len(pacer.recent) == 2
    pacer.used(pacer.recent[0], 50.0)
    assert pacer.recent[1:] == [50.0]
    assert len(pacer.recent) == 2


def test_a_slow_rate_is_slowed_too_and_the_pause_itself_gives_nothing_back() -> None:
    slow = Pacer(rate_per_s=0.5)
    slow.throttled(0.0, 1.0)
    assert slow.current_per_s == pytest.approx(0.35)
    pacer = Pacer(rate_per_s=10)
    pacer.throttled(0.0, 10.0)
    for moment in (5.0, 9.5, 10.0):
        pacer.reserve(moment)
        assert pacer.current_per_s == pytest.approx(7.0)
    pacer.reserve(10.5)
    assert pacer.current_per_s == pytest.approx(7.05)


@pytest.mark.parametrize(
    ("second_s", "current_per_s"), [(0.9, 7.0), (1.0, 4.9)], ids=["within", "at its end"]
)
def test_a_429_within_a_pause_is_of_that_pause_and_one_at_its_end_is_another(
    second_s: float, current_per_s: float
) -> None:
    pacer = Pacer(rate_per_s=10)
    pacer.throttled(0.0, 1.0)
    pacer.throttled(second_s, 1.0)
    assert pacer.current_per_s == pytest.approx(current_per_s)


def test_a_late_wake_up_after_a_pause_catches_up_like_any_other() -> None:
    pacer = Pacer(rate_per_s=10)
    pacer.throttled(0.0, 1.0)
    assert pacer.reserve(1.05) == 1.05
    assert pacer.reserve(1.05) == pytest.approx(1.0 + 1.01 / 7.005)


@pytest.mark.parametrize(
    ("due_s", "next_slot_s"),
    [(4.0, 5.505), (4.001, 5.405)],
    ids=["late by a second", "late by less than a second"],
)
def test_who_comes_a_second_late_has_rested_and_catches_nothing_up(due_s: float, next_slot_s: float) -> None:
    pacer = Pacer(rate_per_s=2, next_s=due_s)
    assert pacer.reserve(5.0) == 5.0
    assert pacer.reserve(5.0) == pytest.approx(next_slot_s)
