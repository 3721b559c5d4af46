"""The form in which nearly every program writes the rows of a sheet: `<row r="5" …><c r="A5" …>`.

The searches of `sheet_scan` know this form only, so that they can be fast, and python-calamine is given nothing else. It
is recognised as a whole and not by what it lacks: what is not written exactly so is read by a parser (`sheet_rewriting`).
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from bulk_orders.ooxml.addresses import column_letters

PLAIN_TEXT: Final = rb"(?![ \t\r\n])[^<]*+(?<![ \t\r\n])"
"""Text that needs no `xml:space`."""
_FORMULA: Final = rb"(?:<f(?:\s[^<>]*+)?(?:(?<=/)>|(?<!/)>[^<]*+</f>))?+"
_STYLE: Final = rb'(?: s="[0-9]{1,5}+")?+'
_METADATA: Final = rb'(?: (?:cm|vm|ph)="[0-9]{1,9}+")*+'
_KINDS: Final = (
    (rb'(?: t="n")?+', _FORMULA + rb"(?:<v>-?+[0-9]*+(?:\.[0-9]*+)?+(?:[eE][-+]?+[0-9]++)?+</v>|<v ?/>)?+"),
    (rb' t="s"', _FORMULA + rb"(?:<v>[0-9]*+</v>)?+"),
    (rb' t="str"', _FORMULA + rb'(?:<v>%s</v>|<v xml:space="preserve">[^<]*+</v>|<v ?/>)?+' % PLAIN_TEXT),
    (rb' t="inlineStr"', rb'(?:<is>(?:<t>%s</t>|<t xml:space="preserve">[^<]*+</t>)</is>)?+' % PLAIN_TEXT),
    (rb' t="b"', _FORMULA + rb"(?:<v>[01]</v>)?+"),
    (rb' t="e"', _FORMULA + rb"(?:<v>" + PLAIN_TEXT + rb"</v>)?+"),
)
_AFTER_ADDRESS: Final = rb"%s(?:%s)" % (
    _STYLE,
    b"|".join(kind + _STYLE + _METADATA + rb" ?(?:/>|>" + inside + rb"</c>)" for kind, inside in _KINDS),
)
_ROW_TAG: Final = rb'<row r="([1-9][0-9]{0,6}+)"(?: [A-Za-z0-9:]++="[^"<]*+")*+ ?'
_ADDRESS: Final = re.compile(rb'<c r="([A-Z]+[0-9]+)"')
_ROW_ATTRIBUTES: Final = re.compile(rb'<row r="([0-9]+)"([^<>]*)>')
_NAME: Final = re.compile(rb'([^\s="]+)="')
_MANY_BYTES: Final = 200_000
"""So large a block is worth a pattern that takes 0.1 s to be made."""
_COLUMNS_IN_ORDER: Final = 52


def is_usual(rows: bytes, row_before: int) -> bool:
    """Tell whether whole rows are in the usual form, from top to bottom, each cell and attribute once.

    `row_before` is the number of the row before them, 0 at first.
    """
    is_in_order = len(rows) > _MANY_BYTES and _is_all(_rows_from_left_to_right(), rows)
    if not (is_in_order or (_is_all(_ROWS, rows) and _each_cell_once(rows))):
        return False
    found = _ROW_ATTRIBUTES.findall(rows)
    numbers = [row_before, *(int(number) for number, _ in found)]
    if any(number >= following for number, following in pairwise(numbers)):
        return False
    names = [_NAME.findall(attributes) for attributes in {attributes for _, attributes in found}]
    return not any(len(each) > len(set(each)) or b"r" in each for each in names)


def _is_all(pattern: re.Pattern[bytes], rows: bytes) -> bool:
    found = pattern.match(rows)
    return b"<" not in rows[found.end() if found else 0 :]


def _each_cell_once(rows: bytes) -> bool:
    addresses = _ADDRESS.findall(rows)
    return len(addresses) == len(set(addresses))


def _rows_of(cells: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?:" + _ROW_TAG + rb"(?:/>|>" + cells + rb"</row>)\s*+)*+")


_ROWS: Final = _rows_of(rb'(?:<c r="[A-Z]{1,3}+\1"' + _AFTER_ADDRESS + rb")*+")


@lru_cache(maxsize=1)
def _rows_from_left_to_right() -> re.Pattern[bytes]:
    """Return what usual rows are whose cells go from left to right, each once: one look instead of two."""
    return _rows_of(
        b"".join(
            rb'(?:<c r="%s\1"%s)?+' % (column_letters(column).encode(), _AFTER_ADDRESS)
            for column in range(_COLUMNS_IN_ORDER)
        )
    )


def beyond(width: int, last_row: int) -> re.Pattern[bytes]:
    """Return a search for the first cell right of so many columns or some way below a row."""
    return _beyond(width, last_row // 1_000)


@lru_cache(maxsize=16)
def _beyond(width: int, thousands: int) -> re.Pattern[bytes]:
    columns = _up_to(column_letters(max(width, 1) - 1), "A", "Z")
    rows = _up_to(f"{thousands or ''}999", "0", "9")
    return re.compile(f'<c(?! r="{columns}{rows}")(?=[ />])'.encode())


def _up_to(limit: str, first: str, last: str) -> str:
    """Return a regular expression for texts over an alphabet that do not come after `limit`, short ones first."""
    length = len(limit)
    options = [f"[{first}-{last}]{{1,{length - 1}}}"] if length > 1 else []
    for place, letter in enumerate(limit):
        rest = length - place - 1
        highest = chr(ord(letter) - 1) if rest else letter
        if highest >= first:
            options.append(f"{limit[:place]}[{first}-{highest}][{first}-{last}]{{{rest}}}")
    return f"(?:{'|'.join(options)})"
