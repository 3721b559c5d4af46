"""The form in which nearly every program writes the rows of a sheet: `<row r="5" …><c r="A5" …>`.

The searches of `sheet_scan` know this form only, so that they can be fast, and python-calamine is given nothing else. It
is recognised as a whole and not by what it lacks: what is not written exactly so is read by a parser (`sheet_rewriting`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from bulk_orders.ooxml.addresses import column_index, column_letters

PLAIN_TEXT: Final = rb"(?![ \t\r\n])[^<]*+(?<![ \t\r\n])"
"""Text that needs no `xml:space`."""
_FORMULA: Final = rb"(?:<f(?:\s[^<>]*+)?(?:(?<=/)>|(?<!/)>[^<]*+</f>))?+"
_STYLE: Final = rb'(?: s="[0-9]{1,5}+")?+'
_METADATA: Final = rb'(?: (?:cm|vm|ph)="[0-9]{1,9}+")*+'
_OF_NUMBER: Final = _FORMULA + rb"(?:<v>-?+[0-9]*+(?:\.[0-9]*+)?+(?:[eE][-+]?+[0-9]++)?+</v>|<v ?/>)?+"
_KINDS: Final = (
    (b"s", _FORMULA + rb"(?:<v>[0-9]*+</v>)?+"),
    (b"str", _FORMULA + rb'(?:<v>%s</v>|<v xml:space="preserve">[^<]*+</v>|<v ?/>)?+' % PLAIN_TEXT),
    (b"inlineStr", rb'(?:<is>(?:<t>%s</t>|<t xml:space="preserve">[^<]*+</t>)</is>)?+' % PLAIN_TEXT),
    (b"n", _OF_NUMBER),
    (b"b", _FORMULA + rb"(?:<v>[01]</v>)?+"),
    (b"e", _FORMULA + rb"(?:<v>" + PLAIN_TEXT + rb"</v>)?+"),
)


def _to_end(content: bytes) -> bytes:
    return _STYLE + _METADATA + rb" ?(?:/>|>" + content + rb"</c>)"


_AFTER_ADDRESS: Final = rb'%s(?: t="(?:%s)|%s)' % (
    _STYLE,
    b"|".join(kind + b'"' + _to_end(content) for kind, content in _KINDS),
    _to_end(_OF_NUMBER),
)
_ROW_TAG: Final = rb'<row r="([1-9][0-9]{0,6}+)"(?: [A-Za-z0-9:]++="[^"<]*+")*+ ?'
_ADDRESS: Final = re.compile(rb'<c r="([A-Z]+)([0-9]+)"')
_ROW_ATTRIBUTES: Final = re.compile(rb'<row r="([0-9]+)"([^<>]*)>')
_NAME: Final = re.compile(rb'([^\s="]+)="')
_MANY_CELLS: Final = 10_000
"""A block of so many is worth a pattern that takes 0.1 s to be made."""
_COLUMNS_IN_ORDER: Final = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualRows:
    """What was seen of whole rows in the usual form."""

    tags: Sequence[tuple[bytes, bytes]]
    """Of each row its number, and the text of its other attributes."""
    width: int
    """How many columns there are up to the furthest cell, filled or not."""


def usual_rows(rows: bytes, row_before: int) -> UsualRows | None:
    """Return what whole rows have that are in the usual form, from top to bottom, each cell and attribute once; else None.

    `row_before` is the number of the row before them, 0 at first.
    """
    width = _width_from_left_to_right(rows) if rows.count(b"<c ") > _MANY_CELLS else None
    if width is None:
        width = _width(rows)
    if width is None:
        return None
    tags = _ROW_ATTRIBUTES.findall(rows)
    numbers = [row_before, *(int(number) for number, _ in tags)]
    if any(number >= following for number, following in pairwise(numbers)):
        return None
    names = [_NAME.findall(attributes) for attributes in {attributes for _, attributes in tags}]
    if any(len(each) > len(set(each)) or b"r" in each for each in names):
        return None
    return UsualRows(tags=tags, width=width)


def _width(rows: bytes) -> int | None:
    """Return how wide usual rows are, with no cell twice; None for other rows."""
    if not _is_all(_ROWS.match(rows), rows):
        return None
    addresses = _ADDRESS.findall(rows)
    if len(addresses) > len(set(addresses)):
        return None
    return max((column_index(letters) + 1 for letters in {letters for letters, _ in addresses}), default=0)


def _width_from_left_to_right(rows: bytes) -> int | None:
    """Return how wide usual rows are whose cells go from left to right, each once; None for other rows."""
    found = _rows_from_left_to_right().match(rows)
    if found is None or not _is_all(found, rows):
        return None
    _, *columns = found.groups()
    return max((column + 1 for column, seen in enumerate(columns) if seen is not None), default=0)


def _is_all(found: re.Match[bytes] | None, rows: bytes) -> bool:
    return b"<" not in rows[found.end() if found else 0 :]


def _rows_of(cells: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?:" + _ROW_TAG + rb"(?:/>|>" + cells + rb"</row>)\s*+)*+")


_ROWS: Final = _rows_of(rb'(?:<c r="[A-Z]{1,3}+\1"' + _AFTER_ADDRESS + rb")*+")


@lru_cache(maxsize=1)
def _rows_from_left_to_right() -> re.Pattern[bytes]:
    """Return what usual rows are whose cells go from left to right, each once: one look instead of two.

    It has a group for each column, which is found if any row has a cell there.
    """
    return _rows_of(
        b"".join(
            rb'(?:<c r="%s\1"()%s)?+' % (column_letters(column).encode(), _AFTER_ADDRESS)
            for column in range(_COLUMNS_IN_ORDER)
        )
    )
