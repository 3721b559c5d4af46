"""How single cells are written: text always as text, numbers and dates only where the value says that it is one."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Final

from bulk_orders.core.columns.shapes import Kind
from bulk_orders.core.model import AUTHOR
from bulk_orders.ooxml.cleaning import clean
from bulk_orders.writing.formats import LINE, TEXT, Formats
from bulk_orders.writing.palette import PAPER, Colours

PARTED: Final = "  ·  "
"""Between two things said on one line."""
LINKS_PER_SHEET: Final = 65_530
"""Excel's limit."""
LINKED_ROWS: Final = 5_000
"""Of the sheet Attempts: more links than this only make the workbook slow to open."""
NOTES_PER_SHEET: Final = 5_000
"""Beyond this, notes make Excel slow; the cells keep their border."""

_LINES_SHOWN: Final = 12
_LETTER: Final = 0.92
_CAPITAL: Final = 1.15
"""Widths of a sentence's letter and of a code's, in widths of a digit."""
_WHOLE_NUMBER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{0,4}[1-9])?")
_FIRST_DATE: Final = date(1900, 3, 1)
"""Excel's calendar has a 29 February 1900; earlier days would move by one."""
_BEGINS_A_FORMULA: Final = frozenset("=+-@＝＋－＠")
GO_TO_CELL: Final = "Go to this cell"


def is_like_a_formula(text: str) -> bool:
    """Tell whether a spreadsheet program may take the text for a formula once the cell is edited, or saved as CSV."""
    return text.lstrip()[:1] in _BEGINS_A_FORMULA


def whole_number(text: str) -> int | None:
    """Return the number, if writing it as a number loses nothing of the text."""
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None


def decimal_number(text: str) -> float | None:
    """Return the number, if writing it as a number loses nothing of the text (`12.5`, not `12.50`)."""
    return float(text) if _DECIMAL.fullmatch(text) else None


def date_value(text: str) -> datetime | None:
    """Return the day of an ISO text, if Excel has it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return (
        datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
        if day >= _FIRST_DATE
        else None
    )


def write_text(
    sheet: Any, at: tuple[int, int], text: str, formats: Formats, colours: Colours = PAPER, **properties: Any
) -> None:
    """Write text as text at a (row, column), both from 0; what looks like a formula carries Excel's mark for text, so that editing it keeps it one."""
    if is_like_a_formula(text):
        properties["quote_prefix"] = True
    sheet.write_string(*at, clean(text), formats(colours, **properties))


def write_by_kind(
    sheet: Any, at: tuple[int, int], kind: Kind, text: str, style: Any, formats: Formats
) -> None:
    """Write a number or a day as such where nothing is lost by it, everything else as text."""
    if not text:
        sheet.write_blank(*at, None, style)
    elif kind is Kind.DATE and (day := date_value(text)):
        sheet.write_datetime(*at, day, style)
    elif kind is Kind.WHOLE_NUMBER and (number := whole_number(text)) is not None:
        sheet.write_number(*at, number, style)
    elif kind is Kind.AMOUNT and (amount := decimal_number(text)) is not None:
        sheet.write_number(*at, amount, style)
    elif is_like_a_formula(text):
        write_text(sheet, at, text, formats, num_format=TEXT, **LINE)
    else:
        sheet.write_string(*at, clean(text), style)


def write_link(sheet: Any, at: tuple[int, int], target: str, text: str, style: Any) -> None:
    """Write a link to a cell of the same workbook; `target` is `Orders!H14`, the sheet's name unquoted."""
    name, _, cell = target.rpartition("!")
    quoted = name.replace("'", "''")
    sheet.write_url(*at, f"internal:'{quoted}'!{cell}", style, clean(text, units=255), GO_TO_CELL)


@lru_cache(maxsize=10_000)
def wrapped_lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of `width` characters, where words go to the next line whole.

    Widths count digits: letters of sentences are a little narrower, capitals in codes a little wider.
    """
    lines = 0
    for part in text.split("\n"):
        lines += 1
        used = 0.0
        for word in part.split(" "):
            long = _LETTER * len(word)
            if used and used + _LETTER + long > width:
                lines += 1
                used = 0.0
            if long > width:
                lines += math.ceil(_CAPITAL * len(word) / width) - 1
            used += long + (_LETTER if used else 0.0)
            used = min(used, width)
    return lines


def fit_row(sheet: Any, row: int, texts: Iterable[tuple[str, float]]) -> int:
    """Make a row as high as its wrapped texts need, each given with its column's width in characters; return the lines.

    Excel would do so by itself when the workbook is opened, LibreOffice and viewers do not.
    """
    lines = max(wrapped_lines(text, width) for text, width in texts)
    if lines > 1:
        sheet.set_row(row, 15 * min(lines, _LINES_SHOWN) + 1)
    return lines


def write_note(sheet: Any, row: int, column: int, sentence: str) -> None:
    """Write a note that is wide and high enough to be read without dragging its corner."""
    lines = sum(1 + len(line) // 42 for line in sentence.splitlines() or [""])
    sheet.write_comment(
        row,
        column,
        clean(sentence, units=2_000),
        {
            "author": AUTHOR,
            "width": 300,
            "height": 22 + 17 * min(lines, 20),
            "font_size": 10,
            "font_name": "Calibri",
        },
    )
