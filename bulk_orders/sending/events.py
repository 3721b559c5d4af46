"""What the loop reports while it works. Progress line, log and refreshed workbook are hooks on these.

Events carry ids, sheet rows, statuses and correlation ids; never bodies, tokens or customer data.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bulk_orders.core.lifecycle import State

logger = logging.getLogger("bulk_orders")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptBegun:
    """An order is about to be sent; the attempt is on disk."""

    sheet_row: int
    number: int
    """Starts at 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnded:
    """An attempt has a verdict."""

    sheet_row: int
    number: int
    verdict: str
    http_status: int | None
    reason: str
    correlation_id: str
    elapsed_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSettled:
    """Nothing more is done about the order for now."""

    sheet_row: int
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """The marketplace asked for a pause; nobody sends meanwhile."""

    sheet_row: int
    wait_s: float
    attempt_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """A doubtful order was looked for on the marketplace."""

    sheet_row: int
    is_found: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingForOthers:
    """Orders that another ledger sent may still be on their way: the account is read again after a wait, before anything is sent."""

    why: str
    """A sentence."""
    wait_s: float
    """What is left of the wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLearnt:
    """Estimates told how the account wants its orders, or why they could not."""

    said: str
    """A sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Orders on the marketplace that are not ours are read one by one, each once for ever."""

    opened: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitBegun:
    """Somebody begins to wait (`sending.waits`)."""

    what: str
    """The end of "Waiting for …"."""
    since: datetime
    until: datetime | None
    """When it ends at the latest; None where nobody knows."""
    told_after_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitOver:
    """That wait is over."""

    wait: WaitBegun


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The program waits; told at once, and again every half minute."""

    what: str
    since: datetime
    until: datetime | None
    waited_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """No new order is begun from now on; those in flight are finished."""

    reason: str


Event = (
    AttemptBegun
    | AttemptEnded
    | OrderSettled
    | Throttled
    | LookedUp
    | WaitingForOthers
    | AccountLearnt
    | Opening
    | WaitBegun
    | WaitOver
    | Waiting
    | Stopping
)
Observer = Callable[[Event], None]


def fan_out(observers: Iterable[Observer]) -> Observer:
    """Return one observer that tells all; a hook that fails (a closed terminal, say) never ends a run."""
    hooks = tuple(observers)

    def observer(event: Event) -> None:
        for hook in hooks:
            try:
                hook(event)
            except Exception:
                logger.debug("a progress hook failed", exc_info=True)

    return observer
