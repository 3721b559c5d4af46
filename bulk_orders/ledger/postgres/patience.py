"""Waiting for a database that went away, and saying so."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Final, Self

from bulk_orders.ledger.postgres.faults import is_gone
from bulk_orders.machine.clock import Clock

PATIENCE_S: Final = 120.0
"""So long a database that went away is waited for: restarts and failovers take less."""
_PAUSE_S: Final = 0.5

Waiting = Callable[[float], AbstractContextManager[object]]
"""Says that somebody waits for the ledger's database, for so many seconds at most, while the block runs."""


class Patience:
    """One try to reach the database, for as long as it is waited for; to be used as a context."""

    def __init__(self, lasts_s: float, clock: Clock, waiting: Waiting, closing: threading.Event) -> None:
        """Begin now; `closing` ends it early."""
        self._clock = clock
        self._until_s = clock.monotonic() + lasts_s
        self._waiting = waiting
        self._closing = closing
        self._said = ExitStack()
        self._is_said = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._said.close()

    def wait_after(self, error: Exception) -> None:
        """Wait a little for a database that went away. Raises the error when it is another one, or has lasted too long."""
        if not is_gone(error) or not self.wait():
            raise error

    def wait(self) -> bool:
        """Wait a little; False when it has lasted too long."""
        left_s = self._until_s - self._clock.monotonic()
        if left_s <= 0 or self._closing.is_set():
            return False
        if not self._is_said:
            self._is_said = True
            self._said.enter_context(self._waiting(left_s))
        self._clock.wait(min(_PAUSE_S, left_s), self._closing)
        return True
