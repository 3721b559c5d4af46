"""The workbook of orders to be cancelled: their rows, each with until when that is possible."""

import os
from pathlib import Path
from typing import BinaryIO, Final

from bulk_orders.core.model import SheetRole, SheetTable
from bulk_orders.writing.formats import Formats
from bulk_orders.writing.new_book.book import CREATED, new_book
from bulk_orders.writing.new_book.checked import CHECKED_FIX
from bulk_orders.writing.new_book.data_sheets import DataSheet, write_data_sheet
from bulk_orders.writing.saving import Replace, publish

UNDO_KIND: Final = "undo workbook"


def write_undo(
    path: Path, orders: SheetTable, customers: SheetTable, *, run_id: str, replace: Replace = os.replace
) -> Path:
    """Write the workbook and return where it really is; a file that is not this run's stays. Raises `ResultsNotWritten`."""
    mark = f"undo {run_id}"

    def fill(file: BinaryIO) -> None:
        title = "Orders of run {run_id} to cancel".format(run_id=run_id)
        book = new_book(file, kind=UNDO_KIND, mark=mark, title=title, created=CREATED, row_by_row=True)
        formats = Formats(book)
        for role, table in ((SheetRole.ORDERS, orders), (SheetRole.CUSTOMERS, customers)):
            legend = (
                (
                    "Nothing has been cancelled yet. Run this workbook to cancel the subscriptions of these orders, "
                    "before the time under Cancel before (UTC)."
                )
                if role is SheetRole.ORDERS
                else "The customers of these orders."
            )
            plan = DataSheet(table=table, role=role, title=title, legend=legend)
            write_data_sheet(book.add_worksheet(table.name), formats, plan)
        book.close()

    last_rows = {table.name: max(table.sheet_rows) for table in (orders, customers)}
    return publish(path, fill, mark=mark, last_rows=last_rows, fix=CHECKED_FIX, replace=replace)
