"""Whether a header that is not known is a misspelt one: a slip or an abbreviation, word for word.

A workbook has columns of its own, which are kept. Some letters in common are no reason to take one for ours.
"""

import difflib
import re
from collections.abc import Iterable

from bulk_orders.core.columns.table import Column, folded

_SIMILAR = 0.75
"""`difflib` ratio of the whole headers: "Cust ID" and "Customer ID" have exactly this."""
_SLIP = 0.85
"""The ratio from which one word is a slip of another: "Comitment", and not "team" for "term"."""
_SHORTEST_START = 3
_WORDS = re.compile(r"[A-Z]?[^\W_A-Z]+|[A-Z]+")
"""`customerId` has two."""


def fitting(header: str, columns: Iterable[Column], wanted: Iterable[Column]) -> Column | None:
    """Return the one of `wanted` that a header is a slip or an abbreviation of; nothing if it is nearer to another column."""
    meant, likeness = _nearest(header, wanted)
    others = [column for column in columns if meant is None or column.name != meant.name]
    # Most headers are like none of them, so the others need not be looked at.
    return meant if meant is not None and likeness >= _nearest(header, others)[1] else None


def _spellings(column: Column) -> tuple[str, ...]:
    return (*column.aliases, column.name, column.header)


def _nearest(header: str, columns: Iterable[Column]) -> tuple[Column | None, float]:
    """Return the column that a header is most like, and how much; none where it is like no one."""
    found: tuple[Column | None, float] = (None, 0.0)
    for column in columns:
        likeness = max(_likeness(header, spelling) for spelling in _spellings(column))
        if likeness > found[1]:
            found = (column, likeness)
    return found


def _likeness(header: str, spelling: str) -> float:
    """Return how alike two headers are as a whole; 0 if any word stands for another one."""
    ours, theirs = _words(spelling), _words(header)
    whole = difflib.SequenceMatcher(None, folded(header), folded(spelling)).ratio()
    if len(ours) == len(theirs):
        is_fit = whole >= _SIMILAR and all(map(_is_slip_or_start, theirs, ours))
    else:
        # Words written together; a word too many or too few makes it another header.
        is_fit = (
            whole >= _SLIP
            and min(len(ours), len(theirs)) == 1
            and folded(header)[-1:] == folded(spelling)[-1:]
        )
    return whole if is_fit else 0.0


def _is_slip_or_start(theirs: str, ours: str) -> bool:
    if theirs == ours or (len(theirs) >= _SHORTEST_START and ours.startswith(theirs)):
        return True
    return difflib.SequenceMatcher(None, theirs, ours).ratio() >= _SLIP


def _words(header: str) -> list[str]:
    return [folded(word) for word in _WORDS.findall(header)]
