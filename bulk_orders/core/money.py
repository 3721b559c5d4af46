"""What orders cost: the first bill of each, what it commits the customer to, their sums, and the limits they must keep to.

The marketplace prices the first bill (POST /orders/estimate). What an order commits to is that bill times the bills of its
commitment: twelve for a year billed monthly, one for a year billed upfront. Promotions and prorating may make later bills differ.
Of a change of a subscription only the first bill is known, and it may be for a part of a month.
Sums are kept for each currency; nothing is ever converted.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.offers import Period
from bulk_orders.core.order_types import target_of
from bulk_orders.core.validation import asked_of, validation_request

_MONTHS: Final = {"month": 1, "year": 12}
_AMOUNT: Final = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")

Sums = Mapping[str, Decimal]
"""By currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one order costs at first."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one order costs, and for whom."""

    sheet_row: int
    customer_id: str
    mpn: str
    licences: int
    first: Decimal
    currency: str
    count: int
    """How many such bills the commitment has."""
    is_monthly: bool
    domain: str = ""
    """A new tenant's; empty for others."""
    is_change: bool = False
    """Of a subscription that is there: what it commits to until the renewal is in no estimate, so its first bill counts."""

    @property
    def committed(self) -> Decimal:
        """What the customer is bound to pay until the commitment ends."""
        return self.first * self.count


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """Some of the orders, summed up."""

    orders: int
    licences: int
    """That are ordered; the seats that changes lead to are no more of them."""
    first: Sums
    """What is billed; a credit is not taken off it."""
    credited: Sums
    """What comes back, as for fewer seats."""
    committed: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What orders would cost, and the limits that are not kept."""

    bills: tuple[Bill, ...] = ()
    unpriced: tuple[int, ...] = ()
    """Rows that the marketplace would take, as far as it was asked, and gives no price for."""
    reasons: tuple[str, ...] = ()
    """Of each limit that is not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that first bills may come to, in whatever currency; None is no limit."""

    in_all: Decimal | None = None
    per_customer: Decimal | None = None
    of_rows: Mapping[int, Decimal] = field(default_factory=dict)
    """By sheet row: its column Maximum price."""

    @property
    def are_any(self) -> bool:
        """Return whether there is anything to keep to."""
        return self.in_all is not None or self.per_customer is not None or bool(self.of_rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """A limit that is not kept."""

    amount: Decimal
    currency: str
    limit: Decimal
    customer_id: str = ""
    """Whose orders cost too much together; empty for all orders, or one."""
    sheet_row: int | None = None
    """Which order costs too much; None for several."""


def amount_of(text: str) -> Decimal | None:
    """Read an amount such as `151.20` or `1,512.00`; None for anything else, above all for a decimal comma."""
    clean = text.strip()
    return Decimal(clean.replace(",", "")) if _AMOUNT.fullmatch(clean) and clean.isascii() else None


def is_priced(order: OrderRecord) -> bool:
    """Tell whether the order has a price: what orders no product costs nothing."""
    return bool(json.loads(order.body).get("products"))


def bills_of(orders: Iterable[OrderRecord], prices: Mapping[str, Price]) -> list[Bill]:
    """Return the bills of the orders that have a price (by order key), in their order."""
    return [_bill(order, prices[order.key]) for order in orders if order.key in prices]


def total(bills: Iterable[Bill]) -> Total:
    """Sum bills up."""
    first: dict[str, Decimal] = defaultdict(Decimal)
    credited: dict[str, Decimal] = defaultdict(Decimal)
    committed: dict[str, Decimal] = defaultdict(Decimal)
    orders = licences = 0
    for bill in bills:
        orders, licences = orders + 1, licences + (0 if bill.is_change else bill.licences)
        if bill.first < 0:
            credited[bill.currency] -= bill.first
        else:
            first[bill.currency] += bill.first
            committed[bill.currency] += bill.committed
    return Total(
        orders=orders,
        licences=licences,
        first=dict(first),
        credited=dict(credited),
        committed=dict(committed),
    )


def totals_by(bills: Iterable[Bill], name: Callable[[Bill], str]) -> dict[str, Total]:
    """Sum bills up by what `name` gives each, what commits to most first."""
    groups: dict[str, list[Bill]] = defaultdict(list)
    for bill in bills:
        groups[name(bill)].append(bill)
    found = {key: total(members) for key, members in groups.items()}
    return dict(
        sorted(found.items(), key=lambda entry: (-max(entry[1].committed.values(), default=0), entry[0]))
    )


def largest(bills: Sequence[Bill]) -> list[Bill]:
    """Return the order with the largest first bill of each currency, the largest commitment among equals; credits are none."""
    by_currency: dict[str, list[Bill]] = defaultdict(list)
    for bill in bills:
        if bill.first >= 0:
            by_currency[bill.currency].append(bill)
    return [
        max(members, key=lambda bill: (bill.first, bill.committed, -bill.sheet_row))
        for members in by_currency.values()
    ]


def excesses(bills: Sequence[Bill], limits: Limits) -> list[Excess]:
    """Return the limits that are not kept: of all orders together, then of customers, then of rows.

    What is credited, as for fewer seats, makes no room for other orders.
    """
    bills = [bill for bill in bills if bill.first > 0]
    found = _above(total(bills).first, limits.in_all)
    for customer_id, of_customer in totals_by(bills, lambda bill: bill.customer_id).items():
        found += _above(of_customer.first, limits.per_customer, customer_id=customer_id)
    for bill in bills:
        limit = limits.of_rows.get(bill.sheet_row)
        found += _above({bill.currency: bill.first}, limit, sheet_row=bill.sheet_row)
    return found


def _above(
    sums: Sums, limit: Decimal | None, *, customer_id: str = "", sheet_row: int | None = None
) -> list[Excess]:
    if limit is None:
        return []
    return [
        Excess(amount=amount, currency=currency, limit=limit, customer_id=customer_id, sheet_row=sheet_row)
        for currency, amount in sums.items()
        if amount > limit
    ]


def _bill(order: OrderRecord, price: Price) -> Bill:
    lines = asked_of(validation_request(json.loads(order.body)))
    term, billing = lines[0].term, lines[0].billing
    return Bill(
        sheet_row=order.sheet_row,
        customer_id=order.customer_id,
        mpn=order.mpn,
        licences=sum(line.quantity for line in lines),
        first=price.amount,
        currency=price.currency,
        count=_bills_in(term, billing),
        is_monthly=billing[0] == "month",
        domain=order.domain,
        is_change=bool(target_of(order.body)),
    )


def _bills_in(term: Period, billing: Period) -> int:
    """Return how many bills a commitment has; one where its periods are not known."""
    months, months_each = _months(term), _months(billing)
    return max(1, months // months_each) if months_each else 1


def _months(period: Period) -> int:
    unit, duration = period
    return _MONTHS.get(unit, 0) * (int(duration) if duration.isdecimal() else 0)
