"""The user's own workbook back: results and problems added to a copy of it, everything else in it as it was.

The copy is made part by part. Charts, pictures, formulas, drop-downs, comments and sheets that are not ours stay byte for
byte; where that cannot be promised `UnsafeToPatch` says why, and a new workbook has to be made.
"""

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from bulk_orders.core.model import Problem, SheetRole, SheetTable
from bulk_orders.core.report import RunReport
from bulk_orders.errors import UnsafeToPatch
from bulk_orders.writing.marks import CHECK_FIELDS
from bulk_orders.writing.new_book.checked import CHECKED_FIX, mark_of_check
from bulk_orders.writing.new_book.results import RESULTS_FIX
from bulk_orders.writing.own_copy.batches import all_batches
from bulk_orders.writing.own_copy.isolated import in_child
from bulk_orders.writing.own_copy.our_sheets import checked_told, results_told
from bulk_orders.writing.own_copy.told import CheckFindings, OtherSheetsWanted
from bulk_orders.writing.saving import Replace, publish

Add = Callable[..., None]
"""Calls a function with a file, a workbook's bytes and what the function is told, as `isolated.in_child` does."""


def write_results_into(
    path: Path, source: bytes, report: RunReport, *, replace: Replace = os.replace, add: Add = in_child
) -> Path:
    """Write a copy of the workbook that was run, with the results in it, and return where it really is.

    `source` are its bytes as they were when it was run. Raises `UnsafeToPatch` and `ResultsNotWritten`.
    """
    _refuse_csv(source)
    return publish(
        path,
        partial(_fill_results, add, source, report),
        mark=report.run_id,
        last_rows={},
        streams=True,
        fix=RESULTS_FIX.format(run=report.run_id),
        replace=replace,
    )


def write_checked_into(
    path: Path,
    source: bytes,
    orders: SheetTable,
    customers: SheetTable | None,
    products: SheetTable | None,
    problems: Sequence[Problem],
    row_states: Mapping[int, str],
    *,
    source_name: str = "",
    replace: Replace = os.replace,
    add: Add = in_child,
) -> Path:
    """Write a copy of the workbook that was checked, with the problems in it, and return where it really is.

    `source` are its bytes as they were read, the tables what was read. Raises `UnsafeToPatch` and `ResultsNotWritten`.
    """
    _refuse_csv(source)
    source_name = source_name or f"{path.stem.removesuffix('.checked')}{path.suffix}"
    tables = {SheetRole.ORDERS: orders, SheetRole.CUSTOMERS: customers, SheetRole.PRODUCTS: products}
    mark = mark_of_check(source_name)
    found = CheckFindings(
        tables={role: table for role, table in tables.items() if table is not None},
        problems=problems,
        row_states=row_states,
        source_name=source_name,
        mark=mark,
    )
    return publish(
        path,
        partial(_fill_checked, add, source, found),
        mark=mark,
        last_rows={},
        streams=True,
        fix=CHECKED_FIX,
        replace=replace,
    )


def _refuse_csv(source: bytes) -> None:
    """Refuse at once what is no zip: its first two bytes say so, and no process need be started for that."""
    if not source.startswith(b"PK"):
        raise UnsafeToPatch("it is a CSV file, which has no room for results and colours")


def _fill_results(add: Add, source: bytes, report: RunReport, file: BinaryIO) -> None:
    function = "bulk_orders.writing.own_copy.results:fill_results"

    def fill(*, counts_from_1904: bool) -> None:
        told = results_told(report, counts_from_1904=counts_from_1904)
        batches = all_batches(report, counts_from_1904=counts_from_1904)
        add(function, told, source, file, batches, len(report.rows) + len(report.attempts))

    with _no_search_for_garbage():
        try:
            fill(counts_from_1904=False)
        except OtherSheetsWanted:  # old workbooks of the Mac
            fill(counts_from_1904=True)


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Do not look for circular garbage meanwhile: hardly any is made, and every look goes through all rows of the report."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _fill_checked(add: Add, source: bytes, found: CheckFindings, file: BinaryIO) -> None:
    function = "bulk_orders.writing.own_copy.checked:fill_checked"
    is_like_ours = any(
        column.field in CHECK_FIELDS for table in found.tables.values() for column in table.columns
    )
    try:
        add(function, checked_told(found, has_live_check=is_like_ours), source, file)
    except OtherSheetsWanted:
        add(function, checked_told(found, has_live_check=not is_like_ours), source, file)
