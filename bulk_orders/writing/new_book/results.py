"""The results workbook: the input workbook plus what became of each row, so that it can be corrected and run again.

Knows values only; the ledger is where they come from, and from it the workbook can be written again at any time.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.table import RESULT_HEADERS
from bulk_orders.core.model import SheetRole, SheetTable
from bulk_orders.core.our_marks import OTHERS_LEGEND, RESULTS_LEGEND
from bulk_orders.core.report import ResultRow, RunReport, tables_of
from bulk_orders.core.summary import Outcome
from bulk_orders.core.wording import plural
from bulk_orders.ooxml.cleaning import sheet_name
from bulk_orders.writing.book_properties import RESULTS_KIND
from bulk_orders.writing.drop_downs import write_lists
from bulk_orders.writing.formats import Formats
from bulk_orders.writing.marks import Mark
from bulk_orders.writing.new_book.book import new_book
from bulk_orders.writing.new_book.data_sheets import DataSheet, RowStatus, write_data_sheet
from bulk_orders.writing.new_book.result_columns import result_columns
from bulk_orders.writing.new_book.run_sheets import write_attempts, write_run_info
from bulk_orders.writing.new_book.summary_sheet import headline, write_summary
from bulk_orders.writing.outcome_labels import LABELS
from bulk_orders.writing.saving import Replace, probe, publish

__all__ = [
    "RESULTS_KIND",
    "marks_of_rows",
    "plan_path",
    "preface",
    "probe",
    "results_path",
    "tables_of",
    "write_results",
]

_OWN_SHEETS: Final = (sheet_names.SUMMARY, sheet_names.ATTEMPTS, sheet_names.RUN_INFO, sheet_names.LISTS)
_MADE_BY_US: Final = re.compile(r"\.(?:checked|(?:results|plan)-\d{8}-\d{4})(?: \(\d+\))?$")
_GREYED: Final = frozenset({Outcome.SKIPPED, Outcome.DROPPED})

Marked = dict[str, dict[int, dict[str, Mark]]]
"""By sheet, row and column letters."""
RESULTS_FIX: Final = (
    "The orders are safe. Make room, or write it elsewhere: bulk-orders report {run} -o FOLDER"
)


def results_path(source: Path, run_started: datetime) -> Path:
    """Return where the results go: `orders.xlsx` gives `orders.results-20261122-0215.xlsx` beside it, in UTC.

    A checked or results workbook that comes in gives the name that its first workbook gave.
    """
    return _beside(source, "results", run_started)


def plan_path(source: Path, made_at: datetime) -> Path:
    """Return where the plan workbook goes, in the same way: `orders.plan-20261122-1715.xlsx`."""
    return _beside(source, "plan", made_at)


def _beside(source: Path, kind: str, moment: datetime) -> Path:
    stem = _MADE_BY_US.sub("", source.stem)
    path = source.with_name(f"{stem}.{kind}-{moment.astimezone(UTC):%Y%m%d-%H%M}.xlsx")
    return path if path != source else path.with_name(f"{path.stem} (2).xlsx")


def write_results(path: Path, report: RunReport, *, replace: Replace = os.replace) -> Path:
    """Write the results workbook and return where it really is.

    A file that is open in Excel, is not this run's, or was saved by somebody since, stays as it is, and the workbook gets a number after
    its name. Raises `ResultsNotWritten`, which loses nothing.
    """
    names = _sheet_names(report)

    def fill(file: BinaryIO) -> None:
        _fill(file, report, names)

    return publish(
        path,
        fill,
        mark=report.run_id,
        last_rows={
            names[table.name]: max(table.sheet_rows, default=table.header_row)
            for table in tables_of(report).values()
        },
        fix=RESULTS_FIX.format(run=report.run_id),
        replace=replace,
    )


def _fill(file: BinaryIO, report: RunReport, names: Mapping[str, str]) -> None:
    # In the properties of the file.
    book = new_book(
        file,
        kind=RESULTS_KIND,
        mark=report.run_id,
        title="Results of run {run}".format(run=report.run_id),
        created=report.written_at,
        row_by_row=True,
    )
    formats = Formats(book)
    summary = book.add_worksheet(sheet_names.SUMMARY)
    sheets = {role: book.add_worksheet(names[table.name]) for role, table in tables_of(report).items()}
    write_summary(book, summary, formats, report, names)
    _write_data(sheets, formats, report)
    write_attempts(
        book.add_worksheet(sheet_names.ATTEMPTS), formats, report.attempts, names[report.orders.name]
    )
    write_run_info(book.add_worksheet(sheet_names.RUN_INFO), formats, report)
    write_lists(book, book.add_worksheet(sheet_names.LISTS), formats)
    book.close()


def _write_data(sheets: Mapping[SheetRole, Any], formats: Formats, report: RunReport) -> None:
    marks = marks_of_rows(report.rows, report.orders)
    tables = tables_of(report)
    for role, sheet in sheets.items():
        table = tables[role]
        is_orders = role is SheetRole.ORDERS
        plan = DataSheet(
            table=table,
            role=role,
            title=preface(report, table)[0],
            legend=preface(report, table)[1],
            marks=marks.get(table.name, {}),
            statuses=_statuses(report.rows) if is_orders else {},
            greyed=frozenset(row.sheet_row for row in report.rows if row.outcome in _GREYED)
            if is_orders
            else frozenset(),
            left_out=RESULT_HEADERS if is_orders else frozenset(),
            extra=result_columns(sheet, formats, report) if is_orders else None,
        )
        write_data_sheet(sheet, formats, plan)


def preface(report: RunReport, table: SheetTable) -> tuple[str, str]:
    """Return title and legend above the headers of a sheet that we made."""
    if table is report.orders:
        title = "{sheet}: results of run {run}".format(sheet=table.name, run=report.run_id)
        return title, RESULTS_LEGEND.format(headline=headline(report))
    return table.name, OTHERS_LEGEND


def _sheet_names(report: RunReport) -> dict[str, str]:
    """Return the names in this workbook by those in the input: a name of ours is not free, and a CSV's may be too long."""
    taken = list(_OWN_SHEETS)
    names: dict[str, str] = {}
    for table in tables_of(report).values():
        names[table.name] = sheet_name(table.name, taken)
        taken.append(names[table.name])
    return names


