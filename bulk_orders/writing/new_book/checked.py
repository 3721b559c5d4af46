"""The checked workbook: the user's rows in the same cells, with every problem listed, marked and explained.

The user's own file is never touched. What is corrected here can be checked and run as it is.
"""

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from bulk_orders.core import sheet_names
from bulk_orders.core.model import Problem, Severity, SheetRole, SheetTable
from bulk_orders.core.our_marks import CHECKED_LEGEND, CHECKED_TITLE
from bulk_orders.core.wording import plural
from bulk_orders.ooxml.cleaning import sheet_name
from bulk_orders.writing import check_column, palette
from bulk_orders.writing.book_properties import CHECKED_KIND
from bulk_orders.writing.cells import NOTES_PER_SHEET
from bulk_orders.writing.drop_downs import write_lists
from bulk_orders.writing.formats import Formats
from bulk_orders.writing.marks import Mark
from bulk_orders.writing.new_book.book import CREATED, new_book
from bulk_orders.writing.new_book.data_sheets import DataSheet, RowStatus, write_data_sheet
from bulk_orders.writing.new_book.problems_sheet import (
    ProblemsPage,
    first_table_row,
    in_listing_order,
    write_problems,
)
from bulk_orders.writing.row_states import STATE_LABELS
from bulk_orders.writing.saving import Replace, publish

_NOTHING_FOUND: Final = (check_column.NOTHING_TO_FIX, palette.GREY)
"""Of a row on another sheet; customers and products that no order names are not checked."""
_LEFT_OUT: Final = frozenset({"skipped", "hidden"})
_GREYED: Final = _LEFT_OUT | {"ordered"}
CHECKED_FIX: Final = "Nothing was sent. Make room or choose another folder with -o FILE."


def write_checked(
    path: Path,
    orders: SheetTable,
    customers: SheetTable | None,
    products: SheetTable | None,
    problems: Sequence[Problem],
    row_states: Mapping[int, str],
    *,
    source_name: str = "",
    replace: Replace = os.replace,
) -> Path:
    """Write the checked workbook and return where it really is; one that somebody worked on since stays.

    `row_states` gives each row of `orders`: ready, error, skipped, hidden or ordered. Raises `ResultsNotWritten`.
    """
    source_name = source_name or f"{path.stem.removesuffix('.checked')}{path.suffix}"
    found = {SheetRole.ORDERS: orders, SheetRole.CUSTOMERS: customers, SheetRole.PRODUCTS: products}
    tables = {role: table for role, table in found.items() if table is not None}
    names: dict[str, str] = {}
    for table in tables.values():
        names[table.name] = sheet_name(table.name, [sheet_names.PROBLEMS, sheet_names.LISTS, *names.values()])
    mark = mark_of_check(source_name)
    page = ProblemsPage(
        headline=headline_of_check(row_states, problems),
        source_name=source_name,
        problems=in_listing_order(problems),
        names=names,
        tables=list(tables.values()),
    )

    def fill(file: BinaryIO) -> None:
        title = CHECKED_TITLE.format(name=source_name)
        book = new_book(file, kind=CHECKED_KIND, mark=mark, title=title, created=CREATED, row_by_row=True)
        formats = Formats(book)
        write_problems(book.add_worksheet(sheet_names.PROBLEMS), formats, page)
        for role, table in tables.items():
            plan = _plan(role, table, page.problems, row_states if role is SheetRole.ORDERS else {})
            write_data_sheet(book.add_worksheet(names[table.name]), formats, plan)
        write_lists(book, book.add_worksheet(sheet_names.LISTS), formats)
        book.close()

    return publish(
        path,
        fill,
        mark=mark,
        last_rows={
            names[table.name]: max(table.sheet_rows, default=table.header_row) for table in tables.values()
        },
        fix=CHECKED_FIX,
        replace=replace,
    )


def mark_of_check(source_name: str) -> str:
    """Return the mark of a checked workbook: one of the same name was made from the same workbook."""
    return "checked " + hashlib.sha256(source_name.encode(errors="replace")).hexdigest()


