"""How old the ledger of each account was when last used, kept apart from the ledger.

A ledger that was deleted or restored from an old backup is younger than its ledger_age: then the marketplace is
asked before anything is sent. The ledger_age itself decides nothing, and losing it loses nothing but that notice.
"""

import contextlib
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from bulk_orders.machine.private_files import make_folder, replace_text

WRITTEN_EVERY_S: Final = 0.2
"""A copy of the ledger that is younger than this when it is put back is not noticed."""


class LedgerAge(Protocol):
    """A number for each account that only grows."""

    def age(self, account: str) -> int:
        """The greatest age (`Ledger.age`) that was ever seen; 0 when nothing is known."""

    def record(self, account: str, age: Callable[[], int]) -> None:
        """Remember that the ledger was so old; `age` is asked only when it is due."""


class LedgerAgeFile:
    """The numbers in a small JSON file; one that cannot be read or written counts as unknown."""

    def __init__(self, path: Path, *, monotonic: Callable[[], float]) -> None:
        """Nothing is read or written yet. `monotonic` is in seconds."""
        self._path = path
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._written_s = float("-inf")

    def age(self, account: str) -> int:
        """See the protocol."""
        return self._read().get(account, 0)

    def record(self, account: str, age: Callable[[], int]) -> None:
        """See the protocol. Written aside and renamed, and not more often than `WRITTEN_EVERY_S`."""
        with self._lock:
            if self._monotonic() - self._written_s < WRITTEN_EVERY_S:
                return
            self._write(account, age())
            self._written_s = self._monotonic()

    def _write(self, account: str, age: int) -> None:
        numbers = self._read()
        numbers[account] = max(age, numbers.get(account, 0))
        with contextlib.suppress(OSError):
            make_folder(self._path.parent)
            replace_text(self._path, json.dumps(numbers, indent=1, sort_keys=True))

    def _read(self) -> dict[str, int]:
        try:
            numbers = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(numbers, dict):
            return {}
        return {str(account): age for account, age in numbers.items() if isinstance(age, int)}
