"""What the simulated marketplace answers to an order, in every shape."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sim_faults import PostFault

from bulk_orders.core.reply import FailureKind, NoReply, Reply

JSON: Final = {"content-type": "application/json", "x-correlation-id": "sim"}
HTML: Final = {"content-type": "text/html"}


def answer_to(
    kind: PostFault,
    body: Mapping[str, Any],
    held: Any,
    *,
    sent_at: datetime,
) -> Reply | NoReply:
    silent = _SILENCES.get(kind.answer)
    if silent is not None:
        failure, sent_bytes = silent
        return NoReply(kind=failure, detail=failure.value, bytes_sent=sent_bytes, sent_at=sent_at)
    shape, number = kind.answer.rsplit(" ", 1)
    headers, content, is_complete = _ANSWERS[shape](_echo(body, held))
    return Reply(
        status=int(number),
        headers=headers,
        body=content,
        is_complete=is_complete,
        sent_at=sent_at,
    )


def conflict_with(busy: Any, *, sent_at: datetime) -> Reply:
    """Another order for the subscription is under way, which comes as a failure of the server."""
    message = (
        f"Cannot Upgrade/Downgrade Resources for Subscription #{busy.subscription}: there is already an "
        f"Upgrade/Downgrade Order #{busy.order_number} in status Provisioning is in progress(LO)."
    )
    content = json.dumps({"message": message, "path": "/orders", "status": 500}).encode()
    return Reply(status=500, headers=JSON, body=content, is_complete=True, sent_at=sent_at)


_SILENCES: Final = {
    "silence": (FailureKind.TIMEOUT, 900),
    "reset": (FailureKind.CONNECTION_LOST, 900),
    "refused": (FailureKind.NO_CONNECTION, 0),
    "connect timeout": (FailureKind.TIMEOUT, 0),
    "no sign-in": (FailureKind.NO_SIGN_IN, 0),
}

_Answer = tuple[Mapping[str, str], bytes, bool]


def _echo(body: Mapping[str, Any], held: Any) -> dict[str, Any]:
    return {
        "id": held.order_id if held else "id-none",
        "orderNumber": held.order_number if held else "",
        "status": "processing",
        "customerId": str(body.get("customerId", "")),
    } | ({"poNumber": held.po_number} if held and held.po_number else {})


def _json(value: Any, *, more: Mapping[str, str] | None = None, cut: int | None = None) -> _Answer:
    content = json.dumps(value).encode()
    return {**JSON, **(more or {})}, content if cut is None else content[:cut], cut is None


_ANSWERS: Final[dict[str, Callable[[dict[str, Any]], _Answer]]] = {
    "whole": _json,
    "bare": lambda echo: _json({"id": echo["id"]}),
    "data": lambda echo: _json({"data": echo}),
    "cut": lambda echo: _json(echo, cut=20),
    "nameless": lambda echo: _json({"status": "ok", "id": None}),
    "empty": lambda echo: ({**JSON}, b"", True),
    "errors": lambda echo: _json({**echo, "errors": [{"message": "it went wrong"}]}),
    "unmarked": lambda echo: ({"content-type": "text/plain"}, json.dumps({"id": echo["id"]}).encode(), True),
    "echo customer": lambda echo: _json({**echo, "id": "id-other", "customerId": "somebody-else"}),
    "echo po": lambda echo: _json({**echo, "id": "id-other", "poNumber": "another"}),
    "words": lambda echo: _json({"message": "The order is wrong."}),
    "html": lambda echo: (HTML, b"<html>no</html>", True),
    "redirect": lambda echo: ({"location": "https://example.com/"}, b"", True),
    "later": lambda echo: _json({"message": "later"}, more={"retry-after": "7"}),
    "throttle": lambda echo: _json(
        {"statusCode": 429, "message": "Rate limit is exceeded."}, more={"retry-after": "7"}
    ),
    "plain": lambda echo: ({}, b"", True),
    "behind": lambda echo: _json({"message": "busy", "path": "/orders"}, more={"retry-after": "3"}),
    "quota": lambda echo: _json(
        {"statusCode": 403, "message": "Out of call volume quota."}, more={"retry-after": "40"}
    ),
}
