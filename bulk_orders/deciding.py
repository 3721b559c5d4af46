"""What people may say of rows that are in doubt or held; each word with its reason, in the ledger for ever.

*Present* needs an order that is there and ours to take; *absent* needs a reading, made now, that does not show it.
Nothing is sent from here: an order said to be absent, or confirmed, waits for `resume`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.core.settling import COMPLETE_READS, is_absent
from bulk_orders.errors import GuardStopped, UsageError
from bulk_orders.marketplace.interface import PlatformOrder, ReadFailed
from bulk_orders.parts import Parts
from bulk_orders.resolution import Resolver, with_platform_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One order to be decided on, with what was sent and what the marketplace shows around that time."""

    order: OrderRecord
    there: tuple[PlatformOrder, ...]
    note: str = ""
    """Why `there` may not be all; empty when the reading is complete."""


def doubts(orders: Sequence[OrderRecord], resolver: Resolver) -> tuple[Doubt, ...]:
    """The orders that wait for a person, each with a fresh reading."""
    found = []
    for order in orders:
        if order.state is State.HELD:
            found.append(Doubt(order=order, there=()))
        if order.state is State.UNKNOWN:
            try:
                reading = resolver.read(order)
                note = "" if reading.is_complete else "the marketplace's list is not complete"
                found.append(Doubt(order=order, there=reading.entries, note=note))
            except ReadFailed as error:
                found.append(Doubt(order=order, there=(), note=error.message))
    return tuple(found)


def say_present(parts: Parts, order: OrderRecord, order_id: str, *, reason: str) -> OrderRecord:
    """A person says that the order is the marketplace's `order_id`. Raises `UsageError` when it cannot be."""
    _check(order, State.UNKNOWN, reason)
    seen = parts.marketplace.get_order(order_id)
    if seen is None:
        raise UsageError(
            f"The marketplace has no order {order_id}.",
            fix="Use the order id (not the number) that `resolve` shows.",
        )
    if seen.customer_id and seen.customer_id != order.customer_id:
        raise UsageError(
            f"Order {order_id} is of customer {seen.customer_id}, not of {order.customer_id}.",
            fix="Look again.",
        )
    ours = parts.ledger.orders_of_customer(order.account, order.customer_id)
    taken = next((other for other in ours if other.order_id == order_id and other.key != order.key), None)
    if taken is not None:
        raise UsageError(
            f"Order {order_id} belongs to row {taken.sheet_row} of run {taken.run_id}.", fix="Look again."
        )
    after = step(with_platform_facts(order, seen), Step.SAID_PRESENT)
    return _write(parts, order, after, Step.SAID_PRESENT, reason)


def say_absent(parts: Parts, order: OrderRecord, resolver: Resolver, *, reason: str) -> OrderRecord:
    """A person says that the order does not exist and may be sent again.

    Raises `GuardStopped` if a reading made now shows it, or if none can be made.
    """
    _check(order, State.UNKNOWN, reason)
    try:
        is_found = resolver.look_up(order, must_read=True)
    except ReadFailed as error:
        raise GuardStopped(
            f"Row {order.sheet_row} cannot be called absent while the marketplace cannot be read: {error.message}",
            fix="Try again when it answers.",
        ) from None
    if is_found:
        raise GuardStopped(
            f"Row {order.sheet_row} was just found on the marketplace; it is not sent again.",
            fix="Look at `bulk-orders report`.",
        )
    current = parts.ledger.order(order.key) or order
    after = step(current, Step.SAID_ABSENT, doubtful_at=None, absent_reads=0, code="", message="")
    return _write(parts, current, after, Step.SAID_ABSENT, reason)


def confirm(parts: Parts, order: OrderRecord, *, reason: str) -> OrderRecord:
    """A person says that a held order is meant."""
    _check(order, State.HELD, reason)
    return _write(parts, order, step(order, Step.CONFIRMED, code="", message=""), Step.CONFIRMED, reason)


def drop(parts: Parts, order: OrderRecord, *, reason: str) -> OrderRecord:
    """A person says that the order is not to be sent, now or by another run of the same row."""
    if order.state not in {State.HELD, State.UNKNOWN}:
        _check(order, State.UNKNOWN, reason)
    _check(order, order.state, reason)
    return _write(parts, order, step(order, Step.DROPPED), Step.DROPPED, reason)


def resendable(orders: Sequence[OrderRecord]) -> tuple[OrderRecord, ...]:
    """Unknown orders that enough complete readings after the settle window did not show."""
    return tuple(order for order in orders if is_absent(order))


def waiting_words(order: OrderRecord, window_s: float) -> str:
    """How far an unknown order is from being called absent."""
    if order.doubtful_at is None:
        return "the marketplace could not be read since"
    if is_absent(order):
        return f"{order.absent_reads} complete readings after the settle window did not show it"
    over_at = order.doubtful_at + timedelta(seconds=window_s)
    return f"may still appear until {over_at:%H:%M:%S} UTC; {order.absent_reads} of {COMPLETE_READS} complete readings after that did not show it"


def _check(order: OrderRecord, state: State, reason: str) -> None:
    if not reason.strip():
        raise UsageError("Every decision needs a reason.", fix='Add --reason "…"; it is kept in the log.')
    if order.state is not state:
        raise UsageError(
            f"Row {order.sheet_row} is {order.state}, not {state}.",
            fix="`bulk-orders resolve RUN` shows what waits for a decision.",
        )


def _write(parts: Parts, before: OrderRecord, after: OrderRecord, what: Step, reason: str) -> OrderRecord:
    note = f"{parts.operator}: {reason.strip()}"
    parts.ledger.advance(before, after, what, at=parts.clock.now(), note=note)
    return after
