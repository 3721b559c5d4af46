"""Several workbooks in one `run`: each is a run of its own, and what is wrong with one stops no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bulk_orders.cli.commands.run import SendOptions, run_file
from bulk_orders.cli.json_objects import answer, error_json
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import Terminal
from bulk_orders.core.night_rules import riskiest
from bulk_orders.errors import (
    BulkOrdersError,
    ExitCode,
    GuardStopped,
    InputError,
    ResultsNotWritten,
    UsageError,
)
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.settings.profiles import Profile

OF_ONE_FILE = (InputError, GuardStopped, ResultsNotWritten)
"""What may be wrong with a workbook while the next one is all right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Collecting(Terminal):
    """A terminal that keeps the JSON objects, which are to be parts of one."""

    kept: list[Mapping[str, Any]]

    def json(self, value: Mapping[str, Any]) -> None:
        self.kept.append(value)


def run_files(
    session: Session, paths: Sequence[Path], profile: Profile, options: RunOptions, send: SendOptions
) -> ExitCode:
    """Run one workbook, or several one after another; of several, how the riskiest ended.

    Raises what ends them all, with what the earlier ones came to: a sign-in that is refused, a marketplace that is down, a
    ledger in use, Ctrl-C.
    """
    if len(paths) == 1:
        return run_file(session, paths[0], profile, options, send)
    _refuse_what_is_for_one(paths, options, send)
    terminal = session.terminal
    ended: list[Mapping[str, Any]] = []
    codes: list[ExitCode] = []
    for path in paths:
        if session.stop.is_set():
            # Stopped by a person, or by the run before: its own end says which.
            code = ExitCode.TRY_AGAIN_LATER if codes else ExitCode.INTERRUPTED
            codes.append(code)
            ended.append({"file": str(path), "ended": _not_run(terminal, path, code)})
            continue
        kept: list[Mapping[str, Any]] = []
        try:
            codes.append(run_file(_collecting(session, kept), path, profile, options, send))
        except OF_ONE_FILE as error:
            codes.append(error.exit_code)
            kept.append(error_json(error.exit_code, error.message, error.fix, **error.told))
            terminal.fail(error.message, error.fix)
        except BulkOrdersError as error:
            error.told = {"workbooks": ended}
            raise
        ended.append({"file": str(path), "ended": kept[-1] if kept else None})
    code = riskiest(codes)
    if send.as_json:
        terminal.json(answer(code, workbooks=ended))
    return code


def _not_run(terminal: Terminal, path: Path, code: ExitCode) -> Mapping[str, Any]:
    """Say that a workbook had no turn, and return the same for machines."""
    message, fix = "Not run: {name}.".format(name=path.name), "Run it by itself; nothing of it was sent."
    terminal.fail(message, fix)
    return error_json(code, message, fix)


def _collecting(session: Session, kept: list[Mapping[str, Any]]) -> Session:
    terminal = session.terminal
    collecting = _Collecting(
        out=terminal.out, err=terminal.err, is_quiet=terminal.is_quiet, is_json=terminal.is_json, kept=kept
    )
    return replace(session, terminal=collecting)


def _refuse_what_is_for_one(paths: Sequence[Path], options: RunOptions, send: SendOptions) -> None:
    """Refuse options that say something of one workbook. Raises `UsageError`."""
    said = {
        "--confirm": send.confirm is not None,
        "--first": options.first is not None,
        "-o": options.results is not None and not options.results.is_dir(),
    }
    for option in (name for name, is_said in said.items() if is_said):
        fix = (
            "Name a folder that exists; each workbook gets its results there."
            if option == "-o"
            else (
                "Run them one by one, or let control totals state the number "
                "of orders of each (`bulk-orders help workbook`)."
            )
        )
        raise UsageError(
            "{option} takes one workbook, and there are {number}.".format(option=option, number=len(paths)),
            fix=fix,
        )
