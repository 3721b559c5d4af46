"""The spellings in which a secret may come back: as it is, in base64, in hexadecimal, and behind escapes within escapes.

`needles_for` says what to search for, and `unescaped` makes a text in which to search for it once more.
"""

import base64
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from bulk_orders.core.plain_text import without_unseen

SHORTEST_SECRET: Final = 4
"""Shorter ones are found in too many words; a password of three characters hides nothing anyway."""
FOUND_ANYWHERE: Final = 8
"""A shorter secret is taken out only where it stands alone and in its own case: `2024` must not spoil the PO number `PO-20240`."""
RECOGNISED_BY: Final = 16
"""Characters of a long secret by which a piece that was cut off behind them is recognised."""
LAYERS: Final = 4
"""Of escapes within escapes."""

_LEAST_OF_CORE: Final = 6
_BEGIN_ESCAPES: Final = "%\\&"
_ESCAPES: Final = re.compile(
    r"(?:%(?:25)*[0-9A-Fa-f]{2})+"
    r"|(?:%(?:25)*u[0-9A-Fa-f]{4})+"
    r"|(?:\\+u[0-9A-Fa-f]{4})+"
    r"|\\+x[0-9A-Fa-f]{2}"
    r"|\\+[^ux\\]"
    r"|\\{2,}"
    r"|&(?:amp;)*#?[0-9A-Za-z]{1,8};",
    re.DOTALL,
)
_BLANKS: Final = frozenset("nrt")


@dataclass(frozen=True, slots=True)
class Needle:
    """What is searched for."""

    text: str
    stands_alone: bool = False
    """Only between characters that are neither letters nor digits."""
    any_case: bool = False
    """The text is in small letters and searched for in a text made small."""

    @property
    def head(self) -> str:
        """By what it is recognised."""
        return self.text[:RECOGNISED_BY]

    @property
    def is_long(self) -> bool:
        """Whether it can have been broken into lines, and be no chance of words that stand side by side."""
        return len(self.text) >= RECOGNISED_BY


Needles = tuple[Needle, ...]


def has_escapes(text: str) -> bool:
    """Tell whether there may be an escape in the text."""
    return any(sign in text for sign in _BEGIN_ESCAPES)


def unescaped(text: str, places: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text with its percent, JSON and HTML escapes undone once, and for each character where it came from."""
    plain: list[str] = []
    came_from: list[tuple[int, int]] = []
    end = 0
    for found in _ESCAPES.finditer(text):
        meant = _meant(found[0])
        plain += [text[end : found.start()], meant]
        came_from += places[end : found.start()]
        came_from += [(places[found.start()][0], places[found.end() - 1][1])] * len(meant)
        end = found.end()
    return "".join([*plain, text[end:]]), came_from + places[end:]


def _bare(text: str) -> str:
    for _ in range(LAYERS):
        text = _ESCAPES.sub(lambda found: _meant(found[0]), text)
    return text


def _meant(escape: str) -> str:
    if escape.startswith("%") and "u" in escape:
        escape = re.sub("%(?:25)*u", r"\\u", escape)
    if escape.startswith("%"):
        return unquote_to_bytes(re.sub("%(?:25)+", "%", escape)).decode("utf-8", "replace")
    if escape.startswith("&"):
        return html.unescape(re.sub("&(?:amp;)+", "&", escape))
    sign = escape.lstrip("\\")
    if not sign:
        return "\\"
    if sign.startswith("u"):
        units = re.findall("[0-9A-Fa-f]{4}", escape)
        return bytes.fromhex("".join(units)).decode("utf-16-be", "replace")
    if sign in _BLANKS:
        return " "
    return chr(int(sign[1:], 16)) if sign.startswith("x") else sign


def needles_for(password: str, user: str, others: Iterable[str]) -> Needles:
    """Return all that is searched for: each secret, and what base64 makes of it wherever in a longer text it begins."""
    found: dict[Needle, None] = {}
    for secret in (password, *others):
        # A password that is the user's name is nobody's secret, as with the practice marketplace.
        if len(secret) >= SHORTEST_SECRET and secret != user:
            plain = without_unseen(secret)
            # What looks like an escape in a secret is undone together with the escapes around it.
            spellings = {plain: None, plain.replace(" ", "+"): None, _bare(plain): None}
            if len(plain) >= RECOGNISED_BY:
                spellings[plain.replace(" ", "")] = None
            found |= dict.fromkeys(_as_text(text) for text in spellings if text)
            found |= dict.fromkeys(_as_base64(secret))
            if len(secret) >= FOUND_ANYWHERE:
                found[_as_hex(secret)] = None
    if password:
        # The user's name is not a secret, the header that has both in it is, and so is that header's own base64.
        pair = f"{user}:{password}"
        header = _packed(pair, before=0)
        found |= dict.fromkeys((*_as_base64(pair), *_as_base64(header), _as_hex(header)))
    return tuple(found)


def _as_text(text: str) -> Needle:
    """Make a needle that ignores case: servers and proxies change it, which harms no key and no GUID."""
    if len(text) < FOUND_ANYWHERE:
        return Needle(text, stands_alone=True)
    return Needle(small(text), any_case=True)


def small(text: str) -> str:
    """Return the text in small letters, each in its place."""
    made = text.lower()
    return (
        made
        if len(made) == len(text)
        else "".join(sign if len(sign.lower()) > 1 else sign.lower() for sign in text)
    )


def _as_hex(secret: str) -> Needle:
    return Needle(_bytes(secret).hex(), any_case=True)


def _as_base64(secret: str) -> Iterator[Needle]:
    """Yield what stays the same of the secret's base64 whatever surrounds it, for each of three offsets."""
    size = len(_bytes(secret))
    for before in range(3):
        core = _packed(secret, before=before)[(before * 8 + 5) // 6 : (before + size) * 8 // 6]
        if len(core) >= _LEAST_OF_CORE:
            yield Needle(core)
            yield Needle(core.replace("+", "-").replace("/", "_"))


def _packed(secret: str, *, before: int) -> str:
    return base64.b64encode(bytes(before) + _bytes(secret)).decode("ascii")


def _bytes(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogatepass")
