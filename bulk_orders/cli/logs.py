"""The log file: one line an event, UTC, ids and statuses only."""

import logging
import time
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import cast

from bulk_orders.errors import SetupError
from bulk_orders.machine.private_files import opener
from bulk_orders.settings.folders import private_folder

LOG_NAME = "bulk-orders.log"


class _PrivateFile(RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        file = open(self.baseFilename, self.mode, encoding=self.encoding, opener=opener)  # noqa: SIM115 - the handler's own
        return cast("TextIOWrapper", file)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging calls it so
        """Say nothing: a full disk is told once, by whoever needs it for more than the log."""


def begin_log(folder: Path, *, is_verbose: bool) -> Path | None:
    """Write the program's log into `folder` from now on; where, or None if the folder cannot be written to."""
    logger = logging.getLogger("bulk_orders")
    logger.propagate = False
    logger.setLevel(logging.DEBUG if is_verbose else logging.INFO)
    path = folder / LOG_NAME
    try:
        private_folder(folder)
        handler: logging.Handler = _PrivateFile(path, maxBytes=10_000_000, backupCount=5, encoding="utf-8")
    except (OSError, SetupError):
        logger.addHandler(logging.NullHandler())  # orders matter more than their log
        return None
    formatter = logging.Formatter(
        "%(asctime)sZ %(levelname)s %(threadName)s %(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logger.addHandler(handler)
    return path
