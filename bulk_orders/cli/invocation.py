"""From what Typer hands to a command to the session it works in, and from its exit code to the end of the process."""

import os
import sys
import threading
from typing import TYPE_CHECKING, Any, Final

import typer

from bulk_orders.core.version import VERSION
from bulk_orders.errors import ExitCode, UsageError
from bulk_orders.machine.log_lines import log

if TYPE_CHECKING:
    from bulk_orders.cli.session import Session
    from bulk_orders.settings.profiles import Profile

_SAFE_XML: Final = {"OPENPYXL_DEFUSEDXML": "True", "OPENPYXL_LXML": "False"}
"""openpyxl reads these when it is imported: they can switch off the parser that refuses entities, or put lxml in its place."""


def keep_xml_safe() -> None:
    """Let no environment choose how openpyxl parses; to be called before anything imports it."""
    os.environ.update(_SAFE_XML)


def session_of(
    ctx: typer.Context, *, waits_for_orders: bool = False, are_sent_elsewhere: bool = False
) -> "Session":
    """Return the session that the command works in.

    `waits_for_orders`: Ctrl-C lets it finish the orders in flight, instead of ending it at once. `are_sent_elsewhere`: they are
    workers', and a person is asked.
    """
    from bulk_orders.cli.logs import begin_log
    from bulk_orders.cli.session import Session
    from bulk_orders.cli.signals import InFlight, SignalListener
    from bulk_orders.cli.terminal import system_terminal
    from bulk_orders.settings.folders import folders

    terminal = system_terminal(is_quiet=ctx.obj["quiet"], is_json=ctx.params.get("as_json", False))
    found = folders(os.environ, config=ctx.obj["config"], ledger=ctx.obj["ledger"])
    begin_log(found.logs, is_verbose=ctx.obj["verbose"], form=ctx.obj["log_format"])
    log("command-begun", command=ctx.info_name, version=VERSION)
    stop = threading.Event()
    in_flight = InFlight()
    listener = SignalListener(
        stop,
        terminal,
        in_flight,
        waits_for_orders=waits_for_orders,
        are_sent_elsewhere=are_sent_elsewhere,
    )
    listener.listen()
    ctx.call_on_close(listener.close)
    may_ask = sys.stdin is not None and sys.stdin.isatty() and not ctx.obj["no_input"]
    return Session(
        terminal=terminal,
        folders=found,
        environment=os.environ,
        stop=stop,
        in_flight=in_flight,
        ask=listener.ask if may_ask else None,
    )


def exit_with(code: ExitCode) -> None:
    """End the command."""
    log("command-ended", exit_code=int(code))
    raise typer.Exit(int(code))


def profile_of(
    session: "Session", practice: bool, name: str | None, practice_at: str | None, **flags: Any
) -> "Profile":
    """Return the profile that the flags name; `practice` if they name none. Raises `UsageError` where they name two."""
    if name and (practice or practice_at):
        raise UsageError("--practice and --profile cannot be combined.", fix="Leave out one of them.")
    return session.profile(name or "practice", base_url=practice_at, **flags)
