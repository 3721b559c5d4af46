"""Results go through other programs and come back corrected: the right rows are sent, no note is stale, no column is there twice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlsxwriter
from books.order_books import BASIC, TOO_MANY, order_row, order_rows, orders_sheet, result_rows
from books.other_programs import PROGRAMS, Program
from ooxml.repairs.published import faults_in_folder
from openpyxl.utils import get_column_letter
from processes import Desk, Practice, Starter

pytestmark = pytest.mark.long

Source = Callable[[Path, list[dict[str, str]]], Path]
GOOD = 3
SAID = "Ann: please check"
CORRECTIONS = {"ROW-0004": ("quantity", "40"), "ROW-0005": ("customerId", "1000106400")}
OF_SHEETJS = "is in none of the blocks"
"""SheetJS gives the boxes of notes numbers that Excel would not give; they stay as they are."""


def csv_file(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "orders.csv"
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def workbook(folder: Path, rows: list[dict[str, str]]) -> Path:
    """With somebody's own note."""
    path = folder / "orders.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Orders")
        for place, row in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
            sheet.write_row(place, 0, row)
        sheet.write_comment("B2", SAID)
    return path


@pytest.fixture
def desk(starter: Starter, tmp_path: Path) -> Iterator[Desk]:
    with Desk(starter, tmp_path) as made:
        yield made
    assert [fault for fault in faults_in_folder(tmp_path) if OF_SHEETJS not in fault] == []


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
@pytest.mark.parametrize("source", [workbook, csv_file], ids=["a copy", "a new workbook"])
def test_what_another_program_saved_is_corrected_and_run(
    desk: Desk, program: Program, source: Source
) -> None:
    if missing := program.lacks():
        pytest.skip(missing)
    practice = desk.practice()
    wrong = [order_row(4, mpn=BASIC, quantity=TOO_MANY), order_row(5, customerId="999")]
    results = run(desk, source(desk.folder, [*order_rows(GOOD), *wrong]), practice, code=4)
    changes = corrections(results)
    assert changes.keys() & notes(results).keys()

    program.edit(results, desk.folder / "corrected.xlsx", {sheet_name(results): changes})
    written = run(desk, desk.folder / "corrected.xlsx", practice)
    again = run(desk, saved_again(program, written), practice)

    assert [order["sent"]["customerId"] for order in practice.orders()[:GOOD]] == [
        row["customerId"] for row in order_rows(GOOD)
    ]
    assert sorted(order["sent"]["customerId"] for order in practice.orders()[GOOD:]) == [
        "1000106003",
        "1000106400",
    ]
    for path, codes in ((written, ["accepted"] * 2), (again, ["ordered_before"] * 2)):
        assert [row["outcome_code"] for row in result_rows(path)] == ["ordered_before"] * GOOD + codes
        assert not changes.keys() & notes(path).keys()
        assert headers(path) == headers(results)


def run(desk: Desk, path: Path, practice: Practice, *, code: int = 0) -> Path:
    ended = desk.run("run", path, "--practice-at", practice.base_url, "--json")
    assert ended.code == code, ended.words
    return Path(ended.json["files"]["results"])


def saved_again(program: Program, path: Path) -> Path:
    saved = path.with_name("again.xlsx")
    program.edit(path, saved, {})
    return saved


def corrections(path: Path) -> dict[str, str]:
    """What is typed, by cell."""
    book, sheet, columns, header_row = orders_sheet(path)
    reference = next(name for name in columns if name.casefold() in {"reference", "your reference"})
    rows = {
        sheet.cell(row, columns[reference]).value: row for row in range(header_row + 1, sheet.max_row + 1)
    }
    book.close()
    return {
        f"{get_column_letter(columns[header])}{rows[name]}": value
        for name, (header, value) in CORRECTIONS.items()
    }


def notes(path: Path) -> dict[str, str]:
    """Those on the sheet of orders that we wrote, by cell."""
    book, sheet, _columns, _header_row = orders_sheet(path)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.comment]
    book.close()
    return {cell.coordinate: cell.comment.text for cell in cells if SAID not in cell.comment.text}


def headers(path: Path) -> list[str]:
    """Those of the sheet of orders, each as often as it is there."""
    book, sheet, _columns, header_row = orders_sheet(path)
    book.close()
    return [str(cell.value) for cell in sheet[header_row] if cell.value]


def sheet_name(path: Path) -> str:
    book, sheet, _columns, _header_row = orders_sheet(path)
    book.close()
    return sheet.title
