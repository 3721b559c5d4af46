"""Turns rows of values into blocks of a table: texts, notes, hidden rows; blank rows are left out.

Where the rows come from, a workbook or a CSV file, makes no difference here.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bulk_orders.core.columns.table import TEXT_KINDS, kind_of
from bulk_orders.core.model import CellNote
from bulk_orders.ooxml.number_formats import NO_STYLES, NumberStyles
from bulk_orders.reading.cell_text import Value, cell_text
from bulk_orders.reading.headers import Layout
from bulk_orders.reading.sheet_findings import SheetScan
from bulk_orders.reading.shown_values import as_shown, as_shown_text
from bulk_orders.reading.tables import Block, picker

_OF_FORMULAS = frozenset({CellNote.FORMULA_STALE, CellNote.FORMULA_ZERO, CellNote.VOLATILE})
"""What is wrong with a formula matters in the columns people fill."""
_WITH_RESULT = _OF_FORMULAS - {CellNote.FORMULA_STALE}
BLOCK_ROWS = 2_000


def blocks_of(
    layout: Layout,
    rows: Iterable[tuple[int, Sequence[Value]]],
    *,
    scan: SheetScan | None = None,
    styles: NumberStyles = NO_STYLES,
) -> Iterator[Block]:
    """Yield the rows below a header; `rows` are Excel's row numbers with values from column A on."""
    return _Filler(layout, scan or SheetScan(), styles).blocks(rows)


class _Filler:
    """Reads row after row into blocks."""

    def __init__(self, layout: Layout, scan: SheetScan, styles: NumberStyles) -> None:
        self._layout = layout
        self._scan = scan
        self._styles = styles
        self._index = {position: index for index, position in enumerate(layout.positions)}
        self._inputs = frozenset(layout.inputs)
        self._texts = frozenset(
            index
            for index, column in enumerate(layout.columns)
            if column.parameter or kind_of(column.field) in TEXT_KINDS
        )
        self._merged = _Merged(layout, scan)
        self._asked = [
            index
            for index, (column, position) in enumerate(zip(layout.columns, layout.positions, strict=True))
            if not column.header or position in scan.hidden_columns
        ]

    def blocks(self, rows: Iterable[tuple[int, Sequence[Value]]]) -> Iterator[Block]:
        pick, pick_inputs = picker(self._layout.positions), picker(self._layout.inputs)
        marks, styles = self._scan.marks, self._scan.styles
        header_row = self._layout.header_row
        block = Block()
        for sheet_row, values in rows:
            if sheet_row <= header_row:
                continue
            row = list(pick(values))
            noted = [index for index, value in enumerate(row) if value.__class__ is not str]
            notes = self._plain(row, noted) if noted else {}
            if sheet_row in styles or sheet_row in marks:
                block.shown |= self._restyle(sheet_row, row, notes, noted)
                self._mark(sheet_row, row, notes)
            if not any(map(str.strip, pick_inputs(row))) and CellNote.FORMULA_STALE not in notes.values():
                continue
            block.sheet_rows.append(sheet_row)
            block.cells.append(row)
            for index, note in notes.items():
                block.notes[sheet_row, self._layout.columns[index].letter] = note
            if len(block.cells) == BLOCK_ROWS:
                yield self._finished(block)
                block = Block()
        if block.cells:
            yield self._finished(block)

    def _finished(self, block: Block) -> Block:
        self._merged.empty(block)
        block.hidden_rows = self._scan.hidden_rows.intersection(block.sheet_rows)
        block.filled = {index for index in self._asked if any(row[index].strip() for row in block.cells)}
        return block

    def _plain(self, row: list[Any], indexes: list[int]) -> dict[int, CellNote]:
        """Put texts in place of numbers, dates and booleans."""
        notes: dict[int, CellNote] = {}
        for index in indexes:
            row[index], note = cell_text(row[index])
            if note:
                notes[index] = note
        return notes

    def _restyle(
        self, sheet_row: int, row: list[str], notes: dict[int, CellNote], numbers: list[int]
    ) -> dict[tuple[int, str], str]:
        """Show what is in the columns that are read as their formats do, or note that it is shown otherwise.

        Returns what is shown there, where it is known.
        """
        shown: dict[tuple[int, str], str] = {}
        for column, style in self._scan.styles.get(sheet_row, ()):
            index = self._index.get(column)
            if index is None or not self._layout.columns[index].is_read:
                continue
            found = self._styles.telling[style]
            if index not in numbers:
                read = as_shown_text(row[index], found, is_text=index in self._texts)
            elif index not in notes:
                read = as_shown(row[index], found, is_text=index in self._texts)
            elif notes[index] is CellNote.DATE and not found.shows_day:
                read = row[index], CellNote.SHOWN_OTHERWISE, None
            else:
                continue
            row[index], note, other = read
            if note:
                notes[index] = note
            if other is not None:
                shown[sheet_row, self._layout.columns[index].letter] = other
        return shown

    def _mark(self, sheet_row: int, row: list[str], notes: dict[int, CellNote]) -> None:
        """Put in what calamine drops; a formula without a result matters in the columns people fill."""
        for column, (note, text) in self._scan.marks.get(sheet_row, {}).items():
            index = self._index.get(column)
            if index is None or (note in _OF_FORMULAS and index not in self._inputs):
                continue
            row[index] = row[index] if note in _WITH_RESULT else text
            notes[index] = note


class _Merged:
    """Empties and notes the cells that a merged range covers, all but its first."""

    def __init__(self, layout: Layout, scan: SheetScan) -> None:
        by_column: dict[tuple[int, CellNote], list[tuple[int, int]]] = {}
        for first_row, first_column, last_row, last_column in scan.merges:
            for index, position in enumerate(layout.positions):
                if first_column <= position <= last_column:
                    is_first = position == first_column
                    start = first_row + 1 if is_first else first_row
                    note = CellNote.MERGED if is_first else CellNote.MERGED_ASIDE
                    by_column.setdefault((index, note), []).append((start, last_row))
        self._letters = [column.letter for column in layout.columns]
        self._ranges = {key: _apart(ranges) for key, ranges in by_column.items()}

    def empty(self, block: Block) -> None:
        first_row, last_row = block.sheet_rows[0], block.sheet_rows[-1]
        for (index, note), (starts, ends) in self._ranges.items():
            for place in range(bisect_left(ends, first_row), bisect_right(starts, last_row)):
                begin = bisect_left(block.sheet_rows, starts[place])
                for row in range(begin, bisect_right(block.sheet_rows, ends[place])):
                    block.cells[row][index] = ""
                    block.notes[block.sheet_rows[row], self._letters[index]] = note


def _apart(ranges: list[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Return starts and ends, ascending: ranges may overlap in a crafted workbook, and no row is visited twice."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(ranges):
        begin = max(start, ends[-1] + 1) if ends else start
        if begin <= end:
            starts.append(begin)
            ends.append(end)
    return starts, ends


def rows_with_marks(
    rows: Iterable[Sequence[Value]], scan: SheetScan, width: int
) -> Iterator[tuple[int, Sequence[Value]]]:
    """Number rows from 1, and go on where the last rows have nothing but formulas without results."""
    last = 0
    for last, values in enumerate(rows, start=1):
        yield last, values
    for sheet_row in sorted(row for row in scan.marks if row > last):
        yield sheet_row, [""] * width
