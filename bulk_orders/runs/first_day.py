"""The first day with an account: what can be asked for nothing, and what an order that was placed has shown.

Orders are placed by `runs.run` alone, which looks up, records and compares them like any others.
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.body_shape import shaped
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.model import Problem, Severity
from bulk_orders.core.money import is_priced
from bulk_orders.core.wording import counted
from bulk_orders.marketplace.interface import OrderList, ReadFailed
from bulk_orders.runs.ask_marketplace import ask
from bulk_orders.runs.kept_answers import KeptAnswers
from bulk_orders.sending.account_facts import AccountFacts
from bulk_orders.sending.services import Services

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


_LISTED: Final = "order list"
_CUSTOMER: Final = "unknown customer"
_PRODUCT: Final = "unknown product"
_PRICE: Final = "first bill"


def free_facts(services: Services, order: OrderRecord) -> Iterator[Fact]:
    """Ask what costs nothing, about the order that would be the first; `order` is planned and not placed."""
    facts = AccountFacts(order.account, services.ledger)
    body = shaped(json.loads(order.body), facts.shape)
    yield from _asked(_LISTED, lambda: _list_facts(services, order))
    yield from _asked(_CUSTOMER, lambda: [_unknown_customer(services)])
    if not is_priced(order):
        return
    yield from _asked(_PRODUCT, lambda: [_unknown_product(services, body)])
    yield from _asked(_PRICE, lambda: [_price(services, order, body)])


def refusals(services: Services, order: OrderRecord, checked: CheckResult) -> tuple[Problem, ...]:
    """Return what the marketplace has against an order, as `check --online` finds it; what it does not answer is none."""
    kept = KeptAnswers(None, account=order.account, now=services.clock.now)
    try:
        said = ask(services, [order], checked, kept=kept, tell=lambda _done, _total: None)
    except ReadFailed:
        return ()
    return tuple(found for found in said.problems if found.severity is Severity.ERROR)


_ANSWER: Final = "answer"
_PO_NUMBER: Final = "PO number"


def shown_by(services: Services, order: OrderRecord) -> Iterator[Fact]:
    """Say what an order that was sent has shown; `order` is as the ledger has it afterwards."""
    if order.state is State.REJECTED:
        yield Fact(name=_ANSWER, text="a refusal: {said}".format(said=order.message), is_usual=False)
        return
    if order.state is not State.ACCEPTED:
        yield Fact(
            name=_ANSWER,
            text="came without an order number; the results say what became of the row",
            is_usual=False,
        )
        return
    yield Fact(name=_ANSWER, text="order {name} was taken".format(name=order.order_number or order.order_id))
    facts = AccountFacts(order.account, services.ledger)
    if facts.learnt().get("proven_name") == facts.po_name:
        kept = order.marker[: facts.longest_po]
        text = "came back as {po_number}, sent as {name}".format(po_number=kept, name=facts.po_name)
        yield Fact(name=_PO_NUMBER, text=text)
        yield Fact(
            name="delay",
            text="the list showed the order at most {seconds:.1f} s after the answer".format(
                seconds=facts.lag_s
            ),
        )
    else:
        yield Fact(
            name=_PO_NUMBER,
            text="was not read back; see the message in its row of the results",
            is_usual=False,
        )


def _asked(name: str, ask: Callable[[], list[Fact]]) -> list[Fact]:
    try:
        return ask()
    except ReadFailed as failure:
        return [
            Fact(
                name=name, text="could not be asked: {reason}".format(reason=failure.message), is_usual=False
            )
        ]


def _list_facts(services: Services, order: OrderRecord) -> list[Fact]:
    now, customer = services.clock.now(), order.customer_id
    since = now - timedelta(days=LOOK_BACK_DAYS)
    listed = services.marketplace.list_orders(customer_id=customer, created_from=since)
    later = services.marketplace.list_orders(customer_id=customer, created_from=now + timedelta(days=1))
    return [_list_fact(listed, customer), _clock_fact(services, listed), _filter_fact(listed, later)]


def _list_fact(listed: OrderList, customer: str) -> Fact:
    number = len(listed.orders)
    orders = counted(number, "{number} order", "{number} orders")
    so_many = "{orders} of customer {customer_id} in {days} days".format(
        orders=orders, customer_id=customer, days=LOOK_BACK_DAYS
    )
    if not number:
        return Fact(name=_LISTED, text=so_many)
    shows_po = any(found.po_number is not None for found in listed.orders)
    text = (
        "{orders}; the list shows PO numbers"
        if shows_po
        else "{orders}; the list leaves PO numbers out, so orders not placed from here are opened once each"
    ).format(orders=so_many)
    return Fact(name=_LISTED, text=text, is_usual=shows_po)


_CLOCK: Final = "clock"


def _clock_fact(services: Services, listed: OrderList) -> Fact:
    if listed.server_time is None:
        return Fact(name=_CLOCK, text="the marketplace does not say what time it is", is_usual=False)
    apart_s = abs((listed.server_time - services.clock.now()).total_seconds())
    is_usual = apart_s <= CLOCKS_APART_S
    if is_usual:
        return Fact(
            name=_CLOCK,
            text="the marketplace's clock and this computer's are at most {seconds:.0f} s apart".format(
                seconds=CLOCKS_APART_S
            ),
        )
    return Fact(
        name=_CLOCK,
        text=(
            "the marketplace's clock and this computer's are {seconds:.0f} s apart; set yours from a time server"
        ).format(seconds=apart_s),
        is_usual=False,
    )


_FILTER: Final = "time filter"


def _filter_fact(listed: OrderList, later: OrderList) -> Fact:
    if later.orders:
        return Fact(
            name=_FILTER,
            text="the list ignores the times that are asked for; more is read, and nothing else changes",
            is_usual=False,
        )
    return Fact(
        name=_FILTER,
        text="the list keeps to the times that are asked for"
        if listed.orders
        else "cannot be told before the customer has an order",
    )


def _unknown_customer(services: Services) -> Fact:
    is_unknown = services.marketplace.get_customer(NO_CUSTOMER) is None
    text = (
        "is answered as not found"
        if is_unknown
        else "the marketplace answers for a customer that should not exist"
    )
    return Fact(name=_CUSTOMER, text=text, is_usual=is_unknown)


def _unknown_product(services: Services, body: Mapping[str, Any]) -> Fact:
    other = copy.deepcopy(dict(body))
    other["products"][0]["mpn"] = NO_PRODUCT
    try:
        services.marketplace.estimate(other)
    except ReadFailed as failure:
        if not failure.is_refusal:
            raise
        return Fact(
            name=_PRODUCT,
            text='an estimate refuses it ("{said}"), so check --online finds such rows'.format(
                said=failure.said
            ),
        )
    return Fact(
        name=_PRODUCT, text="an estimate takes it, so check --online proves little here", is_usual=False
    )


def _price(services: Services, order: OrderRecord, body: Mapping[str, Any]) -> Fact:
    try:
        found = services.marketplace.estimate(body)
    except ReadFailed as failure:
        if not failure.is_refusal:
            raise
        text = 'the marketplace refuses row {row} ("{said}")'.format(row=order.sheet_row, said=failure.said)
        return Fact(name=_PRICE, text=text, is_usual=False)
    if not found.amount:
        return Fact(
            name=_PRICE,
            text="the estimate gives no price for row {row}".format(row=order.sheet_row),
            is_usual=False,
        )
    text = "{currency} {amount} for row {row}".format(
        currency=found.currency, amount=found.amount, row=order.sheet_row
    )
    return Fact(name=_PRICE, text=text)
