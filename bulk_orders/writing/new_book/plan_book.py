"""The plan workbook on the disk: what would be ordered, for people to read, with the cell by which one of them approves it."""

import os
from pathlib import Path
from typing import Any, BinaryIO, Final

from bulk_orders.core import sheet_names
from bulk_orders.core.our_marks import PLAN_NO, PLAN_YES
from bulk_orders.writing import palette
from bulk_orders.writing.cells import wrapped_lines, write_text
from bulk_orders.writing.formats import COUNT, MONEY, Formats
from bulk_orders.writing.new_book.book import new_book, set_page
from bulk_orders.writing.new_book.plan_page import ANSWER, PLAN_TITLE, CellLook, PlanCell, PlanPage, sheets
from bulk_orders.writing.saving import Replace, publish

PLAN_KIND: Final = "plan workbook"
_WIDTHS: Final = {
    sheet_names.PLAN: (26, 40, 12, 19, 16, 14, 16, 11),
    sheet_names.PLAN_CUSTOMERS: (18, 44, 12, 19, 16, 14, 16, 11),
    sheet_names.PLAN_ORDERS: (11, 25, 22, 20, 16, 32, 22, 32, 18, 15, 16, 30, 20, 14, 14, 14, 11),
}
_LETTERED: Final[dict[CellLook, tuple[palette.Colours, dict[str, Any]]]] = {
    CellLook.TITLE: (palette.TITLE, {"bold": True, "font_size": 22, "valign": "vcenter"}),
    CellLook.QUIET: (palette.QUIET, {}),
    CellLook.HEADLINE: (palette.PAPER, {"bold": True, "font_size": 14, "valign": "vcenter"}),
    CellLook.SECTION: (palette.TITLE, {"bold": True, "font_size": 14, "valign": "vcenter"}),
    CellLook.LABEL: (palette.PAPER, {"bold": True, "valign": "vcenter"}),
    CellLook.PLAIN: (palette.PAPER, {"valign": "vcenter"}),
}
_HEIGHTS: Final = {CellLook.TITLE: 30, CellLook.BANNER: 22, CellLook.HEADLINE: 26, CellLook.SECTION: 24}


def write_plan(path: Path, page: PlanPage, *, replace: Replace = os.replace) -> Path:
    """Write the plan workbook and return where it really is; a file that is not this plan's stays. Raises `ResultsNotWritten`."""

    def fill(file: BinaryIO) -> None:
        title = PLAN_TITLE.format(plan_id=page.plan_id)
        book = new_book(
            file, kind=PLAN_KIND, mark=page.plan_id, title=title, created=page.made_at, row_by_row=False
        )
        formats = Formats(book)
        for name, make in sheets(page).items():
            sheet = book.add_worksheet(name)
            _lay_out(sheet, name)
            for cell in make():
                _write(sheet, formats, cell, is_live=page.environment == "LIVE")
        book.close()

    last_rows = {sheet_names.PLAN_ORDERS: 1 + len(page.orders)}
    return publish(
        path,
        fill,
        mark=page.plan_id,
        last_rows=last_rows,
        fix="Close it if it is open in Excel, or name another place with -o.",
        replace=replace,
    )


def _lay_out(sheet: Any, name: str) -> None:
    for column, width in enumerate(_WIDTHS[name]):
        sheet.set_column(column, column, width)
    if name == sheet_names.PLAN:
        sheet.hide_gridlines(2)
        set_page(sheet)
    else:
        sheet.freeze_panes(1, 0)
        set_page(sheet, repeated_rows=1)


def _write(sheet: Any, formats: Formats, cell: PlanCell, *, is_live: bool) -> None:
    if cell.look in _HEIGHTS:
        sheet.set_row(cell.row, _HEIGHTS[cell.look])
    if cell.look in _LETTERED:
        colours, properties = _LETTERED[cell.look]
        write_text(sheet, (cell.row, cell.column), str(cell.value), formats, colours, **properties)
    elif cell.look is CellLook.BANNER:
        colours = palette.LIVE if is_live else palette.PRACTICE
        _write_across(sheet, formats, cell, colours, bold=True, font_size=13)
    elif cell.look is CellLook.WARNING:
        _write_across(sheet, formats, cell, palette.DOUBT)
    elif cell.look is CellLook.ANSWER:
        _write_answer(sheet, formats)
    elif cell.look is CellLook.HINT:
        _write_hint(sheet, formats, cell)
    else:
        _write_in_table(sheet, formats, cell)


def _write_in_table(sheet: Any, formats: Formats, cell: PlanCell) -> None:
    at = (cell.row, cell.column)
    is_right = cell.look in {CellLook.FIGURES, CellLook.COUNT, CellLook.MONEY}
    place: dict[str, Any] = {"align": "right"} if is_right else {"align": "left", "indent": 1}
    if cell.look in {CellLook.HEADER, CellLook.FIGURES}:
        sheet.write_string(*at, str(cell.value), formats.header(palette.REQUIRED_HEADER, **place))
    elif isinstance(cell.value, str):
        colours = palette.DOUBT if cell.look is CellLook.MONEY else palette.PAPER
        line = {"border": 1, "border_color": palette.RULE, "shrink": True, **place}
        write_text(sheet, at, cell.value, formats, colours, **line)
    else:
        style = formats.boxed(num_format=MONEY if cell.look is CellLook.MONEY else COUNT)
        sheet.write_number(*at, float(cell.value), style)


def _write_across(
    sheet: Any, formats: Formats, cell: PlanCell, colours: palette.Colours, **line: Any
) -> None:
    for column in range(1, len(_WIDTHS[sheet_names.PLAN])):
        sheet.write_blank(cell.row, column, None, formats(colours))
    place = (cell.row, cell.column)
    write_text(sheet, place, str(cell.value), formats, colours, valign="vcenter", indent=1, **line)


def _write_answer(sheet: Any, formats: Formats) -> None:
    style = formats(
        palette.DOUBT, border=2, border_color=palette.WARNING_BORDER, bold=True, font_size=14, align="center"
    )
    sheet.write_blank(*ANSWER, None, style)
    choice = {
        "validate": "list",
        "source": [PLAN_YES, PLAN_NO],
        "error_title": "Yes or No",
        "error_message": "Choose Yes, or No, or leave the cell empty.",
    }
    sheet.data_validation(*ANSWER, *ANSWER, choice)


def _write_hint(sheet: Any, formats: Formats, cell: PlanCell) -> None:
    last = len(_WIDTHS[sheet_names.PLAN]) - 1
    width = sum(_WIDTHS[sheet_names.PLAN][cell.column :])
    style = formats(palette.QUIET, text_wrap=True, valign="vcenter", indent=1)
    sheet.merge_range(cell.row, cell.column, cell.row, last, str(cell.value), style)
    sheet.set_row(cell.row, max(30, 16 * wrapped_lines(str(cell.value), width)))
