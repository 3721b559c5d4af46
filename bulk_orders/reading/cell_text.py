"""What a cell's value is as text: exact, without exponents, and with a note where the text no longer tells all."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from bulk_orders.core.model import CellNote

EXACT_DIGITS = 15
"""Significant digits that Excel keeps of a number (its specifications and limits page)."""

Value = str | float | bool | dt.date | dt.time | dt.timedelta
"""What calamine gives for a cell; an empty cell is the empty text."""


def cell_text(value: Value) -> tuple[str, CellNote | None]:
    """Return a value's text and note: `5.0` is `5`, a date is `2022-04-09`, a boolean is `TRUE`."""
    match value:
        case bool():
            read: tuple[str, CellNote | None] = ("TRUE" if value else "FALSE", CellNote.BOOLEAN)
        case int() | float():
            read = number_text(float(value))
        case dt.datetime():
            read = (value.isoformat(sep=" ", timespec="seconds"), CellNote.TIME)
        case dt.date():
            read = (value.isoformat(), CellNote.DATE)
        case dt.time() | dt.timedelta():
            read = (str(value), CellNote.TIME)
        case str():
            read = (value, None)
    return read


@lru_cache(maxsize=50_000)
def number_text(value: float) -> tuple[str, CellNote | None]:
    """Return a number as plain decimal text; noted when Excel has more digits than it keeps exact."""
    if value.is_integer() and abs(value) < 10**EXACT_DIGITS:
        return str(int(value)), None
    decimal = Decimal(repr(value))
    if not decimal.is_finite():
        return repr(value), CellNote.LONG_NUMBER
    text = f"{decimal:f}".removesuffix(".0")
    is_long = abs(value) >= 10**EXACT_DIGITS or len(decimal.as_tuple().digits) > EXACT_DIGITS
    return text, CellNote.LONG_NUMBER if is_long else None
