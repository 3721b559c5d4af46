"""The first sheet of a checked workbook: every problem, the frequent ones first, each with a link to its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bulk_orders.core.model import Problem, Severity, SheetTable
from bulk_orders.core.our_marks import (
    APPLY_HEADER,
    CODE_HEADER,
    NOTHING_SENT,
    PROPOSED_HEADER,
    TYPED_HEADER,
    WHERE_HEADER,
)
from bulk_orders.ooxml.cleaning import clean
from bulk_orders.writing import palette
from bulk_orders.writing.cells import fit_row, write_link, write_text
from bulk_orders.writing.drop_downs import YES_NO_COLUMN, list_name
from bulk_orders.writing.formats import TEXT, Formats
from bulk_orders.writing.new_book.book import set_page

SEVERITY_LABELS: Final = {
    Severity.ERROR: ("✖ To fix", palette.BAD),
    Severity.WARNING: ("⚠ Warning", palette.DOUBT),
    Severity.INFO: ("○ Good to know", palette.WAITING),
}
_ORDER: Final = tuple(SEVERITY_LABELS)
_SEVERITY_HEADER: Final = "Severity"
_WRONG_HEADER: Final = "What is wrong"
_FIX_HEADER: Final = "How to fix"
_COLUMNS: Final = (
    ("#", 6),
    (_SEVERITY_HEADER, 17),
    (WHERE_HEADER, 24),
    ("Your reference", 16),
    ("Customer", 15),
    ("Column", 20),
    (TYPED_HEADER, 24),
    (_WRONG_HEADER, 52),
    (_FIX_HEADER, 46),
    (PROPOSED_HEADER, 22),
    (APPLY_HEADER, 10),
    (CODE_HEADER, 20),
)
_WHAT, _FIX, _PROPOSED, _APPLY, _CODE = 7, 8, 9, 10, 11
_LINKS_AT_MOST: Final = 60_000
_GROUPS_SHOWN: Final = 12
_FIRST_GROUP: Final = 5
"""Row of the first group, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemsPage:
    """What the sheet is made from."""

    headline: str
    source_name: str
    problems: Sequence[Problem]
    """In the order in which they are listed."""
    names: Mapping[str, str]
    """Sheet names in this workbook by those in the input."""
    tables: Sequence[SheetTable]
    has_live_check: bool = False
    """Whether the column Check is the template's formula, which sees less than the check."""


def in_listing_order(problems: Sequence[Problem]) -> list[Problem]:
    """Sort errors before warnings before infos, each in the order found."""
    return sorted(problems, key=lambda problem: _ORDER.index(problem.severity))


def first_table_row(problems: Sequence[Problem]) -> int:
    """Return Excel's number of the row of the first problem in the table."""
    groups = _groups(problems)
    return 5 if not groups else _FIRST_GROUP + len(groups) + 3


def write_problems(sheet: Any, formats: Formats, page: ProblemsPage) -> None:
    """Write the sheet from the top down."""
    for index, (_, width) in enumerate(_COLUMNS):
        sheet.set_column(index, index, width)
    sheet.hide_gridlines(2)
    set_page(sheet)
    sheet.set_row(0, 32)
    colours = palette.TITLE
    write_text(sheet, (0, 0), page.headline, formats, colours, bold=True, font_size=20, valign="vcenter")
    told = NOTHING_SENT.format(source=page.source_name)
    if page.has_live_check:
        told += " This list is complete; the column Check shows only what a formula can see."
    write_text(sheet, (1, 0), told, formats, palette.QUIET)
    first = first_table_row(page.problems)
    _write_groups(sheet, formats, page)
    _write_headers(sheet, formats, first - 2)
    sheet.freeze_panes(first - 1, 3)
    sheet.autofilter(first - 2, 0, max(first - 2 + len(page.problems), first - 1), len(_COLUMNS) - 1)
    yes_no = list_name(YES_NO_COLUMN)
    last = max(first - 1, first - 2 + len(page.problems))
    sheet.data_validation(first - 1, _APPLY, last, _APPLY, {"validate": "list", "source": f"={yes_no}"})
    writer = _Lines(sheet, formats, page)
    for number, problem in enumerate(page.problems, start=1):
        writer.write(first - 2 + number, number, problem)
    sheet.set_selection(first - 1, 2, first - 1, 2)


def _write_headers(sheet: Any, formats: Formats, row: int) -> None:
    sheet.set_row(row, 22)
    for index, (header, _) in enumerate(_COLUMNS):
        style = formats.header(palette.REQUIRED_HEADER, align="left", indent=1)
        sheet.write_string(row, index, header, style)


