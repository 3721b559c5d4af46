"""A ledger's place in a PostgreSQL database: durable with every write, and shared by processes on any machine.

A server or a network that goes away is waited for, so that a restart does not end a run. What was being committed meanwhile
is asked about, never assumed: a step counts as written only when the database has what its transaction left there.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import datetime
from typing import Any, Final, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Select, TextClause
from sqlalchemy.exc import DBAPIError

from bulk_orders.errors import BulkOrdersError
from bulk_orders.ledger.faults import Fault
from bulk_orders.ledger.holding import in_use
from bulk_orders.ledger.interface import Event
from bulk_orders.ledger.postgres import faults
from bulk_orders.ledger.postgres.address import Address
from bulk_orders.ledger.postgres.beginning import Seen, begin
from bulk_orders.ledger.postgres.connections import check_server, driver_of, engine_for, which
from bulk_orders.ledger.postgres.last_writes import LAST_WRITE, Lane
from bulk_orders.ledger.postgres.leases import Lease, select_held_since
from bulk_orders.ledger.postgres.patience import PATIENCE_S, Patience, Waiting
from bulk_orders.ledger.postgres.rights import Right
from bulk_orders.ledger.postgres.schema import BEGIN, ONE_AFTER_THE_OTHER, bring_up_to_date
from bulk_orders.ledger.postgres.shared_runs import PostgresSharedRuns
from bulk_orders.ledger.postgres.steps import write_steps
from bulk_orders.ledger.records import moment_of
from bulk_orders.ledger.store import Row, Store
from bulk_orders.ledger.transactions import savepoint
from bulk_orders.machine.clock import Clock

_Kept = TypeVar("_Kept")

_WITH_WORDS: Final = ("orders", "attempts", "events", "rows", "runs", "sources", "plans", "foreign_orders")


class PostgresStore(Store):
    """A database that answers."""

    def __init__(
        self,
        address: Address,
        clock: Clock,
        *,
        patience_s: float = PATIENCE_S,
        awaited_s: float = 0.0,
        waiting: Waiting = nullcontext,
    ) -> None:
        """Open it, and make or update its tables. Raises `LedgerUnusable`.

        A server that goes away later is waited for `patience_s`; one that is not there yet, or goes away meanwhile, `awaited_s`.
        """
        self._address = address
        self.name = address.name
        self._clock = clock
        self._patience_s = patience_s
        self._waiting = waiting
        self.right: Right | None = None
        """The last one: when it is given back, nothing can begin by it any more."""
        self._is_held = False
        self._renewed_s: float | None = None
        """Of the right, in the transaction that is being written."""
        self._seen: Seen | None = None
        """What that transaction saw when it began."""
        self._closing = threading.Event()
        self._which = self._prepared(awaited_s)
        self._writers = engine_for(self._address, self._which, pooled=False, writes=True)
        self._readers = engine_for(self._address, self._which, pooled=True, writes=False)
        self._others = engine_for(self._address, self._which, pooled=True, writes=True)
        """For leases, and for what is asked about transactions."""
        self._connection: Connection | None = None
        self._lanes: list[Lane] = []
        """Those that nobody is in."""
        self._shared_runs = PostgresSharedRuns(self, clock.monotonic)

    def _prepared(self, awaited_s: float) -> str:
        """Return which database it is, looked at and brought up to date. Doing that twice does no harm."""
        engine = engine_for(self._address, None, pooled=False, writes=True)
        try:
            with Patience(awaited_s, self._clock, self._waiting, self._closing) as patience:
                while True:
                    try:
                        with engine.connect() as connection:
                            return self._looked_at(connection)
                    except (psycopg.Error, DBAPIError) as error:
                        patience.wait_after(error)
        except (psycopg.Error, DBAPIError) as error:
            raise self.fault_of(error).error() from error

    def _looked_at(self, connection: Connection) -> str:
        check_server(driver_of(connection), self._address)
        connection.exec_driver_sql(BEGIN)
        bring_up_to_date(connection, self.name)
        connection.exec_driver_sql("COMMIT")
        return which(driver_of(connection))

    def why_not(self) -> None:
        """Say nothing: each new connection is compared with the first."""

    def write(self, do: Callable[[Connection], None]) -> None:
        """Do as the store says, and wait for a server that went away. Raises `LedgerUnusable` where nobody can tell what became."""

        def do_anew(connection: Connection, seen: Seen) -> None:
            self._renewed_s, self._seen = None, seen
            do(connection)

        with self._patience() as patience:
            while not self._is_done(lambda: nullcontext(self._opened()), do_anew, patience):
                pass
        if self.right is not None and self._renewed_s is not None:
            self.right.confirm(self._renewed_s)

    def carry_out(self, do: Callable[[Connection], None]) -> None:
        """Do the same from any thread. Raises what `do` raises, and `LedgerUnusable`."""
        try:
            with self._patience() as patience:
                while not self._is_done(self._others.connect, lambda connection, _: do(connection), patience):
                    pass
        except (DBAPIError, psycopg.Error) as error:
            raise self.fault_of(error).error() from error

    def _is_done(
        self,
        connected: Callable[[], AbstractContextManager[Connection]],
        do: Callable[[Connection, Seen], None],
        patience: Patience,
    ) -> bool:
        with self._lane() as lane:
            try:
                with connected() as connection:
                    self._try_once(connection, do, lane)
            except (DBAPIError, psycopg.Error) as error:
                if lane.is_committing and faults.is_gone(error):
                    return self._is_written(lane, patience, error)
                if not faults.is_to_be_repeated(error):
                    patience.wait_after(error)
                return False
            return True

    @contextmanager
    def _lane(self) -> Iterator[Lane]:
        """Have a lane for the next transaction alone."""
        try:
            lane = self._lanes.pop()
        except IndexError:
            lane = Lane()
        lane.number, lane.is_committing = lane.number + 1, False
        try:
            yield lane
        finally:
            self._lanes.append(lane)

    def _patience(self) -> Patience:
        return Patience(self._patience_s, self._clock, self._waiting, self._closing)

    def _opened(self) -> Connection:
        known, self._connection = self._connection, None
        if known is not None and not known.invalidated and not _is_open(known):
            self._connection = known
            return known
        if known is not None:
            known.invalidate()  # what is still open in it would be committed with the next one
            known.close()
        self._connection = self._writers.connect()
        return self._connection

    def _try_once(self, connection: Connection, do: Callable[[Connection, Seen], None], lane: Lane) -> None:
        try:
            do(connection, begin(driver_of(connection), self.name, lane, self.right))
            _check_whole(connection)
            lane.is_committing = True
            driver_of(connection).execute("COMMIT")
        except BaseException as error:
            if faults.is_gone(error):
                connection.invalidate()
            elif not connection.invalidated and _is_open(connection):
                connection.exec_driver_sql("ROLLBACK")
            raise

    def _is_written(self, lane: Lane, patience: Patience, error: Exception) -> bool:
        """Tell whether a transaction whose end was not heard left its number. Raises `LedgerUnusable` when nobody can tell.

        Whoever has the writers' lock knows that it is over.
        """
        while True:
            try:
                with self._others.connect() as connection:
                    connection.exec_driver_sql(BEGIN)
                    connection.exec_driver_sql(ONE_AFTER_THE_OTHER)
                    number = connection.execute(LAST_WRITE, {"lane": lane.name}).scalar()
                    connection.exec_driver_sql("ROLLBACK")
                return bool(number == lane.number)
            except DBAPIError as again:
                if not faults.is_gone(again) or not patience.wait():
                    raise self.fault_of(error).error() from error

    def savepoint(self, connection: Connection) -> AbstractContextManager[None]:
        """Do as the store says."""
        return savepoint(connection, is_open=_is_open)

    def why_none_may_begin(self, connection: Connection) -> Fault | None:
        """Do as the store says: none begins once somebody else took the lease. Renews it, now and then."""
        seen = self._seen
        if self.right is None:
            return None
        if seen is not None and seen.right is self.right and seen.stands and self.right.is_fresh():
            return None
        self._renewed_s = self.right.renew(connection)
        return None if self._renewed_s is not None else self.right.gone(self.name)

    def newest_event(self, connection: Connection) -> Event | None:
        """Do as the store says: it was read when the transaction began."""
        return super().newest_event(connection) if self._seen is None else self._seen.newest

    def write_steps(
        self, connection: Connection, orders: Sequence[Row], attempts: Sequence[Row], events: Sequence[Row]
    ) -> int:
        """Do as the store says, in one statement."""
        return write_steps(driver_of(connection), orders, attempts, events)

    def may_send(self) -> bool:
        """Do as the port says."""
        return self.right is None or self.right.is_sure()

    def read(self, wanted: Select[Any] | TextClause, kind: Callable[[Sequence[Any]], _Kept]) -> list[_Kept]:
        """Do as the store says."""
        try:
            with self._patience() as patience:
                while True:
                    try:
                        with self._readers.connect() as connection:
                            return [kind(values) for values in connection.execute(wanted)]
                    except DBAPIError as error:
                        patience.wait_after(error)
        except DBAPIError as error:
            raise self.fault_of(error).error() from error

    def fault_of(self, error: Exception) -> Fault:
        """Do as the store says."""
        return faults.fault_of(self.name, error)

    def concerns_one_write(self, error: Exception) -> bool:
        """Do as the store says."""
        return faults.concerns_one_write(error)

    @contextmanager
    def hold(self, account: str) -> Iterator[None]:
        """Do as the port says, by a lease that a thread of its own renews."""
        self.check_free()
        lease = Lease(scope=account, monotonic=self._clock.monotonic)
        self._take(lease)
        with self.having(lease):
            yield

    def check_free(self) -> None:
        """Raise `AnotherRunActive` where this process has a right to begin attempts already."""
        if self._is_held:
            raise in_use(self.name)

    @contextmanager
    def having(self, right: Right) -> Iterator[None]:
        """Begin attempts by a right that was taken, and renew it, while the block runs; then give it back."""
        over = threading.Event()
        renewing = threading.Thread(target=self._keep, args=(right, over), name="ledger-right", daemon=True)
        self.right, self._is_held = right, True
        renewing.start()
        try:
            yield
        finally:
            over.set()
            renewing.join()
            self._is_held = False
            right.end()
            with suppress(DBAPIError, BulkOrdersError), self._others.connect() as connection:
                right.release(connection)

    def _take(self, lease: Lease) -> None:
        taken: list[float] = []
        since = self._clock.now()
        try:
            with self._others.connect() as connection, self._lane() as lane:
                self._try_once(
                    connection, lambda given, _: taken.append(lease.take(given, self.name, since=since)), lane
                )
        except (DBAPIError, psycopg.Error) as error:
            raise self.fault_of(error).error() from error
        lease.confirm(taken[-1])

    def _keep(self, right: Right, over: threading.Event) -> None:
        """Renew the right until it is over; a database that went away is asked again, and an identity that changed ends it."""
        while not self._clock.wait(right.renewed_every_s, over):
            with suppress(DBAPIError, BulkOrdersError), self._others.connect() as connection:
                asked_s = right.renew(connection)
                if asked_s is None:
                    right.is_lost = True
                else:
                    right.confirm(asked_s)

    def held_since(self, account: str) -> datetime | None:
        """Do as the port says."""
        found = self.read(select_held_since(account), _only)
        return moment_of(min(found)) if found else None

    def identity(self) -> str:
        """Return which database it is."""
        return self._which

    def shared_runs(self) -> PostgresSharedRuns:
        """Do as the store says."""
        return self._shared_runs

    def scrub(self) -> None:
        """Rewrite the tables that people's words were in: dead rows go, and the pages that they were on."""
        try:
            with self._others.connect() as connection:
                for table in _WITH_WORDS:
                    connection.exec_driver_sql(f"VACUUM FULL {table}")
        except DBAPIError as error:
            raise self.fault_of(error).error() from error

    def close_writer(self) -> None:
        """Do as the store says."""
        if self._connection is not None:
            self._connection.close()

    def close_readers(self) -> None:
        """Do as the store says."""
        self._closing.set()
        for engine in (self._readers, self._writers, self._others):
            engine.dispose()


def _status(connection: Connection) -> TransactionStatus:
    return driver_of(connection).info.transaction_status


def _check_whole(connection: Connection) -> None:
    """Raise `RuntimeError` where a statement failed and nobody took it back: COMMIT would write nothing, and say so to nobody."""
    if _status(connection) is not TransactionStatus.INTRANS:
        raise RuntimeError("a transaction that failed cannot be committed")


def _is_open(connection: Connection) -> bool:
    return _status(connection) in {TransactionStatus.INTRANS, TransactionStatus.INERROR}


def _only(values: Sequence[Any]) -> Any:
    return values[0]
