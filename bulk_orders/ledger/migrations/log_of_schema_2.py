"""The event log of schema 2: it records runs, too, and carries digests of what was written.

The table is made new because its keys were bound to orders, and every event is taken along as it was.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, column, insert, select, table, text

from bulk_orders.ledger.chain import next_event
from bulk_orders.ledger.entries import Entry, digest
from bulk_orders.ledger.interface import Event

_NAMES: Final = (
    *("number", "key", "run_id", "step", "from_state", "to_state", "note", "previous_hash", "hash", "at"),
    *("record_digest", "attempt_number", "detail_digest", "note_digest"),
)
_EVENTS: Final = table("events", *map(column, _NAMES))
_TAKEN_OVER: Final = "taken over"
_LONG_AGO: Final = "1970-01-01T00:00:00+00:00"
_STATEMENTS: Final = (
    "DROP INDEX events_by_order",
    "ALTER TABLE events RENAME TO events_of_schema_1",
    """CREATE TABLE events (
        number INTEGER NOT NULL, "key" TEXT NOT NULL, run_id TEXT NOT NULL, step TEXT NOT NULL,
        from_state TEXT NOT NULL, to_state TEXT NOT NULL, note TEXT NOT NULL, previous_hash TEXT NOT NULL,
        record_digest TEXT DEFAULT '' NOT NULL, attempt_number INTEGER, detail_digest TEXT DEFAULT '' NOT NULL,
        note_digest TEXT DEFAULT '' NOT NULL, hash TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (number)
    )""",
    """INSERT INTO events (number, "key", run_id, step, from_state, to_state, note, previous_hash, hash, at)
        SELECT number, "key", run_id, step, from_state, to_state, note, previous_hash, hash, at FROM events_of_schema_1
    """,
    "DROP TABLE events_of_schema_1",
    'CREATE INDEX events_by_order ON events ("key")',
    *(
        f"CREATE TRIGGER events_stay_on_{change.lower()} BEFORE {change} ON events "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed or removed'); END"
        for change in ("UPDATE", "DELETE")
    ),
)
_RUNS: Final = table(
    "runs",
    *map(
        column,
        (
            *("run_id", "account", "environment", "profile", "marketplace", "source_name", "source_path"),
            *("source_sha256", "operator", "host", "program_version", "started_at", "ended_at"),
            *("results_path", "rows_in", "exit_code", "stopped_by", "options", "audit_whole"),
        ),
    ),
    column("kept_source"),
)
_ROWS: Final = table(
    "rows", *map(column, ("run_id", "sheet_row", "disposition", "key", "code", "message", "fix"))
)
_SOURCES: Final = table("sources", *map(column, ("sha256", "content")))
_ORDERS: Final = table(
    "orders",
    *map(
        column,
        (
            *("key", "account", "state", "version", "run_id", "sheet_row", "reference", "customer_id", "mpn"),
            *("quantity", "domain", "marker", "fingerprint", "attempts", "absent_reads", "order_id"),
            *("order_number", "subscription_id", "platform_status", "amount", "currency", "code", "message"),
            *("http_status", "correlation_id", "body", "not_before", "sent_at", "doubtful_at", "accepted_at"),
            *("held_at", "enlisted_at", "held_for"),
        ),
    ),
)
_ATTEMPTS: Final = table(
    "attempts",
    *map(
        column,
        (
            *("key", "number", "run_id", "sheet_row", "verdict", "http_status", "reason", "bytes_sent"),
            *("correlation_id", "begun_at", "ended_at"),
        ),
    ),
)


def take_over(connection: Connection) -> None:
    """Make the log again, and add an event for each run, order and attempt as it is now."""
    for statement in _STATEMENTS:
        connection.execute(text(statement))
    last = _last(connection)
    events = []
    for entry in (*_runs(connection), *_orders(connection)):
        last = next_event(last, entry)
        events.append({name: getattr(last, name) for name in _NAMES} | {"at": _text_of(last.at)})
    if events:
        connection.execute(insert(_EVENTS), events)


def _last(connection: Connection) -> Event | None:
    events = _EVENTS.c
    for found in _read(connection, select(_EVENTS).order_by(events.number.desc()).limit(1)):
        return Event(**{**found, "at": datetime.fromisoformat(found["at"])})
    return None


def _runs(connection: Connection) -> Iterator[Entry]:
    rows = defaultdict(list)
    for row in _read(connection, select(_ROWS).order_by(_ROWS.c.run_id, _ROWS.c.sheet_row)):
        rows[row["run_id"]].append(row)
    sources = _SOURCES.c
    for run in _read(connection, select(_RUNS).order_by(_RUNS.c.started_at, _RUNS.c.run_id)):
        kept = select(sources.content).where(sources.sha256 == run.pop("kept_source"))
        source = hashlib.sha256(connection.execute(kept).scalar_one()).hexdigest()
        yield Entry(
            run_id=run["run_id"],
            at=datetime.fromisoformat(run["started_at"]),
            step=_TAKEN_OVER,
            record_digest=digest(run),
            detail_digest=digest({"source": source}, *rows[run["run_id"]]),
        )


def _orders(connection: Connection) -> Iterator[Entry]:
    attempts = defaultdict(list)
    for attempt in _read(connection, select(_ATTEMPTS).order_by(_ATTEMPTS.c.key, _ATTEMPTS.c.number)):
        attempts[attempt["key"]].append(attempt)
    began = {run["run_id"]: run["started_at"] for run in _read(connection, select(_RUNS))}
    for order in _read(connection, select(_ORDERS).order_by(_ORDERS.c.key)):
        for attempt in attempts[order["key"]] or [{}]:
            yield Entry(
                key=order["key"],
                run_id=order["run_id"],
                at=datetime.fromisoformat(began.get(order["run_id"], _LONG_AGO)),
                step=_TAKEN_OVER,
                from_state=order["state"],
                to_state=order["state"],
                record_digest=digest(order),
                attempt_number=attempt.get("number"),
                detail_digest=digest(attempt) if attempt else "",
            )


def _read(connection: Connection, wanted: Select[Any]) -> Iterator[dict[str, Any]]:
    for row in connection.execute(wanted).mappings():
        yield dict(row)


def _text_of(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
