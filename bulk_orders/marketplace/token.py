"""One token for all threads: got once, renewed in time, never shown.

Knows when a token is fresh enough and who gets the next one; how to get it is passed in.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from bulk_orders.errors import BulkOrdersError

SHORTEST_LIFE_S = 60.0
LONGEST_LIFE_S = 3600.0
_RENEW_EARLY_S = 60.0
_RENEW_EARLY_SHARE = 0.2
LEAST_LEFT_S = 30.0
"""No order leaves with a token that lives shorter than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A token, and how long the platform says it lives, in seconds from the answer's arrival."""

    token: SecretStr
    life_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    grant: Grant
    renew_at: float
    """On the monotonic clock."""


class _Mine(threading.local):
    held: _Held | None = None
    """What this thread last used, so that a token refused to many threads at once is renewed once."""


class TokenKeeper:
    """The current token. Safe to share between threads."""

    def __init__(self, fetch: Callable[[], Grant], *, monotonic: Callable[[], float]) -> None:
        """Call `fetch` to sign in; it raises `BulkOrdersError` when it cannot."""
        self._fetch = fetch
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._held: _Held | None = None
        self._tries = 0
        self._failure: BulkOrdersError | None = None
        self._mine = _Mine()

    def fresh(self) -> SecretStr:
        """Return a token with at least 30 s left, signing in for it if need be. Raises what `fetch` raises."""
        held = self._held
        if held is None or self._monotonic() >= held.renew_at:
            held = self._replaced(held)
        self._mine.held = held
        return held.grant.token

    def renew(self) -> None:
        """Replace the token that this thread used last, unless another thread has done so. Raises what `fetch` raises."""
        self._mine.held = self._replaced(self._mine.held or self._held)

    def _replaced(self, stale: _Held | None) -> _Held:
        tries_seen = self._tries
        with self._lock:
            held = self._held
            if held is not None and held is not stale and self._monotonic() < held.renew_at:
                return held
            if self._failure is not None and self._tries != tries_seen:
                # It was tried while this thread waited for its turn; sixteen more tries would tell nothing new.
                raise type(self._failure)(self._failure.message, fix=self._failure.fix)
            self._held = self._failure = None
            try:
                grant = self._fetch()
            except BulkOrdersError as error:
                self._failure = error
                raise
            finally:
                self._tries += 1
            self._held = _Held(grant=grant, renew_at=self._monotonic() + renew_after_s(grant.life_s))
            return self._held


def life_s(stated: Any) -> float:
    """Return the platform's `expiresInSeconds` as seconds from 60 to 3600; 60 for what is not a number."""
    text = stated.strip() if isinstance(stated, str) else stated
    try:
        seconds = float(text) if isinstance(text, str | int | float) and not isinstance(text, bool) else 0.0
    except (ValueError, OverflowError):
        return SHORTEST_LIFE_S
    # A NaN fails the comparison, and so is as good as nothing.
    return min(seconds, LONGEST_LIFE_S) if seconds > SHORTEST_LIFE_S else SHORTEST_LIFE_S


def renew_after_s(life_s: float) -> float:
    """Return the seconds until a token is renewed: 60 s before its end, or at 80 % of a short life, but with 30 s left."""
    early = min(_RENEW_EARLY_S, life_s * _RENEW_EARLY_SHARE)
    return life_s - max(early, LEAST_LEFT_S)
