"""Being the only process that sends with a ledger: a lock on a file beside it (`machine.file_lock`)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from bulk_orders.errors import AnotherRunActive
from bulk_orders.ledger.file_safety import FileIdentity, unusable_because
from bulk_orders.machine.file_lock import Holder, Taken, locked, locked_since

_GLANCE_S: Final = 0.3
"""Whoever only asks whether a ledger is held has its lock for an instant, and must not be taken for a run."""


HELD_FIX: Final = "Wait until it has ended, or look at it with: bulk-orders history"


def in_use(ledger: Path | str, holder: str = "") -> AnotherRunActive:
    """Make the error for a ledger that somebody else holds, whom `said` describes."""
    return AnotherRunActive(
        "Another run is using the ledger {path}{holder}.".format(path=ledger, holder=holder), fix=HELD_FIX
    )


@contextmanager
def held(
    ledger: Path,
    *,
    patience_s: float = _GLANCE_S,
    refusal: Callable[[Path, str], AnotherRunActive] = in_use,
) -> Iterator[FileIdentity]:
    """Hold the ledger during the block, and know its lock file.

    Raises `AnotherRunActive` when somebody else holds it for longer than `patience_s`: what `refusal` makes of the ledger
    and of the holder, in words that follow the ledger's name.
    """
    path = _lock_of(ledger)
    with ExitStack() as closing:
        try:
            closing.enter_context(locked(path, _note_of(ledger), patience_s=patience_s))
        except Taken as taken:
            raise refusal(ledger, said(taken.holder)) from taken
        except OSError as error:
            raise unusable_because(path, error) from error
        yield FileIdentity.of(path)


def held_since(ledger: Path) -> datetime | None:
    """Return when the ledger's present holder signed its note; None if nobody holds it or the note is missing."""
    return locked_since(_lock_of(ledger), _note_of(ledger))


def said(holder: Holder | None) -> str:
    """Say who holds a ledger, in words that follow its name; nothing of nobody."""
    return (
        " (process {pid} on {host}, since {since:%Y-%m-%d %H:%M:%S} UTC)".format(
            pid=holder.pid, host=holder.host, since=holder.since
        )
        if holder
        else ""
    )


def _lock_of(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.lock")


def _note_of(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}.holder")
