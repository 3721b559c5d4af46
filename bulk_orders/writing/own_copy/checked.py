"""Problems in a copy of the user's own workbook: their cells marked and explained, and a sheet that lists them."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetRole, SheetTable
from bulk_orders.core.our_marks import CHECKED_LEGEND, CHECKED_TITLE
from bulk_orders.ooxml.addresses import column_index, column_letters
from bulk_orders.ooxml.cell_xml import cell_start, text_cell, text_value
from bulk_orders.ooxml.columns import NewColumn
from bulk_orders.ooxml.moved_sheets import MovedSheets
from bulk_orders.ooxml.own_book import in_quotes
from bulk_orders.ooxml.row_patcher import ColumnsTaken, NewValue, RowChanges, furthest_column
from bulk_orders.ooxml.sheet_edit import CellLink, SheetPlan
from bulk_orders.writing import check_column
from bulk_orders.writing.book_properties import CHECKED_KIND
from bulk_orders.writing.cells import LINKS_PER_SHEET
from bulk_orders.writing.drop_downs import YES_NO_COLUMN, labels
from bulk_orders.writing.marks import CHECK_FIELDS
from bulk_orders.writing.new_book.checked import marks_of_problems, row_statuses
from bulk_orders.writing.new_book.data_sheets import RowStatus
from bulk_orders.writing.new_book.problems_sheet import in_listing_order
from bulk_orders.writing.own_copy.edit import YES_NO, Marks, WorkbookEdit, always
from bulk_orders.writing.own_copy.results import styles_by_name
from bulk_orders.writing.own_copy.told import STYLES_SHEET, CheckedTold, OtherSheetsWanted

CHECK_HEADER: Final = column(SheetRole.ORDERS, "check").header
_CHECK_WIDTH: Final = 20


def fill_checked(file: BinaryIO, source: bytes, told: CheckedTold) -> None:
    """Write the bytes of the workbook with the problems in it. Raises `UnsafeToPatch`."""
    try:
        _Checked(source, told, first_free=0).write(file)
    except ColumnsTaken:
        file.seek(0)
        file.truncate()
        book = WorkbookEdit(source).book
        orders = told.found.tables[SheetRole.ORDERS]
        furthest = furthest_column(book.package.chunks(book.sheet(orders.name).part), orders.header_row)
        _Checked(source, told, first_free=1 + furthest).write(file)


class _Checked:
    def __init__(self, source: bytes, told: CheckedTold, *, first_free: int) -> None:
        self._additions = WorkbookEdit(source)
        self._told = told
        found = self._found = told.found
        self._problems = in_listing_order(found.problems)
        self._first_free = first_free
        self._name = self._additions.name_for(sheet_names.PROBLEMS)
        self._check = ""

    def write(self, file: BinaryIO) -> None:
        additions, found = self._additions, self._found
        additions.look_at(found.tables[SheetRole.ORDERS])
        if (additions.is_template and not additions.has_own_check) != self._told.has_live_check:
            raise OtherSheetsWanted
        moved = MovedSheets(additions.book, self._told.sheets_made())
        styles = styles_by_name(moved.sheet(STYLES_SHEET))
        additions.take_looks(styles)
        for role, table in found.tables.items():
            states = found.row_states if role is SheetRole.ORDERS else {}
            statuses = row_statuses(role, table, self._problems, states)
            marks = marks_of_problems(table, self._problems)
            plan = self._plan(role, table, marks, statuses, styles)
            if plan.notes or plan.links or plan.columns or plan.changes.values or additions.is_ours:
                additions.edit(table.name, plan)
        additions.leave_front()
        additions.describe(kind=CHECKED_KIND, mark=found.mark, sheets=[self._name], check=self._check)
        xml = moved.sheet(sheet_names.PROBLEMS)
        # What a drop-down of Yes and No refers to here.
        yes_no = YES_NO if additions.is_template else f'"{",".join(labels(YES_NO_COLUMN))}"'
        xml = xml.replace(b"<formula1>L_YesNo</formula1>", b"<formula1>%s</formula1>" % yes_no.encode())
        sheet = moved.move(sheet_names.PROBLEMS, called=self._name, xml=xml, in_front=True)
        additions.write(file, [sheet], [])

    def _plan(
        self,
        role: SheetRole,
        table: SheetTable,
        marks: Marks,
        statuses: Mapping[int, RowStatus],
        styles: Mapping[str, int],
    ) -> SheetPlan:
        additions = self._additions
        changes, notes = additions.row_changes(table, marks)
        plan = SheetPlan(changes=changes, notes=notes)
        letters = [column.letter for column in table.columns if column.field in CHECK_FIELDS]
        if letters:
            check = column_index(letters[0])
            if additions.has_own_check:
                _write_statuses(changes, check, statuses, styles)
        elif role is SheetRole.ORDERS and _has_targets(statuses):
            check = self._add_check(table, plan, statuses, styles)
        else:
            return plan
        plan.links = tuple(self._links(check, statuses))
        if additions.is_made_anew and table.header_row > 2:  # noqa: PLR2004 - title and legend stand in rows 1 and 2
            title, legend = CHECKED_TITLE.format(name=table.name), CHECKED_LEGEND
            changes.values = {**changes.values, 1: {0: text_value(title)}, 2: {0: text_value(legend)}}
        return plan

    def _links(self, check: int, statuses: Mapping[int, RowStatus]) -> Iterator[CellLink]:
        targets = [(row, status.target) for row, status in statuses.items() if status.target]
        for row, target in targets[:LINKS_PER_SHEET]:
            cell = target.rpartition("!")[2]
            location = f"{in_quotes(self._name)}!{cell}"
            yield CellLink(place=(row, check), location=location, tip=check_column.GO_TO_FIRST_PROBLEM)

    def _add_check(
        self,
        table: SheetTable,
        plan: SheetPlan,
        statuses: Mapping[int, RowStatus],
        styles: Mapping[str, int],
    ) -> int:
        """Add a column that says how each row stands, where the user's sheet has none; return where."""
        additions = self._additions
        sheet = additions.book.sheet(table.name)
        column = additions.first_free_column(table, self._first_free, 1)
        start = cell_start(column_letters(column))
        header = f"{start}{table.header_row}{text_cell(styles['header'], CHECK_HEADER)}"

        def cell(row: int) -> tuple[bytes, float]:
            if row == table.header_row:
                return header.encode(), 0
            status = statuses.get(row)
            if status is None:
                return b"", 0
            style = styles[f"status {status.colours.fill}"]
            return f"{start}{row}{text_cell(style, status.text)}".encode(), 0

        plan.changes.ours, plan.changes.owned = cell, frozenset({column})
        plan.columns = {column: NewColumn(width=_CHECK_WIDTH)}
        last_row = max(table.sheet_rows, default=table.header_row)
        first = min([column_index(known.letter) for known in table.columns], default=0)
        plan.filtered = (table.header_row, first, last_row, column)
        additions.let_tables_reach(sheet, {column: CHECK_HEADER}, table.header_row)
        self._check = CHECK_HEADER
        return column


def _has_targets(statuses: Mapping[int, RowStatus]) -> bool:
    """Tell whether any row has something to be said about it."""
    return any(status.target for status in statuses.values())


def _write_statuses(
    changes: RowChanges, check: int, statuses: Mapping[int, RowStatus], styles: Mapping[str, int]
) -> None:
    """Write how each row stands into a column that is ours."""
    values: dict[int, dict[int, NewValue]] = {}
    painted = {row: dict(by_column) for row, by_column in changes.marks.items()}
    for row, status in statuses.items():
        style = styles[f"status {status.colours.fill}"]
        values[row] = {check: text_value(status.text)}
        painted.setdefault(row, {})[check] = always(style)
    changes.values, changes.marks = values, painted
