"""The breaker: after a lost answer or an outage nobody begins an order until the marketplace answers a cheap question.

So an outage costs as many doubtful orders as were in flight when it began, however long it lasts, and the run goes on
by itself afterwards.
"""

import threading
from collections.abc import Callable
from typing import Final

from bulk_orders.clock import Clock
from bulk_orders.texts import sending as words

FIRST_GAP_S: Final = 1.0
LONGEST_GAP_S: Final = 60.0
_GLANCE_S: Final = 0.25
"""How often the others look whether the one who asks got an answer."""


class Breaker:
    """Closed while orders may go, tripped while none may; shared by all senders of a run."""

    def __init__(self, *, clock: Clock, patience_s: float, give_up: Callable[[str], None]) -> None:
        """`give_up` is told why when the breaker stayed tripped for `patience_s`."""
        self._clock = clock
        self._patience_s = patience_s
        self._give_up = give_up
        self._lock = threading.Lock()
        self._ask: Callable[[], bool] | None = None
        self._reason = ""
        self._tripped_s = 0.0
        self._someone_asks = False

    @property
    def is_tripped(self) -> bool:
        """True while nobody may begin an order."""
        return self._ask is not None

    def trip(self, reason: str, ask: Callable[[], bool]) -> None:
        """Let nobody through until `ask` says that the marketplace answers. The first question asked stays."""
        with self._lock:
            if self._ask is None:
                self._ask, self._reason, self._tripped_s = ask, reason, self._clock.monotonic()

    def reset(self) -> None:
        """The marketplace answered."""
        with self._lock:
            self._ask = None

    def wait_until_reset(self, stop: threading.Event) -> bool:
        """Wait until orders may go; False if `stop` is set. One of those who wait asks, with growing gaps."""
        gap_s = FIRST_GAP_S
        while self._ask is not None and not stop.is_set():
            ask = self._claim()
            if ask is None:
                self._clock.wait(_GLANCE_S, stop)
                continue
            try:
                if ask():
                    self.reset()
                    break
                if self._clock.monotonic() - self._tripped_s > self._patience_s:
                    self._give_up(
                        words.NO_USEFUL_ANSWER.format(minutes=self._patience_s / 60, reason=self._reason)
                    )
                    break
                self._clock.wait(gap_s, stop)
                gap_s = min(gap_s * 2, LONGEST_GAP_S)
            finally:
                with self._lock:
                    self._someone_asks = False
        return not stop.is_set()

    def _claim(self) -> Callable[[], bool] | None:
        with self._lock:
            if self._someone_asks or self._ask is None:
                return None
            self._someone_asks = True
            return self._ask
