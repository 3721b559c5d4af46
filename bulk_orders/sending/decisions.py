"""What people may say of rows that are in doubt or held; each word with its reason, in the ledger for ever.

*Present* needs an order that is there and ours to take; *absent* needs a reading, made now, that does not show it.
Nothing is sent from here: an order said to be absent, or confirmed, waits for `resume`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bulk_orders.core.lifecycle import DROPPED, OrderRecord, State, Step, step
from bulk_orders.core.matching import resembles
from bulk_orders.core.order_types import may_be_of, target_of
from bulk_orders.core.platform_status import CANCELLED
from bulk_orders.core.settling import COMPLETE_READS, is_absent, is_settled, window_ends
from bulk_orders.errors import GuardStopped, UsageError
from bulk_orders.ledger.interface import Ledger, Superseded
from bulk_orders.marketplace.interface import Marketplace, PlatformOrder, ReadFailed
from bulk_orders.sending.alike import LIST_INCOMPLETE, Alike, look_alikes
from bulk_orders.sending.lookup import Resolver
from bulk_orders.sending.purchases import with_platform_facts
from bulk_orders.sending.services import Services

NEEDS_REASON: Final = "Every decision needs a reason."
NEEDS_REASON_FIX: Final = 'Add --reason "…"; it is kept in the log.'


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One order to be decided on, with what was sent and what the marketplace shows around that time."""

    order: OrderRecord
    there: tuple[PlatformOrder, ...]
    """For a held order, those that look like it."""
    note: str = ""
    """Why `there` may not be all; empty when the reading is complete."""
    since: datetime | None = None
    """Since when it is known that the order waits for a person."""


def doubts(
    orders: Sequence[OrderRecord], resolver: Resolver, *, marketplace: Marketplace, ledger: Ledger
) -> tuple[Doubt, ...]:
    """Return the orders that wait for a person, each with a fresh reading."""
    held = [order for order in orders if order.state is State.HELD]
    note, listed = "", Alike({})
    try:
        listed = look_alikes(held, marketplace=marketplace, ledger=ledger, now=resolver.marketplace_now())
    except ReadFailed as error:
        note = error.message
    found = []
    for order in orders:
        if order.state is State.HELD:
            found.append(Doubt(order=order, there=listed.of(order), note=note, since=order.held_at))
        if order.state is State.UNKNOWN:
            try:
                reading = resolver.read(order)
                incomplete = "" if reading.is_complete else LIST_INCOMPLETE
                found.append(Doubt(order=order, there=reading.entries, note=incomplete, since=order.sent_at))
            except ReadFailed as error:
                found.append(Doubt(order=order, there=(), note=error.message, since=order.sent_at))
    return tuple(found)


_LOOK_AGAIN_FIX: Final = "Check the order id and try again."


def say_present(
    services: Services, order: OrderRecord, order_id: str, *, reason: str, even_cancelled: bool = False
) -> OrderRecord:
    """Record that a person says that the order, in doubt or held, is the marketplace's `order_id`.

    Raises `UsageError` when it cannot be, as it is another customer's or row's, or of another type or subscription; and when it
    is cancelled and `even_cancelled` is not said.
    """
    _check(order, State.HELD if order.state is State.HELD else State.UNKNOWN, reason)
    seen = services.marketplace.get_order(order_id)
    if seen is None:
        raise UsageError(
            "The marketplace has no order {order_id}.".format(order_id=order_id),
            fix="Use the order id (not the number) that `resolve` shows.",
        )
    if seen.customer_id and seen.customer_id != order.customer_id:
        raise UsageError(
            "Order {order_id} belongs to customer {theirs}, not to {ours}.".format(
                order_id=order_id, theirs=seen.customer_id, ours=order.customer_id
            ),
            fix=_LOOK_AGAIN_FIX,
        )
    if not may_be_of(seen.order_type, order.body) or (target_of(order.body) and not resembles(order, seen)):
        raise UsageError(
            "Order {order_id} does not do what row {row} asks for.".format(
                order_id=order_id, row=order.sheet_row
            ),
            fix=_LOOK_AGAIN_FIX,
        )
    if seen.status in CANCELLED and not even_cancelled:
        raise UsageError(
            "Order {order_id} is cancelled on the marketplace.".format(order_id=order_id),
            fix=(
                "If the row is that order anyway, add --even-cancelled; "
                "the row is not sent again under its reference."
            ),
        )
    ours = services.ledger.orders_of_customer(order.account, order.customer_id)
    taken = next((other for other in ours if other.order_id == order_id and other.key != order.key), None)
    if taken is not None:
        raise UsageError(
            "Order {order_id} belongs to row {row} of run {run_id}.".format(
                order_id=order_id, row=taken.sheet_row, run_id=taken.run_id
            ),
            fix=_LOOK_AGAIN_FIX,
        )
    after = step(with_platform_facts(order, seen), Step.SAID_PRESENT)
    return _write(services, order, after, Step.SAID_PRESENT, reason)


_CANNOT_BE_ABSENT_FIX: Final = "Try again when it answers."


