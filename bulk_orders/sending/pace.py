"""Whose turn it is with one credential: the port, and the pace of a process that shares its credential with nobody.

`core.pacing` decides. `ledger.postgres.paces` is the other implementation: one pace for processes on any machine.
"""

import threading
from typing import Protocol

from bulk_orders.core.pacing import Pacer, Slot
from bulk_orders.machine.clock import Clock


class Pace(Protocol):
    """One credential's right to send. Safe between threads; each method raises what a ledger raises that cannot be reached."""

    def reserve(self, stop: threading.Event) -> Slot | None:
        """Take the next slot; None if `stop` was set before there was one."""

    def used(self, slot: Slot) -> None:
        """Note that the slot is used now: what comes a window later must come later, too."""

    def throttled(self, wait_s: float) -> None:
        """Note that the marketplace asked for `wait_s` of silence: nobody sends before, and all go slower afterwards."""

    def pause_s(self) -> float:
        """Return for how much longer the marketplace wants silence; 0 or less when it does not."""

    def alarm(self) -> None:
        """Tell the other processes that the marketplace gave no useful answer."""

    def is_alarmed(self) -> bool:
        """Tell, once, whether another process said so since this was last asked."""


class LocalPace:
    """The pace of one process."""

    def __init__(self, rate_per_s: float, clock: Clock) -> None:
        """Give `rate_per_s` slots a second; 0 is no limit."""
        self._pacer = Pacer(rate_per_s=rate_per_s)
        self._clock = clock
        self._lock = threading.Lock()

    def reserve(self, stop: threading.Event) -> Slot | None:
        """Do as the port says, at once."""
        if stop.is_set():
            return None
        with self._lock:
            at_s = self._pacer.reserve(self._clock.monotonic())
        return Slot(due_s=at_s, moment_s=at_s)

    def used(self, slot: Slot) -> None:
        """Do as the port says."""
        with self._lock:
            self._pacer.used(slot.moment_s, self._clock.monotonic())

    def throttled(self, wait_s: float) -> None:
        """Do as the port says."""
        with self._lock:
            self._pacer.throttled(self._clock.monotonic(), wait_s)

    def pause_s(self) -> float:
        """Do as the port says."""
        with self._lock:
            return self._pacer.paused_until_s - self._clock.monotonic()

    def alarm(self) -> None:
        """Do as the port says: there are no others."""

    def is_alarmed(self) -> bool:
        """Do as the port says."""
        return False
