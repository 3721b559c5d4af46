"""The first day with an account: what can be asked for nothing, and what an order that was placed has shown.

The questions are those of `reliability` 7 that cost nothing. Orders are placed by `runs.run` alone, which looks up, records and
compares them like any others.
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bulk_orders.core.body_shape import shaped
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.marketplace.interface import OrderList, ReadFailed
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.services import Services
from bulk_orders.texts import first_day as words
from bulk_orders.texts.plural import counted

LOOK_BACK_DAYS: Final = 30
CLOCKS_APART_S: Final = 60.0
"""Moments of the marketplace and ours are compared with margins of minutes."""
NO_CUSTOMER: Final = "0"
NO_PRODUCT: Final = "NO-SUCH-PRODUCT:0000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that was found out about the account."""

    name: str
    text: str
    is_usual: bool = True
    """Whether it is as the program would have it; nothing unusual here stops an order."""


def free_facts(services: Services, order: OrderRecord) -> Iterator[Fact]:
    """Ask what costs nothing, about the order that would be the first; `order` is planned and not placed."""
    facts = AccountFacts(order.account, services.ledger)
    body = shaped(json.loads(order.body), facts.shape)
    yield from _asked(words.LISTED, lambda: _list_facts(services, order))
    yield from _asked(words.CUSTOMER, lambda: [_unknown_customer(services)])
    yield from _asked(words.PRODUCT, lambda: [_unknown_product(services, body)])
    yield from _asked(words.PRICE, lambda: [_price(services, order, body)])


def shown_by(services: Services, order: OrderRecord) -> Iterator[Fact]:
    """Say what an order that was sent has shown; `order` is as the ledger has it afterwards."""
    if order.state is not State.ACCEPTED:
        yield Fact(name=words.TAKEN, text=words.NOT_TAKEN, is_usual=False)
        return
    yield Fact(name=words.TAKEN, text=words.TAKEN_AS.format(name=order.order_number or order.order_id))
    facts = AccountFacts(order.account, services.ledger)
    if facts.learnt().get("proven_name") == facts.po_name:
        kept = order.marker[: facts.longest_po]
        text = words.PO_CAME_BACK.format(po_number=kept, name=facts.po_name)
        yield Fact(name=words.PO_BACK, text=text)
        yield Fact(name=words.DELAY, text=words.DELAY_WAS.format(seconds=facts.lag_s))
    else:
        yield Fact(name=words.PO_BACK, text=words.PO_DID_NOT, is_usual=False)


def _asked(name: str, ask: Callable[[], list[Fact]]) -> list[Fact]:
    try:
        return ask()
    except ReadFailed as failure:
        return [Fact(name=name, text=words.NOT_ASKED.format(reason=failure.message), is_usual=False)]


def _list_facts(services: Services, order: OrderRecord) -> list[Fact]:
    now, customer = services.clock.now(), order.customer_id
    since = now - timedelta(days=LOOK_BACK_DAYS)
    listed = services.marketplace.list_orders(customer_id=customer, created_from=since)
    later = services.marketplace.list_orders(customer_id=customer, created_from=now + timedelta(days=1))
    return [_list_fact(listed, customer), _clock_fact(services, listed), _filter_fact(listed, later)]


def _list_fact(listed: OrderList, customer: str) -> Fact:
    number = len(listed.orders)
    orders = counted(number, words.ORDERS_ONE, words.ORDERS_MANY)
    so_many = words.LISTED_SO_MANY.format(orders=orders, customer_id=customer, days=LOOK_BACK_DAYS)
    if not number:
        return Fact(name=words.LISTED, text=so_many)
    shows_po = any(found.po_number is not None for found in listed.orders)
    text = (words.WITH_PO if shows_po else words.WITHOUT_PO).format(orders=so_many)
    return Fact(name=words.LISTED, text=text, is_usual=shows_po)


def _clock_fact(services: Services, listed: OrderList) -> Fact:
    if listed.server_time is None:
        return Fact(name=words.CLOCK, text=words.NO_CLOCK, is_usual=False)
    apart_s = abs((listed.server_time - services.clock.now()).total_seconds())
    is_usual = apart_s <= CLOCKS_APART_S
    if is_usual:
        return Fact(name=words.CLOCK, text=words.CLOCK_AS_OURS.format(seconds=CLOCKS_APART_S))
    return Fact(name=words.CLOCK, text=words.CLOCK_OTHER.format(seconds=apart_s), is_usual=False)


def _filter_fact(listed: OrderList, later: OrderList) -> Fact:
    if later.orders:
        return Fact(name=words.FILTER, text=words.FILTER_IGNORED, is_usual=False)
    return Fact(name=words.FILTER, text=words.FILTER_KEPT if listed.orders else words.FILTER_OPEN)


def _unknown_customer(services: Services) -> Fact:
    is_unknown = services.marketplace.get_customer(NO_CUSTOMER) is None
    text = words.CUSTOMER_REFUSED if is_unknown else words.CUSTOMER_TAKEN
    return Fact(name=words.CUSTOMER, text=text, is_usual=is_unknown)


def _unknown_product(services: Services, body: Mapping[str, Any]) -> Fact:
    other = copy.deepcopy(dict(body))
    other["products"][0]["mpn"] = NO_PRODUCT
    try:
        services.marketplace.estimate(other)
    except ReadFailed as failure:
        if not failure.is_refusal:
            raise
        return Fact(name=words.PRODUCT, text=words.PRODUCT_REFUSED.format(said=failure.said))
    return Fact(name=words.PRODUCT, text=words.PRODUCT_TAKEN, is_usual=False)


def _price(services: Services, order: OrderRecord, body: Mapping[str, Any]) -> Fact:
    try:
        found = services.marketplace.estimate(body)
    except ReadFailed as failure:
        if not failure.is_refusal:
            raise
        text = words.REFUSED.format(row=order.sheet_row, said=failure.said)
        return Fact(name=words.PRICE, text=text, is_usual=False)
    if not found.amount:
        return Fact(name=words.PRICE, text=words.NO_PRICE.format(row=order.sheet_row), is_usual=False)
    text = words.PRICE_IS.format(currency=found.currency, amount=found.amount, row=order.sheet_row)
    return Fact(name=words.PRICE, text=text)
