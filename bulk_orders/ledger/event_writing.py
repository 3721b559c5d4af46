"""Adding to the event log: each event comes after what is the newest one in its transaction, for another process may have written."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from bulk_orders.ledger.chain import next_event
from bulk_orders.ledger.dialects import statements
from bulk_orders.ledger.entries import Entry
from bulk_orders.ledger.interface import Event
from bulk_orders.ledger.tables import event_of, event_values


def newest_event(connection: Connection) -> Event | None:
    """Return the log's newest event, as the transaction sees it."""
    found = connection.exec_driver_sql(statements(connection).last_event).first()
    return None if found is None else event_of(found)


def rows_after(last: Event | None, entries: Iterable[Entry]) -> list[tuple[Any, ...]]:
    """Return what `dialects.Statements.insert_event` takes to add the entries after `last`."""
    rows = []
    for entry in entries:
        last = next_event(last, entry)
        rows.append(event_values(last))
    return rows


def write_events(connection: Connection, entries: Iterable[Entry]) -> None:
    """Add the entries to the log."""
    if rows := rows_after(newest_event(connection), entries):
        connection.exec_driver_sql(statements(connection).insert_event, rows)
