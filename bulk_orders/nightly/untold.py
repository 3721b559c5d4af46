"""What nights did and told nobody: a night that is killed leaves it here, and the next one tells it.

Each file is noted as it is taken and as it ends; the notes go when people have been told. So a result may be told twice, and is never
lost in silence.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bulk_orders.errors import ExitCode
from bulk_orders.machine.private_files import opener
from bulk_orders.nightly.folders import Claim
from bulk_orders.nightly.open_runs import result_of, run_of_file, with_results
from bulk_orders.nightly.parts import NightParts
from bulk_orders.nightly.results import FileResult, file_json, file_of
from bulk_orders.runs.follow import end_of

_NAME: Final = "untold.jsonl"
_TAKEN: Final = "taken"
_GIVEN_BACK: Final = "given_back"
_ENDED: Final = "ended"
"""The file whose result the line has, if it was taken by a night; `null` for a run that was resumed."""
_RESULT: Final = "result"
CUT_OFF_FIX: Final = "Look for the file in {path}; nothing of it was sent."


class Untold:
    """The notes of one inbox. Where they cannot be written, a night goes on: it tells what it did unless it is killed."""

    def __init__(self, parts: NightParts) -> None:
        """Read nothing yet."""
        self._parts = parts
        self._path = parts.folders.work / _NAME

    def take(self, claim: Claim) -> None:
        """Note that a file was taken."""
        self._note({_TAKEN: str(claim.path)})

    def give_back(self, claim: Claim) -> None:
        """Note that a file is in the inbox again."""
        self._note({_GIVEN_BACK: str(claim.path)})

    def end(self, found: FileResult, claim: Claim | None = None) -> None:
        """Note what becomes of a file, before it is put away, or of a run that was resumed; a later note replaces it."""
        self._note({_ENDED: str(claim.path) if claim else None, _RESULT: file_json(found)})

    def told(self) -> None:
        """Forget everything: people know it."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def left(self) -> list[FileResult]:
        """Return what earlier nights told nobody; of a file that was put away without a note, what the ledger knows of it.

        What this night will go on with, and so report itself, is left out. Raises `LedgerUnusable`.
        """
        left: dict[str, FileResult | None] = {}
        for line in self._lines():
            if _RESULT in line:
                found = file_of(line[_RESULT])
                left[line[_ENDED] or found.run_id] = found
            elif _TAKEN in line:
                left[line[_TAKEN]] = None
            else:
                left.pop(line[_GIVEN_BACK], None)
        results: dict[str, FileResult] = {}
        for path, noted in left.items():
            if not (noted and noted.is_open) and not Path(path).exists():
                found = noted or self._cut_off(Path(path))
                results[found.run_id or path] = found
        return list(results.values())

    def _cut_off(self, path: Path) -> FileResult:
        run = run_of_file(self._parts, path)
        if run is not None:
            return result_of(end_of(self._parts.services, with_results(self._parts, run)))
        fix = CUT_OFF_FIX.format(path=self._parts.folders.root)
        return FileResult(
            name=path.name,
            exit_code=ExitCode.GUARD,
            what="The night was cut off while it put the file away.",
            fix=fix,
        )

    def _note(self, line: dict[str, Any]) -> None:
        with suppress(OSError), open(self._path, "a", encoding="utf-8", opener=opener) as file:
            file.write("\n" + json.dumps(line) + "\n")  # a kill may have cut the line before it off
            file.flush()
            os.fsync(file.fileno())

    def _lines(self) -> Iterator[dict[str, Any]]:
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return
        for line in lines:
            with suppress(ValueError):  # the kill came in the middle of it
                yield json.loads(line)
