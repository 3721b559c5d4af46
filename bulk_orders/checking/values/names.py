"""Microsoft's rules for company names and for the names of contacts."""

import re
import unicodedata
from typing import Final

from bulk_orders.core.rule_constants import LEGAL_FORMS, NO_NAMES
from bulk_orders.texts import checking_rules as words

_PLACEHOLDERS: Final = frozenset(
    {
        "test",
        "tester",
        "testing",
        "admin",
        "administrator",
        "nobody",
        "user",
        "none",
        "null",
        "n/a",
        "na",
        "tbd",
        "xxx",
    }
)
_REPEATED_AT_LEAST = 2
_PLAINLY_A_NAME = re.compile(r"(?=.{16}).*?([a-z])(?!\1)[a-z]{2}", re.IGNORECASE)
"""Longer than any legal form and with a word of different letters: most names, decided at once."""


def company_fault(name: str) -> str:
    """Return what Microsoft has against a company name, as `one character repeated`; empty if nothing."""
    if _PLAINLY_A_NAME.match(name):
        return ""
    small = name.casefold()
    letters = [character for character in small if character.isalnum()]
    judged = {
        words.SINGLE_CHARACTER: len(name) == 1,
        words.SIGNS_ONLY: not letters,
        words.ONE_CHARACTER_REPEATED: len(set(small.replace(" ", ""))) < _REPEATED_AT_LEAST,
        words.LEGAL_FORM_ALONE: re.sub(r"[\s.,]", "", small) in LEGAL_FORMS,
        words.SINGLE_LETTERS: all(len(part) == 1 for part in small.split()) and not _has_ideograph(small),
        words.NO_COMPANY_NAME: small in NO_NAMES,
    }
    return next((why for why, is_so in judged.items() if is_so), "")


def contact_fault(name: str) -> str:
    """Return what Microsoft has against a contact's first or last name; empty if nothing."""
    if not any(character.isalpha() for character in name):
        return words.WITHOUT_LETTER
    if len(name) == 1 and not _has_ideograph(name):
        return words.SINGLE_LETTER
    return ""


def is_placeholder(name: str) -> bool:
    """Tell whether a contact's name is one of those that stand for nobody."""
    return name.casefold().strip(". ") in _PLACEHOLDERS


def _has_ideograph(text: str) -> bool:
    """Tell whether a name has a Chinese character: such names may be one character long (Microsoft's contact name rules)."""
    return any(unicodedata.name(character, "").startswith(("CJK", "HANGUL")) for character in text)
