"""The practice marketplace's memory on disk: one JSON line for each committed order.

It survives the killing of the process, not the loss of power: every line is handed to the operating system
before the order is answered, but not forced to the disk. One process at a time may use a file.
"""

import json
import os
from pathlib import Path
from typing import Any, Protocol

from bulk_orders.errors import SetupError
from bulk_orders.machine.private_files import opener


class Journal(Protocol):
    """Where the simulator notes a committed order before it answers."""

    def append(self, record: dict[str, Any]) -> None:
        """Keep the record; when this raises, the order is not answered."""


class JournalFile:
    """A file of JSON lines, readable by its owner only, created when it does not exist.

    A last line that was torn by a crash is cut off: its order was never answered, so nobody learnt of it.
    """

    def __init__(self, path: Path) -> None:
        """Open the file; raises `SetupError` when it, or a line before the last, cannot be read."""
        try:
            self._descriptor = opener(str(path), os.O_RDWR | os.O_CREAT | os.O_APPEND)
        except OSError as error:
            raise SetupError(
                "The practice marketplace cannot keep its orders in {path}: {reason}.".format(
                    path=path, reason=error.strerror
                ),
                fix="Name a file in a folder that exists and that you may write to.",
            ) from error
        whole, _, torn = path.read_bytes().rpartition(b"\n")
        if torn:
            os.ftruncate(self._descriptor, len(whole) + 1 if whole else 0)
        try:
            self.records: list[dict[str, Any]] = [json.loads(line) for line in whole.splitlines()]
        except ValueError as error:
            self.close()
            raise SetupError(
                "{path} is not a journal of the practice marketplace: {error}.".format(
                    path=path, error=error
                ),
                fix="Name another file, or delete this one to start with no orders.",
            ) from error

    def append(self, record: dict[str, Any]) -> None:
        """Add one line with a single write."""
        os.write(self._descriptor, json.dumps(record, separators=(",", ":")).encode() + b"\n")

    def close(self) -> None:
        """Close the file; records already read stay."""
        os.close(self._descriptor)
