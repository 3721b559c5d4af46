"""What SQLite's errors mean to a person, and which of them end all trust in the open ledger."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, ProgrammingError

from bulk_orders.errors import AnotherRunActive, LedgerUnusable
from bulk_orders.ledger.file_safety import UNUSABLE

_ONE_WRITE_ONLY = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_RANGE,
        sqlite3.SQLITE_MISUSE,
    }
)

DAMAGED_FIX: Final = "Put its backup in its place, and keep the damaged file."
LOCKED: Final = "another program has kept it locked"
LOCKED_FOR_LONG: Final = "another program has kept it locked for 30 seconds"
CANNOT_TAKE: Final = "The ledger {path} cannot take this entry: {cause}."
UNFORESEEN_FIX: Final = "Run again; if it happens again, report it."
LOCKED_FIX: Final = "Close that program, then run again."
_MEANINGS = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Make room on the disk, then run again."),
    sqlite3.SQLITE_BUSY: (LOCKED_FOR_LONG, LOCKED_FIX),
    sqlite3.SQLITE_LOCKED: (LOCKED, LOCKED_FIX),
    sqlite3.SQLITE_READONLY: (
        "it cannot be written to",
        "Give yourself the right to write to it and its folder.",
    ),
    sqlite3.SQLITE_PERM: (
        "you are not allowed to open it",
        "Give yourself the right to read and write it and its folder.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "it cannot be opened",
        "Check that it and its folder still exist and can be written to.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "it is not a ledger, or it is damaged",
        "Choose another path for the ledger, or put its backup in its place.",
    ),
    sqlite3.SQLITE_CORRUPT: ("it is damaged", DAMAGED_FIX),
    sqlite3.SQLITE_IOERR: ("the disk failed while it was read or written", "Check the disk, then run again."),
}
_TRANSIENT = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY}
)
"""SQLite took back the whole transaction and is as sound as before, so a later write may go well."""


DAMAGED: Final = "The ledger {path} is damaged: {found}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error of the database, told to a person."""

    message: str
    fix: str
    is_final: bool
    """After it nothing more is written: what is on the disk is no longer known."""
    is_taken_over: bool = False
    """The ledger is sound, and another process sends with it."""

    def error(self) -> LedgerUnusable | AnotherRunActive:
        """Make a new error each time: one error raised in several threads would mix their tracebacks."""
        return (AnotherRunActive if self.is_taken_over else LedgerUnusable)(self.message, fix=self.fix)


def concerns_one_write(error: Exception) -> bool:
    """Tell whether only the write itself is at fault (a value that no column takes), not the disk or the file."""
    if isinstance(error, UnicodeEncodeError | OverflowError):
        return True
    code = primary_code(error)
    return code in _ONE_WRITE_ONLY or (
        code is None and isinstance(error, InterfaceError | ProgrammingError | DataError)
    )


def primary_code(error: Exception) -> int | None:
    """Return SQLite's result code without its refinement; `None` for an error that is not SQLite's."""
    code = getattr(_cause(error), "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def fault_of(path: Path, error: Exception) -> Fault:
    """Return what the error means; an unforeseen one is final."""
    cause = _cause(error)
    if concerns_one_write(error):
        return Fault(
            message=CANNOT_TAKE.format(path=path, cause=cause),
            fix="Report it.",
            is_final=False,
        )
    code = primary_code(error)
    reason, fix = _MEANINGS.get(code or 0, (f"{type(cause).__name__}: {cause}", UNFORESEEN_FIX))
    return Fault(message=UNUSABLE.format(path=path, reason=reason), fix=fix, is_final=code not in _TRANSIENT)


def _cause(error: Exception) -> BaseException:
    """Return the error without SQLAlchemy's wrapping, which quotes the statement."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
