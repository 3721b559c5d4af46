"""A workbook that a pull made, read again: the sheet with the headers of its kind, wherever it is, and the columns people added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bulk_orders.core.columns.listed import ListedColumn, by_spelling
from bulk_orders.core.columns.table import RESULT_HEADERS, folded
from bulk_orders.core.mapping import CsvForm
from bulk_orders.core.model import SheetTable
from bulk_orders.errors import InputError
from bulk_orders.reading.input_file import read_file
from bulk_orders.reading.isolated import read_bare_safely, sketch_safely
from bulk_orders.reading.sketch import Place, Sketch
from bulk_orders.writing.own_copy.checked import CHECK_HEADER
from bulk_orders.writing.row_states import are_states

_MACHINE_HEADERS: Final = frozenset({"outcome_code", "body_sha256"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedKind:
    """What a pull makes."""

    sheet: str
    columns: Sequence[ListedColumn]
    telling: frozenset[str]
    """A row with all of these headers is the header of such a sheet."""
    command: str
    """Makes one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSheet:
    """The sheet, as read."""

    content: bytes
    """The whole workbook."""
    table: SheetTable
    places: Mapping[str, int]
    """Index of each column by its name, the first of several."""
    own: tuple[int, ...]
    """Indexes of the columns that people added; what a run added is none of them."""
    other_sheets: tuple[str, ...]
    """Sheets with something on them, besides this one."""

    def records(self) -> list[dict[str, str]]:
        """Return the rows as texts by the names of the columns, trimmed; rows without any are left out."""
        found = [
            {name: cells[index].strip() for name, index in self.places.items()} for cells in self.table.cells
        ]
        return [record for record in found if any(record.values())]


def read_listed(path: Path, kind: ListedKind) -> ListedSheet:
    """Read such a workbook in a process of its own. Raises `InputError` where there is no such sheet."""
    content = read_file(path)
    sketch = sketch_safely(content, path.name, CsvForm())
    known = by_spelling(kind.columns)
    place = _place(sketch, kind, known)
    if place is None:
        raise InputError(
            "{name} has no sheet {sheet} with the columns that a pull makes.".format(
                name=path.name, sheet=kind.sheet
            ),
            fix="Make one with `{command}`, or name another workbook.".format(command=kind.command),
        )
    table = read_bare_safely(content, path.name, place).orders
    places = {column.field: index for index, column in enumerate(table.columns) if column.field}
    return ListedSheet(
        content=content,
        table=table,
        places=places,
        own=_own(table),
        other_sheets=tuple(
            sheet.name for sheet in sketch.sheets if sheet.name != table.name and any(map(any, sheet.rows))
        ),
    )


def _own(table: SheetTable) -> tuple[int, ...]:
    """Return where the columns are that people added: what a check or a run added is a finding about an earlier sheet.

    Where a run's hidden columns are not there, people chose such a header themselves.
    """
    has_results = {column.header for column in table.columns} >= _MACHINE_HEADERS
    own = []
    for index, column in enumerate(table.columns):
        is_result = has_results and column.header in RESULT_HEADERS
        is_check = column.header == CHECK_HEADER and are_states(cells[index] for cells in table.cells)
        if not (column.field or is_result or is_check):
            own.append(index)
    return tuple(own)


def _place(sketch: Sketch, kind: ListedKind, known: Mapping[str, ListedColumn]) -> Place | None:
    """Return where the headers are; the sheet of the usual name first."""
    sheets = sorted(sketch.sheets, key=lambda sheet: sheet.name.strip() != kind.sheet)
    for sheet in sheets:
        for number, texts in zip(sheet.numbers, sheet.rows, strict=True):
            if {found.name for text in texts if (found := known.get(folded(text)))} >= kind.telling:
                csv = CsvForm(encoding=sketch.encoding, separator=sketch.separator)
                names = {spelling: entry.name for spelling, entry in known.items()}
                return Place(sheet=sheet.name, header_row=number, csv=csv, names=names)
    return None
