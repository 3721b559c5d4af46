"""Control totals against what the marketplace estimates and what a run is about to send."""

from collections.abc import Mapping, Sequence

from bulk_orders.checking.control_totals import differing
from bulk_orders.checking.result import CheckResult
from bulk_orders.core.control_totals import Difference, differences, exceeded
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.model import Problem
from bulk_orders.core.money import Price, bills_of, total
from bulk_orders.errors import GuardStopped
from bulk_orders.runs.ask_marketplace import prices
from bulk_orders.sending.services import Services
from bulk_orders.texts import control_totals as words
from bulk_orders.texts.plural import counted


def estimated_problems(
    checked: CheckResult, orders: Sequence[OrderRecord], found: Mapping[str, Price]
) -> tuple[Problem, ...]:
    """Return what differs between the stated amounts and the prices of `orders`, which may be a part of the workbook."""
    if not checked.control_totals.amounts:
        return ()
    return tuple(differing(_compared(checked, [order for order in orders if order.key in found], found)))


def approve_by_totals(services: Services, checked: CheckResult, orders: Sequence[OrderRecord]) -> None:
    """Let the control totals stand in for the number that a person types before `orders` are sent.

    Raises `GuardStopped` if no number of orders is stated, and as `refuse_differences` does.
    """
    if checked.control_totals.orders is None:
        raise GuardStopped(words.NONE_STATED, fix=words.NONE_STATED_FIX)
    refuse_differences(services, checked, orders)


def refuse_differences(services: Services, checked: CheckResult, orders: Sequence[OrderRecord]) -> None:
    """Compare what is about to be sent with the control totals; the marketplace is asked for prices if an amount is stated.

    It must be what they state, or a part of it: rows that were ordered before, or left out because of errors, are missing
    then. Raises `GuardStopped` if it is more, differs, or a price is missing; `ReadFailed` if there is no answer.
    """
    found = prices(services, orders) if checked.control_totals.amounts else {}
    if checked.control_totals.amounts and (missing := len(orders) - len(found)):
        raise GuardStopped(counted(missing, words.NO_PRICE_ONE, words.NO_PRICE_MANY), fix=words.NO_PRICE_FIX)
    for problem in differing(_compared(checked, orders, found)):
        raise GuardStopped(problem.message, fix=problem.fix)


def _compared(
    checked: CheckResult, orders: Sequence[OrderRecord], found: Mapping[str, Price]
) -> tuple[Difference, ...]:
    is_all = len(orders) == checked.ready_count + checked.error_row_count
    compare = differences if is_all else exceeded
    return compare(
        checked.control_totals,
        orders=len(orders),
        licences=sum(int(order.quantity) for order in orders),
        amounts=total(bills_of(orders, found)).first,
    )
