"""Thousands of answers, whole and cut at each byte: accepted only with an id, rejected only when well-formed and refusing."""

import json
from datetime import UTC, datetime

import pytest

from bulk_orders.core.reply import Reply
from bulk_orders.core.verdict import (
    REJECTING,
    Accepted,
    Expected,
    NotProcessed,
    NoVerdict,
    Rejected,
    classify,
)

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
EXPECTED = Expected(customer_id="1000001", marker="BO-1")
STATUSES = (200, 201, 202, 204, 206, 301, 307, 400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 425, 429, 431, 499,
            500, 502, 503, 504, 599)  # fmt: skip
ORDER = {
    "id": "77",
    "orderNumber": "SO77",
    "customerId": "1000001",
    "poNumber": "BO-1",
    "status": "submitted",
}
BODIES = {
    "order": json.dumps(ORDER).encode(),
    "order under data": json.dumps({"data": ORDER}).encode(),
    "platform error": b'{"timeStamp":"2026","status":500,"message":"No.","path":"/orders","correlationId":"a"}',
    "gateway error": b'{"statusCode":429,"message":"Rate limit is exceeded. Try again in 57 seconds."}',
    "errors": b'{"errors":[{"message":"No."},"Never."]}',
    "html": b"<html><body>504 Gateway Time-out</body></html>",
    "marked": b"\xef\xbb\xbf" + json.dumps(ORDER).encode(),
    "another": json.dumps({**ORDER, "customerId": "2"}).encode(),
    "array": b'[{"id":"77"}]',
    "number": b"77",
}
TYPES = ({"content-type": "application/json"}, {"content-type": "text/html"}, {}, {"retry-after": "7"})


def reply(status: int, body: bytes, headers: dict[str, str], *, is_complete: bool) -> Reply:
    return Reply(status=status, headers=headers, body=body, is_complete=is_complete, sent_at=NOW)


def sound(body: bytes) -> dict[str, object]:
    """By the standard library alone."""
    try:
        value = json.loads(body.decode("utf-8-sig"))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def wrong(status: int, body: bytes, headers: dict[str, str], *, is_complete: bool) -> str:
    """Why the verdict on this answer cannot be right; empty when it can."""
    verdict = classify(reply(status, body, headers, is_complete=is_complete), EXPECTED, now=NOW)
    value = sound(body)
    inner = value.get("data", value)
    match verdict:
        case Accepted():
            has_id = isinstance(inner, dict) and inner.get("id") == verdict.order_id != ""
            is_so = status in {200, 201} and is_complete and has_id
        case Rejected():
            is_so = status in REJECTING and is_complete and bool(value) and bool(verdict.words)
        case NotProcessed():
            is_so = status in {401, 429} or (status == 403 and "retry-after" in headers)
        case NoVerdict():
            is_so = True
    return "" if is_so else f"{status} {body[:60]!r} whole={is_complete}: {verdict}"


@pytest.mark.long
@pytest.mark.parametrize("name", BODIES)
def test_no_answer_whole_or_cut_is_taken_for_more_than_it_proves(name: str) -> None:
    """26 statuses × 4 kinds × each byte, as a cut that was noticed and as one that was not."""
    body = BODIES[name]
    cuts = [(body[:cut], is_complete) for cut in range(len(body) + 1) for is_complete in (True, False)]
    found = [
        why
        for status in STATUSES
        for headers in TYPES
        for cut, is_complete in cuts
        if (why := wrong(status, cut, headers, is_complete=is_complete))
    ]
    assert found == []


@pytest.mark.parametrize("name", ["order", "order under data", "marked"])
def test_a_recorded_answer_is_accepted_whole_and_looked_up_when_it_lacks_a_byte(name: str) -> None:
    body = BODIES[name]
    headers = {"content-type": "application/json"}
    verdicts = [
        classify(reply(201, body[:cut], headers, is_complete=cut == len(body)), EXPECTED, now=NOW)
        for cut in range(len(body) + 1)
    ]
    assert [type(verdict) for verdict in verdicts] == [NoVerdict] * len(body) + [Accepted]
