"""The one place that knows what time it is and how to wait. Everybody else is handed a `Clock`."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol

_BOOTTIME: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class Clock(Protocol):
    """Time as the shell needs it."""

    def now(self) -> datetime:
        """Return aware UTC; it may jump when the machine's clock is set."""

    def monotonic(self) -> float:
        """Return seconds that only increase, those of a sleeping machine included where the system counts them."""

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait, or less if `stop` is set meanwhile; True when it is set."""

    def rest(self, changed: threading.Condition, seconds: float) -> None:
        """Wait for a notice on `changed`, which the caller holds, but no longer than `seconds`."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since the machine started, asleep or awake: a lid closed between intent and send must be noticed."""
        return time.clock_gettime(_BOOTTIME) if _BOOTTIME is not None else time.monotonic()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait, or less if `stop` is set meanwhile."""
        return stop.wait(max(0.0, seconds))

    def rest(self, changed: threading.Condition, seconds: float) -> None:
        """Wait for a notice on `changed`, but no longer than `seconds`."""
        changed.wait(max(0.0, seconds))
