"""Applies what was approved on the sheet Problems of a checked workbook: the proposed value into the exact cell.

A line is applied only where the cell still holds what it held when it was checked. Nothing here decides what is right.
"""

from bisect import bisect_left
from dataclasses import dataclass

from bulk_orders.core.columns.shapes import Kind
from bulk_orders.core.model import SheetRole, SheetTable
from bulk_orders.errors import InputError
from bulk_orders.ooxml.addresses import Place, column_letters, place_of
from bulk_orders.ooxml.cleaning import clean
from bulk_orders.reading.workbook_tables import WorkbookTables
from bulk_orders.writing.new_book.data_sheets import column_of_field
from bulk_orders.writing.own_copy.fixes import approved_lines, value_for, written_values
from bulk_orders.writing.own_copy.told import CellValue, ProblemLine

_SHOWN = 100
"""Characters of what was typed that a problem keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotApplied:
    """A line that was approved and not applied."""

    line: ProblemLine
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What came of the approved lines."""

    content: bytes
    """The workbook's bytes with the values in it."""
    applied: tuple[ProblemLine, ...]
    not_applied: tuple[NotApplied, ...]


def apply_fixes(content: bytes, tables: WorkbookTables) -> Fixed:
    """Apply the lines marked Yes to a checked workbook, given as read.

    Raises `InputError` when it has no sheet Problems, and `UnsafeToPatch` when its cells cannot be written to.
    """
    lines = None if tables.is_csv else approved_lines(content)
    if lines is None:
        raise InputError(
            "The workbook has no sheet Problems, so there is nothing to apply.",
            fix="Use the workbook that `bulk-orders check` wrote; its name ends in .checked.xlsx.",
        )
    found = {
        table.name: (role, table)
        for role, table in (
            (SheetRole.ORDERS, tables.orders),
            (SheetRole.CUSTOMERS, tables.customers),
            (SheetRole.PRODUCTS, tables.products),
        )
        if table is not None
    }
    values: dict[tuple[str, Place], CellValue] = {}
    applied: list[ProblemLine] = []
    refused: list[NotApplied] = []
    places: dict[tuple[str, Place], ProblemLine] = {}
    for line in lines:
        sheet, place, value, reason = _value(line, found)
        if not reason and (sheet, place) in places:
            same = places[sheet, place].proposed == line.proposed
            reason = "" if same else "Another line has a different value for the cell."
        if not reason and line.has_shared_formula:
            reason = "The cell is part of a formula that other cells share. Type the value yourself."
        if reason or value is None:
            refused.append(NotApplied(line=line, reason=reason))
            continue
        places[sheet, place] = line
        values[sheet, place] = value
        applied.append(line)
    changed = written_values(content, [*values.values()]) if values else content
    return Fixed(content=changed, applied=tuple(applied), not_applied=tuple(refused))


def _value(
    line: ProblemLine, tables: dict[str, tuple[SheetRole, SheetTable]]
) -> tuple[str, Place, CellValue | None, str]:
    """Return sheet, place and value for a line, or the reason why there is none."""
    sheet, _, address = line.where.rpartition("!")
    place = place_of(address)
    nothing = (sheet, (0, 0), None)
    if sheet not in tables or place is None:
        return (*nothing, "The line does not name one cell.")
    if not line.proposed:
        return (*nothing, "There is no proposed value.")
    role, table = tables[sheet]
    row, letters = place[0], column_letters(place[1])
    column = next((found for found in table.columns if found.letter == letters), None)
    if column is None:
        return (*nothing, "The column was not read.")
    if _cut(_current(table, row, letters)) != _cut(line.typed):
        return (*nothing, "The cell no longer contains what was checked.")
    known = column_of_field(role, column.field) if column.field and row != table.header_row else None
    if known is None:
        return sheet, place, value_for(sheet, place, line.proposed, Kind.TEXT), ""
    return sheet, place, value_for(sheet, place, line.proposed, known.kind), ""


def _current(table: SheetTable, row: int, letters: str) -> str:
    position = next(at for at, column in enumerate(table.columns) if column.letter == letters)
    if row == table.header_row:
        return table.columns[position].header
    at = bisect_left(table.sheet_rows, row)
    return table.cells[at][position] if table.sheet_rows[at : at + 1] == (row,) else ""


def _cut(text: str) -> str:
    """Return a text as the sheet Problems shows it."""
    return clean(text[:_SHOWN])[:_SHOWN]
