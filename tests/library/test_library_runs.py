"""`bulk_orders.plan`, `run`, `resume`, `status` and `report`, against the practice marketplace on this machine."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from books.order_books import TOO_MANY, order_rows, result_rows, write_book
from processes import Desk, Starter

import bulk_orders
from bulk_orders import ExitCode, GuardStopped, InputError, Outcome, Proposal, RunEnd, RunOptions, UsageError
from bulk_orders.library.opening import folders_of
from bulk_orders.wiring import open_ledger

QUICK = bulk_orders.PRACTICE_PROFILE.model_copy(update={"rate_per_s": 0})
LIVE = QUICK.model_copy(update={"name": "live"})
GOOD = pd.DataFrame(order_rows(3))


FRAME = GOOD.assign(quantity=[1, 2.0, 3], offer_attestation=False)


@pytest.fixture(scope="module")
def desk(starter: Starter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with Desk(starter, tmp_path_factory.mktemp("library")) as made:
        yield made


@pytest.fixture(scope="module")
def events() -> list[object]:
    """What was told of the run."""
    return []


@pytest.fixture(scope="module")
def end(desk: Desk, events: list[object]) -> RunEnd:
    """A run of a frame."""
    return bulk_orders.run(FRAME, QUICK, confirm=3, home=desk.home, on_event=events.append)


def test_a_plan_of_a_frame_says_what_would_be_sent(tmp_path: Path) -> None:
    proposal = bulk_orders.plan(FRAME, QUICK, home=tmp_path)
    assert proposal.orders == 3
    assert proposal.to_frame()[["row", "disposition", "to_send"]].to_numpy().tolist() == [
        [row, "to_send", True] for row in (2, 3, 4)
    ]


def test_a_frame_becomes_orders_and_a_frame_of_what_became_of_each(
    desk: Desk, end: RunEnd, events: list[object]
) -> None:
    told = end.to_frame()
    assert (end.exit_code, told["row"].to_list()) == (ExitCode.OK, [2, 3, 4])
    assert set(told["outcome"]) <= {Outcome.ACCEPTED, Outcome.ORDERED}
    assert told["reference"].to_list() == GOOD["reference"].to_list()
    assert told["order_id"].is_unique
    assert sum(isinstance(event, bulk_orders.OrderSettled) for event in events) == 3
    again = bulk_orders.run(FRAME, QUICK, confirm=3, home=desk.home)
    assert set(again.to_frame()["outcome"]) == {Outcome.ORDERED_BEFORE}
    assert list(again.to_frame().dtypes) == list(told.dtypes)


def test_a_run_of_a_frame_can_be_reported_and_resumed_later_by_the_command_too(
    desk: Desk, end: RunEnd
) -> None:
    assert end.results_path is not None
    assert end.report.made_new_because == ""
    before = [row["row_key"] for row in result_rows(end.results_path)]
    end.results_path.unlink()
    assert bulk_orders.report(end.run_id, QUICK, home=desk.home).results_path == end.results_path
    assert [row["row_key"] for row in result_rows(end.results_path)] == before
    assert bulk_orders.resume(end.run_id, QUICK, home=desk.home).exit_code is ExitCode.OK
    assert desk.run("report", end.run_id).code == 0


def test_each_stage_is_told_before_anything_is_confirmed(tmp_path: Path) -> None:
    stages: list[object] = []

    def confirm(proposal: Proposal) -> int:
        assert proposal.estimate is not None
        stages.append(len(proposal.estimate.bills))
        return 0

    with pytest.raises(GuardStopped, match="Nothing was sent"):
        bulk_orders.run(
            GOOD,
            QUICK,
            confirm,
            home=tmp_path,
            options=RunOptions(estimate=True),
            on_stage=lambda stage: stages.append(type(stage).__name__),
        )
    assert stages == ["CheckResult", "Proposal", "Estimate", 3]
    with pytest.raises(GuardStopped, match="more than"):
        bulk_orders.plan(GOOD, QUICK, home=tmp_path, options=RunOptions(max_per_customer=0.01))


def test_what_cannot_be_sent_opens_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        bulk_orders.run(GOOD.assign(quantity="none"), QUICK, home=tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_limits_of_rows_and_of_orders_hold_here_too(tmp_path: Path) -> None:
    dear = GOOD.assign(**{"Maximum price": "0.01"})
    with pytest.raises(InputError, match="more than"):
        bulk_orders.run(dear, QUICK, home=tmp_path)
    with pytest.raises(GuardStopped, match="more than the 0 allowed"):
        bulk_orders.plan(GOOD, QUICK, home=tmp_path, options=RunOptions(max_orders=0))
    assert not list(tmp_path.rglob("*.xlsx"))


@pytest.mark.long
def test_status_follows_the_orders_to_their_end(tmp_path: Path) -> None:
    end = bulk_orders.run(GOOD, QUICK, home=tmp_path)
    told = bulk_orders.status(end.run_id, QUICK, home=tmp_path, wait_s=30).to_frame()
    assert set(told["outcome"]) == {Outcome.ORDERED}
    assert told["subscription_id"].notna().all()


@pytest.mark.long
def test_a_path_is_run_as_the_command_runs_it(tmp_path: Path) -> None:
    book = write_book(tmp_path / "orders.xlsx", order_rows(2))
    end = bulk_orders.run(book, QUICK, home=tmp_path / "home")
    assert end.results_path is not None
    assert end.results_path.parent == tmp_path
    assert bulk_orders.plan(GOOD, QUICK, home=tmp_path / "home").orders == 1


@pytest.mark.long
def test_good_rows_go_without_the_others_and_a_refused_one_is_an_outcome(tmp_path: Path) -> None:
    frame = GOOD.assign(quantity=["0", TOO_MANY, "1"], mpn=["", "CFQ7TTC0LH18:0001", GOOD["mpn"][2]])
    with pytest.raises(InputError, match="1 row to fix"):
        bulk_orders.run(frame, QUICK, home=tmp_path)
    end = bulk_orders.run(frame, QUICK, home=tmp_path, options=RunOptions(only_ready=True))
    assert end.exit_code is ExitCode.SOME_FAILED
    told = end.to_frame()
    assert told["outcome"].to_list()[:2] == [Outcome.INVALID, Outcome.REJECTED]
    assert told["message"].notna().to_list()[:2] == [True, True]


def no_number(_: Proposal) -> Any:
    return True


@pytest.mark.parametrize(
    ("confirm", "error", "said"),
    [
        (2, GuardStopped, "the number confirmed is 2"),
        (0, GuardStopped, "the number confirmed is 0"),
        (lambda proposal: proposal.orders + 1, GuardStopped, "the number confirmed is 4"),
        (lambda _: 0, GuardStopped, "was not confirmed"),
        (no_number, UsageError, "is a bool"),
        ("3", UsageError, "is a str"),
    ],
)
def test_without_the_right_number_nothing_is_sent(
    tmp_path: Path, confirm: Any, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        bulk_orders.run(GOOD, QUICK, confirm=confirm, home=tmp_path)
    with pytest.raises(UsageError, match="no run last"):
        bulk_orders.report("last", QUICK, home=tmp_path)


@pytest.mark.long
def test_a_function_may_confirm_the_first_few(tmp_path: Path) -> None:
    first: Callable[[Proposal], int] = lambda proposal: proposal.orders - 1  # noqa: E731 - as people write it
    told = bulk_orders.run(GOOD, QUICK, confirm=first, home=tmp_path).to_frame()
    assert told["outcome"].to_list()[2] == Outcome.NOT_SENT


@pytest.mark.long
def test_a_run_that_is_stopped_from_outside_goes_on_with_resume(tmp_path: Path) -> None:
    stop, frame = threading.Event(), pd.DataFrame(order_rows(8))

    def stop_soon(event: bulk_orders.Event) -> None:
        if isinstance(event, bulk_orders.OrderSettled):
            stop.set()

    one_by_one = QUICK.model_copy(update={"workers": 1})
    end = bulk_orders.run(frame, one_by_one, home=tmp_path, on_event=stop_soon, stop=stop)
    assert end.exit_code is ExitCode.INTERRUPTED
    assert Outcome.NOT_SENT in set(end.to_frame()["outcome"])
    told = bulk_orders.resume("last", QUICK, home=tmp_path).to_frame()
    assert set(told["outcome"]) <= {Outcome.ACCEPTED, Outcome.ORDERED}
    assert (told["order_id"].nunique(), told["attempts"].max()) == (8, 1)


def test_a_live_run_is_never_confirmed_by_itself(tmp_path: Path) -> None:
    with pytest.raises(GuardStopped, match="never confirmed by itself"):
        bulk_orders.run(GOOD, LIVE, home=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.long
def test_a_plan_records_nothing_and_two_frames_of_one_minute_have_results_each(tmp_path: Path) -> None:
    bulk_orders.plan(GOOD, QUICK, home=tmp_path)
    with pytest.raises(UsageError, match="no run last"):
        bulk_orders.report("last", QUICK, home=tmp_path)
    first = bulk_orders.run(GOOD, QUICK, home=tmp_path)
    second = bulk_orders.run(GOOD.assign(reference=["a", "b", "c"], quantity=9), QUICK, home=tmp_path)
    assert first.results_path != second.results_path


@pytest.mark.long
def test_what_is_older_than_the_profile_keeps_it_is_erased_after_a_run(tmp_path: Path) -> None:
    old = bulk_orders.run(GOOD, QUICK, home=tmp_path)
    with open_ledger(QUICK, folders_of(tmp_path)) as ledger:
        record = ledger.run(old.run_id)
        assert record is not None
        ledger.finish_run(replace(record, ended_at=record.started_at - timedelta(days=2)))
    forgetful = QUICK.model_copy(update={"keep_personal_days": 1})
    new = bulk_orders.run(GOOD, forgetful, home=tmp_path)
    with open_ledger(QUICK, folders_of(tmp_path)) as ledger:
        assert [bool(ledger.source(run.run_id)) for run in (old, new)] == [False, True]


@pytest.mark.long
def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bulk_orders.run(GOOD, QUICK, home=tmp_path)
    assert capfd.readouterr() == ("", "")
