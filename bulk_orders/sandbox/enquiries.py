"""What the platform tells when asked: the calls that place nothing."""

import random
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final

from bulk_orders.sandbox.ageing import Ageing
from bulk_orders.sandbox.behaviour import Behaviour
from bulk_orders.sandbox.catalogue import Catalogue, plan_detail, plan_entry, product_entry
from bulk_orders.sandbox.changes import Changes
from bulk_orders.sandbox.customers import Customer, customer_entry
from bulk_orders.sandbox.earlier import (
    EarlierSubscription,
    earlier_detail,
    earlier_row,
    earlier_subscriptions,
)
from bulk_orders.sandbox.faults import LISTING, VALIDATING, FaultDice
from bulk_orders.sandbox.holdings import Holdings
from bulk_orders.sandbox.messages import RefusedError, Request
from bulk_orders.sandbox.orders import (
    OrderBook,
    PlacedOrder,
    order_detail,
    order_row,
    priced,
    subscription_detail,
    subscription_row,
)
from bulk_orders.sandbox.platform_types import ACTING
from bulk_orders.sandbox.queries import day, moment, one_of, page
from bulk_orders.sandbox.rules import NO_CUSTOMER, Draft, Rulebook, parse_object
from bulk_orders.sandbox.validation import Validator

_ORDER_STATUSES: Final = ("submitted", "processing", "error", "completed", "cancelled")
_SUBSCRIPTION_STATUSES: Final = ("pending", "active", "hold", "terminated", "removed")

Call = Callable[["Enquiries", Request, datetime, str], dict[str, Any]]


def _status(order: PlacedOrder, at: datetime, ageing: Ageing) -> str:
    return order.status(ageing, at)


