"""When a night may send, and how it ended: moments and codes in, answers out.

All moments here are local: frozen days and the end of the night are those of the people who wrote them down.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bulk_orders.errors import ExitCode

_DAYS: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?")
_CLOCK: Final = re.compile(r"(\d\d):(\d\d)")
LONGEST_NIGHT: Final = timedelta(hours=12)
"""A time of day ends the 12 hours before it: at 06:00, *not after 05:30* means that tonight is over, not that a day is left."""

RISKIEST_FIRST: Final = (
    ExitCode.OUTCOME_UNKNOWN,
    ExitCode.BUG,
    ExitCode.SETUP_WRONG,
    ExitCode.SOME_FAILED,
    ExitCode.GUARD,
    ExitCode.INTERRUPTED,
    ExitCode.TRY_AGAIN_LATER,
    ExitCode.WORKBOOK_HAS_ERRORS,
    ExitCode.ANOTHER_RUN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Some days in a row, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def read_days(text: str) -> Days:
    """Read `2026-12-24` or `2026-12-24..2027-01-02`. Raises `ValueError`."""
    found = _DAYS.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    first = date.fromisoformat(found[1])
    last = date.fromisoformat(found[2]) if found[2] else first
    if last < first:
        raise ValueError(text)
    return Days(first=first, last=last)


def read_time(text: str) -> time:
    """Read `05:30`. Raises `ValueError`."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    return time(int(found[1]), int(found[2]))


def frozen(now: datetime, freezes: Iterable[Days]) -> Days | None:
    """Return the frozen days that today is one of; None if anything may be sent today."""
    return next((days for days in freezes if now.date() in days), None)


def seconds_left(now: datetime, not_after: time | None) -> float | None:
    """Return how long the night still lasts; 0 when it is over, None when it has no end.

    The end is the next moment with that time of day, if it comes within `LONGEST_NIGHT`.
    """
    if not_after is None:
        return None
    end = now.replace(hour=not_after.hour, minute=not_after.minute, second=0, microsecond=0)
    if end <= now:
        end += timedelta(days=1)
    left = end - now
    return left.total_seconds() if left <= LONGEST_NIGHT else 0.0


def riskiest(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the code of the riskiest thing that happened in a night; a night in which nothing did is `OK`."""
    found = set(codes)
    return next((code for code in RISKIEST_FIRST if code in found), ExitCode.OK)
