"""What a marketplace says, made fit to be kept and shown: nothing unseen, and none of the secrets that we sent it.

A server, a proxy or a gateway may echo our headers in any answer: as they are, in base64, percent-encoded, escaped for
JSON or HTML, or in the middle of a longer text. Replies pass through `Redactor.reply` where they are made, so that
terminal, ledger, workbooks and log never have to think of it.
"""

import base64
import html
import json
import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote_to_bytes

from pydantic import SecretStr

from bulk_orders.core.plain_text import without_unseen
from bulk_orders.core.reply import Reply

SHORTEST_SECRET: Final = 4
"""Shorter ones are found in too many words; a password of three characters hides nothing anyway."""
FOUND_ANYWHERE: Final = 8
"""A shorter secret is taken out only where it stands alone: `2024` must not spoil the PO number `PO-20240`."""
TOKENS_KEPT: Final = 4
"""The newest tokens of a run; a marketplace could echo one that it gave out before."""

_REDACTED: Final = "***"
_RECOGNISED_BY: Final = 16
"""Characters of a long secret by which a piece that was cut off behind them is recognised."""
_LEAST_OF_CORE: Final = 6
_LAYERS: Final = 4
_BEGIN_ESCAPES: Final = "%\\&"
_STRING_OR_NUMBER: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9][0-9.eE+-]*', re.DOTALL)
_ESCAPES: Final = re.compile(
    r"(?:%(?:25)*[0-9A-Fa-f]{2})+"
    r"|(?:\\+u[0-9A-Fa-f]{4})+"
    r"|\\+x[0-9A-Fa-f]{2}"
    r"|\\+[^ux\\]"
    r"|\\{2,}"
    r"|&(?:amp;)*#?[0-9A-Za-z]{1,8};",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Needle:
    """What is searched for."""

    text: str
    stands_alone: bool = False
    """Only between characters that are neither letters nor digits."""

    @property
    def head(self) -> str:
        return self.text[:_RECOGNISED_BY]


_Needles = tuple[_Needle, ...]


class Redactor:
    """Knows the secrets of one client, and takes them out of replies. Safe to share between threads."""

    def __init__(self, *, user: str, password: SecretStr, others: Iterable[SecretStr]) -> None:
        """The password travels as `user:password` in base64; `others` is what else a request carries or passes by."""
        self._fixed = _needles(
            password.get_secret_value(), user, [secret.get_secret_value() for secret in others]
        )
        self._tokens: deque[_Needles] = deque(maxlen=TOKENS_KEPT)
        self._lock = threading.Lock()

    def learn(self, token: SecretStr) -> None:
        """Take this token out of replies from now on."""
        needles = _needles("", "", [token.get_secret_value()])
        with self._lock:
            if needles not in self._tokens:
                self._tokens.append(needles)

    def reply(self, answer: Reply) -> Reply:
        """Return the reply with every header and every text of its body cleaned; JSON stays the JSON that it was."""
        needles = self._all()
        headers = {name: _fit(value, needles) for name, value in answer.headers.items()}
        return replace(answer, headers=headers, body=_fit_body(answer.body, needles))

    def text(self, text: str) -> str:
        """Return one text, cleaned."""
        return _fit(text, self._all())

    def _all(self) -> _Needles:
        with self._lock:
            return (*self._fixed, *(needle for token in self._tokens for needle in token))


def _fit_body(body: bytes, needles: _Needles) -> bytes:
    """Strings are cleaned one by one within the text, so that doubled keys or a NaN are still there to be refused."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body  # is never read as words
    is_plain = text.isascii() and "\x7f" not in text and not _has_escapes(text)
    if is_plain and not any(needle.head in text for needle in needles):
        return body
    return _STRING_OR_NUMBER.sub(lambda found: _fit_literal(found[0], needles), text).encode()


def _fit_literal(literal: str, needles: _Needles) -> str:
    if not literal.startswith('"'):
        return f'"{_REDACTED}"' if _redacted(literal, needles) != literal else literal
    try:
        text = json.loads(literal) if "\\" in literal else literal[1:-1]
    except ValueError:
        return literal  # and so the whole is no JSON
    fit = _fit(text, needles)
    return literal if fit == text else json.dumps(fit, ensure_ascii=False)


def _fit(text: str, needles: _Needles) -> str:
    # Cleaned first: a character that is not seen must not hide a secret from the search.
    return _redacted(without_unseen(text), needles)


def _redacted(text: str, needles: _Needles) -> str:
    spans = sorted(_spans(text, needles))
    made: list[str] = []
    end = 0
    for start, stop in spans:
        if stop <= end:
            continue
        if start >= end:
            made += [text[end:start], _REDACTED]
        end = stop
    return "".join([*made, text[end:]]) if spans else text


def _spans(text: str, needles: _Needles) -> Iterator[tuple[int, int]]:
    """Where in the text a secret stands, as it is or behind escapes within escapes."""
    plain, places = text, [(place, place + 1) for place in range(len(text))] if _has_escapes(text) else []
    for _ in range(_LAYERS):
        for needle in needles:
            for first, last in _found(plain, needle):
                yield (places[first][0], places[last - 1][1]) if places else (first, last)
        if not _has_escapes(plain):
            return
        plain, places = _unescaped(plain, places)


def _has_escapes(text: str) -> bool:
    return any(sign in text for sign in _BEGIN_ESCAPES)


def _found(plain: str, needle: _Needle) -> Iterator[tuple[int, int]]:
    """Where the needle stands, or as much of it as is there."""
    start = plain.find(needle.head)
    while start >= 0:
        end = start + len(needle.head)
        while end - start < len(needle.text) and plain[end : end + 1] == needle.text[end - start]:
            end += 1
        beside = plain[max(start - 1, 0) : start] + plain[end : end + 1]
        if not (needle.stands_alone and any(map(str.isalnum, beside))):
            yield start, end
        start = plain.find(needle.head, end)


def _unescaped(text: str, places: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
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
    for _ in range(_LAYERS):
        text = _ESCAPES.sub(lambda found: _meant(found[0]), text)
    return text


def _meant(escape: str) -> str:
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
    return chr(int(sign[1:], 16)) if sign.startswith("x") else sign


def _needles(password: str, user: str, others: Iterable[str]) -> _Needles:
    """Return all that is searched for: each secret, and what base64 makes of it wherever in a longer text it begins."""
    found: dict[_Needle, None] = {}
    for secret in (password, *others):
        # A password that is the user's name is nobody's secret, as with the practice marketplace.
        if len(secret) >= SHORTEST_SECRET and secret != user:
            plain = without_unseen(secret)
            # What looks like an escape in a secret is undone together with the escapes around it.
            spellings = {plain: None, plain.replace(" ", "+"): None, _bare(plain): None}
            found |= dict.fromkeys(_Needle(text, len(text) < FOUND_ANYWHERE) for text in spellings if text)
            found |= dict.fromkeys(_as_base64(secret))
    if password:
        # The user's name is no secret, the header that has both in it is, and so is that header's own base64.
        pair = f"{user}:{password}"
        found |= dict.fromkeys((*_as_base64(pair), *_as_base64(_packed(pair, before=0))))
    return tuple(found)


def _as_base64(secret: str) -> Iterator[_Needle]:
    """What stays the same of the secret's base64 whatever stands before and behind it, for each of three beginnings."""
    size = len(secret.encode("utf-8", "surrogatepass"))
    for before in range(3):
        core = _packed(secret, before=before)[(before * 8 + 5) // 6 : (before + size) * 8 // 6]
        if len(core) >= _LEAST_OF_CORE:
            yield _Needle(core)
            yield _Needle(core.replace("+", "-").replace("/", "_"))


def _packed(secret: str, *, before: int) -> str:
    return base64.b64encode(bytes(before) + secret.encode("utf-8", "surrogatepass")).decode("ascii")
