"""`fix`: apply what was approved on the sheet Problems, and check again."""

from dataclasses import replace
from pathlib import Path

from bulk_orders.checking.result import CheckResult
from bulk_orders.cli.commands.check import (
    check_json,
    counts_line,
    has_unverified,
    named_file,
    run_command,
    take_source,
    write_findings,
)
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import Terminal, problem_lines
from bulk_orders.core.model import Severity
from bulk_orders.errors import ExitCode, UsageError
from bulk_orders.machine.clock import SystemClock
from bulk_orders.reading.control_totals import totals_beside
from bulk_orders.runs.check import check_context, read_and_check
from bulk_orders.runs.fix import Fixed, apply_fixes
from bulk_orders.settings.profiles import Profile

_ENDINGS = (".checked", ".fixed")


def fix(session: Session, path: Path, profile: Profile, *, target: Path | None, as_json: bool) -> ExitCode:
    """Apply, write a workbook of its own, check that. Exits as `check` does. Raises `UsageError` if that workbook is this one."""
    if target is not None and target.resolve() == path.resolve():
        raise UsageError(
            "{name} is never overwritten.".format(name=path.name), fix="Name another file with -o."
        )
    source, checked = take_source(session, path, profile)
    fixed = apply_fixes(source.content, checked.tables)
    written: Path | None = None
    if fixed.applied:
        context = check_context(SystemClock().now(), own_domain=profile.partner_domain, include_hidden=False)
        mappings = [source.mapping] if source.mapping else []
        checked = read_and_check(fixed.content, path.name, context, mappings, totals=totals_beside(path))
        written, _ = write_findings(
            replace(source, content=fixed.content),
            checked,
            named_file(target, fixed_path(path)),
        )
    errors = [problem for problem in checked.problems if problem.severity is Severity.ERROR]
    code = ExitCode.WORKBOOK_HAS_ERRORS if errors else ExitCode.OK
    if as_json:
        session.terminal.json(_fix_json(profile, fixed, checked, code, written))
    else:
        _say_fix(session.terminal, profile, path, fixed, checked, written)
    return code


def fixed_path(path: Path) -> Path:
    """Return where the corrected workbook goes: `orders.fixed.xlsx` for `orders.checked.xlsx`, never the input."""
    stem = path.stem
    for ending in _ENDINGS:
        stem = stem.removesuffix(ending)
    found = path.with_name(f"{stem}.fixed.xlsx")
    return found if found != path else path.with_name(f"{stem}.fixed (2).xlsx")


def _fix_json(
    profile: Profile, fixed: Fixed, checked: CheckResult, code: ExitCode, written: Path | None
) -> dict[str, object]:
    said = check_json(checked, code, None, {})
    said["applied"] = [
        {"where": line.where, "code": line.code, "from": line.typed, "to": line.proposed}
        for line in fixed.applied
    ]
    said["not_applied"] = [
        {"where": refused.line.where, "code": refused.line.code, "reason": refused.reason}
        for refused in fixed.not_applied
    ]
    remains = checked.error_row_count + checked.has_file_errors
    said["next"] = []
    if written is not None:
        check_again = run_command(written, profile, "check")
        run_it = run_command(written, profile, is_unverified=has_unverified(checked))
        said["next"] = [check_again if remains else run_it]
    said["files"] = {"fixed": str(written) if written else None}
    return said


def _say_fix(
    terminal: Terminal,
    profile: Profile,
    path: Path,
    fixed: Fixed,
    checked: CheckResult,
    written: Path | None,
) -> None:
    for line in fixed.applied:
        terminal.result(
            "  ✔ {where}: {typed} → {proposed}".format(
                where=line.where, typed=line.typed or "(empty)", proposed=line.proposed
            )
        )
    for refused in fixed.not_applied:
        terminal.result(
            "  ✖ {where}: not applied. {reason}".format(where=refused.line.where, reason=refused.reason)
        )
    if not fixed.applied and not fixed.not_applied:
        terminal.say(
            "No line of the sheet Problems says Yes under Apply? in {name}; nothing was written.".format(
                name=path.name
            )
        )
    problems = checked.problems
    terminal.result(counts_line(checked, sum(found.severity is Severity.WARNING for found in problems)))
    for line_of_problem in problem_lines(problems, run_command(written or path, profile, "check")):
        terminal.result(line_of_problem)
    if written is not None:
        remains = checked.error_row_count + checked.has_file_errors
        terminal.say(
            "Nothing was sent. What remains is marked in:" if remains else "Nothing was sent. All fixed:"
        )
        terminal.result(f"  {written}")
        terminal.say(
            "Next:  {command}".format(
                command=run_command(written, profile, "check")
                if remains
                else run_command(written, profile, is_unverified=has_unverified(checked))
            )
        )
