"""Areas of a sheet as references name them, and what covers cells of a sheet without standing in them."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bulk_orders.ooxml.addresses import address_of, column_index, place_of
from bulk_orders.ooxml.xml_bytes import PREFIX

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column: rows as Excel numbers them, columns from 0."""

# No expression runs past a "<": a crafted part could make it go over the same megabytes again and again.
_CELL_CHART: Final = re.compile(b"<(?:(/?)" + PREFIX + b"(sparkline)>|" + PREFIX + b"sqref>([^<]*)(?=</))")
_MERGED: Final = re.compile(b"<" + PREFIX + rb"""mergeCell\s[^<>]*?ref\s*=\s*["']([A-Z0-9:]+)["']""")
_ANCHOR: Final = re.compile(b"<(/?)" + PREFIX + rb"(?:(from|to)>|(col|row)>\s*([0-9]{1,7})\s*(?=</))")
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
    """Tell whether two areas have a cell in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def merged_areas(tail: bytes) -> Iterator[Area]:
    """Yield the areas of merged cells, from what follows the rows of a sheet."""
    for reference in _MERGED.findall(tail):
        area = area_of(reference.decode())
        if area is not None:
            yield area


def drawn_areas(drawing: bytes) -> Iterator[Area]:
    """Yield what charts and pictures cover: what has no end but a size counts as one cell."""
    corners: dict[tuple[bytes, bytes], int] = {}
    corner = b""
    for closing, name, axis, number in _ANCHOR.findall(drawing):
        if name == b"from" and not closing:
            yield from _drawn_area(corners)
            corners = {}
        if name:
            corner = b"" if closing else name
        elif corner and not closing:
            corners.setdefault((corner, axis), int(number))
    yield from _drawn_area(corners)


def _drawn_area(corners: Mapping[tuple[bytes, bytes], int]) -> Iterator[Area]:
    if (b"from", b"row") not in corners:
        return
    top, left = corners[b"from", b"row"], corners.get((b"from", b"col"), 0)
    has_end = {(b"to", b"row"), (b"to", b"col")} <= corners.keys()
    bottom, right = (corners[b"to", b"row"], corners[b"to", b"col"]) if has_end else (top, left)
    yield top + 1, left, bottom + 1, right


def covered_columns(tail: bytes, header_row: int) -> set[int]:
    """Return the columns in which cells of ours would not be seen, from what follows the rows of a sheet.

    Charts of one cell (sparklines) are drawn over it; merged cells that reach into the header row, or are below it,
    show only their first one.
    """
    columns: set[int] = set()
    is_chart = False
    for closing, chart, reference in _CELL_CHART.findall(tail):
        if chart:
            is_chart = not closing
        elif is_chart:
            columns.update(map(column_index, _LETTERS.findall(reference)))
    merged = {
        (area[1], area[3]) for area in merged_areas(tail) if area[2] >= header_row and area[3] < _FURTHEST
    }
    reached = -1
    for first, last in sorted(merged):
        columns.update(range(max(first, reached + 1), last + 1))
        reached = max(reached, last)
    return columns
