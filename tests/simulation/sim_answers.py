"""What the simulated marketplace answers to an order, in every shape."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from types import SimpleNamespace
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


WRONG_PLACE: Final = "subscriptionId is not expected there."
NOT_ACTIVE: Final = "Subscription #{subscription} is not Active. Upgrades/Downgrades are not available now."
RENEWING: Final = (
    "There is a Renewal Order for Subscription#{subscription}. Upgrades/Downgrades are not allowed."
)
IN_USE: Final = "Order cannot be placed. The usage of 'seats' exceeds the new limit specified"
UNDER_WAY: Final = (
    "Cannot Upgrade/Downgrade Resources for Subscription #{subscription}: there is already an "
    "Upgrade/Downgrade Order #{order_number} in status Provisioning is in progress(LO)."
)


def refused_with(why: Any, subscription: str, *, sent_at: datetime) -> Reply:
    """Nothing is done to the subscription, which comes as a failure of the server; with `UNDER_WAY` comes the order in the way."""
    words, busy = why if isinstance(why, tuple) else (why, None)
    order_number = busy.order_number if busy else ""
    message = words.format(subscription=subscription, order_number=order_number)
    status = 400 if words == WRONG_PLACE else 500
    content = json.dumps({"message": message, "path": "/orders", "status": status}).encode()
    return Reply(status=status, headers=JSON, body=content, is_complete=True, sent_at=sent_at)


def setting_answer_to(
    kind: PostFault, subscription: str, *, is_set: bool, sent_at: datetime
) -> Reply | NoReply:
    """What comes back for a setting: the subscription, in every shape, or that it is over."""
    if not is_set:
        return refused_with(NOT_ACTIVE, subscription, sent_at=sent_at)
    customer_id = subscription.split("/", maxsplit=1)[0]
    there = SimpleNamespace(order_id=subscription, order_number="", po_number="")
    return answer_to(kind, {"customerId": customer_id}, there, sent_at=sent_at)


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
