"""Results in a copy of the user's own workbook: result columns beside their data, marks on their cells, sheets of ours."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.core.model import SheetTable
from bulk_orders.core.our_marks import HEADER_NOTES
from bulk_orders.core.report import tables_of
from bulk_orders.machine.isolation import ByteSource
from bulk_orders.ooxml.addresses import column_index
from bulk_orders.ooxml.cell_xml import text_value
from bulk_orders.ooxml.headers import header_texts
from bulk_orders.ooxml.moved_sheets import MovedSheets
from bulk_orders.ooxml.own_book import SheetPart
from bulk_orders.ooxml.row_patcher import ColumnsTaken, NewValue, RowChanges, furthest_column
from bulk_orders.ooxml.sheet_edit import SheetPlan
from bulk_orders.writing import check_column
from bulk_orders.writing.book_properties import RESULTS_KIND
from bulk_orders.writing.marks import CHECK_FIELDS
from bulk_orders.writing.outcome_labels import LABELS
from bulk_orders.writing.own_copy.attempts import with_more_attempts
from bulk_orders.writing.own_copy.edit import WorkbookEdit, always
from bulk_orders.writing.own_copy.result_cells import HEADERS, ResultCells, new_columns
from bulk_orders.writing.own_copy.told import (
    LEARNED_SHEET,
    SLOW_ATTEMPTS,
    STYLES_SHEET,
    AttemptBatch,
    OtherSheetsWanted,
    ResultBatch,
    ResultsTold,
)
from bulk_orders.writing.own_copy.transfer import Pieces, received


def fill_results(file: BinaryIO, source: bytes, told: ResultsTold, more: ByteSource) -> None:
    """Write the bytes of the workbook with the results in it; the batches of `told` are in `more`.

    Raises `UnsafeToPatch` and `OtherSheetsWanted`.
    """
    pieces = Pieces(more)
    try:
        _Results(source, told, pieces, first_free=0).write(file)
    except ColumnsTaken:
        # Something of the user's is beside the data, in a column without a header: ours go beside that.
        file.seek(0)
        file.truncate()
        book = WorkbookEdit(source).book
        orders = told.report.orders
        chunks = book.package.chunks(book.sheet(orders.name).part)
        first_free = 1 + furthest_column(chunks, orders.header_row)
        _Results(source, told, pieces, first_free=first_free).write(file)


class _Results:
    def __init__(self, source: bytes, told: ResultsTold, pieces: Pieces, *, first_free: int) -> None:
        self._told = told
        self._pieces = pieces
        self._report = told.report
        self._additions = WorkbookEdit(source)
        if self._additions.book.counts_from_1904 != told.counts_from_1904:
            raise OtherSheetsWanted
        self._sheets = told.sheets_made()
        self._first_free = first_free

    def write(self, file: BinaryIO) -> None:
        report, additions = self._report, self._additions
        additions.look_at(report.orders)
        names: dict[str, str] = {}
        for wished in (sheet_names.SUMMARY, sheet_names.ATTEMPTS, sheet_names.RUN_INFO):
            names[wished] = additions.name_for(wished, names.values())
        moved = MovedSheets(additions.book, self._sheets)
        styles = _named_styles(moved)
        additions.take_looks(styles)
        marks = self._told.marks
        for table in tables_of(report).values():
            if table is report.orders:
                self._change_orders(table, marks.get(table.name, {}), styles)
            elif table.name in marks or additions.is_ours:
                changes, notes = additions.row_changes(table, marks.get(table.name, {}))
                additions.edit(table.name, SheetPlan(changes=changes, notes=notes))
        additions.leave_front()
        additions.describe(kind=RESULTS_KIND, mark=report.run_id, sheets=names.values())
        summary = moved.move(sheet_names.SUMMARY, called=names[sheet_names.SUMMARY], in_front=True)
        attempts = moved.move(sheet_names.ATTEMPTS, called=names[sheet_names.ATTEMPTS])
        info = moved.move(sheet_names.RUN_INFO, called=names[sheet_names.RUN_INFO])
        if self._told.attempts > SLOW_ATTEMPTS:
            learned = moved.sheet(LEARNED_SHEET)
            attempts = with_more_attempts(
                additions.book, attempts, self._told, self._attempt_batches(), learned, styles["quoted"]
            )
        additions.write(file, [summary], [attempts, info])

    def _change_orders(self, table: SheetTable, marks: Mapping[int, Any], styles: Mapping[str, int]) -> None:
        additions, book = self._additions, self._additions.book
        sheet = book.sheet(table.name)
        there = additions.result_columns
        positions = dict(there)
        after = max(there.values(), default=-1)
        number = len(RESULT_COLUMNS) - len(there)
        free = additions.first_free_column(table, max(self._first_free, after + 1), number)
        for name, _ in RESULT_COLUMNS:
            if name not in positions:
                positions[name] = free
                free += 1
        added = {name: column for name, column in positions.items() if name not in there}
        cells = ResultCells(self._told, self._result_batch, positions, styles)
        changes, notes = additions.row_changes(table, marks)
        changes.ours = cells.row
        changes.owned = frozenset(positions.values())
        changes.are_new = not there
        if additions.has_own_check:
            self._change_check(table, changes, styles)
        if additions.is_made_anew and table.header_row > 2:  # noqa: PLR2004 - title and legend stand in rows 1 and 2
            title, legend = self._told.preface
            changes.values = {**changes.values, 1: {0: text_value(title)}, 2: {0: text_value(legend)}}
        if additions.is_template:
            self._explain_check(sheet, table.header_row - 1, changes)
        notes |= {(table.header_row, positions[name]): text for name, text in HEADER_NOTES.items()}
        last_row = max(table.sheet_rows, default=table.header_row)
        first = min([column_index(column.letter) for column in table.columns], default=0)
        plan = SheetPlan(
            changes=changes,
            notes=notes,
            columns=new_columns(added),
            filtered=(table.header_row, first, last_row, max(positions.values())),
        )
        if added:
            headers = {column: HEADERS[name] for name, column in added.items()}
            additions.let_tables_reach(sheet, headers, table.header_row)
        additions.print_on_two_pages(table, plan)
        additions.edit(table.name, plan)

    def _result_batch(self, number: int) -> ResultBatch:
        return received(ResultBatch, self._pieces[number])

    def _attempt_batches(self) -> Iterator[AttemptBatch]:
        first = len(self._told.last_rows)
        for number in range(first, first + self._told.attempt_batches):
            yield received(AttemptBatch, self._pieces[number])

    def _explain_check(self, sheet: SheetPart, legend_row: int, changes: RowChanges) -> None:
        """Let the template's legend say what the column Check is about, unless somebody wrote another one."""
        if header_texts(self._additions.book, sheet, legend_row).get(0) == check_column.ORDERS_LEGEND:
            changes.values = {**changes.values, legend_row: {0: text_value(check_column.CHECK_IN_RESULTS)}}

    def _change_check(self, table: SheetTable, changes: RowChanges, styles: Mapping[str, int]) -> None:
        letters = [column.letter for column in table.columns if column.field in CHECK_FIELDS]
        if not letters:
            return
        column = column_index(letters[0])
        values: dict[int, dict[int, NewValue]] = {}
        painted = {row: dict(by_column) for row, by_column in changes.marks.items()}
        for outcome, rows in self._told.rows_by_outcome.items():
            label = LABELS[outcome]
            style = styles[f"outcome {label.colours.fill}"]
            for row in rows:
                values[row] = {column: text_value(label.text)}
                painted.setdefault(row, {})[column] = always(style)
        changes.values, changes.marks = values, painted


def _named_styles(moved: MovedSheets, sheet: str = STYLES_SHEET) -> dict[str, int]:
    return styles_by_name(moved.sheet(sheet))


def styles_by_name(xml: bytes) -> dict[str, int]:
    """Return the styles that `write_styles` wrote down."""
    found = re.findall(rb'<c r="A\d+" s="(\d+)" t="inlineStr"><is><t[^<>]*>([^<]*)</t>', xml)
    return {name.decode(): int(style) for style, name in found}
