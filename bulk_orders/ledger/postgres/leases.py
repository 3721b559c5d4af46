"""Being the only process that sends for an account: a lease in the ledger's database, in the database's own time.

A lock ends with its process; a lease ends when nobody renews it, so that another machine can go on. It guards beginning an
attempt, never recording what came back. Why no order is sent twice does not rest on it: an attempt is recorded by comparing
versions, and one that is found begun is put in doubt and never sent again. It keeps two runs from planning beside each other.

A takeover is a write like any other, and writes wait for each other: an attempt was recorded before the takeover, and is seen
by who took over, or finds the lease gone and is refused.
"""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import Connection, Select, column, func, select, table, text

from bulk_orders.ledger.faults import Fault
from bulk_orders.ledger.holding import in_use, said
from bulk_orders.ledger.postgres.rights import FRESH_S, Right
from bulk_orders.ledger.records import moment_of, text_of
from bulk_orders.machine.file_lock import Holder

LASTS_S: Final = 15.0
RENEWED_EVERY_S: Final = 4.0

CREATE_LEASES: Final = """CREATE TABLE leases (
    scope TEXT PRIMARY KEY, token TEXT NOT NULL, host TEXT NOT NULL, pid BIGINT NOT NULL, held_since TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
) WITH (fillfactor = 60)"""
_leases: Final = table("leases", column("scope"), column("held_since"), column("expires_at"))
_ENDS: Final = f"clock_timestamp() + interval '{LASTS_S} seconds'"
_OVERLAPS: Final = "(scope = :scope OR scope = '' OR :scope = '')"
_LIVE: Final = text(
    f"SELECT scope, host, pid, held_since FROM leases WHERE {_OVERLAPS} AND expires_at > clock_timestamp()"  # noqa: S608
)
_CLEAR: Final = text(f"DELETE FROM leases WHERE {_OVERLAPS}")  # noqa: S608
_TAKE: Final = text(
    "INSERT INTO leases (scope, token, host, pid, held_since, expires_at) "  # noqa: S608
    f"VALUES (:scope, :token, :host, :pid, :held_since, {_ENDS})"
)
# Also one that is over: as long as nobody took it, nobody sent.
_RENEW: Final = text(f"UPDATE leases SET expires_at = {_ENDS} WHERE scope = :scope AND token = :token")  # noqa: S608
IS_FRESH: Final = f"leases.expires_at > clock_timestamp() + interval '{LASTS_S - FRESH_S} seconds'"
_STANDS: Final = f"SELECT FROM leases WHERE scope = %(scope)s AND token = %(token)s AND {IS_FRESH}"
_RELEASE: Final = text("DELETE FROM leases WHERE scope = :scope AND token = :token")


@dataclass(slots=True, kw_only=True)
class Lease(Right):
    """One process' right to begin attempts for an account, or for all of them."""

    lasts_s: ClassVar[float] = LASTS_S
    renewed_every_s: ClassVar[float] = RENEWED_EVERY_S

    scope: str
    """The account; empty for all."""
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    """New each time, for a restored database could give a number twice."""
    is_left: bool = False
    """Workers go on by it: it is not given back, and ends when none of them renews it."""

    def take(self, connection: Connection, name: str, *, since: datetime) -> float:
        """Take it within a write transaction, and return what `confirm` wants once that is committed. `name` is the ledger's.

        Raises `AnotherRunActive` when it, or one that overlaps, is somebody else's.
        """
        asked_s = self.monotonic()
        live = connection.execute(_LIVE, {"scope": self.scope}).first()
        if live is not None:
            raise in_use(name, said(Holder(pid=live.pid, host=live.host, since=moment_of(live.held_since))))
        # What is over is taken from its holder for good, for it could still be renewed.
        connection.execute(_CLEAR, {"scope": self.scope})
        values = {"host": socket.gethostname(), "pid": os.getpid(), "held_since": text_of(since)}
        connection.execute(_TAKE, self._key() | values)
        return asked_s

    def standing(self) -> tuple[str, Mapping[str, Any]]:
        """Return the query that finds something if nobody else took it and it was just renewed, and its values."""
        return _STANDS, self._key()

    def renew(self, connection: Connection) -> float | None:
        """Renew it, and return what `confirm` wants once that is committed; None when somebody else took it."""
        asked_s = self.monotonic()
        return asked_s if connection.execute(_RENEW, self._key()).rowcount == 1 else None

    def release(self, connection: Connection) -> None:
        """Let the next one take it at once, unless it was left to workers."""
        if not self.is_left:
            connection.execute(_RELEASE, self._key())

    def gone(self, name: str) -> Fault:
        """Say so; somebody else took it."""
        return Fault(
            message=(
                "Another process took over the ledger {path} while this one did not answer for {seconds:.0f} seconds."
            ).format(path=name, seconds=LASTS_S),
            fix="Look for other runs with: bulk-orders history. Then run again; what was sent is not sent again.",
            is_final=False,
            is_taken_over=True,
        )

    def _key(self) -> dict[str, Any]:
        return {"scope": self.scope, "token": self.token}


def select_held_since(scope: str) -> Select[Any]:
    """Make the query for when those began who hold it now, each by its own clock."""
    live = select(_leases.c.held_since).where(_leases.c.expires_at > func.clock_timestamp())
    return live.where(_leases.c.scope.in_((scope, ""))) if scope else live
