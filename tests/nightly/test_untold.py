"""What a killed night told nobody is told by the next one; what people were told is not told again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest
from nights import Office, office

from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode
from bulk_orders.nightly.folders import Claim, NightFolders
from bulk_orders.nightly.results import FileResult, NightReport, file_json, file_of

pytestmark = pytest.mark.long


class Killed(BaseException):
    """Takes the place of a kill: nothing of ours catches it. Real ones are in `test_a_week`."""


def die(*_: object, **__: object) -> NoReturn:
    raise Killed


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        yield made


def killed(here: Office, *, tell: Callable[[NightReport], bool] = die) -> None:
    with pytest.raises(Killed):
        here.night(tell=tell)


def told(report: NightReport) -> list[tuple[str, int]]:
    return sorted((found.name, int(found.exit_code)) for found in report.files)


def test_a_result_is_read_back_as_it_was_noted() -> None:
    found = FileResult(
        name="a.xlsx",
        exit_code=ExitCode.SOME_FAILED,
        what="x",
        fix="y",
        run_id="R",
        counts={Outcome.REJECTED: 2},
        is_open=True,
        moved_to=Path("/x"),
        results=Path("/y"),
    )
    assert file_of(file_json(found)) == found


def test_a_night_that_is_killed_before_it_tells_is_told_by_the_next_one_and_once(here: Office) -> None:
    here.drop("bad.xlsx", 1, subscriptionPeriod="a decade")
    here.drop("good.xlsx", 2, first=5)
    killed(here)
    assert told(here.night()) == [("bad.xlsx", 3), ("good.xlsx", 0)]
    assert told(here.night()) == []
    assert list((here.root / "work").iterdir()) == []


@pytest.mark.parametrize("step", ["set_aside", "finish"])
def test_a_file_that_was_put_away_before_the_kill_is_told(
    here: Office, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.drop("orders.xlsx", 1, **({"subscriptionPeriod": "a decade"} if step == "set_aside" else {}))
    original = getattr(NightFolders, step)

    def and_die(folders: NightFolders, claim: Claim, *more: object) -> None:
        original(folders, claim, *more)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(NightFolders, step, and_die)
        killed(here)
    expected = ("orders.xlsx", 3 if step == "set_aside" else 0)
    assert told(here.night()) == [expected]
    assert told(here.night()) == []


def test_a_run_that_had_ended_before_the_kill_is_told_when_its_file_is_put_away(
    here: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.drop("orders.xlsx", 1)
    with monkeypatch.context() as patched:
        patched.setattr(NightFolders, "finish", die)
        killed(here)
    assert told(here.night()) == [("orders.xlsx", 0)]
    assert (told(here.night()), here.simulator.order_count) == ([], 1)


def test_a_note_that_a_kill_cut_off_is_passed_over(here: Office) -> None:
    here.drop("bad.xlsx", 1, subscriptionPeriod="a decade")
    killed(here)
    notes = here.root / "work" / "untold.jsonl"
    notes.write_bytes(notes.read_bytes() + b'{"taken": "/x/y')
    assert told(here.night()) == [("bad.xlsx", 3)]


def test_a_note_after_one_that_a_kill_cut_off_is_read(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    (here.root / "work").mkdir()
    (here.root / "work" / "untold.jsonl").write_bytes(b'{"taken": "/x/y')
    here.drop("orders.xlsx", 1)
    original = NightFolders.finish

    def and_die(folders: NightFolders, claim: Claim, day: date) -> NoReturn:
        original(folders, claim, day)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(NightFolders, "finish", and_die)
        killed(here)
    assert told(here.night()) == [("orders.xlsx", 0)]


def test_what_reached_nobody_is_told_again_the_next_night(here: Office) -> None:
    here.drop("bad.xlsx", 1, subscriptionPeriod="a decade")
    here.drop("good.xlsx", 1, first=5)
    here.shows = lambda entry: replace(entry, status="cancelled")
    results = [here.night(tell=lambda report: False, follow_s=1) for _ in range(2)]
    assert [told(report) for report in results] == [[("bad.xlsx", 3), ("good.xlsx", 0)]] * 2
    assert [len(report.drifted) for report in results] == [1, 1]
    assert told(here.night()) == [("bad.xlsx", 3), ("good.xlsx", 0)]
    last = here.night()
    assert (told(last), last.drifted) == ([], ())
