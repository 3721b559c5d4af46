"""Inside the process with limits: what somebody approved on the sheet Problems, and values put into cells."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO, Final

from openpyxl import load_workbook

from bulk_orders.core import sheet_names
from bulk_orders.core.our_marks import APPLY_HEADER, CODE_HEADER, PROPOSED_HEADER, TYPED_HEADER, WHERE_HEADER
from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.addresses import Place, place_of
from bulk_orders.ooxml.calculation_chain import forget_order
from bulk_orders.ooxml.cell_xml import number_value, text_value
from bulk_orders.ooxml.own_book import OwnBook
from bulk_orders.ooxml.row_patcher import NewValue, RowChanges, formulas_at
from bulk_orders.ooxml.sheet_edit import SheetEdit, SheetPlan
from bulk_orders.writing.drop_downs import YES_NO_COLUMN
from bulk_orders.writing.own_copy.edit import WorkbookEdit
from bulk_orders.writing.own_copy.told import ProblemLine, ValuesTold

_HEADERS: Final = (
    *(WHERE_HEADER, TYPED_HEADER, PROPOSED_HEADER),
    *(APPLY_HEADER, CODE_HEADER),
)
_YES: Final = frozenset({YES_NO_COLUMN.choices[0].label.casefold(), "y", "true", "1"})


def fill_lines(file: BinaryIO, source: bytes, told: None) -> None:
    """Write the lines marked Yes as JSON; null where there is no sheet Problems of ours. Raises `UnsafeToPatch`."""
    del told
    edit = WorkbookEdit(source)
    lines = _approved(source, edit.dead) if edit.dead else None
    found = None if lines is None else [asdict(line) for line in _with_shared(edit.book, lines)]
    file.write(json.dumps(found).encode())


def _approved(source: bytes, ours: frozenset[str]) -> list[ProblemLine] | None:
    book = load_workbook(BytesIO(source), read_only=True, data_only=True)
    try:
        for name in book.sheetnames:
            if name in ours and name.startswith(sheet_names.PROBLEMS):
                return list(_lines(book[name].iter_rows(values_only=True)))
    finally:
        book.close()
    return None


def _lines(rows: Iterable[tuple[Any, ...]]) -> Iterable[ProblemLine]:
    columns: dict[str, int] = {}
    for number, values in enumerate(rows, start=1):
        texts = [_text(value) for value in values]
        if set(_HEADERS) <= set(texts):
            columns = {header: texts.index(header) for header in _HEADERS}
        elif columns and texts[columns[APPLY_HEADER]].strip().casefold() in _YES:
            found = {header: texts[column] for header, column in columns.items()}
            yield ProblemLine(
                number=number,
                where=found[WHERE_HEADER],
                typed=found[TYPED_HEADER],
                proposed=found[PROPOSED_HEADER],
                code=found[CODE_HEADER],
            )


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _with_shared(book: OwnBook, lines: Iterable[ProblemLine]) -> list[ProblemLine]:
    """Return the lines; those say so whose cell has a formula that other cells need."""
    lines = list(lines)
    cells = {
        line.number: (sheet, place_of(address))
        for line in lines
        for sheet, _, address in [line.where.rpartition("!")]
    }
    wanted: dict[str, set[Place]] = defaultdict(set)
    for sheet, place in cells.values():
        if place is not None:
            wanted[sheet].add(place)
    shared = {
        (sheet.name, place)
        for sheet in book.kept_sheets()
        if sheet.is_worksheet and sheet.name in wanted
        for place, is_shared in formulas_at(book.package.chunks(sheet.part), wanted[sheet.name]).items()
        if is_shared
    }
    return [replace(line, has_shared_formula=cells[line.number] in shared) for line in lines]


def fill_values(file: BinaryIO, source: bytes, told: ValuesTold) -> None:
    """Write a copy of the workbook with values in its cells; styles stay. Raises `UnsafeToPatch`."""
    book = OwnBook(source)
    values: dict[str, dict[int, dict[int, NewValue]]] = defaultdict(lambda: defaultdict(dict))
    for cell in told.values:
        value = number_value(cell.text) if cell.is_number else text_value(cell.text)
        values[cell.sheet][cell.row][cell.column] = value
    plans: list[RowChanges] = []
    for name, by_row in values.items():
        sheet = book.sheet(name)
        places = {(row, column) for row, by_column in by_row.items() for column in by_column}
        if formulas_at(book.package.chunks(sheet.part), places):
            forget_order(book.package, book.main)
        changes = RowChanges(values=by_row)
        plans.append(changes)
        SheetEdit(
            book.package, sheet.part, SheetPlan(changes=changes, keeps_notes=True, has_left_front=False)
        )
    book.package.write(file, lambda: None)
    if sum(len(changes.written) for changes in plans) != len(told.values):
        raise UnsafeToPatch("a cell that needs correction was not found")
