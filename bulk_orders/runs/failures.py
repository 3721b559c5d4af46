"""Rows that need somebody, grouped by reason."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from bulk_orders.core.report import FailureGroup, ResultRow
from bulk_orders.core.summary import Outcome
from bulk_orders.runs.followed_rows import FOR_CUSTOMER, STUCK

FAILED: Final = (
    Outcome.DUPLICATE,
    Outcome.UNKNOWN,
    Outcome.ORDER_IN_ERROR,
    Outcome.ORDER_CANCELLED,
    Outcome.REJECTED,
    Outcome.GAVE_UP,
    Outcome.CONFLICT,
    Outcome.HELD,
    Outcome.INVALID,
)
"""Outcomes that somebody has to do something about, the riskiest first."""
_ASKED_FOR: Final = (Outcome.WAITING_FOR_CUSTOMER, Outcome.ACCEPTED, Outcome.SCHEDULED)
"""Outcomes with which some rows need somebody: a customer's acceptance, or a question to the marketplace."""
_ASKING: Final = frozenset({FOR_CUSTOMER, STUCK})
_RANKS: Final = (*FAILED, *_ASKED_FOR)


def failure_groups(rows: Iterable[ResultRow], sheet: str) -> tuple[FailureGroup, ...]:
    """Group rows that need somebody by reason: the riskiest outcome first, then most rows first."""
    groups: dict[tuple[Outcome, str, str], list[ResultRow]] = defaultdict(list)
    for row in rows:
        if row.outcome in FAILED or row.error_code in _ASKING:
            reason = row.message if row.outcome is not Outcome.INVALID else _without_cell(row.message)
            groups[row.outcome, row.error_code, reason].append(row)
    found = [
        FailureGroup(
            outcome=kind,
            code=code,
            reason=reason,
            rows=len(members),
            first_cell=members[0].marked_cells[0]
            if members[0].marked_cells
            else f"{sheet}!A{members[0].sheet_row}",
            fix=members[0].how_to_fix,
        )
        for (kind, code, reason), members in groups.items()
    ]
    return tuple(sorted(found, key=lambda group: (_RANKS.index(group.outcome), -group.rows)))


def _without_cell(message: str) -> str:
    where, separator, rest = message.partition(": ")
    return rest if separator and "!" in where else message
