"""A lock that one process holds by a file, and a note beside it that says which process.

The lock is the operating system's, so it ends with its process however that ends. The file stays: a lock file that is
deleted can be held twice (measured). The note is another file, for older versions of filelock empty the locked one.
"""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from bulk_orders.machine.private_files import replace_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The process that holds a lock, as its note says."""

    pid: int
    host: str
    since: datetime


class Taken(Exception):
    """Another process holds the lock."""

    def __init__(self, holder: Holder | None) -> None:
        """Take who holds it; None if it has only just begun, or could not write its note."""
        super().__init__()
        self.holder = holder


@contextmanager
def locked(path: Path, note: Path, *, patience_s: float) -> Iterator[None]:
    """Hold the lock during the block. Raises `Taken` if another process has it for longer than `patience_s`, or `OSError`."""
    lock = FileLock(path, timeout=patience_s, mode=0o600, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise Taken(_holder(note)) from error
    try:
        _sign(note)
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def locked_since(path: Path, note: Path) -> datetime | None:
    """Return when the lock's present holder signed its note; None if nobody holds it or the note is missing."""
    with suppress(OSError):
        if not path.exists():
            return None
        try:
            with FileLock(path, timeout=0, mode=0o600, thread_local=False):
                return None
        except Timeout:
            return _signed_at(note)
    return None


def _sign(note: Path) -> None:
    """Say who holds it; without the note (a full disk) the lock holds as well."""
    with suppress(OSError):
        note.unlink(missing_ok=True)  # of a holder that was killed
        replace_text(note, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))


def _holder(note: Path) -> Holder | None:
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        return Holder(pid=said["pid"], host=said["host"], since=_signed_at(note))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _signed_at(note: Path) -> datetime:
    return datetime.fromtimestamp(note.stat().st_mtime, UTC)
