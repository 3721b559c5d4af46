"""Schema 2: why an order is held or dropped, how far each account was read, and who made the ledger's schema.

Beside them come the account's orders that are not ours, whether a run's comparison with it was complete, and digests in the
event log of what was written.

Before, a held order that came in another run lost its reason. What can be told from the event log and from the orders
that it looked like is put back. How far an account was read nobody noted: it is read again, as far back as something may
be missed. The log takes over every order, attempt and run as it is: what was changed before nobody can tell.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, column, func, select, table, text, update

from bulk_orders.ledger.migrations.log_of_schema_2 import take_over

_ORDERS: Final = table(
    "orders",
    *map(
        column,
        (
            "key",
            "account",
            "state",
            "run_id",
            "sheet_row",
            "customer_id",
            "mpn",
            "quantity",
            "attempts",
            "order_id",
            "order_number",
            "sent_at",
            "code",
            "message",
            "held_at",
        ),
    ),
)
_EVENTS: Final = table(
    "events", *map(column, ("number", "key", "at", "step", "from_state", "to_state", "note"))
)
_ROWS: Final = table("rows", *map(column, ("run_id", "key", "disposition")))
_RUNS: Final = table("runs", *map(column, ("run_id", "started_at")))
_MAY_EXIST: Final = ("accepted", "unknown", "in_flight")
_STATEMENTS: Final = (
    "CREATE TABLE schema_versions (number INTEGER NOT NULL, program_version TEXT NOT NULL, PRIMARY KEY (number))",
    "ALTER TABLE orders ADD COLUMN held_at TEXT",
    "ALTER TABLE orders ADD COLUMN enlisted_at TEXT",
    "ALTER TABLE orders ADD COLUMN held_for TEXT DEFAULT '' NOT NULL",
    "ALTER TABLE runs ADD COLUMN audit_whole INTEGER",
    """CREATE TABLE accounts (
        account TEXT NOT NULL, read_up_to TEXT, audited_up_to TEXT, ledger_file TEXT NOT NULL, PRIMARY KEY (account)
    )""",
    """CREATE TABLE foreign_orders (
        account TEXT NOT NULL, order_id TEXT NOT NULL, order_number TEXT NOT NULL, customer_id TEXT NOT NULL,
        order_type TEXT NOT NULL, status TEXT NOT NULL, created_at TEXT, po_number TEXT, subscription_id TEXT NOT NULL,
        amount TEXT NOT NULL, currency TEXT NOT NULL, products TEXT, is_opened INTEGER NOT NULL,
        PRIMARY KEY (account, order_id)
    )""",
    "CREATE INDEX foreign_orders_by_customer ON foreign_orders (account, customer_id)",
)


def change(connection: Connection) -> None:
    """Add the columns, and fill them from what the ledger knows."""
    for statement in _STATEMENTS:
        connection.execute(text(statement))
    orders = _ORDERS.c
    began = _first_named(connection)
    for order in connection.execute(select(_ORDERS).where(orders.state.in_(("held", "dropped")))).all():
        told = (
            _held(connection, order, began[order.key])
            if order.state == "held"
            else _dropped(connection, order)
        )
        connection.execute(update(_ORDERS).where(orders.key == order.key).values(told))
    take_over(connection)


def _dropped(connection: Connection, order: Row[Any]) -> dict[str, str]:
    said = _last(connection, order.key, _EVENTS.c.to_state == "dropped")
    return {"code": "S-DROPPED", "message": said.note if said else order.message}


def _held(connection: Connection, order: Row[Any], began: str) -> dict[str, str]:
    became = _last(connection, order.key, _EVENTS.c.to_state == "held", _EVENTS.c.from_state != "held")
    # An order may have been held from its very first record on, of which the log does not speak.
    since = became.at if became else began
    why = order.message or _why(connection, order, became, since)
    return {"code": "S-HELD", "message": why, "held_at": since}


def _why(connection: Connection, order: Row[Any], became: Row[Any] | None, since: str) -> str:
    if became and became.from_state == "dropped":
        said = _last(connection, order.key, _EVENTS.c.to_state == "dropped")
        by = " ({why})".format(why=said.note) if said and said.note else ""
        return "it was dropped before{by}{may_exist}.".format(
            by=by, may_exist="; it was sent before that, and may exist" if order.attempts else ""
        )
    if became and became.note:
        return str(became.note)
    alike = connection.execute(_alike(order, since)).first()
    if alike is None:
        return "an earlier version of this program held it and did not keep why."
    name = (
        alike.order_number
        or alike.order_id
        or "row {row} of run {run_id}".format(row=alike.sheet_row, run_id=alike.run_id)
    )
    return "the same product and quantity went to this customer on {day:%d-%b-%Y} ({order}).".format(
        day=datetime.fromisoformat(alike.sent_at), order=name
    )


def _last(connection: Connection, key: str, *conditions: Any) -> Row[Any] | None:
    """Return the last event of the order that meets the conditions."""
    events = _EVENTS.c
    wanted = select(_EVENTS).where(events.key == key, *conditions).order_by(events.number.desc()).limit(1)
    return connection.execute(wanted).first()


def _first_named(connection: Connection) -> dict[str, str]:
    """Return when the first run began that took up each held order, by key; the order's own run where no row says so."""
    orders, rows, runs = _ORDERS.c, _ROWS.c, _RUNS.c
    # In one reading of the rows, which no index finds by key. Measured: 24 ms an order one by one, with 100,000 rows.
    named = (
        select(rows.key, func.min(runs.started_at))
        .join_from(_ROWS, _RUNS, rows.run_id == runs.run_id)
        .join(_ORDERS, orders.key == rows.key)
        .where(orders.state == "held", rows.disposition == "to_send")
        .group_by(rows.key)
    )
    last = (
        select(orders.key, runs.started_at)
        .join_from(_ORDERS, _RUNS, orders.run_id == runs.run_id)
        .where(orders.state == "held")
    )
    return {key: moment for found in (last, named) for key, moment in connection.execute(found)}


def _alike(order: Row[Any], since: str) -> Select[Any]:
    """Return the newest order of the same that went out before this one was held."""
    orders = _ORDERS.c
    return (
        select(_ORDERS)
        .where(
            orders.account == order.account,
            orders.customer_id == order.customer_id,
            orders.mpn == order.mpn,
            orders.quantity == order.quantity,
            orders.state.in_(_MAY_EXIST),
            orders.sent_at <= since,
        )
        .order_by(orders.sent_at.desc())
        .limit(1)
    )
