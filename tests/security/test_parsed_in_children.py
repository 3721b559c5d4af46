"""The program itself takes no part of a workbook apart: processes with limits do."""

import json
import sys
from pathlib import Path

import openpyxl
import pytest
from books.order_books import order_row, order_rows, write_book
from processes import ColdProcess, Desk, Ended

from bulk_orders.core.our_marks import APPLY_HEADER

WATCHED = Path(__file__).with_name("watched.py")


def watched(desk: Desk, *arguments: object) -> tuple[Ended, list[str]]:
    """How a command ended, and what took a workbook apart in its own process."""
    notes = desk.home / "seen.json"
    ended = ColdProcess(
        [sys.executable, str(WATCHED), str(notes), *map(str, arguments)],
        folder=desk.folder,
        environment=desk.environment,
    ).wait()
    return ended, json.loads(notes.read_text(encoding="utf-8"))


def approve_all(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Problems"]
    header = next(row for row in sheet.iter_rows() if APPLY_HEADER in [cell.value for cell in row])
    column = next(cell.column for cell in header if cell.value == APPLY_HEADER)
    for row in range(header[0].row + 1, sheet.max_row + 1):
        sheet.cell(row, column, "Yes")
    book.save(path)


def test_reading_a_workbook_in_the_program_itself_would_be_noticed(desk: Desk) -> None:
    book = write_book(desk.folder / "orders.xlsx", order_rows(2))
    _, seen = watched(desk, "read-here", book)
    assert {"decompressobj", "ParserCreate", "zip_package.py: open_package"} <= set(seen)


@pytest.mark.long
def test_check_and_fix_take_workbooks_apart_in_processes_with_limits_only(desk: Desk) -> None:
    rows = [*order_rows(2), order_row(3, billingPeriod="Montly")]
    book = write_book(desk.folder / "orders.xlsx", rows)
    checked, seen = watched(desk, "check", book)
    made = desk.folder / "orders.checked.xlsx"
    assert (checked.code, seen, made.exists()) == (3, [], True), checked.words
    again, seen = watched(desk, "check", book)  # now there is one in its place
    assert (again.code, seen) == (3, [])
    approve_all(made)
    fixed, seen = watched(desk, "fix", made)
    assert seen == []
    assert (desk.folder / "orders.fixed.xlsx").exists(), fixed.words


@pytest.mark.long
def test_run_and_report_take_workbooks_apart_in_processes_with_limits_only(desk: Desk) -> None:
    book = write_book(desk.folder / "orders.xlsx", order_rows(3))
    ran, seen = watched(desk, "run", book, "--practice", "--json")
    assert (ran.code, seen) == (0, []), ran.words
    reported, seen = watched(desk, "report", ran.json["run_id"], "--json")
    assert (reported.code, seen) == (0, []), reported.words
    results = reported.json["files"]["results"]
    assert {"Orders", "Summary"} <= set(openpyxl.load_workbook(results).sheetnames)
