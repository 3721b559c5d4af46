"""A run's orders cut into chunks that can be sent beside each other, by processes that know nothing of one another.

What one order may do depends on the other orders of its customer, and on those that wait for the same new tenant. So a chunk
has whole customers, and customers that share a domain are together.
"""

from collections.abc import Sequence
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord

MOST_ORDERS: Final = 100
"""A chunk takes no further customer once it has so many: short enough that little is left to do again when a worker dies."""
LEAST_CHUNKS: Final = 12
"""A small run is cut finer, so that several workers have something to do."""


def chunks_of(orders: Sequence[OrderRecord]) -> list[list[OrderRecord]]:
    """Return `orders` in chunks, each order in one; those of a customer, or of customers with a common domain, are in the same.

    Chunks are in the order of their first rows, and so are the orders in them.
    """
    size = max(1, min(MOST_ORDERS, len(orders) // LEAST_CHUNKS))
    chunks: list[list[OrderRecord]] = []
    for together in _together(orders):
        if not chunks or len(chunks[-1]) >= size:
            chunks.append([])
        chunks[-1] += together
    place = {order.key: number for number, order in enumerate(orders)}
    return [sorted(chunk, key=lambda order: place[order.key]) for chunk in chunks]


def _together(orders: Sequence[OrderRecord]) -> list[list[OrderRecord]]:
    """Return the smallest groups that cannot be sent apart, in the order of their first rows."""
    leader: dict[str, str] = {}

    def led_by(name: str) -> str:
        while (above := leader.setdefault(name, name)) != name:
            name = above
        return name

    for order in orders:
        if order.domain:
            leader[led_by(_customer(order))] = led_by(f"domain {order.domain.casefold()}")
    groups: dict[str, list[OrderRecord]] = {}
    for order in orders:
        groups.setdefault(led_by(_customer(order)), []).append(order)
    return list(groups.values())


def _customer(order: OrderRecord) -> str:
    return f"customer {order.customer_id}"
