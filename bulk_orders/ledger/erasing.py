"""Erases what people wrote from a ledger's file: in one transaction from the tables, then from what SQLite leaves behind."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, delete, select, update

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger import tables
from bulk_orders.ledger.accounts import bare_foreign_orders
from bulk_orders.ledger.chain import remaining
from bulk_orders.ledger.dialects import insert, statements
from bulk_orders.ledger.entries import PLAN_ERASED, Entry
from bulk_orders.ledger.erasure import (
    ERASED_SOURCE,
    bare_attempt,
    bare_plan,
    bare_row,
    bare_run,
    order_erased,
    run_erased,
)
from bulk_orders.ledger.event_writing import write_events
from bulk_orders.ledger.faults import LOCKED
from bulk_orders.ledger.file_safety import unusable_because
from bulk_orders.ledger.interface import PlanRecord, RunRecord, Superseded
from bulk_orders.ledger.plans import change_plan
from bulk_orders.ledger.tables import APPLICATION_ID

_PATIENCE_S: Final = 30.0
_MADE_BY_US: Final = ("before-v", "before-restore", "looked-into", "aside", "new-", "unfinished")
_SQLITE: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 100
_ERASED_SHA256: Final = hashlib.sha256(ERASED_SOURCE).hexdigest()


def erase(
    connection: Connection,
    orders: Sequence[tuple[OrderRecord, OrderRecord]],
    runs: Sequence[RunRecord],
    plans: Sequence[PlanRecord],
    at: datetime,
) -> None:
    """See `Ledger.erase`; within the caller's transaction. `orders` has (as read, without what people wrote)."""
    entries = [entry for before, after in orders for entry in _erase_order(connection, before, after, at)]
    _erase_notes(connection, [after for _, after in orders])
    entries += [_erase_run(connection, run, at) for run in runs]
    kept = select(tables.runs.c.kept_source)
    connection.execute(delete(tables.sources).where(tables.sources.c.sha256.not_in(kept)))
    bare_foreign_orders(connection)
    write_events(connection, entries)
    for plan in plans:
        change_plan(connection, plan.plan_id, bare_plan, PLAN_ERASED, at)


def _erase_order(
    connection: Connection, before: OrderRecord, after: OrderRecord, at: datetime
) -> Iterator[Entry]:
    if (
        connection.exec_driver_sql(
            statements(connection).update_order, tables.replacement(before, after)
        ).rowcount
        != 1
    ):
        raise Superseded(before.key)
    attempts, events = tables.attempts.c, tables.events.c
    told = (
        select(*tables.columns(tables.attempts, tables.ATTEMPT_NAMES))
        .where(attempts.key == before.key, attempts.reason != "")
        .order_by(attempts.number)
    )
    bare = [bare_attempt(tables.attempt_of(values)) for values in connection.execute(told)]
    connection.execute(update(tables.attempts).where(attempts.key == before.key).values(reason=""))
    # The hash of an event of schema 1 covers its note: the log says now what such events were without it.
    noted = (
        select(*tables.columns(tables.events, tables.EVENT_NAMES))
        .where(events.key == before.key, events.note != "", events.record_digest == "")
        .order_by(events.number)
    )
    old = [tables.event_of(values) for values in connection.execute(noted)]
    yield from order_erased(after, bare, at, notes=remaining(old) if old else "")


def _erase_notes(connection: Connection, orders: Sequence[OrderRecord]) -> None:
    """Empty the notes of the orders' events, the one thing that may change in an event: its hash covers their digest."""
    say = statements(connection)
    connection.exec_driver_sql(say.let_events_change)
    events = tables.events.c
    for order in orders:
        connection.execute(
            update(tables.events).where(events.key == order.key, events.note != "").values(note="")
        )
    connection.exec_driver_sql(say.events_stay)


def _erase_run(connection: Connection, run: RunRecord, at: datetime) -> Entry:
    after = bare_run(run)
    kept = {"sha256": _ERASED_SHA256, "content": ERASED_SOURCE}
    connection.execute(insert(connection)(tables.sources).values(kept).on_conflict_do_nothing())
    runs, rows = tables.runs.c, tables.rows.c
    connection.execute(
        update(tables.runs)
        .where(runs.run_id == run.run_id)
        .values(tables.run_values(after) | {"kept_source": _ERASED_SHA256})
    )
    connection.execute(update(tables.rows).where(rows.run_id == run.run_id).values(message="", fix=""))
    found = (
        select(*tables.columns(tables.rows, tables.ROW_NAMES))
        .where(rows.run_id == run.run_id)
        .order_by(rows.sheet_row)
    )
    bare = [bare_row(tables.row_of(values)) for values in connection.execute(found)]
    return run_erased(after, bare, at)


def scrub(ledger: Path) -> None:
    """Leave nothing of what was erased in the file's free pages and in its log. Raises `LedgerUnusable`."""
    try:
        with closing(
            sqlite3.connect(f"{ledger.as_uri()}?mode=rw", uri=True, timeout=_PATIENCE_S, isolation_level=None)
        ) as connection:
            # Else the copy that VACUUM makes would lie on the disk.
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("VACUUM")
            (is_read, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except OSError as error:
        raise unusable_because(ledger, error) from error
    except sqlite3.Error as error:
        raise _unfinished(ledger, str(error)) from error
    if is_read:
        raise _unfinished(ledger, LOCKED)


def _unfinished(ledger: Path, reason: str) -> LedgerUnusable:
    return LedgerUnusable(
        (
            "What people wrote is erased, but {path} may still contain traces of it on the disk: {reason}."
        ).format(path=ledger, reason=reason),
        fix=(
            "Close other programs that read the ledger and make room "
            "on its disk, then run the same command again."
        ),
    )


def copies_beside(ledger: Path) -> tuple[list[Path], list[Path]]:
    """Return copies of the ledger in its folder: those that the program made by itself, and others that are ledgers.

    The first are from upgrades, restores, and commands that were killed.
    """
    if not ledger.parent.is_dir():
        return [], []
    made, others = [], []
    for path in sorted(ledger.parent.iterdir()):
        if path.name.startswith(tuple(f"{ledger.name}.{end}" for end in _MADE_BY_US)):
            made.append(path)
        elif path != ledger and _is_ledger(path):
            others.append(path)
    return made, others


def _is_ledger(path: Path) -> bool:
    """Look into SQLite's header; a ledger that this process has open is never asked about."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError:
        return False
    return header.startswith(_SQLITE) and header[68:72] == APPLICATION_ID.to_bytes(4, "big")
