"""The clock of all tests: its time passes when somebody waits, and it is told from outside what jumps and what happens when."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class FakeClock:
    """Time that passes when somebody waits or says so; safe between threads."""

    def __init__(self) -> None:
        self.pause_s = 0.002
        """Real time that other threads get while one rests; none is needed where there is one thread."""
        self._lock = threading.Lock()
        self._now = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
        self._monotonic_s = 1000.0
        self._later: list[tuple[float, Callable[[], object]]] = []

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        with self._lock:
            return self._monotonic_s

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._monotonic_s += seconds
            due = [act for at_s, act in self._later if at_s <= self._monotonic_s]
            self._later = [(at_s, act) for at_s, act in self._later if at_s > self._monotonic_s]
        for act in due:
            act()

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Do it once so much time has passed."""
        with self._lock:
            self._later.append((self._monotonic_s + seconds, act))

    def jump(self, seconds: float) -> None:
        """Somebody sets the wall clock; the other one goes on."""
        with self._lock:
            self._now += timedelta(seconds=seconds)

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        if not stop.is_set():
            self.advance(max(0.0, seconds))
            time.sleep(0.0002)  # let the others run
        return stop.is_set()

    def rest(self, changed: threading.Condition, seconds: float) -> None:
        if not changed.wait(min(seconds, self.pause_s)):
            self.advance(seconds)
