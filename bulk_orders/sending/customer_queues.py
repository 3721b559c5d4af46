"""The order of sending: one queue per customer, one order of a queue in flight, queues in the order of their rows.

One in flight per customer keeps the workbook's order for each customer, and keeps a lost answer findable: of two orders
for one customer only one can be the doubtful one.
"""

import heapq
import threading
from collections import deque
from collections.abc import Iterable

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.machine.clock import Clock

_IDLE_S = 0.5
"""The longest that a worker without work waits before it looks again."""


class CustomerQueues:
    """What is still to be sent, safe between threads."""

    def __init__(self, orders: Iterable[OrderRecord], clock: Clock) -> None:
        """Queue `orders` in the order of their rows."""
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: dict[str, deque[OrderRecord]] = {}
        self._ready: deque[str] = deque()
        self._delayed: list[tuple[float, int, str]] = []
        self._in_flight = 0
        self._ticket = 0
        self._busy: set[str] = set()
        """Customers with an order that is ready, delayed or in flight."""
        self._aside: dict[str, list[OrderRecord]] = {}
        """By the key of a doubtful order, those of its customer that would look the same on the platform."""
        for order in orders:
            queue = self._waiting.setdefault(order.customer_id, deque())
            if not queue:
                self._make_ready(order.customer_id)
            queue.append(order)

    def take(self, stop: threading.Event) -> OrderRecord | None:
        """Return the next order that may be sent, and close its queue; None when there is none left, or on `stop`."""
        with self._changed:
            while not stop.is_set():
                now_s = self._clock.monotonic()
                while self._delayed and self._delayed[0][0] <= now_s:
                    self._ready.append(heapq.heappop(self._delayed)[2])
                if self._ready:
                    self._in_flight += 1
                    return self._waiting[self._ready.popleft()].popleft()
                if not self._delayed and not self._in_flight:
                    return None
                due_s = self._delayed[0][0] - now_s if self._delayed else _IDLE_S
                self._clock.rest(self._changed, min(due_s, _IDLE_S))
            return None

    def settled(self, order: OrderRecord) -> None:
        """Open the order's queue again: it needs no more sending."""
        with self._changed:
            self._in_flight -= 1
            self._busy.discard(order.customer_id)
            if self._waiting[order.customer_id]:
                self._make_ready(order.customer_id)
            self._changed.notify_all()

    def again(self, order: OrderRecord, wait_s: float = 0.0) -> None:
        """Put the order back at the head of its queue, not before `wait_s` from now."""
        with self._changed:
            self._in_flight -= 1
            self._waiting[order.customer_id].appendleft(order)
            self._ticket += 1
            heapq.heappush(self._delayed, (self._clock.monotonic() + wait_s, self._ticket, order.customer_id))
            self._changed.notify_all()

    def doubtful(self, order: OrderRecord) -> None:
        """Set aside what looks like the order on the platform: nobody knows what became of it.

        Those share its PO number. They come back when it is `found`.
        """
        with self._changed:
            queue = self._waiting[order.customer_id]
            self._aside[order.key] = [other for other in queue if other.marker == order.marker]
            self._waiting[order.customer_id] = deque(other for other in queue if other.marker != order.marker)
        self.settled(order)

    def found(self, order: OrderRecord) -> None:
        """Send those set aside because of the doubtful order after all: it turned out to exist."""
        with self._changed:
            aside = self._aside.pop(order.key, [])
            if not aside:
                return
            self._waiting[order.customer_id].extend(aside)
            if order.customer_id not in self._busy:
                self._make_ready(order.customer_id)
            self._changed.notify_all()

    def _make_ready(self, customer_id: str) -> None:
        self._ready.append(customer_id)
        self._busy.add(customer_id)
