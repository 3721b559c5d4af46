"""Microsoft's rules for company names and for the names of contacts."""

import re
import unicodedata
from typing import Final

from bulk_orders.core.rule_constants import LEGAL_FORMS, NO_NAMES

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
        "a single character": len(name) == 1,
        "made up of symbols only": not letters,
        "one character repeated": len(set(small.replace(" ", ""))) < _REPEATED_AT_LEAST,
        "only a legal form, not a company name that Microsoft accepts": re.sub(r"[\s.,]", "", small)
        in LEGAL_FORMS,
        "made up of single letters": all(len(part) == 1 for part in small.split())
        and not _has_ideograph(small),
        "not a company name": small in NO_NAMES,
    }
    return next((why for why, is_so in judged.items() if is_so), "")


def contact_fault(name: str) -> str:
    """Return what Microsoft has against a contact's first or last name; empty if nothing."""
    if not any(character.isalpha() for character in name):
        return "not a name, because it has no letters"
    if len(name) == 1 and not _has_ideograph(name):
        return "a single letter"
    return ""


def is_placeholder(name: str) -> bool:
    """Tell whether a contact's name is one of those that stand for nobody."""
    return name.casefold().strip(". ") in _PLACEHOLDERS


def _has_ideograph(text: str) -> bool:
    """Tell whether a name has a Chinese character: such names may be one character long (Microsoft's contact name rules)."""
    return any(unicodedata.name(character, "").startswith(("CJK", "HANGUL")) for character in text)
