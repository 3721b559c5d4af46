"""What a ledger's tables lie in: a SQLite file (`sqlite_store`) or a PostgreSQL database (`postgres.store`).

`sql` says the port's verbs as statements, and `writer` makes groups of what is written; a store carries them out. The
writer's thread alone calls `why_not`, `write`, what is called within that, and `close_writer`.
"""

import abc
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Select

from bulk_orders.ledger.dialects import statements
from bulk_orders.ledger.event_writing import newest_event
from bulk_orders.ledger.faults import Fault
from bulk_orders.ledger.interface import Event
from bulk_orders.ledger.sharing import SharedRuns

_Kept = TypeVar("_Kept")

Row = tuple[Any, ...]
"""What a finished statement takes, in its sequence (`dialects.Statements`)."""

OUTGROWN: Final = (
    "The ledger {path} was updated by a newer version of bulk-orders while this one had it open."
)
OUTGROWN_FIX: Final = "Update bulk-orders, then run again; what was sent is looked up, not sent again."


class Store(abc.ABC):
    """One open ledger's place. Errors of the database come out of it as SQLAlchemy or its driver raises them, except from `read`."""

    name: str
    """How sentences name it: a path, or an address without user and password."""

    @abc.abstractmethod
    def why_not(self) -> Fault | None:
        """Say why nothing more may be written; asked before each group."""

    @abc.abstractmethod
    def write(self, do: Callable[[Connection], None]) -> None:
        """Carry `do` out in one durable transaction, alone among all writers, if the schema is still the one that was opened.

        A newer program would miss what we leave out. Raises what `do` raises, and then nothing is written.
        """

    @abc.abstractmethod
    def savepoint(self, connection: Connection) -> AbstractContextManager[None]:
        """Take back what the block wrote when it raises, and nothing before it."""

    @abc.abstractmethod
    def why_none_may_begin(self, connection: Connection) -> Fault | None:
        """Say, within the transaction that would record an attempt, why none may begin any more; None when it may."""

    def newest_event(self, connection: Connection) -> Event | None:
        """Return the log's newest event, within a transaction that has not written any yet."""
        return newest_event(connection)

    def write_steps(
        self, connection: Connection, orders: Sequence[Row], attempts: Sequence[Row], events: Sequence[Row]
    ) -> int:
        """Write steps of different orders, and return how many orders were as expected; when not all, nothing may be kept."""
        say = statements(connection)
        replaced = connection.exec_driver_sql(say.update_order, list(orders)).rowcount
        if attempts:
            connection.exec_driver_sql(say.write_attempt, list(attempts))
        connection.exec_driver_sql(say.insert_event, list(events))
        return replaced

    @abc.abstractmethod
    def read(self, wanted: Select[Any], kind: Callable[[Sequence[Any]], _Kept]) -> list[_Kept]:
        """Return what the query finds, as `kind` makes it; from any thread. Raises `LedgerUnusable`."""

    @abc.abstractmethod
    def fault_of(self, error: Exception) -> Fault:
        """Return what an error means to a person."""

    @abc.abstractmethod
    def concerns_one_write(self, error: Exception) -> bool:
        """Tell whether only the write itself is at fault, and not the place."""

    @abc.abstractmethod
    def hold(self, account: str) -> AbstractContextManager[None]:
        """See `Ledger.hold`."""

    @abc.abstractmethod
    def held_since(self, account: str) -> datetime | None:
        """See `Ledger.held_since`."""

    @abc.abstractmethod
    def may_send(self) -> bool:
        """See `Ledger.may_send`."""

    @abc.abstractmethod
    def identity(self) -> str:
        """See `Ledger.file`."""

    def shared_runs(self) -> SharedRuns | None:
        """See `Ledger.shared_runs`."""
        return None

    @abc.abstractmethod
    def scrub(self) -> None:
        """Leave nothing of what was erased where the database would keep it. Raises `LedgerUnusable`."""

    @abc.abstractmethod
    def close_writer(self) -> None:
        """Close the writing connection."""

    @abc.abstractmethod
    def close_readers(self) -> None:
        """Close the reading connections."""
