"""Turns rows of values into a `SheetTable`: texts, notes, hidden rows; blank rows are left out.

Where the rows come from, a workbook or a CSV file, makes no difference here.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from bulk_orders.core.model import CellNote, SheetTable
from bulk_orders.intake.book_parts import NumberStyles
from bulk_orders.intake.cell_text import Value, cell_text, masked
from bulk_orders.intake.headers import Layout
from bulk_orders.intake.sheet_xml import SheetScan

_NO_STYLES = NumberStyles(zero_masks={}, percents=frozenset())
_MAX_SHARED_TEXTS = 50_000
"""Texts kept once however often they stand in the sheet; choices and countries repeat in every row."""


@dataclass(slots=True)
class _Filling:
    """A table while it grows."""

    sheet_rows: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    notes: dict[tuple[int, str], CellNote] = field(default_factory=dict)


def fill_table(
    name: str,
    layout: Layout,
    rows: Iterable[tuple[int, Sequence[Value]]],
    *,
    scan: SheetScan | None = None,
    styles: NumberStyles = _NO_STYLES,
) -> SheetTable:
    """Return the table below a header; `rows` are Excel's row numbers with values from column A on."""
    scan = scan or SheetScan()
    filling = _Filling()
    _Filler(layout, scan, styles, filling).fill(rows)
    _empty_merged(layout, scan, filling)
    table = SheetTable(
        name=name,
        header_row=layout.header_row,
        columns=layout.columns,
        sheet_rows=tuple(filling.sheet_rows),
        cells=filling.cells,
        notes=filling.notes,
        hidden_rows=frozenset(scan.hidden_rows.intersection(filling.sheet_rows)),
    )
    return _without_empty_columns(table)


class _Filler:
    """Reads row after row into a table."""

    def __init__(self, layout: Layout, scan: SheetScan, styles: NumberStyles, filling: _Filling) -> None:
        self._layout = layout
        self._scan = scan
        self._styles = styles
        self._filling = filling
        self._index = {position + 1: index for index, position in enumerate(layout.positions)}
        self._inputs = frozenset(layout.inputs)
        self._shared: dict[str, str] = {}

    def fill(self, rows: Iterable[tuple[int, Sequence[Value]]]) -> None:
        pick, pick_inputs = _picker(self._layout.positions), _picker(self._layout.inputs)
        marked = set(self._scan.marks) | set(self._scan.styles)
        shared, header_row = self._shared, self._layout.header_row
        for sheet_row, values in rows:
            if sheet_row <= header_row:
                continue
            row = list(pick(values))
            noted = [index for index, value in enumerate(row) if value.__class__ is not str]
            notes = self._plain(row, noted) if noted else {}
            if sheet_row in marked:
                self._restyle(sheet_row, row, notes, noted)
                self._mark(sheet_row, row, notes)
            if not any(map(str.strip, pick_inputs(row))) and CellNote.FORMULA_STALE not in notes.values():
                continue
            if len(shared) < _MAX_SHARED_TEXTS:
                row = [shared.setdefault(text, text) for text in row]
            else:
                row = [shared.get(text, text) for text in row]
            self._filling.sheet_rows.append(sheet_row)
            self._filling.cells.append(row)
            for index, note in notes.items():
                self._filling.notes[sheet_row, self._layout.columns[index].letter] = note

    def _plain(self, row: list[Any], indexes: list[int]) -> dict[int, CellNote]:
        """Put texts in the place of numbers, dates and booleans."""
        notes: dict[int, CellNote] = {}
        for index in indexes:
            row[index], note = cell_text(row[index])
            if note:
                notes[index] = note
        return notes

    def _restyle(
        self, sheet_row: int, row: list[str], notes: dict[int, CellNote], numbers: list[int]
    ) -> None:
        """Show numbers as their formats do; texts and dates under the same format stay as they are."""
        for column, style in self._scan.styles.get(sheet_row, ()):
            index = self._index.get(column)
            if index is None or index not in numbers or index in notes:
                continue
            if style in self._styles.percents:
                notes[index] = CellNote.PERCENT
            elif (shown := masked(row[index], self._styles.zero_masks[style])) != row[index]:
                row[index], notes[index] = shown, CellNote.ZERO_PADDED

    def _mark(self, sheet_row: int, row: list[str], notes: dict[int, CellNote]) -> None:
        """Put in what calamine drops; a formula without a result matters in the columns people fill."""
        for column, (note, text) in self._scan.marks.get(sheet_row, {}).items():
            index = self._index.get(column)
            if index is not None and (note is not CellNote.FORMULA_STALE or index in self._inputs):
                row[index], notes[index] = text, note


def _picker(positions: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what picks values by position, always as a sequence."""
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda values: [values[position] for position in positions]


def _empty_merged(layout: Layout, scan: SheetScan, filling: _Filling) -> None:
    """Note and empty the cells that a merged range covers, all but its first."""
    by_column: dict[int, list[tuple[int, int]]] = {}
    for first_row, first_column, last_row, last_column in scan.merges:
        for position in layout.positions:
            if first_column <= position + 1 <= last_column:
                start = first_row + 1 if position + 1 == first_column else first_row
                by_column.setdefault(position, []).append((start, last_row))
    for index, position in enumerate(layout.positions):
        done = 0  # ranges may overlap in a crafted workbook; no row is visited twice
        for start, end in sorted(by_column.get(position, ())):
            first = bisect_left(filling.sheet_rows, max(start, done + 1))
            for place in range(first, bisect_right(filling.sheet_rows, end)):
                filling.cells[place][index] = ""
                filling.notes[filling.sheet_rows[place], layout.columns[index].letter] = CellNote.MERGED
            done = max(done, end)


def _without_empty_columns(table: SheetTable) -> SheetTable:
    """Drop the columns that have neither a header nor a text."""
    kept = [
        index
        for index, column in enumerate(table.columns)
        if column.header or any(row[index].strip() for row in table.cells)
    ]
    if len(kept) == len(table.columns):
        return table
    pick = _picker(kept)
    return replace(table, columns=tuple(pick(table.columns)), cells=[list(pick(row)) for row in table.cells])


def rows_with_marks(
    rows: Iterable[Sequence[Value]], scan: SheetScan, width: int
) -> Iterator[tuple[int, Sequence[Value]]]:
    """Number rows from 1, and go on where the last rows have nothing but formulas without results."""
    last = 0
    for last, values in enumerate(rows, start=1):
        yield last, values
    for sheet_row in sorted(row for row in scan.marks if row > last):
        yield sheet_row, [""] * width
