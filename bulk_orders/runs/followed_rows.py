"""What a report says of orders that the marketplace took: where they are, what they wait for, and what to do."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from bulk_orders.core.following import is_over, is_slow, is_stuck
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.platform_status import SCHEDULED
from bulk_orders.core.problem_texts import PROBLEM_TEXTS
from bulk_orders.core.summary import Outcome
from bulk_orders.texts import rows as words

FOLLOWED: Final = frozenset({Outcome.ACCEPTED, Outcome.SCHEDULED, Outcome.WAITING_FOR_CUSTOMER})
"""Outcomes of orders that the marketplace took and has not completed."""
STUCK: Final = "S-STUCK"
FOR_CUSTOMER: Final = "S-ACCEPTANCE"
_SCHEDULED: Final = "S-SCHEDULED"


def words_of_followed(order: OrderRecord, kind: Outcome, now: datetime) -> tuple[str, str, str]:
    """Return message, how to fix, and code of an order that is not completed; all empty where there is nothing to say."""
    day = date.fromisoformat(order.scheduled_for) if order.scheduled_for else None
    if is_stuck(order, now):
        accepted = words.ACCEPTED_ON.format(moment=order.accepted_at or now)
        return _words(STUCK, words.DAY_IS_OVER.format(day=day) if day else accepted)
    if kind is Outcome.WAITING_FOR_CUSTOMER:
        return _words(FOR_CUSTOMER)
    if kind is Outcome.SCHEDULED:
        return _words(_SCHEDULED, words.SCHEDULED_FOR.format(day=day) if day else words.DAY_NOT_TOLD)
    if order.accepted_at and is_slow(order, now):
        return words.SLOW.format(moment=order.accepted_at), "", ""
    return "", "", ""


def why_behind_its_tenant(order: OrderRecord, others: Iterable[OrderRecord]) -> str:
    """Return why an order of a new tenant was not sent; empty unless another one is to make the tenant first."""
    for other in others:
        if other.key == order.key or other.domain.casefold() != order.domain.casefold():
            continue
        if other.state is State.ACCEPTED and not is_over(other):
            name = other.order_number or other.order_id
            if other.acceptance_link:
                return words.TENANT_FOR_CUSTOMER.format(order=name, row=other.sheet_row)
            if other.platform_status == SCHEDULED:
                return words.TENANT_SCHEDULED.format(order=name, row=other.sheet_row)
            return words.TENANT_BEING_MADE.format(order=name, row=other.sheet_row)
        if other.state is State.UNKNOWN:
            return words.TENANT_IN_DOUBT.format(row=other.sheet_row)
    return ""


def _words(code: str, why: str = "") -> tuple[str, str, str]:
    text = PROBLEM_TEXTS[code]
    return text.sentence.format(why=why), text.fix, code
