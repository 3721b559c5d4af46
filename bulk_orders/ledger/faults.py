"""What SQLite's errors mean to a person, and which of them end all trust in the open ledger."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, ProgrammingError

from bulk_orders.errors import LedgerUnusable
from bulk_orders.texts import ledger as words

_ONE_WRITE_ONLY = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_TOOBIG,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_RANGE,
        sqlite3.SQLITE_MISUSE,
    }
)

_MEANINGS = {
    sqlite3.SQLITE_FULL: (words.DISK_FULL, words.DISK_FULL_FIX),
    sqlite3.SQLITE_BUSY: (words.BUSY, words.LOCKED_FIX),
    sqlite3.SQLITE_LOCKED: (words.LOCKED, words.LOCKED_FIX),
    sqlite3.SQLITE_READONLY: (words.READ_ONLY, words.READ_ONLY_FIX),
    sqlite3.SQLITE_PERM: (words.NOT_OURS, words.NOT_OURS_FIX),
    sqlite3.SQLITE_CANTOPEN: (words.CANNOT_OPEN, words.CANNOT_OPEN_FIX),
    sqlite3.SQLITE_NOTADB: (words.NO_LEDGER, words.NO_LEDGER_FIX),
    sqlite3.SQLITE_CORRUPT: (words.IT_IS_DAMAGED, words.DAMAGED_FIX),
    sqlite3.SQLITE_IOERR: (words.DISK_FAILED, words.DISK_FAILED_FIX),
}
_TRANSIENT = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY}
)
"""SQLite took back the whole transaction and is as sound as before, so a later write may go well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error of the database, told to a person."""

    message: str
    fix: str
    is_final: bool
    """After it nothing more is written: what is on the disk is no longer known."""

    def error(self) -> LedgerUnusable:
        """Make a new error each time: one error raised in several threads would mix their tracebacks."""
        return LedgerUnusable(self.message, fix=self.fix)


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
            message=words.ENTRY_REFUSED.format(path=path, cause=cause),
            fix=words.ENTRY_REFUSED_FIX,
            is_final=False,
        )
    code = primary_code(error)
    reason, fix = _MEANINGS.get(code or 0, (f"{type(cause).__name__}: {cause}", words.UNFORESEEN_FIX))
    return Fault(
        message=words.UNUSABLE.format(path=path, reason=reason), fix=fix, is_final=code not in _TRANSIENT
    )


def _cause(error: Exception) -> BaseException:
    """Return the error without SQLAlchemy's wrapping, which quotes the statement."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
