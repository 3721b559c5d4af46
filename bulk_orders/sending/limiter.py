"""The limiter that threads share: `core.pacing` decides, this one waits."""

import contextlib
import threading
from typing import Final

from bulk_orders.core.pacing import Pacer
from bulk_orders.machine.clock import Clock
from bulk_orders.sending.events import Observer
from bulk_orders.sending.waits import waiting

_NO_WAIT: Final = contextlib.nullcontext()


class Limiter:
    """One credential's pace, shared by everybody who sends or reads with it."""

    def __init__(self, pacer: Pacer, clock: Clock, observer: Observer = lambda _: None) -> None:
        """Take over `pacer`; `observer` hears of pauses that the marketplace asked for."""
        self._tell = observer
        self._pacer = pacer
        self._clock = clock
        self._lock = threading.Lock()
        self._of_this_thread = threading.local()

    def wait_turn(self, stop: threading.Event) -> bool:
        """Wait for the next slot; False if `stop` was set before it came, and then nothing may be sent."""
        while True:
            with self._lock:
                at_s = self._pacer.reserve(self._clock.monotonic())
                pause_s = self._pacer.paused_until_s - self._clock.monotonic()
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
                if self._clock.wait(at_s - self._clock.monotonic(), stop):
                    return False
            with self._lock:
                is_paused = self._pacer.paused_until_s > self._clock.monotonic()
            if not is_paused:
                self._of_this_thread.slot_s = at_s
                return True  # a pause that began while we waited costs us the slot: ask for another

    def sending(self) -> None:
        """Use the slot that this thread waited for now; what delayed it meanwhile must not bunch up requests."""
        with self._lock:
            slot_s = getattr(self._of_this_thread, "slot_s", float("-inf"))
            self._pacer.used(slot_s, self._clock.monotonic())

    def throttle(self, wait_s: float) -> None:
        """Make everybody wait for `wait_s`, and go slower afterwards."""
        with self._lock:
            self._pacer.throttled(self._clock.monotonic(), wait_s)
