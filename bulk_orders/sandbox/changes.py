"""What the platform refuses in the body of an order that changes a subscription, in its own words as far as they are known."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from bulk_orders.sandbox.ageing import Fate
from bulk_orders.sandbox.catalogue import MICROSOFT
from bulk_orders.sandbox.holdings import Holding, Holdings
from bulk_orders.sandbox.messages import RefusedError
from bulk_orders.sandbox.orders import Line
from bulk_orders.sandbox.platform_types import CHANGE, PLATFORM_TYPES
from bulk_orders.sandbox.rules import Draft, Rulebook

SubscriptionPlace = Literal["either", "order", "line"]
ChangeMeans = Literal["total", "delta"]
_WINDOW: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """The rules of change orders with what they are held against."""

    rules: Rulebook
    holdings: Holdings
    place: SubscriptionPlace = "either"
    means: ChangeMeans = "total"

    def check(self, body: dict[str, Any], at: datetime) -> Draft:
        """Return the order the body asks for; raises `RefusedError` with the first rule it breaks."""
        order_type = str(body.get("type"))
        customer = self.rules.active_customer(body.get("customerId"))
        holding = self._holding(body, customer.id, at)
        if (busy := self.holdings.open_order(holding.id, at)) is not None:
            # Seen live: a conflict that comes as a failure of the server.
            raise RefusedError(
                500,
                (
                    "Cannot Upgrade/Downgrade Resources for Subscription #{subscription}: there is already an "
                    "Upgrade/Downgrade Order #{order} in status Provisioning is in progress(LO)."
                ).format(subscription=holding.id, order=busy.order_number),
            )
        if order_type != CHANGE:
            is_too_late = PLATFORM_TYPES[order_type].has_window and _is_late(holding.bought, holding, at)
            return Draft(
                customer=customer,
                lines=(),
                po_number=self.rules.po_number(body),
                attributes=self.rules.attributes(body),
                order_type=order_type,
                target=holding.id,
                fate="error" if is_too_late else "completed",
            )
        is_scheduled = body.get("scheduledOn") == "renewal"
        line = self.rules.change_line(body, holding.offer)
        wanted = line.quantity + (holding.seats if self.means == "delta" else 0)
        if wanted < max(holding.used, 1):
            raise RefusedError(
                500,
                ("Order cannot be placed. The usage of '{product}' exceeds the new limit specified.").format(
                    product=holding.offer.product.name
                ),
            )
        return Draft(
            customer=customer,
            lines=(Line(offer=holding.offer, quantity=wanted, parameters=line.parameters),),
            po_number=self.rules.po_number(body),
            attributes=self.rules.attributes(body),
            order_type=CHANGE,
            target=holding.id,
            before=holding.seats,
            due=holding.renewal if is_scheduled else None,
            fate="scheduled" if is_scheduled else _fate(holding, wanted, at),
        )

    def _holding(self, body: dict[str, Any], customer_id: str, at: datetime) -> Holding:
        lines = body.get("products")
        line = lines[0] if isinstance(lines, list) and lines and isinstance(lines[0], dict) else {}
        told = {"order": body.get("subscriptionId"), "line": line.get("subscriptionId")}
        named = told.get(self.place) if self.place != "either" else told["order"] or told["line"]
        if not isinstance(named, str) or not named:
            raise RefusedError(400, "subscriptionId is required.")
        found = self.holdings.find(named, at)
        if found is None or found.customer_id != customer_id:
            raise RefusedError(
                404, "Subscription '{subscription_id}' is not found.".format(subscription_id=named)
            )
        if found.status != "active":
            raise RefusedError(
                500,
                "Subscription #{subscription} is not Active. Upgrades/Downgrades are not available now.".format(
                    subscription=found.id
                ),
            )
        return found


def _fate(holding: Holding, wanted: int, at: datetime) -> Fate:
    """Return what becomes of the order: what the vendor does not allow is taken, and fails at the vendor."""
    is_refused = wanted < holding.seats and _is_late(holding.seats_since, holding, at)
    return "error" if is_refused else "completed"


def _is_late(since: date, holding: Holding, at: datetime) -> bool:
    return at.date() >= since + _WINDOW and holding.offer.product.vendor == MICROSOFT
