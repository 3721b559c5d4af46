"""What the columns of somebody's own file are: a mapping, found again by the file's headers.

It is plain data, the same in a file, in the ledger and between processes. Nothing here guesses: what a mapping does not
say is a column of the file's own, which is kept and not sent.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from bulk_orders.core.columns.shapes import Column, Kind
from bulk_orders.core.columns.table import COLUMNS, RESULT_HEADERS, folded, recognised
from bulk_orders.core.model import SheetRole

ENDING: Final = ".mapping.toml"
ENCODINGS: Final = (
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257", "cp437", "cp850", "iso8859-1", "iso8859-2"),
    *("iso8859-15", "mac_roman", "shift_jis", "utf-16-be", "utf-16-le"),
)
"""What a CSV file may be in that is not UTF-8 and has no mark; Python's names."""
SEPARATORS: Final = (",", ";", "\t", "|")
DAY_MONTH: Final = "day-month-year"
MONTH_DAY: Final = "month-day-year"
DATE_ORDERS: Final = (DAY_MONTH, MONTH_DAY)
MOST_PARTS: Final = 5
_DATE = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4})")
_ADDED: Final = frozenset(
    folded(header)
    for header in (
        *RESULT_HEADERS,
        *(entry.header for entry in COLUMNS if entry.name in {"check", "customer_check"}),
    )
)
"""Headers that our own checked and results workbooks add: a file is still of the same kind with them."""
_ROLES: Final = (SheetRole.ORDERS, SheetRole.CUSTOMERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvForm:
    """How a CSV file is written; what is empty is recognised."""

    encoding: str = ""
    """Of a file that is not UTF-8, one of `ENCODINGS`."""
    separator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedValue:
    """What stands in every row for a column that the file does not have."""

    value: str
    stated_by: str = ""
    """Who states it, where it is a legal statement."""
    stated_on: str = ""
    """The day, as ISO text."""


@dataclass(frozen=True, kw_only=True)
class HeaderMapping:
    """What each column of a kind of file is."""

    headers: tuple[str, ...]
    """All of the file's headers, as `header_names` names them; by their set it is found again."""
    columns: Mapping[str, str]
    """Header by the column's name in `core.columns`."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By column: what a typed text means, as a label of its list."""
    fixed: Mapping[str, FixedValue] = field(default_factory=dict)
    """By column."""
    dates: Mapping[str, str] = field(default_factory=dict)
    """By column of dates: one of `DATE_ORDERS`."""
    parts: Mapping[str, int] = field(default_factory=dict)
    """By column: how many parts between colons count, where the file has more."""
    sheet: str = ""
    """The sheet that is read where more than one has these headers."""
    csv: CsvForm = field(default_factory=CsvForm)
    is_confirmed: bool = False
    name: str = ""
    """Of its file: `export.mapping.toml`."""

    @cached_property
    def fields(self) -> Mapping[str, str]:
        """The column's name by the key of its header."""
        return {header_key(header): name for name, header in self.columns.items()}

    @cached_property
    def keys(self) -> frozenset[str]:
        """What it is found again by."""
        return _telling(self.headers)

    def fits(self, texts: Sequence[str]) -> bool:
        """Tell whether a row of headers is this mapping's, in whatever order."""
        return bool(self.keys) and self.keys == _telling(header_names(texts))

    def mapped(self, name: str, text: str) -> str:
        """Return what a typed text means in a column; the text itself where the mapping says nothing of it."""
        meant = self.values.get(name, {}).get(value_key(text))
        if meant is not None:
            return meant
        if name in self.dates:
            return _iso(text.strip(), self.dates[name])
        parts = text.split(":")
        return ":".join(parts[: self.parts[name]]) if name in self.parts else text


def header_key(header: str) -> str:
    """Return what is compared of a header: without case and surplus spaces, but with its signs: `PO #` is not `PO`."""
    return " ".join(unicodedata.normalize("NFKC", header).casefold().split())


def value_key(text: str) -> str:
    """Return what is compared of a typed text: without case and surplus spaces."""
    return " ".join(text.casefold().split())


def header_names(texts: Sequence[str]) -> list[str]:
    """Return a name of its own for each header from left to right: `Qty`, and `Qty #2` for its second; blank ones have none."""
    taken = {header_key(text) for text in texts}
    seen: set[str] = set()
    names: list[str] = []
    for text in texts:
        name, number = " ".join(text.split()), 1
        while header_key(name) in seen or (number > 1 and header_key(name) in taken):
            number += 1
            name = f"{' '.join(text.split())} #{number}"
        if name:
            seen.add(header_key(name))
        names.append(name)
    return names


def _telling(names: Iterable[str]) -> frozenset[str]:
    bare = ((name, re.sub(r" #[0-9]+\Z", "", name)) for name in names if name)
    return frozenset(header_key(name) for name, text in bare if folded(text) not in _ADDED)


def known_fields() -> Mapping[str, Column]:
    """Return the columns that a file's own column can be, by name: what people fill on Orders and Customers."""
    return {
        entry.name: entry
        for role in reversed(_ROLES)
        for entry in COLUMNS
        if entry.sheet is role and entry.kind is not Kind.FORMULA and not entry.is_hidden
    }


def field_named(text: str) -> str:
    """Return the column's name for its header, name or alias; empty where there is no such column."""
    found = next((known for role in _ROLES if (known := recognised(role, text))), None)
    return found.name if found and found.name in known_fields() else ""


def label_for(column: Column, text: str) -> str | None:
    """Return the label of a list that a text is: its label, key or one of its spellings; `None` if it is none."""
    return next(
        (
            choice.label
            for choice in column.choices
            if value_key(text) in map(value_key, (choice.label, choice.key, *choice.aliases))
        ),
        None,
    )


def may_be_fixed(column: Column) -> bool:
    """Tell whether all rows may have one value of a column: not what names a person, an order or a company."""
    return bool(column.choices or column.names_nobody) and column.name not in {
        "reference",
        "po_number",
        "order_note",
    }


def _iso(text: str, order: str) -> str:
    found = _DATE.fullmatch(text)
    if not found:
        return text
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    day, month = (first, second) if order == DAY_MONTH else (second, first)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return text
