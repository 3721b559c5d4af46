"""Answers of the marketplace that outlive a check: so that one that was interrupted goes on, and drafts are used again.

A small file of lines beside the ledger, for its owner only. Answers are kept until a check comes to its end, and never for
longer than four hours, because what they say changes; only those that find nothing wrong are, so that what was put right is
asked about anew. Drafts are kept for a month, and answers that cannot change unseen, because their question would be another
then, for three. The file is a convenience: without it, everything is asked again.
"""

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bulk_orders.machine.private_files import make_folder, opener, replace_text

logger = logging.getLogger("bulk_orders")

ANSWERS_LAST: Final = timedelta(hours=4)
"""Longer than ten thousand rows take at the default rate."""
DRAFTS_LAST: Final = timedelta(days=30)
SETTLED_LAST: Final = timedelta(days=90)
_ANSWER, _DRAFT, _SETTLED = "answer", "draft", "settled"
_LASTING: Final = {_ANSWER: ANSWERS_LAST, _DRAFT: DRAFTS_LAST, _SETTLED: SETTLED_LAST}


class KeptAnswers:
    """The answers of one account. Safe between threads; two checks at a time may lose each other's lines."""

    def __init__(self, path: Path | None, *, account: str, now: Callable[[], datetime]) -> None:
        """Read what is there; without a path all is kept in memory. `now` gives aware UTC."""
        self._path = path
        self._account = account
        self._now = now
        self._lock = threading.Lock()
        self._found: dict[tuple[str, str], dict[str, Any]] = {}
        for line in _lines(path):
            if _is_fresh(line, now()):
                self._found[line["kind"], line["name"]] = line

    def answer(self, name: str) -> Any:
        """Return what was answered to the question of this name; None where nothing is kept."""
        found = self._value(_ANSWER, name)
        return self._value(_SETTLED, name) if found is None else found

    def keep(self, name: str, value: Any, *, is_settled: bool = False) -> None:
        """Keep an answer; `is_settled` says that it stays true for as long as the question is asked in these words."""
        self._keep(_SETTLED if is_settled else _ANSWER, name, value)

    def forget(self) -> None:
        """Forget every answer, so that all is asked anew."""
        with self._lock:
            self._found = {key: line for key, line in self._found.items() if key[0] == _DRAFT}

    def drafts(self, name: str) -> tuple[str, ...]:
        """Return the ids of the drafts that were made for this, one for each product line."""
        return tuple(self._value(_DRAFT, name) or ())

    def keep_drafts(self, name: str, draft_ids: Sequence[str]) -> None:
        """Keep the ids of drafts; none forgets them."""
        if self.drafts(name) != tuple(draft_ids):
            self._keep(_DRAFT, name, list(draft_ids))

    def finish(self) -> None:
        """Forget the answers: the check came to its end, and the next one asks anew."""
        with self._lock:
            self._found = {key: line for key, line in self._found.items() if key[0] != _ANSWER}
            if self._path is None:
                return
            text = "".join(f"{json.dumps(line)}\n" for line in self._found.values() if line["value"])
            try:
                if text:
                    replace_text(self._path, text)
                else:
                    self._path.unlink(missing_ok=True)
            except OSError as error:
                logger.warning("the kept answers are not written: %s", type(error).__name__)

    def _value(self, kind: str, name: str) -> Any:
        with self._lock:
            return self._found.get((kind, self._digest(name)), {}).get("value")

    def _keep(self, kind: str, name: str, value: Any) -> None:
        line = {"kind": kind, "name": self._digest(name), "at": self._now().isoformat(), "value": value}
        with self._lock:
            self._found[kind, line["name"]] = line
            if self._path is None:
                return
            try:
                make_folder(self._path.parent)
                with open(self._path, "a", encoding="utf-8", opener=opener) as file:
                    file.write(f"{json.dumps(line)}\n")
            except OSError as error:
                logger.warning("an answer is not kept: %s", type(error).__name__)

    def _digest(self, name: str) -> str:
        """Name the question without saying it: it may hold what a workbook says about people."""
        return hashlib.sha256(f"{self._account}\n{name}".encode("utf-8", "surrogatepass")).hexdigest()


def _lines(path: Path | None) -> Iterable[dict[str, Any]]:
    text = ""
    with suppress(OSError, UnicodeDecodeError):
        text = path.read_text(encoding="utf-8") if path else ""
    for line in text.splitlines():
        with suppress(ValueError):  # the last one may have been cut off
            found = json.loads(line)
            if isinstance(found, dict) and {"kind", "name", "at", "value"} <= found.keys():
                yield found


def _is_fresh(line: Mapping[str, Any], now: datetime) -> bool:
    try:
        made = datetime.fromisoformat(line["at"])
        return timedelta(0) <= now - made <= _LASTING[line["kind"]]
    except (TypeError, ValueError, KeyError):
        return False
