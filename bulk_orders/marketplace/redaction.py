"""What a marketplace says, made fit to be kept and shown: nothing unseen, and none of the secrets that we sent it.

A server, a proxy or a gateway may echo our headers in any answer: as they are, in base64 or hexadecimal, percent-encoded,
escaped for JSON or HTML, broken into lines, or in the middle of a longer text (`marketplace.spellings`). Replies pass
through `Redactor.reply` where they are made, so that terminal, ledger, workbooks and log never have to think of it.
"""

import json
import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from pydantic import SecretStr

from bulk_orders.core.plain_text import without_unseen
from bulk_orders.core.reply import Reply
from bulk_orders.marketplace.spellings import (
    LAYERS,
    Needle,
    Needles,
    has_escapes,
    needles_for,
    small,
    unescaped,
)

TOKENS_KEPT: Final = 4
"""The newest tokens of a run; a marketplace could echo one that it gave out before."""

_REDACTED: Final = "***"
_STRING_OR_NUMBER: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|-?[0-9][0-9.eE+-]*', re.DOTALL)


class Redactor:
    """Knows the secrets of one client, and takes them out of replies. Safe to share between threads."""

    def __init__(self, *, user: str, password: SecretStr, others: Iterable[SecretStr]) -> None:
        """Take the password, which travels as `user:password` in base64, and `others`: what else a request carries."""
        self._fixed = needles_for(
            password.get_secret_value(), user, [secret.get_secret_value() for secret in others]
        )
        self._tokens: deque[Needles] = deque(maxlen=TOKENS_KEPT)
        self._lock = threading.Lock()

    def learn(self, token: SecretStr) -> None:
        """Take this token out of replies from now on."""
        needles = needles_for("", "", [token.get_secret_value()])
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

    def _all(self) -> Needles:
        with self._lock:
            return (*self._fixed, *(needle for token in self._tokens for needle in token))


def _fit_body(body: bytes, needles: Needles) -> bytes:
    """Clean strings one by one within the text, so that doubled keys or a NaN remain and are refused."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return body  # is never read as words
    is_plain = text.isascii() and "\x7f" not in text and not has_escapes(text)
    if is_plain and not _may_hold(text, needles):
        return body
    return _STRING_OR_NUMBER.sub(lambda found: _fit_literal(found[0], needles), text).encode()


def _may_hold(text: str, needles: Needles) -> bool:
    without_blanks = text.replace(" ", "")
    seen = (text, without_blanks), (text.lower(), without_blanks.lower())
    return any(needle.head in view for needle in needles for view in seen[needle.any_case])


def _fit_literal(literal: str, needles: Needles) -> str:
    if not literal.startswith('"'):
        return f'"{_REDACTED}"' if _redacted(literal, needles) != literal else literal
    try:
        text = json.loads(literal) if "\\" in literal else literal[1:-1]
    except ValueError:
        return literal  # and so the whole is not JSON
    fit = _fit(text, needles)
    return literal if fit == text else json.dumps(fit, ensure_ascii=False)


def _fit(text: str, needles: Needles) -> str:
    # Cleaned first: a character that is not seen must not hide a secret from the search.
    return _redacted(without_unseen(text), needles)


def _redacted(text: str, needles: Needles) -> str:
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


def _spans(text: str, needles: Needles) -> Iterator[tuple[int, int]]:
    """Find where in the text a secret stands, as it is or behind escapes within escapes."""
    plain, places = text, [(place, place + 1) for place in range(len(text))] if has_escapes(text) else []
    for _ in range(LAYERS):
        for first, last in _found(plain, needles):
            yield (places[first][0], places[last - 1][1]) if places else (first, last)
        if not has_escapes(plain):
            return
        plain, places = unescaped(plain, places)


def _found(text: str, needles: Needles) -> Iterator[tuple[int, int]]:
    """Find where a needle is in the text, or as much of it as is there."""
    seen = text, small(text)
    for needle in needles:
        yield from _places(seen[needle.any_case], needle)
    without_blanks = _squeezed(text)
    if len(without_blanks) == len(text):
        return
    seen = without_blanks, small(without_blanks)
    broken = [needle for needle in needles if needle.is_long and needle.head in seen[needle.any_case]]
    if broken:
        kept = [place for place, sign in enumerate(text) if _squeezed(sign)]
        for needle in broken:
            for first, last in _places(seen[needle.any_case], needle):
                yield kept[first], kept[last - 1] + 1


def _squeezed(text: str) -> str:
    """Join what was broken into lines."""
    return without_unseen(text).replace(" ", "")


def _places(plain: str, needle: Needle) -> Iterator[tuple[int, int]]:
    start = plain.find(needle.head)
    while start >= 0:
        end = start + len(needle.head)
        while end - start < len(needle.text) and plain[end : end + 1] == needle.text[end - start]:
            end += 1
        beside = plain[max(start - 1, 0) : start] + plain[end : end + 1]
        if not (needle.stands_alone and any(map(str.isalnum, beside))):
            yield start, end
        start = plain.find(needle.head, end)
