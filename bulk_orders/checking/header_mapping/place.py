"""Where the headers of somebody's own file are: on which sheet, in which row."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from bulk_orders.checking.header_mapping.cells import is_mpn, is_name
from bulk_orders.checking.header_mapping.likeness import fields_named
from bulk_orders.core.columns.table import recognised
from bulk_orders.core.mapping import ENCODINGS
from bulk_orders.core.model import SheetRole
from bulk_orders.reading.sketch import Beginning
from bulk_orders.reading.workbook_tables import TELLING_FIELDS

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
    is_evident: bool = False
    """It is a whole row of names above cells with products, whatever the names are."""


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
    others = [sheet for sheet in sheets if not is_own_customers(sheet)]
    found = [place for sheet in others or sheets if (place := _place(sheet))]
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
    """Tell whether the first place is the one: its names are known, and no other sheet has as many; or there is no other."""
    first, others = places[0], places[1:]
    if not others and first.is_evident:
        return True
    return first.known >= _CLEARLY and all(place.known < first.known for place in others)


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
    first = next(place for place in ranked if _filled(place.headers) == widest)
    return replace(first, is_evident=_is_evident(first, sheet))


def _is_evident(place: HeaderPlace, sheet: Beginning) -> bool:
    """Tell whether a row has a different name in each of its cells, and a product stands below one of them."""
    names = [text.strip() for text in place.headers]
    below = [
        texts for number, texts in zip(sheet.numbers, sheet.rows, strict=True) if number > place.header_row
    ]
    return (
        all(map(is_name, names))
        and len({name.casefold() for name in names}) == len(names)
        and any(is_mpn(text) for texts in below for text in texts[: len(names)])
    )


def likeliest_encoding(sheets: Sequence[Beginning], read_as: str) -> str:
    """Return in which encoding most names that we know come out, where letters were read as `read_as` for want of a better one."""
    found = {read_as: max((_known(texts) for sheet in sheets for texts in sheet.rows), default=0)}
    for encoding in ENCODINGS:
        with suppress(UnicodeError):
            found[encoding] = max(
                _known([text.encode(read_as).decode(encoding) for text in texts])
                for sheet in sheets
                for texts in sheet.rows
            )
    return max(found, key=lambda encoding: (found[encoding], encoding == read_as))


def _filled(texts: Sequence[str]) -> int:
    return sum(bool(text.strip()) for text in texts)


def _known(texts: Sequence[str]) -> int:
    """Return how many of our columns have a name of theirs in a row."""
    return len({field for text in texts for field in fields_named(text)})
