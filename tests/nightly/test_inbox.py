"""Which files of the inbox are complete: a file that is being written is never among them."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_clock import FakeClock

from bulk_orders.nightly.folders import NightFolders
from bulk_orders.nightly.inbox import Found, look


@pytest.fixture
def root(tmp_path: Path) -> Path:
    NightFolders(root=tmp_path).prepare()
    return tmp_path


def drop(root: Path, *names: str, content: bytes = b"x") -> None:
    for name in names:
        (root / "inbox" / name).write_bytes(content)


def seen(root: Path, clock: FakeClock, *, trigger: str = "", stable_s: float = 60.0) -> Found:
    folders = NightFolders(root=root, trigger=trigger)
    return look(folders, stable_s=stable_s, clock=clock, stop=threading.Event())


def complete(found: Found) -> list[str]:
    return [path.name for path, _ in found.complete]


def why(found: Found) -> dict[str, str]:
    return {entry.name: entry.why for entry in found.waiting}


def test_files_that_are_still_are_taken_by_name_and_signs_of_others_are_passed_over(
    root: Path, clock: FakeClock
) -> None:
    drop(
        root,
        "b.xlsx",
        "a.CSV",
        "a.ctl",
        "old.xls",
        "~$b.xlsx",
        ".b.xlsx",
        "c.xlsx.part",
        "d.tmp",
        "readme.txt",
    )
    (root / "inbox" / "sub.xlsx").mkdir()
    found = seen(root, clock)
    assert complete(found) == ["a.CSV", "b.xlsx", "old.xls"]
    assert why(found) == {"readme.txt": "it is not a workbook or CSV file"}
    assert clock.monotonic() == 1060.0


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_bytes(b"more"),
        lambda path: path.write_bytes(b"y"),
        lambda path: path.with_suffix(".new").rename(path),
    ],
)
def test_a_file_that_changes_between_two_looks_waits(
    root: Path, clock: FakeClock, write: Callable[[Path], object]
) -> None:
    drop(root, "slow.csv", "still.csv", "slow.new")
    clock.after(59.0, lambda: write(root / "inbox" / "slow.csv"))
    found = seen(root, clock)
    assert complete(found) == ["still.csv"]
    assert why(found) | {"slow.new": ""} == {"slow.csv": "it is still being written", "slow.new": ""}


def test_an_empty_file_waits_and_one_that_somebody_takes_away_is_forgotten(
    root: Path, clock: FakeClock
) -> None:
    drop(root, "empty.csv", content=b"")
    drop(root, "gone.csv")
    clock.after(1.0, (root / "inbox" / "gone.csv").unlink)
    found = seen(root, clock)
    assert (complete(found), why(found)) == ([], {"empty.csv": "it is empty"})


def test_with_a_trigger_only_what_is_announced_is_taken_and_at_once(root: Path, clock: FakeClock) -> None:
    drop(root, "a.csv", "a.csv.ready", "b.csv", "b.ready", "c.csv")
    found = seen(root, clock, trigger=".ready")
    assert complete(found) == ["a.csv", "b.csv"]
    assert why(found) == {"c.csv": "it is not announced as complete"}
    assert clock.monotonic() == 1000.0


def test_an_empty_inbox_is_not_waited_for(root: Path, clock: FakeClock) -> None:
    assert seen(root, clock) == Found(complete=(), waiting=())
    assert clock.monotonic() == 1000.0


@pytest.mark.skipif(not hasattr(Path, "symlink_to"), reason="no links")
def test_a_link_is_not_followed(root: Path, clock: FakeClock) -> None:
    (root / "elsewhere.xlsx").write_bytes(b"x")
    (root / "inbox" / "link.xlsx").symlink_to(root / "elsewhere.xlsx")
    found = seen(root, clock)
    assert (complete(found), list(why(found))) == ([], ["link.xlsx"])
