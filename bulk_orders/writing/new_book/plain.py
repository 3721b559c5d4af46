"""A workbook of texts alone: the source of a run whose orders never were a file, as the ledger keeps it."""

import io
from collections.abc import Iterable
from typing import Final

from bulk_orders.core.model import SheetTable
from bulk_orders.ooxml.addresses import column_index
from bulk_orders.writing.cells import write_text
from bulk_orders.writing.formats import TEXT, Formats
from bulk_orders.writing.new_book.book import CREATED, bare_book

_WIDTH: Final = 18
"""Of each column, in characters."""


def plain_workbook(tables: Iterable[SheetTable]) -> bytes:
    """Return a workbook whose sheets are read as these tables; the same tables give the same bytes.

    Each cell is where its table says, in a cell formatted as Text: nothing is a number, a date or a formula.
    """
    content = io.BytesIO()
    # Names a workbook that was written from orders that never were a file.
    book = bare_book(content, title="Orders as they were handed over", created=CREATED, row_by_row=True)
    formats = Formats(book)
    for table in tables:
        sheet = book.add_worksheet(table.name)
        places = [column_index(column.letter) for column in table.columns]
        sheet.set_column(0, max(places, default=0), _WIDTH)
        sheet.freeze_panes(table.header_row, 0)
        rows = [(table.header_row, [column.header for column in table.columns])]
        for sheet_row, cells in (*rows, *zip(table.sheet_rows, table.cells, strict=True)):
            for place, text in zip(places, cells, strict=True):
                if text:
                    is_header = sheet_row == table.header_row
                    write_text(sheet, (sheet_row - 1, place), text, formats, num_format=TEXT, bold=is_header)
    book.close()
    return content.getvalue()