class Enquiries:
    """One method for each call; `CALLS` says which. Each takes the request, the time, and the id in the path."""

    def __init__(
        self,
        *,
        behaviour: Behaviour,
        customers: Mapping[str, Customer],
        catalogue: Catalogue,
        rules: Rulebook,
        book: OrderBook,
        taken: AbstractSet[str],
        dice: FaultDice,
        list_lag_s: float,
        rng: random.Random,
    ) -> None:
        self._ageing, self._list_shows_po = behaviour.ageing, behaviour.list_shows_po
        self._estimate_shows_po = behaviour.estimate_shows_po
        self._customers, self._catalogue, self._plans = customers, catalogue, catalogue.plans()
        self._rules, self._book, self._taken = rules, book, taken
        self._dice, self._list_lag_s = dice, list_lag_s
        self._earlier = earlier_subscriptions(behaviour.earlier_subscriptions, catalogue, customers)
        self.holdings = Holdings(book, self._earlier, behaviour.ageing)
        self._changes = Changes(
            rules=rules,
            holdings=self.holdings,
            place=behaviour.subscription_place,
            means=behaviour.change_means,
        )
        self.validator = Validator(rules, rng)

    def draft(self, body: dict[str, Any], at: datetime) -> Draft:
        """Return the order that a body asks for. Raises `RefusedError`."""
        if body.get("type") in ACTING:
            return self._changes.check(body, at)
        return self._rules.check(body, self._taken)

    def _estimate(self, request: Request, at: datetime, _id: str) -> dict[str, Any]:
        draft = self.draft(parse_object(request.body), at)
        asked = [replace(line, quantity=line.quantity - draft.before) for line in draft.lines]
        estimate = {"type": draft.order_type, "customerId": draft.customer.id, **priced(asked)}
        if draft.po_number is None or not self._estimate_shows_po:
            return estimate
        return {**estimate, "poNumber": draft.po_number}

    def _validate(self, request: Request, _at: datetime, _id: str) -> dict[str, Any]:
        if self._dice.due(VALIDATING):
            raise RefusedError(409, "Validation can't be performed at this moment on time.")
        return self.validator.validate(parse_object(request.body), self._taken)

    def _list_orders(self, request: Request, at: datetime, _id: str) -> dict[str, Any]:
        query, wanted, ageing = request.query, page(request.query), self._ageing
        found = self._visible(request, at)
        status = one_of(query, "status", _ORDER_STATUSES)
        if status:
            found = [order for order in found if _status(order, at, ageing) == status]
        code, number, subscription = (
            query.get(name) for name in ("statusCode", "orderNumber", "subscriptionId")
        )
        if code or number or subscription:
            found = [
                order
                for order in found
                for row in (order_row(order, at, ageing, with_po=False),)
                if (not code or row["statusCode"] == code)
                and (not number or row["orderNumber"] == number)
                and (not subscription or (row["statusCode"], order.subscription_id) == ("CP", subscription))
            ]
        with_po = self._dice.due(LISTING) is None and self._list_shows_po
        rows = [order_row(order, at, ageing, with_po=with_po) for order in wanted.newest_first(found)]
        return wanted.listing(rows, len(found))

    def _visible(self, request: Request, at: datetime) -> Sequence[PlacedOrder]:
        return self._book.created_between(
            customer_id=request.query.get("customerId") or None,
            shown_from=moment(request.query, "creationTimeFrom"),
            shown_to=moment(request.query, "creationTimeTo"),
            visible_to=self._listed_to(at),
        )

    def _listed_to(self, at: datetime) -> datetime:
        lag_s = self._list_lag_s
        # Without a lag an order is seen at once, even when the clock was set back since.
        return at - timedelta(seconds=lag_s) if lag_s else self._book.not_before_last(at)

    def _get_order(self, _request: Request, at: datetime, item_id: str) -> dict[str, Any]:
        order = self._book.by_id.get(item_id)
        if order is None or order.created > self._listed_to(at):
            raise RefusedError(404, "Order '{order_id}' is not found.".format(order_id=item_id))
        return order_detail(order, at, self._ageing)

    def _list_subscriptions(self, request: Request, at: datetime, _id: str) -> dict[str, Any]:
        query, wanted, ageing = request.query, page(request.query), self._ageing
        status = one_of(query, "status", _SUBSCRIPTION_STATUSES)
        first, last = day(query, "creationDateFrom"), day(query, "creationDateTo")
        listed: list[tuple[EarlierSubscription | PlacedOrder, str, date]] = [
            *(
                (earlier, self.holdings.status(earlier.id, earlier.status, at), earlier.started)
                for earlier in self._earlier.values()
            ),
            *(
                (
                    order,
                    self.holdings.status(order.subscription_id, "active", at),
                    order.over_at(ageing).date(),
                )
                for order in self._book.all
                if not order.target and _status(order, at, ageing) == "completed"
            ),
        ]
        found = [
            entry
            for entry, has_status, since in listed
            if status in {None, has_status}
            and query.get("customerId") in {None, "", entry.customer_id}
            and (first is None or since >= first)
            and (last is None or since <= last)
        ]
        rows = [
            earlier_row(entry, at.date())
            if isinstance(entry, EarlierSubscription)
            else subscription_row(entry, ageing)
            for entry in wanted.newest_first(found)
        ]
        return wanted.listing([self._as_it_is(row, at) for row in rows], len(found))

    def _as_it_is(self, row: dict[str, Any], at: datetime) -> dict[str, Any]:
        """Return a subscription, as it was bought, with what was made of it since."""
        holding = self.holdings.find(row["id"], at)
        assert holding is not None  # noqa: S101 - it was shown to be there
        return {
            **row,
            "status": holding.status,
            "lastModifiedDate": max(row["lastModifiedDate"], holding.modified.isoformat()),
            "renewalStatus": self.holdings.renews(row["id"], row["renewalStatus"]),
        }

    def _get_subscription(self, _request: Request, at: datetime, item_id: str) -> dict[str, Any]:
        return self.subscription(item_id, at)

    def subscription(self, item_id: str, at: datetime) -> dict[str, Any]:
        """Return the subscription as it is shown. Raises `RefusedError`."""
        holding = self.holdings.find(item_id, at)
        if holding is None:
            raise RefusedError(
                404, "Subscription '{subscription_id}' is not found.".format(subscription_id=item_id)
            )
        if earlier := self._earlier.get(item_id):
            detail = earlier_detail(replace(earlier, quantity=holding.seats), at.date())
        else:
            bought = self.holdings.bought_by(item_id)
            assert bought is not None  # noqa: S101 - it is there, and is none of the earlier ones
            lines = tuple(replace(line, quantity=holding.seats) for line in bought.lines)
            detail = subscription_detail(replace(bought, lines=lines), self._ageing)
        return self._as_it_is(detail, at)

    def _list_customers(self, request: Request, _at: datetime, _id: str) -> dict[str, Any]:
        query, wanted = request.query, page(request.query)
        name = query.get("name", "").casefold()
        found = [
            customer
            for customer in self._customers.values()
            if name in customer.name.casefold()
            and query.get("email") in {None, "", customer.email}
            and query.get("externalId") in {None, "", customer.external_id}
        ]
        return wanted.listing([customer_entry(customer) for customer in wanted.of(found)], len(found))

    def _get_customer(self, _request: Request, _at: datetime, item_id: str) -> dict[str, Any]:
        customer = self._customers.get(item_id)
        if customer is None:
            raise RefusedError(404, NO_CUSTOMER.format(customer_id=item_id))
        return customer_entry(customer)

    def _list_products(self, request: Request, _at: datetime, _id: str) -> dict[str, Any]:
        query, wanted = request.query, page(request.query)
        found = [
            offer
            for offer in self._catalogue.offers
            if query.get("mpn") in {None, "", offer.product.mpn}
            and query.get("name") in {None, "", offer.product.name}
            and query.get("vendor") in {None, "", offer.product.vendor}
            and query.get("serviceName") in {None, "", offer.product.service_name}
        ]
        return wanted.listing([product_entry(offer) for offer in wanted.of(found)], len(found))

    def _list_plans(self, request: Request, _at: datetime, _id: str) -> dict[str, Any]:
        wanted, found = page(request.query), list(self._plans.items())
        return wanted.listing(
            [plan_entry(plan_id, offers) for plan_id, offers in wanted.of(found)], len(found)
        )

    def _get_plan(self, _request: Request, _at: datetime, item_id: str) -> dict[str, Any]:
        if item_id not in self._plans:
            raise RefusedError(404, "Plan '{plan_id}' is not found.".format(plan_id=item_id))
        return plan_detail(item_id, self._plans)

    CALLS: ClassVar[dict[tuple[str, str], Call]] = {
        ("GET", "/customers"): _list_customers,
        ("GET", "/customers/{id}"): _get_customer,
        ("GET", "/orders"): _list_orders,
        ("GET", "/orders/{id}"): _get_order,
        ("GET", "/plans"): _list_plans,
        ("GET", "/plans/{id}"): _get_plan,
        ("GET", "/products"): _list_products,
        ("GET", "/subscriptions"): _list_subscriptions,
        ("GET", "/subscriptions/{id}"): _get_subscription,
        ("POST", "/orders/estimate"): _estimate,
        ("POST", "/validation/parameters"): _validate,
    }
