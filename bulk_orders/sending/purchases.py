"""What the ledger records of a purchase seen on the marketplace, and of one that is there more than once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bulk_orders.core.lifecycle import DUPLICATE, OrderRecord
from bulk_orders.core.report import CANCEL_WINDOW
from bulk_orders.marketplace.interface import PlatformOrder
from bulk_orders.texts import doubts as words


def with_platform_facts(order: OrderRecord, found: PlatformOrder) -> OrderRecord:
    """Return the order with what the platform says about it."""
    return replace(
        order,
        order_id=found.order_id,
        order_number=found.order_number,
        subscription_id=found.subscription_id,
        platform_status=found.status,
        amount=found.amount,
        currency=found.currency,
        accepted_at=found.created_at or order.sent_at,
        code="",
        message="",
    )


def as_duplicate(order: OrderRecord, seen: Sequence[PlatformOrder]) -> OrderRecord:
    """Return the order marked as ordered more than once, with all ids and the moment until which one can be cancelled."""
    return replace(order, code=DUPLICATE, message=duplicate_words(seen))


def duplicate_words(seen: Sequence[PlatformOrder]) -> str:
    """Return all orders that stand for one, with their ids, and until when all but one of them can be cancelled."""
    moment = cancel_before(seen)
    if moment is None:
        return words.DUPLICATES.format(orders=order_names(seen))
    return words.DUPLICATES_UNTIL.format(orders=order_names(seen), moment=moment)


def order_names(seen: Sequence[PlatformOrder]) -> str:
    """Return order numbers with their ids."""
    return ", ".join(
        words.ORDER.format(name=entry.order_number or words.NAMELESS, order_id=entry.order_id)
        for entry in seen
    )


def cancel_before(seen: Sequence[PlatformOrder]) -> datetime | None:
    """Return until when every one of them can be cancelled; None where the marketplace does not say when they were made."""
    moments = [entry.created_at for entry in seen if entry.created_at]
    return min(moments) + CANCEL_WINDOW if moments else None
