"""What a line of the log is: one event with its facts, as words for people or as JSON for machines.

An event is a short constant name; all that changes from line to line is in its facts, so that both forms say the same.
Moments are UTC. E-mail addresses are never written, whoever put one into the name of a file or a reference.
"""

import enum
import json
import logging
import os
import re
import time
from collections.abc import Mapping
from typing import Any, Final

logger = logging.getLogger("bulk_orders")

E_MAIL: Final = re.compile(r"[^\s@<>\"'=,;]+@[^\s@<>\"'=,;]+")


class LogFormat(enum.StrEnum):
    """How the log's lines are written."""

    WORDS = "words"
    JSON = "json"


_BARE: Final = re.compile(r"[!-~]+")
_NEEDS_QUOTES: Final = re.compile(r'[="\\]')
_MASK: Final = "(e-mail)"


def log(event: str, *, level: int = logging.INFO, **facts: object) -> None:
    """Write a line about `event`. Facts that are None or empty are left out; a failure to write never reaches the caller."""
    if not logger.isEnabledFor(level):
        return
    told = {name: _fact(value) for name, value in facts.items() if value is not None and value != ""}
    logger.log(level, event, extra={"facts": told})


def _fact(value: object) -> object:
    """Return numbers and truths as they are, everything else as text without e-mail addresses."""
    return value if isinstance(value, bool | int | float) else E_MAIL.sub(_MASK, str(value))


def facts_of(record: logging.LogRecord) -> Mapping[str, object]:
    """Return what a record says besides its event; nothing for records of other loggers."""
    facts: Mapping[str, object] = getattr(record, "facts", {})
    return facts


class WordsFormatter(logging.Formatter):
    """`2026-11-22T02:15:07Z INFO sender-3 order run=… row=14 outcome=accepted`; what has spaces is in quotes, all is ASCII."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(threadName)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging calls it so
        """Return the line, its facts behind it."""
        facts = "".join(f" {name}={_word(value)}" for name, value in facts_of(record).items())
        return super().formatMessage(record) + facts


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `at`, `level`, `process`, `thread`, `event`, the facts, and `traceback` for a bug."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        """Return the object on one line."""
        moment = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        line: dict[str, Any] = {
            "at": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname,
            "process": os.getpid(),
            "thread": record.threadName,
            "event": record.getMessage(),
            **facts_of(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


def _word(value: object) -> str:
    text = str(value)
    return text if _BARE.fullmatch(text) and not _NEEDS_QUOTES.search(text) else json.dumps(text)


FORMATTERS: Final[Mapping[LogFormat, type[logging.Formatter]]] = {
    LogFormat.WORDS: WordsFormatter,
    LogFormat.JSON: JsonFormatter,
}
