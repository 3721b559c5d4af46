"""What a cell shows under its number format: taken where it adds literals and zeros to a text, noted where it shows another value."""

import re
import unicodedata
from typing import Final

from bulk_orders.core.model import CellNote
from bulk_orders.ooxml.number_format import NumberFormat, Shown

_CURRENCY_CODE: Final = re.compile(r"[A-Z]{3}")
_OF_MINUS: Final = str.maketrans("", "", "()-")

Read = tuple[str, CellNote | None, str | None]
"""The text that is taken, what is noted, and what the cell shows, where that is another text and known."""


def as_shown(number: str, style: NumberFormat, *, is_text: bool) -> Read:
    """Return what is read of a number, given as plain text; `is_text` says that its column is one of texts."""
    if style.shows_whole_numbers and number.isdigit() and (style.adds_nothing or not is_text):
        return number, None, None
    if style.has_percent:
        return number, CellNote.PERCENT, None
    shown = style.show(number)
    if shown is None or not (shown.is_exact and shown.text):
        return number, CellNote.SHOWN_OTHERWISE, shown.text if shown else None
    if shown.text == number or (not is_text and _is_same_number(number, shown)):
        return number, None, None
    if shown.is_bare:
        return shown.text, CellNote.ZERO_PADDED, None
    return number, CellNote.SHOWN_OTHERWISE, shown.text


def as_shown_text(text: str, style: NumberFormat, *, is_text: bool) -> Read:
    """Return what is read of a text."""
    shown = style.show_text(text) if text else text
    if shown == text:
        return text, None, None
    return (
        (shown, CellNote.ZERO_PADDED, None) if is_text and shown else (text, CellNote.SHOWN_OTHERWISE, shown)
    )


def _is_same_number(number: str, shown: Shown) -> bool:
    """Tell whether nothing but a currency, a minus or the way to write a number stands around it."""
    literals = "".join(
        letter for letter in shown.literals if not letter.isspace() and unicodedata.category(letter) != "Sc"
    )
    if number.startswith("-"):
        literals = literals.translate(_OF_MINUS)
    if literals and not _CURRENCY_CODE.fullmatch(literals):
        return False
    digits = re.sub("[^0-9]", "", shown.text)
    return not shown.is_bare or digits == number.lstrip("-")
