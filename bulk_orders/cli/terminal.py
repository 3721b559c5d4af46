"""What the terminal shows: results to stdout, talk to stderr, plain words where the terminal has no others."""

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from bulk_orders.cli.json_objects import HAS_ANSWERED, answer, json_text
from bulk_orders.cli.wrapping import width_of, wrapped
from bulk_orders.core.model import Problem, Severity
from bulk_orders.core.plain_text import with_unseen_shown
from bulk_orders.core.records import row_record
from bulk_orders.core.report import ResultRow, RunReport
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode, GuardStopped
from bulk_orders.runs.approved_plan import plan_told
from bulk_orders.texts import plans as plan_words
from bulk_orders.texts import terminal as words
from bulk_orders.texts.plural import counted, plural
from bulk_orders.writing.outcome_labels import LABELS

if TYPE_CHECKING:
    from bulk_orders.sending.audit import AuditFindings

PLAIN: Final = str.maketrans(
    {
        "✔": "+",
        "✖": "x",
        "⚠": "!",
        "○": "o",
        "◷": "@",
        "–": "-",
        "↺": "=",
        "…": ".",
        "·": "-",
        "“": '"',
        "”": '"',
    }
)
SHOWN_PROBLEMS: Final = 20
"""Lines of problems before the rest is only counted; all of them are in the checked workbook and in --json."""
_COMMENTS = "I-COMMENTS"
_NUMBER = re.compile(r"(?:[A-Z]{3} )?[\d,.]+(?: [A-Z]{3} [\d,.]+)*")
_SEVERITY_ICONS = {Severity.ERROR: "✖", Severity.WARNING: "⚠", Severity.INFO: "·"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Where words go, and which signs can be shown there."""

    out: IO[str]
    err: IO[str]
    is_quiet: bool = False
    is_json: bool = False
    """The one JSON object is all that goes to `out`."""

    @property
    def is_plain(self) -> bool:
        """True where icons would come out as question marks."""
        return not _can_show(self.err, "✔✖⚠")

    def fits(self, lines: Sequence[str]) -> bool:
        """Tell whether results are not broken: the terminal is wide enough, or there is none."""
        width = width_of(self.out)
        return width is None or max(map(len, lines), default=0) <= width

    def result(self, text: str) -> None:
        """Print one line of results; to machines the JSON object is the result."""
        if not self.is_json:
            _write(self.out, text)

    def say(self, text: str = "") -> None:
        """Print one message; not with --quiet."""
        if not self.is_quiet:
            _write(self.err, text)

    def fail(self, message: str, fix: str) -> None:
        """Print what went wrong while the command goes on, and what to do; also with --quiet."""
        for line in filter(None, (words.FAILED.format(message=message), fix and words.FIX.format(fix=fix))):
            _write(self.err, line)

    def json(self, value: Mapping[str, Any]) -> None:
        """Print one JSON object on stdout."""
        HAS_ANSWERED.set()
        _print(self.out, json_text(value))


def system_terminal(*, is_quiet: bool, is_json: bool = False) -> Terminal:
    """Return the process's own streams, which print a substitute for a character that they cannot encode."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    return Terminal(out=sys.stdout, err=sys.stderr, is_quiet=is_quiet, is_json=is_json)


def _can_show(stream: IO[str], text: str) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _write(stream: IO[str], text: str) -> None:
    """Write one line, in which names and texts from files cannot steer the terminal, broken where the terminal is narrow."""
    _print(stream, wrapped(with_unseen_shown(text), width_of(stream)))


def _print(stream: IO[str], text: str) -> None:
    """Print, and ignore a closed pipe or terminal: it never ends a run."""
    try:
        print(text if _can_show(stream, text) else text.translate(PLAIN), file=stream, flush=True)
    except (BrokenPipeError, ValueError):
        if stream is sys.stdout:
            # Python would complain once more when it closes the stream at its end.
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def problem_lines(problems: Sequence[Problem], *, limit: int = SHOWN_PROBLEMS) -> list[str]:
    """List problems, errors first; frequent kinds come first as counts."""
    lines: list[str] = []
    ranked = sorted(
        (problem for problem in problems if problem.severity is not Severity.INFO),
        key=lambda problem: problem.severity is not Severity.ERROR,
    )
    groups = Counter((problem.code, problem.column) for problem in ranked)
    crowded = {key for key, number in groups.items() if number > limit // 2}
    for code, column in crowded:
        members = [problem for problem in ranked if (problem.code, problem.column) == (code, column)]
        lines.append(
            words.MANY_PROBLEMS.format(
                icon=_SEVERITY_ICONS[members[0].severity],
                number=len(members),
                code=code,
                column=column,
                where=members[0].where,
                message=members[0].message,
            )
        )
    single = [problem for problem in ranked if (problem.code, problem.column) not in crowded]
    for problem in single[:limit]:
        lines.extend(_problem_line(problem))
    if len(single) > limit:
        lines.append(words.MORE_PROBLEMS.format(number=len(single) - limit))
    return lines


def comment_lines(problems: Sequence[Problem]) -> list[str]:
    """Name the sheets with comments, which only people read, before anything is sent."""
    icon = _SEVERITY_ICONS[Severity.INFO]
    told = [problem for problem in problems if problem.code == _COMMENTS]
    return [line for problem in told for line in (f"  {icon} {problem.message}", f"    {problem.fix}")]


def every_problem_lines(problems: Sequence[Problem]) -> list[str]:
    """List every problem with its code, none grouped: errors, then warnings, then infos."""
    ranks = list(_SEVERITY_ICONS)
    ranked = sorted(problems, key=lambda problem: ranks.index(problem.severity))
    return [line for problem in ranked for line in _problem_line(problem, code=f"{problem.code}  ")]


def _problem_line(problem: Problem, *, code: str = "") -> list[str]:
    where = problem.where or words.NOWHERE
    lines = [f"  {_SEVERITY_ICONS[problem.severity]} {where:<14} {code}{problem.message}"]
    used = plural(len(problem.order_rows), words.USED_BY_ONE, words.USED_BY_MANY)
    todo = [problem.fix, used.format(rows=_shortened(problem.order_rows)) if problem.order_rows else ""]
    if any(todo):
        lines.append(f"    {'':<14} {'  '.join(filter(None, todo))}")
    return lines


def _shortened(rows: Sequence[int]) -> str:
    shown = ", ".join(str(row) for row in rows[:6])
    return f"{shown} …" if len(rows) > len(rows[:6]) else shown


def outcome_line(counted: Mapping[Outcome, int]) -> str:
    """Return a line such as `✔ 97 ordered   ✖ 2 failed`: only outcomes that occur, in the order of a summary."""
    shown = [
        f"{label.icon} {counted[kind]} {label.word[0].lower()}{label.word[1:]}"
        for kind, label in LABELS.items()
        if counted.get(kind)
    ]
    return "  " + "   ".join(shown) if shown else words.NOTHING_TO_SEND


def report_lines(report: RunReport) -> list[str]:
    """Return the lines at the end of a run: counts, then what needs somebody, grouped."""
    lines = [outcome_line(report.counts)]
    if told := plan_told(report.settings):
        plan_id, maker, by, at = told.values()
        lines.append(plan_words.BY_WHOM.format(plan_id=plan_id, maker=maker, by=by, at=at))
    if report.recognised:
        lines.append(counted(report.recognised, words.THERE_ALREADY_ONE, words.THERE_ALREADY_MANY))
    for group in report.failures[:SHOWN_PROBLEMS]:
        rows = counted(group.rows, words.ROW, words.ROWS)
        lines.append(f"  {LABELS[group.outcome].icon} {group.first_cell:<14} {group.reason}  ({rows})")
        if group.fix:
            lines.append(f"    {'':<14} {group.fix}")
    return lines + followed_lines(report.rows)


def followed_lines(rows: Sequence[ResultRow]) -> list[str]:
    """Return the days of scheduled orders, and the links that customers wait for."""
    days = Counter(row.scheduled_for for row in rows if row.outcome is Outcome.SCHEDULED)
    lines = [
        plural(number, words.SCHEDULED_ONE, words.SCHEDULED_MANY).format(number=number, day=day)
        if day
        else counted(number, words.SCHEDULED_SOMETIME_ONE, words.SCHEDULED_SOMETIME_MANY)
        for day, number in sorted(days.items())
    ]
    linked = [row for row in rows if row.outcome is Outcome.WAITING_FOR_CUSTOMER]
    lines += [
        words.LINK.format(row=row.sheet_row, customer_id=row.customer_id, link=row.acceptance_link)
        for row in linked[:SHOWN_PROBLEMS]
    ]
    if (left := len(linked) - SHOWN_PROBLEMS) > 0:
        lines.append(counted(left, words.MORE_LINKS_ONE, words.MORE_LINKS_MANY))
    return lines


def report_json(
    report: RunReport, exit_code: ExitCode, results: str | None, findings: "AuditFindings | None" = None
) -> dict[str, Any]:
    """Return a run as machines read it, with the comparison with the marketplace if one was just made."""
    told = answer(
        exit_code,
        run_id=report.run_id,
        environment=report.environment,
        stopped_by=report.stopped_by or None,
        audit_whole=report.audit_whole,
        approval=approval_json(report.settings),
        counts={str(kind): number for kind, number in report.counts.items()},
        rows=[row_json(row) for row in report.rows],
        next=[command for command, _ in report.next_steps],
        files={"results": results, "made_new_because": report.made_new_because or None},
    )
    return told if findings is None else told | {"audit": audit_json(findings)}


def approval_json(told: Mapping[str, object]) -> dict[str, str] | None:
    """Return by which plan and whose approval orders were sent, from a run's options or settings; None without one."""
    names = ("plan_id", "made_by", "approved_by", "approved_at")
    return dict(zip(names, plan_told(told).values(), strict=False)) or None


def row_json(row: ResultRow) -> dict[str, Any]:
    """Return one row's outcome as machines read it; no customer data."""
    return {**row_record(row), "cancel_before": _iso(row.cancel_before)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def audit_lines(findings: "AuditFindings") -> list[str]:
    """Say what the comparison with the marketplace found, in a line or two."""
    lines = [counted(findings.matched, words.COMPARED_ONE, words.COMPARED_MANY)] if findings.matched else []
    if not findings.is_whole:
        why = words.WHY_NOT_COMPARED.format(reason=findings.note) if findings.note else ""
        lines = [words.NOT_COMPARED.format(why=why)]
    if findings.found:
        lines.append(counted(len(findings.found), words.DOUBTFUL_FOUND_ONE, words.DOUBTFUL_FOUND_MANY))
    if findings.missing and findings.is_whole:
        lines.append(counted(len(findings.missing), words.NOT_LISTED_ONE, words.NOT_LISTED_MANY))
    if findings.alarms:
        lines.append(counted(len(findings.alarms), words.ORDERED_TWICE_ONE, words.ORDERED_TWICE_MANY))
        lines += [f"  ⚠ {alarm}" for alarm in findings.alarms]
    return lines


def audit_json(findings: "AuditFindings") -> dict[str, Any]:
    """Return what the comparison found as machines read it."""
    return {
        "audit_whole": findings.is_whole,
        "matched": findings.matched,
        "duplicates": [
            {
                "row_key": duplicate.key,
                "row": duplicate.sheet_row,
                "run_id": duplicate.run_id,
                "order_ids": [order.order_id for order in duplicate.orders],
                "order_numbers": [order.order_number for order in duplicate.orders],
                "cancel_before": _iso(duplicate.cancel_before),
            }
            for duplicate in findings.duplicates
        ],
        "alarms": list(findings.alarms),
        "found": list(findings.found),
        "missing": list(findings.missing),
        "others": findings.others,
        "note": findings.note or None,
    }


def audit_code(findings: "AuditFindings") -> ExitCode:
    """Return the exit code of a comparison: duplicates need a person at once, an incomplete comparison can wait."""
    if findings.alarms:
        return ExitCode.OUTCOME_UNKNOWN
    return ExitCode.OK if findings.is_whole and not findings.missing else ExitCode.TRY_AGAIN_LATER


def table_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lay texts out as a table; columns whose cells all look like numbers or amounts are right-aligned."""
    body = [list(row) for row in rows]
    widths = [max(len(line[place]) for line in [list(header), *body]) for place in range(len(header))]
    numeric = [
        all(_NUMBER.fullmatch(line[place]) for line in body if line[place]) for place in range(len(header))
    ]
    lines = []
    for line in [list(header), *body]:
        cells = [
            text.rjust(width) if is_number else text.ljust(width)
            for text, width, is_number in zip(line, widths, numeric, strict=True)
        ]
        lines.append("  " + "   ".join(cells).rstrip())
    lines.insert(1, "  " + "   ".join("-" * width for width in widths))
    return lines


def say_results(terminal: Terminal, path: Path | None, problem: str, made_new_because: str = "") -> None:
    """Say where the results workbook is, or why there is none, and why it is not a copy of the user's own."""
    if path is None:
        terminal.say(words.NO_RESULTS.format(reason=problem))
    else:
        terminal.result(words.RESULTS.format(path=shown_path(path)))
        if made_new_because:
            terminal.say(words.RESULTS_MADE_NEW.format(reason=made_new_because))


def shown_path(path: Path) -> Path:
    """Shorten a path below the user's current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def ask_number(terminal: Terminal, question: str, *, orders: int, read: Callable[[], str]) -> int:
    """Ask for a number from 1 to `orders`; any other answer stops. Raises `GuardStopped`."""
    terminal.say(question)
    try:
        typed = read().strip()
    except EOFError:  # Ctrl-D, or a terminal that went away
        typed = ""
    if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= orders:
        return int(typed)
    raise GuardStopped(
        words.NO_NUMBER,
        fix=words.NO_NUMBER_FIX.format(orders=orders),
    )
