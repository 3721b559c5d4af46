"""Unknown orders: looked for on the marketplace, adopted when found, else named for a person. Never sent again from here.

An order is ours when it carries our PO number; or, where the platform kept no PO number at all, when customer, product,
quantity and time agree and nothing else could be meant. Not finding it is counted, and only counts after the settle
window (`core.settling`); it proves nothing by itself: a person decides.
"""

import contextlib
import threading
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from bulk_orders.core.acting import as_done_before, is_fulfilled
from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.core.matching import (
    age,
    carries_marker,
    has_own_marker,
    matches_content,
    matches_marker,
    may_be,
    resembles,
)
from bulk_orders.core.order_types import is_setting, target_of
from bulk_orders.core.settling import COMPLETE_READS, READ_AT_S, is_absent, is_settled
from bulk_orders.core.wording import counted
from bulk_orders.ledger.interface import Ledger, Superseded
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import Marketplace, OrderList, PlatformOrder, ReadFailed
from bulk_orders.sending.account_look import CANNOT_OPEN, ForeignOrders
from bulk_orders.sending.events import LookedUp, Observer
from bulk_orders.sending.purchases import as_duplicate, purchase_among
from bulk_orders.sending.waits import waiting

_SHOWN: Final = "the subscription shows it"
WINDOW_BEFORE: Final = timedelta(hours=48)
"""Orders are looked for from so long before the attempt began: our clock may have been a day wrong when it was noted."""
MOST_LOOKS: Final = 5
"""So often an order is looked for while others are sent, the last time a minute after the doubt began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the marketplace shows around one attempt."""

    entries: tuple[PlatformOrder, ...]
    """The customer's orders since shortly before the attempt; those that are not ours opened where the list said too little."""
    is_complete: bool
    """True only if nothing of that time can be missing from `entries`."""
    server_time: datetime | None
    """The marketplace's own time of the reading; None when it did not say."""


