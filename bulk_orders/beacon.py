"""How many runs of each account there were, kept apart from the ledger.

A ledger that was deleted or restored from an old backup knows fewer runs than its beacon: then the marketplace is
asked before anything is sent. The beacon itself decides nothing, and losing it loses nothing but that notice.
"""

import contextlib
import json
import os
from pathlib import Path
from typing import Protocol


class Beacon(Protocol):
    """A number for each account that only grows."""

    def runs(self, account: str) -> int:
        """The most runs of the account that were ever counted; 0 when nothing is known."""

    def raise_to(self, account: str, runs: int) -> None:
        """Remember that there were `runs`."""


class BeaconFile:
    """The numbers in a small JSON file; one that cannot be read or written counts as unknown."""

    def __init__(self, path: Path) -> None:
        """Nothing is read or written yet."""
        self._path = path

    def runs(self, account: str) -> int:
        """See the protocol."""
        return self._read().get(account, 0)

    def raise_to(self, account: str, runs: int) -> None:
        """See the protocol. Written aside and renamed."""
        numbers = self._read()
        numbers[account] = max(runs, numbers.get(account, 0))
        aside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside.write_text(json.dumps(numbers, indent=1, sort_keys=True), encoding="utf-8")
            aside.chmod(0o600)
            aside.replace(self._path)

    def _read(self) -> dict[str, int]:
        try:
            numbers = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(numbers, dict):
            return {}
        return {str(account): runs for account, runs in numbers.items() if isinstance(runs, int)}
