"""How dates are read: with the year first or the month as a word, and the guide's MM-DD-YYYY where that can only be one day.

The order of day and month is decided per column, never per cell; without proof there is no guess. Under the API's own
header the guide's order is meant, unless the column proves another.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bulk_orders.core.rule_constants import EARLIEST_AGREEMENT_YEAR

MONTH_DAY, DAY_MONTH, BOTH_ORDERS, NO_PROOF = "month-day", "day-month", "both", ""

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_ISO_WITH_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{1,2}:[0-9]{2}.*)", re.DOTALL)
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?[AaPp]\.?[Mm]\.?)?")
_YEAR_FIRST = re.compile(
    r"([0-9]{4})[/. ]([0-9]{1,2})[/. ]([0-9]{1,2})\.?|([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2}")
_DAY_NAME_YEAR = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?\.?[-/. ]*([A-Za-z]{3,9})\.?[-/., ]*([0-9]{4})")
_NAME_DAY_YEAR = re.compile(r"([A-Za-z]{3,9})\.?[-/. ]*([0-9]{1,2})(?:st|nd|rd|th)?[-/., ]+([0-9]{4})")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_LAST_MONTH = 12
API_HEADER = "agreement_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRead:
    """Why a text is not taken as a date."""

    code: str
    parts: Mapping[str, str]
    proposal: str | None = None


def proven_order(texts: Iterable[str]) -> str:
    """Return which order the column's hyphened dates prove: one that can only be month-day, or only day-month."""
    matches = [match for match in map(_YEAR_LAST.fullmatch, texts) if match is not None and match[2] == "-"]
    found = {_order_of(int(match[1]), int(match[3])) for match in matches}
    proofs = found & {MONTH_DAY, DAY_MONTH}
    if len(proofs) > 1:
        return BOTH_ORDERS
    return proofs.pop() if proofs else NO_PROOF


def meant_order(texts: Iterable[str], header: str) -> str:
    """Return the order of day and month in a column: what it proves, else the guide's where the header is the API's own."""
    proven = proven_order(texts)
    return MONTH_DAY if proven == NO_PROOF and header.strip(" *").casefold() == API_HEADER else proven


def _order_of(first: int, second: int) -> str:
    if first <= _LAST_MONTH < second:
        return MONTH_DAY
    return DAY_MONTH if second <= _LAST_MONTH < first else NO_PROOF


def read_date(text: str, order: str) -> str | DateRead:
    """Return the day as ISO text, or why not; `order` is what `proven_order` says about the column."""
    iso = _ISO.fullmatch(text)
    if iso:
        return _checked(_day(iso[1], iso[2], iso[3]), _swapped(iso[1], iso[2], iso[3]))
    with_time = _ISO_WITH_TIME.fullmatch(text)
    if with_time:
        # In a time zone it may be the day before or after where the agreement was made.
        day = _iso_or_none(with_time[1]) if _CLOCK.fullmatch(with_time[2]) else None
        return _not_a_date("a date with a time", proposal=day)
    year_last = _YEAR_LAST.fullmatch(text)
    if year_last:
        return _read_year_last(year_last, order)
    if _NUMBER.fullmatch(text):
        return _not_a_date("a number, not a date")
    return _read_words(text)


_CALENDAR_DAY: Final = "a day in the calendar"


def _read_year_last(match: re.Match[str], order: str) -> str | DateRead:
    first, second, year = match[1], match[3], match[4]
    month_first, day_first = _day(year, first, second), _day(year, second, first)
    if month_first is None and day_first is None:
        return _impossible(_CALENDAR_DAY, None)
    if match[2] != "-":
        return _as_text(month_first, day_first)
    if month_first is None:
        return _impossible("MM-DD-YYYY", day_first)
    if day_first is None or day_first == month_first or order == MONTH_DAY:
        return _checked(month_first, None)
    return _as_text(None if order == DAY_MONTH else month_first, day_first)


_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""As they are shown, and as they are read where somebody typed a month in words."""


def _read_words(text: str) -> str | DateRead:
    year_first = _YEAR_FIRST.fullmatch(text)
    if year_first:
        year, month, day = (part for part in year_first.groups() if part)
        return _checked(_day(year, month, day), _swapped(year, month, day))
    named = _DAY_NAME_YEAR.fullmatch(text)
    day_named = (named[1], named[2], named[3]) if named else None
    named = _NAME_DAY_YEAR.fullmatch(text)
    if named:
        day_named = (named[2], named[1], named[3])
    if day_named:
        day, name, year = day_named
        month = next(
            (number for number, full in enumerate(_MONTHS, 1) if full.casefold().startswith(name.casefold())),
            0,
        )
        return _checked(_day(year, str(month), day), None) if month else _as_text(None, None)
    if _SHORT_YEAR.fullmatch(text):
        return _as_text(None, None)
    return _not_a_date("not a date we can read")


_TYPE: Final = "Type {proposal}."


def _as_text(one: date | None, other: date | None) -> DateRead:
    days = sorted({day for day in (one, other) if day is not None})
    if one is not None and other is not None and one != other:
        # Goes on a sentence that a date was typed as text.
        reason = ": {one} or {other}?".format(one=_spoken(one), other=_spoken(other))
        todo = "Type it again as {one} or {other}.".format(one=one, other=other)
        return DateRead(code="E-DATE-TEXT", parts={"reason": reason, "todo": todo})
    proposal = days[0].isoformat() if days else None
    todo = (
        _TYPE.format(proposal=proposal) if proposal else "Type it as year-month-day, for example 2022-04-09."
    )
    # Ends that sentence where there is nothing to add.
    return DateRead(code="E-DATE-TEXT", parts={"reason": ".", "todo": todo}, proposal=proposal)


_TYPE_DAY: Final = "Type the day as year-month-day, for example 2022-04-09."


def _impossible(why: str, meant: date | None) -> DateRead:
    proposal = meant.isoformat() if meant else None
    todo = _TYPE.format(proposal=proposal) if proposal else _TYPE_DAY
    return DateRead(code="E-DATE-IMPOSSIBLE", parts={"why": why, "todo": todo}, proposal=proposal)


def _not_a_date(why: str, proposal: str | None = None) -> DateRead:
    todo = _TYPE.format(proposal=proposal) if proposal else _TYPE_DAY
    return DateRead(code="E-DATE", parts={"why": why, "todo": todo}, proposal=proposal)


def _checked(day: date | None, meant: date | None) -> str | DateRead:
    if day is None:
        return _impossible(_CALENDAR_DAY, meant)
    if day.year < EARLIEST_AGREEMENT_YEAR:
        return _not_a_date("too long ago for this agreement")
    return day.isoformat()


def _swapped(year: str, month: str, day: str) -> date | None:
    return _day(year, day, month)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _iso_or_none(text: str) -> str | None:
    day = _day(*text.split("-"))
    return day.isoformat() if day else None


def _spoken(day: date) -> str:
    return "{day} {month}".format(day=day.day, month=_MONTHS[day.month - 1])
