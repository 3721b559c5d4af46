"""Control totals against what the marketplace estimates and what a run is about to send."""

from collections.abc import Mapping, Sequence

from bulk_orders.checking.control_totals import differing
from bulk_orders.checking.result import CheckResult
from bulk_orders.core.control_totals import Difference, differences, exceeded
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.model import Problem
from bulk_orders.core.money import Price, bills_of, total
from bulk_orders.core.wording import counted
from bulk_orders.errors import GuardStopped


def estimated_problems(
    checked: CheckResult, orders: Sequence[OrderRecord], found: Mapping[str, Price]
) -> tuple[Problem, ...]:
    """Return what differs between the stated amounts and the prices of `orders`, which may be a part of the workbook."""
    if not checked.control_totals.amounts:
        return ()
    return tuple(differing(_compared(checked, [order for order in orders if order.key in found], found)))


def refuse_differences(
    checked: CheckResult, orders: Sequence[OrderRecord], found: Mapping[str, Price]
) -> None:
    """Compare what is about to be sent with the control totals; `found` are its prices, needed if an amount is stated.

    It must be what they state, or a part of it: rows that were ordered before, or left out because of errors, are missing
    then. Raises `GuardStopped` if it is more, differs, or a price is missing.
    """
    missing = sum(order.key not in found for order in orders)
    if checked.control_totals.amounts and missing:
        raise GuardStopped(
            counted(
                missing,
                "The marketplace gives no price for {number} order, so the stated amount cannot be compared.",
                "The marketplace gives no price for {number} orders, "
                "so the stated amount cannot be compared.",
            ),
            fix="Run `bulk-orders check --online`, which names the rows that the marketplace would refuse.",
        )
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
        licences=sum(order.licences for order in orders),
        amounts=total(bills_of(orders, found)).first,
    )
