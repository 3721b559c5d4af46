"""Whether an order on the platform is the one we sent: by its PO number, or by content where the platform kept none."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, Protocol

from bulk_orders.core.identity import is_cut, is_marker_of
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.order_types import Shown, may_be_of, target_of, type_of

CLOCK_SKEW: Final = timedelta(minutes=5)


class Seen(Protocol):
    """What matching reads of an order on the platform (`marketplace.interface.PlatformOrder`)."""

    @property
    def order_id(self) -> str:
        """The marketplace's."""

    @property
    def customer_id(self) -> str:
        """Empty when not told."""

    @property
    def order_type(self) -> str:
        """Empty when not told."""

    @property
    def po_number(self) -> str | None:
        """None when not told."""

    @property
    def created_at(self) -> Any:
        """Aware UTC, or None when not told."""

    @property
    def subscription_id(self) -> str:
        """The one that it made or acts on; empty when not told."""

    @property
    def products(self) -> tuple[Mapping[str, Any], ...] | None:
        """None when not told."""


def age(seen: Seen) -> tuple[float, str]:
    """Return what sorts orders on the platform, the oldest first; one whose moment was not told comes before all others."""
    return (seen.created_at.timestamp() if seen.created_at else 0.0, seen.order_id)


def matches_marker(order: OrderRecord, seen: Seen) -> bool:
    """Tell whether `seen` is an order of our customer and our content under our PO number.

    A marker of ours is on no other order, so time says nothing there; our own clock may have been wrong when it was
    sent. A user's own PO number may be on other orders too (renewals inherit it), so it must not be older.
    """
    is_ours = _is_marked(order, seen) and (has_own_marker(order) or _is_recent(order, seen))
    return is_ours and not is_said_to_be_another(order, seen)


def matches_content(order: OrderRecord, seen: Seen) -> bool:
    """Return True when the platform kept no PO number, and customer, content and time are ours."""
    is_ours = not seen.po_number and resembles(order, seen) and _is_recent(order, seen)
    return is_ours and not is_said_to_be_another(order, seen)


def is_said_to_be_another(order: OrderRecord, seen: Seen) -> bool:
    """Tell whether the row was held for it, and a person said that it is none of the orders that the row was held for.

    A time that a wrong clock noted cannot tell the two apart later. Where the row is one of them, nothing was said of the rest.
    """
    held_for = order.held_for.split()
    is_answered = order.state is not State.HELD and order.order_id not in held_for
    return is_answered and seen.order_id in held_for


def may_be(order: OrderRecord, seen: Seen) -> bool:
    """Compare by PO number, or by content where none was kept, whatever the time: a rival may have noted a wrong one."""
    return _is_marked(order, seen) if seen.po_number else resembles(order, seen)


def carries_marker(order: OrderRecord, seen: Seen) -> bool:
    """Tell whether `seen` is our customer's under our PO number; its content may differ, for an edited row.

    An order of another type is never ours: what is done to a subscription inherits the PO number of its purchase.
    """
    po_number = str(seen.po_number or "").strip()
    if not po_number or not _same_customer(order, seen):
        return False
    return is_cut(po_number, order.marker) or (has_own_marker(order) and is_marker_of(order.key, po_number))


def is_made_from(order: OrderRecord, seen: Seen) -> bool:
    """Return True when its PO number was made from the order's key, whatever PO number the row has by now."""
    po_number = str(seen.po_number or "").strip()
    return _same_customer(order, seen) and is_marker_of(order.key, po_number)


def resembles(order: OrderRecord, seen: Seen) -> bool:
    """Tell whether customer, type and content are ours, whatever its PO number: it may be ours under a changed one."""
    return _same_customer(order, seen) and _same_content(order, seen)


def has_own_marker(order: OrderRecord) -> bool:
    """Return True when the PO number was made from the order's key, so that it is on no other order."""
    return is_marker_of(order.key, order.marker)


def _is_marked(order: OrderRecord, seen: Seen) -> bool:
    return carries_marker(order, seen) and (seen.products is None or _same_content(order, seen))


def _same_customer(order: OrderRecord, seen: Seen) -> bool:
    return seen.customer_id in {"", order.customer_id} and may_be_of(seen.order_type, order.body)


def _is_recent(order: OrderRecord, seen: Seen) -> bool:
    if seen.created_at is None or order.sent_at is None:
        return True
    return bool(seen.created_at >= order.sent_at - CLOCK_SKEW)


def _same_content(order: OrderRecord, seen: Seen) -> bool:
    """Compare product and quantity; of what is done to a subscription, which one: its quantity comes back as a difference."""
    if target := target_of(order.body):
        return _subscriptions_of(seen) <= {target}
    return seen.products is not None and _has_products(order, seen.products)


def _has_products(order: OrderRecord, products: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether the order's products are among these: the platform adds those that ours depend on."""
    sent = _sent_products(order)
    there = {(str(line.get("mpn", "")), _number(line.get("quantity"))) for line in products}
    return bool(sent) and all(
        (str(line.get("mpn", "")), _number(line.get("quantity"))) in there for line in sent
    )


def tells_other_seats(order: OrderRecord, seen: Seen) -> bool:
    """Tell whether `seen` says other seats than a change asks for: its row was edited since, or it says by how much it changed them."""
    if type_of(order.body).shown_by is not Shown.SEATS or seen.products is None:
        return False
    return not _has_products(order, seen.products)


def is_about(subscription_id: str, seen: Seen) -> bool:
    """Tell whether `seen` says that it acts on the subscription."""
    return subscription_id in _subscriptions_of(seen)


def _subscriptions_of(seen: Seen) -> set[str]:
    """Return which subscriptions it says that it acts on, at whatever level; nothing said leaves all open."""
    told = [seen.subscription_id, *(line.get("subscriptionId") for line in seen.products or ())]
    return {str(subscription_id) for subscription_id in told if subscription_id}


def _sent_products(order: OrderRecord) -> list[Mapping[str, Any]]:
    """Return what the order asks for; the record still says it when the body was erased."""
    if not order.body:
        return [{"mpn": order.mpn, "quantity": order.quantity}]
    products: list[Mapping[str, Any]] = json.loads(order.body).get("products", [])
    return products


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
