"""Filled rows to look at, on a sheet of their own: examples on a sheet that is sent would be ordered."""

from typing import Any, Final

from bulk_orders.core.columns.table import Kind
from bulk_orders.core.model import SheetRole
from bulk_orders.core.our_marks import EXAMPLES_TITLE
from bulk_orders.writing import palette
from bulk_orders.writing.cells import write_text
from bulk_orders.writing.formats import DATE, TEXT, Formats
from bulk_orders.writing.new_book.book import set_page
from bulk_orders.writing.template import examples as words
from bulk_orders.writing.template.data_entry import header_text, write_typed
from bulk_orders.writing.template.formulas import seen_columns
from bulk_orders.writing.template.sheets import SHEET_NAMES

_EXAMPLES: Final = {SheetRole.CUSTOMERS: words.CUSTOMERS, SheetRole.ORDERS: words.ORDERS}


def write_examples(sheet: Any, formats: Formats) -> None:
    """Write and protect the sheet; it has no password."""
    sheet.set_row(0, 28)
    write_text(
        *(sheet, (0, 0), EXAMPLES_TITLE, formats, palette.TITLE),
        bold=True,
        font_size=18,
        valign="vcenter",
    )
    following = _write_block(sheet, formats, 2, SheetRole.CUSTOMERS)
    _write_block(sheet, formats, following + 1, SheetRole.ORDERS)
    sheet.set_column(0, 0, 84)
    sheet.set_column(1, 24, 30)
    sheet.freeze_panes(0, 1)
    set_page(sheet, pages_wide=3, repeated_columns=1)  # one page would be too small to read
    sheet.protect()


def _write_block(sheet: Any, formats: Formats, row: int, role: SheetRole) -> int:
    columns = seen_columns(role)[1:]  # the words about the example stand where the Check column is
    write_text(
        sheet,
        (row, 0),
        "On the sheet {sheet}".format(sheet=SHEET_NAMES[role]),
        formats,
        palette.TITLE,
        bold=True,
        font_size=14,
    )
    row += 1
    sheet.set_row(row, 20)
    sheet.write_string(row, 0, "What it shows", formats.header(palette.RESULT_HEADER))
    for index, entry in enumerate(columns, start=1):
        sheet.write_string(row, index, header_text(entry), formats.header(palette.REQUIRED_HEADER))
    for example in _EXAMPLES[role]:
        row += 1
        write_text(sheet, (row, 0), example.shows, formats, palette.GREY, text_wrap=True)
        for index, entry in enumerate(columns, start=1):
            style = formats(num_format=DATE if entry.kind is Kind.DATE else TEXT, align="left")
            if example.cells.get(entry.name):
                write_typed(sheet, (row, index), entry, example.cells[entry.name], style)
    return row + 1
