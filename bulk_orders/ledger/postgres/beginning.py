"""How a write transaction begins: alone among all writers, with its number left behind, and knowing what it has to know first.

Two messages to the server, for all writers wait while one has the lock. The second is a statement of its own: it sees what
was committed before it began, and that is after the lock was had.
"""

from dataclasses import dataclass
from typing import Any, Final

import psycopg

from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger import tables
from bulk_orders.ledger.interface import Event
from bulk_orders.ledger.migrations import SCHEMA_VERSION
from bulk_orders.ledger.postgres.last_writes import LEAVE_NUMBER, Lane
from bulk_orders.ledger.postgres.rights import Right
from bulk_orders.ledger.postgres.schema import BEGIN, ONE_AFTER_THE_OTHER
from bulk_orders.ledger.store import OUTGROWN, OUTGROWN_FIX

_EVENT: Final = ", ".join(f"newest.{name}" for name in tables.EVENT_NAMES)
_NONE: Final = "SELECT WHERE false"
_LOCK: Final = f"{BEGIN}; {ONE_AFTER_THE_OTHER}"
_LOOK: Final = """WITH number AS ({leave_number}) SELECT (SELECT max(number) FROM schema_versions), EXISTS ({standing}), {event}
    FROM (SELECT) AS always LEFT JOIN events AS newest ON newest.number = (SELECT max(number) FROM events)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a transaction saw when it began. Nobody else writes until it ends."""

    newest: Event | None
    """Of the log."""
    right: Right | None
    """The one that was looked at."""
    stands: bool
    """Whether it was ours, and just renewed."""


def begin(connection: "psycopg.Connection[Any]", name: str, lane: Lane, right: Right | None) -> Seen:
    """Begin a transaction once no other writes; `name` is the ledger's. Raises `LedgerUnusable` for another schema."""
    standing, values = (_NONE, {}) if right is None else right.standing()
    connection.execute(_LOCK.encode(), prepare=False)
    look = _LOOK.format(leave_number=LEAVE_NUMBER, standing=standing, event=_EVENT)
    looked = connection.execute(look, {"lane": lane.name, "lane_number": lane.number, **values})
    schema, stands, *newest = looked.fetchone() or (0, False, None)
    if schema != SCHEMA_VERSION:
        raise LedgerUnusable(OUTGROWN.format(path=name), fix=OUTGROWN_FIX)
    return Seen(
        newest=None if newest[0] is None else tables.event_of(newest),
        right=right,
        stands=stands,
    )
