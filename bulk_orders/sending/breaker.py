"""The breaker: after a lost answer or an outage nobody begins an order until the marketplace answers a cheap question.

So an outage costs as many doubtful orders as were in flight when it began, however long it lasts, and the run goes on
by itself afterwards: with one order alone, and with all when that one got an answer.
"""

import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from bulk_orders.core.wording import spoken
from bulk_orders.errors import MarketplaceDown
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import Marketplace, ReadFailed
from bulk_orders.sending.events import Observer
from bulk_orders.sending.waits import waiting

FIRST_GAP_S: Final = 1.0
LONGEST_GAP_S: Final = 60.0
_GLANCE_S: Final = 0.25
"""How often the others check whether the one who asks got an answer."""


NOT_READABLE: Final = "The marketplace's list of orders cannot be read."
ELSEWHERE: Final = "Another process got no useful answer from the marketplace."
MARKETPLACE_TO_ANSWER: Final = "the marketplace to answer; nothing is sent meanwhile"


class Breaker:
    """Closed while orders may go, tripped while none may; shared by all senders of a run."""

    def __init__(
        self, *, clock: Clock, patience_s: float, give_up: Callable[[str], None], observer: Observer
    ) -> None:
        """Call `give_up` with the reason when the breaker stayed tripped for `patience_s`."""
        self._clock = clock
        self._patience_s = patience_s
        self._give_up = give_up
        self._tell = observer
        self._lock = threading.Lock()
        self._ask: Callable[[], bool] | None = None
        self._reason = ""
        self._tripped_s = 0.0
        self._someone_asks = False
        self._is_cautious = False
        """Reset, but no order got an answer since: they go one at a time."""
        self._scout = ""
        """The order that is that one; empty while there is none."""

    @property
    def is_tripped(self) -> bool:
        """True while nobody may begin an order."""
        return self._ask is not None

    def trip(self, reason: str, ask: Callable[[], bool]) -> None:
        """Let nobody through until `ask` says that the marketplace answers. The first question asked stays."""
        with self._lock:
            self._scout = ""
            if self._ask is None:
                self._ask, self._reason, self._tripped_s = ask, reason, self._clock.monotonic()

    def reset(self, *, is_cautious: bool = False) -> None:
        """Let orders go again: the marketplace answers. With `is_cautious` the next goes alone, until `attempt_over`."""
        with self._lock:
            self._ask, self._is_cautious = None, is_cautious

    def attempt_over(self, key: str, *, was_made: bool = True) -> None:
        """Note that the attempt ended, whatever came of it; if it went alone and did not trip the breaker, all may go.

        Where it was not made after all, another one goes alone.
        """
        with self._lock:
            if self._scout == key:
                self._scout = ""
                self._is_cautious = self._ask is not None or not was_made

    def wait_until_reset(self, stop: threading.Event, key: str = "", *, is_cautious: bool = False) -> bool:
        """Wait until the order `key` may go, or without one until the marketplace answers; False if `stop` is set.

        One of those who wait asks, with growing gaps. After an answer to the question for an order, or with `is_cautious`, the
        next goes alone.
        """
        if self._may_go(key):
            return not stop.is_set()
        left_s = self._tripped_s + self._patience_s - self._clock.monotonic()
        with waiting(self._tell, self._clock, MARKETPLACE_TO_ANSWER, for_s=max(left_s, 0.0)):
            gap_s = FIRST_GAP_S
            while not stop.is_set() and not self._may_go(key):
                ask = self._claim()
                if ask is None:
                    self._clock.wait(_GLANCE_S, stop)
                    continue
                try:
                    if ask():
                        self.reset(is_cautious=is_cautious or bool(key))
                    elif self._is_patient():
                        self._clock.wait(gap_s, stop)
                        gap_s = min(gap_s * 2, LONGEST_GAP_S)
                    else:
                        break
                finally:
                    with self._lock:
                        self._someone_asks = False
        return not stop.is_set()

    def _is_patient(self) -> bool:
        waited_s = self._clock.monotonic() - self._tripped_s
        if waited_s > self._patience_s:
            self._give_up(
                "The marketplace gave no useful answer for {duration}. {reason}".format(
                    duration=spoken(waited_s), reason=self._reason
                )
            )
            return False
        return True

    def _may_go(self, key: str) -> bool:
        """Return whether the order may be begun now; if only one may, it is this one from here."""
        with self._lock:
            if self._ask is not None:
                return False
            if not self._is_cautious or not key or self._scout == key:
                return True
            if not self._scout:
                self._scout = key
                return True
            return False

    def _claim(self) -> Callable[[], bool] | None:
        with self._lock:
            if self._someone_asks or self._ask is None:
                return None
            self._someone_asks = True
            return self._ask


class CheapQuestion:
    """Asks whether the marketplace can be read, and tells one that is away from one that refuses us."""

    def __init__(
        self, read: Callable[[], object], *, marketplace: Marketplace, refused: Callable[[str], None]
    ) -> None:
        """Take `read`, which raises `ReadFailed`, and `refused`, called with the reason if waiting changes nothing."""
        self._read = read
        self._marketplace = marketplace
        self._refused = refused
        self._was_refused = False

    def __call__(self) -> bool:
        """Tell whether it answers. Raises what a refused sign-in raises."""
        try:
            self._read()
        except ReadFailed as error:
            is_sign_in = error.status == HTTPStatus.UNAUTHORIZED
            # A token just got may not be known everywhere yet: a sign-in is no good only when two are refused.
            if error.needs_setup and (self._was_refused or not is_sign_in):
                self._refused(f"{NOT_READABLE} {error.message}")
            self._was_refused = is_sign_in
            if is_sign_in:
                self._renew()
            return False
        except MarketplaceDown:
            return False
        self._was_refused = False
        return True

    def _renew(self) -> None:
        try:
            self._marketplace.renew_token()
        except MarketplaceDown:
            return  # it is away: asked again later
