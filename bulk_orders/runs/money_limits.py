"""What a workbook's rows may cost, and what is said where one costs more."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.model import Problem
from bulk_orders.core.money import (
    Bill,
    Estimate,
    Excess,
    Limits,
    Price,
    amount_of,
    bills_of,
    excesses,
    is_priced,
)
from bulk_orders.core.problem_texts import problem
from bulk_orders.core.wording import counted
from bulk_orders.errors import GuardStopped, InputError

_COLUMN = "max_price"
OVER_FIX: Final = "Raise the limit, or send some of them with --first N."


def limits_of(
    checked: CheckResult,
    orders: Iterable[OrderRecord],
    *,
    in_all: Decimal | float | None = None,
    per_customer: Decimal | float | None = None,
) -> Limits:
    """Return the limits that were given, a float as it is written, with those of the rows."""
    of_rows = {}
    for order in orders:
        limit = amount_of(checked.join.row(order.sheet_row).values.get(_COLUMN, ""))
        if limit is not None:
            of_rows[order.sheet_row] = limit
    return Limits(in_all=_exact(in_all), per_customer=_exact(per_customer), of_rows=of_rows)


def _exact(number: Decimal | float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def estimate_of(orders: Sequence[OrderRecord], prices: Mapping[str, Price], limits: Limits) -> Estimate:
    """Return what the orders would cost by their prices (by order key), and which limits are not kept."""
    bills = bills_of(orders, prices)
    unpriced = tuple(order.sheet_row for order in orders if order.key not in prices and is_priced(order))
    reasons = guard_reasons(bills, limits, unpriced=len(unpriced))
    return Estimate(bills=tuple(bills), unpriced=unpriced, reasons=tuple(reasons))


_AMOUNT: Final = "{currency} {amount:,.2f}"


def too_dear(checked: CheckResult, excess: Excess) -> Problem:
    """Return the problem of a row that costs more than it may, on the cell with its limit."""
    sheet_row = excess.sheet_row or 0
    sheet, _, cell = checked.address(sheet_row, _COLUMN).rpartition("!")
    header = checked.header(_COLUMN)
    price = _AMOUNT.format(currency=excess.currency, amount=excess.amount)
    limit = f"{excess.limit:,.2f}"
    return problem(
        "O-PRICE",
        parts={"price": price, "value": limit, "column": header},
        sheet=sheet,
        sheet_row=sheet_row,
        cells=(cell,),
        column=header,
        field=_COLUMN,
        value=limit,
    )


def keep_to(limits: Limits, bills: Sequence[Bill], *, unpriced: int) -> None:
    """Raise where the bills exceed a limit, or orders have no price to compare with one.

    `InputError` for a row above its own limit: that limit is in the workbook, and `check` calls it an error of the row, too.
    `GuardStopped` for every other limit: whoever gave it decides.
    """
    for excess in excesses(bills, Limits(of_rows=limits.of_rows)):
        raise InputError(
            _reason(excess), fix="Correct the row, or its limit, in the workbook; nothing was sent."
        )
    for reason in guard_reasons(bills, limits, unpriced=unpriced):
        raise GuardStopped(reason, fix=OVER_FIX)


def guard_reasons(bills: Sequence[Bill], limits: Limits, *, unpriced: int) -> list[str]:
    """Return a sentence for each limit that is not kept, or cannot be because orders have no price."""
    if limits.are_any and unpriced:
        return [
            counted(
                unpriced,
                "{number} order has no price, so no limit can be kept to.",
                "{number} orders have no price, so no limit can be kept to.",
            )
        ]
    return [_reason(excess) for excess in excesses(bills, limits)]


def _reason(excess: Excess) -> str:
    amount = _AMOUNT.format(currency=excess.currency, amount=excess.amount)
    if excess.sheet_row is not None:
        return "Row {row} costs {amount} at first, more than the {limit:,.2f} that it may cost.".format(
            row=excess.sheet_row, amount=amount, limit=excess.limit
        )
    if excess.customer_id:
        return (
            "The orders for customer {customer_id} cost {amount} at first, "
            "more than the {limit:,.2f} of --max-per-customer."
        ).format(customer_id=excess.customer_id, amount=amount, limit=excess.limit)
    return "The orders cost {amount} at first, more than the {limit:,.2f} of --max-amount.".format(
        amount=amount, limit=excess.limit
    )
