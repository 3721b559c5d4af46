"""A full disk: no order is lost, the log says nothing rather than a traceback for each line, and the end is told all the same."""

import errno
import io
import logging
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from books.order_books import order_rows, write_book
from processes import Desk

from bulk_orders.cli.logs import _PrivateFile
from bulk_orders.cli.report_told import audit_lines
from bulk_orders.errors import LedgerUnusable
from bulk_orders.runs.run import _note_end
from bulk_orders.sending.audit import AuditFindings


class Full(io.StringIO):
    """A file on a disk without room."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", text)


def test_a_line_that_the_disk_has_no_room_for_prints_no_traceback(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    handler = _PrivateFile(tmp_path / "log", encoding="utf-8")
    opened = handler.setStream(Full())
    assert opened is not None
    opened.close()
    for number in range(3):
        handler.emit(logging.LogRecord("x", logging.INFO, "x", number, "a line", None, None))
    assert capfd.readouterr() == ("", "")


def test_a_run_whose_end_cannot_be_recorded_is_told_to_its_end() -> None:
    def finish_run(run: Any) -> None:
        raise LedgerUnusable("The disk is full.")

    services: Any = SimpleNamespace(ledger=SimpleNamespace(finish_run=finish_run))
    run: Any = SimpleNamespace(run_id="run-1")
    _note_end(services, run)


@pytest.mark.parametrize(("matched", "lines"), [(0, 0), (1, 1), (2, 1)])
def test_a_comparison_that_matched_nothing_tells_of_no_orders(matched: int, lines: int) -> None:
    assert len(audit_lines(AuditFindings(is_whole=True, matched=matched), "R-1", {})) == lines


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that is soon full."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)], check=False, capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("this user may not mount a small file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path, leave: int) -> None:
    free = os.statvfs(disk)
    (disk / "filler").write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - leave))


@pytest.mark.long
def test_a_full_disk_under_the_results_stops_the_run_before_anything_is_sent(
    desk: Desk, tiny_disk: Path
) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", order_rows(2))
    fill(tiny_disk, 0)

    ended = desk.run("run", book, "--practice-at", practice.base_url, "-o", tiny_disk)

    assert (ended.code, practice.posts()) == (7, 0)
    ended.assert_is_a_sentence()


@pytest.mark.long
def test_a_disk_too_small_for_the_results_loses_no_order(desk: Desk, tiny_disk: Path) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", order_rows(20))
    fill(tiny_disk, 8192)

    ended = desk.run("run", book, "--practice-at", practice.base_url, "-o", tiny_disk)
    made = desk.run("report", "last", "-o", desk.folder / "again.xlsx", "--json")

    assert (ended.code, practice.count()) == (7, 20)
    assert "The results workbook was not written" in ended.err
    assert "bulk-orders report" in ended.err
    assert (made.code, made.json["counts"]["accepted"]) == (0, 20)
    ended.assert_is_a_sentence()


def test_a_full_disk_under_the_ledger_sends_nothing(desk: Desk, tiny_disk: Path) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", order_rows(2))
    fill(tiny_disk, 0)

    ended = desk.run("--ledger", tiny_disk / "l.sqlite", "run", book, "--practice-at", practice.base_url)

    assert (ended.code, practice.posts()) == (6, 0)
    ended.assert_is_a_sentence()


@pytest.mark.long
def test_a_ledger_whose_disk_fills_up_stops_sending_and_loses_nothing(desk: Desk, tiny_disk: Path) -> None:
    desk.settings["BULK_ORDERS_RATE_PER_S"] = "0"
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", order_rows(150))

    stopped = desk.run("--ledger", tiny_disk / "l.sqlite", "run", book, "--practice-at", practice.base_url)
    sent = practice.count()

    assert stopped.code in {5, 6, 7}
    assert sent < 150
    stopped.assert_is_a_sentence()
