"""What the ledger and the marketplace say of a checked workbook, as part of what was found."""

from collections.abc import Iterable
from dataclasses import replace

from bulk_orders.checking.check import in_order
from bulk_orders.checking.result import CheckResult, RowState
from bulk_orders.core.model import Problem, Severity


def with_told(
    checked: CheckResult, problems: Iterable[Problem], *, ordered: Iterable[int] = ()
) -> CheckResult:
    """Return the result with these problems, whose rows an error stops, and with rows that were ordered before."""
    told = tuple(problems)
    states = {**checked.row_states, **dict.fromkeys(ordered, RowState.ORDERED)}
    for problem in told:
        if problem.severity is Severity.ERROR:
            rows = problem.order_rows or problem.sheet_rows
            states.update(dict.fromkeys((row for row in rows if row in states), RowState.ERROR))
    return replace(checked, problems=in_order((*checked.problems, *told), checked.tables), row_states=states)
