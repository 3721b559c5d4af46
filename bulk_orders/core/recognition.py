"""Which of the orders about to be sent are on the marketplace already, whoever made them.

Pure, and the same for new orders, orders taken up again and those of a resumed run. What comes out depends neither on the
sequence of the orders nor on that of the list. One order on the marketplace is never taken for two of ours, and a second
wanted purchase is never taken for the first: where it could be, a person says so.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Protocol

from bulk_orders.core.acting import is_fulfilled
from bulk_orders.core.identity import is_marker, is_marker_of
from bulk_orders.core.lifecycle import DUPLICATE, OrderRecord, State
from bulk_orders.core.matching import (
    Seen,
    age,
    carries_marker,
    has_own_marker,
    is_made_from,
    may_be,
    resembles,
    tells_other_seats,
)
from bulk_orders.core.order_types import may_be_placed_here, target_of, type_of
from bulk_orders.core.platform_status import CANCELLED, DONE, SCHEDULED
from bulk_orders.core.subscriptions import PlatformSubscription

LOOKALIKE_PERIOD: Final = timedelta(days=30)
"""So long an order of the same content is worth asking a person about."""
_A_DAY: Final = timedelta(days=1)
_UNSENT: Final = frozenset({State.PENDING, State.HELD})
_DOUBTFUL: Final = frozenset({State.UNKNOWN, State.IN_FLIGHT, State.HELD})


class Foreign(Seen, Protocol):
    """What is read of an order that is not ours (`ledger.interface.ForeignOrder`)."""

    @property
    def status(self) -> str:
        """The marketplace's own word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Orders on the marketplace that are, or may be, one of ours."""

    seen: tuple[Any, ...]
    """As they were given; the first is the one to be adopted."""
    is_certain: bool
    """True where it is this order; False where a person has to say."""
    is_edited: bool = False
    """Ours by its PO number, with other content: the row was edited since it was ordered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the ledger and the workbook know beside the orders and the list."""

    others: Sequence[OrderRecord] = ()
    """The ledger's other orders of the same customers."""
    brought: Collection[str] = ()
    """Order keys that a results workbook brought back: those rows were known before any of this."""
    now: datetime
    """The marketplace's time, as well as it is known."""


@dataclass(slots=True)
class _Pool:
    """The orders on the marketplace that nothing of ours has been found to be yet."""

    entries: list[Any]
    taken: set[str] = field(default_factory=set)

    @property
    def left(self) -> list[Any]:
        return [entry for entry in self.entries if entry.order_id not in self.taken]

    def take(self, entries: Sequence[Any]) -> None:
        self.taken.update(entry.order_id for entry in entries)


def recognise(
    orders: Sequence[OrderRecord], foreign: Sequence[Foreign], known: Known
) -> dict[str, Recognised]:
    """Return, by order key, those of `orders` (all of one account, to be sent) that are, or may be, among `foreign`.

    `foreign` are orders that no order of the ledger is, opened as far as they matter.
    """
    placed = sorted(filter(_is_placed, foreign), key=age)
    found: dict[str, Recognised] = {}
    for customer_id in sorted(customers_of(orders)):
        theirs = [entry for entry in placed if entry.customer_id in {"", customer_id}]
        if theirs:
            wanted = [order for order in orders if order.customer_id == customer_id]
            found |= _of_customer(wanted, theirs, known)
    return found


def _of_customer(orders: Sequence[OrderRecord], placed: Sequence[Any], known: Known) -> dict[str, Recognised]:
    wanted = sorted(orders, key=lambda order: (order.sheet_row, order.key))
    pool = _Pool(list(placed))
    found = _by_own_marker(wanted, pool)
    rest = [order for order in wanted if order.key not in found]
    claimed = (*known.others, *wanted)
    pool.take([entry for entry in pool.left if _is_another_s(entry, claimed)])
    pool.take([entry for entry in pool.left if entry.status in CANCELLED])
    found |= _by_po_number(rest, pool, known)
    rest = [order for order in rest if order.key not in found and order.state is State.PENDING]
    return found | _by_content(rest, pool, known)


