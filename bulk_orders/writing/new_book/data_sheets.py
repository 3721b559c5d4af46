"""Writes a sheet that was read once more: the same columns, the same row numbers, with what we have to say about it.

Shared by the checked and the results workbook. It does not know what is wrong with a cell or what became of a row;
that is told by marks, statuses and extra columns.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bulk_orders.core.columns.table import Column, Kind, column
from bulk_orders.core.model import CellNote, SheetColumn, SheetRole, SheetTable
from bulk_orders.core.our_marks import note_text
from bulk_orders.ooxml.addresses import address_of, column_index, column_letters
from bulk_orders.ooxml.cleaning import clean
from bulk_orders.writing import palette
from bulk_orders.writing.cells import (
    NOTES_PER_SHEET,
    date_value,
    decimal_number,
    is_like_a_formula,
    whole_number,
    wrapped_lines,
    write_link,
    write_note,
    write_text,
)
from bulk_orders.writing.drop_downs import list_name
from bulk_orders.writing.formats import DATE, LINE, TEXT, Formats
from bulk_orders.writing.marks import CHECK_FIELDS, MARK_LOOKS, Mark
from bulk_orders.writing.new_book.book import set_page, set_two_pages

_KEY_FIELDS: Final = ("customer_id", "reference", "mpn")
_FROZEN_AT_MOST: Final = 5
_EXTRA_WIDTH: Final = 16
_BOLD: Final = 0.9
"""What a header has of its column's width, for its letters are bold."""
_ROWS_FOR_LISTS: Final = 500
"""Drop-downs reach so far below the last row, for rows that are added."""

_PAGES_WIDE: Final = {SheetRole.ORDERS: 2, SheetRole.CUSTOMERS: 2, SheetRole.PRODUCTS: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStatus:
    """How a row stands, shown in its Check cell."""

    text: str
    colours: palette.Colours
    target: str = ""
    """The cell it leads to: `Problems!A12`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraColumns:
    """Columns that we add on the right."""

    last: int
    """Index of the last of them; A is 0."""
    first: int
    """Index of the first of them."""
    width: int
    """Of those that are not folded away, in characters."""
    write_headers: Callable[[Any, int], None]
    """Takes the sheet and the row's index."""
    write_row: Callable[[Any, int], None]


Marks = Mapping[int, Mapping[str, Mark]]
"""By row number and column letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSheet:
    """A sheet to be written."""

    table: SheetTable
    role: SheetRole
    title: str
    legend: str
    marks: Marks = field(default_factory=dict)
    statuses: Mapping[int, RowStatus] = field(default_factory=dict)
    greyed: frozenset[int] = frozenset()
    """Rows that are not sent because the user said so."""
    left_out: frozenset[str] = frozenset()
    """Headers of columns that `extra` writes again."""
    extra: ExtraColumns | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    position: int
    index: int
    found: SheetColumn
    known: Column | None

    @property
    def kind(self) -> Kind:
        return self.known.kind if self.known else Kind.TEXT


@dataclass(frozen=True, slots=True)
class _Styles:
    text: Any
    quoted: Any
    number: Any
    date: Any


def write_data_sheet(sheet: Any, formats: Formats, plan: DataSheet) -> None:
    """Write the sheet from the top down."""
    kept = _kept_columns(plan)
    _arrange(sheet, plan, kept)
    _write_preface(sheet, formats, plan)
    _write_headers(sheet, formats, plan, kept)
    writer = _RowWriter(sheet, formats, plan, kept)
    for row, values in zip(plan.table.sheet_rows, plan.table.cells, strict=True):
        writer.write(row, values)


def column_of_field(role: SheetRole, name: str) -> Column | None:
    """Return the column behind a field's name; the flat form has the customers' columns on the orders' sheet."""
    for sheet in (role, SheetRole.CUSTOMERS):
        try:
            return column(sheet, name)
        except KeyError:
            continue
    return None


def _kept_columns(plan: DataSheet) -> list[_Kept]:
    return [
        _Kept(
            position=position,
            index=column_index(found.letter),
            found=found,
            known=column_of_field(plan.role, found.field) if found.field else None,
        )
        for position, found in enumerate(plan.table.columns)
        if found.header not in plan.left_out
    ]


def _arrange(sheet: Any, plan: DataSheet, kept: list[_Kept]) -> None:
    table = plan.table
    last_row = max(table.sheet_rows, default=table.header_row)
    last_column = max((entry.index for entry in kept), default=0)
    for entry in kept:
        folded = {"hidden": True, "level": 1} if entry.known and entry.known.is_hidden else {}
        sheet.set_column(entry.index, entry.index, _width(entry), None, folded)
        if entry.known and list_name(entry.known):
            sheet.data_validation(
                table.header_row,
                entry.index,
                last_row + _ROWS_FOR_LISTS,
                entry.index,
                _drop_down(entry.known),
            )
    keys = [
        entry.index + 1
        for entry in kept
        if entry.found.field in _KEY_FIELDS and entry.index < _FROZEN_AT_MOST
    ]
    sheet.freeze_panes(table.header_row, max(keys, default=0))
    last_column = max(last_column, plan.extra.last) if plan.extra else last_column
    sheet.autofilter(table.header_row - 1, 0, max(last_row - 1, table.header_row), last_column)
    sheet.ignore_errors(
        {"number_stored_as_text": f"A1:{column_letters(last_column)}{last_row + _ROWS_FOR_LISTS}"}
    )
    frozen = max(keys, default=0)
    set_page(
        sheet, repeated_rows=table.header_row, pages_wide=_PAGES_WIDE[plan.role], repeated_columns=frozen
    )
    if plan.extra:
        widths = {entry.index: _width(entry) for entry in kept}
        repeated = sum(width for index, width in widths.items() if index < frozen)
        parts = (sum(widths.values()), repeated + plan.extra.width)
        set_two_pages(sheet, parts=parts, second_from=plan.extra.first)


def _width(entry: _Kept) -> int:
    return entry.known.width if entry.known else _EXTRA_WIDTH


def _drop_down(known: Column) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": f"={list_name(known)}",
        "error_type": "warning",
        "error_title": "Not in the list",
        "error_message": "Choose {header} from the list.".format(header=known.header)[:224],
    }


