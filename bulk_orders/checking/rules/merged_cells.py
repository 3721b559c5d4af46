"""Merged cells: one cell shows for several and holds the only value, so all of them are told, and told once."""

from collections.abc import Mapping

import numpy as np

from bulk_orders.checking.frame import BoolArray, Damage, SheetFrame
from bulk_orders.checking.rule import Explanation, Rule
from bulk_orders.core.model import CellNote

MERGED = "F-MERGED"


def merged(frame: SheetFrame, name: str, relevant: BoolArray) -> Rule:
    """Make the rule for the merged cells of a column; of those merged from the left, only the covered cell is here."""
    column = frame.columns[name]
    first_row = _first_rows(column.damaged)
    last_row = {first: row for row, first in first_row.items()}
    broken = np.isin(frame.sheet_rows, [*first_row, *first_row.values()]) & relevant

    def range_of(position: int) -> int:
        row = int(frame.sheet_rows[position])
        return first_row.get(row, row)

    def explain(_frame: SheetFrame, position: int) -> Explanation:
        first = range_of(position)
        last = last_row[first]
        cells = [f"{column.found.letter}{row}" for row in dict.fromkeys((first, last))]
        return Explanation(parts={"cell": ":".join(cells)})

    return Rule(code=MERGED, field=name, broken=lambda _frame: broken, explain=explain, mistake_of=range_of)


def _first_rows(damaged: Mapping[int, Damage]) -> dict[int, int]:
    """Return the row of the cell that shows, by each row that it covers; sheet rows, those of one range in order."""
    found: dict[int, int] = {}
    for row in sorted(damaged):
        if damaged[row].note is CellNote.MERGED:
            found[row] = found.get(row - 1, row - 1)
        elif damaged[row].note is CellNote.MERGED_ASIDE:
            found[row] = row
    return found
