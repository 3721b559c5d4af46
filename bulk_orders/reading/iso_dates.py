"""Dates that a workbook stores as text (ISO 8601), as the numbers that it stores for all others."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Final

_FIRST_DAY: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no zones
_FIRST_DAY_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001 - Excel knows no zones
_DATE: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.([0-9]{1,6})[0-9]*)?Z?)?"
)
_LAST_ODD_DAY: Final = 60
"""Excel's 29 February 1900, up to which its days are counted otherwise."""
_MICROSECONDS_A_DAY: Final = 86_400_000_000


def serial_of(text: str, *, is_1904: bool) -> str:
    """Return the number of a date's day and time; nothing for a text that is not a date, or one of a time zone.

    `Z` is taken as Excel takes it: it shows the date that is written.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        return ""
    try:
        moment = datetime.fromisoformat(f"{found[1]}T{found[2] or '00:00'}")
    except ValueError:
        return ""
    passed = moment - (_FIRST_DAY_1904 if is_1904 else _FIRST_DAY)
    if passed.days <= _LAST_ODD_DAY:
        return ""
    microseconds = passed.seconds * 1_000_000 + int((found[3] or "0").ljust(6, "0"))
    return f"{passed.days + Decimal(microseconds) / _MICROSECONDS_A_DAY:.10f}".rstrip("0").rstrip(".")