def _write_preface(sheet: Any, formats: Formats, plan: DataSheet) -> None:
    room = plan.table.header_row - 1
    if room >= 1:
        write_text(sheet, (0, 0), plan.title, formats, palette.TITLE, bold=True, font_size=16)
    if room > 1:
        write_text(sheet, (1, 0), plan.legend, formats, palette.QUIET, italic=True)


def _write_headers(sheet: Any, formats: Formats, plan: DataSheet, kept: list[_Kept]) -> None:
    row = plan.table.header_row - 1
    lines = max((wrapped_lines(entry.found.header, _BOLD * _width(entry)) for entry in kept), default=1)
    sheet.set_row(row, max(34, 15 * lines + 4))
    marks = plan.marks.get(plan.table.header_row, {})
    for entry in kept:
        quoting = {"quote_prefix": True} if is_like_a_formula(entry.found.header) else {}
        style = formats.header(
            palette.HEADERS[entry.known.need] if entry.known else palette.FILLED_HEADER, **quoting
        )
        mark = marks.get(entry.found.letter)
        if mark:
            colours, border = MARK_LOOKS[mark.severity]
            style = formats.header(colours, border=2, border_color=border, **quoting)
            write_note(sheet, row, entry.index, _note(row, entry.index, mark))
        elif entry.known is None and not entry.found.parameter and entry.found.header:
            write_note(sheet, row, entry.index, "This column is yours: it is kept and not sent.")
        sheet.write_string(row, entry.index, clean(entry.found.header), style)
    if plan.extra:
        plan.extra.write_headers(sheet, row)


