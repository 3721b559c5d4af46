"""Microsoft's rules for company names and for the names of contacts."""

import re
import unicodedata
from typing import Final

_LEGAL_FORMS: Final = frozenset(
    """c p a|cpa|llp|llc|inc|incorporated|corp|corporation|co|company|ltd|limited|pvt|pvt ltd|private limited|pty
    |pty ltd|pte ltd|plc|gmbh|ag|kft|zrt|lda|sarl|sdn bhd|wll|ooo|bv|nv|sa|srl|spa|l l p|l l c""".replace(
        "\n", ""
    )
    .replace("    ", "")
    .split("|")
)
"""Legal forms that are no name by themselves, without their dots (Microsoft's list, and common ones beside it)."""
_NO_NAMES: Final = frozenset({"n/a", "#n/a", "na", "null", "nan", "none", "unknown", "-", "tbd"})
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
    if len(name) == 1:
        return "a single character"
    if not letters:
        return "made of signs only"
    if len(set(small.replace(" ", ""))) < _REPEATED_AT_LEAST:
        return "one character repeated"
    if re.sub(r"\s+", " ", small.replace(".", " ").replace(",", " ")).strip() in _LEGAL_FORMS or (
        small.replace(".", "").replace(" ", "") in _LEGAL_FORMS
    ):
        return "a legal form alone, not a company name Microsoft accepts"
    if all(len(part) == 1 for part in small.split()) and not _has_ideograph(small):
        return "made of single letters"
    return "not a company name" if small in _NO_NAMES else ""


def contact_fault(name: str) -> str:
    """Return what Microsoft has against a contact's first or last name; empty if nothing."""
    if not any(character.isalpha() for character in name):
        return "without a letter"
    if len(name) == 1 and not _has_ideograph(name):
        return "a single letter"
    return ""


def is_placeholder(name: str) -> bool:
    """Tell whether a contact's name is one of those that stand for nobody."""
    return name.casefold().strip(". ") in _PLACEHOLDERS


def _has_ideograph(text: str) -> bool:
    """Chinese names may have one character (Microsoft's contact name rules)."""
    return any(
        "CJK" in unicodedata.name(character, "") or "HANGUL" in unicodedata.name(character, "")
        for character in text
    )
