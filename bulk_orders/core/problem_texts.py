"""The words for every code: what is wrong, how to fix it, and why, with an example.

The same sentence is in the workbook's notes, on the page and in the terminal, and `bulk-orders explain CODE` prints
the whole entry. Sentences name the thing, then the action, and fit in 140 characters whatever was typed.
"""

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from bulk_orders.core.model import Problem, Severity
from bulk_orders.core.problems.cells import CELL_TEXTS
from bulk_orders.core.problems.entry import ProblemWords
from bulk_orders.core.problems.online import ONLINE_TEXTS
from bulk_orders.core.problems.rows import ROW_TEXTS
from bulk_orders.core.problems.subscriptions import SUBSCRIPTION_TEXTS
from bulk_orders.core.problems.workbook import WORKBOOK_TEXTS

__all__ = ["PROBLEM_TEXTS", "SENTENCE_LIMIT", "ProblemText", "nearest_codes", "problem", "sentences", "shown"]

SENTENCE_LIMIT: Final = 140
"""Characters in a message or a fix, so that an Excel note shows it whole."""

_PART_LIMIT: Final = 44
"""Characters of a typed value inside a sentence."""

_BY_LETTER: Final = {"W": Severity.WARNING, "I": Severity.INFO}
_BY_CODE: Final = {
    "F-SECOND-SHEET": Severity.WARNING,
    "F-HIDDEN": Severity.WARNING,
    "S-NO-ANSWER": Severity.WARNING,
    "S-HELD": Severity.WARNING,
    "S-DROPPED": Severity.INFO,
    "F-IGNORED-SHEET": Severity.INFO,
    "S-RATE": Severity.INFO,
}
"""Where the code's first letter does not say it: workbooks (F) and results (S) have all kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemText(ProblemWords):
    """An entry of the catalogue, and how much it weighs."""

    severity: Severity


def _entry(words: ProblemWords) -> ProblemText:
    severity = _BY_CODE.get(words.code) or _BY_LETTER.get(words.code[0], Severity.ERROR)
    return ProblemText(**asdict(words), severity=severity)


PROBLEM_TEXTS: Mapping[str, ProblemText] = {
    words.code: _entry(words)
    for words in (*WORKBOOK_TEXTS, *CELL_TEXTS, *ONLINE_TEXTS, *ROW_TEXTS, *SUBSCRIPTION_TEXTS)
}
"""By code, workbook problems first, then cells, rows and results, and subscriptions."""


def shown(value: str, limit: int = _PART_LIMIT) -> str:
    """Return a typed value as it can be shown inside a sentence: cut, with what is invisible named: `a‹U+200B›b`."""
    visible = value if value.isprintable() else "".join(map(_visible, value[: limit + 1]))
    return visible if len(visible) <= limit else f"{visible[: limit - 1]}…"


def _visible(character: str) -> str:
    if character == " " or unicodedata.category(character)[0] not in "CZ":
        return character
    return f"‹U+{ord(character):04X}›"


def sentences(code: str, parts: Mapping[str, str]) -> tuple[str, str]:
    """Return the message and the fix for `code`; values in `parts` are shown cut, a missing one is a `KeyError`."""
    text = PROBLEM_TEXTS[code]
    shown_parts = {name: shown(value, _limit(name)) for name, value in parts.items()}
    return _fitting(text.sentence.format_map(shown_parts)), _fitting(text.fix.format_map(shown_parts))


def _limit(part: str) -> int:
    """Return the most characters a part may have: our own phrases may be long, what people typed may not."""
    return SENTENCE_LIMIT if part in {"todo", "reason", "why", "shown"} else _PART_LIMIT


def _fitting(sentence: str) -> str:
    return sentence if len(sentence) <= SENTENCE_LIMIT else f"{sentence[: SENTENCE_LIMIT - 1]}…"


def problem(
    code: str,
    *,
    parts: Mapping[str, str] | None = None,
    sheet: str = "",
    sheet_row: int | None = None,
    cells: tuple[str, ...] = (),
    column: str = "",
    field: str = "",
    value: str = "",
    proposal: str | None = None,
    order_rows: tuple[int, ...] = (),
) -> Problem:
    """Make a `Problem` in the catalogue's words; an unknown code is a `KeyError`."""
    message, fix = sentences(code, parts or {})
    return Problem(
        code=code,
        severity=PROBLEM_TEXTS[code].severity,
        message=message,
        fix=fix,
        sheet=sheet,
        sheet_row=sheet_row,
        cells=cells,
        column=column,
        field=field,
        value=value[:100],
        proposal=proposal,
        order_rows=order_rows,
    )


def nearest_codes(typed: str) -> list[str]:
    """Return up to three codes that `typed` may stand for, the nearest first."""
    return difflib.get_close_matches(typed.strip().upper(), PROBLEM_TEXTS, n=3, cutoff=0.5)
