"""What the cells of a column look like, and how well they fit what we know a column by."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from bulk_orders.checking.header_mapping.names.words import FOREIGN_WORDS
from bulk_orders.checking.normalise import read_column
from bulk_orders.checking.values.choices import choice_key, label_of, says_nothing
from bulk_orders.checking.values.internet import is_email, is_hostname, is_tenant_id
from bulk_orders.checking.values.places import country_code
from bulk_orders.core.columns.shapes import Column, Kind
from bulk_orders.core.mapping import known_fields, value_key

COMPARED: Final = 200
"""Different texts of a column that are looked at."""
MOST_CHOICES: Final = 12
"""Different texts of a column with a list; more are no list's."""
FREE_TEXT: Final = 0.8
"""The fit of cells that may be anything, and are nothing else that we know."""
MAY_BE_LIST: Final = 0.3
"""The fit of a few words that we do not know, for a column with a list."""
_MPN = re.compile(r"[A-Z0-9]{6,}:[A-Z0-9]{2,}(?::[A-Z0-9]+)?", re.IGNORECASE)
_CODE = re.compile(r"(?=.*[0-9])[\w.:/#-]{2,60}")
_DAY = re.compile(r"[0-9]{1,4}([-/. ])[0-9]{1,2}\1[0-9]{1,4}(?:[T ][0-9:.]+Z?)?")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*\s?[%€$£]?|[€$£]\s?[0-9]+(?:[.,][0-9]+)*")
_YES_NO: Final = frozenset({"yes", "no", "true", "false", "y", "n", "ja", "nein", "oui", "non", "sí", "si"})
ONLY_NOTES: Final = frozenset({"order_note", "customer_note"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FileColumn:
    """One column of somebody's own file."""

    name: str
    """Its header, made different from the others (`core.mapping.header_names`)."""
    letter: str
    texts: tuple[str, ...]
    """Its different texts, trimmed, without blanks, in the file's order."""
    filled: int
    """How many of its cells are filled."""

    @property
    def samples(self) -> tuple[str, ...]:
        """The first few of its texts."""
        return self.texts[:3]

    @property
    def names_rows(self) -> bool:
        """Whether no text stands twice."""
        return self.filled > 0 and len(self.texts) == self.filled


def fit(column: FileColumn, field: str) -> float:
    """Return how well the cells fit a column of ours, from 0 to 1; a blank column fits everything."""
    texts = column.texts[:COMPARED]
    if not texts or field in ONLY_NOTES:
        return 1.0
    entry = known_fields()[field]
    if entry.choices:
        return _fit_of_list(column, entry)
    if field == "reference":
        return _fit_of_text(texts, _is_plain) if column.names_rows else 0.0
    if entry.kind in _READ_BY_CHECK:
        return _readable(entry, texts)
    test = _SHAPES.get(field) or _KINDS.get(entry.kind)
    return _share(texts, test) if test else _fit_of_text(texts, is_name)


def _fit_of_text(texts: Sequence[str], test: Callable[[str], object]) -> float:
    share = _share(texts, test)
    return FREE_TEXT if share >= _NEARLY_ALL else FREE_TEXT * share


def _readable(entry: Column, texts: Sequence[str]) -> float:
    _, readings = read_column(entry, texts)
    return 1 - sum(bool(reading.fault) for reading in readings.values()) / len(texts)


def _share(texts: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(text)) for text in texts) / len(texts)


def _is_plain(text: str) -> bool:
    """Tell whether a text is nothing that has a column of its own: no product, domain, address, date, number or answer."""
    return not (
        _MPN.fullmatch(text)
        or _DAY.fullmatch(text)
        or is_tenant_id(text)
        or is_email(text)
        or text.casefold() in _YES_NO
        or (_NUMBER.fullmatch(text) and len(text) < _SHORTEST_ID)
        or text.lower().endswith(".onmicrosoft.com")
    )


def is_mpn(text: str) -> bool:
    """Tell whether a text has the form of a product's part number."""
    return _MPN.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Tell whether a text may be what something is called: with letters in it."""
    return _is_plain(text) and any(map(str.isalpha, text))


_SHORTEST_ID: Final = 6
"""Digits from which a number may be somebody's id, and is not a price or a count."""
_NEARLY_ALL: Final = 0.9
"""A company may be called 2000."""
_READ_BY_CHECK: Final = frozenset({Kind.WHOLE_NUMBER, Kind.DIGITS})
_KINDS: Final[Mapping[Kind, Callable[[str], object]]] = {
    Kind.COUNTRY: country_code,
    Kind.DATE: _DAY.fullmatch,
    Kind.EMAIL: is_email,
    Kind.DOMAIN: lambda text: is_hostname(text.lower()),
}
_LONGEST_CODE: Final = 10
"""Characters of a postal code."""
_SHAPES: Final[Mapping[str, Callable[[str], object]]] = {
    "mpn": is_mpn,
    "tenant_id": is_tenant_id,
    "po_number": lambda text: _is_plain(text) and _CODE.fullmatch(text),
    "postal_code": lambda text: any(map(str.isdigit, text)) and len(text) <= _LONGEST_CODE,
    "phone": lambda text: sum(map(str.isdigit, text)) >= _SHORTEST_ID and not _DAY.fullmatch(text),
}


def _fit_of_list(column: FileColumn, entry: Column) -> float:
    """Return the share of entries that we know; a little where the few words there are may be a list's in words of their own."""
    texts = column.texts[:COMPARED]
    share = sum(meaning(entry.name, text) is not None for text in texts) / len(texts)
    may_be_list = len(column.texts) <= MOST_CHOICES and _share(texts, _is_word) == 1.0
    return share or (MAY_BE_LIST if may_be_list else 0.0)


def _is_word(text: str) -> bool:
    is_shaped = _MPN.fullmatch(text) or _DAY.fullmatch(text) or is_tenant_id(text) or "@" in text
    return not is_shaped and any(map(str.isalpha, text)) and not text.lower().endswith(".onmicrosoft.com")


def meaning(field: str, text: str) -> str | None:
    """Return the label of a list that a text is, in whatever language; nothing for one that we do not know."""
    entry = known_fields()[field]
    key = choice_key(entry, text) or _foreign(field).get(value_key(text))
    return label_of(entry, key) if key else None


def is_own_spelling(field: str, text: str) -> bool:
    """Tell whether the check itself reads a text in this column, so that no mapping needs to say what it means."""
    return says_nothing(text) or choice_key(known_fields()[field], text) is not None


@cache
def _foreign(field: str) -> Mapping[str, str]:
    return {
        value_key(alias): words.key
        for words in FOREIGN_WORDS
        if words.field == field
        for alias in words.aliases
    }


def words_like(field: str, texts: Sequence[str]) -> Mapping[str, str]:
    """Return the foreign words of a column with their labels: of those languages in which some of `texts` are.

    Next month's file has words of the same language that this one does not have.
    """
    entry = known_fields()[field]
    typed = {value_key(text) for text in texts if not is_own_spelling(field, text)}
    ours = [words for words in FOREIGN_WORDS if words.field == field]
    spoken = {words.language for words in ours if typed.intersection(map(value_key, words.aliases))}
    return {
        value_key(alias): label_of(entry, words.key)
        for words in ours
        if words.language in spoken
        for alias in words.aliases
        if not is_own_spelling(field, alias)
    }
