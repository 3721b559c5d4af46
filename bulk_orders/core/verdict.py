"""What one attempt means: accepted, rejected, not processed, or no verdict.

The default is no verdict: whatever is not listed here may have created an order, and is looked up, never sent again.
It does not know HTTP libraries, ledgers or clocks. What was seen comes in as a `Reply` or a `NoReply`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, assert_never

from bulk_orders.core.identity import PO_NAMES, is_cut
from bulk_orders.core.plain_text import without_unseen
from bulk_orders.core.platform_status import platform_status
from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.core.retry_after import retry_after_s

REJECTING: Final = frozenset({400, 404, 405, 413, 415, 422})
"""Well-formed, these say that the order was looked at and refused."""
MAX_WORDS: Final = 2000
"""Characters of the server's own words that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an answer to our order must not contradict."""

    customer_id: str
    marker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The marketplace made the order and told its id."""

    order_id: str
    order_number: str = ""
    platform_status: str = ""
    amount: str = ""
    currency: str = ""
    po_name: str = ""
    """The key under which the PO number came back; nothing when the answer has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """The marketplace refused this order."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotProcessed:
    """Proof that nothing was made; the same order may be sent again."""

    reason: str
    code: str
    wait_s: float | None = None
    """What the server asked for."""
    pauses_everyone: bool = False
    renews_token: bool = False
    stops_run: bool = False
    """Sending more of the same would not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoVerdict:
    """It may have been made. It is looked up, never sent again."""

    reason: str
    words: str = ""
    wait_s: float | None = None
    """What the server asked for; everyone waits, the order itself is looked up."""
    stops_run: bool = False


Verdict = Accepted | Rejected | NotProcessed | NoVerdict


def verdict_name(verdict: Verdict) -> str:
    """Return the glossary's name: accepted, rejected, not processed, no verdict."""
    match verdict:
        case Accepted():
            return "accepted"
        case Rejected():
            return "rejected"
        case NotProcessed():
            return "not processed"
        case NoVerdict():
            return "no verdict"
        case _ as never:
            assert_never(never)


def classify(answer: Reply | NoReply, expected: Expected, *, now: datetime) -> Verdict:
    """Return the verdict on one attempt. `now` is aware UTC and only read for a Retry-After given as a date."""
    match answer:
        case NoReply():
            return _classify_silence(answer)
        case Reply(status=HTTPStatus.UNAUTHORIZED):
            return NotProcessed(reason="The sign-in had expired.", code="S-AUTH", renews_token=True)
        case Reply(status=HTTPStatus.TOO_MANY_REQUESTS | HTTPStatus.FORBIDDEN):
            return _classify_gateway(answer, now=now)
        case Reply(status=status) if 200 <= status < 300:  # noqa: PLR2004 - HTTP's own classes
            return _classify_success(answer, expected)
        case _:
            return _classify_failure(answer, now=now)


def _classify_failure(answer: Reply, *, now: datetime) -> Verdict:
    said = platform_words(answer)
    if 300 <= answer.status < 400:  # noqa: PLR2004 - HTTP's own classes
        return NoVerdict(
            reason="The address redirects (HTTP {status}).".format(status=answer.status), stops_run=True
        )
    if answer.status in REJECTING and answer.is_complete and said:
        return Rejected(words=said)
    wait_s = retry_after_s(answer.headers, now=now)
    return NoVerdict(
        reason="The answer was HTTP {status}.".format(status=answer.status), words=said, wait_s=wait_s
    )


def _classify_silence(answer: NoReply) -> Verdict:
    if answer.bytes_sent > 0:
        return NoVerdict(
            reason="Sent, but no answer came: {kind}.".format(kind=answer.kind), words=answer.detail
        )
    if answer.kind is FailureKind.NO_SIGN_IN:
        return NotProcessed(reason=answer.detail, code="S-AUTH", renews_token=True)
    return NotProcessed(reason=answer.detail, code="S-DOWN", stops_run=answer.kind is FailureKind.CERTIFICATE)


