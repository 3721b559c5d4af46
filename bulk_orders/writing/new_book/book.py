"""How every workbook of ours begins: safe options, properties that the reader knows it by, the look of a printed page."""

from datetime import datetime
from typing import Any, BinaryIO, Final

from xlsxwriter import Workbook

from bulk_orders.core.model import AUTHOR
from bulk_orders.ooxml.cleaning import clean
from bulk_orders.writing.book_properties import KIND_PROPERTY, RUN_PROPERTY, SCHEMA, SCHEMA_PROPERTY
from bulk_orders.writing.formats import Formats

CREATED: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - Excel's properties have no time zone
"""Stands for the moment of making where the same content must give the same workbook."""

_OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_A4: Final = 9
_PIXELS_A_CHARACTER: Final = 9
"""7 and the cells' margins with Calibri; more with the fonts that stand in for it."""
_A4_PIXELS: Final = 1_040
"""What fits beside the margins of a landscape page at 96 dots per inch."""
_PROPERTY_LIMIT: Final = 255


def new_book(
    file: BinaryIO, *, kind: str, mark: str, title: str, created: datetime, row_by_row: bool
) -> Workbook:
    """Begin a workbook that is written to `file` when it is closed.

    `row_by_row` keeps one row in memory: rows must then be written from the top down. `kind` and `mark` go into the
    custom properties, where `saving` and the reader find them.
    """
    book = bare_book(file, title=title, created=created, row_by_row=row_by_row)
    book.set_custom_property(KIND_PROPERTY, kind, "text")
    book.set_custom_property(RUN_PROPERTY, mark, "text")
    book.set_custom_property(SCHEMA_PROPERTY, SCHEMA, "number")
    book.set_size(28_800, 16_200)
    return book


def bare_book(file: BinaryIO, *, title: str, created: datetime, row_by_row: bool) -> Workbook:
    """Begin a workbook that the reader does not know as one of ours."""
    book = Workbook(file, {**_OPTIONS, "constant_memory": row_by_row})
    book.set_properties({"title": clean(title, units=_PROPERTY_LIMIT), "author": AUTHOR, "created": created})
    return book


_PAGE: Final = "Page &P of &N"
"""&P and &N are Excel's codes for the page and for how many there are."""


def set_page(sheet: Any, *, repeated_rows: int = 0, pages_wide: int = 1, repeated_columns: int = 0) -> None:
    """Set landscape A4, with the file and the sheet named at the foot.

    `repeated_rows` are headers on every page; a sheet of several pages side by side repeats its first columns.
    """
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(pages_wide, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L&8&F&C&8&A&R&8{_PAGE}")
    if repeated_rows:
        sheet.repeat_rows(0, repeated_rows - 1)
    if repeated_columns and pages_wide > 1:
        sheet.repeat_columns(0, repeated_columns - 1)


def set_two_pages(sheet: Any, *, parts: tuple[int, int], second_from: int) -> None:
    """Print two pages side by side, the second from column `second_from` (A is 0) on.

    `parts` are the widths of both pages in characters, repeated columns included; the wider one decides the scale.
    """
    sheet.set_print_scale(max(10, min(100, int(100 * _A4_PIXELS / (_PIXELS_A_CHARACTER * max(parts))))))
    sheet.set_v_pagebreaks([second_from])


def draw_lines(sheet: Any, formats: Formats, cells: tuple[int, int, int, int]) -> None:
    """Draw thin lines under the rows of (first row, first column, last row, last column), also under unwritten cells."""
    first_row, first_column, last_row, last_column = cells
    if last_row >= first_row:
        line = formats.bottom_line()
        rule = {"type": "formula", "criteria": "=TRUE", "format": line}
        sheet.conditional_format(first_row, first_column, last_row, last_column, rule)
