"""A workbook of subscriptions as people left it: its rows, what they wish, and the columns they added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.subscriptions import (
    AUTO_RENEW_AFTER,
    SEATS_AFTER,
    SubscriptionColumn,
    known,
)
from bulk_orders.core.mapping import CsvForm
from bulk_orders.core.model import CellNote, SheetColumn, SheetTable
from bulk_orders.core.subscription_rows import RowKey, SubscriptionRow, keys_of
from bulk_orders.errors import InputError
from bulk_orders.reading.input_file import read_file
from bulk_orders.reading.isolated import read_bare_safely, sketch_safely
from bulk_orders.reading.sketch import Place, Sketch

_TELLING: Final = frozenset({"subscription_id", SEATS_AFTER, AUTO_RENEW_AFTER})
"""A row with these headers is the header of such a sheet; results of orders have a Subscription ID, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierColumn:
    """A column that people added."""

    header: str
    values: Mapping[RowKey, tuple[str, CellNote | None]]
    """By the key of the row; blank cells are absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledSheet:
    """The sheet of a workbook of subscriptions."""

    content: bytes
    """The whole workbook."""
    table: SheetTable
    rows: Mapping[RowKey, SubscriptionRow]
    """In the order of the sheet."""
    own: tuple[EarlierColumn, ...]
    other_sheets: tuple[str, ...]
    """Sheets with something on them, besides this one."""


def read_pulled(path: Path) -> PulledSheet:
    """Read a workbook of subscriptions in a process of its own. Raises `InputError` where there is no such sheet."""
    content = read_file(path)
    sketch = sketch_safely(content, path.name, CsvForm())
    place = _place(sketch)
    if place is None:
        raise InputError(
            "{name} has no sheet {sheet} with the columns that a pull makes.".format(
                name=path.name, sheet=sheet_names.SUBSCRIPTIONS
            ),
            fix="Make one with `bulk-orders subscriptions pull`, or name another workbook.",
        )
    table = read_bare_safely(content, path.name, place).orders
    ours, own = _sorted_out(table)
    rows = tuple(_row(table, at, ours) for at in range(len(table.sheet_rows)))
    keyed = dict(zip(keys_of(row.texts for row in rows), rows, strict=True))
    return PulledSheet(
        content=content,
        table=table,
        rows={key: row for key, row in keyed.items() if any(text.strip() for text in row.texts.values())},
        own=tuple(_earlier(table, index, list(keyed)) for index in own),
        other_sheets=tuple(
            sheet.name for sheet in sketch.sheets if sheet.name != table.name and any(map(any, sheet.rows))
        ),
    )


def _place(sketch: Sketch) -> Place | None:
    """Return where the headers are; the sheet of the usual name first."""
    sheets = sorted(sketch.sheets, key=lambda sheet: sheet.name.strip() != sheet_names.SUBSCRIPTIONS)
    for sheet in sheets:
        for number, texts in zip(sheet.numbers, sheet.rows, strict=True):
            if {found.name for text in texts if (found := known(text))} >= _TELLING:
                csv = CsvForm(encoding=sketch.encoding, separator=sketch.separator)
                return Place(sheet=sheet.name, header_row=number, csv=csv)
    return None


def _sorted_out(table: SheetTable) -> tuple[dict[str, int], list[int]]:
    """Return the places of our columns by name, the first of each, and those of the workbook's own."""
    ours: dict[str, int] = {}
    own: list[int] = []
    for index, column in enumerate(table.columns):
        found = _known(column)
        if found and found.name not in ours:
            ours[found.name] = index
        else:
            own.append(index)
    return ours, own


def _known(column: SheetColumn) -> SubscriptionColumn | None:
    return known(column.header) if column.header else None


def _row(table: SheetTable, at: int, ours: Mapping[str, int]) -> SubscriptionRow:
    number, cells = table.sheet_rows[at], table.cells[at]
    letters = {name: table.columns[index].letter for name, index in ours.items()}
    notes = {name: table.notes.get((number, letter)) for name, letter in letters.items()}
    return SubscriptionRow(
        sheet_row=number,
        texts={name: cells[index] for name, index in ours.items()},
        cells={name: f"{letter}{number}" for name, letter in letters.items()},
        notes={name: note for name, note in notes.items() if note is not None},
        is_hidden=number in table.hidden_rows,
    )


def _earlier(table: SheetTable, index: int, keys: Sequence[RowKey]) -> EarlierColumn:
    column = table.columns[index]
    values = {}
    for key, number, cells in zip(keys, table.sheet_rows, table.cells, strict=True):
        if cells[index].strip():
            values[key] = cells[index], table.notes.get((number, column.letter))
    return EarlierColumn(header=column.header, values=values)
