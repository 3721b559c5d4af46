"""From what became of each row to counts and the exit code."""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping

from bulk_orders.core.lifecycle import DUPLICATE, NO_EFFECT, OrderRecord, State
from bulk_orders.core.platform_status import BROKEN, CANCELLED, DONE, SCHEDULED
from bulk_orders.errors import ExitCode


class Disposition(enum.StrEnum):
    """What a run decided about a row before sending anything."""

    TO_SEND = "to_send"
    INVALID = "invalid"
    SKIPPED = "skipped"
    """The user marked it so."""
    HIDDEN = "hidden"
    NOT_CHOSEN = "not_chosen"
    """Good, but not sent: other rows have errors, or only the first N were asked for."""
    ORDERED_BEFORE = "ordered_before"
    DOUBTFUL_BEFORE = "doubtful_before"
    """An earlier run sent it and nobody knows yet what came of it; it is looked up, not sent."""
    CONFLICT = "conflict"
    """Its reference was ordered before, with other content."""


class Outcome(enum.StrEnum):
    """How a row stands, as the results workbook tells it; labels are in `writing`."""

    ORDERED = "ordered"
    """Accepted, and the marketplace says completed."""
    ACCEPTED = "accepted"
    """Accepted, being set up."""
    SCHEDULED = "scheduled"
    """Accepted, and not carried out before its day."""
    WAITING_FOR_CUSTOMER = "waiting_for_customer"
    """Accepted; the customer has to accept Microsoft's agreement before it goes on."""
    SENDING = "sending"
    """On its way: a run that is under way has sent it and waits for the answer."""
    ORDER_IN_ERROR = "order_in_error"
    """Accepted, then error on the marketplace's side, or completed without effect: it exists and is never sent again by itself."""
    ORDER_CANCELLED = "order_cancelled"
    """Accepted, then cancelled on the marketplace's side: never sent again by itself either."""
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    HELD = "held"
    GAVE_UP = "gave_up"
    DROPPED = "dropped"
    INVALID = "invalid"
    SKIPPED = "skipped"
    NOT_SENT = "not_sent"
    ORDERED_BEFORE = "ordered_before"
    CONFLICT = "conflict"
    DUPLICATE = "duplicate"
    """The marketplace has it more than once."""


_BY_DISPOSITION = {
    Disposition.INVALID: Outcome.INVALID,
    Disposition.SKIPPED: Outcome.SKIPPED,
    Disposition.CONFLICT: Outcome.CONFLICT,
}
_WHATEVER_THE_ORDER = frozenset({Disposition.INVALID, Disposition.CONFLICT})
LEFT_OUT = frozenset({Disposition.NOT_CHOSEN, Disposition.HIDDEN, Disposition.SKIPPED})
TOLD_ALL_THE_SAME: frozenset[State] = frozenset({State.ACCEPTED, State.UNKNOWN, State.IN_FLIGHT, State.HELD})
"""States that are told even of a row that a run left out: another run took it up, before or since."""
_BY_STATE = {
    State.HELD: Outcome.HELD,
    State.PENDING: Outcome.NOT_SENT,
    State.IN_FLIGHT: Outcome.UNKNOWN,
    State.UNKNOWN: Outcome.UNKNOWN,
    State.REJECTED: Outcome.REJECTED,
    State.GAVE_UP: Outcome.GAVE_UP,
    State.DROPPED: Outcome.DROPPED,
}


def outcome(disposition: Disposition, record: OrderRecord | None, *, is_on_its_way: bool = False) -> Outcome:
    """Return how a row stands now.

    `is_on_its_way`: if it is in flight, the run that sent it lives. What was in flight when its run died is in doubt.
    """
    is_told = disposition not in LEFT_OUT or (record is not None and record.state in TOLD_ALL_THE_SAME)
    if disposition in _WHATEVER_THE_ORDER or record is None or not is_told:
        return _BY_DISPOSITION.get(disposition, Outcome.NOT_SENT)
    if record.state is not State.ACCEPTED:
        is_sending = is_on_its_way and record.state is State.IN_FLIGHT
        return Outcome.SENDING if is_sending else _BY_STATE[record.state]
    if record.code == DUPLICATE:
        return Outcome.DUPLICATE
    if record.code == NO_EFFECT:
        return Outcome.ORDER_IN_ERROR
    if disposition is Disposition.ORDERED_BEFORE and record.platform_status not in BROKEN:
        return Outcome.ORDERED_BEFORE
    return _of_accepted(record)


def _of_accepted(record: OrderRecord) -> Outcome:
    status = record.platform_status
    if status in BROKEN:
        return Outcome.ORDER_CANCELLED if status in CANCELLED else Outcome.ORDER_IN_ERROR
    if status in DONE:
        return Outcome.ORDERED
    if status == SCHEDULED:
        return Outcome.SCHEDULED
    return Outcome.WAITING_FOR_CUSTOMER if record.acceptance_link else Outcome.ACCEPTED


def counts(outcomes: Iterable[Outcome]) -> dict[Outcome, int]:
    """Return how many rows have each outcome, every outcome named."""
    found = Counter(outcomes)
    return {kind: found[kind] for kind in Outcome}


def is_conserved(rows_in: int, counted: Mapping[Outcome, int]) -> bool:
    """Return True when the conservation law holds: every row that came in has exactly one outcome."""
    return rows_in == sum(counted.values())


_FAILED = (
    Outcome.REJECTED,
    Outcome.ORDER_IN_ERROR,
    Outcome.ORDER_CANCELLED,
    Outcome.GAVE_UP,
    Outcome.CONFLICT,
)
PLACED: frozenset[Outcome] = frozenset(
    {Outcome.ORDERED, Outcome.ACCEPTED, Outcome.SCHEDULED, Outcome.WAITING_FOR_CUSTOMER}
)
"""The marketplace has the order, and all is well so far."""


def exit_code(
    counted: Mapping[Outcome, int], *, stopped: ExitCode = ExitCode.OK, is_written: bool = True
) -> ExitCode:
    """Return the code of the riskiest thing that happened: unknown, then failed, then stopped, then held, then workbook errors.

    `stopped` says why the run ended before its last row, if it did, or that an order of an earlier run is there twice.
    Held rows are a guard's work only where nothing was sent: a scheduler reads that code as "nothing happened".
    A run whose results workbook is not written is not at its end either: running it again sends nothing and writes it.
    """
    if stopped is ExitCode.OK and not is_written:
        stopped = ExitCode.TRY_AGAIN_LATER
    if counted[Outcome.UNKNOWN] or counted[Outcome.DUPLICATE] or stopped is ExitCode.OUTCOME_UNKNOWN:
        return ExitCode.OUTCOME_UNKNOWN
    if stopped is ExitCode.INTERRUPTED:
        return stopped
    failed = any(counted[kind] for kind in _FAILED)
    is_begun = any(counted[kind] for kind in PLACED | {Outcome.SENDING})
    if failed or (counted[Outcome.HELD] and is_begun):
        return ExitCode.SOME_FAILED
    if stopped is not ExitCode.OK:
        return stopped
    if counted[Outcome.HELD]:
        return ExitCode.GUARD
    return ExitCode.WORKBOOK_HAS_ERRORS if counted[Outcome.INVALID] else ExitCode.OK