class Resolver:
    """Looks doubtful orders up and tells the ledger what it found."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        marketplace: Marketplace,
        clock: Clock,
        observer: Observer,
        window_s: float,
        adopting: AbstractContextManager[Any] | None = None,
    ) -> None:
        """Take `window_s`, the settle window; `adopting` is held while an order is matched to a row, one at a time."""
        self._ledger = ledger
        self._marketplace = marketplace
        self._clock = clock
        self._tell = observer
        self.window_s = window_s
        """The settle window."""
        self._adopting = adopting or threading.Lock()
        self._foreign = ForeignOrders(ledger, marketplace)
        self._looked: dict[str, tuple[float, int]] = {}
        """By order key, when it was first looked for, on our monotonic clock, and how often since."""
        self._anchor: tuple[datetime, float] | None = None
        """The marketplace's time at its last answer, and our monotonic clock's then: wall clocks are set, this is not."""

    def marketplace_now(self) -> datetime:
        """Return the marketplace's own time, as well as we know it: by its last answer, else by our clock."""
        if self._anchor is None:
            return self._clock.now()
        server_time, then_s = self._anchor
        return server_time + timedelta(seconds=self._clock.monotonic() - then_s)

    def learn_their_time(self, customer_id: str) -> datetime | None:
        """Read anything, for the marketplace's own time: a moment noted by a wrong clock would hide an order later.

        None when it does not tell it. Raises `ReadFailed`.
        """
        listed = self._marketplace.list_orders(customer_id=customer_id, created_from=self._clock.now())
        if listed.server_time is not None:
            self._anchor = (listed.server_time, self._clock.monotonic())
        return listed.server_time

    def recover(self, account: str, *, run_id: str = "") -> int:
        """Make attempts without an end UNKNOWN, and return how many there were. Only for the holder of the ledger's lock.

        One whose end comes in at this moment after all, from a process that was taken for dead, has its end.
        """
        return self.put_in_doubt(self._ledger.unsettled(account), run_id=run_id)

    def put_in_doubt(self, orders: Iterable[OrderRecord], *, run_id: str) -> int:
        """Do so with those of `orders` alone; for whoever alone may send for their customers."""
        recovered = 0
        for order in orders:
            if order.state is not State.IN_FLIGHT:
                continue
            now = self._clock.now()
            after = step(
                order,
                Step.INTERRUPTED,
                code="S-NO-ANSWER",
                message="The run was interrupted while it was being sent.",
                doubtful_at=None,
                absent_reads=0,
            )
            note = "noticed by run {run_id}".format(run_id=run_id) if run_id else ""
            with contextlib.suppress(Superseded):
                self._ledger.advance(order, after, Step.INTERRUPTED, at=now, note=note)
                recovered += 1
        return recovered

    def look_up_all(
        self, orders: Sequence[OrderRecord], *, settle_s: float, stop: threading.Event
    ) -> tuple[OrderRecord, ...]:
        """Look for each of `orders` until found, with growing gaps up to `settle_s`; those still unknown come back.

        The gaps go on where the sending left them: an order that was looked for meanwhile is not looked for again.
        """
        missing = {order.key: order for order in orders}
        end_s = self._clock.monotonic() + settle_s
        with waiting(
            self._tell, self._clock, "orders in doubt to show up on the marketplace", for_s=settle_s
        ):
            while due := self._next(missing.values(), end_s):
                at_s, order = due
                if self._clock.wait(at_s - self._clock.monotonic(), stop):
                    break
                if self.look_up(order):
                    del missing[order.key]
        return tuple(missing.values())

    def look_until_absent(self, orders: Sequence[OrderRecord], *, stop: threading.Event) -> None:
        """Look again, a little apart, for those whose settle window is over, until enough readings did not show them.

        An order whose window is not over is not looked for: nothing could be decided.
        """
        with waiting(
            self._tell, self._clock, "enough readings of the marketplace to decide on rows in doubt"
        ):
            for _ in range(COMPLETE_READS):
                current = [self._ledger.order(order.key) for order in orders]
                now = self.marketplace_now()
                open_ones = [
                    order
                    for order in current
                    if order and order.state is State.UNKNOWN
                    if is_settled(order, now, self.window_s) and not is_absent(order)
                ]
                if not open_ones or self._clock.wait(READ_AT_S[1], stop):
                    return
                for order in open_ones:
                    self.look_up(order)

    def _next(self, orders: Iterable[OrderRecord], end_s: float) -> tuple[float, OrderRecord] | None:
        """Return the order to look for next, and when; None when all are looked for often enough, or not again before the end."""
        times = [(self._next_look_s(order), order) for order in orders]
        due = [(at_s, order) for at_s, order in times if at_s is not None and at_s <= end_s]
        return min(due, key=lambda found: found[0], default=None)

    def _next_look_s(self, order: OrderRecord) -> float | None:
        now_s = self._clock.monotonic()
        if order.key not in self._looked:
            return now_s
        first_s, number = self._looked[order.key]
        return max(first_s + READ_AT_S[number], now_s) if number < len(READ_AT_S) else None

    def is_due(self, order: OrderRecord) -> bool:
        """Return whether it is time to look for the order again, while others are sent."""
        _, number = self._looked.get(order.key, (0.0, 0))
        at_s = self._next_look_s(order) if number < MOST_LOOKS else None
        return at_s is not None and at_s <= self._clock.monotonic()

    def _note_look(self, order: OrderRecord) -> None:
        now_s = self._clock.monotonic()
        first_s, number = self._looked.get(order.key, (now_s, 0))
        # One that was due long ago is looked for once, not once for each time that it was missed.
        late = bisect_right(READ_AT_S, now_s - first_s)
        self._looked[order.key] = (first_s, max(number + 1, late))

    def look_up(
        self, order: OrderRecord, *, must_read: bool = False, beside: Sequence[OrderRecord] = ()
    ) -> bool:
        """Read the marketplace once; True if the order was found and adopted. A failed read is no evidence of anything.

        With `must_read` it raises `ReadFailed`, for who would take *not found* for an answer. `beside` are orders that are
        to be sent and that this ledger may not know yet: what is there may be theirs.
        """
        self._note_look(order)
        try:
            if self.is_set(order):
                done = as_done_before(order, self.marketplace_now())
                self.record_purchase(done, note=_SHOWN)
                self._tell(LookedUp(sheet_row=order.sheet_row, is_found=True, note=_SHOWN))
                return True
            reading = self.read(order)
            found = self._matching(order, reading.entries)
            is_found = bool(found) and self._adopt(order, found, beside)
            if not found:
                self._count_absence(order, reading)
        except ReadFailed as error:
            self._tell(LookedUp(sheet_row=order.sheet_row, is_found=False, note=error.message))
            if must_read:
                raise
            return False
        note = (
            "{number} that may be ours".format(number=len(found))
            if found
            else counted(
                len(reading.entries), "{number} order there, not ours", "{number} orders there, none ours"
            )
        )
        self._tell(LookedUp(sheet_row=order.sheet_row, is_found=is_found, note=note))
        return is_found

    def is_set(self, order: OrderRecord) -> bool:
        """Tell whether what the order sets of a subscription can be read there; never so of what is ordered. Raises `ReadFailed`."""
        if not is_setting(order.body):
            return False
        return is_fulfilled(order, self._marketplace.get_subscription(target_of(order.body)))

    def read(self, order: OrderRecord) -> Reading:
        """Return the customer's orders around the attempt. Raises `ReadFailed`."""
        listed = self._list(order)
        # One that carries another PO number is not this one, whatever else it is.
        shut = [
            entry
            for entry in self._foreign.among(order.account, listed.orders)
            if not entry.po_number or carries_marker(order, entry)
        ]
        opened = self._foreign.opened(order.account, shut)
        return Reading(
            entries=tuple(opened.get(entry.order_id, entry) for entry in listed.orders),
            is_complete=listed.is_complete and len(opened) == len(shut),
            server_time=listed.server_time,
        )

    def _list(self, order: OrderRecord) -> OrderList:
        since = (order.sent_at or self.marketplace_now()) - WINDOW_BEFORE
        listed = self._marketplace.list_orders(customer_id=order.customer_id, created_from=since)
        if listed.server_time is not None:
            self._anchor = (listed.server_time, self._clock.monotonic())
        return listed

    def _matching(self, order: OrderRecord, entries: Sequence[PlatformOrder]) -> list[PlatformOrder]:
        by_marker = [entry for entry in entries if matches_marker(order, entry)]
        return by_marker or [entry for entry in entries if matches_content(order, entry)]

    def _count_absence(self, order: OrderRecord, reading: Reading) -> None:
        """Count a reading that did not show the order: complete, twice the same, and after the settle window.

        The window is counted in the marketplace's time, from the first reading after the doubt: our own clock may be
        set at any moment.
        """
        current = self._ledger.order(order.key)
        if current is None or current.state is not State.UNKNOWN or reading.server_time is None:
            return
        if current.doubtful_at is None:
            self._note(
                step(current, Step.LOOKED, doubtful_at=reading.server_time),
                current,
                "the settle window begins",
            )
            return
        if not reading.is_complete or not is_settled(current, reading.server_time, self.window_s):
            return
        again = self.read(order)
        ids = {entry.order_id for entry in reading.entries}
        if not again.is_complete or {entry.order_id for entry in again.entries} != ids:
            return
        if self._matching(order, again.entries) or self.look_alikes(order, again) is not None:
            return
        after = step(current, Step.LOOKED, absent_reads=current.absent_reads + 1)
        note = counted(
            len(ids), "{number} order of the customer, not ours", "{number} orders of the customer, none ours"
        )
        self._note(after, current, note)

    def _note(self, after: OrderRecord, before: OrderRecord, note: str) -> None:
        with contextlib.suppress(Superseded):
            self._ledger.advance(before, after, Step.LOOKED, at=self._clock.now(), note=note)

    def look_alikes(self, order: OrderRecord, reading: Reading) -> PlatformOrder | None:
        """Return an order that no row of ours has, of our content or under our PO number: it may be ours anyway.

        None when there is none. Raises `ReadFailed` when one of them cannot be opened.
        """
        strangers = self._foreign.among(order.account, reading.entries)
        opened = self._foreign.opened(order.account, strangers)
        for entry in strangers:
            whole = opened.get(entry.order_id)
            if whole is None:
                raise ReadFailed(CANNOT_OPEN.format(order_id=entry.order_id))
            if resembles(order, whole) or carries_marker(order, whole):
                return whole
        return None

    def _adopt(
        self, order: OrderRecord, candidates: Sequence[PlatformOrder], beside: Sequence[OrderRecord]
    ) -> bool:
        """Adopt the one candidate that no other order of ours has; what cannot be told apart is left to a person.

        Where the platform keeps no PO number that goes for orders to be sent, too: another ledger may have sent them.
        """
        with self._adopting:
            ours = self._ledger.orders_of_customer(order.account, order.customer_id)
            taken = {other.order_id for other in ours if other.order_id and other.key != order.key}
            free = sorted((entry for entry in candidates if entry.order_id not in taken), key=age)
            rivals = [
                other
                for other in (*ours, *beside)
                if other.key != order.key
                and any(
                    other.state in (_OPEN if entry.po_number else _OPEN | {State.PENDING})
                    and may_be(other, entry)
                    for entry in free
                )
            ]
            is_own_marker = has_own_marker(order) and all(entry.po_number for entry in free)
            if not free or rivals or (len(free) > 1 and not is_own_marker):
                return False
            proof = purchase_among(order, free)
            self.record_purchase(
                proof, note="found as {order}".format(order=proof.order_number or proof.order_id)
            )
            return True

    def record_purchase(self, proof: OrderRecord, *, note: str) -> OrderRecord:
        """Record proof of purchase whatever the order's state is by now; returns the record as written."""
        while True:
            current = self._ledger.order(proof.key)
            if current is None or (
                current.state is State.ACCEPTED and proof.order_id in {"", current.order_id}
            ):
                return current or proof
            after = step(current, Step.FOUND, **_proof_fields(proof), not_before=None)
            if current.state is State.ACCEPTED and current.order_id:
                # Two ids for one order: the second purchase is told, and the first is not forgotten.
                after = replace(
                    as_duplicate(current, (_seen(current), _seen(proof))),
                    version=after.version,
                    state=after.state,
                )
            try:
                self._ledger.advance(current, after, Step.FOUND, at=self._clock.now(), note=note)
            except Superseded:
                continue
            return after


_OPEN: Final = frozenset({State.UNKNOWN, State.IN_FLIGHT, State.HELD})
"""An order that may be on the platform, and which one it is nobody knows."""


def _seen(order: OrderRecord) -> PlatformOrder:
    return PlatformOrder(
        order_id=order.order_id, order_number=order.order_number, created_at=order.accepted_at
    )


def _proof_fields(proof: OrderRecord) -> dict[str, Any]:
    names = (
        "order_id",
        "order_number",
        "subscription_id",
        "platform_status",
        "scheduled_for",
        "acceptance_link",
        "microsoft_ids",
        "amount",
        "currency",
        "accepted_at",
        "http_status",
        "correlation_id",
        "code",
        "message",
    )
    return {name: getattr(proof, name) for name in names}