def _statuses(rows: Iterable[ResultRow]) -> dict[int, RowStatus]:
    return {
        row.sheet_row: RowStatus(text=LABELS[row.outcome].text, colours=LABELS[row.outcome].colours)
        for row in rows
    }


def marks_of_rows(rows: Iterable[ResultRow], orders: SheetTable) -> Marked:
    """Return what the cells named by rows say: one cell of a customer may stop several orders."""
    rows_by_cell: dict[str, list[ResultRow]] = defaultdict(list)
    for row in rows:
        for cell in row.marked_cells:
            rows_by_cell[cell].append(row)
    marks: Marked = defaultdict(lambda: defaultdict(dict))
    for cell, named_by in rows_by_cell.items():
        sheet, _, address = cell.rpartition("!")
        letters = address.rstrip("0123456789")
        number = int(address[len(letters) :] or 0)
        sentence = f"{named_by[0].message} {named_by[0].how_to_fix}".strip()
        if len(named_by) > 1 or sheet != orders.name:
            rows_named = plural(len(named_by), "{sheet} row {rows}", "{sheet} rows {rows}")
            sentence += "\n" + rows_named.format(sheet=orders.name, rows=_row_list(named_by))
        marks[sheet.strip("'")][number][letters] = Mark(sentence=sentence)
    return marks


def _row_list(rows: list[ResultRow]) -> str:
    shown = 10
    numbers = ", ".join(str(row.sheet_row) for row in rows[:shown])
    if len(rows) <= shown:
        return numbers
    return "{rows} and {number:,} more".format(rows=numbers, number=len(rows) - shown)