def _by_own_marker(wanted: Sequence[OrderRecord], pool: _Pool) -> dict[str, Recognised]:
    """Find orders by a PO number that we made from their key: it is on no other order, cancelled since or not."""
    found = {}
    for order in wanted:
        marked = [entry for entry in pool.left if is_made_from(order, entry)]
        same = [entry for entry in marked if entry.products is None or resembles(order, entry)]
        alive = [entry for entry in same or marked if entry.status not in CANCELLED]
        left = _unsaid(order, alive) if order.state is State.PENDING else []
        if order.state in _UNSENT and any(tells_other_seats(order, entry) for entry in same):
            if left:
                found[order.key] = Recognised(seen=tuple(left), is_certain=False)
        elif same:
            found[order.key] = Recognised(seen=tuple(alive or same[:1]), is_certain=True)
        elif left:
            found[order.key] = Recognised(seen=tuple(alive), is_certain=False, is_edited=True)
        pool.take(marked)
    return found


def _by_po_number(wanted: Sequence[OrderRecord], pool: _Pool, known: Known) -> dict[str, Recognised]:
    """Match rows to orders equal in customer, content and the user's own PO number, if both are equally many.

    Changes by hand inherit the PO number of the purchase and say only by how much they changed it: a person tells them apart.
    """
    groups: dict[tuple[str, ...], list[OrderRecord]] = {}
    for order in wanted:
        if order.state is State.PENDING and not has_own_marker(order):
            group = (order.customer_id, order.marker, order.mpn, order.quantity, target_of(order.body))
            groups.setdefault(group, []).append(order)
    found: dict[str, Recognised] = {}
    for rows in groups.values():
        equal = [
            entry for entry in pool.left if entry.po_number == rows[0].marker and resembles(rows[0], entry)
        ]
        if not equal:
            continue
        is_theirs = len(equal) == len(rows) and not _rivals(rows, equal, known)
        is_theirs = is_theirs and all(len(_unsaid(order, equal)) == len(equal) for order in rows)
        if is_theirs and all(_was_known(order, equal[0], known) for order in rows):
            for order, entry in zip(rows, equal, strict=True):
                found[order.key] = Recognised(seen=(entry,), is_certain=not target_of(order.body))
            pool.take(equal)
    return found


def _by_content(wanted: Sequence[OrderRecord], pool: _Pool, known: Known) -> dict[str, Recognised]:
    """Find the same product and quantity for the same customer, of late or under the same PO number.

    Ordered by hand, by another ledger, or from a row that was edited since: all are named, so that a person is asked once.
    What a subscription shows is compared with the subscription itself before it is sent, not with what was done to it of late.
    """
    found = {}
    for order in wanted:
        alike = [entry for entry in pool.left if _is_alike(order, entry, known.now)]
        if unsaid := _unsaid(order, alike):
            found[order.key] = Recognised(seen=tuple(unsaid), is_certain=False)
    return found


def _rivals(rows: Sequence[OrderRecord], equal: Sequence[Any], known: Known) -> bool:
    """Return True when an order in doubt, of whatever row, may be one of them as well, or is there twice: a person cancels one."""
    keys = {order.key for order in rows}
    return any(
        other.key not in keys
        and (other.state in _DOUBTFUL or other.code == DUPLICATE)
        and any(may_be(other, entry) for entry in equal)
        for other in known.others
    )


def _was_known(order: OrderRecord, oldest: Any, known: Known) -> bool:
    """Return True when the row was known before any of the orders was made, so that none is an earlier purchase."""
    if order.key in known.brought:
        return True
    return (
        order.enlisted_at is not None
        and oldest.created_at is not None
        and bool(oldest.created_at >= order.enlisted_at)
    )


def _unsaid(order: OrderRecord, entries: Sequence[Any]) -> list[Any]:
    """Return those that nobody has said yet to be other orders than this one."""
    said = set(order.held_for.split())
    return [entry for entry in entries if entry.order_id not in said]


