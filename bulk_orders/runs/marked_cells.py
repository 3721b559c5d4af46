"""Which cells a row of the results marks: those that its message is about."""

from collections.abc import Sequence
from string import digits

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.model import Problem
from bulk_orders.core.summary import Outcome
from bulk_orders.ledger.interface import RowRecord
from bulk_orders.runs.complaints import asked_fields, complained_fields
from bulk_orders.sending.subscriptions import CHANGED, UNFIT

_SHARED_CELLS = 100
"""Cells on the sheet Customers that one row marks; a customer who is there more often is named in words."""


def marked_cells(
    row: RowRecord,
    order: OrderRecord | None,
    kind: Outcome,
    checked: CheckResult,
    problems: Sequence[Problem],
) -> tuple[str, ...]:
    """Return the cells that what is said of a row is about, with their sheet: `Customers!E12`."""
    if kind is Outcome.INVALID:
        return tuple(f"{problem.sheet}!{cell}" for problem in problems for cell in _own_cells(row, problem))
    if kind is Outcome.REJECTED and order is not None:
        fields = complained_fields(order.message, checked.join.row(row.sheet_row))
    elif kind is Outcome.GAVE_UP and order is not None and order.code in {UNFIT, CHANGED}:
        fields = asked_fields(checked.join.row(row.sheet_row))
    else:
        return ()
    return tuple(filter(None, (checked.address(row.sheet_row, field) for field in fields)))


def _own_cells(row: RowRecord, problem: Problem) -> Sequence[str]:
    """Return the cells of a problem that a row marks: of many rows that share one, each marks its own."""
    if len(problem.cells) == 1 or problem.order_rows:
        return problem.cells[:_SHARED_CELLS]
    letters = problem.cells[0].rstrip(digits)
    return (f"{letters}{row.sheet_row}",)
