"""Seats are changed at renewal: the row is scheduled with its day, and done once the subscription shows them after it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from runs.practice_office import office
from runs.test_changes import SUBSCRIPTION, Office, change, followed, seats, sent

from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode
from bulk_orders.runs.follow import follow_run


@pytest.fixture
def practice() -> Iterator[Office]:
    with office("subscriptions=60") as parts:
        yield parts


def at_renewal(number: int, seats: int, subscription: str = SUBSCRIPTION) -> list[str]:
    *row, _action, named = change(number, seats, subscription)
    return [*row, "Change seats at renewal", named]


def only(practice: Office) -> OrderRecord:
    (made,) = practice[0].ledger.orders()
    return made


def test_fewer_seats_at_renewal_are_scheduled_with_their_day_and_done_after_it(
    practice: Office, tmp_path: Path
) -> None:
    ended, (made,) = sent(practice, tmp_path, at_renewal(1, 40))
    assert (ended.code, made.order_number) == (ExitCode.OK, "CH000001")
    (placed,) = practice[1].orders
    assert placed["sent"]["scheduledOn"] == "renewal"

    assert followed(practice, 10.0) == [Outcome.SCHEDULED]
    assert (only(practice).scheduled_for, seats(practice)) == ("2027-06-07", 46)
    practice[0].clock.wait(200 * 86400.0, practice[0].stop)
    assert followed(practice, 10.0) == [Outcome.ORDERED]
    assert (seats(practice), only(practice).scheduled_for) == (40, "")


@pytest.mark.long
def test_a_change_now_deletes_what_was_scheduled_and_the_row_says_so(
    practice: Office, tmp_path: Path
) -> None:
    sent(practice, tmp_path, at_renewal(1, 40))
    assert followed(practice, 10.0) == [Outcome.SCHEDULED]
    first = next(iter(practice[0].ledger.runs()))

    sent(practice, tmp_path, change(2, 50))

    report = follow_run(practice[0], first, wait_s=60.0).report
    assert [row.outcome for row in report.rows] == [Outcome.ORDER_CANCELLED]


@pytest.mark.long
@pytest.mark.parametrize("days", [1, 2])
def test_what_comes_too_late_for_a_renewal_is_not_sent(days: int, practice: Office, tmp_path: Path) -> None:
    now = practice[0].clock.now()
    found = practice[0].marketplace.get_subscription(SUBSCRIPTION)
    assert found is not None
    assert found.renewal_date is not None
    ahead = found.renewal_date - timedelta(days=days) - now.date()
    practice[0].clock.wait(ahead.total_seconds(), practice[0].stop)

    ended, (made,) = sent(practice, tmp_path, at_renewal(1, 40))

    is_late = days < 2
    assert (ended.code is ExitCode.OK, made.state is State.GAVE_UP) == (not is_late, is_late)
    assert practice[1].order_count == (0 if is_late else 1)
