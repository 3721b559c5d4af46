"""Orders that a run sent without learning what came of them, looked for one by one while the others are sent."""

import threading

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.sending.lookup import Resolver


class DoubtfulOrders:
    """Safe between threads: no two look for the same order at the same time."""

    def __init__(self, resolver: Resolver) -> None:
        """Take `resolver`, which knows when each should be looked for."""
        self._resolver = resolver
        self._lock = threading.Lock()
        self._waiting: dict[str, OrderRecord] = {}
        """By key; one that somebody looks for is not in it."""

    def add(self, order: OrderRecord) -> None:
        """Add an order that is in doubt and was looked for once."""
        with self._lock:
            self._waiting[order.key] = order

    def find_one(self) -> OrderRecord | None:
        """Look for one order whose time has come; the order if it was found, None if not, or if none is due."""
        with self._lock:
            due = next((order for order in self._waiting.values() if self._resolver.is_due(order)), None)
            if due is None:
                return None
            del self._waiting[due.key]
        if self._resolver.look_up(due):
            return due
        self.add(due)
        return None
