"""The promise after the run: what was sent is compared with the marketplace again, a day later and three days later.

A duplicate that a gateway makes late is so found while it can be cancelled, and so is an order that is not as the ledger has it.
What is due is read from the ledger: for each distance it keeps the moment up to which all that was sent has been compared.
"""

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from bulk_orders.core.lifecycle import DUPLICATE, OrderRecord, State
from bulk_orders.core.matching import resembles
from bulk_orders.core.platform_status import BROKEN, CANCELLED
from bulk_orders.core.report import CANCEL_WINDOW
from bulk_orders.marketplace.interface import PlatformOrder, ReadFailed
from bulk_orders.runs.orders_asked import refresh
from bulk_orders.sending.audit import AuditFindings
from bulk_orders.sending.engine import COMPARISON, Engine
from bulk_orders.sending.services import Services
from bulk_orders.sending.waits import waiting

AGAIN_AFTER: Final = (timedelta(hours=24), timedelta(hours=72))
"""After its sending an order is compared again: twice within the 168 hours in which it can be cancelled."""
RECENT: Final = timedelta(days=30)
"""An order that is there twice is compared again for so long, to see whether all but one are cancelled by now."""


class Difference(enum.StrEnum):
    """How an order that the ledger has as accepted may differ on the marketplace."""

    GONE = "gone"
    CANCELLED = "cancelled"
    ERROR = "error"
    CUSTOMER = "customer"
    CONTENT = "content"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """An accepted order that is not on the marketplace as the ledger has it."""

    order: OrderRecord
    """As the ledger had it."""
    difference: Difference
    there: str = ""
    """The marketplace's customer or amount, where that is what differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What comparing again showed."""

    orders: int
    """How many were compared."""
    due_at: datetime
    """Our clock's time at which they were due."""
    findings: AuditFindings
    """Not whole either where the page of an order that the list lacks could not be read."""
    drift: tuple[Drift, ...]


def due(services: Services, now: datetime) -> tuple[OrderRecord, ...]:
    """Return what was sent or recognised so long ago that it is to be compared again, and recent orders that are there twice.

    A ledger that was never compared so begins with what can still be cancelled.
    """
    ledger, account = services.ledger, str(services.profile.account)
    learnt = ledger.learnt(account)
    found: dict[str, OrderRecord] = {}
    for after in AGAIN_AFTER:
        said = learnt.get(_name(after))
        begin = datetime.fromisoformat(said) if said else now - CANCEL_WINDOW
        sent = ledger.orders_sent_since(account, begin)
        found |= {order.key: order for order in sent if _was_by(order, now - after)}
    twice = ledger.orders_sent_since(account, now - RECENT)
    found |= {order.key: order for order in twice if order.code == DUPLICATE}
    return tuple(found.values())


def compare_again(services: Services, orders: Sequence[OrderRecord], due_at: datetime) -> Comparison:
    """Compare what was due at a moment with the marketplace: record duplicates and how orders stand, adopt what was in doubt, send nothing.

    Raises what a sign-in raises, and `AnotherRunActive`. What could not be read whole is in the findings; it stays due.
    """
    services.marketplace.sign_in()
    with services.ledger.hold(str(services.profile.account)):
        run = services.ledger.run(orders[0].run_id)
        if run is None:
            raise AssertionError(f"order {orders[0].key} has no run")
        with waiting(services.observer, services.clock, COMPARISON):
            findings = Engine(services, run).audit(orders)
            there, is_read = _on_marketplace(services, orders, findings)
            drift = tuple(_drift(services, orders, there, findings.read_at))
    findings = replace(findings, is_whole=findings.is_whole and is_read)
    return Comparison(orders=len(orders), due_at=due_at, findings=findings, drift=drift)


def note_compared(services: Services, found: Comparison) -> None:
    """Record up to when all that was sent has been compared again; nothing where it was not whole.

    Of the marketplace's clock and ours the earlier counts: what was sent between what was due and the reading is not compared yet.
    """
    read_at = found.findings.read_at
    if found.findings.is_whole and read_at is not None:
        up_to = min(read_at, found.due_at)
        moments = {_name(after): (up_to - after).isoformat() for after in AGAIN_AFTER}
        services.ledger.remember(str(services.profile.account), **moments)


def _name(after: timedelta) -> str:
    """Return under what name the ledger keeps the moment."""
    return f"compared_{after // timedelta(hours=1)}h_later_up_to"


def _was_by(order: OrderRecord, moment: datetime) -> bool:
    """Tell whether it was sent, or recognised, by that moment."""
    return order.placed_at is not None and order.placed_at <= moment


def _on_marketplace(
    services: Services, orders: Sequence[OrderRecord], findings: AuditFindings
) -> tuple[dict[str, PlatformOrder | None], bool]:
    """Return accepted orders as the marketplace has them, by key, None for those that it lacks; and whether all could be read."""
    seen = {entry.order_id: entry for entry in findings.seen}
    there: dict[str, PlatformOrder | None] = {}
    is_read = True
    for order in orders:
        if order.state is State.ACCEPTED and order.order_id and (order.order_id in seen or findings.is_whole):
            try:
                there[order.key] = seen.get(order.order_id) or services.marketplace.get_order(order.order_id)
            except ReadFailed:
                is_read = False
    return there, is_read


def _drift(
    services: Services,
    orders: Sequence[OrderRecord],
    there: Mapping[str, PlatformOrder | None],
    read_at: datetime | None,
) -> Iterator[Drift]:
    """Yield how accepted orders differ, and record what the marketplace tells of them; `read_at` is its time, where it told it."""
    for order in orders:
        if order.key not in there:
            continue
        entry = there[order.key]
        if entry is None:
            yield Drift(order=order, difference=Difference.GONE)
            continue
        yield from differences(order, entry)
        current = services.ledger.order(order.key)
        if current is not None and current.order_id == entry.order_id:
            refresh(services, current, entry, read_at=read_at)


def differences(order: OrderRecord, entry: PlatformOrder) -> Iterator[Drift]:
    """Yield how an order on the marketplace is not the one that the ledger has; what it does not tell is no difference."""
    if entry.customer_id not in {"", order.customer_id}:
        yield Drift(order=order, difference=Difference.CUSTOMER, there=entry.customer_id)
    elif entry.products is not None and not resembles(order, entry):
        yield Drift(order=order, difference=Difference.CONTENT)
    if order.amount and entry.amount and _price(order) != _price(entry):
        there = f"{entry.currency} {entry.amount}"
        yield Drift(order=order, difference=Difference.AMOUNT, there=there)


def _price(priced: OrderRecord | PlatformOrder) -> tuple[Decimal | str, str]:
    try:
        return Decimal(priced.amount), priced.currency
    except InvalidOperation:
        return priced.amount, priced.currency


def broken(orders: Iterable[OrderRecord], now: datetime, *, followed: Collection[str]) -> Iterator[Drift]:
    """Yield orders that were accepted and that the marketplace has as cancelled or in error by now.

    They are recent ones, and whatever is of the runs that were just `followed`: a scheduled order may end months later.
    """
    for order in orders:
        is_recent = order.accepted_at is None or now - order.accepted_at <= RECENT
        is_recent = is_recent or order.run_id in followed
        is_broken = order.state is State.ACCEPTED and order.platform_status in BROKEN
        if is_broken and is_recent and order.code != DUPLICATE:
            is_cancelled = order.platform_status in CANCELLED
            yield Drift(order=order, difference=Difference.CANCELLED if is_cancelled else Difference.ERROR)
