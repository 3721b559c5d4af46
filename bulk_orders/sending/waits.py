"""Whatever waits says so: for what, since when and until when, at once and again every half minute.

Who waits wraps the wait in `waiting`; the one `WaitTeller` of a command listens for that and tells the others. It has
a thread of its own, because who waits may be stuck in a read that lasts for minutes. Short waits are not worth a word.
"""

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bulk_orders.machine.clock import Clock
from bulk_orders.sending.events import Event, Observer, WaitBegun, Waiting, WaitOver

AT_ONCE_S: Final = 0.5
"""A wait that lasts this long is reported."""
AGAIN_AFTER_S: Final = 30.0
"""And told again each time so much of it has passed."""


@contextlib.contextmanager
def waiting(
    tell: Observer, clock: Clock, what: str, *, for_s: float | None = None, told_after_s: float = AT_ONCE_S
) -> Iterator[None]:
    """Say that the block waits for `what` (the end of "Waiting for …"), no longer than `for_s` seconds if that is known."""
    now = clock.now()
    until = None if for_s is None else now + timedelta(seconds=for_s)
    begun = WaitBegun(what=what, since=now, until=until, told_after_s=told_after_s)
    tell(begun)
    try:
        yield
    finally:
        tell(WaitOver(wait=begun))


class WaitTeller:
    """Passes events on, and turns the beginnings and ends of waits into what people see. Safe between threads."""

    def __init__(self, tell: Observer, clock: Clock) -> None:
        """Pass all events to `tell`, and a `Waiting` whenever one is due."""
        self._tell = tell
        self._clock = clock
        self._lock = threading.Lock()
        self._begun: list[tuple[WaitBegun, float]] = []
        """Each wait that lasts, with the moment of its beginning on the monotonic clock."""
        self._told_s: dict[str, float] = {}
        """When each wait was last told, by what it is for: sixteen threads that wait for one thing are one wait."""

    def __call__(self, event: Event) -> None:
        """Observe."""
        with self._lock:
            if isinstance(event, WaitBegun):
                self._begun.append((event, self._clock.monotonic()))
            elif isinstance(event, WaitOver):
                self._begun = _without(self._begun, event.wait)
                if all(wait.what != event.wait.what for wait, _ in self._begun):
                    self._told_s.pop(event.wait.what, None)
        self._tell(event)

    def tell_due(self) -> None:
        """Tell each wait whose time has come."""
        for event in self._due():
            self._tell(event)

    def _due(self) -> list[Waiting]:
        due = []
        with self._lock:
            now_s = self._clock.monotonic()
            seen: set[str] = set()
            for wait, began_s in self._begun:  # the oldest first
                waited_s = now_s - began_s
                if wait.what in seen or waited_s < wait.told_after_s:
                    continue
                seen.add(wait.what)
                if now_s - self._told_s.get(wait.what, float("-inf")) >= AGAIN_AFTER_S:
                    self._told_s[wait.what] = now_s
                    due.append(
                        Waiting(what=wait.what, since=wait.since, until=wait.until, waited_s=round(waited_s))
                    )
        return due

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """Tell what is due, in time, while the block runs."""
        done = threading.Event()

        def keep_telling() -> None:
            while not self._clock.wait(AT_ONCE_S / 2, done):
                self.tell_due()

        thread = threading.Thread(target=keep_telling, name="waits", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _without(begun: list[tuple[WaitBegun, float]], wait: WaitBegun) -> list[tuple[WaitBegun, float]]:
    """Return all but the first that equals `wait`."""
    place = next((number for number, (other, _) in enumerate(begun) if other == wait), len(begun))
    return begun[:place] + begun[place + 1 :]
