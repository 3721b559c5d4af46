"""The three sheets of the template that people fill: Orders, Customers and Products, all made from `core.columns`."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.table import Column, Kind, Need
from bulk_orders.core.model import SheetRole
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.writing import check_column, palette
from bulk_orders.writing.cells import PARTED, is_like_a_formula, write_note, write_text
from bulk_orders.writing.formats import DATE, TEXT, Formats
from bulk_orders.writing.new_book.book import draw_lines, set_page
from bulk_orders.writing.template.computed_values import LiveSheets
from bulk_orders.writing.template.data_entry import (
    CUSTOMER_LIST,
    PRODUCT_LIST,
    header_note,
    header_text,
    validation,
    write_typed,
)
from bulk_orders.writing.template.formulas import (
    RANGES,
    Values,
    formula_terms,
    not_needed_formula,
    seen_columns,
    skipped_formula,
    template_columns,
    to_fix_formula,
)
from bulk_orders.writing.template.statement_formulas import CUSTOMER_IDS, PRODUCT_MPNS

HEADER_ROW: Final = 3
FIRST_ROW: Final = 4
LIVE_ROWS: Final = 5_000
"""Lists and colours reach so far, more than the rows that have formulas."""
LAST_ROW: Final = FIRST_ROW + LIVE_ROWS - 1

SHEET_NAMES: Final = {
    SheetRole.ORDERS: sheet_names.ORDERS,
    SheetRole.CUSTOMERS: sheet_names.CUSTOMERS,
    SheetRole.PRODUCTS: sheet_names.PRODUCTS,
}
_FROZEN: Final = {SheetRole.ORDERS: 4, SheetRole.CUSTOMERS: 3, SheetRole.PRODUCTS: 2}
_KEYS: Final = {SheetRole.ORDERS: "customer_id", SheetRole.CUSTOMERS: "customer_id"}
_LINED_ROWS: Final = 40
_ROW_MARK: Final = "\x00"
"""Stands for the row's number in a formula that is made once for all rows."""
_LEGENDS: Final = {
    SheetRole.ORDERS: check_column.ORDERS_LEGEND,
    SheetRole.CUSTOMERS: (
        "One row is one customer. Dark blue * = required · yellow = required in some cases "
        "· light blue = optional. Red cell = to fix, grey cell = not needed."
    ),
    SheetRole.PRODUCTS: (
        "One row is one product; fill it by hand or from the catalogue. "
        "It gives names and limits to the sheet Orders and is never sent."
    ),
}
_COUNTED: Final = {
    SheetRole.ORDERS: (
        ("✔", check_column.READY_IN_ALL),
        ("✖", check_column.TO_FIX_IN_ALL),
        ("–", check_column.SKIPPED_IN_ALL),
    ),
    SheetRole.CUSTOMERS: (("✔", check_column.READY_IN_ALL), ("✖", check_column.TO_FIX_IN_ALL)),
}


def define_names(book: Workbook) -> None:
    """Name the columns that formulas and drop-downs look things up in."""
    for name, (role, wanted) in RANGES.items():
        letters = _letters(role, wanted)
        book.define_name(name, f"={SHEET_NAMES[role]}!${letters}${FIRST_ROW}:${letters}${LAST_ROW}")
    for listed, name in ((CUSTOMER_LIST, CUSTOMER_IDS), (PRODUCT_LIST, PRODUCT_MPNS)):
        role, wanted = RANGES[name]
        first = f"{SHEET_NAMES[role]}!${_letters(role, wanted)}${FIRST_ROW}"
        # A drop-down of 5,000 cells would show thousands of blank lines.
        book.define_name(listed, f"=OFFSET({first},0,0,MAX(1,COUNTA({name})),1)")


@cache
def row_formulas(role: SheetRole) -> Mapping[str, str]:
    """Return the formulas of a sheet by column name, with a mark where the row's number belongs."""
    cells = {
        entry.name: f"{column_letters(index)}{_ROW_MARK}"
        for index, entry in enumerate(template_columns(role))
    }
    return {name: f"={found.formula(cells)}" for name, found in formula_terms(role).items()}


def formula_of(role: SheetRole, name: str, row: int) -> str:
    """Return the formula of a column in a row."""
    return row_formulas(role)[name].replace(_ROW_MARK, str(row))


