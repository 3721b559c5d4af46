"""The subscriptions that there are at a moment, with what later orders have made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bulk_orders.sandbox.ageing import Ageing
from bulk_orders.sandbox.catalogue import Offer
from bulk_orders.sandbox.earlier import EarlierSubscription
from bulk_orders.sandbox.orders import (
    FIRST_ORDER_ID,
    FIRST_SUBSCRIPTION_ID,
    OrderBook,
    PlacedOrder,
    renewal_of,
)
from bulk_orders.sandbox.platform_types import PLATFORM_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A subscription at a moment."""

    id: str
    customer_id: str
    offer: Offer
    seats: int
    used: int
    """Seats that somebody uses: there cannot be fewer."""
    status: str
    bought: date
    """The day on which its present term began."""
    renewal: date
    """The day on which the next one begins."""
    seats_since: date
    """The day on which seats were last bought or added."""
    modified: date
    """The day on which their number last became another one."""


class Holdings:
    """All subscriptions, from before the practice and of completed orders."""

    def __init__(self, book: OrderBook, earlier: Mapping[str, EarlierSubscription], ageing: Ageing) -> None:
        self._book, self._earlier, self._ageing = book, earlier, ageing
        self._renews: dict[str, bool] = {}
        """By subscription id, what was set of its renewal."""

    def find(self, subscription_id: str, at: datetime) -> Holding | None:
        """Return the subscription of this id, if it is there."""
        found = self._before_changes(subscription_id, at)
        if found is None:
            return None
        seats, since, modified = found.seats, found.seats_since, found.modified
        for order in self._book.acting_on(subscription_id):
            if order.lines and self._has_happened(order, at):
                changed, modified = order.lines[0].quantity, order.over_at(self._ageing).date()
                since = modified if changed > seats else since
                seats = changed
        status = self.status(subscription_id, found.status, at)
        return replace(found, seats=seats, status=status, seats_since=since, modified=modified)

    def status(self, subscription_id: str, otherwise: str, at: datetime) -> str:
        """Return the subscription's status; `otherwise` is what it would be had no order left another."""
        status = otherwise
        for order in self._book.acting_on(subscription_id):
            leaves = PLATFORM_TYPES[order.order_type].leaves
            if leaves and self._has_happened(order, at):
                status = leaves
        return status

    def renews(self, subscription_id: str, otherwise: bool) -> bool:
        """Return whether the subscription is renewed; `otherwise` where nobody has set it."""
        return self._renews.get(subscription_id, otherwise)

    def set_renewal(self, subscription_id: str, renews: bool) -> None:
        """Keep what was set."""
        self._renews[subscription_id] = renews

    def open_order(self, subscription_id: str, at: datetime) -> PlacedOrder | None:
        """Return an order for the subscription that is being carried out; one that is scheduled rests."""
        for order in self._book.acting_on(subscription_id):
            code = order.code(self._ageing, at)
            if code != "AS" and at < order.over_at(self._ageing):
                return order
        return None

    def _before_changes(self, subscription_id: str, at: datetime) -> Holding | None:
        if earlier := self._earlier.get(subscription_id):
            return Holding(
                id=earlier.id,
                customer_id=earlier.customer_id,
                offer=earlier.offer,
                seats=earlier.quantity,
                used=earlier.quantity // 2,
                status=earlier.status,
                bought=earlier.began(at.date()),
                renewal=earlier.renewal(at.date()),
                seats_since=earlier.began(at.date()),
                modified=earlier.began(at.date()),
            )
        order = self.bought_by(subscription_id)
        if order is None or order.status(self._ageing, at) != "completed":
            return None
        return Holding(
            id=order.subscription_id,
            customer_id=order.customer_id,
            offer=order.lines[0].offer,
            seats=sum(line.quantity for line in order.lines),
            used=0,
            status="active",
            bought=order.over_at(self._ageing).date(),
            renewal=renewal_of(order, self._ageing),
            seats_since=order.over_at(self._ageing).date(),
            modified=order.over_at(self._ageing).date(),
        )

    def bought_by(self, subscription_id: str) -> PlacedOrder | None:
        """Return the order that made, or makes, the subscription."""
        digits = subscription_id if subscription_id.isascii() and subscription_id.isdigit() else "0"
        order = self._book.by_id.get(str(FIRST_ORDER_ID + int(digits) - FIRST_SUBSCRIPTION_ID))
        return None if order is None or order.target else order

    def _has_happened(self, order: PlacedOrder, at: datetime) -> bool:
        is_done = order.status(self._ageing, at) == "completed"
        return is_done and order.fate != "without-effect"
