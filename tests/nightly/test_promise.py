"""The promise at night: late duplicates, drift, and rows that are named until somebody decides."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from nights import Office, office

from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode
from bulk_orders.marketplace.interface import PlatformOrder
from bulk_orders.nightly.messages import messages
from bulk_orders.nightly.results import NightReport
from bulk_orders.runs.compare_again import compare_again, due, note_compared
from bulk_orders.runs.resolve import Decision, DecisionKind, resolve_run
from bulk_orders.settings.nightly import NightlySettings

DAY = timedelta(hours=24, minutes=5)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        yield made


def order_again(here: Office) -> None:
    """Place the first order once more, as a gateway does that was slow to repeat it."""
    with here.parts() as parts:
        parts.services.marketplace.sign_in()
        parts.services.marketplace.place(here.simulator.orders[0]["sent"])


def told_of(*outcomes: int) -> NightlySettings:
    who = {"somebody": {"urls_file": "x", "outcomes": list(outcomes)}}
    return NightlySettings.model_validate({"recipients": who})


def subjects(report: NightReport, *outcomes: int) -> list[str]:
    return [message.subject for message in messages(report, told_of(*outcomes))]


def later(here: Office, after: timedelta = DAY) -> NightReport:
    here.clock.ahead += after
    return here.night()


def test_a_duplicate_that_is_made_late_is_found_a_day_later_and_named_until_it_is_cancelled(
    here: Office,
) -> None:
    here.drop("orders.xlsx", 2)
    assert here.night().exit_code is ExitCode.OK
    order_again(here)

    report = later(here)

    (found,) = report.undecided
    assert (found.outcome, found.name, found.sheet_row) == (Outcome.DUPLICATE, "orders.xlsx", 2)
    assert found.hours_left == 143
    assert "143 hours left to cancel" in found.what
    assert report.exit_code is ExitCode.OUTCOME_UNKNOWN
    assert subjects(report, 5) == ["⚠ Look before sending again – the night – LIVE"]

    assert [found.hours_left for found in later(here).undecided] == [119]

    twin = str(here.simulator.orders[-1]["id"])
    here.shows = lambda entry: replace(entry, status="cancelled") if entry.order_id == twin else entry
    report = later(here)
    assert (report.undecided, report.exit_code) == ((), ExitCode.OK)


@pytest.mark.long
def test_orders_are_compared_after_a_day_and_after_three_and_then_no_more(here: Office) -> None:
    here.drop("orders.xlsx", 2)
    here.night()
    numbers = []
    for hours in (1, 24, 1, 24, 24, 24):
        here.clock.ahead += timedelta(hours=hours)
        with here.parts() as parts:
            numbers.append(len(due(parts.services, here.clock.now())))
        here.night()
    assert numbers == [0, 2, 0, 0, 2, 0]


def gone(entry: PlatformOrder) -> PlatformOrder | None:
    del entry
    return None


@pytest.mark.parametrize(
    ("shows", "sentence"),
    [
        (gone, "the marketplace no longer has order"),
        (lambda entry: replace(entry, status="cancelled"), "is cancelled on the marketplace."),
        (lambda entry: replace(entry, status="error"), "is in error on the marketplace."),
        (lambda entry: replace(entry, customer_id="7"), "belongs to customer 7 on the marketplace."),
        (lambda entry: replace(entry, amount="1.00"), "costs USD 1.00 on the marketplace, USD"),
        (lambda entry: replace(entry, products=({"mpn": "X", "quantity": 1},)), "has other products or"),
    ],
)
@pytest.mark.long
def test_an_order_that_is_not_as_the_ledger_has_it_is_reported_once(
    here: Office, shows: object, sentence: str
) -> None:
    here.drop("orders.xlsx", 1)
    here.night()
    here.clock.ahead += timedelta(minutes=1)
    here.night()
    here.shows = shows  # type: ignore[assignment]

    report = later(here)

    (found,) = report.drifted
    assert found.what.startswith("orders.xlsx, row 2: ")
    assert sentence in found.what
    assert report.exit_code is ExitCode.SOME_FAILED
    assert subjects(report, 4) == ["✖ Some orders failed – the night – LIVE"]
    assert subjects(report, 3) == []
    assert later(here, timedelta(hours=48)).drifted == ()


def test_an_order_that_fails_after_its_run_is_named_the_same_night(here: Office) -> None:
    here.drop("orders.xlsx", 1)
    here.shows = lambda entry: replace(entry, status="error")

    report = here.night(follow_s=1)

    assert [found.exit_code for found in report.files] == [ExitCode.OK]
    (found,) = report.drifted
    assert found.what == "orders.xlsx, row 2: order SO000001 is in error on the marketplace."
    assert report.exit_code is ExitCode.SOME_FAILED
    assert later(here).drifted == ()


@pytest.mark.long
def test_an_order_that_is_gone_is_named_on_a_night_with_the_same_file(here: Office) -> None:
    content = here.drop("orders.xlsx", 1).read_bytes()
    here.night()
    here.drop("orders.xlsx", 1).write_bytes(content)
    here.shows = gone

    report = later(here)

    assert report.files[0].what.startswith("The same file was processed before")
    (found,) = report.drifted
    assert "the marketplace no longer has order" in found.what
    assert report.exit_code is ExitCode.SOME_FAILED


@pytest.mark.long
def test_what_was_sent_between_what_was_due_and_the_reading_stays_due(here: Office) -> None:
    here.drop("first.xlsx", 1)
    here.night()
    here.clock.ahead += timedelta(minutes=10)
    here.drop("second.xlsx", 1, first=2)
    here.night()
    here.clock.ahead += timedelta(hours=23, minutes=55)

    with here.parts() as parts:
        due_at = here.clock.now()
        first = due(parts.services, due_at)
        here.clock.ahead += timedelta(minutes=30)
        note_compared(parts.services, compare_again(parts.services, first, due_at))
        second = due(parts.services, here.clock.now())

    assert [order.reference for order in (*first, *second)] == ["ROW-0001", "ROW-0002"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("closed", "said"),
    [("opens", "1 order could not be compared"), ("lists_all", "2 orders could not be compared")],
    ids=["a page cannot be read", "the list is not whole"],
)
def test_what_could_not_be_compared_proves_nothing_and_is_compared_again(
    here: Office, closed: str, said: str
) -> None:
    number = int(said[0])
    here.drop("orders.xlsx", number)
    here.night()
    here.shows = gone
    setattr(here, closed, False)
    report = later(here)
    assert (report.drifted, report.exit_code) == ((), ExitCode.TRY_AGAIN_LATER)
    assert report.not_compared.startswith(said)
    setattr(here, closed, True)
    assert len(later(here).drifted) == number


@pytest.mark.long
def test_a_doubtful_row_is_in_every_message_until_it_is_decided(here: Office) -> None:
    here.simulator.fail_next("reset-before-commit")
    here.drop("orders.xlsx", 1)
    here.night()
    report = later(here)
    (row,) = report.undecided
    assert (row.outcome, row.hours_left) == (Outcome.UNKNOWN, 143)
    here.drop("bad.xlsx", 1, first=3, subscriptionPeriod="a decade")
    report = later(here)
    assert subjects(report, 3) == ["✖ To fix, nothing sent – bad.xlsx – LIVE"]
    told = next(messages(report, told_of(3)))
    assert "nobody knows yet whether it was ordered. 119 hours left" in told.body
    with here.parts() as parts:
        run = parts.services.ledger.run(row.run_id)
        assert run is not None
        resolve_run(parts.services, run, decision=Decision(kind=DecisionKind.DROP, reason="by hand"))
    assert later(here).undecided == ()


@pytest.mark.long
def test_a_held_row_is_in_every_message_until_it_is_decided(here: Office) -> None:
    here.drop("first.xlsx", 1, reference="")
    here.night()
    here.drop("again.xlsx", 1, reference="", **{"PO number": "PO-2"})
    assert here.night().exit_code is ExitCode.GUARD

    report = later(here)

    (row,) = report.undecided
    assert (row.outcome, row.name, row.hours_left) == (Outcome.HELD, "again.xlsx", None)
    here.drop("bad.xlsx", 1, first=3, subscriptionPeriod="a decade")
    told = next(messages(later(here), told_of(3)))
    assert "again.xlsx, row 2 is held and not sent:" in told.body
    assert f"bulk-orders resolve {row.run_id}" in told.body
    with here.parts() as parts:
        run = parts.services.ledger.run(row.run_id)
        assert run is not None
        resolve_run(parts.services, run, decision=Decision(kind=DecisionKind.DROP, reason="by hand"))
    assert later(here).undecided == ()
    assert here.simulator.order_count == 1


@pytest.mark.long
def test_nights_ask_for_the_day_of_every_scheduled_order(tmp_path: Path) -> None:
    with office(tmp_path, faults="provisioning-scheduled=1") as here:
        here.drop("orders.xlsx", 12)
        here.night(follow_s=10, max_orders=20)
        later(here)
        with here.parts() as parts:
            days = [order.scheduled_for for order in parts.services.ledger.orders()]
    assert (len(days), all(days)) == (12, True)


@pytest.mark.long
def test_a_scheduled_order_that_fails_on_its_day_is_named_however_late_that_is(tmp_path: Path) -> None:
    with office(tmp_path, faults="provisioning-scheduled=1") as here:
        here.drop("orders.xlsx", 1)
        here.night(follow_s=10)
        here.shows = lambda entry: replace(entry, status="error", scheduled_for="")
        assert later(here, timedelta(days=20)).drifted == ()
        (found,) = later(here, timedelta(days=20)).drifted
        assert "is in error on the marketplace." in found.what
        assert later(here).drifted == ()
