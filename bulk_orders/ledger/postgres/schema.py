"""The tables of a ledger's database: made where there are none, and brought up to date by the same migrations as a file's.

PostgreSQL changes tables within transactions, so that a crash leaves the schema before a migration or the one after it. A
copy beforehand is the owner's: a server has backups.
"""

import logging
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, func, select

from bulk_orders.core.version import VERSION
from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.accounts import accounts
from bulk_orders.ledger.migrations import MIGRATIONS, SCHEMA_VERSION, Migration
from bulk_orders.ledger.postgres.last_writes import CREATE_LAST_WRITES, FORGET_OLD_LANES
from bulk_orders.ledger.postgres.leases import CREATE_LEASES
from bulk_orders.ledger.postgres.paces import CREATE_PACES
from bulk_orders.ledger.postgres.sharing_tables import CREATE_CHUNKS, CREATE_SHARED_RUNS, CREATE_WORKERS
from bulk_orders.ledger.schema_version import check_version
from bulk_orders.ledger.tables import schema_versions

BEGIN: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
"""Each statement sees what was committed before it began: after `ONE_AFTER_THE_OTHER` everything that others wrote."""
ONE_AFTER_THE_OTHER: Final = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema(), 20261122))"
"""All write transactions of one ledger wait for each other here: the log is a chain, and a takeover has to see every attempt."""
_HAS_TABLES: Final = "SELECT to_regclass('schema_versions') IS NOT NULL"
_IS_READ_ONLY: Final = "SELECT current_setting('transaction_read_only') = 'on'"
_STRANGERS: Final = """SELECT count(*) FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace AND relname IN ('orders', 'events', 'runs')"""

logger = logging.getLogger("bulk_orders")


def bring_up_to_date(
    connection: Connection, name: str, *, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Make the tables, or carry out the migrations that they lack, within the caller's transaction.

    Raises `LedgerUnusable` for tables of a newer program, or of another one.
    """
    connection.exec_driver_sql(ONE_AFTER_THE_OTHER)
    if not connection.exec_driver_sql(_HAS_TABLES).scalar_one():
        _create(connection, name)
        return
    version = schema_version(connection)
    check_version(connection, name, version)
    for migration in migrations:
        if version < migration.number:
            migration.change(connection)
            note_schema_version(connection, migration.number)
            logger.info("ledger %s has schema %d now: %s", name, migration.number, migration.says)
    if not connection.exec_driver_sql(_IS_READ_ONLY).scalar_one():  # a standby's ledger can be read
        connection.exec_driver_sql(FORGET_OLD_LANES)


def schema_version(connection: Connection) -> int:
    """Return the number of the schema."""
    return int(connection.execute(select(func.max(schema_versions.c.number))).scalar_one())


def note_schema_version(connection: Connection, number: int) -> None:
    """Write, in the caller's transaction, that the ledger has this schema now, and which program gave it."""
    connection.execute(schema_versions.insert().values(number=number, program_version=VERSION))


def _create(connection: Connection, name: str) -> None:
    if connection.exec_driver_sql(_STRANGERS).scalar_one():
        raise LedgerUnusable(
            "The database of the ledger {path} has tables of another program.".format(path=name),
            fix="Create a database for the ledger alone, and name that.",
        )
    accounts.metadata.create_all(connection, checkfirst=False)
    for statement in (
        *(CREATE_LAST_WRITES, CREATE_LEASES, CREATE_PACES),
        *(CREATE_SHARED_RUNS, CREATE_CHUNKS, CREATE_WORKERS),
    ):
        connection.exec_driver_sql(statement)
    note_schema_version(connection, SCHEMA_VERSION)
