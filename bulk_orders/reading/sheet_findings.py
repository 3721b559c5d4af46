"""What one pass over a sheet's XML finds besides its values."""

import re
from array import array
from dataclasses import dataclass, field
from typing import Final

from bulk_orders.core.model import CellNote
from bulk_orders.ooxml.addresses import column_index
from bulk_orders.ooxml.areas import Area

_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^<>]*)>')

Mark = tuple[CellNote, str]
"""A note and what goes with it: the error's text, or nothing."""


@dataclass(slots=True, kw_only=True)
class SheetScan:
    """What is in a sheet's XML besides its values; rows count from 1, columns from 0."""

    marks: dict[int, dict[int, Mark]] = field(default_factory=dict)
    """Errors and formulas without a result, by row and column."""
    styles: dict[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    """By row: columns and the style numbers that were asked for."""
    hidden_rows: set[int] = field(default_factory=set)
    """Hidden, filtered out or of no height; only rows with a cell in them."""
    merges: list[Area] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: dict[int, "array[int]"] = field(default_factory=dict)
    """By column: the rows whose cell has a formula."""
    volatile_shares: set[bytes] = field(default_factory=set)
    """The numbers of those formulas that several cells share and that change by themselves."""
    spilt: list[tuple[Area, CellNote]] = field(default_factory=list)
    """Where the results of formulas stand that fill several cells and are noted."""
    last_row: int = 0
    width: int = 0
    """How many columns there are up to the furthest filled cell."""

    def note(self, cell: tuple[int, int], note: CellNote, *, is_over: bool = False) -> None:
        """Note what is wrong with a cell, if nothing is noted yet or this `is_over` it."""
        marks = self.marks.setdefault(cell[0], {})
        if is_over or cell[1] not in marks:
            marks[cell[1]] = (note, "")


def cell_before(rows: bytes, position: int) -> tuple[int, int, bytes] | None:
    """Return row, column and further attributes of the cell whose tag or content holds a position."""
    cell = _CELL.match(rows, rows.rfind(b"<c ", 0, position))
    return (int(cell[2]), column_index(cell[1]), cell[3]) if cell else None
