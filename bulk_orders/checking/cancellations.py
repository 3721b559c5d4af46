"""Rows that cancel orders: understood, never taken for sales, and not sent by this version.

Such a row has one problem, which says where to cancel instead; what else stands in it is not checked.
"""

import numpy as np

from bulk_orders.checking.frame import SheetFrame
from bulk_orders.core.model import Problem, SheetTable
from bulk_orders.core.order_types import is_cancellation
from bulk_orders.core.problem_texts import problem

_FIELD = "order_type"


def cancellations(table: SheetTable, frame: SheetFrame) -> list[Problem]:
    """Return a problem for each row that cancels an order; `frame` holds the table's rows in their order."""
    if _FIELD not in frame:
        return []
    entry = frame.columns[_FIELD]
    said = np.array([is_cancellation(text) for text in entry.typed], dtype=np.bool_)
    return [
        problem(
            "E-CANCELLATION",
            parts={"row": str(row)},
            sheet=table.name,
            sheet_row=row,
            cells=(f"{entry.found.letter}{row}",),
            column=entry.found.header,
            field=_FIELD,
            value=frame.typed(_FIELD, position),
        )
        for position in np.flatnonzero(said[entry.codes]).tolist()
        for row in (table.sheet_rows[position],)
    ]
