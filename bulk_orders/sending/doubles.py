"""New rows that equal an order in doubt, whatever their reference: held, because they may be that order."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bulk_orders.core.lifecycle import OrderRecord, State, held_because
from bulk_orders.texts import doubts as words

_IN_DOUBT = frozenset({State.UNKNOWN, State.IN_FLIGHT})


def hold_doubles(
    new: Sequence[OrderRecord], unsettled: Iterable[OrderRecord], now: datetime
) -> list[OrderRecord]:
    """`new`, with those held that equal one of `unsettled` in customer, product and quantity.

    A row in doubt that is given a reference afterwards, or another one, is a new order by its key.
    """
    doubtful = {_content(order): order for order in unsettled if order.state in _IN_DOUBT}
    return [_held(order, doubtful.get(_content(order)), now) for order in new]


def _held(order: OrderRecord, doubtful: OrderRecord | None, now: datetime) -> OrderRecord:
    if doubtful is None or order.state is not State.PENDING or order.key == doubtful.key:
        return order
    why = words.HELD_FOR_DOUBT.format(row=doubtful.sheet_row, run_id=doubtful.run_id)
    return replace(order, state=State.HELD, **held_because(why, now))


def _content(order: OrderRecord) -> tuple[str, str, str]:
    return order.customer_id, order.mpn, order.quantity
