"""Committed orders: what the platform keeps of each, and how it is shown."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from bulk_orders.sandbox.ageing import Ageing, Fate, attestation_parameter, microsoft_parameters
from bulk_orders.sandbox.catalogue import Catalogue, Offer, money, period
from bulk_orders.sandbox.platform_types import PLATFORM_TYPES, SALES

FIRST_ORDER_ID: Final = 10_000_000
FIRST_SUBSCRIPTION_ID: Final = 1_200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A product line of an order with the offer it was matched to."""

    offer: Offer
    quantity: int
    parameters: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedOrder:
    """An order the platform has taken."""

    number: int
    """Counts from 1; id, order number and subscription id are made from it."""

    created: datetime
    customer_id: str
    po_number: str | None
    """What the platform kept, which with a fault is not what was sent."""

    po_key: str
    """The name under which the PO number is read back: `poNumber` on a sound platform."""

    fate: Fate
    """What becomes of it (`sandbox.ageing`)."""

    lines: tuple[Line, ...]
    attributes: dict[str, str]
    sent: dict[str, Any]
    """The body as it arrived."""
    order_type: str = SALES
    target: str = ""
    """The subscription that it acts on; empty for one that makes its own."""
    before: int = 0
    """Seats of that subscription when it was placed."""
    due: date | None = None
    """The day on which it is carried out, where that is not for its age to say."""

    def status(self, ageing: Ageing, now: datetime) -> str:
        """Return the order's status at `now`."""
        return ageing.status(self.fate, self.created, now, self.due)

    def code(self, ageing: Ageing, now: datetime) -> str:
        """Return the internal code that goes with the status."""
        return ageing.code(self.fate, self.created, now, self.due)

    def over_at(self, ageing: Ageing) -> datetime:
        """Return when the order reaches its final state."""
        return ageing.over_at(self.fate, self.created, self.due)

    def day(self, ageing: Ageing) -> date:
        """Return the day on which a scheduled order is carried out."""
        return self.due or ageing.day(self.created)

    @property
    def id(self) -> str:
        """The platform's id, digits only."""
        return str(FIRST_ORDER_ID + self.number)

    @property
    def subscription_id(self) -> str:
        """The id the subscription has once the order is completed, or of the one that it acts on."""
        return self.target or str(FIRST_SUBSCRIPTION_ID + self.number)

    @property
    def order_number(self) -> str:
        """What people know it by; its letters say its type."""
        letters = PLATFORM_TYPES[self.order_type].letters
        return "{letters}{number:06d}".format(letters=letters, number=self.number)

    @property
    def billed_lines(self) -> tuple[Line, ...]:
        """Its lines as they are read back and billed: of a change the difference."""
        return tuple(replace(line, quantity=line.quantity - self.before) for line in self.lines)


class OrderBook:
    """All committed orders, oldest first; creation times never go back, so that time ranges are slices."""

    def __init__(self) -> None:
        self.all: list[PlacedOrder] = []
        self.by_id: dict[str, PlacedOrder] = {}
        self._by_customer: dict[str, list[PlacedOrder]] = {}
        self._by_target: dict[str, list[PlacedOrder]] = {}

    def add(self, order: PlacedOrder) -> None:
        """Keep the order; its creation time must not be before that of the last one."""
        self.all.append(order)
        self.by_id[order.id] = order
        self._by_customer.setdefault(order.customer_id, []).append(order)
        if order.target:
            self._by_target.setdefault(order.target, []).append(order)

    def cancel(self, order: PlacedOrder) -> None:
        """Let an order that is scheduled never be carried out."""
        cancelled = replace(order, fate="cancelled")
        self.by_id[order.id] = cancelled
        for kept in (self.all, self._by_customer[order.customer_id], self._by_target[order.target]):
            kept[kept.index(order)] = cancelled

    def acting_on(self, subscription_id: str) -> Sequence[PlacedOrder]:
        """Return the orders that act on a subscription, oldest first."""
        return self._by_target.get(subscription_id, ())

    def not_before_last(self, moment: datetime) -> datetime:
        """Return `moment`, or the last order's creation time if the clock was set back since."""
        return max(moment, self.all[-1].created) if self.all else moment

    def created_between(
        self,
        *,
        customer_id: str | None,
        shown_from: datetime | None,
        shown_to: datetime | None,
        visible_to: datetime,
    ) -> Sequence[PlacedOrder]:
        """Return orders oldest first, both ends included.

        The range is compared with the creation date as shown, that is in whole seconds: an order of 10:00:00.7 is not
        found from 10:00:00.5 on. `visible_to` is compared with the exact time.
        """
        orders = self.all if customer_id is None else self._by_customer.get(customer_id, [])
        start = bisect_left(orders, shown_from, key=_shown) if shown_from else 0
        end = bisect_right(orders, visible_to, key=lambda order: order.created)
        if shown_to:
            end = min(end, bisect_right(orders, shown_to, key=_shown))
        return orders[start:end]


