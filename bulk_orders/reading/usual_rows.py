"""Brings the rows of a sheet's XML into the form nearly every program writes: `<row r="5" …><c r="A5" …>`.

Legal XML can say the same with single quotes, other attribute orders, and cells without addresses. The
searches of `sheet_scan` know one form only, so that they can be fast; this is the slow road for the rest.
"""

import re
from functools import lru_cache

from bulk_orders.errors import InputError
from bulk_orders.ooxml.addresses import address_of, column_index, column_letters
from bulk_orders.ooxml.xml_bytes import raw_attributes
from bulk_orders.texts import reading_files as words

_TAG = re.compile(rb"<(c|row)((?:[\s/][^<>]*)?)>")
_SPACED_ATTRIBUTE = re.compile(rb"<(?:c|row)\s[^<>]*?(?:\s=|=\s)")
_SINGLE_QUOTED = re.compile(rb"=\s*'[^<>]*>")
"""In a tag the next angle bracket closes it; in a formula such as `IF(A1='x'!B1)` it opens one."""
_ODD_CELL = re.compile(rb'<c(?! r="[A-Z]{1,3}[0-9]{1,7}")(?=[\s/>])')
"""Not the `<color …>` of a text that is written in a cell."""
_ODD_ROW = re.compile(rb'<row(?! r="[0-9]{1,7}")')
_TOO_MANY_DIGITS = 8
_ADDRESS = re.compile(rb"([A-Z]+)([0-9]+)")


def usual_form(rows: bytes, row_before: int) -> bytes:
    """Return whole rows in the usual form; `row_before` is the number of the row before them, 0 at first."""
    # One quote character is found so fast that the search for two is worth saving.
    is_quoted_oddly = b"'" in rows and _SINGLE_QUOTED.search(rows)
    # A program that puts spaces around "=" does so everywhere: the first cells tell.
    is_spaced = _SPACED_ATTRIBUTE.search(rows, 0, 10_000)
    if not (is_spaced or is_quoted_oddly or _ODD_CELL.search(rows) or _ODD_ROW.search(rows)):
        return rows
    rows = _Rewriter(row_before).rewritten(rows)
    if _ODD_CELL.search(rows) or _ODD_ROW.search(rows):
        raise InputError(words.CELL_WITHOUT_ADDRESS, fix=words.SAVE_AGAIN_FIX)
    return rows


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


class _Rewriter:
    """Counts rows and columns as calamine does where the tags do not say."""

    def __init__(self, row_before: int) -> None:
        self._row = row_before
        self._column = -1

    def rewritten(self, rows: bytes) -> bytes:
        return _TAG.sub(self._tag, rows)

    def _tag(self, tag: re.Match[bytes]) -> bytes:
        attributes = raw_attributes(tag[2])
        address = attributes.pop(b"r", b"").upper()
        if tag[1] == b"row":
            self._row = (
                int(address) if address.isdigit() and len(address) < _TOO_MANY_DIGITS else self._row + 1
            )
            self._column = -1
            address = b"%d" % self._row
        elif found := _ADDRESS.fullmatch(address):
            self._column = column_index(found[1])
        else:
            self._column += 1
            address = address or address_of((self._row, self._column)).encode()
        rest = b"".join(b' %s="%s"' % pair for pair in attributes.items())
        return b'<%s r="%s"%s%s>' % (tag[1], address, rest, b"/" if tag[2].endswith(b"/") else b"")
