"""Which schema a ledger's file has: a number in SQLite's own header, which every version of the program looks at first."""

from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from bulk_orders.core.version import VERSION
from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.migrations import FIRST_SCHEMA, SCHEMA_VERSION
from bulk_orders.ledger.tables import schema_versions


def schema_version(connection: Connection) -> int:
    """Return the number of the ledger's schema."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def note_schema_version(connection: Connection, number: int) -> None:
    """Write, in the caller's transaction, that the ledger has this schema now, and which program gave it."""
    connection.execute(schema_versions.insert().values(number=number, program_version=VERSION))
    connection.exec_driver_sql(f"PRAGMA user_version = {number}")


def check_known(connection: Connection, path: Path) -> None:
    """Raise `LedgerUnusable` when the ledger's schema is newer than this program, or none that ever was."""
    check_version(connection, path, schema_version(connection))


def check_version(connection: Connection, path: object, version: int) -> None:
    """Raise `LedgerUnusable` when a ledger with this schema is newer than this program, or none that ever was."""
    if version < FIRST_SCHEMA:
        raise LedgerUnusable(
            "The ledger {path} has an unknown format ({version}).".format(path=path, version=version),
            fix="Put its backup in its place.",
        )
    if version <= SCHEMA_VERSION:
        return
    writer = _written_by(connection, version)
    raise LedgerUnusable(
        (
            "The ledger {path} was written by a newer version of "
            "bulk-orders{writer} (its format is {version}, this one knows {known})."
        ).format(path=path, writer=writer, version=version, known=SCHEMA_VERSION),
        fix="Update bulk-orders{wanted}, or choose another ledger.".format(
            wanted=" to version{writer} or later".format(writer=writer) if writer else ""
        ),
    )


def _written_by(connection: Connection, number: int) -> str:
    """Return the version of the program that gave the ledger its schema; empty where a newer one stores it elsewhere."""
    versions = schema_versions.c
    try:
        found = connection.execute(select(versions.program_version).where(versions.number == number)).scalar()
    except DBAPIError:
        return ""
    return f" {found}" if found else ""
