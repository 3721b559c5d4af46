"""The one place that knows what time it is and how to wait. Everybody else is handed a `Clock`."""

import threading
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Time as the shell needs it."""

    def now(self) -> datetime:
        """Aware UTC; may jump when the machine's clock is set."""

    def monotonic(self) -> float:
        """Seconds that only go forward."""

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait, or less if `stop` is set meanwhile; True when it is set."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        return time.monotonic()

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait, or less if `stop` is set meanwhile."""
        return stop.wait(max(0.0, seconds))
