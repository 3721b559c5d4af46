"""Nights over a marketplace on loopback: every order once, every file in its folder, and one bad file stops no other."""

import json
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from books.order_books import BASIC, TOO_MANY, order_row, write_book
from nights import Office, office

from bulk_orders.cli.logs import log_also
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import AnotherRunActive, ExitCode, GuardStopped
from bulk_orders.nightly.night import work_through_night
from bulk_orders.nightly.preview import preview


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        yield made


def codes(report: object) -> dict[str, int]:
    return {found.name: int(found.exit_code) for found in report.files}  # type: ignore[attr-defined]


@pytest.mark.long
def test_each_file_ends_where_it_belongs_and_a_bad_one_stops_no_other(here: Office) -> None:
    here.drop("a-good.xlsx")
    here.drop("b-broken.xlsx", first=3, subscriptionPeriod="a decade")
    here.drop("c-totals.xlsx", first=5).with_suffix(".ctl").write_text("orders = 3\n", encoding="utf-8")
    here.drop("d-nothing-stated.xlsx", first=7, totals=False)
    (here.inbox / "e-rubbish.csv").write_bytes(b"no workbook")
    here.drop("f-good.xlsx", first=9)

    report = here.night()

    assert codes(report) == {
        "a-good.xlsx": 0,
        "b-broken.xlsx": 3,
        "c-totals.xlsx": 3,
        "d-nothing-stated.xlsx": 9,
        "e-rubbish.csv": 3,
        "f-good.xlsx": 0,
    }
    assert report.exit_code is ExitCode.GUARD
    assert here.simulator.order_count == 4
    day = f"processed/{here.today()}"
    assert here.found() == sorted(
        [
            *(
                f"{day}/{name}"
                for name in ("a-good.ctl", "a-good.xlsx", "a-good", "f-good.ctl", "f-good.xlsx", "f-good")
            ),
            *(
                f"needs-attention/READ-ME-{name}.txt"
                for name in ("b-broken.xlsx", "c-totals.xlsx", "d-nothing-stated.xlsx", "e-rubbish.csv")
            ),
            *(f"needs-attention/{name}.ctl" for name in ("b-broken", "c-totals")),
            "needs-attention/b-broken.checked.xlsx",
            *(f"needs-attention/{name}.xlsx" for name in ("b-broken", "c-totals", "d-nothing-stated")),
            "needs-attention/e-rubbish.csv",
        ]
    )
    note = (
        (here.root / "needs-attention" / "READ-ME-c-totals.xlsx.txt").read_text(encoding="utf-8").splitlines()
    )
    assert len(note) == 3
    assert "Control totals say 3 orders; the workbook has 2 orders." in note[0]
    told = json.loads((here.root / "last-run.json").read_text(encoding="utf-8"))
    assert (told["exit_code"], len(told["files"])) == (9, 6)


@pytest.mark.long
def test_the_same_file_again_sends_nothing(here: Office) -> None:
    content = here.drop("orders.xlsx").read_bytes()
    here.night()
    (here.inbox / "copy.xlsx").write_bytes(content)
    here.clock.ahead += timedelta(days=1)
    report = here.night()
    assert codes(report) == {"copy.xlsx": 0}
    assert "was processed before" in report.files[0].what
    assert here.simulator.order_count == 2


@pytest.mark.long
def test_a_file_that_is_written_into_after_it_was_taken_goes_back(here: Office) -> None:
    path = here.drop("orders.xlsx")
    half = path.read_bytes()
    path.write_bytes(half[:-200])
    here.clock.meanwhile.append(lambda: path.write_bytes(half))
    report = here.night(stable_s=60)
    assert [(entry.name, entry.why) for entry in report.waiting] == [
        ("orders.xlsx", "it is still being written")
    ]
    assert (path.read_bytes(), here.simulator.order_count, report.exit_code) == (half, 0, ExitCode.OK)
    here.clock.meanwhile.clear()
    assert codes(here.night(stable_s=60)) == {"orders.xlsx": 0}


