"""Areas of a sheet as references name them, and what covers cells of a sheet without standing in them."""

import re
from typing import Final

from bulk_orders.ooxml.addresses import column_index, column_letters

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column: rows as Excel numbers them, columns from 0."""

_RANGE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")
_CELL_CHART: Final = re.compile(rb"<(?:\w+:)?sparkline>.*?<(?:\w+:)?sqref>([^<]*)</", re.DOTALL)
_MERGED: Final = re.compile(rb"""<(?:[\w.-]+:)?mergeCell\s[^<>]*?ref\s*=\s*["']([A-Z0-9:]+)["']""")
_LETTERS: Final = re.compile(rb"([A-Z]{1,3})[0-9]")
_FURTHEST: Final = 1_000
"""Cells that are merged over the whole width of a sheet are a line across it, and no table is as wide as this."""


def area_of(reference: str) -> Area | None:
    """Return the area that `A3:M200` names."""
    found = _RANGE.fullmatch(reference)
    if found is None:
        return None
    first, last = column_index(found[1].upper()), column_index((found[3] or found[1]).upper())
    return int(found[2]), first, int(found[4] or found[2]), last


def reference_of(area: Area) -> str:
    """Return how Excel names an area."""
    return f"{column_letters(area[1])}{area[0]}:{column_letters(area[3])}{area[2]}"


def meet(one: Area, other: Area) -> bool:
    """Whether two areas have a cell in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def covered_columns(tail: bytes, header_row: int) -> set[int]:
    """Return the columns in which cells of ours would not be seen, from what follows the rows of a sheet.

    Charts of one cell (sparklines) are drawn over it; merged cells that reach into the header row, or stand below it,
    show only their first one.
    """
    columns = {
        column_index(letters.decode())
        for reference in _CELL_CHART.findall(tail)
        for letters in _LETTERS.findall(reference)
    }
    for reference in _MERGED.findall(tail):
        area = area_of(reference.decode())
        if area and area[2] >= header_row and area[3] < _FURTHEST:
            columns.update(range(area[1], area[3] + 1))
    return columns
