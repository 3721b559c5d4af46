"""The user's own workbook back: results and problems added to a copy of it, everything else in it as it was.

The copy is made part by part. Charts, pictures, formulas, drop-downs, comments and sheets that are not ours stay byte for
byte; where that cannot be promised `UnsafeToPatch` says why, and the workbook is to be made anew.
"""

import gc
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bulk_orders.core.model import Problem, SheetRole, SheetTable
from bulk_orders.core.report import RunReport
from bulk_orders.texts import workbook_files as words
from bulk_orders.writing.new_book.checked import mark_of_check
from bulk_orders.writing.own_copy.checked import Findings, fill_checked
from bulk_orders.writing.own_copy.results import fill_results
from bulk_orders.writing.saving import Replace, publish


def write_results_into(
    path: Path, source: bytes, report: RunReport, *, replace: Replace = os.replace
) -> Path:
    """Write a copy of the workbook that was run, with the results in it, and return where it really is.

    `source` are its bytes as they were when it was run. Raises `UnsafeToPatch` and `ResultsNotWritten`.
    """
    with _no_search_for_garbage():
        return publish(
            path,
            lambda file: fill_results(file, source, report),
            mark=report.run_id,
            last_rows={},
            streams=True,
            fix=words.RESULTS_FIX.format(run=report.run_id),
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
) -> Path:
    """Write a copy of the workbook that was checked, with the problems in it, and return where it really is.

    `source` are its bytes as they were read, the tables what was read. Raises `UnsafeToPatch` and `ResultsNotWritten`.
    """
    source_name = source_name or f"{path.stem.removesuffix('.checked')}{path.suffix}"
    tables = {SheetRole.ORDERS: orders, SheetRole.CUSTOMERS: customers, SheetRole.PRODUCTS: products}
    mark = mark_of_check(source_name)
    found = Findings(
        tables={role: table for role, table in tables.items() if table is not None},
        problems=problems,
        row_states=row_states,
        source_name=source_name,
        mark=mark,
    )
    with _no_search_for_garbage():
        return publish(
            path,
            lambda file: fill_checked(file, source, found),
            mark=mark,
            last_rows={},
            streams=True,
            fix=words.CHECKED_FIX,
            replace=replace,
        )


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
