"""Which characters are taken off silently enough to be an info, and which stop a cell.

Nothing that can be seen is removed: only spaces around, what has no width, and quotation marks around ids.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_PLAIN = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_NO_WIDTH = re.compile("[\u00ad\u200b\u2060\ufeff]")
_JOINERS = re.compile("[\u200c\u200d]")
"""Meant in Persian and in emoji, never in ids."""
_STRAIGHT_QUOTES: Final = str.maketrans(dict.fromkeys("‘’‚‛′", "'") | dict.fromkeys("“”„‟″«»", '"'))
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_LINE_BREAKS = re.compile("[\t\n\v\f\r\u0085\u2028\u2029]+")
_FORBIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u2028\u2029"  # control characters and line breaks
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # turn the writing direction
    "\ufdd0-\ufdef\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e007f]"  # damaged, no characters, hidden tags
)
_GARBLED = re.compile("[ÂÃâ][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]")
_TEXT_MARK = re.compile(r"'\s*[0-9+=@-]")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """A character that cannot be sent, in words, and the text without it where that is plain."""

    why: str
    proposal: str = ""


def needs_cleaning(text: str) -> bool:
    """Tell whether a text has anything but plain characters, with no space around."""
    return _PLAIN.fullmatch(text) is None


def cleaned(text: str, *, is_id: bool) -> tuple[str, tuple[str, ...]]:
    """Return the text in NFC without what nobody means, and the code of what was taken off."""
    if not needs_cleaning(text) and not (is_id and text[0] in "'\""):
        return text, ()
    visible = _NO_WIDTH.sub("", _ODD_SPACES.sub(" ", text))
    if is_id:
        visible = _JOINERS.sub("", visible)
    trimmed = _nfc(visible).strip()
    infos: tuple[str, ...] = ()
    if visible != text:
        infos = ("I-NBSP",)
    elif visible.strip() != visible:
        infos = ("I-TRIM",)
    if is_id and not trimmed.startswith("="):
        bare = trimmed.translate(_STRAIGHT_QUOTES).strip("'\"").strip()
        if bare != trimmed:
            return bare, (*infos, "I-QUOTES")
    return trimmed, infos


def _nfc(text: str) -> str:
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def forbidden(text: str, *, is_id: bool, is_ascii: bool) -> Forbidden | None:
    """Return the first character that cannot be sent: in ids also a leading `=`, in part numbers all but ASCII."""
    found = _FORBIDDEN.search(text)
    if found is not None:
        return Forbidden(why=_name(found[0]), proposal=_without_forbidden(text))
    if is_id and text.startswith("="):
        return Forbidden(why="a leading =", proposal=text.lstrip("= "))
    if is_ascii and not text.isascii():
        plain = unicodedata.normalize("NFKC", text.translate(_DASHES))
        odd = next(character for character in text if not character.isascii())
        return Forbidden(why=_name(odd), proposal=plain if plain.isascii() else "")
    return None


def mended(text: str) -> str:
    """Return what a text was before somebody took its UTF-8 for an older encoding; nothing if it looks right."""
    if text.isascii() or not _GARBLED.search(text):
        return ""
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return ""


def has_text_mark(text: str) -> bool:
    """Tell whether a text begins with the apostrophe by which people make Excel take a number for text."""
    return _TEXT_MARK.match(text) is not None


def _without_forbidden(text: str) -> str:
    if "\ufffd" in text:
        return ""  # a letter was lost there; leaving it out would not bring it back
    return _FORBIDDEN.sub("", _LINE_BREAKS.sub(" ", text)).strip()


def _name(character: str) -> str:
    code = f"U+{ord(character):04X}"
    if _LINE_BREAKS.fullmatch(character):
        return "a line break or tab ({code})".format(code=code)
    if _DIRECTION.fullmatch(character):
        return "a character that reverses the text direction ({code})".format(code=code)
    if character == "\ufffd":
        return "a letter lost by a wrong encoding ({code})".format(code=code)
    if character.isprintable():
        return f"{character} ({code})"
    return "a control character ({code})".format(code=code)
