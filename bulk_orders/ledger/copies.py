"""Copies of a ledger: made while runs go on, and put back in its place.

SQLite copies a ledger that is in use as it was at one moment, with what is still in its log. A copy of the file alone,
made by other programs, may lack the newest orders.
"""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.faults import DAMAGED, LOCKED, LOCKED_FIX
from bulk_orders.ledger.file_safety import (
    UNUSABLE,
    check_existing,
    check_place,
    mounted,
    publish,
    resolved,
    sync_folder,
    unusable_because,
)
from bulk_orders.ledger.holding import held
from bulk_orders.ledger.interface import LedgerContents
from bulk_orders.ledger.migrations import FIRST_SCHEMA, SCHEMA_VERSION
from bulk_orders.ledger.tables import APPLICATION_ID
from bulk_orders.machine.places import check_new
from bulk_orders.machine.private_files import make_folder

_LOGS = ("-wal", "-shm", "-journal")
_KNOWS_ACCOUNTS = 2
"""The first schema with a table of accounts."""


def back_up(ledger: Path, target: Path) -> LedgerContents:
    """Copy the ledger into a new file, whole and durable before it has its name; runs may go on meanwhile.

    Raises `UsageError` where the target exists or its folder does not, `LedgerUnusable` when the ledger cannot be copied.
    """
    target = target.absolute()
    check_new(target, "ledger-backup.sqlite")
    with _told_of(ledger):
        check_existing(ledger)
        with unfinished_copy(target) as unfinished:
            copy_into(ledger, unfinished)
            found = _contents(unfinished, ledger)
            publish(unfinished, target)
    return found


def look_into(backup: Path, ledger: Path) -> LedgerContents:
    """Return what a backup or a ledger holds, read from a copy beside `ledger`: SQLite writes beside what it reads.

    Raises `LedgerUnusable` when it is not a sound ledger that this program knows.
    """
    with _told_of(backup):
        make_folder(ledger.parent)
        with unfinished_copy(ledger.with_name(f"{ledger.name}.looked-into")) as unfinished:
            _bring(backup, unfinished)
            return _contents(unfinished, backup)


def restore(ledger: Path, backup: Path) -> Path | None:
    """Put the backup in the ledger's place; return where the ledger that was there lies now.

    The restored one does not know itself for the file that it was, so its next run waits once for what may still be on
    its way. Raises `AnotherRunActive`, and `LedgerUnusable` when the backup is not sound; then all is as it was.
    """
    with _told_of(ledger):
        ledger = resolved(ledger)
        check_place(ledger, mounted())
        make_folder(ledger.parent)
        with held(ledger), unfinished_copy(ledger) as unfinished:
            _bring(backup, unfinished)
            _contents(unfinished, backup)
            _forget_the_file(unfinished)
            _flush(unfinished)
            aside = _set_aside(ledger) if ledger.exists() else None
            # A log that is left would be written into the restored file (sqlite.org/howtocorrupt.html 1.4).
            for end in _LOGS:
                ledger.with_name(f"{ledger.name}{end}").unlink(missing_ok=True)
            unfinished.replace(ledger)
            if sys.platform != "win32":
                sync_folder(ledger.parent)
    return aside


def schema_of(ledger: Path) -> str:
    """Return the statements that the ledger's tables were made with, and nothing that is in them."""
    with (
        _told_of(ledger),
        closing(sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True)) as connection,
    ):
        found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
        version = _one(connection, "PRAGMA user_version")[0]
        return "".join([f"-- schema {version}\n", *(f"{statement};\n" for (statement,) in found)])


