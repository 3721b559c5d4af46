"""A workbook of subscriptions is checked as the actions that it wishes, each on the row and the cells where it was written."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from books.order_books import order_row, write_book
from core.test_wanted_changes import PULLED as ROW_PULLED
from core.test_wanted_changes import TODAY

from bulk_orders.checking.check import CheckContext
from bulk_orders.checking.result import CheckResult, RowState
from bulk_orders.core.model import Severity
from bulk_orders.reading.source import Source
from bulk_orders.runs.check import read_and_check
from bulk_orders.runs.checked_workbook import write_findings
from bulk_orders.runs.pulled_workbook import read_pulled
from bulk_orders.writing.new_book.subscriptions_book import write_subscriptions
from bulk_orders.writing.new_book.summary_figures import company_names

PULLED = {**ROW_PULLED, "read_at": "2026-11-30 09:30"}
NO_WISH: dict[str, str] = {}


def workbook(folder: Path, *wishes: dict[str, str]) -> Path:
    """One row for each, from row 4 on; subscriptions are numbered from 1100004."""
    rows = [{**PULLED, "subscription_id": str(1_100_004 + at), **told} for at, told in enumerate(wishes)]
    at = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    return write_subscriptions(folder / "s.xlsx", rows, environment="PRACTICE", pulled_at=at)


def checked(path: Path, *, include_hidden: bool = False) -> CheckResult:
    context = CheckContext(today=TODAY, include_hidden=include_hidden)
    return read_and_check(path.read_bytes(), path.name, context)


def told(found: CheckResult, severity: Severity = Severity.ERROR) -> list[tuple[str, tuple[str, ...]]]:
    return [(problem.code, problem.cells) for problem in found.problems if problem.severity is severity]


def test_each_wish_is_a_row_with_its_action(tmp_path: Path) -> None:
    found = checked(
        workbook(
            tmp_path,
            {"seats_after": "10"},
            NO_WISH,
            {"seats_after": "15", "when": "Now"},
            {"auto_renew_after": "No"},
            {"auto_renew": "No", "auto_renew_after": "Yes"},
            {"seats_after": "12"},
        )
    )
    rows = {row.sheet_row: row.values for row in found.rows()}
    assert {row: values["order_type"] for row, values in rows.items()} == {
        4: "change_at_renewal",
        6: "change_now",
        7: "auto_renew_off",
        8: "auto_renew_on",
    }
    assert (rows[4]["subscription"], rows[4]["customer_id"], rows[4]["quantity"]) == (
        *("1100004", "1000105563", "10"),
    )
    assert "quantity" not in rows[7]
    had = {sheet_row: pulled.had for sheet_row, pulled in found.pulled.items()}
    assert (had, found.row_count, told(found)) == ({4: 12, 6: 12, 7: True, 8: False}, 4, [])
    assert found.address(4, "quantity") == "Subscriptions!F4"


def test_what_cannot_be_had_stands_on_its_cell_and_the_other_rows_are_ready(tmp_path: Path) -> None:
    found = checked(
        workbook(tmp_path, {"seats_after": "0"}, {"seats_after": "10"}, {"auto_renew_after": "x"})
    )
    assert dict(found.row_states) == {4: RowState.ERROR, 5: RowState.READY, 6: RowState.ERROR}
    assert told(found) == [("E-SEATS", ("F4",)), ("E-WISH", ("H6",))]
    assert not found.has_file_errors


def test_what_a_row_of_orders_may_not_ask_a_wish_may_not_either(tmp_path: Path) -> None:
    same = {"subscription_id": "1100004", "seats_after": "10"}
    found = checked(workbook(tmp_path, same, {**same, "mpn": "CFQ7TTC0LH16:0002"}))
    assert [code for code, _ in told(found)] == ["E-DUP-SUBSCRIPTION"]
    assert {cell for _, cells in told(found) for cell in cells} <= {"A4", "A5"}
    assert found.ready_count < 2


def test_the_end_of_a_subscription_is_told_once_and_with_its_day(tmp_path: Path) -> None:
    found = checked(workbook(tmp_path, {"auto_renew_after": "No"}))
    warnings = told(found, Severity.WARNING)
    assert warnings == [("W-UNVERIFIED", ()), ("W-WISH-ENDS", ("H4",))]


@pytest.mark.parametrize("wish", [NO_WISH, {"when": "Now"}])
def test_a_sheet_without_a_wish_has_nothing_to_send(tmp_path: Path, wish: dict[str, str]) -> None:
    found = checked(workbook(tmp_path, wish, NO_WISH))
    assert (told(found), found.has_file_errors, found.row_count) == ([("F-NO-WISH", ())], True, 0)


def test_a_sheet_whose_wishes_are_all_fulfilled_has_nothing_to_send_and_nothing_to_correct(
    tmp_path: Path,
) -> None:
    found = checked(workbook(tmp_path, {"seats_after": "12"}, NO_WISH))
    assert (told(found), found.has_file_errors, found.ready_count, found.row_count) == ([], False, 0, 0)


def test_a_wish_that_nobody_sees_is_not_passed_over_beside_one_that_is_fulfilled(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"seats_after": "12"}, {"seats_after": "10"})
    book = openpyxl.load_workbook(path)
    book["Subscriptions"].row_dimensions[5].hidden = True
    book.save(path)
    assert told(checked(path)) == [("F-NO-WISH", ())]


def test_a_wish_in_a_hidden_row_counts_if_it_is_said(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"seats_after": "10"}, {"seats_after": "11"})
    book = openpyxl.load_workbook(path)
    book["Subscriptions"].row_dimensions[4].hidden = True
    book.save(path)
    found = checked(path)
    assert dict(found.row_states) == {4: RowState.HIDDEN, 5: RowState.READY}
    assert told(found, Severity.WARNING) == [("W-HIDDEN-WISH", ("F4",))]
    assert checked(path, include_hidden=True).ready_count == 2


def test_columns_of_people_and_other_sheets_are_kept_and_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"seats_after": "10"})
    book = openpyxl.load_workbook(path)
    sheet = book["Subscriptions"]
    sheet.cell(3, sheet.max_column + 1).value = "Manager"
    sheet.cell(4, sheet.max_column).value = "Kim"
    book.create_sheet("Notes")["A1"] = "call them"
    book.save(path)
    tables = checked(path).tables
    assert [name.partition(" ")[2] for name in tables.extra_columns] == ["Manager"]
    assert tables.ignored_sheets == ("Notes",)


def test_the_companies_of_the_summary_are_those_of_the_sheet(tmp_path: Path) -> None:
    found = checked(workbook(tmp_path, {"seats_after": "15", "when": "Now"}))
    assert company_names(found.tables.orders) == {"1000105563": "27 Rings Jewelers"}


def test_a_checked_workbook_is_read_again_with_its_column_check_as_our_own(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"seats_after": "+5"}, {"seats_after": "15", "when": "Now"})
    found = checked(path)
    again = tmp_path / "s.checked.xlsx"
    write_findings(Source(path=path, content=path.read_bytes()), found, found.problems, again)
    assert checked(again).tables.extra_columns == ()
    assert read_pulled(again).own == ()

    book = openpyxl.load_workbook(again)
    sheet = book["Subscriptions"]
    places = {cell.value: cell.column for cell in sheet[3]}
    assert str(sheet.cell(4, places["Check"]).value).startswith("✖")
    sheet.cell(4, places["Seats after"]).value = 17
    sheet.cell(3, places["Check"] + 1).value = "Colour"
    sheet.cell(4, places["Check"] + 1).value = "blue"
    book.save(again)
    right = checked(again)
    assert [extra.rpartition(" ")[2] for extra in right.tables.extra_columns] == ["Colour"]
    assert [column.header for column in read_pulled(again).own] == ["Colour"]
    third = tmp_path / "third.xlsx"
    write_findings(Source(path=again, content=again.read_bytes()), right, right.problems, third)
    assert openpyxl.load_workbook(third)["Subscriptions"].cell(4, places["Check"]).value == "✔ Ready"


def test_orders_and_subscriptions_in_one_workbook_are_refused(tmp_path: Path) -> None:
    path = write_book(tmp_path / "both.xlsx", [order_row(1)])
    book = openpyxl.load_workbook(path)
    pulled = openpyxl.load_workbook(workbook(tmp_path, {"seats_after": "10"}))["Subscriptions"]
    sheet = book.create_sheet("Subscriptions")
    for row in pulled.iter_rows(values_only=True):
        sheet.append(row)
    book.save(path)
    found = checked(path)
    assert "F-WISHES-BESIDE" in dict(told(found))
    assert (found.has_file_errors, found.ready_count) == (True, 0)


def as_csv(path: Path, *, without: tuple[str, ...] = (), vendor: str = "Adobe") -> bytes:
    """The sheet as Excel saves it as CSV, of another vendor than Microsoft, whose purchases need nothing more."""
    sheet = openpyxl.load_workbook(path)["Subscriptions"]
    headers = [str(cell.value) for cell in sheet[3]]
    out = io.StringIO()
    writer = csv.writer(out)
    for row in sheet.iter_rows(values_only=True):
        named = zip(headers, row, strict=True)
        cells = [
            vendor if value == "Microsoft" else value for header, value in named if header not in without
        ]
        writer.writerow(["" if cell is None else cell for cell in cells])
    return out.getvalue().encode()


@pytest.mark.parametrize("without", [(), ("When",), ("Auto-renew after",), ("Subscription ID",)])
def test_a_csv_file_of_subscriptions_is_never_read_as_purchases_of_their_seats(
    tmp_path: Path, without: tuple[str, ...]
) -> None:
    content = as_csv(workbook(tmp_path, {"seats_after": "15"}, NO_WISH, NO_WISH), without=without)
    context = CheckContext(today=TODAY)
    found = read_and_check(content, "s.csv", context)
    ready = {row.sheet_row: row.values["order_type"] for row in found.rows()}
    assert ready == ({} if "Subscription ID" in without else {4: "change_at_renewal"})


def test_of_hidden_columns_only_those_that_people_write_in_are_told_of(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"seats_after": "15"})
    book = openpyxl.load_workbook(path)
    for letter in "FRT":
        book["Subscriptions"].column_dimensions[letter].hidden = True
    book.save(path)
    (warned,) = (problem for problem in checked(path).problems if problem.code == "W-HIDDEN-COLUMN")
    assert "F (Seats after)" in warned.message
    assert "T (" not in warned.message
