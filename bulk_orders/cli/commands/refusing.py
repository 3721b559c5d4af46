"""What stops a workbook before anything of it is sent, and the one advice that is given then: for `run`, `plan` and the first day."""

from pathlib import Path

from bulk_orders.checking.result import CheckResult
from bulk_orders.cli.commands.check import (
    check_json,
    compared_with_ledger,
    counts_line,
    has_proposals,
    has_unverified,
    run_command,
    say_not_sent,
    say_own_domain,
    source_of,
    write_findings,
)
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import comment_lines, problem_lines
from bulk_orders.core.wording import counted
from bulk_orders.errors import InputError, ResultsNotWritten, UnsafeToPatch
from bulk_orders.runs.check import checked_path
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.run import refuse_errors
from bulk_orders.settings.profiles import Profile
from bulk_orders.writing.own_copy.fixes import approved_lines


def refuse_workbook(
    session: Session,
    checked: CheckResult,
    profile: Profile,
    options: RunOptions,
    *,
    as_json: bool,
    verb: str = "",
) -> None:
    """Say what the check found; raise `InputError` where it stops the run, with the checked workbook or the JSON object said.

    What is refused is counted as `check` counts it: rows that were ordered before are not ready. `verb` is the command that
    takes the corrected workbook. Where a checked workbook has fixes that somebody approved, they are what comes first.
    """
    terminal = session.terminal
    say_own_domain(terminal, profile)
    if checked.error_row_count and not (checked.has_file_errors or options.only_ready):
        checked = compared_with_ledger(session, profile, checked)
    if checked.error_row_count or checked.has_file_errors:
        check_it = run_command(source_of(checked).path, profile, "check")
        for line in problem_lines(checked.problems, check_it):
            terminal.say(line)
    for line in comment_lines(checked.problems):
        terminal.say(line)
    say_not_sent(terminal, checked)
    try:
        refuse_errors(checked, options)
    except InputError as refusal:
        terminal.say(counts_line(checked))
        chosen = 0 if as_json else _chosen_fixes(checked)
        written = _write_findings(checked) if checked.has_red_cells and not chosen else None
        if as_json:
            terminal.json(check_json(checked, refusal.exit_code, written, {}, None, profile))
        elif chosen:
            refusal.fix = _chosen_line(chosen, source_of(checked).path, profile)
        elif written:
            refusal.fix = " ".join(_ways_on(checked, written, profile, verb))
        elif checked.has_file_errors:
            refusal.fix = "Correct your file, then `{command}`.".format(
                command=run_command(source_of(checked).path, profile, verb or "check")
            )
        raise


def _ways_on(checked: CheckResult, written: Path, profile: Profile, verb: str) -> list[str]:
    """Return what to do with the workbook that has the red cells, how its proposals are taken, and what can be sent without it."""
    ways = [
        "Correct the red cells in {path}, then `{command}`.".format(
            path=written, command=run_command(written, profile, verb, is_unverified=has_unverified(checked))
        )
        if verb
        else "Correct the red cells in {path}.".format(path=written)
    ]
    if has_proposals(checked):
        ways.append(
            "Or choose Yes under Apply? on its sheet Problems, then `{command}`.".format(
                command=run_command(written, profile, "fix")
            )
        )
    if verb and checked.ready_count:
        ways.append("Or send the others with --only-ready.")
    return ways


def _write_findings(checked: CheckResult) -> Path | None:
    """Write the checked workbook of one that is not sent; `None` where it cannot be written."""
    source = source_of(checked)
    try:
        return write_findings(source, checked, checked_path(source.path))[0]
    except ResultsNotWritten:
        return None


def _chosen_fixes(checked: CheckResult) -> int:
    """Return how many lines of a sheet Problems in the workbook say Yes: only `fix` applies them."""
    if checked.tables.is_csv:
        return 0
    try:
        return len(approved_lines(source_of(checked).content) or ())
    except UnsafeToPatch:
        return 0


def _chosen_line(chosen: int, path: Path, profile: Profile) -> str:
    """Say how the fixes that somebody approved are applied."""
    told = counted(
        chosen,
        "You chose Yes in {number} row of the sheet Problems. To apply it:  ",
        "You chose Yes in {number} rows of the sheet Problems. To apply them:  ",
    )
    return told + run_command(path, profile, "fix")
