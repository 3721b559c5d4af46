"""Answers to an order, and what they are judged to mean."""

import json
from datetime import UTC, datetime

from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.core.verdict import (
    Expected,
    classify,
)

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
EXPECTED = Expected(customer_id="1000105563", marker="BOABCDEFGHIJKLX")
PLATFORM_ERROR = {
    "timeStamp": "2026",
    "status": 400,
    "message": "No such MPN",
    "path": "/orders",
    "correlationId": "a8n-1",
}
JSON = {"content-type": "application/json"}


def reply(
    status: int, body: object = None, *, headers: dict[str, str] | None = None, is_complete: bool = True
) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(
        status=status,
        headers=JSON if headers is None else headers,
        body=content,
        is_complete=is_complete,
        sent_at=NOW,
    )


def no_reply(kind: FailureKind, bytes_sent: int) -> NoReply:
    return NoReply(kind=kind, detail="it broke", bytes_sent=bytes_sent, sent_at=NOW)


def judged(answer: Reply | NoReply) -> object:
    return classify(answer, EXPECTED, now=NOW)
