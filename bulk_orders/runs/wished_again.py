"""Whether a wish that was ordered before is wished again: seats that were changed since, and shall be as they were wished once.

The same difference before the same renewal is the same order, in every pull. But where another change of ours has come between,
or the order failed, and the sheet was pulled after that, somebody looked at what there is now and wants it to be changed. A
workbook that was pulled before stays what it was: run again it sends nothing.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.identity import Account
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.matching import CLOCK_SKEW
from bulk_orders.core.model import Row
from bulk_orders.core.order_types import Shown, target_of, type_of
from bulk_orders.core.platform_status import BROKEN
from bulk_orders.core.subscription_rows import WantedChange
from bulk_orders.ledger.interface import Ledger


def rows_to_order(checked: CheckResult, ledger: Ledger, account: Account) -> Iterator[Row]:
    """Yield the ready rows; a wish of seats that is wished again has a reference of its own."""
    wished = {change.sheet_row: change for change in checked.changes if change.is_of_seats}
    for row in checked.rows():
        change = wished.get(row.sheet_row)
        pulled_at = change.pulled_at if change else None
        if change is None or pulled_at is None:
            yield row
            continue
        placed = _placed(ledger.orders_of_customer(str(account), change.customer_id), change)
        yield replace(row, values={**row.values, "reference": _reference(change, placed, pulled_at)})


def _placed(orders: Iterable[OrderRecord], change: WantedChange) -> list[OrderRecord]:
    """Return the orders that changed these seats, or should have."""
    return [
        order
        for order in orders
        if order.state is State.ACCEPTED
        and target_of(order.body) == change.subscription_id
        and type_of(order.body).shown_by is Shown.SEATS
        and order.mpn == change.mpn
    ]


def _reference(change: WantedChange, placed: Sequence[OrderRecord], pulled_at: datetime) -> str:
    known = {order.reference: order for order in placed}
    for number in itertools.count(1):
        reference = change.reference if number == 1 else f"{change.reference}-{number}"
        before = known.get(reference)
        if before is None or not _is_over(before, placed, pulled_at):
            return reference
    raise AssertionError("counting does not end")


def _is_over(before: OrderRecord, placed: Iterable[OrderRecord], pulled_at: datetime) -> bool:
    """Tell whether nothing was left of an order when the sheet was pulled: it failed, or another one came after it."""
    latest = pulled_at - CLOCK_SKEW
    since = _at(before)
    if since is None or since >= latest:
        return False
    others = (_at(order) for order in placed if order.platform_status not in BROKEN)
    return before.platform_status in BROKEN or any(at and since < at < latest for at in others)


def _at(order: OrderRecord) -> datetime | None:
    """Return when it was placed, by the marketplace's clock; a pull is told by ours, which may be another one by a little."""
    return order.sent_at or order.accepted_at
