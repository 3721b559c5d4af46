"""Subscriptions as the marketplace has them now, with their seats and what is already under way about them. Nothing is changed.

The list says all but the seats: each subscription is opened once, side by side, at the pace of the profile. What was opened is
kept, so that a pull that was interrupted goes on where it was, and a subscription that was not modified since is not opened again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from bulk_orders.core.json_values import number_of, text_of
from bulk_orders.core.order_types import ORDER_TYPES
from bulk_orders.core.platform_status import SCHEDULED, UNDER_WAY
from bulk_orders.core.subscriptions import ENDED, PlatformSubscription, ProductLine
from bulk_orders.errors import UsageError
from bulk_orders.marketplace.interface import Marketplace, PlatformOrder, ReadFailed
from bulk_orders.runs.kept_answers import KeptAnswers
from bulk_orders.runs.questions import Answer, Asking, Question, Tell
from bulk_orders.sending.services import Services
from bulk_orders.sending.waits import waiting

_UNSEEN_FOR: Final = timedelta(days=2)
"""The platform dates a change by its own day: what was modified on a day is certain once that day is over everywhere."""
_LIST_PASSES: Final = 3
_HIDDEN: Final = False
"""The answer that says no products: it is read anew by each pull, and nobody takes it for an outage."""
_ABOUT_SUBSCRIPTIONS: Final = frozenset(
    {"renewal", *(found.api for found in ORDER_TYPES if found.acts_on_subscription and found.api)}
)
"""Types of orders that concern a subscription that is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which subscriptions are pulled."""

    customers: tuple[str, ...] = ()
    """Ids; none means everybody's."""
    due_before: date | None = None
    """Only those that are renewed before this day, or whose renewal date the platform does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledSubscription:
    """A subscription, and what is known around it."""

    subscription: PlatformSubscription
    customer_name: str = ""
    under_way: str = ""
    """The orders about it that are not carried out yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    """What a pull found."""

    found: tuple[PulledSubscription, ...]
    """By renewal date, then customer and product."""
    at: datetime
    ended: int = 0
    """Left out: terminated or removed."""
    not_due: int = 0
    """Left out: renewed on the day that was named, or later."""
    unread: tuple[str, ...] = ()
    """Ids of those in `found` whose products the marketplace did not show; their seats are not known."""


def pull_subscriptions(services: Services, wanted: Wanted, *, kept: KeptAnswers, tell: Tell) -> Pulled:
    """Return the subscriptions that are wanted.

    Raises `ReadFailed` when nothing gets an answer any more, `SetupError` when a person has to do something first, `UsageError`
    for a customer that is not there, and `Interrupted` when it is stopped; asked again, it goes on where it was.
    """
    services.marketplace.sign_in()
    at, asking = services.clock.now(), Asking(services, kept, tell)
    with waiting(services.observer, services.clock, "the list of subscriptions"):
        listed = _listed(services.marketplace, wanted)
    running = [entry for entry in listed if entry.status not in ENDED]
    due = [entry for entry in running if _is_due(entry, wanted.due_before)]
    with waiting(services.observer, services.clock, "the names of customers and the orders under way"):
        names = _customer_names(services.marketplace, wanted, due)
        orders = _orders_under_way(services.marketplace, wanted) if due else []
    under_way = _told_by_subscription(asking, services.marketplace, orders, then=len(due))
    opened = _opened(asking, services.marketplace, due, at)
    found = [
        PulledSubscription(
            subscription=entry,
            customer_name=names.get(entry.customer_id, ""),
            under_way="; ".join(under_way.get(entry.subscription_id, ())),
        )
        for entry in opened
    ]
    unread = tuple(entry.subscription_id for entry in opened if entry.lines is None)
    if not unread:
        kept.finish()
    return Pulled(
        found=tuple(sorted(found, key=_place)),
        at=at,
        ended=len(listed) - len(running),
        not_due=len(running) - len(due),
        unread=unread,
    )


def _listed(marketplace: Marketplace, wanted: Wanted) -> list[PlatformSubscription]:
    found: dict[str, PlatformSubscription] = {}
    for customer_id in wanted.customers or ("",):
        for entry in marketplace.list_subscriptions(customer_id=customer_id):
            found.setdefault(entry.subscription_id, entry)
    return list(found.values())


def _is_due(entry: PlatformSubscription, due_before: date | None) -> bool:
    return due_before is None or entry.renewal_date is None or entry.renewal_date < due_before


def _customer_names(
    marketplace: Marketplace, wanted: Wanted, entries: Sequence[PlatformSubscription]
) -> dict[str, str]:
    """Return the companies' names by customer id. Raises `UsageError` for a customer that was named and is not there."""
    if wanted.customers:
        found = [_customer(marketplace, customer_id) for customer_id in wanted.customers]
    else:
        found = list(marketplace.list_customers()) if entries else []
    return {text_of(entry.get("id")): text_of(entry.get("name")) for entry in found}


