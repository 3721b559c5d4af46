"""A workbook of subscriptions as people left it: its rows, what they wish, and the columns they added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.subscriptions import AUTO_RENEW_AFTER, SEATS_AFTER, SUBSCRIPTION_COLUMNS
from bulk_orders.core.model import CellNote, SheetTable
from bulk_orders.core.subscription_rows import RowKey, SubscriptionRow, keys_of
from bulk_orders.runs.listed_workbook import ListedKind, read_listed

SUBSCRIPTIONS: Final = ListedKind(
    sheet=sheet_names.SUBSCRIPTIONS,
    columns=SUBSCRIPTION_COLUMNS,
    telling=frozenset({"subscription_id", SEATS_AFTER, AUTO_RENEW_AFTER}),
    command="bulk-orders subscriptions pull",
)
"""Results of orders have a Subscription ID, too; only these sheets have what shall be."""


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
    listed = read_listed(path, SUBSCRIPTIONS)
    table = listed.table
    rows = [_row(table, at, listed.places) for at in range(len(table.sheet_rows))]
    keyed = dict(zip(keys_of(row.texts for row in rows), rows, strict=True))
    return PulledSheet(
        content=listed.content,
        table=table,
        rows={key: row for key, row in keyed.items() if any(text.strip() for text in row.texts.values())},
        own=tuple(_earlier(table, index, list(keyed)) for index in listed.own),
        other_sheets=listed.other_sheets,
    )


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
