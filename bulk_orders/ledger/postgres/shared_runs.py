"""Runs that several processes send, in the ledger's database (`ledger.sharing`)."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, TextClause, text

from bulk_orders.core.lifecycle import State
from bulk_orders.ledger.holding import in_use
from bulk_orders.ledger.postgres.claims import IS_FREE, IS_FRESH, STANDS, ChunkClaim
from bulk_orders.ledger.postgres.leases import Lease
from bulk_orders.ledger.postgres.queue_schema import make_queue
from bulk_orders.ledger.postgres.rights import Rights
from bulk_orders.ledger.postgres.sharing_tables import pulled_as_text
from bulk_orders.ledger.records import moment_of, text_of
from bulk_orders.ledger.sharing import Chunk, Claim, Claimed, Content, Settled, SharedRun, SharedRuns, Worker

_Kept = TypeVar("_Kept")

LATELY_S: Final = 20.0
"""A worker that was not seen for so long is gone."""

_FORGET_OLD: Final = text(
    "DELETE FROM shared_runs WHERE run_id = :run_id OR NOT EXISTS "
    "(SELECT 1 FROM leases WHERE leases.scope = shared_runs.account AND leases.token = shared_runs.token)"
)
_HAND_OUT: Final = text(
    "INSERT INTO shared_runs (run_id, account, token, ledger) VALUES (:run_id, :account, :token, :ledger)"
)
_CUT: Final = text(
    "INSERT INTO chunks (run_id, number, keys, pulled) VALUES (:run_id, :number, :keys, :pulled)"
)
_UNCLAIMED: Final = text(
    "SELECT chunks.run_id, chunks.number, shared_runs.account FROM leases, shared_runs JOIN chunks USING (run_id) "  # noqa: S608
    f"WHERE {STANDS} AND {IS_FRESH} AND {IS_FREE} ORDER BY chunks.run_id, chunks.number"
)
_STOP: Final = text(
    "UPDATE shared_runs SET stopped_because = :because, exit_code = :exit_code "
    "WHERE run_id = :run_id AND exit_code IS NULL"
)
_RUNS: Final = """SELECT shared_runs.run_id, shared_runs.account, shared_runs.stopped_because, shared_runs.exit_code,
        count(*) AS chunks, count(*) FILTER (WHERE is_done) AS done
    FROM leases, shared_runs JOIN chunks USING (run_id)
    WHERE leases.scope = shared_runs.account AND leases.token = shared_runs.token {more} GROUP BY shared_runs.run_id"""
_ALL_RUNS: Final = text(_RUNS.format(more=""))
_ONE_RUN: Final = text(_RUNS.format(more="AND run_id = :run_id"))
_CLAIMED: Final = text(
    "SELECT run_id, number, host, pid FROM chunks WHERE token <> '' AND expires_at > clock_timestamp() ORDER BY number"
)
_SETTLED: Final = text(
    "SELECT events.number, events.key, orders.sheet_row, events.to_state FROM events JOIN orders USING (key) "
    "WHERE events.number > :after AND events.run_id = :run_id AND events.from_state <> events.to_state "
    "AND events.to_state NOT IN (:pending, :in_flight) "
    "ORDER BY events.number LIMIT 1000"
)
_NOTE_WORKER: Final = text(
    "INSERT INTO workers VALUES (:worker_id, :host, :pid, :accounts, :since, clock_timestamp()) "
    "ON CONFLICT (worker_id) DO UPDATE SET seen_at = clock_timestamp()"
)
_FORGET_WORKERS: Final = text(
    "DELETE FROM workers WHERE worker_id = :worker_id OR seen_at < clock_timestamp() - interval '1 hour'"
)
_WORKERS: Final = text(
    "SELECT worker_id, host, pid, accounts, since, extract(epoch FROM clock_timestamp() - seen_at) AS seen_s "  # noqa: S608
    f"FROM workers WHERE seen_at > clock_timestamp() - interval '{LATELY_S} seconds' ORDER BY host, pid"
)


class PostgresSharedRuns(SharedRuns):
    """Of one open ledger, whose store it shares: a claim is the ledger's right to begin attempts."""

    def __init__(self, store: Rights, monotonic: Callable[[], float]) -> None:
        """Take the store of the ledger that records the attempts."""
        self._store = store
        self._monotonic = monotonic
        self._claimed: ChunkClaim | None = None
        self._claiming = threading.Lock()

    def hand_out(self, run_id: str, account: str, chunks: Sequence[Content]) -> None:
        """Do as the port says."""
        lease = self._store.right
        if not isinstance(lease, Lease):
            raise TypeError("only who holds the account can hand a run out")
        values = {"run_id": run_id, "account": account, "token": lease.token}
        cut = [
            {
                "run_id": run_id,
                "number": number,
                "keys": " ".join(content.keys),
                "pulled": pulled_as_text(content.pulled),
            }
            for number, content in enumerate(chunks, start=1)
        ]

        def write(connection: Connection) -> None:
            if lease.renew(connection) is None:
                raise lease.gone(self._store.name).error()
            connection.execute(_FORGET_OLD, values)
            connection.execute(_HAND_OUT, values | {"ledger": self._store.identity()})
            connection.execute(_CUT, cut)

        self._store.carry_out(write)

    def leave(self) -> None:
        """Do as the port says."""
        if isinstance(self._store.right, Lease):
            self._store.right.is_left = True

    def unclaimed(self) -> tuple[Chunk, ...]:
        """Do as the port says."""
        wanted = _UNCLAIMED.bindparams(ledger=self._store.identity())
        return tuple(
            self._read(
                wanted, lambda run_id, number, account: Chunk(run_id=run_id, number=number, account=account)
            )
        )

    @contextmanager
    def claim(self, chunk: Chunk) -> Iterator[Claim | None]:
        """Do as the port says."""
        if not self._claiming.acquire(blocking=False):
            raise in_use(self._store.name)
        try:
            self._store.check_free()
            right = ChunkClaim(run_id=chunk.run_id, number=chunk.number, monotonic=self._monotonic)
            asked_s = self._taken(right)
            if asked_s is None:
                yield None
                return
            right.confirm(asked_s)
            self._claimed = right
            with self._store.having(right):
                yield right
        finally:
            self._claimed = None
            self._claiming.release()

    def _taken(self, right: ChunkClaim) -> float | None:
        asked: list[float | None] = []
        self._store.carry_out(lambda connection: asked.append(right.take(connection, self._store.identity())))
        return asked[-1]

    def finish(self) -> None:
        """Do as the port says."""
        if (claimed := self._claimed) is not None:
            self._store.carry_out(claimed.finish)
            claimed.is_finished = True

    def stop(self, run_id: str, because: str, exit_code: int) -> None:
        """Do as the port says."""
        values = {"run_id": run_id, "because": because, "exit_code": exit_code}
        self._execute(_STOP, values)

    def run(self, run_id: str) -> SharedRun | None:
        """Do as the port says."""
        return next(iter(self._runs(_ONE_RUN.bindparams(run_id=run_id))), None)

    def runs(self) -> tuple[SharedRun, ...]:
        """Do as the port says."""
        return self._runs(_ALL_RUNS)

    def _runs(self, wanted: TextClause) -> tuple[SharedRun, ...]:
        claimed = self._read(
            _CLAIMED,
            lambda *values: Claimed(**dict(zip(("run_id", "number", "host", "pid"), values, strict=True))),
        )
        return tuple(
            SharedRun(
                run_id=run_id,
                account=account,
                chunks=chunks,
                done=done,
                claimed=tuple(one for one in claimed if one.run_id == run_id),
                stopped_because=because,
                exit_code=exit_code,
            )
            for run_id, account, because, exit_code, chunks, done in self._read(
                wanted, lambda *values: values
            )
        )

    def settled(self, run_id: str, after: int) -> tuple[Settled, ...]:
        """Do as the port says, at most a thousand at once."""
        wanted = _SETTLED.bindparams(
            run_id=run_id, after=after, pending=State.PENDING.value, in_flight=State.IN_FLIGHT.value
        )
        return tuple(
            self._read(
                wanted,
                lambda event, key, sheet_row, state: Settled(
                    event=event, key=key, sheet_row=sheet_row, state=State(state)
                ),
            )
        )

    def prepare_queue(self, statements: str) -> str:
        """Do as the port says."""
        made: list[str] = []
        others = [f"{worker.host} ({worker.pid})" for worker in self.workers()]
        self._store.carry_out(
            lambda connection: made.append(make_queue(connection, self._store.name, statements, others))
        )
        return made[-1]

    def note_worker(self, worker: Worker) -> None:
        """Do as the port says."""
        values = {
            "worker_id": worker.worker_id,
            "host": worker.host,
            "pid": worker.pid,
            "accounts": "\n".join(worker.accounts),
            "since": text_of(worker.since),
        }
        self._execute(_NOTE_WORKER, values)

    def forget_worker(self, worker_id: str) -> None:
        """Do as the port says."""
        self._execute(_FORGET_WORKERS, {"worker_id": worker_id})

    def workers(self) -> tuple[Worker, ...]:
        """Do as the port says."""
        return tuple(
            self._read(
                _WORKERS,
                lambda worker_id, host, pid, accounts, since, seen_s: Worker(
                    worker_id=worker_id,
                    host=host,
                    pid=pid,
                    accounts=tuple(accounts.split("\n")),
                    since=moment_of(since),
                    seen_s=float(seen_s),
                ),
            )
        )

    def _execute(self, statement: TextClause, values: dict[str, Any]) -> None:
        def write(connection: Connection) -> None:
            connection.execute(statement, values)

        self._store.carry_out(write)

    def _read(self, wanted: TextClause, kind: Callable[..., _Kept]) -> list[_Kept]:
        return self._store.read(wanted, lambda values: kind(*values))
