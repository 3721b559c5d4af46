"""What people may say of rows that are in doubt or held; each word with its reason, in the ledger for ever.

*Present* needs an order that is there and ours to take; *absent* needs a reading, made now, that does not show it.
Nothing is sent from here: an order said to be absent, or confirmed, waits for `resume`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bulk_orders.core.lifecycle import DROPPED, OrderRecord, State, Step, step
from bulk_orders.core.settling import COMPLETE_READS, is_absent
from bulk_orders.errors import GuardStopped, UsageError
from bulk_orders.marketplace.interface import PlatformOrder, ReadFailed
from bulk_orders.sending.lookup import Resolver, with_platform_facts
from bulk_orders.sending.services import Services
from bulk_orders.texts import doubts as words


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
                note = "" if reading.is_complete else words.LIST_INCOMPLETE
                found.append(Doubt(order=order, there=reading.entries, note=note))
            except ReadFailed as error:
                found.append(Doubt(order=order, there=(), note=error.message))
    return tuple(found)


def say_present(services: Services, order: OrderRecord, order_id: str, *, reason: str) -> OrderRecord:
    """A person says that the order is the marketplace's `order_id`. Raises `UsageError` when it cannot be."""
    _check(order, State.UNKNOWN, reason)
    seen = services.marketplace.get_order(order_id)
    if seen is None:
        raise UsageError(words.NO_SUCH_ORDER.format(order_id=order_id), fix=words.NO_SUCH_ORDER_FIX)
    if seen.customer_id and seen.customer_id != order.customer_id:
        raise UsageError(
            words.OF_ANOTHER_CUSTOMER.format(
                order_id=order_id, theirs=seen.customer_id, ours=order.customer_id
            ),
            fix=words.LOOK_AGAIN_FIX,
        )
    ours = services.ledger.orders_of_customer(order.account, order.customer_id)
    taken = next((other for other in ours if other.order_id == order_id and other.key != order.key), None)
    if taken is not None:
        raise UsageError(
            words.TAKEN.format(order_id=order_id, row=taken.sheet_row, run_id=taken.run_id),
            fix=words.LOOK_AGAIN_FIX,
        )
    after = step(with_platform_facts(order, seen), Step.SAID_PRESENT)
    return _write(services, order, after, Step.SAID_PRESENT, reason)


def say_absent(services: Services, order: OrderRecord, resolver: Resolver, *, reason: str) -> OrderRecord:
    """A person says that the order does not exist and may be sent again.

    Raises `GuardStopped` if a reading made now shows it, or if none can be made.
    """
    _check(order, State.UNKNOWN, reason)
    try:
        is_found = resolver.look_up(order, must_read=True)
    except ReadFailed as error:
        raise GuardStopped(
            words.CANNOT_BE_ABSENT.format(row=order.sheet_row, reason=error.message),
            fix=words.CANNOT_BE_ABSENT_FIX,
        ) from None
    if is_found:
        raise GuardStopped(words.JUST_FOUND.format(row=order.sheet_row), fix=words.JUST_FOUND_FIX)
    current = services.ledger.order(order.key) or order
    _check(current, State.UNKNOWN, reason)  # where no lock works, somebody else may have decided meanwhile
    after = step(current, Step.SAID_ABSENT, doubtful_at=None, absent_reads=0, code="", message="")
    return _write(services, current, after, Step.SAID_ABSENT, reason)


def confirm(services: Services, order: OrderRecord, *, reason: str) -> OrderRecord:
    """A person says that a held order is meant."""
    _check(order, State.HELD, reason)
    return _write(services, order, step(order, Step.CONFIRMED, code="", message=""), Step.CONFIRMED, reason)


def drop(services: Services, order: OrderRecord, *, reason: str) -> OrderRecord:
    """A person says that the order is not to be sent, now or by another run of the same row."""
    if order.state not in {State.HELD, State.UNKNOWN}:
        _check(order, State.UNKNOWN, reason)
    _check(order, order.state, reason)
    after = step(order, Step.DROPPED, code=DROPPED, message=_note(services, reason))
    return _write(services, order, after, Step.DROPPED, reason)


def resendable(orders: Sequence[OrderRecord]) -> tuple[OrderRecord, ...]:
    """Unknown orders that enough complete readings after the settle window did not show."""
    return tuple(order for order in orders if is_absent(order))


def waiting_words(order: OrderRecord, window_s: float) -> str:
    """How far an unknown order is from being called absent."""
    if order.doubtful_at is None:
        return words.NOT_READ_SINCE
    if is_absent(order):
        return words.NOT_SHOWN.format(readings=order.absent_reads)
    over_at = order.doubtful_at + timedelta(seconds=window_s)
    return words.MAY_STILL_APPEAR.format(moment=over_at, readings=order.absent_reads, needed=COMPLETE_READS)


def _check(order: OrderRecord, state: State, reason: str) -> None:
    if not reason.strip():
        raise UsageError(words.NEEDS_REASON, fix=words.NEEDS_REASON_FIX)
    if order.state is not state:
        raise UsageError(
            words.OTHER_STATE.format(row=order.sheet_row, state=order.state, needed=state),
            fix=words.OTHER_STATE_FIX,
        )


def _write(
    services: Services, before: OrderRecord, after: OrderRecord, what: Step, reason: str
) -> OrderRecord:
    services.ledger.advance(before, after, what, at=services.clock.now(), note=_note(services, reason))
    return after


def _note(services: Services, reason: str) -> str:
    return f"{services.operator}: {reason.strip()}"
