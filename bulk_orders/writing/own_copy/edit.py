"""What results and checked workbooks have in common when they are made in a copy of the user's own workbook.

Finds what an earlier run added, says where columns of ours may stand, and lets tables and filters of the user's reach over
them, so that sorting moves a row's results with the row.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from string import digits
from typing import BinaryIO, Final

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.core.model import Severity, SheetTable
from bulk_orders.core.our_marks import (
    ROWS_LOOKED_AT,
    is_result_sheet,
    is_titled_by_us,
    may_be_our_sheet,
    note_text,
)
from bulk_orders.ooxml.addresses import Place, column_index
from bulk_orders.ooxml.areas import Area, drawn_areas, meet, reference_of
from bulk_orders.ooxml.calculation_chain import forget_order, listed_formulas
from bulk_orders.ooxml.headers import first_rows, header_texts, usual_styles
from bulk_orders.ooxml.own_book import AddedSheet, OwnBook, SheetPart
from bulk_orders.ooxml.row_patcher import RowChanges
from bulk_orders.ooxml.sheet_edit import SheetEdit, SheetPlan, is_in_front, not_in_front
from bulk_orders.ooxml.styles import MarkLook
from bulk_orders.ooxml.tables import tables_of, widen_table
from bulk_orders.ooxml.xml_bytes import tag_attributes
from bulk_orders.writing.book_properties import (
    CHECKED_KIND,
    KIND_PROPERTY,
    RESULTS_KIND,
    RUN_PROPERTY,
    SAVED_PROPERTY,
    SCHEMA,
    SCHEMA_PROPERTY,
)
from bulk_orders.writing.cells import NOTES_PER_SHEET
from bulk_orders.writing.marks import CHECK_FIELDS, MARK_LOOKS, Mark
from bulk_orders.writing.row_states import are_states

SHEETS_PROPERTY: Final = "bulk_orders_sheets"
"""The names of the sheets that we added, with a stroke between them, which no name can have."""
BASE_PROPERTY: Final = "bulk_orders_base"
"""Whose workbook it was before we added to it."""
CHECK_PROPERTY: Final = "bulk_orders_check"
"""The header of a column Check that we added."""
OWN: Final = "the user's"
MADE_ANEW: Final = "made anew"

_OURS: Final = frozenset(
    {sheet_names.SUMMARY, sheet_names.ATTEMPTS, sheet_names.RUN_INFO, sheet_names.PROBLEMS}
)
_ROWS_OF_CHECK: Final = 20
_FORMULA_CELL: Final = re.compile(rb"(<(?:[\w.-]+:)?c\s[^<>]*>)\s*<(?:[\w.-]+:)?f[\s/>]")
_FOLDED: Final = tuple(header for name, header in RESULT_COLUMNS if name in {"row_key", "outcome_code"})
_NAMES_A_ROW: Final = ("reference", "customer_id")
_MADE_BY_US: Final = frozenset({RESULTS_KIND, CHECKED_KIND})
YES_NO: Final = "L_YesNo"
"""What the drop-down of Yes and No goes by in our template."""

Marks = Mapping[int, Mapping[str, Mark]]
"""By row number and column letters."""


def always(style: int) -> Callable[[int], int]:
    """Return what gives a cell this style, whatever it had."""
    return lambda _: style


class WorkbookEdit:
    """A copy of the user's workbook while we add to it."""

    def __init__(self, source: bytes) -> None:
        """Open the workbook. Raises `UnsafeToPatch` with the reason if nothing may be added."""
        self.book = OwnBook(source)
        properties = self.book.properties
        kind, base = properties.get(KIND_PROPERTY), properties.get(BASE_PROPERTY)
        added = self._sheets_added()
        is_said = bool(base) or kind in _MADE_BY_US
        self.is_ours = is_said or bool(added)
        """Whether results or problems were added before. Not every program keeps the properties that say so."""
        self.is_made_anew = base == MADE_ANEW or (not base and (kind in _MADE_BY_US or self._is_titled()))
        """Whether it was our own writing from the beginning: titles and Check column are ours too."""
        named = properties.get(SHEETS_PROPERTY).split("/") if base else _OURS if is_said else ()
        self.dead = added | frozenset(named) & {sheet.name for sheet in self.book.sheets}
        """Earlier sheets of ours, which are taken away."""
        self.has_own_check = self.is_made_anew or bool(properties.get(CHECK_PROPERTY))
        """Whether its column Check was written by us."""
        self.result_columns: Mapping[str, int] = {}
        """Where result columns of an earlier run are beside the orders, by name."""
        self.book.remove(self.dead)
        has_lists = any(sheet.name == sheet_names.LISTS for sheet in self.book.sheets)
        self.is_template = has_lists and YES_NO in self.book.defined_names
        """Whether it began as our template, so that its page is set up by us."""
        self._edits: dict[str, SheetEdit] = {}
        self._plans: dict[str, SheetPlan] = {}
        self._repeated: dict[str, str] = {}
        self._looks: dict[Severity, MarkLook] = {}
        self._known_marks: frozenset[int] = frozenset()

    def _sheets_added(self) -> frozenset[str]:
        """Return the sheets that say what only ours say."""
        sheets = [sheet for sheet in self.book.sheets if sheet.is_worksheet and may_be_our_sheet(sheet.name)]
        rows = first_rows(self.book, sheets, ROWS_LOOKED_AT)
        return frozenset(
            sheet.name
            for sheet, texts in zip(sheets, rows, strict=True)
            if is_result_sheet(sheet.name, texts)
        )

    def _is_titled(self) -> bool:
        sheets = [sheet for sheet in self.book.sheets if sheet.is_worksheet]
        return any(map(is_titled_by_us, first_rows(self.book, sheets, ROWS_LOOKED_AT - 1)))

    def look_at(self, orders: SheetTable) -> None:
        """Learn from the sheet of the orders itself what an earlier run added to it."""
        sheet = self.book.sheet(orders.name)
        self.result_columns = _result_columns(header_texts(self.book, sheet, orders.header_row))
        self.is_ours = self.is_ours or bool(self.result_columns)
        letters = [column.letter for column in orders.columns if column.field in CHECK_FIELDS]
        if letters and self.is_ours and not self.has_own_check:
            self.has_own_check = self._says_states(sheet, letters[0], orders.header_row)

    def _says_states(self, sheet: SheetPart, letters: str, header_row: int) -> bool:
        """Tell whether a column says how rows stand, and no formula works that out."""
        column = column_index(letters)
        (rows,) = first_rows(self.book, [sheet], header_row + _ROWS_OF_CHECK)
        if not are_states(row[column] for row in rows[header_row:] if column < len(row)):
            return False
        formulas = map(tag_attributes, _FORMULA_CELL.findall(self.book.first_chunk(sheet)))
        return all(about.get("r", "").rstrip(digits) != letters for about in formulas)

    def name_for(self, wished: str, besides: Iterable[str] = ()) -> str:
        """Return what a sheet of ours is called here; the user may have one of that name."""
        return self.book.free_sheet_name(wished, besides)

    def take_looks(self, styles: Mapping[str, int]) -> None:
        """Learn how marks look, by the styles of `our_sheets.mark_formats`."""
        self._looks = {
            severity: self.book.styles.look_of(styles[f"mark {severity}"]) for severity in MARK_LOOKS
        }
        if self.is_ours:
            self._known_marks = self.book.styles.marks_of_ours(list(self._looks.values()))

    def row_changes(self, table: SheetTable, marks: Marks) -> tuple[RowChanges, dict[Place, str]]:
        """Return the marks as changes of a sheet's rows, and as notes; earlier marks go."""
        styles = self.book.styles
        painted: dict[int, dict[int, Callable[[int], int]]] = {}
        notes: dict[Place, str] = {}
        for row, by_letters in marks.items():
            for letters, mark in by_letters.items():
                look, column = self._looks[mark.severity], column_index(letters)
                painted.setdefault(row, {})[column] = partial(styles.marked, look=look)
                if len(notes) < NOTES_PER_SHEET:
                    notes[row, column] = note_text(f"{letters}{row}", mark.sentence)
        changes = RowChanges(header_row=table.header_row, marks=painted)
        if self._known_marks:
            changes.unmarked = self._unmarked(self.book.sheet(table.name), table.header_row)
        return changes, notes

    def _unmarked(self, sheet: SheetPart, header_row: int) -> dict[int, Callable[[int], int]]:
        """Return, by styles of earlier marks, what cells go back to: the look of the other cells of their column."""
        styles = self.book.styles
        usual = usual_styles([self.book.first_chunk(sheet)], header_row)

        def back(mark: int) -> Callable[[int], int]:
            nature = styles.nature(mark)

            @cache
            def style(column: int) -> int:
                for found, _ in usual.get(column, Counter()).most_common():
                    if found not in self._known_marks and styles.nature(found) == nature:
                        return found
                return styles.plain(mark)

            return style

        return {mark: back(mark) for mark in self._known_marks}

    def tables_on(self, sheet: SheetPart) -> dict[str, Area]:
        """Return the Excel tables on a sheet: their areas by their parts."""
        return tables_of(self.book.package, sheet.part)

    def first_free_column(self, table: SheetTable, at_least: int, number: int) -> int:
        """Return where so many columns of ours may begin: beside the data, or beside a drawing that would cover them."""
        sheet = self.book.sheet(table.name)
        data = [column_index(column.letter) for column in table.columns]
        first = max(at_least, 1 + max(data, default=-1))
        tables = self.tables_on(sheet).values()
        first = max(
            [first, *(area[3] + 1 for area in tables if area[2] >= table.header_row and area[3] + 1 >= first)]
        )
        return first if tables else self._beside_drawings(sheet, table, first, number)

    def _beside_drawings(self, sheet: SheetPart, table: SheetTable, first: int, number: int) -> int:
        """Return the first column from which so many are free of drawings beside the rows; what is far away stays there."""
        package = self.book.package
        last_row = max(table.sheet_rows, default=table.header_row)
        drawings = [link.target for link in package.links(sheet.part) if link.kind == "drawing"]
        areas = [area for drawing in drawings for area in drawn_areas(package.read(drawing))]
        beside = [area for area in areas if area[2] >= table.header_row and area[0] <= last_row]
        for area in sorted(beside, key=lambda area: area[3]):
            if area[3] >= first and area[1] < first + number:
                first = area[3] + 1
        return first

    def let_tables_reach(self, sheet: SheetPart, headers: Mapping[int, str], header_row: int) -> bool:
        """Make our new columns part of the Excel table that ends where they begin; whether there is one."""
        first = min(headers)
        added = [headers[column] for column in sorted(headers)]
        return any(
            widen_table(self.book.package, part, area, added)
            for part, area in self.tables_on(sheet).items()
            if area[0] == header_row and area[3] + 1 == first
        )

    def edit(self, sheet: str, plan: SheetPlan) -> None:
        """Change a sheet as planned."""
        plan.dead_sheets = self.dead
        part = self.book.sheet(sheet)
        wanted = plan.filtered
        if wanted and any(meet(wanted, area) for area in self.tables_on(part).values()):
            plan.filtered = None  # to Excel a sheet's filter over a table is damage
        self._plans[part.number] = plan
        self._edits[sheet] = SheetEdit(self.book.package, part.part, plan)

    def print_on_two_pages(self, table: SheetTable, plan: SheetPlan) -> None:
        """See that our columns are printed large enough to read, beside the column that says whose row it is."""
        plan.is_printed_on_two_pages = self.is_template
        letters = {column.field: column.letter for column in table.columns}
        for name in _NAMES_A_ROW:
            if name in letters:
                self._repeated[table.name] = f"${letters[name]}:${letters[name]}"
                return

    def leave_front(self) -> None:
        """See that no other sheet is shown first: two that are would both be written to by whoever types."""
        for sheet in self.book.kept_sheets():
            if sheet.name in self._edits or not is_in_front(self.book.first_chunk(sheet)):
                continue
            if sheet.is_worksheet:
                self.edit(sheet.name, SheetPlan(changes=RowChanges(), keeps_notes=True))
            else:
                self.book.package.put(sheet.part, not_in_front(self.book.package.read(sheet.part)))

    def describe(self, *, kind: str, mark: str, sheets: Iterable[str], check: str = "") -> None:
        """Write into the workbook's properties what a later run must know."""
        properties = self.book.properties
        values = {
            KIND_PROPERTY: kind,
            RUN_PROPERTY: mark,
            SCHEMA_PROPERTY: str(SCHEMA),
            SAVED_PROPERTY: properties.modified,
            SHEETS_PROPERTY: "/".join(sheets),
            BASE_PROPERTY: MADE_ANEW if self.is_made_anew else OWN,
        }
        check = check or properties.get(CHECK_PROPERTY)
        properties.set({**values, **({CHECK_PROPERTY: check} if check else {})})

    def write(self, file: BinaryIO, first: Iterable[AddedSheet], last: Iterable[AddedSheet]) -> None:
        """Write the copy, with sheets of ours in front of and behind the user's."""
        if self._writes_over_formulas():
            forget_order(self.book.package, self.book.main)
        self.book.package.write(file, lambda: self._finish(first, last))

    def _writes_over_formulas(self) -> bool:
        """Tell whether formulas that Excel listed are gone: those of sheets taken away, and of cells of ours."""
        dead = {sheet.number for sheet in self.book.sheets if sheet.name in self.dead}
        changed = {number: plan.changes for number, plan in self._plans.items()}
        writes = any(changes.values or not changes.are_new for changes in changed.values())
        if not dead and not writes:
            return False
        return any(
            number in dead or (number in changed and changed[number].writes_over(place))
            for number, place in listed_formulas(self.book.package, self.book.main)
        )

    def _finish(self, first: Iterable[AddedSheet], last: Iterable[AddedSheet]) -> None:
        """Write what depends on everything else: the sheets have streamed by."""
        filters = {
            name: reference_of(edit.filter_range) for name, edit in self._edits.items() if edit.filter_range
        }
        repeated = {
            name: self._repeated[name]
            for name, edit in self._edits.items()
            if edit.has_second_page and name in self._repeated
        }
        self.book.finish(first, last, filters, repeated)
        self.book.package.put(self.book.styles_part, self.book.styles.xml())


def _result_columns(texts: Mapping[int, str]) -> dict[str, int]:
    """Return where a results workbook has its result columns, by name; nothing for another workbook.

    They are known by the headers that nobody writes by hand. A column of the user's that happens to be called Message is
    not one of them: ours come together, the last ones.
    """
    by_header = {text.strip(): column for column, text in sorted(texts.items())}
    if not all(header in by_header for header in _FOLDED):
        return {}
    return {name: by_header[header] for name, header in RESULT_COLUMNS if header in by_header}
