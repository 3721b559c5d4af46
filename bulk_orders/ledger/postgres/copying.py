"""Moving a ledger from its file into an empty database: all of it or nothing, read back row by row before it counts."""

from collections.abc import Generator, Sequence
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Table, func, literal_column, select
from sqlalchemy.exc import DBAPIError

from bulk_orders.errors import LedgerUnusable, UsageError
from bulk_orders.ledger import tables
from bulk_orders.ledger.interface import LedgerContents
from bulk_orders.ledger.postgres.store import PostgresStore
from bulk_orders.ledger.sqlite_store import SqliteStore

_AT_ONCE: Final = 1_000
_COUNTED: Final = ("orders", "runs", "plans")
"""Tables whose rows have their sequence from the database: it is kept by writing them in it."""


def copy_into(store: PostgresStore, file: Path) -> LedgerContents:
    """Copy the ledger's file into the database, and hold the file meanwhile: nobody sends with it.

    Raises `UsageError` when something is recorded in the database, `AnotherRunActive` while a run uses the file, and
    `LedgerUnusable` when a row is not the same afterwards; then the database is as empty as before.
    """
    source = SqliteStore(file)
    try:
        with source.hold(""):
            store.write(lambda connection: _copy(source, connection, store.name))
            return _contents(source.connection)
    except DBAPIError as error:
        raise store.fault_of(error).error() from error
    finally:
        source.close_writer()
        source.close_readers()


def _copy(source: SqliteStore, connection: Connection, name: str) -> None:
    for table in _tables():
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise UsageError(
                "The database {path} has a ledger with something in it.".format(path=name),
                fix="Name an empty database in the ledger URL, or drop its tables if nothing in them matters.",
            )
    for table in _tables():
        for rows in _pieces(source.connection, table):
            connection.execute(table.insert(), [row._asdict() for row in rows])
    connection.exec_driver_sql(
        "SELECT setval(pg_get_serial_sequence('attempts', 'place'), max(place)) FROM attempts HAVING count(*) > 0"
    )
    for table in _tables():
        _compare(source.connection, connection, table, name)


def _tables() -> list[Table]:
    """Return all tables in the sequence in which their rows can be written; the schema's own belongs to each place."""
    return [table for table in tables.metadata.sorted_tables if table is not tables.schema_versions]


def _compare(source: Connection, target: Connection, table: Table, name: str) -> None:
    with closing(_rows(source, table)) as there, closing(_rows(target, table)) as here:
        for number, (was, is_now) in enumerate(zip_longest(there, here), start=1):
            if was != is_now:
                raise LedgerUnusable(
                    "Row {number} of the table {table} is not the same in {path}; nothing was copied.".format(
                        number=number, table=table.name, path=name
                    ),
                    fix="Report it, and go on with the file.",
                )


def _rows(connection: Connection, table: Table) -> Generator[tuple[Any, ...], None, None]:
    with closing(_pieces(connection, table)) as pieces:
        for rows in pieces:
            yield from map(tuple, rows)


def _pieces(connection: Connection, table: Table) -> Generator[Sequence[Row[Any]], None, None]:
    """Yield the rows some at a time, in the sequence in which they were recorded or, where there is none, by their key."""
    recorded: list[ColumnElement[Any]] = [literal_column(f"{table.name}.rowid")]
    order = recorded if table.name in _COUNTED else list(table.primary_key.columns)
    wanted = select(table).order_by(*order).execution_options(yield_per=_AT_ONCE)
    with connection.execute(wanted) as found:
        yield from found.partitions()


def _contents(connection: Connection) -> LedgerContents:
    runs, events = tables.runs, tables.events
    newest = select(runs.c.run_id).order_by(runs.c.started_at.desc()).limit(1)
    return LedgerContents(
        runs=connection.execute(select(func.count()).select_from(runs)).scalar_one(),
        last_run=connection.execute(newest).scalar() or "",
        events=connection.execute(select(func.count()).select_from(events)).scalar_one(),
    )
