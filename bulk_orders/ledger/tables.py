"""The ledger's tables, and how a record becomes a row and a row a record.

There is no index on the state, on purpose: it would be rewritten by every step of every order. Moments are ISO 8601
text in UTC, so that a person with any SQLite browser can read the ledger.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import partial
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
)
from sqlalchemy.types import TypeEngine

from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, State
from bulk_orders.core.summary import Disposition
from bulk_orders.ledger.interface import Event, PlanRecord, RowRecord, RunRecord
from bulk_orders.ledger.records import moment_of, text_of

APPLICATION_ID: Final = 0x424F4C44
"""`BOLD`, in the file's header: this SQLite file is a ledger of ours and no other program's."""

metadata: Final = MetaData()
TEXT: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Compared by its characters' numbers, as SQLite does, whatever the language of the database is."""
NUMBER: Final = Integer().with_variant(BigInteger(), "postgresql")
"""As wide as SQLite's."""


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, TEXT, nullable=False, **options)


def _number(name: str, **options: Any) -> Column[int]:
    return Column(name, NUMBER, nullable=False, **options)


def _maybe(name: str, kind: TypeEngine[Any] = TEXT) -> Column[Any]:
    return Column(name, kind, nullable=True)


sources: Final = Table(
    "sources",
    metadata,
    _text("sha256", primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

runs: Final = Table(
    "runs",
    metadata,
    _text("run_id", primary_key=True),
    *map(
        _text,
        ("account", "environment", "profile", "marketplace", "source_name", "source_path", "source_sha256"),
    ),
    *map(_text, ("operator", "host", "program_version", "started_at")),
    _maybe("ended_at"),
    _text("results_path"),
    _number("rows_in"),
    _maybe("exit_code", NUMBER),
    *map(_text, ("stopped_by", "options")),
    # Not the run's `source_sha256`, which is what the caller says: what was really kept.
    Column("kept_source", ForeignKey("sources.sha256"), nullable=False),
    _maybe("audit_whole", NUMBER),
)

rows: Final = Table(
    "rows",
    metadata,
    Column("run_id", ForeignKey("runs.run_id"), primary_key=True),
    _number("sheet_row", primary_key=True),
    *map(_text, ("disposition", "key", "code", "message", "fix")),
)

orders: Final = Table(
    "orders",
    metadata,
    _text("key", primary_key=True),
    # First what a scan for unsettled orders looks at: SQLite stops reading a row after the last column it needs.
    *map(_text, ("account", "state")),
    _number("version"),
    _text("run_id"),
    _number("sheet_row"),
    *map(_text, ("reference", "customer_id", "mpn", "quantity", "domain", "marker", "fingerprint")),
    *map(_number, ("attempts", "absent_reads")),
    *map(_text, ("order_id", "order_number", "subscription_id", "platform_status", "amount", "currency")),
    *map(_text, ("code", "message")),
    _maybe("http_status", NUMBER),
    *map(_text, ("correlation_id", "body")),
    *map(_maybe, ("not_before", "sent_at", "doubtful_at", "accepted_at", "held_at", "enlisted_at")),
    _text("held_for", server_default=""),
    *map(partial(_text, server_default=""), ("scheduled_for", "acceptance_link", "microsoft_ids")),
    Index("orders_by_customer", "account", "customer_id"),
)

attempts: Final = Table(
    "attempts",
    metadata,
    Column("key", ForeignKey("orders.key"), nullable=False),
    _number("number"),
    _text("run_id"),
    _number("sheet_row"),
    _text("verdict"),
    _maybe("http_status", NUMBER),
    _text("reason"),
    _maybe("bytes_sent", NUMBER),
    _text("correlation_id"),
    _text("begun_at"),
    _maybe("ended_at"),
    # A number of its own keeps the attempts in the order in which they began, whatever is said of them later.
    Column("place", NUMBER, primary_key=True),
    Index("attempts_by_order", "key", "number", unique=True),
    Index("attempts_by_run", "run_id"),
)

events: Final = Table(
    "events",
    metadata,
    Column("number", NUMBER, primary_key=True),
    # Of no table's: the log tells of runs, too, and would tell of an order that somebody removed.
    *map(_text, ("key", "run_id", "step", "from_state", "to_state", "note", "previous_hash")),
    _text("record_digest", server_default=""),
    _maybe("attempt_number", NUMBER),
    *map(partial(_text, server_default=""), ("detail_digest", "note_digest")),
    *map(_text, ("hash", "at")),
    Index("events_by_order", "key"),
)

plans: Final = Table(
    "plans",
    metadata,
    _text("plan_id", primary_key=True),
    *map(_text, ("digest", "account", "environment", "profile", "marketplace")),
    *map(_text, ("source_name", "source_path", "source_sha256", "workbook_path")),
    *map(_text, ("maker", "host", "program_version")),
    _number("orders"),
    *map(_text, ("content", "made_at", "expires_at", "approved_by")),
    _maybe("approved_at"),
)

learnt: Final = Table(
    "learnt",
    metadata,
    _text("account", primary_key=True),
    _text("name", primary_key=True),
    _text("value"),
)

schema_versions: Final = Table(
    "schema_versions",
    metadata,
    # Which version of the program brought the ledger to which schema, so that an older one can say what it lacks.
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    _text("program_version"),
)

_NEVER: Final = "events are never changed or removed"
_STAY_IN_SQLITE: Final = {
    change: f"CREATE TRIGGER events_stay_on_{change.lower()} BEFORE {change} ON events "
    f"BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END"
    for change in ("UPDATE", "DELETE")
}
_STAY_IN_POSTGRESQL: Final = (
    f"""CREATE FUNCTION events_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'UPDATE' AND current_setting('bulk_orders.erasing', true) = 'on' THEN RETURN NEW; END IF;
        RAISE EXCEPTION '{_NEVER}';
    END $$""",
    "CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION events_stay()",
    "CREATE TRIGGER events_stay_whole BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION events_stay()",
)
LET_EVENTS_CHANGE: Final = {
    "sqlite": "DROP TRIGGER events_stay_on_update",
    "postgresql": "SET LOCAL bulk_orders.erasing = 'on'",
}
"""For a note that is erased, within the transaction that puts the rule back; by dialect."""
EVENTS_STAY_AGAIN: Final = {
    "sqlite": _STAY_IN_SQLITE["UPDATE"],
    "postgresql": "SET LOCAL bulk_orders.erasing = 'off'",
}
_OF_POSTGRESQL: Final = (
    # SQLite numbers each table's rows by itself; on PostgreSQL that is a column, which no insert names.
    *(
        (table, f"ALTER TABLE {table.name} ADD COLUMN rowid BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE")
        for table in (orders, runs, plans)
    ),
    # Room in each page for a row's next version, so that a step touches no index.
    *((table, f"ALTER TABLE {table.name} SET (fillfactor = 60)") for table in (orders, attempts)),
    *((events, statement) for statement in _STAY_IN_POSTGRESQL),
)

for _statement in _STAY_IN_SQLITE.values():
    event.listen(events, "after_create", DDL(_statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]
for _table, _statement in _OF_POSTGRESQL:
    event.listen(_table, "after_create", DDL(_statement).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]


def _names(table: Table, kind: type) -> tuple[str, ...]:
    known = {field.name for field in fields(kind)}
    names = tuple(column.name for column in table.c if column.name in known)
    if known != set(names):
        raise TypeError(f"the table {table.name} has no columns for {sorted(known - set(names))}")
    return names


# In the tables' own sequence, in which moments stand together: then an `attrgetter` takes all that needs no conversion.
ORDER_NAMES: Final = _names(orders, OrderRecord)
ATTEMPT_NAMES: Final = _names(attempts, AttemptRecord)
EVENT_NAMES: Final = _names(events, Event)
RUN_NAMES: Final = _names(runs, RunRecord)
ROW_NAMES: Final = _names(rows, RowRecord)
PLAN_NAMES: Final = _names(plans, PlanRecord)

_FIRST_MOMENT: Final = ORDER_NAMES.index("not_before")
_AFTER_MOMENTS: Final = ORDER_NAMES.index("held_for")
_order_values = attrgetter(*ORDER_NAMES[:_FIRST_MOMENT])
_later_order_values = attrgetter(*ORDER_NAMES[_AFTER_MOMENTS:])
_attempt_values = attrgetter(*ATTEMPT_NAMES[:-2])
_event_values = attrgetter(*EVENT_NAMES[:-1])
_row_values = attrgetter(*ROW_NAMES)


def order_values(order: OrderRecord) -> tuple[Any, ...]:
    """Return the order in the sequence of `ORDER_NAMES`."""
    return (*_order_values(order), *_moments(order), *_later_order_values(order))


def replacement(before: OrderRecord, after: OrderRecord) -> tuple[Any, ...]:
    """Return what `dialects.Statements.update_order` takes to replace `before` by `after`."""
    return (*order_values(after)[1:], before.key, before.version)


def _moments(order: OrderRecord) -> tuple[str | None, ...]:
    not_before, sent_at, accepted_at = order.not_before, order.sent_at, order.accepted_at
    doubtful_at, held_at = order.doubtful_at, order.held_at
    enlisted_at = order.enlisted_at
    return (
        None if not_before is None else text_of(not_before),
        None if sent_at is None else text_of(sent_at),
        None if doubtful_at is None else text_of(doubtful_at),
        None if accepted_at is None else text_of(accepted_at),
        None if held_at is None else text_of(held_at),
        None if enlisted_at is None else text_of(enlisted_at),
    )


def attempt_values(attempt: AttemptRecord) -> tuple[Any, ...]:
    """Return the attempt in the sequence of `ATTEMPT_NAMES`."""
    ended_at = attempt.ended_at
    return (
        *_attempt_values(attempt),
        text_of(attempt.begun_at),
        None if ended_at is None else text_of(ended_at),
    )


def event_values(entry: Event) -> tuple[Any, ...]:
    """Return the event in the sequence of `EVENT_NAMES`."""
    return (*_event_values(entry), text_of(entry.at))


def run_values(run: RunRecord) -> dict[str, Any]:
    """Return the run by column name."""
    ended_at = run.ended_at
    moments = {
        "started_at": text_of(run.started_at),
        "ended_at": None if ended_at is None else text_of(ended_at),
    }
    is_whole = run.audit_whole
    return {name: getattr(run, name) for name in RUN_NAMES} | {
        **moments,
        "audit_whole": None if is_whole is None else int(is_whole),
    }


def row_values(row: RowRecord) -> tuple[Any, ...]:
    """Return the row in the sequence of `ROW_NAMES`."""
    return tuple(_row_values(row))


def order_of(values: Sequence[Any]) -> OrderRecord:
    """Return the order from values in the sequence of `ORDER_NAMES`."""
    return OrderRecord(
        **_read(
            ORDER_NAMES,
            values,
            state=State,
            not_before=moment_of,
            sent_at=moment_of,
            doubtful_at=moment_of,
            accepted_at=moment_of,
            held_at=moment_of,
            enlisted_at=moment_of,
        )
    )


def attempt_of(values: Sequence[Any]) -> AttemptRecord:
    """Return the attempt from values in the sequence of `ATTEMPT_NAMES`."""
    return AttemptRecord(**_read(ATTEMPT_NAMES, values, begun_at=moment_of, ended_at=moment_of))


def event_of(values: Sequence[Any]) -> Event:
    """Return the event from values in the sequence of `EVENT_NAMES`."""
    return Event(**_read(EVENT_NAMES, values, at=moment_of))


def run_of(values: Sequence[Any]) -> RunRecord:
    """Return the run from values in the sequence of `RUN_NAMES`."""
    return RunRecord(**_read(RUN_NAMES, values, started_at=moment_of, ended_at=moment_of, audit_whole=bool))


def plan_of(values: Sequence[Any]) -> PlanRecord:
    """Return the plan from values in the sequence of `PLAN_NAMES`."""
    moments = {"made_at": moment_of, "expires_at": moment_of, "approved_at": moment_of}
    return PlanRecord(**_read(PLAN_NAMES, values, **moments))


def row_of(values: Sequence[Any]) -> RowRecord:
    """Return the row from values in the sequence of `ROW_NAMES`."""
    return RowRecord(**_read(ROW_NAMES, values, disposition=Disposition))


def _read(names: Sequence[str], values: Sequence[Any], **kinds: Callable[[Any], Any]) -> dict[str, Any]:
    read = dict(zip(names, values, strict=True))
    for name, kind in kinds.items():
        if read[name] is not None:
            read[name] = kind(read[name])
    return read


def columns(table: Table, names: Sequence[str]) -> list[Column[Any]]:
    """Return the table's columns of these names, in this sequence."""
    return [table.c[name] for name in names]
