"""A ledger that may have forgotten orders: look at the marketplace before sending, twice, a settle window apart.

A ledger is new, deleted, or restored from a backup. Markers are made from the rows and not at random, so orders that
an earlier ledger placed are recognised by theirs. Between the two looks everything that could still be on its way has
arrived: what neither shows was never ordered.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord, State, held_because
from bulk_orders.core.matching import carries_marker, has_own_marker, matches_marker, resembles
from bulk_orders.errors import MarketplaceDown
from bulk_orders.ledger.interface import Ledger
from bulk_orders.marketplace.interface import Marketplace, PlatformOrder, ReadFailed
from bulk_orders.sending.lookup import as_duplicate, with_platform_facts
from bulk_orders.texts import doubts
from bulk_orders.texts import sending as words

LOOK_BACK: Final = timedelta(days=30)
"""As long as orders of the same content are held for looking alike."""
MOST_NAMED: Final = 5
"""Orders that a row's message can name and still be read."""
MOST_OPENED: Final = 200
"""Orders of one customer; more than that is no customer but a test account, and would be read for hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """An order of the marketplace that may be one of ours."""

    seen: PlatformOrder
    is_certain: bool
    """True by our own marker; False where a PO number that others may use, or the content alone, says so."""
    twins: tuple[PlatformOrder, ...] = ()
    """Further orders that are as much like it."""


def look_back(
    orders: Sequence[OrderRecord], *, ledger: Ledger, marketplace: Marketplace, now: datetime
) -> dict[str, Recognised]:
    """By order key, those of `orders` that the marketplace seems to have already, and no other order of the ledger.

    Raises `MarketplaceDown` when it cannot be read whole: then nothing may be sent.
    """
    found: dict[str, Recognised] = {}
    by_customer: dict[str, list[OrderRecord]] = {}
    for order in orders:
        by_customer.setdefault(order.customer_id, []).append(order)
    for customer_id, wanted in by_customer.items():
        known = ledger.orders_of_customer(wanted[0].account, customer_id)
        taken = {order.order_id for order in known if order.order_id}
        entries = [entry for entry in _read(customer_id, marketplace, now) if entry.order_id not in taken]
        found |= _recognised(wanted, entries)
    return found


def _read(customer_id: str, marketplace: Marketplace, now: datetime) -> list[PlatformOrder]:
    """The customer's orders of the last 30 days, whole."""
    try:
        return [
            entry
            if entry.products is not None and entry.po_number is not None
            else _opened(entry, marketplace)
            for entry in _listed(customer_id, marketplace, now)
        ]
    except ReadFailed as error:
        raise MarketplaceDown(
            words.CANNOT_LOOK_BACK.format(reason=error.message), fix=words.CANNOT_LOOK_BACK_FIX
        ) from None


def _listed(customer_id: str, marketplace: Marketplace, now: datetime) -> tuple[PlatformOrder, ...]:
    listed = marketplace.list_orders(customer_id=customer_id, created_from=now - LOOK_BACK)
    if not listed.is_complete:
        raise ReadFailed(words.LIST_INCOMPLETE.format(customer_id=customer_id))
    if len(listed.orders) > MOST_OPENED:
        raise ReadFailed(words.TOO_MANY_ORDERS.format(customer_id=customer_id, number=MOST_OPENED))
    return listed.orders


def _opened(entry: PlatformOrder, marketplace: Marketplace) -> PlatformOrder:
    whole = marketplace.get_order(entry.order_id)
    if whole is None:
        raise ReadFailed(words.CANNOT_OPEN.format(order_id=entry.order_id))
    return whole


def _recognised(wanted: Sequence[OrderRecord], entries: Sequence[PlatformOrder]) -> dict[str, Recognised]:
    """First by marker, each entry for one order; then by what looks alike, for every order that it may be."""
    found: dict[str, Recognised] = {}
    free = list(entries)
    for matches in (matches_marker, carries_marker, resembles):
        for order in wanted:
            seen = [entry for entry in free if matches(order, entry)]
            if not seen or order.key in found:
                continue
            is_certain = matches is matches_marker and has_own_marker(order)
            if is_certain:  # else it may be another row's as well, and each of them has to wait
                free = [entry for entry in free if entry not in seen]
            found[order.key] = Recognised(seen=seen[0], is_certain=is_certain, twins=tuple(seen[1:]))
    return found


def purchase(order: OrderRecord, found: Recognised) -> OrderRecord:
    """The order with what the marketplace says of it; more than one of it is told."""
    proof = with_platform_facts(order, found.seen)
    return as_duplicate(proof, (found.seen, *found.twins)) if found.twins else proof


def adopted(order: OrderRecord, found: Recognised, now: datetime) -> OrderRecord:
    """The first record of a new order that the marketplace seems to have: accepted, or held where that is not certain."""
    if found.is_certain:
        return replace(purchase(order, found), state=State.ACCEPTED)
    return replace(order, state=State.HELD, **held_because(held_words(found), now))


def held_words(found: Recognised) -> str:
    """Why an order waits for a person, who has to know of every order that may be it: one too many can be cancelled."""
    seen = (found.seen, *found.twins)
    names = ", ".join(_name(entry) for entry in seen[:MOST_NAMED])
    if len(seen) > MOST_NAMED:
        names = doubts.AND_MORE.format(orders=names, number=len(seen) - MOST_NAMED)
    if len(seen) == 1:
        return doubts.HELD_FOR_ONE.format(orders=names)
    return doubts.HELD_FOR_MANY.format(number=len(seen), orders=names)


def _name(entry: PlatformOrder) -> str:
    name = entry.order_number or doubts.NAMELESS
    if entry.created_at is None:
        return doubts.ORDER.format(name=name, order_id=entry.order_id)
    return doubts.ORDER_OF.format(name=name, order_id=entry.order_id, day=entry.created_at)
