"""New Microsoft tenants: a customer's first order makes one, the others have to wait until it is there.

Sent too early the second order would be refused, because the tenant exists or is being made. Once the first is completed
the others are sent as orders of an existing tenant; if it fails, they cannot be sent at all, and if it waits for a person
they are left for `resume`. What is known comes from the ledger, so that a tenant of an earlier run is known too.
"""

import enum
import threading
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord, State, Step
from bulk_orders.core.platform_status import BROKEN, DONE, SCHEDULED
from bulk_orders.ledger.interface import Ledger, Superseded
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import Marketplace, ReadFailed
from bulk_orders.sending.events import Observer, WaitBegun, WaitOver
from bulk_orders.sending.purchases import refreshed
from bulk_orders.sending.waits import AT_ONCE_S

GAPS_S: Final = (2.0, 4.0, 8.0, 15.0, 30.0)
"""Between two questions about an order that makes a tenant; the last one for ever."""
PATIENCE_S: Final = 900.0
"""A tenant is made within minutes; what takes longer is left for `resume`."""


class Standing(enum.Enum):
    """What an order of a new tenant may do."""

    FIRST = enum.auto()
    """It makes the tenant."""
    EXISTING = enum.auto()
    """The tenant is there."""
    WAITS = enum.auto()
    TOO_LATE = enum.auto()
    """It has waited long enough, or the order that makes the tenant waits for a person or a day."""
    FAILED = enum.auto()
    """The order that was to make the tenant did not."""


class Tenants:
    """Who makes which tenant in one run; safe between threads."""

    def __init__(self, *, ledger: Ledger, marketplace: Marketplace, clock: Clock, observer: Observer) -> None:
        """Ask nothing yet."""
        self._ledger = ledger
        self._marketplace = marketplace
        self._clock = clock
        self._tell = observer
        self._lock = threading.RLock()
        self._first: dict[str, str] = {}
        """By domain, the key of the order that makes it."""
        self._existing: set[str] = set()
        """Keys of orders to be sent for a tenant that is there."""
        self._since_s: dict[str, float] = {}
        """By domain, since when its other orders wait."""
        self._asked: dict[str, tuple[float, int]] = {}
        """By domain, when it was last asked about, and how often."""
        self._wait: WaitBegun | None = None

    def standing(self, order: OrderRecord) -> Standing:
        """Return what the order may do now; asks the marketplace now and then what became of the order before it."""
        domain = order.domain.casefold()
        with self._lock:
            first = self._first_of(domain, order)
            if first is None or first.key == order.key:
                return Standing.FIRST
            standing = self._behind(domain, first)
            if standing is Standing.EXISTING:
                self._existing.add(order.key)
            if standing is Standing.WAITS:
                standing = self._held_back(domain)
            else:
                self._since_s.pop(domain, None)
            self._tell_wait()
            return standing

    def is_existing(self, order: OrderRecord) -> bool:
        """Return whether its tenant is there, so that it has to be sent as an order of an existing one."""
        return order.key in self._existing

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._lock:
            self._since_s.clear()
            self._tell_wait()

    def _first_of(self, domain: str, order: OrderRecord) -> OrderRecord | None:
        """Return the order that makes the tenant; from here on it is this one, if there is none."""
        if domain not in self._first:
            others = self._ledger.orders_of_customer(order.account, order.customer_id)
            made = [
                other
                for other in others
                if other.domain.casefold() == domain and other.key != order.key and _may_make(other)
            ]
            # One that is completed decides; else whichever may still become so.
            made.sort(key=lambda other: other.platform_status not in DONE)
            self._first[domain] = made[0].key if made else order.key
        return self._ledger.order(self._first[domain])

    def _behind(self, domain: str, first: OrderRecord) -> Standing:
        if first.state is State.ACCEPTED and first.platform_status not in DONE | BROKEN:
            first = self._refreshed(domain, first)
        match first.state:
            case State.ACCEPTED if first.platform_status in DONE:
                return Standing.EXISTING
            case State.ACCEPTED if first.platform_status in BROKEN:
                return Standing.FAILED
            case State.ACCEPTED if first.acceptance_link or first.platform_status == SCHEDULED:
                return Standing.TOO_LATE
            case State.REJECTED | State.GAVE_UP | State.DROPPED:
                return Standing.FAILED
            case _:
                return Standing.WAITS

    def _refreshed(self, domain: str, first: OrderRecord) -> OrderRecord:
        """Return the order with what the marketplace says about it now, if it is time to ask."""
        now_s = self._clock.monotonic()
        asked_s, number = self._asked.get(domain, (float("-inf"), 0))
        if number and now_s - asked_s < GAPS_S[min(number, len(GAPS_S)) - 1]:
            return first
        self._asked[domain] = (now_s, number + 1)
        try:
            seen = self._marketplace.get_order(first.order_id)
        except ReadFailed:
            return first
        after = None if seen is None else refreshed(first, seen)
        if after is None:
            return first
        try:
            self._ledger.advance(
                first, after, Step.REFRESHED, at=self._clock.now(), note=after.platform_status
            )
        except Superseded:
            return first  # somebody else refreshed it meanwhile: read again next time
        return after

    def _held_back(self, domain: str) -> Standing:
        now_s = self._clock.monotonic()
        waited_s = now_s - self._since_s.setdefault(domain, now_s)
        return Standing.WAITS if waited_s < PATIENCE_S else Standing.TOO_LATE

    def _tell_wait(self) -> None:
        """Report one wait, from the first order that is held back to the last one that goes."""
        if self._since_s and self._wait is None:
            self._wait = WaitBegun(
                what="new Microsoft tenants to be set up; their other orders follow",
                since=self._clock.now(),
                until=None,
                told_after_s=AT_ONCE_S,
            )
            self._tell(self._wait)
        elif not self._since_s and self._wait is not None:
            self._tell(WaitOver(wait=self._wait))
            self._wait = None


def _may_make(order: OrderRecord) -> bool:
    """Return whether the order made its tenant, or may still do so."""
    if order.state is State.ACCEPTED:
        return order.platform_status not in BROKEN
    return order.state in {State.UNKNOWN, State.IN_FLIGHT}
