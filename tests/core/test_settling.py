"""The settle window, and when *absent* may be said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.settling import READ_AT_S, is_absent, is_settled, window_s

DOUBT = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
ORDER = OrderRecord(
    key="k1:1",
    account="a",
    run_id="r",
    sheet_row=4,
    reference="",
    customer_id="1",
    mpn="m",
    quantity="1",
    domain="",
    marker="BO",
    body="{}",
    fingerprint="f",
    state=State.UNKNOWN,
    doubtful_at=DOUBT,
)


@pytest.mark.parametrize(
    ("lag_s", "expected_s"), [(0.0, 900.0), (60.0, 900.0), (61.0, 910.0), (600.0, 6300.0)]
)
def test_the_window_is_15_minutes_or_what_the_seen_lag_asks_for(lag_s: float, expected_s: float) -> None:
    assert window_s(lag_s) == expected_s


def test_a_reading_counts_only_after_the_window_and_not_at_its_end() -> None:
    assert not is_settled(ORDER, DOUBT + timedelta(seconds=900), 900)
    assert is_settled(ORDER, DOUBT + timedelta(seconds=900.001), 900)


def test_without_a_doubt_nothing_is_settled() -> None:
    assert not is_settled(replace(ORDER, doubtful_at=None), DOUBT, 0)


@pytest.mark.parametrize(
    ("reads", "state", "expected"),
    [(2, State.UNKNOWN, False), (3, State.UNKNOWN, True), (3, State.ACCEPTED, False)],
)
def test_absent_takes_three_complete_readings_of_an_unknown_order(
    reads: int, state: State, expected: bool
) -> None:
    assert is_absent(replace(ORDER, absent_reads=reads, state=state)) is expected


def test_a_doubtful_order_is_looked_for_at_once_and_then_with_doubling_gaps_for_a_quarter_of_an_hour() -> (
    None
):
    assert READ_AT_S == (0, 5, 15, 30, 60, 120, 240, 480, 900)