def test_two_nights_on_one_inbox_one_works_and_the_other_is_refused(here: Office) -> None:
    here.drop("orders.xlsx")
    with here.parts() as parts:
        parts.folders.prepare()
        with parts.folders.held(), pytest.raises(AnotherRunActive) as refused:
            here.night()
    assert refused.value.exit_code is ExitCode.ANOTHER_RUN
    assert codes(here.night()) == {"orders.xlsx": 0}


def test_a_live_night_without_a_limit_does_not_begin(here: Office) -> None:
    here.drop("orders.xlsx")
    with pytest.raises(GuardStopped, match="maximum number of orders"):
        here.night(max_orders=None)
    assert here.found() == ["inbox/orders.ctl", "inbox/orders.xlsx"]


def test_what_is_too_much_or_too_dear_is_set_aside(here: Office) -> None:
    here.drop("many.xlsx", 3)
    here.drop("dear.xlsx", 2, first=4)
    report = here.night(max_orders=2, max_amount=1.0)
    assert codes(report) == {"dear.xlsx": 9, "many.xlsx": 9}
    assert here.simulator.order_count == 0
    assert "more than the 1.00 of --max-amount" in report.files[0].what


@pytest.mark.long
def test_of_a_file_with_errors_the_good_rows_are_sent_if_the_settings_say_so(here: Office) -> None:
    rows = [order_row(1), order_row(2, subscriptionPeriod="a decade"), order_row(3)]
    here.inbox.mkdir()
    write_book(here.inbox / "orders.xlsx", rows).with_suffix(".ctl").write_text(
        "orders = 3", encoding="utf-8"
    )
    report = here.night(on_problem="send-ready")
    assert codes(report) == {"orders.xlsx": 3}
    assert here.simulator.order_count == 2
    assert f"processed/{here.today()}/orders.xlsx" in here.found()
    assert (here.root / "needs-attention" / f"READ-ME-orders.xlsx ({report.files[0].run_id}).txt").exists()


@pytest.mark.long
def test_failed_rows_are_told_with_where_to_look(here: Office) -> None:
    here.drop("orders.xlsx", 2, mpn=BASIC, quantity=TOO_MANY)
    report = here.night()
    (found,) = report.files
    assert (found.exit_code, found.counts[Outcome.REJECTED]) == (ExitCode.SOME_FAILED, 2)
    assert found.results is not None
    assert str(found.results) in found.fix
    assert (here.root / "needs-attention" / f"READ-ME-orders.xlsx ({report.files[0].run_id}).txt").exists()
    assert f"processed/{here.today()}/orders.xlsx" in here.found()


def test_on_a_frozen_day_and_after_the_night_nothing_is_sent_and_all_stays(here: Office) -> None:
    here.drop("orders.xlsx")
    frozen = here.night(freeze=[str(here.today())])
    assert "nothing is sent from" in frozen.waiting[0].why
    hour_ago = (here.clock.now() - timedelta(hours=1)).strftime("%H:%M")
    over = here.night(not_after=hour_ago)
    assert f"nothing is sent after {hour_ago}" in over.waiting[0].why
    assert (here.simulator.order_count, here.found()) == (0, ["inbox/orders.ctl", "inbox/orders.xlsx"])
    assert (frozen.exit_code, over.exit_code) == (ExitCode.OK, ExitCode.OK)


@pytest.mark.long
def test_a_marketplace_that_is_away_is_waited_for(here: Office) -> None:
    here.drop("orders.xlsx")
    here.away = 3
    report = here.night()
    assert (codes(report), here.simulator.order_count) == ({"orders.xlsx": 0}, 2)


