"""A sheet's rows as a `SheetTable`, made in blocks of rows, so that it can be handed on while it is read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from bulk_orders.core.model import CellNote, SheetColumn, SheetTable
from bulk_orders.reading.cell_notes import CellNotes
from bulk_orders.reading.headers import Layout

_MAX_SHARED_TEXTS = 500_000
"""Texts of which a repeated one is kept once; then it begins again, for what repeats stands mostly near, as a customer does."""


@dataclass(slots=True, kw_only=True)
class Block:
    """Some rows of a table, one after another."""

    sheet_rows: list[int] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)
    notes: dict[tuple[int, str], CellNote] = field(default_factory=dict)
    shown: dict[tuple[int, str], str] = field(default_factory=dict)
    """As a `SheetTable` has it."""
    filled: set[int] = field(default_factory=set)
    """Indexes of the columns with a text, among those that are asked about: without a header, or hidden."""
    hidden_rows: set[int] = field(default_factory=set)


BlockSink = Callable[[str, Layout, Iterable[Block]], tuple[SheetTable, frozenset[int]]]
"""Takes a sheet's name, its layout and its rows; returns the table, and which columns asked about are filled."""


def gathered(name: str, layout: Layout, blocks: Iterable[Block]) -> tuple[SheetTable, frozenset[int]]:
    """Keep all rows in memory."""
    gathering = Gathering()
    for block in blocks:
        gathering.add(block)
    return gathering.table(name, layout.header_row, layout.columns), frozenset(gathering.filled)


class Gathering:
    """A table while it grows; equal texts that stand near are kept once."""

    def __init__(self) -> None:
        self.filled: set[int] = set()
        self._sheet_rows: list[int] = []
        self._cells: list[list[str]] = []
        self._notes = CellNotes()
        self._shown: dict[tuple[int, str], str] = {}
        self._hidden_rows: set[int] = set()
        self._shared: dict[str, str] = {}

    def add(self, block: Block) -> None:
        """Add the rows that follow."""
        shared = self._shared
        if len(shared) > _MAX_SHARED_TEXTS:
            shared.clear()
        self._cells += [list(map(shared.setdefault, row, row)) for row in block.cells]
        self._sheet_rows += block.sheet_rows
        self._notes.add(block.notes)
        self._shown |= block.shown
        self.filled |= block.filled
        self._hidden_rows |= block.hidden_rows

    def table(self, name: str, header_row: int, columns: Sequence[SheetColumn]) -> SheetTable:
        """Return the table, without the columns that have neither a header nor a text."""
        kept = kept_columns(columns, self.filled)
        cells = self._cells
        if len(kept) < len(columns):
            pick = picker(kept)
            cells = [list(pick(row)) for row in cells]
        return SheetTable(
            name=name,
            header_row=header_row,
            columns=tuple(columns[index] for index in kept),
            sheet_rows=tuple(self._sheet_rows),
            cells=cells,
            notes=self._notes,
            shown=self._shown,
            hidden_rows=frozenset(self._hidden_rows),
        )


def kept_columns(columns: Sequence[SheetColumn], filled: Iterable[int]) -> list[int]:
    """Return the indexes of the columns that have a header, or a text at least."""
    told = set(filled)
    return [index for index, column in enumerate(columns) if column.header or index in told]


def picker(positions: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what picks values by position, always as a sequence."""
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda values: [values[position] for position in positions]
