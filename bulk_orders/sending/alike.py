"""Which of the marketplace's orders look like a held one: to show them to a person, and to pair many rows at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.matching import carries_marker, resembles
from bulk_orders.core.platform_status import CANCELLED
from bulk_orders.core.recognition import LOOKALIKE_PERIOD
from bulk_orders.ledger.interface import Ledger
from bulk_orders.marketplace.interface import Marketplace, PlatformOrder, ReadFailed
from bulk_orders.sending.account_look import CANNOT_OPEN, ForeignOrders

LIST_INCOMPLETE: Final = "the marketplace's list is not complete"


@dataclass(frozen=True, slots=True)
class Alike:
    """By order key, the marketplace's orders that no row has, of its customer, product and quantity."""

    by_key: Mapping[str, tuple[PlatformOrder, ...]]

    def of(self, order: OrderRecord) -> tuple[PlatformOrder, ...]:
        """Return those that look like `order`, cancelled ones too."""
        return self.by_key.get(order.key, ())


def look_alikes(
    held: Sequence[OrderRecord], *, marketplace: Marketplace, ledger: Ledger, now: datetime
) -> Alike:
    """Read the time in which orders look alike, once for all rows. Raises `ReadFailed` when the reading is not complete."""
    if not held:
        return Alike({})
    customers = {order.customer_id for order in held}
    listed = marketplace.list_orders(
        customer_id=next(iter(customers)) if len(customers) == 1 else "", created_from=now - LOOKALIKE_PERIOD
    )
    if not listed.is_complete:
        raise ReadFailed(LIST_INCOMPLETE)
    foreign = ForeignOrders(ledger, marketplace)
    account = held[0].account
    theirs = [entry for entry in foreign.among(account, listed.orders) if entry.customer_id in customers]
    opened = foreign.opened(account, theirs)
    shut = [entry.order_id for entry in theirs if entry.order_id not in opened]
    if shut:
        raise ReadFailed(CANNOT_OPEN.format(order_id=shut[0]))
    free = opened.values()
    return Alike({order.key: tuple(entry for entry in free if resembles(order, entry)) for order in held})


def pairs(held: Sequence[OrderRecord], alike: Alike) -> tuple[tuple[OrderRecord, PlatformOrder], ...]:
    """Return the rows that each equal exactly one order which is not cancelled and equals no other row.

    An order under a row's own PO number is that row's, and no other row's; what several rows or orders could be is
    left for a person.
    """
    alive = {
        order.key: [entry for entry in alike.of(order) if entry.status not in CANCELLED] for order in held
    }
    found: dict[str, PlatformOrder] = {}
    for is_own in (carries_marker, resembles):
        open_rows = [order for order in held if order.key not in found]
        used = {entry.order_id for entry in found.values()}
        fits = {
            order.key: [
                entry for entry in alive[order.key] if entry.order_id not in used and is_own(order, entry)
            ]
            for order in open_rows
        }
        claims = Counter(entry.order_id for entries in fits.values() for entry in entries)
        for key, entries in fits.items():
            if len(entries) == 1 and claims[entries[0].order_id] == 1:
                found[key] = entries[0]
    return tuple((order, found[order.key]) for order in held if order.key in found)
