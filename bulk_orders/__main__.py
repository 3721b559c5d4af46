"""`python -m bulk_orders` and the `bulk-orders` command: the last place where an error becomes a sentence."""

import logging
import os
import sys
from collections.abc import Sequence

from bulk_orders.cli.app import app
from bulk_orders.cli.invocation import keep_xml_safe
from bulk_orders.core.plain_text import with_unseen_shown
from bulk_orders.errors import BulkOrdersError, ExitCode
from bulk_orders.machine.private_files import forbid_core_dumps
from bulk_orders.texts import terminal as words


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; its exit code. No exception leaves here, and nobody sees a traceback."""
    _open_missing_streams()
    forbid_core_dumps()
    keep_xml_safe()
    try:
        app(args=list(arguments) if arguments is not None else None, prog_name="bulk-orders")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ExitCode.OK)
    except BulkOrdersError as error:
        # Its kind alone: sentences name files and people. Locks, guards and limits that were hit are found by it.
        logging.getLogger("bulk_orders").warning(
            "ended by %s exit_code=%d", type(error).__name__, error.exit_code
        )
        _say(words.FAILED.format(message=error.message), words.FIX.format(fix=error.fix) if error.fix else "")
        return int(error.exit_code)
    except (KeyboardInterrupt, EOFError):
        _say(words.STOPPED)
        return int(ExitCode.INTERRUPTED)
    except Exception as error:
        logging.getLogger("bulk_orders").exception("the program failed")
        _say(
            words.BUG.format(kind=type(error).__name__),
            words.BUG_FIX,
        )
        return int(ExitCode.BUG)
    return int(ExitCode.OK)


def _open_missing_streams() -> None:
    """A scheduler may start us with closed streams: Python then has None in their place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - for the process's life


def _say(*lines: str) -> None:
    for line in map(with_unseen_shown, filter(None, lines)):
        try:
            sys.stderr.write(f"{line}\n")
        except UnicodeEncodeError:
            sys.stderr.write(f"{line.encode('ascii', 'replace').decode('ascii')}\n")
        except (OSError, ValueError):
            return  # nobody is listening any more


if __name__ == "__main__":
    sys.exit(main())
