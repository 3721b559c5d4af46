"""The sheets of ours that go into somebody's workbook, made as a workbook of their own: what takes the other apart gets them ready."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from bulk_orders.core import sheet_names
from bulk_orders.core.model import SheetTable
from bulk_orders.core.report import RunReport
from bulk_orders.writing.formats import Formats
from bulk_orders.writing.new_book.book import CREATED, new_book
from bulk_orders.writing.new_book.checked import CHECKED_KIND, headline_of_check
from bulk_orders.writing.new_book.problems_sheet import ProblemsPage, in_listing_order, write_problems
from bulk_orders.writing.new_book.results import RESULTS_KIND, tables_of
from bulk_orders.writing.new_book.run_sheets import write_attempts, write_run_info
from bulk_orders.writing.new_book.summary_sheet import write_summary
from bulk_orders.writing.own_copy.attempts import SLOW_ATTEMPTS
from bulk_orders.writing.own_copy.edit import mark_formats
from bulk_orders.writing.own_copy.result_cells import result_formats
from bulk_orders.writing.own_copy.told import (
    LEARNED_SHEET,
    STYLES_SHEET,
    CheckedTold,
    CheckFindings,
    ResultsTold,
)
from bulk_orders.writing.palette import BAD, DOUBT, GOOD, GREY, RESULT_HEADER


def results_told(report: RunReport, *, counts_from_1904: bool) -> ResultsTold:
    """Return what is written into a copy of a workbook that was run, with the sheets made."""
    file = BytesIO()
    book = new_book(file, kind=RESULTS_KIND, mark="", title="", created=report.written_at, row_by_row=True)
    book.date_1904 = counts_from_1904
    formats = Formats(book)
    names = {table.name: table.name for table in tables_of(report).values()}
    write_summary(book, book.add_worksheet(sheet_names.SUMMARY), formats, report, names)
    shown = report.attempts[:SLOW_ATTEMPTS]
    write_attempts(book.add_worksheet(sheet_names.ATTEMPTS), formats, shown, report.orders.name)
    write_run_info(book.add_worksheet(sheet_names.RUN_INFO), formats, report)
    write_styles(book.add_worksheet(STYLES_SHEET), {**result_formats(formats), **mark_formats(formats)})
    if len(report.attempts) > SLOW_ATTEMPTS:
        kinds = {attempt.verdict: attempt for attempt in report.attempts}
        write_attempts(book.add_worksheet(LEARNED_SHEET), formats, [*kinds.values()], report.orders.name)
    book.close()
    lean = replace(
        report,
        orders=_without_cells(report.orders),
        customers=_without_cells(report.customers) if report.customers else None,
        products=_without_cells(report.products) if report.products else None,
        failures=(),
        attempts=report.attempts if len(report.attempts) > SLOW_ATTEMPTS else (),
    )
    return ResultsTold(report=lean, counts_from_1904=counts_from_1904, sheets=_as_text(file))


def checked_told(found: CheckFindings, *, has_live_check: bool) -> CheckedTold:
    """Return what is written into a copy of a workbook that was checked, with the sheets made."""
    file = BytesIO()
    book = new_book(file, kind=CHECKED_KIND, mark="", title="", created=CREATED, row_by_row=True)
    formats = Formats(book)
    problems = in_listing_order(found.problems)
    tables = list(found.tables.values())
    page = ProblemsPage(
        headline=headline_of_check(found.row_states, problems),
        source_name=found.source_name,
        problems=problems,
        names={table.name: table.name for table in tables},
        tables=tables,
        has_live_check=has_live_check,
    )
    write_problems(book.add_worksheet(sheet_names.PROBLEMS), formats, page)
    looks = {f"status {colours.fill}": formats(colours) for colours in (GOOD, BAD, DOUBT, GREY)}
    looks["header"] = formats.header(RESULT_HEADER)
    write_styles(book.add_worksheet(STYLES_SHEET), {**looks, **mark_formats(formats)})
    book.close()
    lean = replace(found, tables={role: _without_cells(table) for role, table in found.tables.items()})
    return CheckedTold(found=lean, has_live_check=has_live_check, sheets=_as_text(file))


def write_styles(sheet: Any, formats: Mapping[str, Any]) -> None:
    """Write one cell for each format, so that its style gets a number; the sheet itself is thrown away."""
    for row, (name, style) in enumerate(formats.items()):
        sheet.write_string(row, 0, name, style)


def _as_text(file: BytesIO) -> str:
    return b64encode(file.getbuffer()).decode()


def _without_cells(table: SheetTable) -> SheetTable:
    """Return a table without what is in the workbook itself."""
    return replace(table, cells=[], notes={}, shown={}, hidden_rows=frozenset())
