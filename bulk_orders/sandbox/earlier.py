"""Subscriptions from before the practice began, so that there is something to renew: made up, the same at every start.

Nobody ordered them here: they have no order, and age by the calendar alone. Each is renewed on the same day of every year, or
of every month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from bulk_orders.sandbox.catalogue import MICROSOFT, Catalogue, Offer, Period, money, period
from bulk_orders.sandbox.customers import MIGRATION_CUSTOMERS, Customer

FIRST_EARLIER_ID: Final = 1_100_000
_FIRST_DAY: Final = date(2024, 1, 3)
_DAYS: Final = 700
_LAST_DAY_OF_ALL_MONTHS: Final = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierSubscription:
    """A subscription that was there before."""

    id: str
    customer_id: str
    offer: Offer
    quantity: int
    status: str
    renews: bool
    started: date

    def renewal(self, at: date) -> date:
        """Return the first day after `at` on which a new term begins."""
        day = self.started
        while day <= at:
            day = _later(day, self.offer.term)
        return day

    def began(self, at: date) -> date:
        """Return the first day of the term that lasts on the day `at`."""
        return max(self.started, _earlier(self.renewal(at), self.offer.term))


def earlier_subscriptions(
    count: int, catalogue: Catalogue, customers: Mapping[str, Customer]
) -> dict[str, EarlierSubscription]:
    """Return so many by id, oldest first; customers of the migration have some once there are more than the others can use."""
    offers = [
        offer
        for offer in catalogue.offers
        if offer.product.vendor == MICROSOFT and not offer.product.needs_offer_attestation
    ]
    buyers = [customer.id for customer in reversed(list(customers.values())) if customer.status == "active"]
    few = len(buyers) - MIGRATION_CUSTOMERS
    made = [_made(n, offers, buyers if n >= few * 5 else buyers[:few]) for n in range(count)]
    return {found.id: found for found in sorted(made, key=lambda found: (found.started, found.id))}


def _made(n: int, offers: Sequence[Offer], buyers: Sequence[str]) -> EarlierSubscription:
    offer = offers[n * 5 % len(offers)]
    day = _FIRST_DAY + timedelta(days=n * 37 % _DAYS)
    return EarlierSubscription(
        id=str(FIRST_EARLIER_ID + n),
        customer_id=buyers[n % len(buyers)],
        offer=offer,
        quantity=1 + n * 13 % 48,
        status={11: "hold", 19: "removed"}.get(n % 20, "active"),
        renews=n % 7 != 3,  # noqa: PLR2004 - one in seven
        started=day.replace(day=min(day.day, _LAST_DAY_OF_ALL_MONTHS)),
    )


def earlier_row(found: EarlierSubscription, at: date) -> dict[str, Any]:
    """Return it as a row of GET /subscriptions: without products."""
    renewal, began = found.renewal(at), found.began(at)
    return {
        "id": found.id,
        "name": found.offer.product.name,
        "customerId": found.customer_id,
        "status": found.status,
        "attributes": {},
        "renewalStatus": found.renews,
        "creationDate": found.started.isoformat(),
        "renewalDate": renewal.isoformat(),
        "lastModifiedDate": began.isoformat(),
        "expirationDate": renewal.isoformat(),
        "billingModel": "chargeBeforeBillingPeriod",
        "billingPeriod": period(found.offer.billing),
        "subscriptionPeriod": period(found.offer.term),
    }


def earlier_detail(found: EarlierSubscription, at: date) -> dict[str, Any]:
    """Return it as GET /subscriptions/{id} shows it."""
    offer = found.offer
    total = money(offer.unit_cents * found.quantity)
    line = {
        "mpn": offer.product.mpn,
        "vendor": offer.product.vendor,
        "id": offer.id,
        "quantity": found.quantity,
        "name": offer.product.name,
        "unitPrice": money(offer.unit_cents),
        "extendedPrice": total,
    }
    return {
        **earlier_row(found, at),
        "totalPrice": total,
        "products": [line],
        "orderParameters": [],
        "fulfillmentParameters": [],
        "planId": offer.plan_id,
    }


def _later(day: date, term: Period) -> date:
    return _moved(day, term[1] if term[0] == "month" else 12 * term[1])


def _earlier(day: date, term: Period) -> date:
    return _moved(day, -term[1] if term[0] == "month" else -12 * term[1])


def _moved(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    return day.replace(year=total // 12, month=total % 12 + 1)
