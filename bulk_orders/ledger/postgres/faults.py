"""What PostgreSQL's errors mean to a person, and which of them end all trust in the open ledger."""

from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError

from bulk_orders.ledger.faults import CANNOT_TAKE, LOCKED_FOR_LONG, UNFORESEEN_FIX, Fault
from bulk_orders.ledger.file_safety import UNUSABLE

_LOOK_FIX: Final = "Check the ledger URL, and that the database runs and can be reached. Then run again."
_MEANINGS: Final = {
    "53100": ("the disk of its server is full", "Make room on that disk, then run again."),
    "53300": ("its server has no connection left", "Allow it more connections, or end other programs."),
    "55P03": (
        LOCKED_FOR_LONG,
        "Look for transactions that do not end, then run again.",
    ),
    "25006": (
        "its server takes no writes",
        "Name the primary server in the ledger URL, then run again.",
    ),
    "42501": (
        "its user may not read and write it",
        "Give the user all rights to the ledger's tables, and to create tables in its schema.",
    ),
    "3D000": ("there is no such database", "Create it, or correct the ledger URL."),
}
"""By SQLSTATE."""
_TRANSIENT: Final = frozenset({"53100", "53300", "55P03"})
"""The server took back the whole transaction and is as sound as before, so a later write may go well."""
_AGAIN: Final = frozenset({"40001", "40P01"})
"""It took back the transaction only because of another one."""
_GONE: Final = ("08", "57P01", "57P02", "57P03", "25P03")
"""The connection or the server ended, or is not there yet."""


def is_gone(error: BaseException) -> bool:
    """Tell whether the error ended the connection, or kept it from being made: a new one may do better."""
    cause = _cause(error)
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return cause.sqlstate.startswith(_GONE) if cause.sqlstate else True


def is_to_be_repeated(error: BaseException) -> bool:
    """Tell whether the same transaction may go well at once."""
    return _state(error) in _AGAIN


def concerns_one_write(error: Exception) -> bool:
    """Tell whether only the write itself is at fault (a value that no column takes), not the database."""
    if isinstance(error, UnicodeEncodeError | OverflowError):
        return True
    cause, state = _cause(error), _state(error)
    if state:
        return state.startswith(("22", "23"))
    return isinstance(cause, psycopg.DataError | psycopg.ProgrammingError | psycopg.NotSupportedError)


def fault_of(name: str, error: Exception) -> Fault:
    """Return what the error means; an unforeseen one is final."""
    cause, state = _cause(error), _state(error)
    said = _said(cause)
    if concerns_one_write(error):
        return Fault(
            message=CANNOT_TAKE.format(path=name, cause=said),
            fix="Report it.",
            is_final=False,
        )
    if state in _MEANINGS:
        reason, fix = _MEANINGS[state]
    elif is_gone(error):
        reason, fix = "there is no connection to its database ({said})".format(said=said), _LOOK_FIX
    else:
        reason, fix = f"{type(cause).__name__}: {said}", UNFORESEEN_FIX
    return Fault(message=UNUSABLE.format(path=name, reason=reason), fix=fix, is_final=state not in _TRANSIENT)


def _cause(error: BaseException) -> BaseException:
    """Return the error without SQLAlchemy's wrapping, which quotes the statement."""
    return error.orig if isinstance(error, DBAPIError) and error.orig is not None else error


def _state(error: BaseException) -> str:
    cause = _cause(error)
    return (cause.sqlstate or "") if isinstance(cause, psycopg.Error) else ""


def _said(cause: BaseException) -> str:
    """Return the first line of what the server said: the lines after it may quote values, which are customers' data."""
    diagnosed = cause.diag.message_primary if isinstance(cause, psycopg.Error) else None
    lines = (diagnosed or str(cause)).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(cause).__name__