def headline_of_check(states: Mapping[int, str], problems: Sequence[Problem]) -> str:
    """Say how the workbook stands, in one line."""
    counted = Counter(states.values())
    to_fix, ready = counted["error"], counted["ready"]
    not_sent = sum(counted[state] for state in _LEFT_OUT)
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    parts = [
        plural(to_fix, "{number:,} row to fix", "{number:,} rows to fix").format(number=to_fix),
        "{number:,} ready".format(number=ready),
    ]
    if errors and not to_fix:
        parts[0] = plural(errors, "{number:,} thing to fix", "{number:,} things to fix").format(number=errors)
    if not_sent:
        parts.append("{number:,} skipped or hidden".format(number=not_sent))
    if counted["ordered"]:
        parts.append("{number:,} ordered before".format(number=counted["ordered"]))
    warnings = sum(problem.severity is Severity.WARNING for problem in problems)
    if warnings:
        parts.append(plural(warnings, "{number:,} warning", "{number:,} warnings").format(number=warnings))
    return ", ".join(parts)


def _plan(
    role: SheetRole, table: SheetTable, problems: Sequence[Problem], states: Mapping[int, str]
) -> DataSheet:
    return DataSheet(
        table=table,
        role=role,
        title=CHECKED_TITLE.format(name=table.name),
        legend=CHECKED_LEGEND,
        marks=marks_of_problems(table, problems),
        statuses=row_statuses(role, table, problems, states),
        greyed=frozenset(row for row, state in states.items() if state in _GREYED),
    )


def marks_of_problems(table: SheetTable, problems: Iterable[Problem]) -> dict[int, dict[str, Mark]]:
    """Return what is said of a sheet's cells, by row and column letters; `problems` begin with the gravest.

    What is only good to know never takes a note from what is wrong: a sheet has so many and no more.
    """
    told: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        for cell in problem.cells if problem.sheet == table.name else ():
            if problem.severity is not Severity.INFO or cell in told or len(told) < NOTES_PER_SHEET:
                told[cell].append(problem)
    marks: dict[int, dict[str, Mark]] = defaultdict(dict)
    for cell, of_cell in told.items():
        letters = cell.rstrip("0123456789")
        sentences = "\n".join(_sentence(problem) for problem in of_cell)
        marks[int(cell[len(letters) :])][letters] = Mark(sentence=sentences, severity=of_cell[0].severity)
    return marks


def _sentence(problem: Problem) -> str:
    sentence = f"{problem.message} {problem.fix}".strip()
    if problem.proposal:
        # What it says where a proposal can be made.
        sentence = "{sentence} Proposed: {proposal}".format(sentence=sentence, proposal=problem.proposal)
    # The note on a cell.
    return f"{sentence} [{problem.code}]"


def row_statuses(
    role: SheetRole, table: SheetTable, problems: Sequence[Problem], states: Mapping[int, str]
) -> dict[int, RowStatus]:
    """Return what Check says about each row: how many problems it has, with a link to the first, else how it stands."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for number, problem in enumerate(problems):
        rows = set(problem.sheet_rows) if problem.sheet == table.name else set()
        rows |= set(problem.order_rows) if role is SheetRole.ORDERS else set()
        for row in rows:
            if problem.severity is not Severity.INFO:
                numbers[row].append(number)
    first = first_table_row(problems)
    statuses = {}
    for row in table.sheet_rows:
        text, colours = STATE_LABELS.get(states.get(row, ""), _NOTHING_FOUND)
        if numbers[row]:
            text, colours = _counted([problems[number] for number in numbers[row]])
        target = f"{sheet_names.PROBLEMS}!C{first + numbers[row][0]}" if numbers[row] else ""
        statuses[row] = RowStatus(text=text, colours=colours, target=target)
    return statuses


def _counted(problems: Sequence[Problem]) -> tuple[str, palette.Colours]:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if errors:
        return check_column.TO_FIX_COUNTED.format(number=errors), palette.BAD
    warnings = plural(len(problems), check_column.WARNINGS_ONE, check_column.WARNINGS_MANY)
    return warnings.format(number=len(problems)), palette.DOUBT