def copy_into(ledger: Path, target: Path) -> None:
    """Copy a ledger that may be in use into an empty file, durably. Raises `OSError`, `sqlite3.Error`."""
    # A connection of its own: SQLite copies nothing for one that has begun to write.
    with (
        closing(sqlite3.connect(f"{ledger.as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        copy.execute("PRAGMA synchronous = FULL")
        copy.execute("PRAGMA fullfsync = ON")
        source.backup(copy, progress=_go_on)


@contextmanager
def unfinished_copy(target: Path) -> Iterator[Path]:
    """Make a new private file beside the target, and remove what is left of it at the end."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        _remove(unfinished)  # of a process that was killed
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield unfinished
    finally:
        _remove(unfinished)


def publish_beside(unfinished: Path, name: Path) -> Path:
    """Give the copy the first of `name`, `name-2`, `name-3` … that is free, durably, and return it."""
    number = 1
    while True:
        copy = name if number == 1 else name.with_name(f"{name.name}-{number}")
        try:
            publish(unfinished, copy)
        except FileExistsError:
            number += 1
        else:
            return copy


def _go_on(status: int, _remaining: int, _total: int) -> None:
    """Refuse what Python would otherwise wait for without end."""
    if status not in {sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE}:
        raise sqlite3.OperationalError(LOCKED)


def _bring(backup: Path, unfinished: Path) -> None:
    """Copy the backup's bytes, and its log where it was copied with one; nothing is written beside the backup."""
    for end in ("", "-wal"):
        source = backup.with_name(f"{backup.name}{end}")
        if not end or source.exists():
            shutil.copyfile(source, unfinished.with_name(f"{unfinished.name}{end}"))


_ANOTHER_BACKUP_FIX: Final = "Use another backup; nothing was changed."


def _contents(path: Path, named: Path) -> LedgerContents:
    """Check a copy that nobody else has open, take its log into it, and say what it holds."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        if _one(connection, "PRAGMA application_id") != (APPLICATION_ID,):
            raise LedgerUnusable(
                "{path} is not a ledger of bulk-orders.".format(path=named),
                fix="Name a file that `bulk-orders ledger backup` made, or a copy of a ledger.",
            )
        if not FIRST_SCHEMA <= _one(connection, "PRAGMA user_version")[0] <= SCHEMA_VERSION:
            raise LedgerUnusable(
                "The ledger {path} was written by a newer version of bulk-orders.".format(path=named),
                fix="Install that version, then restore it.",
            )
        if (found := _one(connection, "PRAGMA quick_check(1)")) != ("ok",):
            raise LedgerUnusable(DAMAGED.format(path=named, found=found[0]), fix=_ANOTHER_BACKUP_FIX)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (runs,) = _one(connection, "SELECT count(*) FROM runs")
        last = connection.execute("SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1").fetchone()
        (events,) = _one(connection, "SELECT count(*) FROM events")
    return LedgerContents(runs=runs, last_run=last[0] if last else "", events=events)


def _one(connection: sqlite3.Connection, query: str) -> tuple[Any, ...]:
    found: tuple[Any, ...] = connection.execute(query).fetchone()
    return found


def _forget_the_file(path: Path) -> None:
    """Erase from the copy which file it was: the system may give the new file the old number."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        if _one(connection, "PRAGMA user_version")[0] >= _KNOWS_ACCOUNTS:
            connection.execute("UPDATE accounts SET ledger_file = ''")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _set_aside(ledger: Path) -> Path:
    """Copy what is in the ledger's place, sound or not, with its log.

    Raises `LedgerUnusable` where somebody reads it: what is only in its log would be lost with the log.
    """
    is_read = False
    with suppress(sqlite3.Error), closing(sqlite3.connect(ledger, isolation_level=None)) as connection:
        is_read = bool(_one(connection, "PRAGMA wal_checkpoint(TRUNCATE)")[0])
    if is_read:
        raise LedgerUnusable(UNUSABLE.format(path=ledger, reason=LOCKED), fix=LOCKED_FIX)
    with unfinished_copy(ledger.with_name(f"{ledger.name}.aside")) as unfinished:
        shutil.copyfile(ledger, unfinished)
        _flush(unfinished)
        aside = publish_beside(unfinished, ledger.with_name(f"{ledger.name}.before-restore"))
        log = ledger.with_name(f"{ledger.name}-wal")
        if log.exists() and log.stat().st_size:
            shutil.copyfile(log, aside.with_name(f"{aside.name}-wal"))
    return aside


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Turn what the system or SQLite refuses into an error about the file."""
    try:
        yield
    except OSError as error:
        raise unusable_because(path, error) from error
    except sqlite3.Error as error:
        raise LedgerUnusable(
            UNUSABLE.format(path=path, reason=str(error)), fix=_ANOTHER_BACKUP_FIX
        ) from error


def _flush(path: Path) -> None:
    with path.open("r+b") as written:
        os.fsync(written.fileno())


def _remove(unfinished: Path) -> None:
    for end in ("", *_LOGS):
        unfinished.with_name(f"{unfinished.name}{end}").unlink(missing_ok=True)
