"""What the verbs take: the path of a workbook, or DataFrames. Both become tables that are checked, and a source to keep."""

import os
from pathlib import Path
from typing import Final, TypeAlias

from bulk_orders.checking.check import CheckContext
from bulk_orders.checking.check import check as check_tables
from bulk_orders.checking.data_frames import DataFrames, tables_of
from bulk_orders.checking.result import CheckResult
from bulk_orders.runs.check import Source
from bulk_orders.runs.mapped_source import read_source
from bulk_orders.settings.folders import private_folder
from bulk_orders.writing.new_book.plain import plain_workbook

OrdersInput: TypeAlias = str | os.PathLike[str] | DataFrames
"""The path of a workbook or CSV file; a DataFrame of orders, in the flat form with the customers' columns; or a mapping of
`orders`, `customers` and `products` to DataFrames."""

_NAME: Final = "orders.xlsx"
"""What the workbook of DataFrames is called."""


def checked_input(source: OrdersInput, context: CheckContext) -> CheckResult:
    """Check a workbook, in a process of its own, or DataFrames, directly. Raises `InputError` and `UsageError`."""
    if isinstance(source, str | os.PathLike):
        return read_source(Path(source), context)[1]
    return check_tables(tables_of(source), context)


def checked_source(source: OrdersInput, context: CheckContext, results: Path) -> tuple[Source, CheckResult]:
    """Check the same, and return it as a run keeps it: of DataFrames the workbook of their texts, as if it were in `results`."""
    if isinstance(source, str | os.PathLike):
        return read_source(Path(source), context)
    checked = check_tables(tables_of(source), context)
    tables = checked.tables
    sheets = [table for table in (tables.orders, tables.customers, tables.products) if table is not None]
    return Source(path=private_folder(results) / _NAME, content=plain_workbook(sheets)), checked
