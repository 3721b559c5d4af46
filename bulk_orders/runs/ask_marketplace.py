"""Questions to the marketplace before anything is ordered: would it take these orders, and what would they cost?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.columns.table import COLUMNS
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.model import Problem
from bulk_orders.core.problem_texts import problem
from bulk_orders.marketplace.interface import ReadFailed
from bulk_orders.sending.services import Services
from bulk_orders.sending.waits import waiting
from bulk_orders.texts import rows as words
from bulk_orders.texts import sending as sending_words
from bulk_orders.texts.plural import counted

_FIELD_OF = {column.api_name: column.name for column in COLUMNS if column.api_name}
"""Column names by the API's own names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one order costs at first."""

    amount: Decimal
    currency: str


def check_online(
    services: Services, orders: Sequence[OrderRecord], checked: CheckResult
) -> tuple[Problem, ...]:
    """Return what the marketplace says about each order without placing it, put on the cells it speaks of. Raises `ReadFailed`."""
    what = counted(len(orders), sending_words.ONLINE_CHECK_ONE, sending_words.ONLINE_CHECK_MANY)
    with waiting(services.observer, services.clock, what):
        return _said_of(services, orders, checked)


def _said_of(services: Services, orders: Sequence[OrderRecord], checked: CheckResult) -> tuple[Problem, ...]:
    found: list[Problem] = []
    customers: dict[str, Mapping[str, object] | None] = {}
    for order in orders:
        if order.customer_id not in customers:
            customers[order.customer_id] = services.marketplace.get_customer(order.customer_id)
        of_customer = _customer_problems(order, customers[order.customer_id], checked)
        found.extend(of_customer)
        if of_customer:
            # The marketplace answers no question about an order that such a customer cannot place.
            continue
        findings = services.marketplace.validate_parameters(json.loads(order.body))
        found.extend(
            _refused(
                order,
                _FIELD_OF.get(finding.name, ""),
                words.PARAMETER.format(name=finding.name, message=finding.message),
                checked,
            )
            for finding in findings
            if finding.is_error
        )
    return tuple(found)


def _customer_problems(
    order: OrderRecord, customer: Mapping[str, object] | None, checked: CheckResult
) -> list[Problem]:
    if customer is None:
        return [
            _refused(order, "customer_id", words.NO_CUSTOMER.format(customer_id=order.customer_id), checked)
        ]
    status = str(customer.get("status") or "active")
    if status != "active":
        why = words.CUSTOMER_CANNOT_ORDER.format(customer_id=order.customer_id, status=status)
        return [_refused(order, "customer_id", why, checked)]
    return []


def _refused(order: OrderRecord, field: str, why: str, checked: CheckResult) -> Problem:
    address = checked.address(order.sheet_row, field) if field else ""
    sheet, _, cell = address.rpartition("!")
    return problem(
        "O-REFUSED",
        parts={"why": why},
        sheet=sheet or checked.tables.orders.name,
        sheet_row=int("".join(filter(str.isdigit, cell))) if cell else order.sheet_row,
        cells=(cell,) if cell else (),
        field=field,
        column=checked.header(field) if field else "",
        order_rows=(order.sheet_row,),
    )


def prices(services: Services, orders: Sequence[OrderRecord]) -> dict[str, Price]:
    """Return what each order would cost, by order key; orders that cannot be priced are absent. Raises `ReadFailed`."""
    what = counted(len(orders), sending_words.PRICES_ONE, sending_words.PRICES_MANY)
    with waiting(services.observer, services.clock, what):
        return _priced(services, orders)


def _priced(services: Services, orders: Sequence[OrderRecord]) -> dict[str, Price]:
    found: dict[str, Price] = {}
    for order in orders:
        try:
            amount, currency = services.marketplace.estimate(json.loads(order.body))
        except ReadFailed as error:
            if error.status is None or error.status >= 500:  # noqa: PLR2004 - the server's fault, not the order's
                raise
            continue  # what cannot be priced cannot be ordered either: the order itself will tell why
        try:
            price = Price(amount=Decimal(amount), currency=currency)
        except InvalidOperation:
            continue
        if price.amount.is_finite():
            found[order.key] = price
    return found


def total(found: Mapping[str, Price]) -> dict[str, Decimal]:
    """Return the sum for each currency."""
    sums: dict[str, Decimal] = {}
    for price in found.values():
        sums[price.currency] = sums.get(price.currency, Decimal(0)) + price.amount
    return sums
