"""A ledger that may have forgotten orders: look at the marketplace before sending, twice, a settle window apart.

A ledger is new, deleted, or restored from a backup. Markers are made from the rows and not at random, so orders that
an earlier ledger placed are recognised by theirs. Between the two looks everything that could still be on its way has
arrived: what neither shows was never ordered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bulk_orders.core.identity import marker
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.matching import matches_marker
from bulk_orders.errors import MarketplaceDown
from bulk_orders.marketplace.interface import Marketplace, PlatformOrder, ReadFailed
from bulk_orders.resolution import MAX_DETAIL_READS, with_platform_facts

LOOK_BACK: Final = timedelta(days=30)
"""As long as orders of the same content are held for looking alike."""


def look_back(
    orders: Sequence[OrderRecord], marketplace: Marketplace, now: datetime
) -> dict[str, PlatformOrder]:
    """By order key, those of `orders` (none of them sent by this ledger) that the marketplace has already.

    Raises `MarketplaceDown` when it cannot be read whole: then nothing may be sent.
    """
    since = now - LOOK_BACK
    found: dict[str, PlatformOrder] = {}
    by_customer: dict[str, list[OrderRecord]] = {}
    for order in orders:
        by_customer.setdefault(order.customer_id, []).append(order)
    for customer_id, wanted in by_customer.items():
        try:
            listed = marketplace.list_orders(customer_id=customer_id, created_from=since)
            entries = _opened(listed.orders, {order.marker for order in wanted}, marketplace)
        except ReadFailed as error:
            raise MarketplaceDown(
                f"The marketplace cannot be read, and this ledger may have forgotten orders: {error.message}",
                fix="Nothing was sent; run again later.",
            ) from None
        if not listed.is_complete:
            raise MarketplaceDown(
                f"The marketplace's list of orders for customer {customer_id} is not complete, and this ledger may have forgotten orders.",
                fix="Nothing was sent; run again later.",
            )
        found |= _recognised(wanted, entries)
    return found


def _opened(
    entries: Iterable[PlatformOrder], markers: set[str], marketplace: Marketplace
) -> list[PlatformOrder]:
    doubtful = [entry for entry in entries if entry.po_number is None or entry.po_number in markers]
    if len(doubtful) > MAX_DETAIL_READS * 4:
        raise ReadFailed("one customer has more orders without a visible PO number than can be opened.")
    return [marketplace.get_order(entry.order_id) or entry for entry in doubtful]


def _recognised(wanted: Sequence[OrderRecord], entries: Sequence[PlatformOrder]) -> dict[str, PlatformOrder]:
    found: dict[str, PlatformOrder] = {}
    free = list(entries)
    for order in wanted:
        match = next((entry for entry in free if matches_marker(order, entry)), None)
        if match is not None:
            free.remove(match)
            found[order.key] = match
    return found


def adopted(order: OrderRecord, seen: PlatformOrder) -> OrderRecord:
    """The new record of an order that the marketplace has already: accepted, or held where only a shared PO number says so."""
    if order.marker == marker(order.key):
        return replace(with_platform_facts(order, seen), state=State.ACCEPTED)
    name = seen.order_number or seen.order_id
    why = f"the marketplace has order {name} with the same PO number, customer and content."
    return replace(order, state=State.HELD, code="S-HELD", message=why)
