"""The log file: one line per event, UTC, in words or as JSON; ids, rows, references and statuses only."""

import logging
import math
from datetime import date
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import cast

from bulk_orders.errors import SetupError
from bulk_orders.machine.log_lines import FORMATTERS, LogFormat, facts_of
from bulk_orders.machine.private_files import opener
from bulk_orders.settings.folders import private_folder

LOG_NAMES = {LogFormat.WORDS: "bulk-orders.log", LogFormat.JSON: "bulk-orders.jsonl"}
MOST_A_MINUTE = 20
"""Refusals and failures of one kind; what an attacker can bring about at will must not bury the rest of the log."""


class FewOfAKind(logging.Filter):
    """Lets `MOST_A_MINUTE` warnings of a kind through in a minute; the last of them says that more are left out."""

    def __init__(self) -> None:
        super().__init__()
        self._since: dict[str, float] = {}
        self._seen: dict[str, int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record should be written."""
        if record.levelno < logging.WARNING:
            return True
        kind = str(record.msg)
        if record.created - self._since.get(kind, -math.inf) >= 60:  # noqa: PLR2004 - a minute's seconds
            self._since[kind], self._seen[kind] = record.created, 0
        self._seen[kind] += 1
        if self._seen[kind] == MOST_A_MINUTE:
            record.facts = {**facts_of(record), "more": "left_out_for_a_minute"}
        return self._seen[kind] <= MOST_A_MINUTE


class _PrivateFile(RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        file = open(self.baseFilename, self.mode, encoding=self.encoding, opener=opener)  # noqa: SIM115 - the handler's own
        return cast("TextIOWrapper", file)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging calls it so
        """Say nothing: a full disk is reported once, by whoever needs it for more than the log."""


def log_also(folder: Path, day: date) -> bool:
    """Write the log of a day into `folder`, too, in words and as JSON; False if it cannot be written there."""
    logger = logging.getLogger("bulk_orders")
    try:
        for form, name in LOG_NAMES.items():
            path = folder / f"{Path(name).stem}-{day.isoformat()}{Path(name).suffix}"
            handler = _PrivateFile(path, encoding="utf-8")
            handler.setFormatter(FORMATTERS[form]())
            handler.addFilter(FewOfAKind())
            logger.addHandler(handler)
    except OSError:
        return False
    return True


def begin_log(folder: Path, *, is_verbose: bool, form: LogFormat = LogFormat.WORDS) -> Path | None:
    """Write the program's log into `folder` from now on; where, or None if the folder cannot be written to."""
    logger = logging.getLogger("bulk_orders")
    logger.propagate = False
    logger.setLevel(logging.DEBUG if is_verbose else logging.INFO)
    path = folder / LOG_NAMES[form]
    try:
        private_folder(folder)
        handler: logging.Handler = _PrivateFile(path, maxBytes=10_000_000, backupCount=5, encoding="utf-8")
    except (OSError, SetupError):
        logger.addHandler(logging.NullHandler())  # orders matter more than their log
        return None
    handler.setFormatter(FORMATTERS[form]())
    handler.addFilter(FewOfAKind())
    logger.addHandler(handler)
    return path
