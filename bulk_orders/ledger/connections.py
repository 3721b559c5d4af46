"""Making a ledger's file, and the connections to it.

It knows SQLite's settings and the file's header; what the tables hold is not its business.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine
from sqlalchemy.exc import DBAPIError

from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.accounts import accounts
from bulk_orders.ledger.faults import DAMAGED, DAMAGED_FIX, fault_of
from bulk_orders.ledger.file_safety import UNSAFE_PLACE_FIX, FileIdentity, check_absent, check_intact, publish
from bulk_orders.ledger.migrations import SCHEMA_VERSION
from bulk_orders.ledger.schema_version import check_known, note_schema_version, schema_version
from bulk_orders.ledger.tables import APPLICATION_ID
from bulk_orders.ledger.upgrade import bring_up_to_date
from bulk_orders.machine.private_files import make_folder

BUSY_TIMEOUT_S: Final = 30.0
CHECKED_UP_TO_BYTES: Final = 256 * 1024 * 1024
"""A ledger up to this size is checked at every opening, a larger one only after a crash. Measured: the check
takes 0.6 s per GiB when the file is in memory; a cold disk takes longer."""

_SETTINGS: Final = (
    "PRAGMA synchronous = FULL",
    # On macOS only: there an fsync without it stays in the drive's cache.
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA foreign_keys = ON",
    # What is overwritten or deleted leaves no customer data behind in free pages.
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
)


def create(path: Path) -> None:
    """Make a new ledger, whole before it has its name, unless another process does so at the same moment. Raises `OSError` too."""
    check_absent(path)
    try:
        make_folder(path.parent)
        # 0600, whatever the umask.
        descriptor, unfinished = tempfile.mkstemp(prefix=f"{path.name}.new-", dir=path.parent)
        os.close(descriptor)
        finished = Path(unfinished)
        try:
            _fill(finished)
            publish(finished, path)
        except FileExistsError:
            pass  # somebody else's, and as good as ours
        finally:
            # Where the disk failed SQLite leaves the log, too.
            for end in ("", "-wal", "-shm"):
                Path(f"{unfinished}{end}").unlink(missing_ok=True)
    except DBAPIError as error:
        raise fault_of(path, error).error() from error


def _fill(path: Path) -> None:
    engine = engine_for(FileIdentity.of(path), pooled=False, writes=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        accounts.metadata.create_all(connection, checkfirst=False)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        note_schema_version(connection, SCHEMA_VERSION)
        connection.exec_driver_sql("COMMIT")
        # The file alone gets the name, so all has to be in it; closing would do the same and tell no error of a full disk.
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def engine_for(identity: FileIdentity, *, pooled: bool, writes: bool) -> Engine:
    """Connect to that very file; transactions begin only when they are told to."""
    return create_engine(
        "sqlite+pysqlite://",
        creator=_connector(identity, writes=writes),
        isolation_level="AUTOCOMMIT",
        # Without a limit, for reading never waits.
        **(
            {"poolclass": QueuePool, "pool_size": 4, "max_overflow": -1}
            if pooled
            else {"poolclass": NullPool}
        ),
        # Bodies are customers' data, and error messages end in logs.
        hide_parameters=True,
    )


def _connector(identity: FileIdentity, *, writes: bool) -> Callable[[], sqlite3.Connection]:
    def connect() -> sqlite3.Connection:
        # `rw`: never makes a file where the ledger was taken away.
        connection = sqlite3.connect(
            f"{identity.path.as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_TIMEOUT_S,
            check_same_thread=False,
            isolation_level=None,
        )
        try:
            for setting in (*_SETTINGS, f"PRAGMA query_only = {'OFF' if writes else 'ON'}"):
                connection.execute(setting)
            check_intact(identity)
        except BaseException:
            connection.close()
            raise
        return connection

    return connect


def connect_writer(identity: FileIdentity) -> Connection:
    """Open the writing connection to a sound and current ledger. Raises `LedgerUnusable`, `AnotherRunActive`."""
    path = identity.path
    # Whoever closes a ledger last removes its log; one that is there tells of a crash, or of somebody at work.
    is_log_left = path.with_name(f"{path.name}-wal").exists()
    try:
        connection = engine_for(identity, pooled=False, writes=True).connect()
        try:
            _check_header(connection, path)
            is_older = schema_version(connection) < SCHEMA_VERSION
            if is_older or is_log_left or path.stat().st_size <= CHECKED_UP_TO_BYTES:
                _check_content(connection, path)
            if is_older:
                bring_up_to_date(connection, path)
        except BaseException:
            connection.close()
            raise
    except DBAPIError as error:
        raise fault_of(path, error).error() from error
    return connection


def _check_header(connection: Connection, path: Path) -> None:
    application_id = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if application_id != APPLICATION_ID:
        raise LedgerUnusable(
            "The file {path} is another program's database.".format(path=path),
            fix="Choose another path for the ledger.",
        )
    check_known(connection, path)
    if connection.exec_driver_sql("PRAGMA journal_mode = WAL").scalar_one() != "wal":
        raise LedgerUnusable(
            "The ledger {path} is in a place where SQLite cannot keep it safe.".format(path=path),
            fix=UNSAFE_PLACE_FIX,
        )


def _check_content(connection: Connection, path: Path) -> None:
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if found != "ok":
        raise LedgerUnusable(DAMAGED.format(path=path, found=found), fix=DAMAGED_FIX)
