"""What the ledger records of a purchase seen on the marketplace, and of one that is there more than once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bulk_orders.core.acting import SETTING_UP, status_to_record
from bulk_orders.core.lifecycle import DUPLICATE, OrderRecord, Step, step
from bulk_orders.core.order_types import is_purchase, is_purchase_number, target_of
from bulk_orders.core.platform_status import BROKEN, CANCELLED, DONE, SCHEDULED
from bulk_orders.core.report import CANCEL_WINDOW
from bulk_orders.marketplace.interface import PlatformOrder


def with_platform_facts(order: OrderRecord, found: PlatformOrder) -> OrderRecord:
    """Return the order with what the platform says about it."""
    return replace(
        order,
        order_id=found.order_id,
        order_number=found.order_number,
        subscription_id=found.subscription_id or target_of(order.body),
        platform_status=status_to_record(order, found.status),
        scheduled_for=found.scheduled_for,
        acceptance_link=_link(found, ""),
        microsoft_ids=found.microsoft_ids,
        amount=found.amount,
        currency=found.currency,
        accepted_at=found.created_at or order.sent_at,
        code="",
        message="",
    )


_WITH_DAY: Final = frozenset({SCHEDULED, SETTING_UP})
"""A change that was scheduled keeps its day until its subscription shows it."""


def refreshed(order: OrderRecord, found: PlatformOrder, subscription_id: str = "") -> OrderRecord | None:
    """Return an accepted order with what the platform says of it now; None where that is nothing new.

    `subscription_id` is what is known from elsewhere. What the platform leaves out is kept, but for what its status rules
    out: only a scheduled order has a day, and only one that is being set up waits for its customer.
    """
    status = status_to_record(order, found.status) or order.platform_status
    told = {
        "order_number": found.order_number or order.order_number,
        "platform_status": status,
        "subscription_id": found.subscription_id or order.subscription_id or subscription_id,
        "scheduled_for": found.scheduled_for or (order.scheduled_for if status in _WITH_DAY else ""),
        "acceptance_link": _link(replace(found, status=status), order.acceptance_link),
        "microsoft_ids": found.microsoft_ids or order.microsoft_ids,
        "amount": found.amount or order.amount,
        "currency": found.currency or order.currency,
    }
    if all(getattr(order, name) == value for name, value in told.items()):
        return None
    return step(order, Step.REFRESHED, **told)


def _link(found: PlatformOrder, known: str) -> str:
    if found.status in DONE | BROKEN | {SCHEDULED}:
        return ""
    return known if found.acceptance_link is None else found.acceptance_link


def purchase_among(order: OrderRecord, seen: Sequence[PlatformOrder]) -> OrderRecord:
    """Return the order as the one that is alive of those that may all be it, or the first; marked where several are."""
    alive = [entry for entry in seen if entry.status not in CANCELLED]
    found = with_platform_facts(order, (alive or seen)[0])
    return as_duplicate(found, seen) if len(alive) > 1 else found


def as_duplicate(order: OrderRecord, seen: Sequence[PlatformOrder]) -> OrderRecord:
    """Return the order marked as ordered more than once, with all ids and the moment until which one can be cancelled."""
    return replace(order, code=DUPLICATE, message=duplicate_words(seen))


def duplicate_words(seen: Sequence[PlatformOrder]) -> str:
    """Return all orders that stand for one, with their ids, and until when all but one of them can be cancelled."""
    moment = cancel_before(seen)
    if moment is None:
        return "{orders}.".format(orders=order_names(seen))
    return "{orders}. Cancel all but one before {moment:%Y-%m-%d %H:%M} UTC.".format(
        orders=order_names(seen), moment=moment
    )


def order_names(seen: Sequence[PlatformOrder]) -> str:
    """Return order numbers with their ids, and which of them ended in error: that one is the one to cancel."""
    return ", ".join(
        (
            "{name} (id {order_id}) in error"
            if entry.status in BROKEN - CANCELLED
            else "{name} (id {order_id})"
        ).format(name=entry.order_number or "order", order_id=entry.order_id)
        for entry in seen
    )


def cancel_before(seen: Sequence[PlatformOrder]) -> datetime | None:
    """Return until when every one of them can be cancelled; None where the marketplace does not say when they were made.

    None, too, for what was done to a subscription: that is undone by doing something else to it.
    """
    if not all(is_purchase(entry.order_type) and is_purchase_number(entry.order_number) for entry in seen):
        return None
    moments = [entry.created_at for entry in seen if entry.created_at]
    return min(moments) + CANCEL_WINDOW if moments else None