class FormulaSheet(Worksheet):  # type: ignore[misc] # the library has no types
    """A worksheet that takes formulas as they are."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        """Thirty searches for functions newer than Excel 2016 are left out: measured, nine tenths of the time."""
        return formula.removeprefix("=")


class TemplateSheet:
    """Writes one of the three sheets."""

    def __init__(
        self,
        sheet: Any,
        formats: Formats,
        role: SheetRole,
        filled: Mapping[SheetRole, Sequence[Values]],
        live: LiveSheets,
    ) -> None:
        """Take the rows of every sheet, and in `live` what the formulas show."""
        self._sheet = sheet
        self._formats = formats
        self._role = role
        self._columns = template_columns(role)
        self._seen = seen_columns(role)
        self._rows = filled.get(role, ())
        self._live = live

    def write(self, *, formula_rows: int) -> None:
        """Write everything; `formula_rows` rows get their formulas, and as many below a catalogue."""
        count = max(formula_rows, len(self._rows))
        if self._role is SheetRole.PRODUCTS:
            count = min(formula_rows + len(self._rows), LIVE_ROWS)
        self._arrange()
        self._write_title()
        self._write_headers()
        for offset in range(max(count, len(self._rows))):
            self._write_row(offset)
        self._set_lists()
        self._set_colours()

    def _arrange(self) -> None:
        sheet, last = self._sheet, len(self._seen) - 1
        for index, entry in enumerate(self._columns):
            # A column's format reaches up into the title, so the grey of filled columns is on their cells only.
            style = None if entry.kind is Kind.FORMULA else self._cell_format(entry)
            folded = {"hidden": True, "level": 1} if entry.is_hidden else {}
            sheet.set_column(index, index, entry.width, style, folded)
        sheet.freeze_panes(HEADER_ROW, _FROZEN[self._role])
        sheet.autofilter(HEADER_ROW - 1, 0, LAST_ROW - 1, last)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letters(last)}{LAST_ROW}"})
        sheet.set_zoom(100)
        wide = 1 if self._role is SheetRole.PRODUCTS else 2
        set_page(sheet, repeated_rows=HEADER_ROW, pages_wide=wide, repeated_columns=_FROZEN[self._role])
        sheet.set_selection(FIRST_ROW - 1, 1, FIRST_ROW - 1, 1)

    def _write_title(self) -> None:
        sheet, formats = self._sheet, self._formats
        sheet.set_row(0, 28)
        write_text(
            *(sheet, (0, 0), SHEET_NAMES[self._role], formats, palette.TITLE),
            bold=True,
            font_size=18,
            valign="vcenter",
        )
        write_text(sheet, (1, 0), _LEGENDS[self._role], formats, palette.QUIET, italic=True)
        if self._role in _COUNTED:
            style = formats(palette.TITLE, bold=True, font_size=13, valign="vcenter")
            sheet.write_formula(0, 2, self._counter(), style, self._counted())

    def _counter(self) -> str:
        """Return a formula that counts the verdicts, and the rows that were filled below those that have formulas."""
        checks = f"$A${FIRST_ROW}:$A${LAST_ROW}"
        key = _letters(self._role, _KEYS[self._role])
        keys = f"${key}${FIRST_ROW}:${key}${LAST_ROW}"
        unchecked = f'SUMPRODUCT(({keys}<>"")*({checks}=""))'
        counts = f'&"{PARTED}"&'.join(
            f'COUNTIF({checks},"{sign}*")&" {word}"' for sign, word in _COUNTED[self._role]
        )
        told = f'"{PARTED}"&{unchecked}&" {check_column.UNCHECKED_IN_ALL}"'
        return f'={counts}&IF({unchecked}=0,"",{told})'

    def _counted(self) -> str:
        checks = [
            str(self._live.shown(self._role, at, self._columns[0].name)) for at in range(len(self._rows))
        ]
        return PARTED.join(
            f"{sum(check.startswith(sign) for check in checks)} {word}" for sign, word in _COUNTED[self._role]
        )

    def _write_headers(self) -> None:
        self._sheet.set_row(HEADER_ROW - 1, 36)
        for index, entry in enumerate(self._columns):
            is_filled = entry.need is Need.FILLED
            style = self._formats.header(palette.HEADERS[entry.need], italic=is_filled)
            self._sheet.write_string(HEADER_ROW - 1, index, header_text(entry), style)
            if not entry.is_hidden:
                write_note(self._sheet, HEADER_ROW - 1, index, header_note(entry))

    def _write_row(self, offset: int) -> None:
        values: Values = self._rows[offset] if offset < len(self._rows) else {}
        row = FIRST_ROW + offset
        for index, entry in enumerate(self._columns):
            if entry.kind is Kind.FORMULA:
                shown = self._live.shown(self._role, offset, entry.name)
                formula = formula_of(self._role, entry.name, row)
                self._sheet.write_formula(row - 1, index, formula, self._cell_format(entry), shown)
            elif values.get(entry.name):
                write_typed(
                    self._sheet,
                    (row - 1, index),
                    entry,
                    values[entry.name],
                    self._cell_format(entry, values[entry.name]),
                )

    def _cell_format(self, entry: Column, text: str = "") -> Any:
        if entry.kind is Kind.FORMULA:
            # LibreOffice would show a day worked out as a date, and store it as one.
            plain = {"num_format": "0"} if entry.is_hidden else {}
            return self._formats(palette.FILLED_CELL, **plain)
        if entry.kind is Kind.DATE:
            return self._formats(num_format=DATE, align="left")
        if entry.kind in {Kind.WHOLE_NUMBER, Kind.AMOUNT}:
            return self._formats(align="right", indent=1)
        # A catalogue and its customers come from the marketplace, whose names may look like formulas.
        if is_like_a_formula(text):
            return self._formats(num_format=TEXT, quote_prefix=True)
        return self._formats(num_format=TEXT)

    def _set_lists(self) -> None:
        for index, entry in enumerate(self._columns):
            if entry.kind is not Kind.FORMULA:
                self._sheet.data_validation(FIRST_ROW - 1, index, LAST_ROW - 1, index, validation(entry))

    def _set_colours(self) -> None:
        cells = {
            entry.name: f"${column_letters(index)}{FIRST_ROW}" for index, entry in enumerate(self._columns)
        }
        if self._role is not SheetRole.PRODUCTS:
            self._colour_verdicts(cells)
        last_lined = FIRST_ROW + max(len(self._rows), _LINED_ROWS) - 2
        draw_lines(self._sheet, self._formats, (FIRST_ROW - 1, 0, last_lined, len(self._seen) - 1))

    def _colour_verdicts(self, cells: Mapping[str, str]) -> None:
        check = f"$A{FIRST_ROW}"
        for sign, colours in (
            ("✔", palette.GOOD),
            ("✖", palette.BAD),
            ("–", palette.SKIPPED),
            ("○", palette.NOT_NEEDED),
        ):
            self._colour(0, f'LEFT({check},1)="{sign}"', self._formats.changed(colours))
        red = self._formats.changed(palette.BAD, border=1, border_color=palette.ERROR_BORDER)
        if self._role is SheetRole.ORDERS:
            grey = self._formats.changed(palette.SKIPPED)
            self._colour(0, skipped_formula(cells), grey, last=len(self._seen) - 1)
        for index, entry in enumerate(self._seen):
            if entry.name == "customer_name":
                self._colour(index, f'ISNUMBER(SEARCH("{check_column.CUSTOMER_TO_FIX}",{check}))', red)
            if entry.kind is Kind.FORMULA:
                continue
            self._colour(index, to_fix_formula(entry, check, cells), red)
            not_needed = not_needed_formula(entry, cells)
            if not_needed:
                grey = self._formats.changed(palette.NOT_NEEDED)
                self._colour(index, f'AND({check}<>"",{not_needed})', grey)
        if self._role is SheetRole.ORDERS:
            index = [entry.name for entry in self._seen].index("reference")
            is_missing = f'AND({check}<>"",TRIM({cells["reference"]})="")'
            self._colour(index, is_missing, self._formats.changed(palette.DOUBT))

    def _colour(self, first: int, formula: str, style: Any, *, last: int | None = None) -> None:
        """Colour a column, or all columns to `last`; what was coloured before is left as it is."""
        self._sheet.conditional_format(
            *(FIRST_ROW - 1, first, LAST_ROW - 1, first if last is None else last),
            {"type": "formula", "criteria": f"={formula}", "format": style, "stop_if_true": True},
        )


def _letters(role: SheetRole, name: str) -> str:
    return column_letters([entry.name for entry in template_columns(role)].index(name))
