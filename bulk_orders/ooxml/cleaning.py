"""What a text must look like before it is written into a workbook, so that it comes out of it unchanged.

Every string that `writing` writes passes `clean`; names of sheets pass `sheet_name`.
"""

import re
from collections.abc import Collection
from typing import Final

from bulk_orders.core import sheet_names

CELL_UNITS: Final = 32_767
"""The most UTF-16 units a cell holds (Excel specifications and limits)."""
SHEET_NAME_UNITS: Final = 31

REPLACEMENT: Final = "\ufffd"

# Not allowed in XML 1.0, or not allowed to stand alone: surrogates, the two non-characters, controls but tab and line feed.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
# `_x0041_` is an escape for "A" in the file format. Writers and readers disagree on how to escape the escape: openpyxl
# leaves `_x005F_` in inline strings and drops every `x005F_` elsewhere, calamine decodes twice. A text in which the
# underscore is the full-width one is read alike by all of them.
_ESCAPE_LIKE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED_UNDERSCORE: Final = "x005F_"
_FULL_WIDTH_UNDERSCORE: Final = "＿"

_NOT_IN_SHEET_NAMES: Final = re.compile(r"[\[\]:*?/\\]")


def clean(text: str, *, units: int = CELL_UNITS) -> str:
    """Return `text` as a cell can keep it: cleaning it again, or reading it back, changes nothing.

    What no workbook can hold becomes U+FFFD, line ends become line feeds, and more than `units` UTF-16 units
    are cut with an ending that says so.
    """
    if (
        text.isprintable()
        and text.isascii()
        and "_x" not in text
        and _ESCAPED_UNDERSCORE not in text
        and len(text) <= units
    ):
        return text
    text = _UNWRITABLE.sub(REPLACEMENT, text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _ESCAPE_LIKE.sub(_FULL_WIDTH_UNDERSCORE, text)
    text = text.replace(_ESCAPED_UNDERSCORE, _ESCAPED_UNDERSCORE[:-1] + _FULL_WIDTH_UNDERSCORE)
    return _cut(text, units)


def sheet_name(text: str, taken: Collection[str] = ()) -> str:
    """Return a name that Excel allows for a sheet and that differs, without case, from those `taken`."""
    wished = (
        _NOT_IN_SHEET_NAMES.sub(" ", clean(text).replace("\n", " ").replace("\t", " ")).strip("' ")
        or sheet_names.NAMELESS
    )
    if wished.casefold() == "history":  # reserved by Excel
        wished = sheet_names.HISTORY
    used = {name.casefold() for name in taken}
    name = _first_units(wished, SHEET_NAME_UNITS).rstrip("' ")
    number = 2
    while name.casefold() in used:
        ending = f" ({number})"
        name = _first_units(wished, SHEET_NAME_UNITS - len(ending)) + ending
        number += 1
    return name


def _cut(text: str, units: int) -> str:
    if _units(text) <= units:
        return text
    # Ends a text that no cell can hold.
    ending = " … (cut here: {number:,} characters in all)".format(number=len(text))
    return _first_units(text, units - len(ending)) + ending


def _first_units(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore")


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
