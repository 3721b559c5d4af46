"""The types of order that can be placed, one entry each. Who depends on an order's type asks here, and never compares words.

What a type needs of a row is said by the columns (`Column.order_types`), what it sends by its order-body template.
"""

import json
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderType:
    """A type of order, as the column *Order type* and the API know it."""

    key: str
    """Canonical in the workbook, and the API's own word: it is part of order keys, so it never changes."""
    label: str
    aliases: tuple[str, ...] = ()


SALES: Final = OrderType(key="sales", label="sales", aliases=("sale",))

CANCELLATION: Final = OrderType(key="cancellation", label="cancellation", aliases=("cancel",))
"""Understood, so that its rows are told apart from mistakes, and not placed: it is none of `ORDER_TYPES`."""

ORDER_TYPES: Final = (SALES,)
"""The first is what a blank cell means."""
USUAL: Final = ORDER_TYPES[0]

_BY_SPELLING: Final = {
    spelling.casefold(): known.key
    for known in ORDER_TYPES
    for spelling in (known.key, known.label, *known.aliases)
}
_KEYS: Final = frozenset(order_type.key for order_type in ORDER_TYPES)


def key_of(typed: str) -> str:
    """Return the key of the type that a cell names; what is not understood is the usual, as the check has refused it."""
    return _BY_SPELLING.get(typed.strip().casefold(), USUAL.key)


def is_cancellation(typed: str) -> bool:
    """Tell whether a cell says that the row cancels an order."""
    return typed.strip().casefold() in {
        CANCELLATION.key,
        CANCELLATION.label.casefold(),
        *CANCELLATION.aliases,
    }


def may_be_placed_here(told: str) -> bool:
    """Tell whether an order on the marketplace may be one that this program places; `told` is its type, which lists may leave out.

    Renewals that the platform makes and changes made by hand inherit customer, product and PO number of ours.
    """
    return not told or told in _KEYS


def may_be_of(told: str, body: str) -> bool:
    """Tell whether an order on the marketplace may be of the same type as the order with this body; erased bodies tell nothing."""
    if not told or not body:
        return may_be_placed_here(told)
    return bool(told == json.loads(body).get("type", USUAL.key))
