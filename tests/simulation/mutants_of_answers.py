"""Broken variants of what an answer to an order means."""

from collections.abc import Callable, Sequence
from typing import Any

from mutant_registry import Patch, mutant

from bulk_orders.core import verdict
from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.core.verdict import Accepted, NotProcessed, Rejected
from bulk_orders.sending import submission


def _classified(change: Callable[[Any, Any], Any]) -> Sequence[Patch]:
    honest = submission.classify

    def classify(answer: Any, expected: Any, **named: Any) -> Any:
        changed = change(answer, expected)
        return honest(answer, expected, **named) if changed is None else changed

    return [(submission, "classify", classify)]


def _not_processed(reason: str = "Try again.") -> NotProcessed:
    return NotProcessed(reason=reason, code="S-RATE", wait_s=1.0)


@mutant("5xx as not processed")
def _server_errors() -> Sequence[Patch]:
    """A server error is taken for proof that nothing was made."""
    return _classified(
        lambda answer, _: _not_processed() if isinstance(answer, Reply) and answer.status >= 500 else None
    )


@mutant("5xx as failure")
def _server_errors_fail() -> Sequence[Patch]:
    """A server error is told as a refusal."""
    return _classified(
        lambda answer, _: (
            Rejected(words="500") if isinstance(answer, Reply) and answer.status >= 500 else None
        )
    )


@mutant("timeout as failure")
def _timeout_fails() -> Sequence[Patch]:
    """No answer in time is told as a refusal."""
    return _classified(
        lambda answer, _: (
            Rejected(words="timeout")
            if isinstance(answer, NoReply) and answer.kind is FailureKind.TIMEOUT
            else None
        )
    )


@mutant("timeout is retried")
def _timeout_retried() -> Sequence[Patch]:
    """No answer in time is sent again."""
    return _classified(
        lambda answer, _: (
            _not_processed() if isinstance(answer, NoReply) and answer.kind is FailureKind.TIMEOUT else None
        )
    )


@mutant("classify by exception type")
def _by_exception() -> Sequence[Patch]:
    """A lost connection counts as not sent, whatever left before it was lost."""
    return _classified(
        lambda answer, _: (
            _not_processed()
            if isinstance(answer, NoReply) and answer.kind is FailureKind.CONNECTION_LOST
            else None
        )
    )


@mutant("truncated 201 as failure")
def _truncated() -> Sequence[Patch]:
    """A success that broke off is told as a refusal."""
    return _classified(
        lambda answer, _: (
            Rejected(words="unreadable")
            if isinstance(answer, Reply) and 200 <= answer.status < 300 and not answer.is_complete
            else None
        )
    )


@mutant("2xx without an id is accepted")
def _nameless() -> Sequence[Patch]:
    """Any 2xx is a success, with or without an id."""
    return _classified(
        lambda answer, _: (
            Accepted(order_id="")
            if isinstance(answer, Reply)
            and 200 <= answer.status < 300
            and answer.is_complete
            and not (verdict.json_object(answer) or {}).get("id")
            and not (verdict.json_object(answer) or {}).get("data")
            else None
        )
    )


@mutant("echo not compared")
def _echo() -> Sequence[Patch]:
    """An answer that speaks of another order is taken for ours."""

    def change(answer: Any, expected: Any) -> Any:
        if isinstance(answer, Reply) and answer.status == 201 and answer.is_complete:
            order = verdict.json_object(answer) or {}
            if order.get("id") and "data" not in order:
                return Accepted(order_id=str(order["id"]))
        return None

    return _classified(change)


@mutant("errors in a 2xx ignored")
def _errors_ignored() -> Sequence[Patch]:
    """An answer with an order and errors at once is taken for a success."""

    def change(answer: Any, expected: Any) -> Any:
        order = (
            verdict.json_object(answer) if isinstance(answer, Reply) and answer.status == 200 else None
        ) or {}
        return Accepted(order_id=str(order["id"])) if order.get("errors") and order.get("id") else None

    return _classified(change)


@mutant("every 4xx is a refusal")
def _all_refusals() -> Sequence[Patch]:
    """408 and 409 are told as refusals, although they say nothing about what was made."""
    return [(verdict, "REJECTING", verdict.REJECTING | {408, 409})]


@mutant("HTML 400 is a refusal")
def _html_refusal() -> Sequence[Patch]:
    """A refusal that is no JSON is believed, although it may come from a proxy."""
    return _classified(
        lambda answer, _: (
            Rejected(words="html")
            if isinstance(answer, Reply) and answer.status == 400 and b"<html" in answer.body
            else None
        )
    )


@mutant("429 from behind the gateway is retried")
def _behind() -> Sequence[Patch]:
    """Every 429 counts as refused before it was forwarded."""
    return _classified(
        lambda answer, _: _not_processed() if isinstance(answer, Reply) and answer.status == 429 else None
    )


@mutant("redirect is retried")
def _redirect() -> Sequence[Patch]:
    """A redirect counts as not processed."""
    return _classified(
        lambda answer, _: (
            _not_processed() if isinstance(answer, Reply) and 300 <= answer.status < 400 else None
        )
    )
