"""Being the only process that sends with a ledger: a lock on a file beside it, and a note of who holds it.

The lock is the operating system's, so it ends with its process however that ends. The file stays: a lock file that is
deleted can be held twice (measured). The note is another file, for older versions of filelock empty the locked one.
"""

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from bulk_orders.errors import AnotherRunActive
from bulk_orders.ledger.file_safety import FileIdentity, unusable_because
from bulk_orders.machine.private_files import replace_text
from bulk_orders.texts import ledger as words

_GLANCE_S: Final = 0.3
"""Whoever only asks whether a ledger is held has its lock for an instant, and must not be taken for a run."""


def _in_use(ledger: Path, holder: str) -> AnotherRunActive:
    return AnotherRunActive(words.HELD.format(path=ledger, holder=holder), fix=words.HELD_FIX)


@contextmanager
def held(
    ledger: Path,
    *,
    patience_s: float = _GLANCE_S,
    refusal: Callable[[Path, str], AnotherRunActive] = _in_use,
) -> Iterator[FileIdentity]:
    """Hold the ledger during the block, and know its lock file.

    Raises `AnotherRunActive` when somebody else holds it for longer than `patience_s`: what `refusal` makes of the ledger
    and of the holder, in words that follow the ledger's name.
    """
    path, note = _lock_of(ledger), _note_of(ledger)
    lock = FileLock(path, timeout=patience_s, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise refusal(ledger, _holder(note)) from error
    except OSError as error:
        raise unusable_because(path, error) from error
    try:
        _sign(note)
        yield FileIdentity.of(path)
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def held_since(ledger: Path) -> datetime | None:
    """Return when the ledger's present holder signed its note; None if nobody holds it or the note is missing."""
    path = _lock_of(ledger)
    with suppress(OSError):
        if not path.exists():
            return None
        try:
            with FileLock(path, timeout=0, mode=0o600, thread_local=False):
                return None
        except Timeout:
            return _signed_at(_note_of(ledger))
    return None


def _lock_of(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.lock")


def _note_of(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.holder")


def _sign(note: Path) -> None:
    """Say who holds it; without the note (a full disk) the lock holds as well."""
    with suppress(OSError):
        note.unlink(missing_ok=True)  # of a holder that was killed
        replace_text(note, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))


def _holder(note: Path) -> str:
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        return words.HOLDER.format(pid=said["pid"], host=said["host"], since=_signed_at(note))
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # it has only just begun


def _signed_at(note: Path) -> datetime:
    return datetime.fromtimestamp(note.stat().st_mtime, UTC)
