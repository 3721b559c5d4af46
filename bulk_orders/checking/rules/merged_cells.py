"""Merged cells: one cell shows for several and holds the only value, so all of them are told, and told once."""

from collections.abc import Mapping

import numpy as np

from bulk_orders.checking.frame import PARAMETER_PREFIX, BoolArray, Damage
from bulk_orders.checking.rows import Rows
from bulk_orders.checking.rule import Explanation, Rule, is_sent
from bulk_orders.core.model import CellNote

MERGED = "F-MERGED"


def is_relevant(rows: Rows, name: str) -> BoolArray:
    """Return the rows whose cell matters; that of a free parameter always does."""
    return rows.frame.everywhere(broken=True) if name.startswith(PARAMETER_PREFIX) else is_sent(rows, name)


def merged(name: str) -> Rule:
    """Make the rule for the merged cells of a column; of those merged from the left, only the covered cell is here."""

    def first_rows(rows: Rows) -> dict[int, int]:
        return rows.once(f"merged in {name}", lambda: _first_rows(rows.frame.columns[name].damaged))

    def last_rows(rows: Rows) -> dict[int, int]:
        def turned() -> dict[int, int]:
            return {first: row for row, first in first_rows(rows).items()}

        return rows.once(f"merged until {name}", turned)

    def broken(rows: Rows) -> BoolArray:
        if name not in rows.frame or not rows.frame.columns[name].damaged:
            return rows.frame.everywhere(broken=False)
        first_row = first_rows(rows)
        shown = np.isin(rows.frame.sheet_rows, [*first_row, *first_row.values()])
        return shown & is_relevant(rows, name)

    def range_of(rows: Rows, position: int) -> int:
        row = int(rows.frame.sheet_rows[position])
        return first_rows(rows).get(row, row)

    def explain(rows: Rows, position: int) -> Explanation:
        first = range_of(rows, position)
        last = last_rows(rows)[first]
        letter = rows.frame.columns[name].found.letter
        cells = [f"{letter}{row}" for row in dict.fromkeys((first, last))]
        return Explanation(parts={"cell": ":".join(cells)})

    return Rule(code=MERGED, field=name, broken=broken, explain=explain, mistake_of=range_of)


def _first_rows(damaged: Mapping[int, Damage]) -> dict[int, int]:
    """Return the row of the cell that shows, by each row that it covers; sheet rows, those of one range in order."""
    found: dict[int, int] = {}
    for row in sorted(damaged):
        if damaged[row].note is CellNote.MERGED:
            found[row] = found.get(row - 1, row - 1)
        elif damaged[row].note is CellNote.MERGED_ASIDE:
            found[row] = row
    return found
