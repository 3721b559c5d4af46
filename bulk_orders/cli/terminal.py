"""What the terminal shows: results to stdout, talk to stderr, plain words where the terminal has no others."""

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Protocol

from bulk_orders.cli.json_objects import HAS_ANSWERED, json_text
from bulk_orders.cli.wrapping import width_of, wrapped
from bulk_orders.core.model import Problem, Severity
from bulk_orders.core.plain_text import with_unseen_shown
from bulk_orders.core.wording import plural
from bulk_orders.errors import GuardStopped

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
_NUMBER = re.compile(r"(?:[A-Z]{3} )?-?[\d,.]+(?: [A-Z]{3} [\d,.]+)*")
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

    def verbatim(self, text: str) -> None:
        """Print one line of results that is never broken: what fits is laid out already, and code is to be pasted."""
        if not self.is_json:
            _print(self.out, with_unseen_shown(text))

    def say(self, text: str = "") -> None:
        """Print one message; not with --quiet."""
        if not self.is_quiet:
            _write(self.err, text)

    def question(self, line: str) -> None:
        """Print one line of a question; also with --quiet, for somebody has to answer it."""
        _write(self.err, line)

    def fail(self, message: str, fix: str) -> None:
        """Print what went wrong while the command goes on, and what to do; also with --quiet."""
        for line in filter(None, (f"✖ {message}", fix and "  Fix: {fix}".format(fix=fix))):
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


def problem_lines(problems: Sequence[Problem], check_it: str, *, limit: int = SHOWN_PROBLEMS) -> list[str]:
    """List problems of a workbook, errors first; frequent kinds come first as counts. `check_it` is the command that checks it."""
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
            "  {icon} {number} × {code} {column}, first {where}: {message}".format(
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
        lines.append(
            "  … and {number} more: `{command}` shows them".format(
                number=len(single) - limit, command=f"{check_it} --all"
            )
        )
    return lines


def comment_lines(problems: Sequence[Problem]) -> list[str]:
    """Name the sheets with comments, which only people read, before anything is sent."""
    icon = _SEVERITY_ICONS[Severity.INFO]
    told = [problem for problem in problems if problem.code == _COMMENTS]
    return [line for problem in told for line in (f"  {icon} {problem.message}", f"    {problem.fix}")]


def warning_lines(problems: Sequence[Problem]) -> list[str]:
    """Say warnings that are about no cell, with their codes."""
    return [
        line
        for problem in problems
        for line in (
            f"  {_SEVERITY_ICONS[problem.severity]} {problem.code}  {problem.message}",
            f"    {problem.fix}",
        )
    ]


def every_problem_lines(problems: Sequence[Problem]) -> list[str]:
    """List every problem with its code, none grouped: errors, then warnings, then infos."""
    ranks = list(_SEVERITY_ICONS)
    ranked = sorted(problems, key=lambda problem: ranks.index(problem.severity))
    return [line for problem in ranked for line in _problem_line(problem, code=f"{problem.code}  ")]


def _problem_line(problem: Problem, *, code: str = "") -> list[str]:
    # Names the place of a problem that belongs to no cell.
    where = problem.where or "Workbook"
    lines = [f"  {_SEVERITY_ICONS[problem.severity]} {where:<14} {code}{problem.message}"]
    used = plural(len(problem.order_rows), "(used by row {rows})", "(used by rows {rows})")
    todo = [problem.fix, used.format(rows=shortened(problem.order_rows)) if problem.order_rows else ""]
    if any(todo):
        lines.append(f"    {'':<14} {'  '.join(filter(None, todo))}")
    return lines


def shortened(rows: Sequence[int]) -> str:
    """Return the numbers of rows, the first six of many."""
    shown = ", ".join(str(row) for row in rows[:6])
    return f"{shown} …" if len(rows) > len(rows[:6]) else shown


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


def say_reading(terminal: Terminal, path: Path) -> None:
    """Say which file is being read: a large one takes a while."""
    terminal.say("Reading {name} …".format(name=path.name))


def say_next_steps(terminal: Terminal, steps: Iterable[tuple[str, str]]) -> None:
    """Say which commands help now, and what each does."""
    for typed, what in steps:
        terminal.say("Next:    {command}     ({what})".format(command=typed, what=what))


def say_results(terminal: Terminal, path: Path | None, problem: str, made_new_because: str = "") -> None:
    """Say where the results workbook is, or why there is none, and why it is not a copy of the user's own."""
    if path is None:
        terminal.say("✖ The results workbook was not written: {reason}".format(reason=problem))
    else:
        terminal.result("Results: {path}".format(path=shown_path(path)))
        if made_new_because:
            terminal.say(
                "         a new workbook, not a copy of yours: {reason}".format(reason=made_new_because)
            )


def shown_path(path: Path) -> Path:
    """Shorten a path below the user's current folder."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


_MORE_TRIES: Final = 2
_NO: Final = frozenset({"", "n", "no"})


class Ask(Protocol):
    """Shows the lines of a question and reads what a person types after it."""

    def __call__(self, *lines: str) -> str:
        """Return the line that was typed. Raises `KeyboardInterrupt`."""


def ask_for(
    ask: Ask, *lines: str, expected: str, is_answer: Callable[[str], bool], no: Container[str] = _NO
) -> str:
    """Return what a person types, trimmed; empty where that is a `no`, or no answer after it was said what is `expected`.

    Raises `KeyboardInterrupt`.
    """
    for shown in (lines, *[(expected,)] * _MORE_TRIES):
        typed = ask(*shown).strip()
        if is_answer(typed):
            return typed
        if typed.casefold() in no:
            break
    return ""


def is_number_to(most: int) -> Callable[[str], bool]:
    """Return what tells whether a text is a number from 1 to `most`."""
    return lambda typed: typed.isascii() and typed.isdigit() and 1 <= int(typed) <= most


def ask_number(ask: Ask, question: str, *, orders: int) -> int:
    """Ask for a number from 1 to `orders`. Raises `GuardStopped` where none is typed."""
    expected = plural(
        orders, "Type {number}, or Enter to stop:", "Type a number from 1 to {number}, or Enter to stop:"
    ).format(number=orders)
    if typed := ask_for(ask, question, expected=expected, is_answer=is_number_to(orders)):
        return int(typed)
    raise GuardStopped(
        "Nothing was sent: no number of orders was typed.",
        fix="Run again and type {orders}, or a smaller number to begin with.".format(orders=orders),
    )
