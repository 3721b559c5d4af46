"""The limiter that threads share: `core.pacing` decides, this one waits."""

import threading

from bulk_orders.clock import Clock
from bulk_orders.core.pacing import Pacer


class Limiter:
    """One credential's pace, shared by everybody who sends or reads with it."""

    def __init__(self, pacer: Pacer, clock: Clock) -> None:
        """`pacer` belongs to the limiter from now on."""
        self._pacer = pacer
        self._clock = clock
        self._lock = threading.Lock()
        self._of_this_thread = threading.local()

    def wait_turn(self, stop: threading.Event) -> bool:
        """Wait for the next slot; False if `stop` was set before it came, and then nothing may be sent."""
        while True:
            with self._lock:
                at_s = self._pacer.reserve(self._clock.monotonic())
            if self._clock.wait(at_s - self._clock.monotonic(), stop):
                return False
            with self._lock:
                is_paused = self._pacer.paused_until_s > self._clock.monotonic()
            if not is_paused:
                self._of_this_thread.slot_s = at_s
                return True  # a pause that began while we waited costs us the slot: ask for another

    def sending(self) -> None:
        """This thread uses the slot it waited for now; whatever delayed it meanwhile must not bunch up requests."""
        with self._lock:
            slot_s = getattr(self._of_this_thread, "slot_s", float("-inf"))
            self._pacer.used(slot_s, self._clock.monotonic())

    def throttle(self, wait_s: float) -> None:
        """Everybody waits for `wait_s`, and goes slower afterwards."""
        with self._lock:
            self._pacer.throttled(self._clock.monotonic(), wait_s)
