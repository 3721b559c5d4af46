"""Areas of a sheet as references name them, and what covers cells of a sheet without standing in them."""

import re
from collections.abc import Iterator
from typing import Final

from bulk_orders.ooxml.addresses import address_of, column_index, place_of
from bulk_orders.ooxml.xml_bytes import PREFIX

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column: rows as Excel numbers them, columns from 0."""

_CELL_CHART: Final = re.compile(b"<" + PREFIX + b"sparkline>.*?<" + PREFIX + b"sqref>([^<]*)</", re.DOTALL)
_MERGED: Final = re.compile(b"<" + PREFIX + rb"""mergeCell\s[^<>]*?ref\s*=\s*["']([A-Z0-9:]+)["']""")
_ANCHOR: Final = re.compile(
    b"<%sfrom>.*?<%srow>([0-9]+)</.*?</%sfrom>" % (PREFIX, PREFIX, PREFIX)
    + rb"\s*(?:<%sto>\s*<%scol>([0-9]+)</.*?<%srow>([0-9]+)</)?" % (PREFIX, PREFIX, PREFIX),
    re.DOTALL,
)
_FROM_COLUMN: Final = re.compile(rb"<%sfrom>\s*<%scol>([0-9]+)</" % (PREFIX, PREFIX))
_LETTERS: Final = re.compile(rb"([A-Z]{1,3})[0-9]")
_FURTHEST: Final = 1_000
"""Cells that are merged over the whole width of a sheet are a line across it, and no table is as wide as this."""


def area_of(reference: str) -> Area | None:
    """Return the area that `A3:M200` names."""
    first, colon, last = reference.partition(":")
    start, end = place_of(first), place_of(last if colon else first)
    return (*start, *end) if start and end else None


def reference_of(area: Area) -> str:
    """Return how Excel names an area."""
    return f"{address_of(area[:2])}:{address_of(area[2:])}"


def meet(one: Area, other: Area) -> bool:
    """Whether two areas have a cell in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def merged_areas(tail: bytes) -> Iterator[Area]:
    """Yield the areas of merged cells, from what follows the rows of a sheet."""
    for reference in _MERGED.findall(tail):
        area = area_of(reference.decode())
        if area is not None:
            yield area


def drawn_areas(drawing: bytes) -> Iterator[Area]:
    """Yield what charts and pictures cover: what has no end but a size counts as one cell."""
    for anchor in _ANCHOR.finditer(drawing):
        column = _FROM_COLUMN.match(anchor[0])
        left, top = int(column[1]) if column else 0, int(anchor[1]) + 1
        has_end = anchor[2] is not None
        yield top, left, int(anchor[3]) + 1 if has_end else top, int(anchor[2]) if has_end else left


def covered_columns(tail: bytes, header_row: int) -> set[int]:
    """Return the columns in which cells of ours would not be seen, from what follows the rows of a sheet.

    Charts of one cell (sparklines) are drawn over it; merged cells that reach into the header row, or stand below it,
    show only their first one.
    """
    columns = {
        column_index(letters)
        for reference in _CELL_CHART.findall(tail)
        for letters in _LETTERS.findall(reference)
    }
    for area in merged_areas(tail):
        if area[2] >= header_row and area[3] < _FURTHEST:
            columns.update(range(area[1], area[3] + 1))
    return columns
