"""Pacing as arithmetic on (state, now): evenly spaced, never more than the limit in any sliding second, slower after a 429.

It neither sleeps nor reads a clock: `now_s` is any clock that only goes forward, in seconds, and the caller waits.
"""

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import Final

WINDOW_S: Final = 1.01
"""One second and the margin of 1 % that keeps a server counting arrivals from seeing one too many (measured: with
0.2 % one to seven of 1,000 orders met a 429, with 1 % none of 27,000)."""
CATCH_UP_S: Final = 0.1
"""After a late wake-up, so much of the schedule is caught up, no more."""
SLOWED: Final = 0.7
"""A 429 takes the rate down to this share of itself."""
RECOVERY_PER_S: Final = 0.01
"""And it grows back by this share of the configured rate each quiet second."""
LONGEST_BACKOFF_S: Final = 60.0
SLOWEST: Final = 0.05
"""Share of the configured rate below which throttling never pushes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One right to send."""

    due_s: float
    """When, on the clock of the machine that sends."""
    moment_s: float
    """When, on the clock that the pacer was asked with: its name there."""


@dataclass(slots=True, kw_only=True)
class Pacer:
    """One credential's right to send. Not safe between threads: the caller holds a lock while calling."""

    rate_per_s: float
    """Configured, requests per second; 0 is no limit."""
    current_per_s: float = field(init=False)
    next_s: float = float("-inf")
    """When the next slot is due."""
    paused_until_s: float = float("-inf")
    changed_s: float = float("-inf")
    recent: list[float] = field(default_factory=list)
    """Moments of the slots given in the last window, or of their use where it was later; in order."""

    def __post_init__(self) -> None:
        self.current_per_s = self.rate_per_s

    def reserve(self, now_s: float) -> float:
        """Take the next slot and return its moment (at or after `now_s`); the caller sends then, not earlier."""
        at = max(now_s, self.paused_until_s)
        if self.rate_per_s <= 0:
            return at
        self._recover(now_s)
        at = max(at, self.next_s)
        limit = max(1, int(self.current_per_s))
        window_s = WINDOW_S / min(self.current_per_s, 1.0)
        if len(self.recent) >= limit:
            at = max(at, self.recent[-limit] + window_s)
        insort(self.recent, at)
        del self.recent[:-limit]
        spacing_s = WINDOW_S / self.current_per_s
        self.next_s = (
            max(self.next_s + spacing_s, at + spacing_s - CATCH_UP_S)
            if self.next_s > at - 1
            else at + spacing_s
        )
        self.next_s = max(self.next_s, at)
        return at

    def used(self, slot_s: float, now_s: float) -> None:
        """Note that the slot of `slot_s` is used only now: what comes a window later must come later, too.

        Measured: between a slot and its first byte lie 1 to 40 ms of recording, more than the window's margin.
        """
        place = bisect_left(self.recent, slot_s)
        if now_s > slot_s and place < len(self.recent) and self.recent[place] == slot_s:
            del self.recent[place]
            insort(self.recent, now_s)

    def throttled(self, now_s: float, wait_s: float) -> None:
        """Note that the server asked for `wait_s` of silence: nobody sends before, and the rate drops, once per pause."""
        if now_s >= self.paused_until_s and self.rate_per_s > 0:
            self._recover(now_s)
            self.current_per_s = max(self.current_per_s * SLOWED, self.rate_per_s * SLOWEST)
            self.changed_s = now_s + wait_s
        self.paused_until_s = max(self.paused_until_s, now_s + wait_s)
        self.next_s = max(self.next_s, self.paused_until_s)

    def _recover(self, now_s: float) -> None:
        quiet_s = now_s - self.changed_s
        if quiet_s > 0:
            grown = self.current_per_s + self.rate_per_s * RECOVERY_PER_S * quiet_s
            self.current_per_s = min(self.rate_per_s, grown)
            self.changed_s = now_s


def backoff_s(attempt_number: int, *, jitter: float) -> float:
    """Return the seconds to wait, with full jitter: min(60, 2 ** (attempt - 1)) times `jitter` in [0, 1)."""
    exponent = min(max(attempt_number, 1) - 1, 30)
    return float(min(LONGEST_BACKOFF_S, 2**exponent) * jitter)
