"""What the marketplace says of a subscription, and what follows from its dates: until when it can be cancelled or cut."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bulk_orders.core.offers import NOT_SAID, Period

ACTIVE: Final = "active"
ENDED: Final = frozenset({"terminated", "removed"})
"""Statuses of subscriptions that are over: nothing about them can be changed, and they are never renewed."""
CANCEL_WINDOW: Final = timedelta(days=7)
"""Microsoft: 168 hours from the purchase, or from the beginning of a renewed term."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLine:
    """A product of a subscription, as GET /subscriptions/{id} shows it."""

    mpn: str
    name: str = ""
    vendor: str = ""
    seats: int | None = None
    """None where the marketplace gives no whole number."""
    unit_price: str = ""
    """What one seat costs each billing period."""
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformSubscription:
    """A subscription as the platform shows it."""

    subscription_id: str
    customer_id: str = ""
    name: str = ""
    status: str = ""
    created_at: datetime | None = None
    order_ids: tuple[str, ...] = ()
    term: Period = NOT_SAID
    billing: Period = NOT_SAID
    renewal_date: date | None = None
    expires_on: date | None = None
    modified_on: date | None = None
    auto_renew: bool | None = None
    """None where the platform does not say."""
    lines: tuple[ProductLine, ...] | None = None
    """None in a list, whose rows lack the products."""

    @property
    def term_began(self) -> date | None:
        """The day on which the present term began: nothing was renewed since. None where the platform does not say."""
        return before(self.renewal_date, self.term) if self.renewal_date else None

    @property
    def cancel_before(self) -> date | None:
        """The first day on which it can no longer be cancelled, or its seats cut, in the present term; by days, so a little early.

        None where the platform does not say when the term began.
        """
        created = self.created_at.date() if self.created_at else None
        began = max((day for day in (created, self.term_began) if day), default=None)
        return began + CANCEL_WINDOW if began else None


def before(day: date, period: Period) -> date | None:
    """Return the day one period earlier, the last of its month where that has fewer days; None where none is said."""
    unit, duration = period
    months = {"month": 1, "year": 12}.get(unit, 0) * (int(duration) if duration.isdigit() else 0)
    if not months:
        return None
    total = day.year * 12 + day.month - 1 - months
    if total < 12:  # noqa: PLR2004 - before the year 1
        return None
    first = date(total // 12, total % 12 + 1, 1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(day.day, (next_month - timedelta(days=1)).day))