def _shown(order: PlacedOrder) -> datetime:
    return order.created.replace(microsecond=0)


def stamp(moment: datetime) -> str:
    """Return a moment as the platform writes it: UTC, whole seconds, `Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def priced(lines: Sequence[Line]) -> dict[str, Any]:
    """Return total, details and product lines: the part of an order that estimate and order share."""
    total = 0
    details, products = [], []
    for line in lines:
        offer, product = line.offer, line.offer.product
        extended = offer.unit_cents * line.quantity
        total += extended
        details.append(
            {
                "type": "recurring",
                "mpn": product.mpn,
                "productId": offer.id,
                "duration": period(offer.billing),
                "description": "{product} Recurring".format(product=product.name),
                "quantity": line.quantity,
                "unitPrice": money(offer.unit_cents),
                "extendedPrice": money(extended),
            }
        )
        products.append(
            {
                "mpn": product.mpn,
                "vendor": product.vendor,
                "id": offer.id,
                "name": product.name,
                "quantity": line.quantity,
                "billingPeriod": period(offer.billing),
                "subscriptionPeriod": period(offer.term),
                "extendedPrice": money(extended),
                "parameters": line.parameters,
            }
        )
    return {"total": money(total), "details": details, "products": products}


def order_row(order: PlacedOrder, now: datetime, ageing: Ageing, *, with_po: bool) -> dict[str, Any]:
    """Return the order as a row of GET /orders: without products and details."""
    status = order.status(ageing, now)
    row: dict[str, Any] = {
        "id": order.id,
        "orderNumber": order.order_number,
        "type": order.order_type,
        "customerId": order.customer_id,
        "creationDate": stamp(order.created),
        "status": status,
        "statusCode": order.code(ageing, now),
        "total": money(sum(line.offer.unit_cents * line.quantity for line in order.billed_lines)),
    }
    if order.target:
        row["subscriptionId"] = order.target
    if order.po_number is not None and with_po:
        row[order.po_key] = order.po_number
    if status in {"completed", "error"}:
        row["provisioningDate"] = stamp(order.over_at(ageing))
    return row


def order_detail(order: PlacedOrder, now: datetime, ageing: Ageing) -> dict[str, Any]:
    """Return the order as POST /orders and GET /orders/{id} show it."""
    detail = {**order_row(order, now, ageing, with_po=True), **priced(order.billed_lines)}
    if order.attributes:
        detail["attributes"] = order.attributes
    if detail["status"] == "completed" and not order.target:
        detail["subscriptionId"] = order.subscription_id
        _add_parameters(detail, microsoft_parameters(order.number))
    if detail["statusCode"] == "AS" and order.lines:
        day = order.day(ageing)
        last = _after(day, *order.lines[0].offer.term)
        for line in detail["details"]:
            line["description"] += ", from {day} through {last}".format(day=day, last=last)
    if ageing.is_waiting_for_customer(order.fate, order.created, now):
        _add_parameters(detail, [attestation_parameter(order.number)])
    return detail


def _add_parameters(detail: dict[str, Any], more: list[dict[str, Any]]) -> None:
    for line in detail["products"]:
        line["parameters"] = [*line["parameters"], *more]


def renewal_of(order: PlacedOrder, ageing: Ageing) -> date:
    """Return the day on which the subscription that an order made is renewed."""
    return _after(order.over_at(ageing).date(), *order.lines[0].offer.term)


def subscription_row(order: PlacedOrder, ageing: Ageing) -> dict[str, Any]:
    """Return the completed order's subscription as a row of GET /subscriptions: without products."""
    offer = order.lines[0].offer
    start = order.over_at(ageing).date()
    end = renewal_of(order, ageing)
    return {
        "id": order.subscription_id,
        "name": offer.product.name,
        "customerId": order.customer_id,
        "status": "active",
        "attributes": {},
        "renewalStatus": True,
        "creationDate": start.isoformat(),
        "renewalDate": end.isoformat(),
        "lastModifiedDate": start.isoformat(),
        "expirationDate": end.isoformat(),
        "billingModel": "chargeBeforeBillingPeriod",
        "billingPeriod": period(offer.billing),
        "subscriptionPeriod": period(offer.term),
    }