_THE_WORKBOOK: Final = "the workbook"
"""Names the place of a problem that has no cell."""


def _write_groups(sheet: Any, formats: Formats, page: ProblemsPage) -> None:
    groups = _groups(page.problems)
    if not groups:
        return
    sheet.set_row(3, 24)
    write_text(sheet, (3, 0), "In short", formats, palette.TITLE, bold=True, font_size=14, valign="vcenter")
    headers = (
        *("", _SEVERITY_HEADER, "First cell", "How often"),
        *("", "", "", _WRONG_HEADER, _FIX_HEADER),
    )
    for index, header in enumerate(headers):
        sheet.write_string(4, index, header, formats.header(palette.OPTIONAL_HEADER, align="left", indent=1))
    for row, group in enumerate(groups, start=_FIRST_GROUP):
        first = group[0]
        text, colours = SEVERITY_LABELS[first.severity]
        write_text(sheet, (row, 1), text, formats, colours, bold=True)
        _write_where(sheet, (row, 2), formats, page.names, first)
        write_text(
            sheet,
            (row, 3),
            f"{len(group):,} ×",
            formats,
            bold=True,
            align="left",
            indent=1,
        )
        write_text(sheet, (row, 4), first.column or _THE_WORKBOOK, formats, align="left", indent=1)
        write_text(sheet, (row, _WHAT), first.message, formats, text_wrap=True, align="left", indent=1)
        write_text(sheet, (row, _FIX), first.fix, formats, text_wrap=True, align="left", indent=1)
        fit_row(sheet, row, [(first.message, _COLUMNS[_WHAT][1]), (first.fix, _COLUMNS[_FIX][1])])


class _Lines:
    """Writes the lines of the table."""

    def __init__(self, sheet: Any, formats: Formats, page: ProblemsPage) -> None:
        self._sheet = sheet
        self._formats = formats
        self._names = page.names
        self._cells = {table.name: _row_values(table) for table in page.tables}

    def write(self, row: int, number: int, problem: Problem) -> None:
        """Write one problem."""
        text, colours = SEVERITY_LABELS[problem.severity]
        self._sheet.write_number(row, 0, number, self._formats.boxed())
        write_text(
            *(self._sheet, (row, 1), text, self._formats, colours),
            bold=True,
            border=1,
            border_color=palette.RULE,
        )
        _write_where(self._sheet, (row, 2), self._formats, self._names, problem, number=number)
        found = self._cells.get(problem.sheet, {}).get(problem.sheet_row or 0, {})
        texts = {
            3: found.get("reference", ""),
            4: found.get("customer_id", ""),
            5: problem.column,
            6: problem.value,
            _WHAT: problem.message,
            _FIX: problem.fix,
            _PROPOSED: problem.proposal or "",
            _APPLY: "",
            _CODE: problem.code,
        }
        fit_row(self._sheet, row, [(value, _COLUMNS[column][1]) for column, value in texts.items()])
        for column, value in texts.items():
            write_text(
                *(self._sheet, (row, column), value, self._formats),
                border=1,
                border_color=palette.RULE,
                text_wrap=True,
                align="left",
                indent=1,
                num_format=TEXT if column in {6, _PROPOSED} else "General",
            )


def _write_where(
    sheet: Any,
    at: tuple[int, int],
    formats: Formats,
    names: Mapping[str, str],
    problem: Problem,
    *,
    number: int = 1,
) -> None:
    target = names.get(problem.sheet)
    cell = problem.cells[0] if problem.cells else f"A{problem.sheet_row}" if problem.sheet_row else ""
    if target and cell and number <= _LINKS_AT_MOST:
        write_link(sheet, at, f"{target}!{cell}", problem.where, formats.boxed(palette.LINK, underline=1))
    else:
        sheet.write_string(*at, clean(problem.where or _THE_WORKBOOK), formats.boxed())


def _groups(problems: Sequence[Problem]) -> list[list[Problem]]:
    """Group problems of one kind in one column, if there are several: the gravest and most frequent kinds."""
    found: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        found.setdefault((problem.code, problem.column), []).append(problem)
    several = [group for group in found.values() if len(group) > 1]
    several.sort(key=lambda group: (_ORDER.index(group[0].severity), -len(group)))
    return several[:_GROUPS_SHOWN]


def _row_values(table: SheetTable) -> dict[int, dict[str, str]]:
    wanted = {
        column.field: position
        for position, column in enumerate(table.columns)
        if column.field in {"reference", "customer_id"}
    }
    return {
        row: {name: cells[position] for name, position in wanted.items()}
        for row, cells in zip(table.sheet_rows, table.cells, strict=True)
    }