def say_absent(services: Services, order: OrderRecord, resolver: Resolver, *, reason: str) -> OrderRecord:
    """Record that a person says that the order does not exist and may be sent again.

    Raises `GuardStopped` if a reading made now shows it, if none can be made, if the settle window is not over, or if
    too few complete readings were made since.
    """
    _check(order, State.UNKNOWN, reason)
    try:
        is_found = resolver.look_up(order, must_read=True)
    except ReadFailed as error:
        raise GuardStopped(
            "Row {row} cannot be called absent while the marketplace cannot be read: {reason}".format(
                row=order.sheet_row, reason=error.message
            ),
            fix=_CANNOT_BE_ABSENT_FIX,
        ) from None
    if is_found:
        raise GuardStopped(
            "Row {row} was just found on the marketplace; it is not sent again.".format(row=order.sheet_row),
            fix="See `bulk-orders report`.",
        )
    current = services.ledger.order(order.key) or order
    _check(current, State.UNKNOWN, reason)  # where no lock works, somebody else may have decided meanwhile
    _check_is_absent(current, resolver)
    after = step(current, Step.SAID_ABSENT, doubtful_at=None, absent_reads=0, code="", message="")
    return _write(services, current, after, Step.SAID_ABSENT, reason)


def _check_is_absent(order: OrderRecord, resolver: Resolver) -> None:
    """Check that the order is absent: sent again too early, one that was only late would exist twice."""
    moment = window_ends(order, resolver.window_s)
    if moment is None:
        raise GuardStopped(
            (
                "Row {row} cannot be called absent: "
                "the marketplace has not been read since its answer was lost."
            ).format(row=order.sheet_row),
            fix=_CANNOT_BE_ABSENT_FIX,
        )
    if not is_settled(order, resolver.marketplace_now(), resolver.window_s):
        raise GuardStopped(
            (
                "Row {row} cannot be called absent before {moment:%d-%b-%Y %H:%M:%S} UTC: "
                "until then its order may still appear."
            ).format(row=order.sheet_row, moment=moment),
            fix="Decide after that moment; `bulk-orders resolve RUN` shows what is known by then.",
        )
    if not is_absent(order):
        raise GuardStopped(
            (
                "Row {row} cannot be called absent yet: {readings} of {needed} complete "
                "readings after {moment:%d-%b-%Y %H:%M:%S} UTC did not show its order."
            ).format(row=order.sheet_row, readings=order.absent_reads, needed=COMPLETE_READS, moment=moment),
            fix="Run `bulk-orders resolve RUN`, which reads until there are enough.",
        )


def confirm(services: Services, order: OrderRecord, *, reason: str) -> OrderRecord:
    """Record that a person says that a held order is meant."""
    _check(order, State.HELD, reason)
    return _write(services, order, step(order, Step.CONFIRMED, code="", message=""), Step.CONFIRMED, reason)


def drop(services: Services, order: OrderRecord, *, reason: str) -> OrderRecord:
    """Record that a person says that the order is not to be sent, now or by another run of the same row."""
    if order.state not in {State.HELD, State.UNKNOWN}:
        _check(order, State.UNKNOWN, reason)
    _check(order, order.state, reason)
    after = step(order, Step.DROPPED, code=DROPPED, message=_note(services, reason))
    return _write(services, order, after, Step.DROPPED, reason)


def resendable(orders: Sequence[OrderRecord]) -> tuple[OrderRecord, ...]:
    """Return unknown orders that enough complete readings after the settle window did not show."""
    return tuple(order for order in orders if is_absent(order))


def waiting_words(order: OrderRecord, window_s: float) -> str:
    """Return how far an unknown order is from being called absent."""
    if order.doubtful_at is None:
        return "the marketplace could not be read since"
    if is_absent(order):
        return "{readings} complete readings after the settle window did not show it".format(
            readings=order.absent_reads
        )
    over_at = order.doubtful_at + timedelta(seconds=window_s)
    return (
        "may still appear until {moment:%d-%b-%Y %H:%M:%S} UTC; "
        "{readings} of {needed} complete readings after that did not show it"
    ).format(moment=over_at, readings=order.absent_reads, needed=COMPLETE_READS)


def _check(order: OrderRecord, state: State, reason: str) -> None:
    if not reason.strip():
        raise UsageError(NEEDS_REASON, fix=NEEDS_REASON_FIX)
    if order.state is not state:
        raise UsageError(
            "Row {row} is {state}, not {needed}.".format(
                row=order.sheet_row, state=order.state, needed=state
            ),
            fix="`bulk-orders resolve RUN` shows what waits for a decision.",
        )


def _write(
    services: Services, before: OrderRecord, after: OrderRecord, what: Step, reason: str
) -> OrderRecord:
    try:
        services.ledger.advance(before, after, what, at=services.clock.now(), note=_note(services, reason))
    except Superseded:
        raise GuardStopped(
            "Row {row} changed while you decided on it.".format(row=before.sheet_row),
            fix="Look at it again: bulk-orders resolve RUN.",
        ) from None
    return after


def _note(services: Services, reason: str) -> str:
    return f"{services.operator}: {reason.strip()}"
