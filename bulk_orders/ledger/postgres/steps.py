"""The steps of a group of orders in one statement: their records, their attempts, and what the log says about them.

Whatever the size of the group it is one message to the server. Between the messages of a longer exchange the server would not
count how long its client is silent, and one that froze there would keep all other writers waiting.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from sqlalchemy import Integer, Table

from bulk_orders.ledger import tables
from bulk_orders.ledger.store import Row

_REPLACEMENT_NAMES: Final = (*tables.ORDER_NAMES[1:], "expected_key", "expected_version")
"""What `tables.replacement` returns."""
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _told(table: Table, names: Sequence[str], *more: str) -> str:
    """Return rows of a list in JSON as a table; `more` are columns that the table does not have."""
    kinds = [f"{name} {'bigint' if isinstance(table.c[name].type, Integer) else 'text'}" for name in names]
    return f"json_to_recordset(%s) AS told({', '.join((*kinds, *more))})"


def _insert(table: Table, names: Sequence[str]) -> str:
    columns = ", ".join(names)
    return f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {_told(table, names)}"  # noqa: S608


def _set(names: Sequence[str], source: str) -> str:
    return ", ".join(f"{name} = {source}.{name}" for name in names)


_WRITE: Final = f"""WITH replaced AS (
    UPDATE orders SET {_set(tables.ORDER_NAMES[1:], "told")}
    FROM {_told(tables.orders, tables.ORDER_NAMES[1:], "expected_key text", "expected_version bigint")}
    WHERE orders.key = expected_key AND orders.version = expected_version RETURNING 1
), tried AS (
    {_insert(tables.attempts, tables.ATTEMPT_NAMES)} ON CONFLICT (key, number)
    DO UPDATE SET {_set([name for name in tables.ATTEMPT_NAMES if name not in {"key", "number"}], "excluded")}
), logged AS ({_insert(tables.events, tables.EVENT_NAMES)})
SELECT count(*) FROM replaced"""  # noqa: S608


def write_steps(
    connection: "psycopg.Connection[Any]",
    orders: Sequence[Row],
    attempts: Sequence[Row],
    events: Sequence[Row],
) -> int:
    """Write them, and return how many orders were replaced. No two may be of the same order."""
    given = (
        _in_json(_REPLACEMENT_NAMES, orders),
        _in_json(tables.ATTEMPT_NAMES, attempts),
        _in_json(tables.EVENT_NAMES, events),
    )
    (replaced,) = connection.execute(_WRITE, given).fetchone() or (0,)
    return int(replaced)


def _in_json(names: Sequence[str], rows: Sequence[Row]) -> str:
    return _encode([dict(zip(names, row, strict=True)) for row in rows])
