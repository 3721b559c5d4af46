"""What the ledger records when an attempt ends."""

from datetime import datetime

from bulk_orders.core.acting import status_to_record
from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, Step, step
from bulk_orders.core.order_types import target_of
from bulk_orders.core.reply import NoReply, Reply
from bulk_orders.core.verdict import Accepted, NotProcessed, NoVerdict, Rejected, Verdict, verdict_name
from bulk_orders.ledger.interface import Ledger, Superseded
from bulk_orders.machine.clock import Clock


def ended(
    attempt: AttemptRecord, answer: Reply | NoReply | None, verdict: Verdict, clock: Clock
) -> AttemptRecord:
    """Return the attempt with its end: what came back, and what it means."""
    reason = {Accepted: "", Rejected: "words", NotProcessed: "reason", NoVerdict: "reason"}[type(verdict)]
    return AttemptRecord(
        key=attempt.key,
        run_id=attempt.run_id,
        sheet_row=attempt.sheet_row,
        number=attempt.number,
        begun_at=attempt.begun_at,
        ended_at=clock.now(),
        verdict=verdict_name(verdict),
        http_status=answer.status if isinstance(answer, Reply) else None,
        reason=str(getattr(verdict, reason)) if reason else "",
        bytes_sent=answer.bytes_sent if isinstance(answer, NoReply) else None,
        correlation_id=answer.headers.get("x-correlation-id", "")[:200] if isinstance(answer, Reply) else "",
    )


def accepted(begun: OrderRecord, verdict: Accepted, now: datetime) -> OrderRecord:
    """Return the record once the marketplace has told the order's id."""
    return step(
        begun,
        Step.ACCEPTED,
        order_id=verdict.order_id,
        order_number=verdict.order_number,
        subscription_id=target_of(begun.body),
        platform_status=status_to_record(begun, verdict.platform_status),
        amount=verdict.amount,
        currency=verdict.currency,
        accepted_at=now,
        code="",
        message="",
        not_before=None,
    )


def gave_up(ledger: Ledger, order: OrderRecord, now: datetime, **why: str) -> bool:
    """Record that the order is given up, and why (code, message); False where somebody else wrote its record meanwhile."""
    try:
        ledger.advance(order, step(order, Step.GAVE_UP, **why), Step.GAVE_UP, at=now)
    except Superseded:
        return False
    return True
