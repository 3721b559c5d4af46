"""Whether two texts may name the same company: the guard against an order for the wrong customer.

People shorten names, leave legal forms out and spell marks and signs in their own way; none of that is a doubt. Two names
without a word, an abbreviation or most of their letters in common are one.
"""

import difflib
import re
import unicodedata
from typing import Final

_LEGAL_FORMS: Final = frozenset(
    {
        *(
            "inc",
            "incorporated",
            "corp",
            "corporation",
            "co",
            "company",
            "llc",
            "llp",
            "lp",
            "ltd",
            "limited",
        ),
        *(
            "plc",
            "pty",
            "pte",
            "gmbh",
            "ag",
            "kg",
            "ohg",
            "ug",
            "ev",
            "sa",
            "sas",
            "sarl",
            "srl",
            "spa",
            "bv",
        ),
        *("nv", "oy", "ab", "as", "aps", "kft", "zrt", "lda", "sro", "doo", "ooo", "sl", "pvt", "private"),
    }
)
_COMMON: Final = frozenset({"the", "and", "of", "de", "la", "und", "et", "group", "holding", "holdings"})
_UMLAUT: Final = re.compile(r"([aou])e")
"""Koenig is König; taken out of both names, it does no harm to those in which it is no umlaut."""
_ALIKE: Final = 0.75
"""Share of letters, in their order, above which two spellings are one name with a slip in it."""
_SHORTEST_WORD: Final = 3
_FEWEST_INITIALS: Final = 2


def may_be_same(one: str, other: str) -> bool:
    """Return False only when nothing speaks for it; an empty name says nothing against any other."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return True
    if any(len(word) >= _SHORTEST_WORD for word in _telling(first) & _telling(second)):
        return True
    if _is_short_for(first, second) or _is_short_for(second, first):
        return True
    # Sorted, because how alike two texts are measured to be depends on which of them comes first.
    one_text, other_text = sorted(("".join(first), "".join(second)))
    is_part = one_text in other_text or other_text in one_text
    if is_part and min(len(one_text), len(other_text)) >= _SHORTEST_WORD:
        return True
    return difflib.SequenceMatcher(None, one_text, other_text, autojunk=False).ratio() >= _ALIKE


def _words(name: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = re.findall(r"\w+", re.sub(r"(?<=\w)['’.](?=\w)", "", _UMLAUT.sub(r"\1", bare)))
    return [word for word in words if word not in _LEGAL_FORMS] or words


def _telling(words: list[str]) -> frozenset[str]:
    return frozenset(words) - _COMMON


def _is_short_for(short: list[str], words: list[str]) -> bool:
    """Return whether it is an abbreviation of the words, or some of them."""
    is_part = len(short) >= _FEWEST_INITIALS and set(short) <= set(words)
    return is_part or "".join(short) in _initials(words)


def _initials(words: list[str]) -> frozenset[str]:
    """Return the abbreviations that a name may have, with and without its small words."""
    found = ("".join(word[0] for word in kind) for kind in (words, [w for w in words if w not in _COMMON]))
    return frozenset(initials for initials in found if len(initials) >= _FEWEST_INITIALS)
