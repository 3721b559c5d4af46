"""The limiter that threads share: a `Pace` says when, this one waits."""

import contextlib
import threading
from typing import Final

from bulk_orders.machine.clock import Clock
from bulk_orders.sending.events import Observer
from bulk_orders.sending.pace import Pace
from bulk_orders.sending.waits import waiting

LEAD_S: Final = 0.05
"""So long before its slot an attempt may be begun: recording it takes as long, and whoever sends late is paid for by all
(measured: with 20 ms between a slot and its first byte 96.5 of 100 a second were left)."""
_NO_WAIT: Final = contextlib.nullcontext()


class Limiter:
    """One credential's pace, shared by everybody who sends or reads with it."""

    def __init__(self, pace: Pace, clock: Clock, observer: Observer = lambda _: None) -> None:
        """Take `observer`, which hears of pauses that the marketplace asked for."""
        self._tell = observer
        self._pace = pace
        self._clock = clock
        self._of_this_thread = threading.local()

    def wait_turn(self, stop: threading.Event) -> bool:
        """Wait until shortly before the next slot; False if `stop` was set meanwhile, and then nothing may be sent.

        What is recorded before sending has this time; `sending` waits for the slot itself.
        """
        while True:
            slot = self._pace.reserve(stop)
            if slot is None:
                return False
            pause_s = self._pace.pause_s()
            with (
                waiting(
                    self._tell,
                    self._clock,
                    "the end of the pause that the marketplace asked for",
                    for_s=pause_s,
                )
                if pause_s > 0
                else _NO_WAIT
            ):
                if self._clock.wait(slot.due_s - LEAD_S - self._clock.monotonic(), stop):
                    return False
            if self._pace.pause_s() <= 2 * LEAD_S:  # it ends with our slot, as far as two clocks can tell
                self._of_this_thread.slot = slot
                return True  # a pause that began while we waited costs us the slot: ask for another

    def sending(self) -> None:
        """Use the slot that this thread waited for, as soon as it is due; what delayed it must not bunch up requests."""
        slot = getattr(self._of_this_thread, "slot", None)
        if slot is None:
            return
        early_s = slot.due_s - self._clock.monotonic()
        if early_s > 0:
            self._clock.wait(early_s, threading.Event())
        self._pace.used(slot)

    def throttle(self, wait_s: float) -> None:
        """Make everybody wait for `wait_s`, and go slower afterwards."""
        self._pace.throttled(wait_s)

    def alarm(self) -> None:
        """Tell the other processes that the marketplace gave no useful answer."""
        self._pace.alarm()

    def is_alarmed(self) -> bool:
        """Tell, once, whether another process said so: what it met, all meet."""
        return self._pace.is_alarmed()
