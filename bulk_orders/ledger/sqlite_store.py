"""A ledger's place in a SQLite file: private, durable with every write, held by a lock file beside it.

WAL with synchronous=FULL: readers never wait for the writer, and a commit is on disk when it returns.
"""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Select
from sqlalchemy.exc import DBAPIError

from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.connections import connect_writer, engine_for
from bulk_orders.ledger.erasing import scrub
from bulk_orders.ledger.faults import Fault, concerns_one_write, fault_of
from bulk_orders.ledger.file_safety import (
    FileIdentity,
    check_existing,
    check_intact,
    check_place,
    mounted,
    resolved,
    unusable_because,
)
from bulk_orders.ledger.holding import held, held_since
from bulk_orders.ledger.migrations import SCHEMA_VERSION
from bulk_orders.ledger.schema_version import schema_version
from bulk_orders.ledger.store import OUTGROWN, OUTGROWN_FIX, Store
from bulk_orders.ledger.transactions import savepoint, transaction

_Kept = TypeVar("_Kept")


class SqliteStore(Store):
    """A file that exists."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises `LedgerUnusable`, and changes nothing then."""
        try:
            path = resolved(path)
            check_place(path, mounted())
            check_existing(path)
            identity = FileIdentity.of(path)
        except OSError as error:
            raise unusable_because(path, error) from error
        self._path = path
        self.name = str(path)
        self._identity = identity
        self._lock_file: FileIdentity | None = None
        """While this process holds the ledger, the lock file it holds it by."""
        self.connection = connect_writer(identity)
        self._readers = engine_for(identity, pooled=True, writes=False)

    def why_not(self) -> Fault | None:
        """Say that the file was deleted or replaced. Measured: SQLite goes on writing into such a file, and reports success."""
        try:
            check_intact(self._identity)
        except LedgerUnusable as error:
            return Fault(message=error.message, fix=error.fix, is_final=True)
        return None

    def write(self, do: Callable[[Connection], None]) -> None:
        """Do as the store says. Raises `LedgerUnusable` where the schema is another one."""
        with transaction(self.connection):
            if schema_version(self.connection) != SCHEMA_VERSION:
                raise LedgerUnusable(OUTGROWN.format(path=self._path), fix=OUTGROWN_FIX)
            do(self.connection)

    def savepoint(self, connection: Connection) -> AbstractContextManager[None]:
        """Do as the store says."""
        return savepoint(connection)

    def why_none_may_begin(self, connection: Connection) -> Fault | None:
        """Do as the store says: none begins without the lock file."""
        del connection
        lock_file = self._lock_file
        if lock_file is None or lock_file.is_intact():
            return None
        return Fault(
            message=(
                "The lock file {path} was deleted while this run held it: another run may be active."
            ).format(path=lock_file.path),
            fix="Look for other runs with: bulk-orders history. Then run again.",
            is_final=False,
        )

    def read(self, wanted: Select[Any], kind: Callable[[Sequence[Any]], _Kept]) -> list[_Kept]:
        """Do as the store says."""
        try:
            with self._readers.connect() as connection:
                return [kind(values) for values in connection.execute(wanted)]
        except DBAPIError as error:
            raise self.fault_of(error).error() from error

    def fault_of(self, error: Exception) -> Fault:
        """Do as the store says."""
        return fault_of(self._path, error)

    def concerns_one_write(self, error: Exception) -> bool:
        """Do as the store says."""
        return concerns_one_write(error)

    @contextmanager
    def hold(self, account: str) -> Iterator[None]:
        """Do as the port says, for all accounts. If the lock file is deleted meanwhile, no attempt can begin any more."""
        del account
        with held(self._path) as lock_file:
            self._lock_file = lock_file
            try:
                yield
            finally:
                self._lock_file = None

    def held_since(self, account: str) -> datetime | None:
        """Do as the port says."""
        del account
        return held_since(self._path)

    def may_send(self) -> bool:
        """Do as the port says: the operating system's lock ends with this process and not before it."""
        return self._lock_file is None or self._lock_file.is_intact()

    def identity(self) -> str:
        """Return machine, device and inode."""
        return f"{socket.gethostname()} {self._identity.device} {self._identity.inode}"

    def scrub(self) -> None:
        """Rewrite the file, and empty its log."""
        scrub(self._path)

    def close_writer(self) -> None:
        """Do as the store says."""
        self.connection.close()

    def close_readers(self) -> None:
        """Do as the store says."""
        self._readers.dispose()
