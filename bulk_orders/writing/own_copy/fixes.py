"""Takes back what somebody approved on the sheet Problems, and writes values into cells of a copy of the workbook."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

from openpyxl import load_workbook

from bulk_orders.core.columns.shapes import Kind
from bulk_orders.errors import UnsafeToPatch
from bulk_orders.ooxml.addresses import Place
from bulk_orders.ooxml.calculation_chain import forget_order
from bulk_orders.ooxml.cell_xml import number_value, text_value
from bulk_orders.ooxml.own_book import OwnBook
from bulk_orders.ooxml.row_patcher import NewValue, RowChanges, formulas_at
from bulk_orders.ooxml.sheet_edit import SheetEdit, SheetPlan
from bulk_orders.texts import checked as labels
from bulk_orders.texts import own_copy as words
from bulk_orders.texts import sheet_names
from bulk_orders.writing.cells import decimal_number, whole_number
from bulk_orders.writing.drop_downs import YES_NO_COLUMN
from bulk_orders.writing.own_copy.edit import WorkbookEdit

_HEADERS: Final = (
    *(labels.WHERE_HEADER, labels.TYPED_HEADER, labels.PROPOSED_HEADER),
    *(labels.APPLY_HEADER, labels.CODE_HEADER),
)
_YES: Final = frozenset({YES_NO_COLUMN.choices[0].label.casefold(), "y", "true", "1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    """A line of the sheet Problems, as somebody left it."""

    number: int
    """Excel's number of the row."""
    where: str
    """`Orders!H14`."""
    typed: str
    proposed: str
    code: str


def approved_lines(content: bytes) -> list[ProblemLine] | None:
    """Return the lines marked Yes; None where there is no sheet Problems of ours."""
    additions = WorkbookEdit(content)
    if not additions.dead:
        return None
    book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    try:
        for name in book.sheetnames:
            if name in additions.dead and name.startswith(sheet_names.PROBLEMS):
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
        elif columns and texts[columns[labels.APPLY_HEADER]].strip().casefold() in _YES:
            found = {header: texts[column] for header, column in columns.items()}
            yield ProblemLine(
                number=number,
                where=found[labels.WHERE_HEADER],
                typed=found[labels.TYPED_HEADER],
                proposed=found[labels.PROPOSED_HEADER],
                code=found[labels.CODE_HEADER],
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


def value_for(text: str, kind: Kind) -> NewValue:
    """Return what a cell is to hold for a text: numbers where the column has them, else text."""
    number = {Kind.WHOLE_NUMBER: whole_number, Kind.AMOUNT: decimal_number}.get(kind, _no_number)(text)
    return text_value(text) if number is None else number_value(text)


def _no_number(_: str) -> float | None:
    return None


def shared_formulas(content: bytes, places: Mapping[str, Collection[Place]]) -> set[tuple[str, Place]]:
    """Return those of the cells, given by sheet, whose formula other cells need."""
    book = OwnBook(content)
    return {
        (sheet, place)
        for sheet, wanted in places.items()
        for place, is_shared in formulas_at(book.package.chunks(book.sheet(sheet).part), wanted).items()
        if is_shared
    }


def written_values(content: bytes, values: Mapping[str, Mapping[Place, NewValue]]) -> bytes:
    """Return a copy of the workbook with these values in its cells, by sheet; styles stay. Raises `UnsafeToPatch`."""
    book = OwnBook(content)
    plans: list[tuple[RowChanges, int]] = []
    for name, by_place in values.items():
        sheet = book.sheet(name)
        if formulas_at(book.package.chunks(sheet.part), by_place.keys()):
            forget_order(book.package, book.main)
        by_row: dict[int, dict[int, NewValue]] = {}
        for (row, column), value in by_place.items():
            by_row.setdefault(row, {})[column] = value
        changes = RowChanges(values=by_row)
        plans.append((changes, len(by_place)))
        SheetEdit(
            book.package, sheet.part, SheetPlan(changes=changes, keeps_notes=True, has_left_front=False)
        )
    file = BytesIO()
    book.package.write(file, lambda: None)
    if any(len(changes.written) != wanted for changes, wanted in plans):
        raise UnsafeToPatch(words.CELL_NOT_FOUND)
    return file.getvalue()
