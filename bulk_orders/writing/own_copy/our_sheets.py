"""The sheets of ours that go into somebody's workbook, made as a workbook of their own: what takes the other apart gets them ready."""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from bulk_orders.core import sheet_names
from bulk_orders.core.model import SheetTable
from bulk_orders.core.report import RunReport, tables_of
from bulk_orders.core.summary import Outcome
from bulk_orders.writing.book_properties import CHECKED_KIND, RESULTS_KIND
from bulk_orders.writing.cells import LINKED_ROWS
from bulk_orders.writing.formats import MOMENT, MONEY, Formats
from bulk_orders.writing.marks import CHECK_FIELDS, MARK_LOOKS
from bulk_orders.writing.new_book.book import CREATED, new_book
from bulk_orders.writing.new_book.checked import headline_of_check
from bulk_orders.writing.new_book.problems_sheet import ProblemsPage, in_listing_order, write_problems
from bulk_orders.writing.new_book.results import marks_of_rows, preface
from bulk_orders.writing.new_book.run_sheets import write_attempts, write_run_info
from bulk_orders.writing.new_book.summary_sheet import write_summary
from bulk_orders.writing.outcome_labels import LABELS
from bulk_orders.writing.own_copy.batches import last_rows, number_of_attempt_batches
from bulk_orders.writing.own_copy.told import (
    LEARNED_SHEET,
    SLOW_ATTEMPTS,
    STYLES_SHEET,
    CheckedTold,
    CheckFindings,
    ResultsTold,
)
from bulk_orders.writing.palette import BAD, CLOSED, DOUBT, GOOD, GREY, MACHINE_HEADER, RESULT_HEADER


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
    kinds = {attempt.verdict: attempt for attempt in report.attempts}
    if len(report.attempts) > SLOW_ATTEMPTS:
        write_attempts(book.add_worksheet(LEARNED_SHEET), formats, [*kinds.values()], report.orders.name)
    book.close()
    return ResultsTold(
        report=_lean(report),
        counts_from_1904=counts_from_1904,
        sheets=_as_text(file),
        preface=preface(report, report.orders),
        marks=marks_of_rows(report.rows, report.orders),
        rows_by_outcome=_rows_by_outcome(report),
        last_rows=last_rows(report.rows),
        linked_rows=[attempt.sheet_row for attempt in report.attempts[SLOW_ATTEMPTS:LINKED_ROWS]],
        attempts=len(report.attempts),
        attempt_batches=number_of_attempt_batches(len(report.attempts)),
        verdicts=[*kinds],
    )


def _lean(report: RunReport) -> RunReport:
    """Return a report without rows and attempts, and without what is in the workbook itself."""
    orders = report.orders
    return replace(
        report,
        orders=replace(_without_cells(orders), sheet_rows=tuple(orders.sheet_rows[-1:])),
        customers=_without_cells(report.customers) if report.customers else None,
        products=_without_cells(report.products) if report.products else None,
        failures=(),
        rows=(),
        attempts=(),
    )


def _rows_by_outcome(report: RunReport) -> dict[Outcome, list[int]]:
    """Return the rows for which a column Check has something to say."""
    found: dict[Outcome, list[int]] = defaultdict(list)
    if any(column.field in CHECK_FIELDS for column in report.orders.columns):
        for row in report.rows:
            found[row.outcome].append(row.sheet_row)
    return found


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


def result_formats(formats: Formats) -> dict[str, Any]:
    """Return the formats of the cells by what they are for; no lines and no fills: the sheet is the user's."""
    found = {
        "text": formats(),
        "quoted": formats(quote_prefix=True),
        "wrapped": formats(text_wrap=True),
        "wrapped quoted": formats(text_wrap=True, quote_prefix=True),
        "number": formats(align="right", indent=1),
        "money": formats(num_format=MONEY, align="right", indent=1),
        "moment": formats(num_format=MOMENT, align="left"),
        "soon": formats(DOUBT, num_format=MOMENT, align="left", bold=True),
        "closed": formats(CLOSED, num_format=MOMENT, align="left"),
        "header": formats.header(RESULT_HEADER),
        "machine header": formats.header(MACHINE_HEADER),
    }
    for label in LABELS.values():
        found[f"outcome {label.colours.fill}"] = formats(label.colours, bold=True)
    return found


def mark_formats(formats: Formats) -> dict[str, object]:
    """Return the formats of cells that have a problem, by severity."""
    return {
        f"mark {severity}": formats(colours, border=2, border_color=border)
        for severity, (colours, border) in MARK_LOOKS.items()
    }


def write_styles(sheet: Any, formats: Mapping[str, Any]) -> None:
    """Write one cell for each format, so that its style gets a number; the sheet itself is thrown away."""
    for row, (name, style) in enumerate(formats.items()):
        sheet.write_string(row, 0, name, style)


def _as_text(file: BytesIO) -> str:
    return b64encode(file.getbuffer()).decode()


def _without_cells(table: SheetTable) -> SheetTable:
    """Return a table without what is in the workbook itself."""
    return replace(table, cells=[], notes={}, shown={}, hidden_rows=frozenset())
