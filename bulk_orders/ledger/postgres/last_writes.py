"""How a process finds out what became of a transaction when the connection ended before the answer to its COMMIT.

Each transaction leaves its number in a row of the process, so that the row shows which the last written one was. PostgreSQL's own
numbers tell nothing after a crash: one that was given to a transaction that never ended is given again, to somebody else's,
and then `pg_xact_status` says of that one that it was committed.
"""

from typing import Final

from sqlalchemy import text

CREATE_LAST_WRITES: Final = """CREATE TABLE last_writes (
    lane TEXT PRIMARY KEY, number BIGINT NOT NULL, written_at TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 60)"""
"""A process has a lane for each of its transactions that are under way at once."""
LAST_WRITE: Final = text("SELECT number FROM last_writes WHERE lane = :lane")
FORGET_OLD_LANES: Final = "DELETE FROM last_writes WHERE written_at < clock_timestamp() - interval '1 day'"
"""Of processes that ended: nobody asks for so long."""


def leave_number(lane: str, number: int) -> str:
    """Make the statement that leaves the number of a transaction. A lane's name has letters and digits alone."""
    return (
        f"INSERT INTO last_writes VALUES ('{lane}', {number}, clock_timestamp()) "  # noqa: S608
        "ON CONFLICT (lane) DO UPDATE SET number = excluded.number, written_at = excluded.written_at"
    )
