"""What a workbook's rows may cost, and what is said where one costs more."""

from collections.abc import Iterable
from decimal import Decimal

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.model import Problem
from bulk_orders.core.money import Excess, Limits, amount_of
from bulk_orders.core.problem_texts import problem
from bulk_orders.texts import money as words

_COLUMN = "max_price"


def limits_of(
    checked: CheckResult,
    orders: Iterable[OrderRecord],
    *,
    in_all: Decimal | None = None,
    per_customer: Decimal | None = None,
) -> Limits:
    """Return the limits that were given, with those of the rows."""
    of_rows = {}
    for order in orders:
        limit = amount_of(checked.join.row(order.sheet_row).values.get(_COLUMN, ""))
        if limit is not None:
            of_rows[order.sheet_row] = limit
    return Limits(in_all=in_all, per_customer=per_customer, of_rows=of_rows)


def too_dear(checked: CheckResult, excess: Excess) -> Problem:
    """Return the problem of a row that costs more than it may, on the cell with its limit."""
    sheet_row = excess.sheet_row or 0
    sheet, _, cell = checked.address(sheet_row, _COLUMN).rpartition("!")
    header = checked.header(_COLUMN)
    price = words.AMOUNT.format(currency=excess.currency, amount=excess.amount)
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
