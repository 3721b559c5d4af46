"""The states of an order, all legal steps between them, and the one function that takes a step.

Rule 1: every bit of life cycle lives in this file. An illegal step raises and changes nothing.
Rule 2: between two sends of an order there is always proof that the first was not processed, or a person's word:
the only ways back to PENDING from a state in which something was sent are NOT_PROCESSED (proof), SAID_ABSENT
(a person), and SUBMITTED_AGAIN from REJECTED (proof: the marketplace refused) or GAVE_UP (nothing was taken).
It does not know when things happen or where they are kept: moments are passed in, the ledger keeps them.
"""

import enum
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bulk_orders.core.model import Order


class State(enum.StrEnum):
    """Where an order stands."""

    HELD = "held"
    PENDING = "pending"
    IN_FLIGHT = "in_flight"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    GAVE_UP = "gave_up"
    DROPPED = "dropped"


class Step(enum.StrEnum):
    """What can happen to an order."""

    BEGUN = "attempt begun"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_PROCESSED = "not processed"
    NO_VERDICT = "no verdict"
    INTERRUPTED = "interrupted"
    """A crash or a stop left the attempt without an end."""
    FOUND = "found on the marketplace"
    """Proof of purchase: recorded whatever the state, however late."""
    GAVE_UP = "gave up"
    SUBMITTED_AGAIN = "submitted again"
    """The row came in another run, perhaps corrected."""
    HELD_BACK = "held back"
    """Something on the marketplace looks like it; a person has to say whether it is meant."""
    CONFIRMED = "confirmed by a person"
    SAID_ABSENT = "said to be absent by a person"
    SAID_PRESENT = "said to be present by a person"
    DROPPED = "dropped by a person"
    LOOKED = "looked for"
    """A complete reading of the marketplace after the settle window did not show it."""
    REFRESHED = "refreshed"
    """The marketplace told more about an accepted order."""
    ERASED = "personal data erased"
    """What people wrote in it is gone; what makes it the same order, and how it ended, stays."""


TRANSITIONS: Final[dict[tuple[State, Step], State]] = {
    (State.HELD, Step.CONFIRMED): State.PENDING,
    (State.HELD, Step.SAID_PRESENT): State.ACCEPTED,
    (State.HELD, Step.DROPPED): State.DROPPED,
    (State.HELD, Step.SUBMITTED_AGAIN): State.HELD,
    (State.HELD, Step.HELD_BACK): State.HELD,
    (State.PENDING, Step.BEGUN): State.IN_FLIGHT,
    (State.PENDING, Step.GAVE_UP): State.GAVE_UP,
    (State.PENDING, Step.SUBMITTED_AGAIN): State.PENDING,
    (State.IN_FLIGHT, Step.ACCEPTED): State.ACCEPTED,
    (State.IN_FLIGHT, Step.REJECTED): State.REJECTED,
    (State.IN_FLIGHT, Step.NOT_PROCESSED): State.PENDING,
    (State.IN_FLIGHT, Step.NO_VERDICT): State.UNKNOWN,
    (State.IN_FLIGHT, Step.INTERRUPTED): State.UNKNOWN,
    (State.UNKNOWN, Step.LOOKED): State.UNKNOWN,
    (State.UNKNOWN, Step.SAID_ABSENT): State.PENDING,
    (State.UNKNOWN, Step.SAID_PRESENT): State.ACCEPTED,
    (State.UNKNOWN, Step.DROPPED): State.DROPPED,
    (State.PENDING, Step.HELD_BACK): State.HELD,
    (State.REJECTED, Step.HELD_BACK): State.HELD,
    (State.GAVE_UP, Step.HELD_BACK): State.HELD,
    (State.REJECTED, Step.SUBMITTED_AGAIN): State.PENDING,
    (State.GAVE_UP, Step.SUBMITTED_AGAIN): State.PENDING,
    # A dropped order may have been sent before a person dropped it: only a person brings it back.
    (State.DROPPED, Step.SUBMITTED_AGAIN): State.HELD,
    (State.ACCEPTED, Step.REFRESHED): State.ACCEPTED,
    # Only what is settled: an order that may still be sent, or is looked for, needs its body.
    **{
        (state, Step.ERASED): state
        for state in (State.ACCEPTED, State.REJECTED, State.GAVE_UP, State.DROPPED)
    },
    **{(state, Step.FOUND): State.ACCEPTED for state in State},
}
"""All legal steps. What is not here cannot happen."""


