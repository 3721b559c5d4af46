"""`explain`: what a code means, why it matters, and what to do."""

import re
from typing import Any

from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import table_lines
from bulk_orders.core.problem_texts import PROBLEM_TEXTS, ProblemText, nearest_codes
from bulk_orders.errors import ExitCode, UsageError

_PART = re.compile(r"\{(\w+)\}")
"""What a sentence fills in; shown as ‹name›."""
_ADDED = re.compile(r"(?<=\S)\{reason\}")
"""A reason that continues a sentence which is complete without it, so it is left out."""


def explain(session: Session, code: str, *, as_json: bool = False) -> ExitCode:
    """Print cause, example and fix of a code. Raises `UsageError` where there is none."""
    text = PROBLEM_TEXTS.get(code.strip().upper())
    if text is None:
        near = ", ".join(nearest_codes(code))
        raise UsageError(
            "There is no code {code}.".format(code=code),
            fix="Did you mean {codes}?".format(codes=near)
            if near
            else "`bulk-orders explain` lists them all.",
        )
    terminal = session.terminal
    if as_json:
        terminal.json(answer(ExitCode.OK, codes=[_as_json(text)]))
    terminal.result(f"{text.code}  {text.title}  ({text.severity})")
    fix = "see the message on the cell; it differs from cell to cell." if text.fix == "{todo}" else text.fix
    to_do = "What to do: {fix}".format(fix=fix) if fix else ""
    for line in (text.sentence, to_do, "Why: {why}".format(why=text.why)):
        if line and not _PART.fullmatch(line):  # what is a part alone differs from cell to cell
            complete = _ADDED.sub("", line)
            stop = "" if complete.endswith((".", "?")) else "."
            terminal.result("  " + _PART.sub(r"‹\1›", complete) + stop)
    if text.before:
        terminal.result("  Before: {before}".format(before=text.before))
        terminal.result("  After:  {after}".format(after=text.after))
    return ExitCode.OK


def explain_all(session: Session, *, as_json: bool = False) -> ExitCode:
    """List every code with its title."""
    if as_json:
        session.terminal.json(answer(ExitCode.OK, codes=[_as_json(text) for text in PROBLEM_TEXTS.values()]))
    for line in table_lines(
        ("Code", "Severity", "Title"),
        [(text.code, str(text.severity), text.title) for text in PROBLEM_TEXTS.values()],
    ):
        session.terminal.result(line)
    return ExitCode.OK


def _as_json(text: ProblemText) -> dict[str, Any]:
    return {
        "code": text.code,
        "severity": str(text.severity),
        "title": text.title,
        "sentence": text.sentence,
        "fix": text.fix or None,
        "why": text.why or None,
        "before": text.before or None,
        "after": text.after or None,
    }