def _note(row: int, column: int, mark: Mark) -> str:
    return note_text(address_of((row + 1, column)), mark.sentence)


class _RowWriter:
    """Writes data rows; formats are chosen once, not per cell."""

    def __init__(self, sheet: Any, formats: Formats, plan: DataSheet, kept: list[_Kept]) -> None:
        self._sheet = sheet
        self._formats = formats
        self._plan = plan
        self._kept = kept
        self._notes_left = NOTES_PER_SHEET
        self._plain = self._styles(palette.PAPER, **LINE)
        self._filled = self._styles(palette.FILLED_CELL, **LINE)
        self._greyed = self._styles(palette.SKIPPED, **LINE)

    def write(self, sheet_row: int, values: list[str]) -> None:
        """Write one row; `sheet_row` is Excel's number."""
        plan = self._plan
        marks = plan.marks.get(sheet_row, {})
        usual = self._greyed if sheet_row in plan.greyed else self._plain
        for entry in self._kept:
            text = values[entry.position]
            mark = marks.get(entry.found.letter)
            if entry.found.field in CHECK_FIELDS and sheet_row in plan.statuses:
                self._write_status(sheet_row, entry.index, plan.statuses[sheet_row])
            elif mark is not None:
                self._write_marked(sheet_row, entry, text, mark)
            elif text:
                styles = self._filled if entry.kind is Kind.FORMULA and usual is self._plain else usual
                self._write_value(sheet_row, entry, text, styles)
            else:
                self._sheet.write_blank(sheet_row - 1, entry.index, None, usual.text)
        if plan.extra:
            plan.extra.write_row(self._sheet, sheet_row)
        if sheet_row in plan.table.hidden_rows:
            # Hidden rows are not sent; shown in this copy, they would be sent when it is run.
            self._sheet.set_row(sheet_row - 1, None, None, {"hidden": True})

    def _write_status(self, sheet_row: int, index: int, status: RowStatus) -> None:
        if status.target:
            style = self._formats(status.colours, underline=1, **LINE)
            write_link(self._sheet, (sheet_row - 1, index), status.target, status.text, style)
        else:
            write_text(
                self._sheet, (sheet_row - 1, index), status.text, self._formats, status.colours, **LINE
            )

    def _write_marked(self, sheet_row: int, entry: _Kept, text: str, mark: Mark) -> None:
        colours, border = MARK_LOOKS[mark.severity]
        styles = self._styles(colours, border=2, border_color=border)
        if text:
            self._write_value(sheet_row, entry, text, styles)
        else:
            self._sheet.write_blank(sheet_row - 1, entry.index, None, styles.text)
        if self._notes_left:
            self._notes_left -= 1
            write_note(self._sheet, sheet_row - 1, entry.index, _note(sheet_row - 1, entry.index, mark))

    def _write_value(self, sheet_row: int, entry: _Kept, text: str, styles: _Styles) -> None:
        row, kind = sheet_row - 1, entry.kind
        if self._plan.table.notes.get((sheet_row, entry.found.letter)) is CellNote.DATE:
            day = date_value(text)
            if day is not None:
                self._sheet.write_datetime(row, entry.index, day, styles.date)
                return
        if kind is Kind.WHOLE_NUMBER or kind is Kind.AMOUNT:
            number = whole_number(text) if kind is Kind.WHOLE_NUMBER else decimal_number(text)
            if number is not None:
                self._sheet.write_number(row, entry.index, number, styles.number)
                return
        self._sheet.write_string(
            row, entry.index, clean(text), styles.quoted if is_like_a_formula(text) else styles.text
        )

    def _styles(self, colours: palette.Colours, **properties: Any) -> _Styles:
        return _Styles(
            text=self._formats(colours, num_format=TEXT, **properties),
            quoted=self._formats(colours, num_format=TEXT, quote_prefix=True, **properties),
            number=self._formats(colours, align="right", indent=1, **properties),
            date=self._formats(colours, num_format=DATE, align="left", **properties),
        )
