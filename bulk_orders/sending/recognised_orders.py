"""What the ledger remembers of orders that are not ours, compared with those to be sent; and what is recorded of the likeness."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord, State, Step, held_because, step
from bulk_orders.core.matching import may_be
from bulk_orders.core.order_types import is_purchase
from bulk_orders.core.platform_status import CANCELLED
from bulk_orders.core.recognition import Known, Recognised, customers_of, recognise
from bulk_orders.ledger.interface import ForeignOrder, Ledger, Superseded
from bulk_orders.sending.account_look import seen
from bulk_orders.sending.purchases import as_duplicate, with_platform_facts

MOST_NAMED: Final = 5
"""Orders that a row's message can name and still be read."""


def compare(
    orders: Sequence[OrderRecord], ledger: Ledger, *, brought: Collection[str], now: datetime
) -> dict[str, Recognised]:
    """Return, by order key, those of `orders` (of one account) that the marketplace has, or may have, as the ledger remembers it."""
    foreign = foreign_of(orders, ledger)
    beside = concerned(orders, foreign)
    if not beside:
        return {}
    return recognise(beside, foreign, known_beside(beside, ledger, brought=brought, now=now))


def foreign_of(orders: Sequence[OrderRecord], ledger: Ledger) -> tuple[ForeignOrder, ...]:
    """Return the orders of their customers that are not ours."""
    return ledger.foreign_orders(orders[0].account, customers_of(orders)) if orders else ()


def concerned(orders: Sequence[OrderRecord], foreign: Iterable[ForeignOrder]) -> list[OrderRecord]:
    """Return those of `orders` whose customers have orders that are not ours: of many customers, mostly few."""
    customers = {entry.customer_id for entry in foreign}
    return [order for order in orders if "" in customers or order.customer_id in customers]


def known_beside(
    orders: Sequence[OrderRecord], ledger: Ledger, *, brought: Collection[str], now: datetime
) -> Known:
    """Return what the ledger knows of their customers beside `orders`; `brought` are the keys that the workbook brought back."""
    keys = {order.key for order in orders}
    others = [
        other
        for customer_id in customers_of(orders)
        for other in ledger.orders_of_customer(orders[0].account, customer_id)
        if other.key not in keys
    ]
    return Known(others=others, brought=brought, now=now)


def purchase(order: OrderRecord, found: Recognised) -> OrderRecord:
    """Return the order with what the marketplace says about it; duplicates are reported."""
    entries = [seen(entry) for entry in found.seen]
    proof = with_platform_facts(order, entries[0])
    return as_duplicate(proof, entries) if len(entries) > 1 else proof


def adopted(order: OrderRecord, found: Recognised, now: datetime) -> OrderRecord:
    """Return the first record of a new order that the marketplace seems to have: accepted, or held where that is not certain."""
    if found.is_certain:
        return replace(purchase(order, found), state=State.ACCEPTED)
    why = held_because(held_words(found), now)
    return replace(order, state=State.HELD, **why, held_for=held_for(order, found))


def held_back(order: OrderRecord, found: Recognised, now: datetime) -> OrderRecord:
    """Return an order that the ledger knows as it waits for a person, who has to say whether it is one of those."""
    why = held_because(held_words(found), now)
    return step(order, Step.HELD_BACK, **why, held_for=held_for(order, found))


def hold_for_more(orders: Iterable[OrderRecord], ledger: Ledger, now: datetime) -> None:
    """Say of those that are held for orders of the marketplace what was made like them since: one too many can be cancelled."""
    for order in orders:
        if order.state is not State.HELD or not order.held_for:
            continue
        foreign = ledger.foreign_orders(order.account, (order.customer_id,))
        said = order.held_for.split()
        more = [
            entry
            for entry in foreign
            if entry.status not in CANCELLED and entry.order_id not in said and may_be(order, entry)
        ]
        if not more:
            continue
        found = Recognised(seen=tuple(more), is_certain=False)
        words = held_words(found)
        # What it is held for already may be another row: that still stands.
        told = " ".join(filter(None, (order.message, words[0].upper() + words[1:])))
        why = {**held_because(told, now), "held_at": order.held_at}
        held = step(order, Step.HELD_BACK, **why, held_for=held_for(order, found))
        with suppress(Superseded):  # whoever wrote in between decided on it, or said the same
            ledger.advance(order, held, Step.HELD_BACK, at=now, note=held.message)


def held_for(order: OrderRecord, found: Recognised) -> str:
    """Return the ids of all orders that it was ever held for."""
    return " ".join(dict.fromkeys((*order.held_for.split(), *(entry.order_id for entry in found.seen))))


def held_words(found: Recognised) -> str:
    """Return why an order waits for a person, who has to know of every order that may be it: one too many can be cancelled."""
    names = ", ".join(_name(entry) for entry in found.seen[:MOST_NAMED])
    if len(found.seen) > MOST_NAMED:
        names = "{orders} and {number} more".format(orders=names, number=len(found.seen) - MOST_NAMED)
    if found.is_edited:
        return "it was ordered as {orders}, and the row has changed since.".format(orders=names)
    if not all(is_purchase(entry.order_type) for entry in found.seen):
        return "the marketplace has an order for its subscription that may be this one: {orders}.".format(
            orders=names
        )
    if len(found.seen) == 1:
        return (
            "the marketplace has an order of the same product and quantity for this customer: {orders}."
        ).format(orders=names)
    return (
        "the marketplace has {number} orders of the same product and quantity for this customer: {orders}."
    ).format(number=len(found.seen), orders=names)


def _name(entry: ForeignOrder) -> str:
    name = entry.order_number or "order"
    facts = ["{name} (id {order_id})".format(name=name, order_id=entry.order_id)]
    if entry.created_at is not None:
        facts.append("of {moment:%d-%b-%Y %H:%M} UTC".format(moment=entry.created_at))
    if entry.po_number:
        facts.append("under PO number {po_number}".format(po_number=entry.po_number))
    return " ".join(facts)