def subscription_detail(order: PlacedOrder, ageing: Ageing) -> dict[str, Any]:
    """Return the completed order's subscription as GET /subscriptions/{id} shows it."""
    offer = order.lines[0].offer
    total = sum(line.offer.unit_cents * line.quantity for line in order.lines)
    products = [
        {
            "mpn": line.offer.product.mpn,
            "vendor": line.offer.product.vendor,
            "id": line.offer.id,
            "quantity": line.quantity,
            "name": line.offer.product.name,
            "unitPrice": money(line.offer.unit_cents),
            "extendedPrice": money(line.offer.unit_cents * line.quantity),
        }
        for line in order.lines
    ]
    given = [parameter for line in order.lines for parameter in line.parameters if "value" in parameter]
    return {
        **subscription_row(order, ageing),
        "totalPrice": money(total),
        "products": products,
        "orderParameters": given,
        "fulfillmentParameters": [p for p in given if p["name"] == "microsoft_domain"],
        "planId": offer.plan_id,
    }


def _after(start: date, unit: str, count: int) -> date:
    months = start.month - 1 + (count if unit == "month" else 12 * count)
    # Day 28 exists in every month; the platform's own month-end rule is not known.
    return start.replace(year=start.year + months // 12, month=months % 12 + 1, day=min(start.day, 28))


def to_record(order: PlacedOrder) -> dict[str, Any]:
    """Return the order as a journal keeps it; keep in sync with `from_record`."""
    return {
        "number": order.number,
        "created": order.created.isoformat(),
        "poNumber": order.po_number,
        "poKey": order.po_key,
        "fate": order.fate,
        "offers": [line.offer.id for line in order.lines],
        "quantities": [line.quantity for line in order.lines],
        "target": order.target,
        "before": order.before,
        "due": order.due.isoformat() if order.due else None,
        "sent": order.sent,
    }


def from_record(record: dict[str, Any], catalogue: Catalogue) -> PlacedOrder:
    """Make the order again from a journal; the body was checked when it was placed."""
    sent = record["sent"]
    # Journals of older versions know sales alone, whose quantities are those that were sent.
    quantities = record.get("quantities")
    if quantities is None:
        quantities = [int(line["quantity"]) for line in sent["products"]]
    lines = tuple(
        Line(offer=catalogue.by_id[offer_id], quantity=quantity, parameters=line.get("parameters", []))
        for offer_id, quantity, line in zip(
            record["offers"], quantities, sent.get("products", ()), strict=False
        )
    )
    return PlacedOrder(
        number=record["number"],
        created=datetime.fromisoformat(record["created"]),
        customer_id=sent["customerId"],
        po_number=record["poNumber"],
        po_key=record["poKey"],
        # Journals of older versions know `fails` alone.
        fate=record.get("fate") or ("error" if record["fails"] else "completed"),
        lines=lines,
        attributes=sent.get("attributes") or {},
        sent=sent,
        order_type=sent.get("type", "sales"),
        target=record.get("target", ""),
        before=record.get("before", 0),
        due=date.fromisoformat(record["due"]) if record.get("due") else None,
    )
