"""New rows that equal an order in doubt, whatever their reference: held, because they may be that order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bulk_orders.core.lifecycle import OrderRecord, State, Step, held_because, step
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


def held_again(order: OrderRecord, in_doubt: Iterable[OrderRecord], now: datetime) -> OrderRecord | None:
    """Return an order about to be sent as it is held for one in doubt that acts on its subscription; None where there is none.

    Nobody is asked twice about the same one.
    """
    doubles = [
        other
        for other in in_doubt
        if target_of(order.body)
        and other.state in _MAY_EXIST
        and _content(other) == _content(order)
        and other.key not in {order.key, *order.held_for.split()}
    ]
    return step(order, Step.HELD_BACK, **_because(order, doubles[0], now)) if doubles else None


def _held(order: OrderRecord, double: OrderRecord | None, now: datetime) -> OrderRecord:
    if double is None or order.state is not State.PENDING or order.key == double.key:
        return order
    return replace(order, state=State.HELD, **_because(order, double, now))


def _because(order: OrderRecord, double: OrderRecord, now: datetime) -> dict[str, Any]:
    asks = (
        "row {row} of run {run_id} is about the same subscription"
        if target_of(order.body)
        else "row {row} of run {run_id} asks for the same"
    ).format(row=double.sheet_row, run_id=double.run_id)
    if double.state is State.ACCEPTED:
        why = "{asks}; it was in doubt until now and turned out to be ordered as {order}.".format(
            asks=asks, order=double.name
        )
    else:
        why = "{asks}, and nobody knows yet whether it was ordered.".format(asks=asks)
    known = " ".join(dict.fromkeys((*order.held_for.split(), double.key)))
    return {**held_because(why, now), "held_for": known}


def _content(order: OrderRecord) -> tuple[str, ...]:
    target = target_of(order.body)
    return (order.customer_id, target) if target else (order.customer_id, order.mpn, order.quantity)
