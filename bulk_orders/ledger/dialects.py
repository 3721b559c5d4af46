"""What statements say differently in SQLite's dialect and in PostgreSQL's.

Tables and queries are the same; how a row is inserted unless it is there, a list is handed over and finished text is made
is each database's own.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, Text, bindparam, func, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bulk_orders.ledger import tables
from bulk_orders.ledger.records import clean

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statements:
    """Finished text, to be run with tuples. Measured: 16 updates take 83 µs so, 263 µs as a statement and dictionaries."""

    insert_order: str
    """Takes what `tables.order_values` returns; leaves alone what is there."""
    update_order: str
    """Takes what `tables.replacement` returns; changes one row, or none when the order is not at the expected version."""
    insert_row: str
    insert_event: str
    write_attempt: str
    last_event: str
    let_events_change: str
    """For a note that is erased, within the transaction that then runs `events_stay`."""
    events_stay: str


def insert(connection: Connection) -> Callable[[Table], Any]:
    """Return what makes an INSERT, in the connection's dialect, of which `ON CONFLICT` can be said and its `rowcount` asked."""
    into = _insert(connection.dialect.name)
    return lambda table: into(table).execution_options(preserve_rowcount=True)


def statements(connection: Connection) -> Statements:
    """Return the finished statements in the connection's dialect."""
    return _statements(connection.dialect.name)


class _EachText(FunctionElement[str]):
    """The texts of a JSON list, as a table with one column."""

    name = "each_text"
    inherit_cache = True


@compiles(_EachText)
def _each_in_sqlite(element: _EachText, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_EachText, POSTGRESQL)
def _each_in_postgresql(element: _EachText, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS JSON))"


def texts(values: Sequence[str]) -> Select[Any]:
    """Return a query for these texts, however many: they are one parameter. What no ledger can keep is not among them."""
    kept = [value for value in values if clean(value) == value]
    each: FunctionElement[str] = _EachText(bindparam("texts", json.dumps(kept), Text, unique=True))
    return select(each.table_valued("value").c.value)


@cache
def _insert(dialect: str) -> Callable[[Table], Any]:
    if dialect == SQLITE:
        return sqlite.insert
    from sqlalchemy.dialects import postgresql

    return postgresql.insert


@cache
def _statements(dialect: str) -> Statements:
    into = _insert(dialect)
    orders, attempts, events = tables.orders, tables.attempts, tables.events
    attempt = into(attempts).values(_parameters(tables.ATTEMPT_NAMES))
    told = {name: attempt.excluded[name] for name in tables.ATTEMPT_NAMES if name not in {"key", "number"}}
    order_names = tables.ORDER_NAMES
    expected = orders.c.key == bindparam("expected_key"), orders.c.version == bindparam("expected_version")
    last = select(func.max(events.c.number)).scalar_subquery()
    newest = select(*tables.columns(events, tables.EVENT_NAMES)).where(events.c.number == last)
    new_order = into(orders).values(_parameters(order_names)).on_conflict_do_nothing()
    # All columns, also those that steps leave alone: then what is kept is what was given, whatever the caller thought was there.
    changed = update(orders).where(*expected).values(_parameters(order_names[1:]))
    attempt = attempt.on_conflict_do_update(index_elements=["key", "number"], set_=told)
    row = into(tables.rows).values(_parameters(tables.ROW_NAMES))
    event = into(events).values(_parameters(tables.EVENT_NAMES))
    expected_names = ("expected_key", "expected_version")
    return Statements(
        insert_order=statement_text(new_order, order_names, dialect),
        update_order=statement_text(changed, (*order_names[1:], *expected_names), dialect),
        insert_row=statement_text(row, tables.ROW_NAMES, dialect),
        insert_event=statement_text(event, tables.EVENT_NAMES, dialect),
        write_attempt=statement_text(attempt, tables.ATTEMPT_NAMES, dialect),
        last_event=statement_text(newest, (), dialect),
        let_events_change=tables.LET_EVENTS_CHANGE[dialect],
        events_stay=tables.EVENTS_STAY_AGAIN[dialect],
    )


def statement_text(statement: ClauseElement, names: Sequence[str], dialect: str) -> str:
    """Return the statement in the database's own words, to be run with tuples in the sequence of `names`.

    Raises `TypeError` when the statement takes its parameters in another sequence.
    """
    compiled = statement.compile(dialect=_positional(dialect))
    if not isinstance(compiled, SQLCompiler) or tuple(compiled.positiontup or ()) != tuple(names):
        raise TypeError(f"the parameters of this statement do not come as {', '.join(names)}: {compiled}")
    return str(compiled)


def _positional(dialect: str) -> Dialect:
    if dialect == SQLITE:
        return sqlite.dialect(paramstyle="qmark")
    from sqlalchemy.dialects import postgresql

    return postgresql.dialect(paramstyle="format")  # type: ignore[no-untyped-call]


def _parameters(names: Sequence[str]) -> dict[str, Any]:
    return {name: bindparam(name) for name in names}
