"""How people type a time until now: `400d`, `8 weeks`, `18 months`, `2y`."""

import calendar
import re
from datetime import datetime, timedelta
from typing import Final

from bulk_orders.errors import UsageError

_AGE: Final = re.compile(r"(\d{1,5})\s*(d|days?|w|weeks?|m|mos?|months?|y|yrs?|years?)?", re.IGNORECASE)
_MONTHS: Final = {"m": 1, "y": 12}
_DAYS: Final = {"": 1, "d": 1, "w": 7}


def moment_before(text: str, now: datetime) -> datetime:
    """Return the moment that lies so long before `now`: `400d`, `8 weeks`, `18 months`, `2y`. Raises `UsageError`."""
    match = _AGE.fullmatch(text.strip())
    refused = UsageError(
        "“{text}” is not an age.".format(text=text),
        fix="Use for example 400d, 8 weeks, 18 months or 2 years.",
    )
    if match is None:
        raise refused
    number, unit = int(match[1]), (match[2] or "")[:1].lower()
    try:
        return (
            _months_before(now, number * _MONTHS[unit])
            if unit in _MONTHS
            else now - timedelta(number * _DAYS[unit])
        )
    except (OverflowError, ValueError):
        raise refused from None


def _months_before(now: datetime, months: int) -> datetime:
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    return now.replace(year=year, month=month + 1, day=day)