def test_one_that_stays_away_leaves_every_file_in_the_inbox(here: Office) -> None:
    here.drop("orders.xlsx")
    here.away = 1_000
    report = here.night()
    assert (report.exit_code, report.files) == (ExitCode.TRY_AGAIN_LATER, ())
    assert [(entry.name, entry.why) for entry in report.waiting] == [
        ("orders.xlsx", "the night ended before its turn")
    ]
    assert here.found() == ["inbox/orders.ctl", "inbox/orders.xlsx"]


def test_what_lies_too_long_and_what_stays_open_too_long_is_an_alert(here: Office) -> None:
    (here.root / "inbox").mkdir()
    (here.inbox / "notes.pdf").write_bytes(b"x")
    assert here.night(alert_after_days=3).alerts == ()
    here.clock.ahead += timedelta(days=3, minutes=1)
    report = here.night(alert_after_days=3)
    assert report.alerts == ("inbox/notes.pdf has been there for 3 days.",)
    assert report.exit_code is ExitCode.GUARD


@pytest.mark.long
def test_what_is_old_is_deleted_if_the_settings_say_so(here: Office) -> None:
    here.drop("orders.xlsx")
    first = here.today()
    here.night(keep_days=30)
    here.clock.ahead += timedelta(days=31)
    assert here.night().deleted == ()
    assert [path.name for path in here.night(keep_days=30).deleted] == [str(first)]
    assert here.found() == []


@pytest.mark.long
def test_a_night_that_is_over_in_the_middle_of_a_run_is_gone_on_with_the_next_night(here: Office) -> None:
    here.profile = {"workers": 1}
    here.drop("orders.xlsx", 4)
    here.drop("z-later.xlsx", 1, first=9)
    here.clock.hold = threading.Event()
    here.on_place = here.clock.over
    ends = (here.clock.now() + timedelta(hours=5)).strftime("%H:%M")

    first = here.night(not_after=ends)

    sent = here.simulator.order_count
    assert 0 < sent < 4
    assert [(found.is_open, found.exit_code) for found in first.files] == [(True, ExitCode.TRY_AGAIN_LATER)]
    assert [entry.name for entry in first.waiting] == ["z-later.xlsx"]
    assert any(name.startswith("work/") and name.endswith("/orders.xlsx") for name in here.found())

    here.clock.hold, here.on_place = None, lambda: None
    here.clock.ahead += timedelta(days=1)
    second = here.night()

    assert codes(second) == {"orders.xlsx": 0, "z-later.xlsx": 0}
    assert here.simulator.order_count == 5
    assert [name for name in here.found() if name.startswith(("inbox/", "work/"))] == []


def without_results(here: Office, *, is_over: bool) -> None:
    """As a night leaves it that dies before its run's results, or after its run's end, is on record with them."""
    with here.parts() as parts:
        (run,) = parts.services.ledger.runs()
        ended_at = run.ended_at if is_over else None
        parts.services.ledger.finish_run(replace(run, results_path="", ended_at=ended_at, stopped_by=""))
    for results in here.root.rglob("*.results-*"):
        results.unlink()
    claimed = Path(run.source_path)
    claimed.parent.mkdir(exist_ok=True)
    for file in here.root.rglob("orders.*"):
        file.rename(claimed.with_suffix(file.suffix))


@pytest.mark.parametrize("is_over", [False, True])
def test_results_of_a_night_that_died_are_no_file_of_the_inbox(here: Office, is_over: bool) -> None:
    def die() -> None:
        raise KeyboardInterrupt

    here.drop("orders.xlsx", 1)
    here.on_place = (lambda: None) if is_over else die
    with nullcontext() if is_over else pytest.raises(KeyboardInterrupt):
        here.night()
    without_results(here, is_over=is_over)

    here.on_place = lambda: None
    second = here.night()

    assert [found.name for found in second.files] == ["orders.xlsx"]
    day = f"processed/{here.today()}"
    assert here.found() == [f"{day}/orders", f"{day}/orders.ctl", f"{day}/orders.xlsx"]
    assert here.simulator.order_count == 1


