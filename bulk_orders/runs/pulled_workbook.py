"""A workbook of subscriptions as people left it: its rows, what they wish, and the columns they added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.subscriptions import SUBSCRIPTION_COLUMNS, TELLING
from bulk_orders.core.model import CellNote, SheetTable
from bulk_orders.core.subscription_rows import RowKey, SubscriptionRow, keys_of, rows_of
from bulk_orders.runs.listed_workbook import ListedKind, read_listed

SUBSCRIPTIONS: Final = ListedKind(
    sheet=sheet_names.SUBSCRIPTIONS,
    columns=SUBSCRIPTION_COLUMNS,
    telling=TELLING,
    command="bulk-orders subscriptions pull",
)


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
    rows = rows_of(table)
    keyed = dict(zip(keys_of(row.texts for row in rows), rows, strict=True))
    return PulledSheet(
        content=listed.content,
        table=table,
        rows={key: row for key, row in keyed.items() if any(text.strip() for text in row.texts.values())},
        own=tuple(_earlier(table, index, list(keyed)) for index in listed.own),
        other_sheets=listed.other_sheets,
    )


def _earlier(table: SheetTable, index: int, keys: Sequence[RowKey]) -> EarlierColumn:
    column = table.columns[index]
    values = {}
    for key, number, cells in zip(keys, table.sheet_rows, table.cells, strict=True):
        if cells[index].strip():
            values[key] = cells[index], table.notes.get((number, column.letter))
    return EarlierColumn(header=column.header, values=values)
