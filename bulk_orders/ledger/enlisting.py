"""How a run is recorded whole: itself, its rows, its orders and its workbook in one transaction."""

import hashlib
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from bulk_orders.core.lifecycle import OrderRecord, Step
from bulk_orders.ledger import tables
from bulk_orders.ledger.dialects import insert, statements
from bulk_orders.ledger.entries import order_recorded, run_recorded, step_taken
from bulk_orders.ledger.event_writing import write_events
from bulk_orders.ledger.interface import RowRecord, RunRecord, Superseded
from bulk_orders.ledger.records import keepable


def enlisting(
    run: RunRecord,
    rows: Sequence[RowRecord],
    *,
    new: Sequence[OrderRecord],
    again: Sequence[tuple[OrderRecord, OrderRecord]],
    source: bytes,
) -> Callable[[Connection], None]:
    """Return what writes the run (`Ledger.enlist`) within a transaction.

    Raises `ValueError` for a moment without a zone and for a run that is already recorded, `Superseded` for an order that
    another run changed meanwhile.
    """
    run, rows = keepable(run), sorted(map(keepable, rows), key=lambda row: row.sheet_row)
    new = [keepable(order) for order in new]
    again = [(before, keepable(after)) for before, after in again]
    run_row = tables.run_values(run) | {"kept_source": hashlib.sha256(source).hexdigest()}
    row_rows = [tables.row_values(row) for row in rows]
    new_rows = [tables.order_values(order) for order in new]
    entries = [
        run_recorded(run, rows, source),
        *(order_recorded(order, run.started_at) for order in new),
        *(step_taken(before, after, Step.SUBMITTED_AGAIN, at=run.started_at) for before, after in again),
    ]

    def write(connection: Connection) -> None:
        kept = {"sha256": run_row["kept_source"], "content": source}
        say, into = statements(connection), insert(connection)
        connection.execute(into(tables.sources).values(kept).on_conflict_do_nothing())
        if connection.execute(into(tables.runs).values(run_row).on_conflict_do_nothing()).rowcount != 1:
            raise ValueError(f"run {run.run_id} is already recorded")
        if row_rows:
            connection.exec_driver_sql(say.insert_row, row_rows)
        if new_rows and connection.exec_driver_sql(say.insert_order, new_rows).rowcount != len(new_rows):
            raise Superseded(f"an order that was new to run {run.run_id}")
        for before, after in again:
            _replace(connection, before, after)
        write_events(connection, entries)

    return write


def _replace(connection: Connection, before: OrderRecord, after: OrderRecord) -> None:
    if (
        connection.exec_driver_sql(
            statements(connection).update_order, tables.replacement(before, after)
        ).rowcount
        != 1
    ):
        raise Superseded(before.key)
