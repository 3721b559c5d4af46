"""What orders ask for, action by action: whoever confirms or approves them is told what is done, and not only how many there are."""

from collections import Counter
from collections.abc import Iterable

from bulk_orders.core.model import Problem
from bulk_orders.core.order_types import AUTO_RENEW_OFF, ORDER_TYPES, OrderType, Shown
from bulk_orders.core.problem_texts import problem
from bulk_orders.core.wording import counted


def actions_told(asked: Iterable[OrderType]) -> str:
    """Return how many of each action there are: `3 new orders, 1 subscription set not to renew`."""
    numbers = Counter(asked)
    return ", ".join(counted(numbers[known], *known.counted) for known in ORDER_TYPES if numbers[known])


def orders_told(asked: Iterable[OrderType]) -> str:
    """Return how many orders and settings there are: `2 orders and 1 setting`. A setting places no order."""
    known = list(asked)
    settings = sum(1 for one in known if not one.api)
    orders = counted(len(known) - settings, "{number} order", "{number} orders")
    told = counted(settings, "{number} setting", "{number} settings")
    if not settings:
        return orders
    return told if settings == len(known) else "{orders} and {settings}".format(orders=orders, settings=told)


def actions_counted(asked: Iterable[OrderType]) -> dict[str, int]:
    """Return the same as machines read it: how many there are of each action, by its key."""
    numbers = Counter(asked)
    return {known.key: numbers[known] for known in ORDER_TYPES if numbers[known]}


def warnings_of(asked: Iterable[OrderType]) -> list[Problem]:
    """Return what has to be known before it is confirmed: what ends, and what nobody is known to have done."""
    numbers = Counter(asked)
    found = []
    if numbers[AUTO_RENEW_OFF]:
        found.append(problem("W-ENDS", parts={"value": _rows(numbers[AUTO_RENEW_OFF])}))
    found += [
        problem("W-UNVERIFIED", parts={"value": known.label, "rows": _rows(numbers[known])})
        for known in ORDER_TYPES
        if known.is_unverified and numbers[known]
    ]
    return found


def licences_told(amounts: Iterable[tuple[OrderType, int]]) -> str:
    """Return the licences that are ordered, and after `to` the seats that changes lead to: they are no more licences.

    `5`, `to 50`, `5, to 50`; empty where nothing has to do with a number.
    """
    known = list(amounts)
    ordered = [number for asked, number in known if asked.shown_by is Shown.ORDER]
    changed = [number for asked, number in known if asked.shown_by is Shown.SEATS]
    told = [f"{sum(ordered):,}"] if ordered else []
    told += ["to {seats:,}".format(seats=sum(changed))] if changed else []
    return ", ".join(told)


def _rows(number: int) -> str:
    return counted(number, "{number} row", "{number} rows")
