"""What the ledger and the marketplace say of a checked workbook, as part of what was found."""

from collections.abc import Iterable
from dataclasses import replace

from bulk_orders.checking.check import in_order
from bulk_orders.checking.result import CheckResult, RowState
from bulk_orders.core.model import Problem, Severity
from bulk_orders.core.problems.subscriptions import ABOUT_SENDING


def with_told(
    checked: CheckResult, problems: Iterable[Problem], *, ordered: Iterable[int] = ()
) -> CheckResult:
    """Return the result with these problems, whose rows an error stops, and with rows that were ordered before."""
    told, done = tuple(problems), frozenset(ordered)
    states = {**checked.row_states, **dict.fromkeys(done, RowState.ORDERED)}
    for problem in told:
        if problem.severity is Severity.ERROR:
            rows = problem.order_rows or problem.sheet_rows
            states.update(dict.fromkeys((row for row in rows if row in states), RowState.ERROR))
    kept = [
        found for found in checked.problems if not (found.code in ABOUT_SENDING and found.sheet_row in done)
    ]
    return replace(checked, problems=in_order((*kept, *told), checked.tables), row_states=states)
