"""How drop-down entries are read: labels, the marketplace's own words and common spellings, without case."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from bulk_orders.checking.proposals import only_meant
from bulk_orders.core.columns.table import Column

_TYPED_AT_MOST = 60
"""Characters that are compared for a proposal; nobody mistypes an entry into a paragraph."""
_NOTHING: Final = frozenset({"n/a", "n.a.", "n.a", "n / a", "not applicable", "-", "--", "–", "—"})
"""What people write into a cell that has nothing to say. `NA` is Namibia, and `None` is an entry."""


def says_nothing(text: str) -> bool:
    """Tell whether a text stands for a blank cell: `n/a` or a dash."""
    return text.casefold() in _NOTHING


def some_say_nothing(lines: str) -> bool:
    """Tell whether any of the lines does, each of which begins and ends with a line break."""
    folded = lines.casefold()
    return any(f"\n{words}\n" in folded for words in _NOTHING)


@cache
def _spellings(column: Column) -> dict[str, str]:
    """Return every spelling, folded, with its canonical key."""
    return {
        " ".join(spelling.casefold().split()): choice.key
        for choice in column.choices
        for spelling in (choice.key, choice.label, *choice.aliases)
    }


def choice_key(column: Column, text: str) -> str | None:
    """Return the canonical key of what was typed, or `None` when it is not in the list."""
    return _spellings(column).get(" ".join(text.casefold().split()))


@lru_cache(maxsize=4096)
def nearest_label(column: Column, text: str) -> str | None:
    """Return the label that was probably meant, where only one can be."""
    if len(text) > _TYPED_AT_MOST:
        return None
    key = only_meant(text, _spellings(column), cutoff=0.7)
    return None if key is None else label_of(column, key)


def label_of(column: Column, key: str) -> str:
    """Return what the drop-down shows for a canonical key."""
    return next(choice.label for choice in column.choices if choice.key == key)


def labels_in_words(column: Column) -> str:
    """Return all that the drop-down shows, as a sentence names it: `"1 year", "1 month" or "3 years"`."""
    return either([choice.label for choice in column.choices])


def either(labels: Sequence[str]) -> str:
    """Return labels as a sentence names them: `"1 year", "1 month" or "3 years"`."""
    quoted = [f'"{label}"' for label in labels]
    if len(quoted) == 1:
        return quoted[0]
    return "{first} or {last}".format(first=", ".join(quoted[:-1]), last=quoted[-1])


def keys_in_list(column: Column, text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Read a list such as `1 year; 1 month`: the keys of `column` in it, and the words that are none.

    Semicolons part the entries; commas too, where an entry with its comma is not itself a choice.
    """
    keys: set[str] = set()
    unread: list[str] = []
    for entry in filter(None, (part.strip() for part in re.split(r"[;|\n/]", text))):
        key = choice_key(column, entry)
        parts = [entry] if key else [part.strip() for part in entry.split(",") if part.strip()]
        for part in parts:
            found = choice_key(column, part)
            if found:
                keys.add(found)
            else:
                unread.append(part)
    return frozenset(keys), tuple(unread)
