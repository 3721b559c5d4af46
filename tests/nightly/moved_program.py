"""The program in a process of its own whose clock a file moves ahead; nothing else of it is changed.

Whoever has the file has the same time: nights, marketplace and test. A long wait is over in an instant, and for all of them.
"""

import os
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bulk_orders.__main__ as program
from bulk_orders.machine.clock import SystemClock

CLOCK_FILE = "MOVED_CLOCK"
LONG_S = 5.0


class SharedClock:
    """How far ahead of the machine's clock everybody is."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._ahead_s())

    def go_to(self, moment: datetime) -> None:
        assert moment > self.now()
        self._write((moment - datetime.now(UTC)).total_seconds())

    def skip(self, seconds: float) -> None:
        self._write(self._ahead_s() + seconds)

    def _ahead_s(self) -> float:
        return float(self._path.read_text("ascii")) if self._path.exists() else 0.0

    def _write(self, seconds: float) -> None:
        aside = self._path.with_name(f"{self._path.name}.{os.getpid()}.{threading.get_ident()}")
        aside.write_text(repr(seconds), "ascii")
        aside.replace(self._path)


def main(arguments: Sequence[str]) -> int:
    """As `bulk_orders.__main__.main`. A scheduler's process has one clock, as a machine has: so it is changed as a whole."""
    shared = SharedClock(Path(os.environ[CLOCK_FILE]))
    skipped = [0.0]
    monotonic, wait = SystemClock.monotonic, SystemClock.wait

    def moved_wait(self: SystemClock, seconds: float, stop: threading.Event) -> bool:
        if seconds < LONG_S:
            return wait(self, seconds, stop)
        if not stop.is_set():
            shared.skip(seconds)
            skipped[0] += seconds
        return stop.is_set()

    SystemClock.now = lambda self: shared.now()  # type: ignore[method-assign]
    SystemClock.monotonic = lambda self: monotonic(self) + skipped[0]  # type: ignore[method-assign]
    SystemClock.wait = moved_wait  # type: ignore[method-assign]
    return program.main(arguments)