class IllegalStep(Exception):
    """A step that the life cycle does not have; a bug, never a user's mistake."""

    def __init__(self, state: State, step: Step) -> None:
        """Put the state and the step into the message."""
        super().__init__(f"an order that is {state} cannot be {step}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord(Order):
    """All that is known of one order, as it was last asked for; one per order key, for ever."""

    account: str
    run_id: str
    """The run that last took it up."""
    state: State = State.PENDING
    version: int = 1
    """Raised by every step; the ledger compares and sets on it."""
    attempts: int = 0
    not_before: datetime | None = None
    """No attempt may begin earlier."""
    enlisted_at: datetime | None = None
    """The marketplace's own time when the order was first recorded here; None where it was not told."""
    held_for: str = ""
    """Ids of orders on the marketplace that it was held for, with spaces between them: once a person confirms it, none of
    them is a reason to hold it again."""
    sent_at: datetime | None = None
    """When the last attempt that may have reached the marketplace began; the marketplace's own time where it is known."""
    doubtful_at: datetime | None = None
    """The marketplace's own time of the first reading after the doubt began: the settle window counts from here, and
    begins again when a crash is noticed. None until it was read."""
    absent_reads: int = 0
    """Complete readings after the settle window that did not show it."""
    order_id: str = ""
    order_number: str = ""
    subscription_id: str = ""
    platform_status: str = ""
    """The marketplace's own word: submitted, processing, scheduled, completed, error, cancelled."""
    scheduled_for: str = ""
    """The ISO day on which a scheduled order is carried out; empty where the marketplace does not say."""
    acceptance_link: str = ""
    """Where the customer accepts Microsoft's agreement, which the order waits for; empty while it waits for nobody."""
    microsoft_ids: str = ""
    """Microsoft's own ids of what was ordered, as far as the marketplace shows them: `csp_order_id 1a2b, …`."""
    amount: str = ""
    currency: str = ""
    accepted_at: datetime | None = None
    code: str = ""
    """Code of the sentence that explains the state, as in `core.problem_texts`."""
    message: str = ""
    """The marketplace's own words, or what is known of the failure; why it is held; what whoever dropped it said."""
    http_status: int | None = None
    correlation_id: str = ""
    held_at: datetime | None = None
    """When it came to be held; None unless it is."""

    @property
    def placed_at(self) -> datetime | None:
        """When it was placed, by the marketplace's clock where that is known; an order that was recognised was never sent from here."""
        return self.sent_at or self.accepted_at

    @property
    def name(self) -> str:
        """What people know an accepted order by; where nothing had to be ordered, its subscription."""
        if self.order_number or self.order_id or not self.subscription_id:
            return self.order_number or self.order_id
        return "subscription {subscription_id}".format(subscription_id=self.subscription_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRecord:
    """One sending of one order."""

    key: str
    run_id: str
    sheet_row: int
    number: int
    """Starts at 1."""
    begun_at: datetime
    ended_at: datetime | None = None
    verdict: str = ""
    """accepted, rejected, not processed, no verdict; empty while it lasts or when it never ended."""
    http_status: int | None = None
    reason: str = ""
    bytes_sent: int | None = None
    correlation_id: str = ""


def step(record: OrderRecord, what: Step, **changes: Any) -> OrderRecord:
    """Return the record after `what` happened, its version one higher. Raises `IllegalStep`."""
    state = TRANSITIONS.get((record.state, what))
    if state is None:
        raise IllegalStep(record.state, what)
    if state is not State.HELD:
        changes["held_at"] = None
    return replace(record, state=state, version=record.version + 1, **changes)


DUPLICATE: Final = "S-DUPLICATE"
"""The code of an accepted order that the marketplace has more than once."""
NO_EFFECT: Final = "S-NO-EFFECT"
"""The code of an order that is completed although its subscription is not as it asked for."""
HELD: Final = "S-HELD"
DROPPED: Final = "S-DROPPED"


def held_because(why: str, at: datetime) -> dict[str, Any]:
    """Return what the record of an order that is held at that moment says about it; `why` ends the sentence of `S-HELD`."""
    return {"code": HELD, "message": why, "held_at": at}


def tells_why_it_is_held(record: OrderRecord) -> bool:
    """Return True unless the order is held and its record does not say why and since when.

    Whoever is asked about it, in whatever run, has nothing else to go by.
    """
    is_told = bool(record.code and record.message and record.held_at)
    return is_told or record.state is not State.HELD
