"""`check`: find problems, send nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulk_orders.cli.session import Setting
from bulk_orders.cli.terminal import (
    JSON_SCHEMA,
    Terminal,
    comment_lines,
    every_problem_lines,
    problem_json,
    problem_lines,
)
from bulk_orders.clock import SystemClock
from bulk_orders.core.model import Problem, Severity
from bulk_orders.errors import ExitCode, UnsafeToPatch
from bulk_orders.reading.zip_package import read_file
from bulk_orders.runs.ask_marketplace import Price, check_online, prices, total
from bulk_orders.runs.report import Intake, take_in
from bulk_orders.runs.run import RunOptions, Source, check_context, propose
from bulk_orders.settings.profiles import Profile
from bulk_orders.texts import commands as words
from bulk_orders.texts.plural import plural
from bulk_orders.wiring import open_parts
from bulk_orders.writing.new_book.checked import write_checked
from bulk_orders.writing.own_copy.copy import write_checked_into


def take_source(
    setting: Setting, path: Path, *, own_domain: str, include_hidden: bool
) -> tuple[Source, Intake]:
    """Read a workbook once and check that copy."""
    source = Source(path=path, content=read_file(path))
    context = check_context(SystemClock().now(), own_domain=own_domain, include_hidden=include_hidden)
    setting.terminal.say(words.READING.format(name=path.name))
    return source, take_in(source.content, path.name, context)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """The flags of `check`."""

    as_json: bool = False
    strict: bool = False
    """Warnings count as errors."""
    online: bool = False
    estimate: bool = False
    include_hidden: bool = False
    show_all: bool = False
    """Every problem with its code, instead of the first of each severity."""
    target: Path | None = None
    """Where the checked workbook goes; beside the input when None, and then only if there are errors."""


def check(setting: Setting, path: Path, profile: Profile, options: CheckOptions) -> ExitCode:
    """Find problems, send nothing."""
    source, intake = take_source(
        setting, path, own_domain=profile.own_domain, include_hidden=options.include_hidden
    )
    problems = list(intake.checked.problems)
    found: dict[str, Price] = {}
    if (options.online or options.estimate) and not intake.checked.has_file_errors:
        answers, found = _ask(setting, profile, source, intake, options)
        problems.extend(answers)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    warnings = [problem for problem in problems if problem.severity is Severity.WARNING]
    code = ExitCode.WORKBOOK_HAS_ERRORS if errors or (options.strict and warnings) else ExitCode.OK
    target = options.target or path.with_name(f"{path.stem.removesuffix('.checked')}.checked.xlsx")
    checked_path: Path | None = None
    if errors or options.target:
        checked_path, reason = write_findings(source.content, intake, problems, target)
        if reason and not options.as_json:
            setting.terminal.say(words.CHECKED_MADE_NEW.format(reason=reason))
    if options.as_json:
        setting.terminal.json(check_json(intake, problems, code, checked_path, found))
    else:
        lines = [*problem_lines(problems), *comment_lines(problems)]
        lines = every_problem_lines(problems) if options.show_all else lines
        _say_check(setting.terminal, path, intake, (problems, lines), checked_path, found)
    return code


def _ask(
    setting: Setting, profile: Profile, source: Source, intake: Intake, options: CheckOptions
) -> tuple[tuple[Problem, ...], dict[str, Price]]:
    """What the marketplace says of the ready rows, and what they would cost."""
    with open_parts(
        profile,
        setting.places,
        environment=setting.environment,
        ledger_file=setting.ledger_file,
        stop=setting.stop,
    ) as parts:
        parts.marketplace.sign_in()
        orders = propose(parts, source, intake, RunOptions(include_hidden=options.include_hidden)).to_send
        answers = check_online(parts, orders, intake) if options.online else ()
        return answers, prices(parts, orders) if options.estimate else {}


def write_findings(
    content: bytes, intake: Intake, problems: Sequence[Problem], target: Path
) -> tuple[Path, str]:
    """Write the checked workbook: into a copy of the user's own, else a new one; where it is, and why it is new."""
    tables = intake.tables
    found = (tables.orders, tables.customers, tables.products, problems, intake.checked.row_states)
    try:
        return write_checked_into(target, content, *found), ""
    except UnsafeToPatch as unsafe:
        return write_checked(target, *found), unsafe.reason


def check_json(
    intake: Intake,
    problems: Sequence[Problem],
    code: ExitCode,
    checked_path: Path | None,
    found: Mapping[str, Price],
) -> dict[str, Any]:
    """What `check --json` says."""
    checked = intake.checked
    return {
        "schema": JSON_SCHEMA,
        "exit_code": int(code),
        "counts": {
            "rows": checked.row_count,
            "ready": checked.ready_count,
            "to_fix": checked.error_row_count,
            "skipped": checked.skipped_count,
            "hidden": checked.hidden_count,
        },
        "problems": [problem_json(problem) for problem in problems],
        "not_sent_columns": list(intake.tables.extra_columns),
        "estimate": {currency: str(amount) for currency, amount in total(found).items()} or None,
        "files": {"checked": str(checked_path) if checked_path else None},
    }


def _say_check(
    terminal: Terminal,
    path: Path,
    intake: Intake,
    told: tuple[Sequence[Problem], Sequence[str]],
    checked_path: Path | None,
    found: Mapping[str, Price],
) -> None:
    checked, (problems, lines) = intake.checked, told
    terminal.result(counts_line(intake, sum(problem.severity is Severity.WARNING for problem in problems)))
    for line in lines:
        terminal.result(line)
    if intake.tables.extra_columns:
        terminal.say(words.KEPT_AND_NOT_SENT.format(columns=", ".join(intake.tables.extra_columns)))
    for currency, amount in total(found).items():
        terminal.result(words.ESTIMATE.format(currency=currency, amount=amount, number=len(found)))
    if checked_path is not None and checked.error_row_count + checked.has_file_errors:
        terminal.say(words.FIX_RED_CELLS)
        terminal.result(f"  {checked_path}")
        terminal.say(words.THEN_RUN.format(path=checked_path))
    elif not checked.has_file_errors:
        terminal.say(words.NEXT_RUN.format(path=path))


def counts_line(intake: Intake, warnings: int = 0) -> str:
    """`✔ 117 ready    ✖ 3 to fix    – 4 skipped by you    ⚠ 3 warnings`."""
    checked = intake.checked
    shown = [words.READY.format(number=checked.ready_count)]
    if checked.error_row_count:
        shown.append(words.TO_FIX.format(number=checked.error_row_count))
    if checked.skipped_count:
        shown.append(words.SKIPPED.format(number=checked.skipped_count))
    if checked.hidden_count:
        shown.append(words.HIDDEN.format(number=checked.hidden_count))
    if warnings:
        shown.append(plural(warnings, words.WARNING, words.WARNINGS).format(number=warnings))
    return "  " + "    ".join(shown)