@pytest.mark.long
def test_a_folder_that_goes_away_in_the_night_is_told_and_nothing_is_lost(here: Office) -> None:
    here.drop("orders.xlsx")
    here.clock.meanwhile.append(lambda: here.root.rename(here.root.with_name("unmounted")))
    report = here.night(stable_s=60)
    assert report.exit_code is ExitCode.TRY_AGAIN_LATER
    assert "cannot be used" in report.stopped_by
    assert any("last-run.json cannot be written" in alert for alert in report.alerts)
    here.clock.meanwhile.clear()
    here.root.with_name("unmounted").rename(here.root)
    assert codes(here.night()) == {"orders.xlsx": 0}


@pytest.mark.long
def test_where_results_cannot_be_written_nothing_is_sent_and_the_next_night_goes_on(here: Office) -> None:
    here.drop("orders.xlsx")
    (here.root / "processed").mkdir()
    in_the_way = here.root / "processed" / str(here.today())
    in_the_way.write_text("x", encoding="utf-8")
    report = here.night()
    assert (here.simulator.order_count, report.exit_code) == (0, ExitCode.TRY_AGAIN_LATER)
    assert "Nothing is lost" in report.files[0].fix
    in_the_way.unlink()
    assert codes(here.night()) == {"orders.xlsx": 0}


def test_a_log_and_a_last_run_that_cannot_be_written_are_alerts(here: Office) -> None:
    (here.root / "last-run.json").mkdir()
    (here.root / "logs").mkdir()
    (here.root / "logs" / f"bulk-orders-{here.today()}.log").mkdir()
    with here.parts() as parts:
        report = work_through_night(parts, log_also, lambda report: True)
    assert len(report.alerts) == 2
    assert report.exit_code is ExitCode.GUARD


@pytest.mark.parametrize(
    "failing",
    [
        OSError(28, "No space left on device"),
        pytest.param(ZeroDivisionError("a bug"), marks=pytest.mark.long),
    ],
)
def test_whatever_goes_wrong_with_one_file_is_told_and_the_next_has_its_turn(
    here: Office, failing: Exception
) -> None:
    here.drop("a.xlsx")
    here.drop("b.xlsx", totals=False)
    here.fails_once = failing
    report = here.night(max_amount=1000.0)
    assert [found.name for found in report.files] == ["a.xlsx", "b.xlsx"]
    assert here.simulator.order_count == 0
    assert any(name.endswith("/a.xlsx") for name in here.found())


@pytest.mark.long
def test_where_only_approved_plans_are_sent_files_stay_in_the_inbox_and_the_rest_is_done(
    here: Office,
) -> None:
    here.drop("orders.xlsx")
    assert here.night().exit_code is ExitCode.OK
    here.profile = {"policy": "approval", "approvers": ["somebody"]}
    here.drop("more.xlsx", first=5)
    here.clock.ahead += timedelta(days=1, minutes=5)
    before = here.found()
    report = here.night()
    assert (report.exit_code, report.files, here.simulator.order_count) == (ExitCode.GUARD, (), 2)
    assert "sends only approved plans" in report.stopped_by
    assert "bulk-orders apply PLAN" in report.stopped_by
    assert here.found() == before
    with here.parts() as parts, pytest.raises(GuardStopped, match="only approved plans"):
        preview(parts)
    (here.inbox / "more.xlsx").unlink()
    report = here.night()
    assert report.exit_code is ExitCode.OK  # what was sent a day ago is compared


@pytest.mark.long
def test_a_row_that_costs_more_than_it_may_is_an_error_of_its_file(here: Office) -> None:
    here.drop("dear.xlsx", 1, **{"Maximum price": "0.01"})
    report = here.night()
    assert (codes(report), here.simulator.order_count) == ({"dear.xlsx": 3}, 0)
    assert "more than the 0.01 that it may cost" in report.files[0].what