def _customer(marketplace: Marketplace, customer_id: str) -> Mapping[str, Any]:
    found = marketplace.get_customer(customer_id)
    if found is None:
        raise UsageError(
            "The marketplace has no customer {customer_id}.".format(customer_id=customer_id),
            fix="Check the ID; `bulk-orders customers pull` lists all customers.",
        )
    return found


def _orders_under_way(marketplace: Marketplace, wanted: Wanted) -> list[PlatformOrder]:
    """Return the orders about subscriptions that are not carried out yet: scheduled ones are among those in process."""
    found = [
        order
        for customer_id in wanted.customers or ("",)
        for status in UNDER_WAY
        for order in _whole_list(marketplace, customer_id, status)
    ]
    return [order for order in found if order.order_type.casefold() in _ABOUT_SUBSCRIPTIONS]


def _whole_list(marketplace: Marketplace, customer_id: str, status: str) -> tuple[PlatformOrder, ...]:
    """Return the orders of a status. Raises `ReadFailed` if no reading is proven to be whole: one that is missing would not be seen."""
    for _ in range(_LIST_PASSES):
        found = marketplace.list_orders(customer_id=customer_id, status=status)
        if found.is_complete:
            return found.orders
    raise ReadFailed("The list of orders changed while it was read.", fix="Pull again.")


def _told_by_subscription(
    asking: Asking, marketplace: Marketplace, orders: Sequence[PlatformOrder], *, then: int
) -> dict[str, list[str]]:
    """Return, by subscription, what is under way; rows of the list say neither seats nor, on some platforms, the subscription."""
    questions = {
        order.order_id: Question(name=f"order {order.order_id}", ask=partial(_order, marketplace, order))
        for order in orders
    }
    found: dict[str, list[str]] = {}
    for answer in asking.ask(questions, then=then).values():
        if answer.value:
            subscription_id, told = answer.value
            found.setdefault(subscription_id, []).append(told)
    return found


def _order(marketplace: Marketplace, row: PlatformOrder) -> list[str]:
    order = marketplace.get_order(row.order_id) or row
    seats = [text_of(line.get("quantity")) for line in order.products or ()]
    number = order.order_number or order.order_id
    if order.status != SCHEDULED:
        told = "{number} ({type}) is being carried out".format(number=number, type=order.order_type)
    elif order.scheduled_for:
        told = "{number} ({type}) is scheduled for {day}".format(
            number=number, type=order.order_type, day=order.scheduled_for
        )
    else:
        told = "{number} ({type}) is scheduled".format(number=number, type=order.order_type)
    if len(seats) == 1 and seats[0]:
        told = "{told}, quantity {seats}".format(told=told, seats=seats[0])
    return [order.subscription_id or row.subscription_id, told]


def _opened(
    asking: Asking, marketplace: Marketplace, due: Iterable[PlatformSubscription], at: datetime
) -> list[PlatformSubscription]:
    """Return the subscriptions with their products; those that are gone meanwhile are left out, and silent ones asked twice."""
    entries = {entry.subscription_id: entry for entry in due}
    questions = {name: _question(marketplace, entry, at) for name, entry in entries.items()}
    answers: dict[str, Answer] = asking.ask(questions)
    silent = {name: questions[name] for name, answer in answers.items() if answer.no_answer}
    if silent:
        answers |= asking.ask(silent)
    return [
        replace(entry, lines=_lines(answers[name].value))
        for name, entry in entries.items()
        if not _is_gone(answers[name])
    ]


def _question(marketplace: Marketplace, entry: PlatformSubscription, at: datetime) -> Question:
    """Ask for the products; the words have what the list says, so that a subscription that changed is another question."""
    said = (entry.status, entry.renewal_date, entry.auto_renew, entry.modified_on)
    return Question(
        name=" ".join(["subscription", entry.subscription_id, *map(str, said)]),
        ask=partial(_products, marketplace, entry.subscription_id),
        is_kept=lambda shown: shown is not _HIDDEN,
        is_settled=entry.modified_on is not None and entry.modified_on + _UNSEEN_FOR <= at.date(),
    )


def _products(marketplace: Marketplace, subscription_id: str) -> list[dict[str, Any]] | bool | None:
    """Return the products; None of a subscription that is not there, and `_HIDDEN` of one that is shown without."""
    found = marketplace.get_subscription(subscription_id)
    if found is None:
        return None
    return _HIDDEN if found.lines is None else [asdict(line) for line in found.lines]


def _lines(shown: Any) -> tuple[ProductLine, ...] | None:
    return tuple(ProductLine(**line) for line in shown) if isinstance(shown, list) else None


def _is_gone(answer: Answer) -> bool:
    return answer.value is None and not answer.no_answer and not answer.refusal


def _place(found: PulledSubscription) -> tuple[Any, ...]:
    entry = found.subscription
    number = number_of(entry.subscription_id)
    return (
        entry.renewal_date or date.max,
        (found.customer_name or entry.customer_id).casefold(),
        entry.name.casefold(),
        number is None,
        number or 0,
        entry.subscription_id,
    )
