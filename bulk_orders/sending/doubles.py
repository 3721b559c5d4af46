"""New rows that equal an order in doubt, whatever their reference: held, because they may be that order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bulk_orders.core.lifecycle import OrderRecord, State, held_because
from bulk_orders.core.order_types import target_of

_MAY_EXIST = frozenset({State.UNKNOWN, State.IN_FLIGHT, State.ACCEPTED})


def hold_doubles(
    new: Sequence[OrderRecord], doubted: Iterable[OrderRecord], now: datetime
) -> list[OrderRecord]:
    """Return `new`, with those held that equal one of `doubted` in customer, product and quantity, or act on its subscription.

    A row in doubt that is given a reference afterwards, or another one, is a new order by its key. `doubted` are in doubt, or
    were when the run began and are found by now: whoever gave the reference did not know that.
    """
    doubles = {_content(order): order for order in doubted if order.state in _MAY_EXIST}
    return [_held(order, doubles.get(_content(order)), now) for order in new]


def _held(order: OrderRecord, double: OrderRecord | None, now: datetime) -> OrderRecord:
    if double is None or order.state is not State.PENDING or order.key == double.key:
        return order
    if double.state is State.ACCEPTED:
        name = double.order_number or double.order_id
        why = (
            "row {row} of run {run_id} asks for the same; "
            "it was in doubt until now and turned out to be ordered as {order}."
        ).format(row=double.sheet_row, run_id=double.run_id, order=name)
    else:
        why = (
            "row {row} of run {run_id} asks for the same, and nobody knows yet whether it was ordered."
        ).format(row=double.sheet_row, run_id=double.run_id)
    return replace(order, state=State.HELD, **held_because(why, now))


def _content(order: OrderRecord) -> tuple[str, ...]:
    target = target_of(order.body)
    return (order.customer_id, target) if target else (order.customer_id, order.mpn, order.quantity)
