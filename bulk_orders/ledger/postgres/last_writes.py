"""How a process finds out what became of a transaction when the connection ended before the answer to its COMMIT.

Each transaction leaves its number in a row of the process, so that the row shows which the last written one was. PostgreSQL's own
numbers tell nothing after a crash: one that was given to a transaction that never ended is given again, to somebody else's,
and then `pg_xact_status` says of that one that it was committed.
"""

import secrets
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import text

CREATE_LAST_WRITES: Final = """CREATE TABLE last_writes (
    lane TEXT PRIMARY KEY, number BIGINT NOT NULL, written_at TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 60)"""
"""A process has a lane for each of its transactions that are under way at once."""
LAST_WRITE: Final = text("SELECT number FROM last_writes WHERE lane = :lane")
LEAVE_NUMBER: Final = """INSERT INTO last_writes VALUES (%(lane)s, %(lane_number)s, clock_timestamp())
    ON CONFLICT (lane) DO UPDATE SET number = excluded.number, written_at = excluded.written_at"""
FORGET_OLD_LANES: Final = "DELETE FROM last_writes WHERE written_at < clock_timestamp() - interval '1 day'"
"""Of processes that ended: nobody asks for so long."""


@dataclass(slots=True)
class Lane:
    """Transactions one after the other, each with a number."""

    name: str = field(default_factory=lambda: secrets.token_hex(8))
    number: int = 0
    is_committing: bool = False
    """Whatever happens from now on, only the database knows whether it is written."""
