"""Whether a wish that was ordered before is wished again: seats that were changed since, and shall be as they were wished once.

The same difference before the same renewal is the same order, in every pull. But where it was done, another change of ours has
come between, or the order failed, and the sheet was pulled after that, somebody looked at what there is now and wants it to be
changed. A workbook that was pulled before stays what it was: run again it sends nothing.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.identity import Account, key_of_reference
from bulk_orders.core.lifecycle import NO_EFFECT, OrderRecord, State, Step
from bulk_orders.core.matching import CLOCK_SKEW
from bulk_orders.core.model import Row
from bulk_orders.core.order_types import CHANGE_NOW, Shown, target_of, type_of
from bulk_orders.core.platform_status import BROKEN, DONE
from bulk_orders.core.subscription_rows import WantedChange
from bulk_orders.ledger.interface import Ledger


def rows_to_order(checked: CheckResult, ledger: Ledger, account: Account) -> Iterator[Row]:
    """Yield the ready rows; a wish of seats that is wished again has a reference of its own."""
    wished = {change.sheet_row: change for change in checked.changes if change.is_of_seats}
    for row in checked.rows():
        change = wished.get(row.sheet_row)
        if change is None:
            yield row
        else:
            yield replace(row, values={**row.values, "reference": reference_of(change, ledger, account)})


def reference_of(change: WantedChange, ledger: Ledger, account: Account) -> str:
    """Return the reference under which a wish of seats is ordered: that of its order, or a new one where that is over."""
    pulled_at = change.pulled_at
    if pulled_at is None:
        return change.reference
    placed = _placed(ledger.orders_of_customer(str(account), change.customer_id), change)
    known = {order.key: order for order in placed}
    for number in itertools.count(1):
        reference = change.reference if number == 1 else f"{change.reference}-{number}"
        # A record that was erased does not tell its reference any more, but its key was made from it.
        before = known.get(key_of_reference(account, reference))
        if before is None or not _is_over(before, placed, ledger, pulled_at):
            return reference
    raise AssertionError("counting does not end")


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


def _is_over(before: OrderRecord, placed: Iterable[OrderRecord], ledger: Ledger, pulled_at: datetime) -> bool:
    """Tell whether nothing was left of an order when the sheet was pulled: it failed, it was done, or another one came after it."""
    latest = pulled_at - CLOCK_SKEW
    since = before.placed_at
    if since is None or since >= latest:
        return False
    is_done = type_of(before.body) is CHANGE_NOW and before.platform_status in DONE
    if is_done or _has_failed(before):
        # What is as it was wished after all needs no order: the subscription is read before anything is sent.
        ended_at = _ended_at(before, ledger)
        if ended_at is not None and ended_at < pulled_at:
            return True
    others = (order.placed_at for order in placed if order.order_id and not _has_failed(order))
    return any(at and since < at < latest for at in others)


def _has_failed(order: OrderRecord) -> bool:
    return order.platform_status in BROKEN or order.code == NO_EFFECT


def _ended_at(order: OrderRecord, ledger: Ledger) -> datetime | None:
    """Return when the ledger got to know how an order ended, by the clock of those who pull."""
    return max((event.at for event in ledger.events(order.key) if event.step != Step.ERASED), default=None)
