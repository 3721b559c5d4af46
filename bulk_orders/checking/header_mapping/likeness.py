"""How like a header is to what a column is called: by us, by other programs, in other languages."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import fuzz

from bulk_orders.checking.header_mapping.names.all_names import NAMES_BY_FIELD
from bulk_orders.core.mapping import known_fields

KNOWN: Final = 1.0
"""The likeness of a header that is one of the column's names."""
_MOST_LIKE: Final = 0.95
"""Of a header that is none of them, however like one it is."""
_WORDS = re.compile(r"[A-ZÀ-Þ]?[^\W_A-ZÀ-Þ]+|[A-ZÀ-Þ]+")
_LONGEST: Final = 100
"""Characters of a header that are compared; nobody names a column in a paragraph."""


@lru_cache(maxsize=8192)
def words_of(header: str) -> tuple[str, ...]:
    """Return the words of a header without case and accents: `currentSeatCount` has three, `N° de client` has `n`, `de`, `client`."""
    composed = unicodedata.normalize("NFKC", header[:_LONGEST])
    found = _WORDS.findall(composed)
    return tuple(word for part in found if (word := _bare(part)))


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in apart if sign.isalnum())


@cache
def _names(field: str) -> frozenset[tuple[str, ...]]:
    column = known_fields()[field]
    spellings = (column.header, column.name, *column.aliases, *NAMES_BY_FIELD.get(field, ()))
    return frozenset(filter(None, map(words_of, spellings)))


@cache
def _fields_by_name() -> Mapping[str, frozenset[str]]:
    """Return the columns by each of their names, its words written together."""
    found: dict[str, set[str]] = {}
    for field in known_fields():
        for name in _names(field):
            found.setdefault("".join(name), set()).add(field)
    return {name: frozenset(fields) for name, fields in found.items()}


def fields_named(header: str) -> frozenset[str]:
    """Return the columns of which a header is one of the names: mostly none or one."""
    return _fields_by_name().get("".join(words_of(header)), frozenset())


@lru_cache(maxsize=65_536)
def likeness(header: str, field: str) -> float:
    """Return how like a header is to the names of a column, from 0 to 1; 1 only if it is one of them."""
    words = words_of(header)
    if not words:
        return 0.0
    if field in fields_named(header):
        return KNOWN
    ratios = (fuzz.token_sort_ratio(" ".join(words), " ".join(name)) / 100 for name in _names(field))
    return min(max(ratios), _MOST_LIKE)


@lru_cache(maxsize=65_536)
def says_more(header: str, field: str) -> bool:
    """Tell whether a header has a name of the column in it, and other words: `Old SKU`, `Licenses assigned`."""
    ours = set(words_of(header))
    return likeness(header, field) < KNOWN and any(set(name) <= ours for name in _names(field))