def _classify_gateway(answer: Reply, *, now: datetime) -> Verdict:
    """Judge a 429 or 403: a throttle or a used-up quota refuses before forwarding, the same status from behind proves nothing."""
    wait_s = retry_after_s(answer.headers, now=now)
    said = platform_words(answer)
    is_from_platform = "path" in (json_object(answer) or {})
    is_throttle = answer.status == HTTPStatus.TOO_MANY_REQUESTS
    if not is_throttle and (wait_s is None or is_from_platform):
        # Rights, key or quota: every other row would meet it too.
        return NoVerdict(reason="The marketplace answered HTTP 403, forbidden.", words=said, stops_run=True)
    if is_from_platform:
        return NoVerdict(
            reason="The answer was HTTP 429, from behind the gateway.", words=said, wait_s=wait_s
        )
    reason = (
        "The marketplace asked us to slow down."
        if is_throttle
        else "The quota of the subscription key is used up."
    )
    return NotProcessed(reason=reason, code="S-RATE", wait_s=wait_s, pauses_everyone=True)


def _classify_success(answer: Reply, expected: Expected) -> Verdict:
    body = json_object(answer)
    if body is None:
        return NoVerdict(
            reason="The answer was HTTP {status}, but not a readable order.".format(status=answer.status)
        )
    data = body.get("data")
    order: dict[str, Any] = data if isinstance(data, dict) else body
    order_id = _text(order.get("id"))
    if not order_id or answer.status in {202, 204, 206}:
        return NoVerdict(
            reason="The answer was HTTP {status}, but names no order.".format(status=answer.status),
            words=platform_words(answer),
        )
    if body.get("errors"):
        return NoVerdict(reason="The answer has an order and errors at once.", words=platform_words(answer))
    customer_id = _text(order.get("customerId"))
    po_name = next((name for name in sorted(PO_NAMES) if order.get(name) is not None), "")
    po_echo = _text(order.get(po_name)) if po_name else None
    # Answers come without what cannot be seen; a PO number may have had a sign of that kind in it.
    is_ours = not po_echo or any(
        is_cut(po_echo, sent) for sent in (expected.marker, without_unseen(expected.marker))
    )
    if customer_id not in {"", expected.customer_id} or not is_ours:
        return NoVerdict(reason="The answer is about another order.", stops_run=True)
    if not _says_json(answer) and not (customer_id and po_echo):
        return NoVerdict(reason="The answer is not marked as JSON and does not repeat the order.")
    total = order.get("total")
    total = total if isinstance(total, dict) else {}
    return Accepted(
        order_id=order_id,
        order_number=_text(order.get("orderNumber")),
        platform_status=platform_status(_text(order.get("status")), _text(order.get("statusCode"))),
        amount=_text(total.get("amount")),
        currency=_text(total.get("currency")),
        po_name=po_name,
    )


def json_object(answer: Reply) -> dict[str, Any] | None:
    """Return the body as a JSON object, or None when it is cut, no JSON, too deep, or says one key twice."""
    if not answer.is_complete:
        return None
    try:
        value = json.loads(answer.body.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def platform_words(answer: Reply) -> str:
    """Return the marketplace's own message, or the empty string when the body is none of its known error shapes."""
    body = json_object(answer) or {}
    for name in ("message", "error_description", "error", "detail", "title"):
        if isinstance(body.get(name), str) and body[name].strip():
            return str(body[name]).strip()[:MAX_WORDS]
    errors = body.get("errors")
    if isinstance(errors, list):
        texts = [
            entry if isinstance(entry, str) else str(entry.get("message", ""))
            for entry in errors
            if isinstance(entry, str | dict)
        ]
        return "; ".join(text for text in texts if text)[:MAX_WORDS]
    return ""


def _says_json(answer: Reply) -> bool:
    return "json" in answer.headers.get("content-type", "").lower()


def _unique(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, bool | dict | list) else str(value).strip()
