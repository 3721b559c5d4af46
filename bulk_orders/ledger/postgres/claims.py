"""Being the only process that sends a chunk of a run's orders, by the account's lease that the run took when it was planned.

The claim is to a chunk what the lease is to an account, and both are compared where an attempt is recorded. Each renewal
renews the lease, too: as long as anybody works for the run, nobody else can plan for its account.

Locks on rows are taken in one sequence, the lease before the chunk: else a renewal and a takeover could wait for each other.
"""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from sqlalchemy import Connection, text

from bulk_orders.ledger.faults import Fault
from bulk_orders.ledger.postgres.leases import IS_FRESH as LEASE_IS_FRESH
from bulk_orders.ledger.postgres.leases import LASTS_S as LEASE_LASTS_S
from bulk_orders.ledger.postgres.rights import FRESH_S, Right
from bulk_orders.ledger.postgres.sharing_tables import pulled_of
from bulk_orders.ledger.sharing import Content

LASTS_S: Final = 10.0
RENEWED_EVERY_S: Final = 2.5
LEFT_ALONE_S: Final = 60.0
"""So long nobody may have worked on a run whose plan still stands; later the account has to be read again (`resume`)."""

STANDS: Final = "leases.scope = shared_runs.account AND leases.token = shared_runs.token AND shared_runs.exit_code IS NULL"
IS_FRESH: Final = f"shared_runs.ledger = :ledger AND leases.expires_at > clock_timestamp() - interval '{LEFT_ALONE_S} seconds'"
IS_FREE: Final = "NOT chunks.is_done AND (chunks.token = '' OR chunks.expires_at <= clock_timestamp())"
_ENDS: Final = f"clock_timestamp() + interval '{LASTS_S} seconds'"
_RENEW_LEASE: Final = (
    f"UPDATE leases SET expires_at = greatest(expires_at, clock_timestamp() + interval '{LEASE_LASTS_S} seconds') "  # noqa: S608
    f"FROM shared_runs WHERE shared_runs.run_id = :run_id AND {STANDS}"
)
_HOLD_ON: Final = text(_RENEW_LEASE)
_HOLD_FRESH: Final = text(f"{_RENEW_LEASE} AND {IS_FRESH}")
_IS_FREE: Final = text(f"SELECT 1 FROM chunks WHERE run_id = :run_id AND number = :number AND {IS_FREE}")  # noqa: S608
_TAKE: Final = text(
    f"UPDATE chunks SET token = :token, host = :host, pid = :pid, expires_at = {_ENDS} "  # noqa: S608
    f"WHERE run_id = :run_id AND number = :number AND {IS_FREE} RETURNING keys, pulled, "
    "(SELECT token FROM shared_runs WHERE shared_runs.run_id = chunks.run_id) AS hand_out"
)
_OURS: Final = "run_id = :run_id AND number = :number AND token = :token"
# Also one that is over: as long as nobody took it, nobody sent.
_RENEW: Final = text(f"UPDATE chunks SET expires_at = {_ENDS} WHERE {_OURS}")  # noqa: S608
_IS_OURS: Final = (
    "SELECT FROM leases, shared_runs JOIN chunks USING (run_id) "
    f"WHERE run_id = %(run_id)s AND chunks.number = %(number)s AND chunks.token = %(token)s AND {STANDS} "
    f"AND {LEASE_IS_FRESH} AND chunks.expires_at > clock_timestamp() + interval '{LASTS_S - FRESH_S} seconds'"
)
_RELEASE: Final = text(f"UPDATE chunks SET token = '', expires_at = NULL WHERE {_OURS}")  # noqa: S608
_FINISH: Final = text(f"UPDATE chunks SET is_done = true, token = '', expires_at = NULL WHERE {_OURS}")  # noqa: S608


@dataclass(slots=True, kw_only=True)
class ChunkClaim(Right):
    """One process' right to begin attempts for the orders of a chunk."""

    lasts_s: ClassVar[float] = LASTS_S
    renewed_every_s: ClassVar[float] = RENEWED_EVERY_S

    run_id: str
    number: int
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    content: Content = field(default_factory=lambda: Content(keys=()))
    """Once it is taken."""
    hand_out: str = ""
    """Once it is taken."""
    is_finished: bool = False
    """There is nothing to give back any more."""

    def take(self, connection: Connection, ledger: str) -> float | None:
        """Take it within a write transaction, and return what `confirm` wants once that is committed.

        None when it is somebody else's, done, or of a run whose plan does not stand any more in this database, `ledger`.
        """
        asked_s = self.monotonic()
        if connection.execute(_IS_FREE, self._key()).first() is None:
            return None
        if connection.execute(_HOLD_FRESH, self._key() | {"ledger": ledger}).rowcount != 1:
            return None
        values = {"host": socket.gethostname(), "pid": os.getpid()}
        taken = connection.execute(_TAKE, self._key() | values).first()
        if taken is None:
            return None
        self.hand_out = taken.hand_out
        self.content = Content(keys=tuple(taken.keys.split()), pulled=pulled_of(taken.pulled))
        return asked_s

    def standing(self) -> tuple[str, Mapping[str, Any]]:
        """Return the query that finds something if both are ours and were just renewed and the run is not stopped, and its values."""
        return _IS_OURS, self._key()

    def renew(self, connection: Connection) -> float | None:
        """Renew it and the account's lease; None when either is gone, or the run is stopped."""
        asked_s = self.monotonic()
        if connection.execute(_HOLD_ON, self._key()).rowcount != 1:
            return None
        return asked_s if connection.execute(_RENEW, self._key()).rowcount == 1 else None

    def release(self, connection: Connection) -> None:
        """Let the next one take it at once."""
        if not self.is_finished:
            connection.execute(_RELEASE, self._key())

    def finish(self, connection: Connection) -> None:
        """Note that nothing is left to do of it, if it is still ours."""
        connection.execute(_FINISH, self._key())

    def gone(self, name: str) -> Fault:
        """Say so; somebody else took the chunk or the account, or the run was stopped."""
        return Fault(
            message="The run {run_id} in the ledger {path} was stopped, or another process took it over.".format(
                run_id=self.run_id, path=name
            ),
            fix="Nothing needs doing here; what was sent is not sent again.",
            is_final=False,
            is_taken_over=True,
        )

    def _key(self) -> dict[str, Any]:
        return {"run_id": self.run_id, "number": self.number, "token": self.token}
