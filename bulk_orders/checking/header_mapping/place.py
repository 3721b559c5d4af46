"""Where the headers of somebody's own file are: on which sheet, in which row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bulk_orders.checking.header_mapping.likeness import fields_named
from bulk_orders.core.columns.table import recognised
from bulk_orders.core.model import SheetRole
from bulk_orders.reading.sheets import TELLING_FIELDS
from bulk_orders.reading.sketch import Beginning

_CLEARLY: Final = 3
"""So many names that we know make a row one of headers."""
_LEAST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderPlace:
    """A row that may be the one of the headers."""

    sheet: str
    header_row: int
    headers: tuple[str, ...]
    known: int
    """How many of them are names that we know."""


def is_own_customers(sheet: Beginning) -> bool:
    """Tell whether a sheet is one of customers under our own headers, which is read beside whatever sheet has the orders."""
    for texts in sheet.rows:
        customers = {known.name for text in texts if (known := recognised(SheetRole.CUSTOMERS, text))}
        orders = {known.name for text in texts if (known := recognised(SheetRole.ORDERS, text))}
        if len(customers & TELLING_FIELDS[SheetRole.CUSTOMERS]) >= _LEAST:
            return len(orders & TELLING_FIELDS[SheetRole.ORDERS]) < _LEAST
    return False


def header_places(sheets: Sequence[Beginning]) -> tuple[HeaderPlace, ...]:
    """Return the likeliest row of headers of each sheet that has one, the sheet with most known names first."""
    found = [place for sheet in sheets if not is_own_customers(sheet) and (place := _place(sheet))]
    return tuple(sorted(found, key=lambda place: -place.known))


def place_in_row(sheet: Beginning, header_row: int) -> HeaderPlace | None:
    """Return the row that somebody named; `None` if there is no such row among the first of the sheet."""
    return next(
        (
            HeaderPlace(sheet=sheet.name, header_row=number, headers=texts, known=_known(texts))
            for number, texts in zip(sheet.numbers, sheet.rows, strict=True)
            if number == header_row and any(map(str.strip, texts))
        ),
        None,
    )


def is_certain(places: Sequence[HeaderPlace]) -> bool:
    """Tell whether the first place is the one: its names are known, and no other sheet has as many."""
    return places[0].known >= _CLEARLY and all(place.known < places[0].known for place in places[1:])


def _place(sheet: Beginning) -> HeaderPlace | None:
    """Return the row with most known names, the first of equals; else the first of those with most texts."""
    widest = max((_filled(texts) for texts in sheet.rows), default=0)
    if widest < _LEAST:
        return None
    ranked = [
        HeaderPlace(sheet=sheet.name, header_row=number, headers=texts, known=_known(texts))
        for number, texts in zip(sheet.numbers, sheet.rows, strict=True)
    ]
    best = max(ranked, key=lambda place: place.known)
    if best.known >= _LEAST:
        return best
    return next(place for place in ranked if _filled(place.headers) == widest)


def _filled(texts: Sequence[str]) -> int:
    return sum(bool(text.strip()) for text in texts)


def _known(texts: Sequence[str]) -> int:
    """Return how many of our columns have a name of theirs in a row."""
    return len({field for text in texts for field in fields_named(text)})
