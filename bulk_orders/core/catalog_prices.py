"""Two pulls of the catalogue compared: which prices rise or fall, what is new or gone, and what that means for renewals.

Works on the texts of the pulled sheets, by the names of their columns. A price is of one way of selling a product: vendor,
commitment, billing and currency are part of what it is.
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from bulk_orders.core.columns.subscriptions import AUTO_RENEW_AFTER, NO, SEATS_AFTER
from bulk_orders.core.json_values import number_of
from bulk_orders.core.subscriptions import ACTIVE

Record: TypeAlias = Mapping[str, str]
_Way: TypeAlias = tuple[str, ...]
_WAY = ("mpn", "vendor", "commitment", "billing", "currency")


class Move(enum.StrEnum):
    """What became of a price."""

    RISES = "rises"
    FALLS = "falls"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """One way of selling a product whose price is not what it was."""

    move: Move
    mpn: str
    product_name: str
    vendor: str
    commitment: str
    billing: str
    currency: str
    price_before: Decimal | None
    price_after: Decimal | None
    cost_before: Decimal | None
    cost_after: Decimal | None

    @property
    def price_difference(self) -> Decimal | None:
        """After less before; None where one of them is not known."""
        return _less(self.price_after, self.price_before)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalPrice:
    """A subscription whose next term is billed at another price than the present one."""

    move: Move
    """`GONE`: the later catalogue no longer sells the product like this."""
    subscription_id: str
    customer_id: str
    customer_name: str
    mpn: str
    product_name: str
    commitment: str
    billing: str
    renewal_date: date
    seats: int
    currency: str
    price_before: Decimal
    price_after: Decimal | None

    @property
    def bill_difference(self) -> Decimal | None:
        """How much more all seats cost in each billing period."""
        less = _less(self.price_after, self.price_before)
        return None if less is None else less * self.seats


def price_changes(before: Iterable[Record], after: Iterable[Record]) -> tuple[PriceChange, ...]:
    """Return what is not as it was: rising prices first, the steepest on top. Where an entry repeats, its lowest price counts."""
    old, new = _by_way(before), _by_way(after)
    found = []
    for way in [*old, *(way for way in new if way not in old)]:
        was, now = old.get(way), new.get(way)
        move = _move(was, now)
        if move is not None:
            entry = now or was or {}
            found.append(
                PriceChange(
                    move=move,
                    product_name=entry.get("product_name", ""),
                    price_before=_amount(was, "unit_price"),
                    price_after=_amount(now, "unit_price"),
                    cost_before=_amount(was, "unit_cost"),
                    cost_after=_amount(now, "unit_cost"),
                    **dict(zip(_WAY, way, strict=True)),
                )
            )
    return tuple(sorted(found, key=_steepest_first))


def renewal_prices(
    subscriptions: Iterable[Record], catalog: Sequence[Record], due_before: date | None
) -> tuple[RenewalPrice, ...]:
    """Return the renewals that cost something else than now, by the later catalogue, the earliest first.

    Left out: subscriptions that are not active, that will not be renewed, or that are renewed on `due_before` or later.
    """
    sold = _by_way(catalog)
    found = [_renewal(record, sold) for record in subscriptions if _is_renewed(record, due_before)]
    return tuple(
        sorted(
            (entry for entry in found if entry), key=lambda entry: (entry.renewal_date, entry.subscription_id)
        )
    )


def _renewal(record: Record, sold: Mapping[_Way, Record]) -> RenewalPrice | None:
    day, seats, now = _day(record), _seats(record), _amount(record, "unit_price")
    if day is None or seats is None or now is None:
        return None
    entry = sold.get(_way(record))
    then = _amount(entry, "unit_price")
    if entry is not None and (then is None or then == now):
        return None
    move = Move.GONE if then is None else Move.RISES if then > now else Move.FALLS
    return RenewalPrice(
        move=move,
        renewal_date=day,
        seats=seats,
        price_before=now,
        price_after=then,
        **{
            name: record.get(name, "")
            for name in (
                *("subscription_id", "customer_id", "customer_name", "mpn", "product_name"),
                *("commitment", "billing", "currency"),
            )
        },
    )


def _is_renewed(record: Record, due_before: date | None) -> bool:
    day = _day(record)
    renews = record.get(AUTO_RENEW_AFTER) or record.get("auto_renew", "")
    is_due = day is not None and (due_before is None or day < due_before)
    return is_due and renews != NO and record.get("status", "").casefold() == ACTIVE


def _seats(record: Record) -> int | None:
    """Return how many seats the next term begins with."""
    wished = record.get(SEATS_AFTER, "")
    for text in (wished, record.get("seats", "")):
        if text.isascii() and text.isdigit():
            return int(text)
    return None


def _day(record: Record) -> date | None:
    try:
        return date.fromisoformat(record.get("renewal_date", ""))
    except ValueError:
        return None


def _way(record: Record) -> _Way:
    return tuple(record.get(name, "") for name in _WAY)


def _by_way(records: Iterable[Record]) -> dict[_Way, Record]:
    found: dict[_Way, Record] = {}
    for record in records:
        way = _way(record)
        known = found.get(way)
        if known is None or _lower(record, known):
            found[way] = record
    return found


def _lower(record: Record, known: Record) -> bool:
    price, other = _amount(record, "unit_price"), _amount(known, "unit_price")
    return price is not None and (other is None or price < other)


def _move(was: Record | None, now: Record | None) -> Move | None:
    if was is None or now is None:
        return Move.NEW if was is None else Move.GONE
    for name in ("unit_price", "unit_cost"):
        less = _less(_amount(now, name), _amount(was, name))
        if less:
            return Move.RISES if less > 0 else Move.FALLS
    return None


def _amount(record: Record | None, name: str) -> Decimal | None:
    return number_of(record.get(name, "")) if record else None


def _less(after: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if after is None or before is None else after - before


def _steepest_first(change: PriceChange) -> tuple[object, ...]:
    difference = change.price_difference or Decimal(0)
    share = difference / change.price_before if change.price_before else difference
    return list(Move).index(change.move), -share, change.product_name.casefold(), change.mpn, change.billing
