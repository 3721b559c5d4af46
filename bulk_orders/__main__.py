"""`python -m bulk_orders` and the `bulk-orders` command: the last place where an error becomes a sentence."""

import atexit
import gc
import logging
import os
import sys
from collections.abc import Sequence
from typing import IO, Any, Final

from bulk_orders.cli.app import app
from bulk_orders.cli.invocation import keep_xml_safe
from bulk_orders.cli.json_objects import HAS_ANSWERED, error_json, json_text
from bulk_orders.cli.signals import ignore_signals
from bulk_orders.cli.wrapping import width_of, wrapped
from bulk_orders.core.plain_text import with_unseen_shown
from bulk_orders.errors import BulkOrdersError, ExitCode, SetupError
from bulk_orders.machine.log_lines import log
from bulk_orders.machine.places import unusable
from bulk_orders.machine.private_files import forbid_core_dumps

logger = logging.getLogger("bulk_orders")

_JSON: Final = "--json"
_KEPT_BETWEEN_LOOKS: Final = 200_000
"""New objects after which Python looks for circles to free. At its 700 it does so hundreds of times while it imports pandas."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; its exit code. No exception leaves here, and nobody sees a traceback."""
    gc.set_threshold(_KEPT_BETWEEN_LOOKS)
    atexit.register(gc.freeze)  # measured: a seventh of a small command's time was the last look for circles
    _open_missing_streams()
    forbid_core_dumps()
    keep_xml_safe()
    HAS_ANSWERED.clear()
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        app(args=given, prog_name="bulk-orders")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ExitCode.OK)
    except BulkOrdersError as error:
        return _stopped(error, as_json=_JSON in given)
    except KeyboardInterrupt:  # before a command had begun
        return _failed(ExitCode.INTERRUPTED, "Stopped.", "", as_json=_JSON in given)
    except Exception as error:
        if outside := _outside(error):
            return _stopped(outside, as_json=_JSON in given)
        logger.exception("the program failed")
        message = "Something inside the program went wrong ({kind}). What was ordered is recorded.".format(
            kind=type(error).__name__
        )
        return _failed(
            ExitCode.BUG,
            message,
            "The details are in the log; `bulk-orders doctor` shows where it is. Please report them.",
            as_json=_JSON in given,
        )
    return int(ExitCode.OK)


def _outside(error: Exception) -> SetupError | None:
    """Return what an error outside the program's power says; None for a bug."""
    if isinstance(error, OSError) and isinstance(error.filename, str | bytes):
        return unusable(error)
    if isinstance(error, ModuleNotFoundError):
        return SetupError(
            "This installation is incomplete: the Python module {name} is missing.".format(name=error.name),
            fix="Install bulk-orders again, into a new environment.",
        )
    return None


def _stopped(error: BulkOrdersError, *, as_json: bool) -> int:
    # Its kind alone: sentences name files and people. Locks, guards and limits that were hit are found by it.
    log("command-ended", level=logging.WARNING, error=type(error).__name__, exit_code=int(error.exit_code))
    return _failed(error.exit_code, error.message, error.fix, as_json=as_json, **error.told)


def _failed(code: ExitCode, message: str, fix: str, *, as_json: bool, **known: Any) -> int:
    """Say what ended the command, to people and, where it was asked for, to machines."""
    ignore_signals()
    shown = message if code is ExitCode.INTERRUPTED else f"✖ {message}"
    for line in filter(None, (shown, "  Fix: {fix}".format(fix=fix) if fix else "")):
        _write(sys.stderr, wrapped(with_unseen_shown(line), width_of(sys.stderr)))
    if as_json and not HAS_ANSWERED.is_set():
        _write(sys.stdout, json_text(error_json(code, message, fix, **known)))
    return int(code)


def _open_missing_streams() -> None:
    """Open streams that a scheduler left closed: Python has None in their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - for the process's life


def _write(stream: IO[str], text: str) -> None:
    try:
        try:
            stream.write(f"{text}\n")
        except UnicodeEncodeError:
            stream.write(f"{text.encode('ascii', 'replace').decode('ascii')}\n")
        stream.flush()
    except (OSError, ValueError):
        return  # nobody is listening any more


if __name__ == "__main__":
    sys.exit(main())
