"""Questions to the marketplace, which may be asked again: tries, pauses, one renewed sign-in, and `ReadFailed` in the end.

Orders do not come this way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, TypeVar

from pydantic import SecretStr

from bulk_orders.core.reply import FailureKind
from bulk_orders.core.retry_after import http_date, retry_after_s
from bulk_orders.errors import BulkOrdersError, CredentialsRefused, SetupError
from bulk_orders.marketplace.interface import NoReply, ReadFailed, Reply
from bulk_orders.marketplace.parsing import Unreadable, read_json, server_message
from bulk_orders.marketplace.token import TokenKeeper

T = TypeVar("T")

TRIES = 4
LONGEST_PAUSE_S = 60.0
"""A server that asks for a longer wait gets no more tries; the caller learns how long it asked for."""

_FIRST_PAUSE_S = 1.0
TEMPORARY = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask: path and query below the base URL, and a body for those that are asked with POST."""

    method: str
    target: str
    body: bytes | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.target.partition('?')[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer in JSON; the status is 2xx, or 404 where that was asked for."""

    status: int
    value: Any
    server_time: datetime | None


@dataclass(frozen=True, slots=True)
class _Again:
    failure: ReadFailed


class Reader:
    """Asks until there is an answer. Safe to share between threads."""

    def __init__(
        self,
        send: Callable[[Question, SecretStr], Reply | NoReply],
        tokens: TokenKeeper,
        *,
        pace: Callable[[], None],
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
        throttled: Callable[[float], None],
    ) -> None:
        """Call `pace` before each request: it returns when it may go; `sleep` takes seconds; 0 ≤ `jitter()` < 1.

        `throttled` is told for how many seconds a 429 asks everybody to wait.
        """
        self._send = send
        self._tokens = tokens
        self._pace = pace
        self._sleep = sleep
        self._jitter = jitter
        self._throttled = throttled

    def ask(self, question: Question, *, may_be_absent: bool = False) -> Answer:
        """Return the answer; a well-formed 404 is one only if `may_be_absent`. Raises `ReadFailed`."""
        may_renew = True
        attempt_number = 1
        while True:
            reply = self._reply(question)
            if isinstance(reply, Reply) and reply.status == HTTPStatus.UNAUTHORIZED and may_renew:
                may_renew = False
                _as_read_failure(self._tokens.renew)
                continue
            found = _understood(question, reply, may_be_absent=may_be_absent)
            if isinstance(found, Answer):
                return found
            asked_s = found.failure.retry_after_s or 0.0
            if attempt_number == TRIES or asked_s > LONGEST_PAUSE_S:
                raise found.failure
            if found.failure.status == HTTPStatus.TOO_MANY_REQUESTS:
                self._throttled(asked_s)
            self._sleep(max(asked_s, self._jitter() * _FIRST_PAUSE_S * 2 ** (attempt_number - 1)))
            attempt_number += 1

    def _reply(self, question: Question) -> Reply | NoReply:
        token = _as_read_failure(self._tokens.fresh)
        self._pace()
        return self._send(question, token)


_LATER: Final = "Try again in a few minutes."


def _understood(question: Question, reply: Reply | NoReply, *, may_be_absent: bool) -> Answer | _Again:
    """Return an answer, or a failure that may pass. Raises `ReadFailed` for one that will not."""
    if isinstance(reply, NoReply):
        return _Again(
            ReadFailed(
                "{question} got no answer: {detail}".format(question=question, detail=reply.detail),
                fix=_LATER,
                needs_setup=reply.kind is FailureKind.CERTIFICATE,
            )
        )
    try:
        value = read_json(reply.body) if reply.is_complete else None
        is_readable = reply.is_complete
    except Unreadable:
        value, is_readable = None, False
    is_good = HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES
    is_absent = may_be_absent and reply.status == HTTPStatus.NOT_FOUND and _is_from_platform(value)
    if (is_good and is_readable) or is_absent:
        return Answer(status=reply.status, value=value, server_time=http_date(reply.headers.get("date", "")))
    failure = _failure(question, reply, value, is_odd=is_good)
    may_pass = is_good or reply.status in TEMPORARY or reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if may_pass and not (failure.is_refusal or failure.is_busy):
        return _Again(failure)
    raise failure


def _is_from_platform(value: Any) -> bool:
    """Return whether an error body can be the platform's own word: a gateway's has a field statusCode."""
    return isinstance(value, dict) and "statusCode" not in value


def _failure(question: Question, reply: Reply, value: Any, *, is_odd: bool) -> ReadFailed:
    correlation = reply.headers.get("x-correlation-id", "")
    trace = (
        " Correlation id for support: {correlation_id}.".format(correlation_id=correlation[:80])
        if correlation
        else ""
    )
    wait_s = retry_after_s(reply.headers, reply.sent_at)
    return ReadFailed(
        _refusal(question, reply.status, server_message(value), is_odd=is_odd) + trace,
        fix=_LATER,
        status=reply.status,
        retry_after_s=wait_s,
        needs_setup=wait_s is None and _is_for_a_person(reply.status),
        said=server_message(value) if _is_from_platform(value) else "",
    )


def _is_for_a_person(status: int) -> bool:
    """Return whether the address, the key or the rights are wrong: a redirect, a refused sign-in, a place that is not there."""
    is_redirect = HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST
    return is_redirect or status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


def _refusal(question: Question, status: int, said: str, *, is_odd: bool) -> str:
    if is_odd:
        return "{question} got an answer that is cut off or not JSON.".format(question=question)
    if said:
        return "{question} got {status} ({message}).".format(question=question, status=status, message=said)
    return "{question} got {status}.".format(question=question, status=status)


def _as_read_failure(act: Callable[[], T]) -> T:
    """Turn a failed sign-in into a failed reading; `Marketplace.sign_in` reports it in the account's terms."""
    try:
        return act()
    except BulkOrdersError as error:
        status = HTTPStatus.UNAUTHORIZED if isinstance(error, CredentialsRefused) else None
        needs_setup = isinstance(error, SetupError)
        raise ReadFailed(error.message, fix=error.fix, status=status, needs_setup=needs_setup) from error
