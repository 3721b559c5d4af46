"""Labels are no identifiers: with every sheet, header, choice and title called otherwise, nothing is lost from template to results."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books.order_books import EXCHANGE, FIRST_CUSTOMER
from books.relabelled import relabelled, relabelled_program
from openpyxl.worksheet.worksheet import Worksheet
from processes import Desk, Ended

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.table import RESULT_COLUMNS, column, columns_of
from bulk_orders.core.model import SheetRole

pytestmark = pytest.mark.long

ORDERS, CUSTOMERS, PRODUCTS = SheetRole.ORDERS, SheetRole.CUSTOMERS, SheetRole.PRODUCTS
SHEETS = {
    ORDERS: sheet_names.ORDERS,
    CUSTOMERS: sheet_names.CUSTOMERS,
    PRODUCTS: sheet_names.PRODUCTS,
}
MOST = 20
ORDER = {"mpn": EXCHANGE, "quantity": 5, "commitment": "year", "billing": "month", "offer_attestation": "no"}
CUSTOMER = {
    "tenant": "existing",
    "partner_attestation": "yes",
    "mca_accepted": "on_file",
    "send_company_details": "no",
}


def orders() -> list[dict[str, object]]:
    """Two good rows, one without a reference, one that the sheet Products refuses, and one to be skipped."""
    made = [
        {"reference": f"ROW-{number}", "customer_id": str(FIRST_CUSTOMER + number), **ORDER}
        for number in range(5)
    ]
    made[1]["reference"] = ""
    made[2]["quantity"] = MOST + 1
    made[3]["submit"] = "skip"
    return made[:4]


def customers() -> list[dict[str, object]]:
    return [
        {
            "customer_id": str(FIRST_CUSTOMER + number),
            "company_name": f"Company {number}",
            "domain": f"company{FIRST_CUSTOMER + number}.onmicrosoft.com",
            **CUSTOMER,
        }
        for number in range(4)
    ]


PRODUCT = {"mpn": EXCHANGE, "product_name": "Exchange", "quantity_min": 1, "quantity_max": MOST}


class Program:
    """The program under other labels."""

    def __init__(self, desk: Desk, folder: Path | None) -> None:
        """Without a folder it is the program as it is."""
        self._desk = desk
        self._path = str(relabelled_program(folder)) if folder else desk.environment["PYTHONPATH"]

    def run(self, *arguments: object) -> Ended:
        return self._desk.run_cold(*arguments, "--json", PYTHONPATH=self._path)


def header_cells(
    sheet: Worksheet, role: SheetRole, called: Callable[[str], str] = relabelled
) -> tuple[int, dict[str, int]]:
    """The row of headers, and the columns by the names of our table and of results."""
    known = {called(entry.header): entry.name for entry in columns_of(role)}
    known |= {called(header): name for name, header in RESULT_COLUMNS if header != name}
    known |= {name: name for name, header in RESULT_COLUMNS if header == name}
    for row in sheet.iter_rows(max_row=15):
        found = {known[text]: cell.column for cell in row if (text := str(cell.value).rstrip(" *")) in known}
        if len(found) > 2:
            return row[0].row, found
    raise AssertionError(f"{sheet.title} has no headers")


def fill(
    path: Path, role: SheetRole, rows: Sequence[Mapping[str, object]], *, as_it_was: bool = False
) -> None:
    """Type rows below the headers; choices as the drop-down shows them."""
    called = str if as_it_was else relabelled
    book = openpyxl.load_workbook(path)
    sheet = book[called(SHEETS[role])]
    head, places = header_cells(sheet, role, called)
    for number, row in enumerate(rows, start=head + 1):
        for name, value in row.items():
            labels = {choice.key: called(choice.label) for choice in column(role, name).choices}
            sheet.cell(number, places[name]).value = labels.get(str(value), value)
    book.save(path)


def column_of(path: Path, name: str) -> list[object]:
    """The cells of a column of the orders, from their first row on."""
    book = openpyxl.load_workbook(path)
    sheet = book[relabelled(SHEETS[ORDERS])]
    head, places = header_cells(sheet, ORDERS)
    return [sheet.cell(row, places[name]).value for row in range(head + 1, head + 5)]


def test_nothing_is_lost_from_the_template_to_results_that_are_run_again(desk: Desk, tmp_path: Path) -> None:
    program = Program(desk, tmp_path / "program")
    assert program.run("template", "-o", "orders.xlsx").code == 0
    book = desk.folder / "orders.xlsx"
    fill(book, CUSTOMERS, customers())
    fill(book, PRODUCTS, [PRODUCT])
    fill(book, ORDERS, orders())

    found = program.run("check", book)
    assert found.json["counts"] == {
        "rows": 4,
        "ready": 2,
        "to_fix": 1,
        "skipped": 1,
        "hidden": 0,
        "ordered_before": 0,
    }, found.out
    assert cells_to_fix(found.json) == [("E-RANGE", "H6")]

    first = program.run("run", found.json["files"]["checked"], "--only-ready")
    assert first.json["counts"]["accepted"] == 2, first.out
    assert (first.json["counts"]["invalid"], first.json["counts"]["skipped"]) == (1, 1)
    results = Path(first.json["files"]["results"])
    assert first.json["files"]["made_new_because"] is None
    assert column_of(results, "outcome_code") == ["accepted", "accepted", "invalid", "skipped"]

    correct(results)
    again = program.run("run", results)
    counts = again.json["counts"]
    assert (counts["ordered_before"], counts["accepted"], counts["skipped"]) == (2, 1, 1), again.out
    last = Path(again.json["files"]["results"])
    assert column_of(last, "outcome_code") == ["ordered_before", "ordered_before", "accepted", "skipped"]
    assert (sheets_of(last), headers_of(last)) == (sheets_of(results), headers_of(results))
    assert program.run("verify", last).code == 0


def cells_to_fix(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    errors = (problem for problem in told["problems"] if problem["severity"] == "error")
    return [(problem["code"], problem["cell"]) for problem in errors]


def test_a_workbook_from_before_the_labels_changed_loses_nothing(desk: Desk, tmp_path: Path) -> None:
    before, program = Program(desk, None), Program(desk, tmp_path / "program")
    assert before.run("template", "-o", "orders.xlsx").code == 0
    book = desk.folder / "orders.xlsx"
    fill(book, CUSTOMERS, customers(), as_it_was=True)
    fill(book, PRODUCTS, [PRODUCT], as_it_was=True)
    fill(book, ORDERS, orders(), as_it_was=True)

    found, known = program.run("check", book).json, before.run("check", book, "-o", "known.xlsx").json

    assert (
        found["counts"]
        == known["counts"]
        == {"rows": 4, "ready": 2, "to_fix": 1, "skipped": 1, "hidden": 0, "ordered_before": 0}
    )
    assert cells_to_fix(found) == cells_to_fix(known) == [("E-RANGE", "H6")]


def correct(results: Path) -> None:
    """Put the quantity right, and lose a reference: `row_key` still says which order the row is."""
    book = openpyxl.load_workbook(results)
    sheet = book[relabelled(SHEETS[ORDERS])]
    head, places = header_cells(sheet, ORDERS)
    sheet.cell(head + 1, places["reference"]).value = None
    sheet.cell(head + 3, places["quantity"]).value = MOST
    book.save(results)


def sheets_of(path: Path) -> list[str]:
    return openpyxl.load_workbook(path).sheetnames


def headers_of(path: Path) -> list[object]:
    """All headers of the orders: results stand there once."""
    sheet = openpyxl.load_workbook(path)[relabelled(SHEETS[ORDERS])]
    return [cell.value for cell in sheet[header_cells(sheet, ORDERS)[0]]]