def _is_another_s(entry: Any, orders: Sequence[OrderRecord]) -> bool:
    """Return True when its PO number was made from the key of one of our orders: it is that one, or a copy of it."""
    return bool(entry.po_number) and any(
        is_made_from(order, entry) for order in orders if order.customer_id == entry.customer_id
    )


def _is_inherited(entry: Any, orders: Sequence[OrderRecord]) -> bool:
    """Return True when its PO number is that of one of our orders, which what is done to a subscription later inherits."""
    return any(
        is_marker_of(order.key, entry.po_number) for order in orders if order.customer_id == entry.customer_id
    )


def _is_placed(entry: Any) -> bool:
    return may_be_placed_here(entry.order_type)


def _is_alike(order: OrderRecord, entry: Any, now: datetime) -> bool:
    return not _is_shown(order, entry) and _may_be_its_own(order, entry, now)


def _may_be_its_own(order: OrderRecord, entry: Any, now: datetime) -> bool:
    return (_is_of_late(entry, now) or entry.po_number == order.marker) and resembles(order, entry)


def _is_shown(order: OrderRecord, entry: Any) -> bool:
    """Tell whether the subscription shows what the entry did, or would: not what is under way or failed.

    What rests until a renewal is no change that was to be made at once; what is carried out by now may have rested.
    """
    if not target_of(order.body):
        return False
    is_at_renewal = bool(type_of(order.body).scheduled_on)
    if entry.status == SCHEDULED:
        return not is_at_renewal
    return entry.status in DONE and not (is_at_renewal and entry.po_number == order.marker)


def _is_of_late(entry: Any, now: datetime) -> bool:
    return entry.created_at is None or now - entry.created_at <= LOOKALIKE_PERIOD


def carried_out_unseen(
    order: OrderRecord, foreign: Sequence[Foreign], found: PlatformSubscription, now: datetime
) -> list[Any]:
    """Return those of `foreign` that may be what the order asks for, carried out though `found`, its subscription, does not show it.

    A change at renewal may have rested and been carried out. What was made after the last renewal was carried out at once, and
    is another wish, unless the seats are as this one asks. What was to be done at once may have had no effect, or have been
    changed back: under another PO number it is another wish.
    """
    done = [entry for entry in foreign if entry.status in DONE and resembles(order, entry)]
    if type_of(order.body).scheduled_on:
        began = None if is_fulfilled(order, found) else found.term_began
        alike = [
            entry for entry in done if _may_be_its_own(order, entry, now) and not _is_younger(entry, began)
        ]
    else:
        alike = [entry for entry in done if _is_of_late(entry, now) and carries_marker(order, entry)]
    return _unsaid(order, alike)


def _is_younger(entry: Any, day: date | None) -> bool:
    """Tell whether it was made after that day, in every time zone."""
    return day is not None and entry.created_at is not None and entry.created_at.date() > day + _A_DAY


def sign_of_another(
    orders: Sequence[OrderRecord], foreign: Sequence[Foreign], known: Known, window: timedelta
) -> datetime | None:
    """Return when the newest order was made, within the settle window, that another ledger must have sent; or None.

    Such an order is one with a PO number that we make and this ledger sent nothing under, or one that equals a row in
    customer, content and PO number. Where there is one, another may still be on its way.
    """
    sent = [order for order in known.others if order.attempts or order.state is State.ACCEPTED]
    moments = [
        entry.created_at
        for entry in foreign
        if entry.created_at is not None
        and known.now - entry.created_at < window
        and _is_placed(entry)
        and (
            (is_marker(entry.po_number or "") and not _is_inherited(entry, sent))
            or any(carries_marker(order, entry) and resembles(order, entry) for order in orders)
        )
    ]
    return max(moments, default=None)


def customers_of(orders: Sequence[OrderRecord]) -> tuple[str, ...]:
    """Return the customers of these orders, each once."""
    return tuple(dict.fromkeys(order.customer_id for order in orders))
