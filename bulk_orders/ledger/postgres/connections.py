"""Connections to a ledger's database, each set up and looked at before it is used.

It knows PostgreSQL's settings; what the tables hold is not its business.
"""

from collections.abc import Callable
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event

from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.file_safety import UNUSABLE
from bulk_orders.ledger.postgres.address import Address

OLDEST_SERVER: Final = 14
LOCK_TIMEOUT_S: Final = 30
IDLE_S: Final = 10
"""A transaction whose client fell silent for so long is ended by the server, and lets the others go on."""

_POOLED: Final[dict[str, Any]] = {
    "poolclass": QueuePool,
    "pool_size": 4,
    "max_overflow": 12,
    # A server has few connections, and reading takes milliseconds: who comes when all are used waits.
    "pool_timeout": 120.0,
}
_SETTINGS: Final = (
    f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'",
    f"SET idle_in_transaction_session_timeout = '{IDLE_S}s'",
    "SET default_transaction_isolation = 'read committed'",
    # A commit is on the server's disk when it returns, and on a synchronous standby's where there is one.
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') <> 'remote_apply'",
)
_PROMISES: Final = (
    "SELECT current_setting('server_encoding'), current_setting('fsync'), current_setting('full_page_writes')"
)
_WHICH: Final = """SELECT
    (SELECT system_identifier FROM pg_control_system()) || ' '
    || CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END || ' '
    || (SELECT oid FROM pg_database WHERE datname = current_database()) || ' '
    || coalesce(to_regclass('events')::oid::text, '')"""
_DURABLE_FIX: Final = "Switch them on in the server's configuration, or use another server."


def connect(address: Address) -> "psycopg.Connection[Any]":
    """Open a connection that begins no transactions by itself. Raises `psycopg.Error`."""
    connection: psycopg.Connection[Any] = psycopg.connect(**address.parameters, autocommit=True)
    try:
        for setting in _SETTINGS:
            connection.execute(setting)
    except BaseException:
        connection.close()
        raise
    return connection


def driver_of(connection: Connection) -> "psycopg.Connection[Any]":
    """Return the driver's own connection. Raises `TypeError` where it is another driver's."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("the connection is not psycopg's")
    return driver


def which(connection: "psycopg.Connection[Any]") -> str:
    """Return which database this is; it differs once it was restored, copied, or taken over by a standby.

    System identifier, timeline, and the numbers of the database and of the table of events; the last is missing before
    there is a ledger.
    """
    (found,) = connection.execute(_WHICH).fetchone() or ("",)
    return str(found)


def check_server(connection: "psycopg.Connection[Any]", address: Address) -> None:
    """Raise `LedgerUnusable` when the server is too old, or does not keep what it was given."""
    if connection.info.server_version < OLDEST_SERVER * 10_000:
        raise LedgerUnusable(
            "The ledger {path} is on PostgreSQL {found}, and needs {needed} or newer.".format(
                path=address.name, found=connection.info.server_version // 10_000, needed=OLDEST_SERVER
            ),
            fix="Upgrade the server, or use another one.",
        )
    encoding, *durable = connection.execute(_PROMISES).fetchone() or ("", "")
    if encoding != "UTF8":
        raise LedgerUnusable(
            "The ledger {path} is in a database with the encoding {encoding}.".format(
                path=address.name, encoding=encoding
            ),
            fix="Create a database with the encoding UTF8, and name that.",
        )
    if set(durable) != {"on"}:
        raise LedgerUnusable(
            "The server of the ledger {path} may lose what it recorded: fsync or full_page_writes is off.".format(
                path=address.name
            ),
            fix=_DURABLE_FIX,
        )


def engine_for(address: Address, expected: str | None, *, pooled: bool, writes: bool) -> Engine:
    """Connect to that very database (`which`), or to any; transactions begin only when they are told to."""
    engine = create_engine(
        "postgresql+psycopg://",
        creator=_connector(address, expected, writes=writes),
        isolation_level="AUTOCOMMIT",
        use_native_hstore=False,
        **(_POOLED if pooled else {"poolclass": NullPool}),
        # Bodies are customers' data, and error messages end in logs.
        hide_parameters=True,
    )
    event.listen(engine, "after_cursor_execute", _count_silence_again)
    return engine


def _count_silence_again(
    _connection: Connection,
    cursor: "psycopg.Cursor[Any]",
    _statement: str,
    _parameters: Any,
    _context: Any,
    executemany: bool,
) -> None:
    """Let the server count `IDLE_S` after many rows, too: the driver sends them in a way after which it does not."""
    if executemany:
        cursor.connection.execute("SELECT")


def _connector(
    address: Address, expected: str | None, *, writes: bool
) -> Callable[[], "psycopg.Connection[Any]"]:
    def open_checked() -> psycopg.Connection[Any]:
        connection = connect(address)
        try:
            if not writes:
                connection.execute("SET default_transaction_read_only = on")
            if expected is not None:
                check_same(connection, address, expected)
        except BaseException:
            connection.close()
            raise
        return connection

    return open_checked


def check_same(connection: "psycopg.Connection[Any]", address: Address, expected: str) -> None:
    """Raise `LedgerUnusable` when this is not the database that was opened."""
    if which(connection) != expected:
        raise LedgerUnusable(
            UNUSABLE.format(
                path=address.name,
                reason="it was restored, replaced or taken over by a standby while it was in use",
            ),
            fix="Run again; what was sent in between is looked up, not sent again.",
        )
