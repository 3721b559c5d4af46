"""`check`: find problems, send nothing.

What asks the marketplace, and what writes a workbook, is imported where it is used: most checks need neither.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import bulk_orders
from bulk_orders.checking.result import CheckResult, RowState
from bulk_orders.cli.changes_told import CHANGES_SHOWN, change_lines
from bulk_orders.cli.control_totals import total_lines, totals_json
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.mapping_lines import mapping_lines
from bulk_orders.cli.money import money_json, shown_lines
from bulk_orders.cli.progress import AskingLine, wait_lines
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import (
    Terminal,
    comment_lines,
    every_problem_lines,
    problem_lines,
    say_reading,
)
from bulk_orders.core.model import Severity
from bulk_orders.core.money import Estimate
from bulk_orders.core.records import change_record, problem_record
from bulk_orders.core.subscription_rows import WantedChange
from bulk_orders.core.wording import plural
from bulk_orders.errors import AnotherRunActive, BulkOrdersError, ExitCode, LedgerUnusable
from bulk_orders.library.sources import NOTHING, Ask
from bulk_orders.machine.clock import SystemClock
from bulk_orders.machine.shell import command
from bulk_orders.reading.source import Source
from bulk_orders.runs.check import checked_path
from bulk_orders.runs.mapped_source import map_command
from bulk_orders.runs.money_limits import OVER_FIX
from bulk_orders.settings.profiles import Profile
from bulk_orders.wiring import has_ledger

_HEADER_CODES: Final = frozenset({"F-HEADER", "F-MISSING-COLUMN"})
"""What is wrong where a file has headers of its own."""
_STALE: Final = "O-CHANGED"
"""What is wrong where a subscription is not as the sheet says."""


def take_source(
    session: Session, path: Path, profile: Profile, *, include_hidden: bool = False
) -> tuple[Source, CheckResult]:
    """Read a workbook once and check that copy; say by which mapping its columns were found."""
    say_reading(session.terminal, path)
    checked = bulk_orders.check(path, own_domain=profile.partner_domain, include_hidden=include_hidden)
    say_mapping(session.terminal, checked)
    return source_of(checked), checked


def source_of(checked: CheckResult) -> Source:
    """Return the file that the command was given."""
    if checked.source is None:
        raise AssertionError("a command checks files")
    return checked.source


def say_mapping(terminal: Terminal, checked: CheckResult) -> None:
    """Say by which mapping the columns were found."""
    mapping = source_of(checked).mapping
    for line in mapping_lines(mapping) if mapping else []:
        terminal.say(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """The flags of `check`."""

    as_json: bool = False
    strict: bool = False
    """Warnings count as errors."""
    ask: Ask = NOTHING
    include_hidden: bool = False
    show_all: bool = False
    """Every problem with its code, instead of the first few and a count of the rest."""
    target: Path | None = None
    """Where the checked workbook goes; beside the input when None, and then only if there are errors."""


def check(session: Session, path: Path, profile: Profile, options: CheckOptions) -> ExitCode:
    """Find problems, send nothing."""
    checked = _checked(session, path, profile, options)
    found = checked.estimate or Estimate()
    problems = checked.problems
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    warnings = [problem for problem in problems if problem.severity is Severity.WARNING]
    code = ExitCode.GUARD if found.reasons else ExitCode.OK
    if errors or (options.strict and warnings):
        code = ExitCode.WORKBOOK_HAS_ERRORS
    target = named_file(options.target, checked_path(path))
    written: Path | None = None
    if checked.has_red_cells or options.target:
        written, reason = write_findings(source_of(checked), checked, target)
        if reason and not options.as_json:
            session.terminal.say(
                "The checked workbook is a new one, not a copy of your file: {reason}".format(reason=reason)
            )
    if options.as_json:
        session.terminal.json(check_json(checked, code, written, money_json(found), path, profile))
    else:
        lines = [*problem_lines(problems, run_command(path, profile, "check")), *comment_lines(problems)]
        lines = every_problem_lines(problems) if options.show_all else lines
        session.terminal.result(counts_line(checked, len(warnings)))
        for line in _wish_lines(checked.changes, is_whole=options.show_all):
            session.terminal.result(line)
        for line in lines:
            session.terminal.result(line)
        for line in total_lines(checked, len(found.bills)):
            session.terminal.result(line)
        _say_check(session.terminal, profile, path, checked, written, found)
    return code


def _checked(session: Session, path: Path, profile: Profile, options: CheckOptions) -> CheckResult:
    """Check the workbook; without the ledger, if that cannot be looked into and the marketplace is not asked."""
    seen: list[CheckResult] = []

    def show(checked: CheckResult) -> None:
        seen.append(checked)
        say_mapping(session.terminal, checked)
        say_own_domain(session.terminal, profile)

    say_reading(session.terminal, path)
    with AskingLine(session.terminal, SystemClock(), is_silent=options.as_json) as line:
        try:
            checked = bulk_orders.check(
                path,
                profile,
                ask=options.ask,
                include_hidden=options.include_hidden,
                on_stage=show,
                on_answer=line.show,
                **session.given(*wait_lines(session, as_json=options.as_json)),
            )
        except (LedgerUnusable, AnotherRunActive) as error:
            if options.ask.is_asked:
                raise
            _say_not_known(session.terminal, error)
            return seen[0]
    if options.ask.is_asked and not line.was_asked:
        session.terminal.say("  Without a ready row there was nothing to ask the marketplace about.")
    return checked


def compared_with_ledger(session: Session, profile: Profile, checked: CheckResult) -> CheckResult:
    """Return what `check` would find: with what the ledger knows of the rows, if there is one and it can be looked into."""
    from bulk_orders.library.known import with_ledger

    if not has_ledger(profile, session.folders):
        return checked
    try:
        return with_ledger(profile, session.folders, checked)
    except (LedgerUnusable, AnotherRunActive) as error:
        _say_not_known(session.terminal, error)
        return checked


def _say_not_known(terminal: Terminal, error: BulkOrdersError) -> None:
    """Say that the ledger cannot be looked into; the check goes on without it."""
    terminal.say("  Whether rows were ordered before is not known: {reason}".format(reason=error.message))


def named_file(said: Path | None, usual: Path) -> Path:
    """Return the file that is written: the usual one, that one in a folder that was named, or a file that was named."""
    if said is None:
        return usual
    return said / usual.name if said.is_dir() else said


def write_findings(source: Source, checked: CheckResult, target: Path) -> tuple[Path, str]:
    """Write the checked workbook; see `runs.checked_workbook`."""
    from bulk_orders.runs import checked_workbook

    return checked_workbook.write_findings(source, checked, checked.problems, target)


def check_json(
    checked: CheckResult,
    code: ExitCode,
    checked_path: Path | None,
    money: Mapping[str, Any],
    path: Path | None = None,
    profile: Profile | None = None,
) -> dict[str, Any]:
    """Return what `check --json` prints; `path` is the workbook that can be run as it is, by that profile.

    `money` is that of `cli.money`, empty where no prices were asked for.
    """
    to_run = checked_path if checked.error_row_count + checked.has_file_errors else path
    return answer(
        code,
        counts={
            "rows": checked.row_count,
            "ready": checked.ready_count,
            "to_fix": checked.error_row_count,
            "skipped": checked.skipped_count,
            "hidden": checked.hidden_count,
            "ordered_before": checked.ordered_count,
        },
        changes=[change_record(change) for change in checked.changes],
        problems=[problem_record(problem) for problem in checked.problems],
        control_totals=totals_json(checked),
        not_sent_columns=list(checked.tables.extra_columns),
        estimate=money["all"]["first_bill"] if money else None,
        money=money or None,
        next=[run_command(to_run, profile, is_unverified=has_unverified(checked))]
        if to_run and profile
        else [],
        files={"checked": str(checked_path) if checked_path else None},
    )


def _wish_lines(changes: Sequence[WantedChange], *, is_whole: bool) -> list[str]:
    """List what a workbook of subscriptions wishes: the first of many, unless the list is to be whole."""
    shown = changes if is_whole else changes[:CHANGES_SHOWN]
    lines = change_lines(map(change_record, shown))
    if more := len(changes) - len(shown):
        lines.append("  … and {more:,} more; --all lists them.".format(more=more))
    return lines


def run_command(path: Path, profile: Profile, verb: str = "run", *, is_unverified: bool = False) -> str:
    """Return the command that runs a workbook; without its profile a live one's orders would go to practice.

    `is_unverified` says that a row asks for what is not verified, which a live run has to be allowed.
    """
    if profile.is_practice:
        return command("bulk-orders", verb, path)
    allowing = ("--allow-unverified",) if is_unverified and not profile.allow_unverified else ()
    return command("bulk-orders", verb, path, "--profile", profile.name, *allowing)


def _pull_command(path: Path, profile: Profile) -> str:
    """Return the command that pulls a workbook of subscriptions again: what is wished there stays."""
    live = () if profile.is_practice else ("--profile", profile.name)
    return command("bulk-orders", "subscriptions", "pull", "-o", path, *live)


def has_unverified(checked: CheckResult) -> bool:
    """Tell whether a row that is not ordered yet asks for what nobody is known to have done."""
    return any(
        found.code == "W-UNVERIFIED"
        and any(checked.row_states.get(row) is not RowState.ORDERED for row in found.order_rows)
        for found in checked.problems
    )


def _say_red_cells(terminal: Terminal, checked: CheckResult, written: Path, profile: Profile) -> None:
    """Say which workbook has the red cells, how its proposals are taken, and what to type then."""
    terminal.say("Nothing was sent. Open this and fix the red cells:")
    terminal.result(f"  {written}")
    if any(problem.code == _STALE for problem in checked.problems) and not checked.tables.is_csv:
        terminal.say("Bring the sheet up to date:  {command}".format(command=_pull_command(written, profile)))
    run_it = run_command(written, profile, is_unverified=has_unverified(checked))
    terminal.say("Then:  {command}".format(command=run_it))
    if has_proposals(checked):
        terminal.say(
            "Or choose Yes under Apply? on its sheet Problems, and:  {command}".format(
                command=run_command(written, profile, "fix")
            )
        )


def has_proposals(checked: CheckResult) -> bool:
    """Tell whether the sheet Problems of the checked workbook proposes a fix of an error."""
    return any(found.proposal is not None and found.severity is Severity.ERROR for found in checked.problems)


def _say_check(
    terminal: Terminal,
    profile: Profile,
    path: Path,
    checked: CheckResult,
    checked_path: Path | None,
    found: Estimate,
) -> None:
    """Say what comes after the problems: what is not sent, what it costs, and what to do next."""
    has_errors = bool(checked.error_row_count + checked.has_file_errors)
    say_not_sent(terminal, checked)
    for line in shown_lines(found, checked.tables):
        terminal.result(line)
    if any(problem.code in _HEADER_CODES for problem in checked.problems):
        terminal.say("If the headers are your own:  {command}".format(command=map_command(path)))
    if checked_path is not None and checked.has_red_cells:
        _say_red_cells(terminal, checked, checked_path, profile)
    elif found.reasons:
        terminal.say(OVER_FIX)
    elif not checked.ready_count and (checked.ordered_count or not has_errors):
        terminal.say("Nothing was sent, and nothing is left to send.")
    elif checked.has_file_errors:
        terminal.say(
            "Nothing was sent. Correct your file, then:  {command}".format(
                command=run_command(path, profile, "check")
            )
        )
    else:
        run_it = run_command(path, profile, is_unverified=has_unverified(checked))
        terminal.say("Nothing was sent. Next:  {command}".format(command=run_it))


def say_own_domain(terminal: Terminal, profile: Profile) -> None:
    """Name the domain that nobody wrote into the settings."""
    if not profile.own_domain and profile.users_domain:
        terminal.say(
            (
                "  Your own e-mail domain, which no customer's e-mail "
                "may use, comes from the API user: {domain}"
            ).format(domain=profile.users_domain)
        )


def say_not_sent(terminal: Terminal, checked: CheckResult) -> None:
    """Name the workbook's own columns: one of them may be a misspelt one of ours."""
    if checked.tables.extra_columns:
        terminal.say("  Kept and not sent: {columns}".format(columns=", ".join(checked.tables.extra_columns)))


def counts_line(checked: CheckResult, warnings: int = 0) -> str:
    """Return a line such as `✔ 117 ready    ✖ 3 to fix    – 4 skipped by you    ⚠ 3 warnings`."""
    icon = "✔" if checked.ready_count else "–"
    shown = ["{icon} {number} ready".format(icon=icon, number=checked.ready_count)]
    if checked.error_row_count:
        shown.append("✖ {number} to fix".format(number=checked.error_row_count))
    if checked.skipped_count:
        shown.append("– {number} skipped by you".format(number=checked.skipped_count))
    if checked.ordered_count:
        shown.append("↺ {number} ordered before".format(number=checked.ordered_count))
    if checked.hidden_count:
        shown.append("– {number} hidden, not sent".format(number=checked.hidden_count))
    if warnings:
        shown.append(plural(warnings, "⚠ {number} warning", "⚠ {number} warnings").format(number=warnings))
    return "  " + "    ".join(shown)
