"""How an accepted order is followed until it rests: which still has to be asked about, what is slow, and what is stuck.

Setting up takes minutes; CloudBlue's own migration tool waits ten for each order. Vetting a new customer in education takes
up to three working days, and an order can also wait for a person at the distributor or at the vendor, which the API does not
show. So an order is slow after a quarter of an hour, and nothing is to be done but to ask again; after a day it is stuck,
and somebody should ask what it waits for, as long as there is time left to cancel it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.order_types import USUAL, is_purchase_number, type_of
from bulk_orders.core.platform_status import BROKEN, DONE, SCHEDULED
from bulk_orders.core.report import CANCEL_WINDOW

SLOW_AFTER: Final = timedelta(minutes=15)
STUCK_AFTER: Final = timedelta(hours=24)
"""Both from when the marketplace took the order; of a scheduled one, from the end of its day."""


def is_over(order: OrderRecord) -> bool:
    """Return whether nothing more becomes of the order: it is completed, in error or cancelled."""
    return order.platform_status in DONE | BROKEN


def rests(order: OrderRecord, now: datetime) -> bool:
    """Return whether there is nothing to wait for: the order is over, or scheduled for a day that has not come."""
    if order.platform_status != SCHEDULED:
        return is_over(order)
    due = _due_at(order)
    return due is None or now < due


def is_to_ask(order: OrderRecord, now: datetime) -> bool:
    """Return whether there is something to ask of the order: it does not rest, or nobody knows for which day it is scheduled."""
    return is_dayless(order) or not rests(order, now)


def is_dayless(order: OrderRecord) -> bool:
    """Return whether the order is scheduled, and nobody knows for which day."""
    return order.platform_status == SCHEDULED and not order.scheduled_for


def is_slow(order: OrderRecord, now: datetime) -> bool:
    """Return whether setting the order up takes longer than usual."""
    return _has_waited(order, now, SLOW_AFTER)


def is_stuck(order: OrderRecord, now: datetime) -> bool:
    """Return whether somebody should ask what the order waits for; what waits for its customer is not stuck."""
    return _has_waited(order, now, STUCK_AFTER) and not order.acceptance_link


def cancel_before(order: OrderRecord) -> datetime | None:
    """Return until when the order can be cancelled: Microsoft's window from the order, or the beginning of a scheduled day.

    None for what was done to a subscription: that is undone by doing something else to it.
    """
    if not is_purchase_number(order.order_number) or type_of(order.body) is not USUAL:
        return None
    if order.platform_status == SCHEDULED and order.scheduled_for:
        return datetime.combine(date.fromisoformat(order.scheduled_for), time(), UTC)
    return order.accepted_at + CANCEL_WINDOW if order.accepted_at else None


def cancellable(orders: Iterable[OrderRecord], now: datetime) -> list[OrderRecord]:
    """Return the orders that are there and can still be cancelled, the one with least time first."""
    found = [
        (until, order.run_id, order.sheet_row, order)
        for order in orders
        if order.state is State.ACCEPTED and order.order_id and order.platform_status not in BROKEN
        for until in (cancel_before(order),)
        if until is not None and now < until
    ]
    return [order for *_, order in sorted(found, key=lambda entry: entry[:3])]


def to_open(orders: Iterable[OrderRecord], now: datetime) -> list[OrderRecord]:
    """Return the orders of which an own page may tell what a list does not: a day, or a link for the customer."""
    return [
        order
        for order in orders
        if not is_over(order)
        and (
            not order.scheduled_for
            if order.platform_status == SCHEDULED
            else bool(order.acceptance_link) or bool(order.domain) or is_slow(order, now)
        )
    ]


def _has_waited(order: OrderRecord, now: datetime, at_least: timedelta) -> bool:
    since = _due_at(order)
    is_waiting = order.state is State.ACCEPTED and not is_over(order)
    return is_waiting and since is not None and now - since >= at_least


def done_by(order: OrderRecord) -> datetime | None:
    """Return the latest moment at which an order that completed was carried out; None where nobody knows its day any more."""
    if not type_of(order.body).scheduled_on:
        return order.placed_at
    return _end_of(order.scheduled_for) if order.scheduled_for else None


def _due_at(order: OrderRecord) -> datetime | None:
    """Return from when on the order could be carried out; None where nobody said."""
    if not order.scheduled_for:
        return None if order.platform_status == SCHEDULED else order.accepted_at
    return _end_of(order.scheduled_for)


def _end_of(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), UTC)
