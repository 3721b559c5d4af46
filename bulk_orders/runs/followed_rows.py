"""What a report says of orders that the marketplace took: where they are, what they wait for, and what to do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from bulk_orders.core.following import is_over, is_slow, is_stuck
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.platform_status import BROKEN, CANCELLED, SCHEDULED
from bulk_orders.core.problem_texts import PROBLEM_TEXTS
from bulk_orders.core.report import ResultRow
from bulk_orders.core.summary import Outcome

FOLLOWED: Final = frozenset({Outcome.ACCEPTED, Outcome.SCHEDULED, Outcome.WAITING_FOR_CUSTOMER})
"""Outcomes of orders that the marketplace took and has not completed."""
STUCK: Final = "S-STUCK"
FOR_CUSTOMER: Final = "S-ACCEPTANCE"
NO_TENANT: Final = "S-TENANT"
_SCHEDULED: Final = "S-SCHEDULED"


def followed(row: ResultRow, order: OrderRecord, now: datetime) -> ResultRow:
    """Return the row of an order that is not completed, with where the order is."""
    message, fix, code = words_of_followed(order, row.outcome, now)
    return replace(
        row, message=f"{row.message} {message}".strip(), how_to_fix=fix, error_code=code or row.error_code
    )


def behind_its_tenant(
    row: ResultRow, order: OrderRecord, makers: Mapping[str, Sequence[OrderRecord]]
) -> ResultRow:
    """Return a row that was not sent, with which order has to make its tenant first, or did not make it."""
    if row.error_code == NO_TENANT:
        return replace(row, message=f"{row.message} {which_made_no_tenant(order, makers)}".strip())
    if row.outcome is Outcome.NOT_SENT and row.how_to_fix.startswith("bulk-orders resume"):
        return replace(row, message=why_behind_its_tenant(order, makers) or row.message)
    return row


def words_of_followed(order: OrderRecord, kind: Outcome, now: datetime) -> tuple[str, str, str]:
    """Return message, how to fix, and code of an order that is not completed; all empty where there is nothing to say."""
    day = date.fromisoformat(order.scheduled_for) if order.scheduled_for else None
    if is_stuck(order, now):
        accepted = "accepted {moment:%d-%b-%Y %H:%M} UTC".format(moment=order.accepted_at or now)
        return _words(STUCK, "it was scheduled for {day:%d-%b-%Y}".format(day=day) if day else accepted)
    if kind is Outcome.WAITING_FOR_CUSTOMER:
        return _words(FOR_CUSTOMER)
    if kind is Outcome.SCHEDULED:
        return _words(
            _SCHEDULED,
            "for {day:%d-%b-%Y}".format(day=day) if day else "the marketplace has not named the day yet",
        )
    if order.accepted_at and is_slow(order, now):
        return (
            "Being set up since {moment:%d-%b-%Y %H:%M} UTC, which is longer than usual.".format(
                moment=order.accepted_at
            ),
            "",
            "",
        )
    return "", "", ""


def tenant_makers(orders: Iterable[OrderRecord]) -> Mapping[str, Sequence[OrderRecord]]:
    """Return, by domain, the orders that were to make a new tenant and have not done so."""
    found: dict[str, list[OrderRecord]] = defaultdict(list)
    for order in orders:
        if order.domain and (_is_making(order) or _has_failed(order)):
            found[order.domain.casefold()].append(order)
    return found


def why_behind_its_tenant(order: OrderRecord, makers: Mapping[str, Sequence[OrderRecord]]) -> str:
    """Return why an order of a new tenant was not sent; empty unless another one is to make the tenant first."""
    for first in makers.get(order.domain.casefold(), ()):
        if first.key == order.key or not _is_making(first):
            continue
        if first.state is State.UNKNOWN:
            return "Not sent: its Microsoft tenant is created by row {row}, which is in doubt.".format(
                row=first.sheet_row
            )
        name = first.order_number or first.order_id
        if first.acceptance_link:
            return (
                "Not sent: its Microsoft tenant is created by order {order} "
                "(row {row}), which needs the customer's acceptance."
            ).format(order=name, row=first.sheet_row)
        if first.platform_status == SCHEDULED:
            return (
                "Not sent: its Microsoft tenant is created by order {order} "
                "(row {row}), which is scheduled for later."
            ).format(order=name, row=first.sheet_row)
        return (
            "Not sent: its Microsoft tenant is created by order {order} (row {row}), which is still being set up."
        ).format(order=name, row=first.sheet_row)
    return ""


def which_made_no_tenant(order: OrderRecord, makers: Mapping[str, Sequence[OrderRecord]]) -> str:
    """Return which order failed to make the tenant of this one, and how; empty where that is not known any more."""
    for first in makers.get(order.domain.casefold(), ()):
        if first.key != order.key and _has_failed(first):
            if first.state is State.ACCEPTED:
                name = first.order_number or first.order_id
                told = (
                    "It is order {order} (row {row}), which ended in error on the marketplace."
                    if first.platform_status not in CANCELLED
                    else "It is order {order} (row {row}), which was cancelled."
                )
                return told.format(row=first.sheet_row, order=name)
            return "It is row {row}, which was not ordered.".format(row=first.sheet_row)
    return ""


def _is_making(order: OrderRecord) -> bool:
    return order.state is State.UNKNOWN or (order.state is State.ACCEPTED and not is_over(order))


def _has_failed(order: OrderRecord) -> bool:
    if order.state is State.ACCEPTED:
        return order.platform_status in BROKEN
    return order.state in {State.REJECTED, State.GAVE_UP, State.DROPPED} and order.code != NO_TENANT


def _words(code: str, why: str = "") -> tuple[str, str, str]:
    text = PROBLEM_TEXTS[code]
    return text.sentence.format(why=why), text.fix, code
