"""A full disk: the log says nothing rather than a traceback for each line, and the end of a run is told all the same."""

import errno
import io
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

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
