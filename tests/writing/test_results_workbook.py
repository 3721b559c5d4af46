"""The results workbook: the input's cells where they were, what became of each row beside them, and a summary."""

import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from books.written_books import RUN_ID, STARTED_AT, headers, links, load, order, report, result, table, texts

from bulk_orders.core.columns.table import RESULT_COLUMNS, RESULT_HEADERS
from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.core.model import CellNote, SheetRole, SheetTable
from bulk_orders.core.report import FailureGroup
from bulk_orders.core.summary import Outcome
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.writing.new_book.results import results_path, write_results
from bulk_orders.writing.new_book.summary_sheet import headline

SOME = [
    result(
        4, amount="12.50", currency="USD", message="Placed.", order_number="SO1", http_status=201, attempts=1
    ),
    result(
        7,
        Outcome.REJECTED,
        message="The domain is taken.",
        how_to_fix="Choose another.",
        marked_cells=("Customers!E5", "Orders!H7"),
    ),
    result(9, Outcome.UNKNOWN, message="No answer came."),
]


@pytest.fixture
def orders() -> SheetTable:
    rows = {
        4: order(),
        7: order(reference="=1+1", quantity="007"),
        9: order(reference="", order_note="call first"),
    }
    return table(SheetRole.ORDERS, rows, extra=["Our own column"])


@pytest.fixture
def customers() -> SheetTable:
    row = {
        "customer_id": "1000105563",
        "company_name": "27 Rings",
        "agreement_date": "2022-04-09",
        "postal_code": "02134",
    }
    return table(SheetRole.CUSTOMERS, {5: row}, notes={(5, "H"): CellNote.DATE})


def test_rows_and_columns_stay_where_they_were(
    tmp_path: Path, orders: SheetTable, customers: SheetTable
) -> None:
    book = load(write_results(tmp_path / "r.xlsx", report(orders, SOME, customers=customers)))
    sheet = book["Orders"]
    assert [sheet[f"D{row}"].value for row in (4, 5, 6, 7, 8, 9)] == [
        "1000105563",
        None,
        None,
        *["1000105563", None],
        "1000105563",
    ]
    assert sheet["C7"].value == "=1+1"
    assert sheet["C7"].data_type == "s"
    assert [cell.value for cell in sheet[3]][: len(orders.columns)] == [
        column.header for column in orders.columns
    ]
    assert book["Customers"]["B5"].value == "1000105563"


def test_whole_numbers_and_dates_are_real_and_everything_else_is_text(
    tmp_path: Path, orders: SheetTable, customers: SheetTable
) -> None:
    book = load(write_results(tmp_path / "r.xlsx", report(orders, SOME, customers=customers)))
    assert book["Orders"]["H4"].value == 5
    assert book["Orders"]["H7"].value == "007"
    assert book["Customers"]["H5"].value == datetime(2022, 4, 9)  # noqa: DTZ001 - as Excel has it
    assert book["Customers"]["Q5"].value == "02134"
    assert book["Customers"]["Q5"].number_format == "@"


def test_result_columns_follow_on_the_right_with_the_machine_columns_folded_away(
    tmp_path: Path, orders: SheetTable
) -> None:
    sheet = load(write_results(tmp_path / "r.xlsx", report(orders, SOME)))["Orders"]
    letters = headers(sheet, 3)
    own = len(orders.columns)
    assert [sheet.cell(3, 1 + own + at).value for at in range(len(RESULT_COLUMNS))] == [
        name for _, name in RESULT_COLUMNS
    ]
    assert sheet[f"{letters['Outcome']}4"].value == "✔ Ordered"
    assert sheet[f"{letters['Amount']}4"].value == 12.5
    assert sheet[f"{letters['outcome_code']}9"].value == "unknown"
    assert sheet[f"{letters['source_row']}7"].value == 7
    assert sheet.column_dimensions[letters["row_key"]].hidden
    assert sheet.column_dimensions[letters["row_key"]].outline_level == 1
    assert sheet.auto_filter.ref == f"A3:{column_letters(own + len(RESULT_COLUMNS) - 1)}9"
    assert sheet.freeze_panes == "E4"


def test_the_check_cell_shows_the_outcome_where_the_eye_begins(tmp_path: Path, orders: SheetTable) -> None:
    sheet = load(write_results(tmp_path / "r.xlsx", report(orders, SOME)))["Orders"]
    assert [sheet[f"A{row}"].value for row in (4, 7, 9)] == ["✔ Ordered", "✖ Failed", "⚠ Check by hand"]


def test_cells_that_a_failure_names_are_bordered_and_say_why(
    tmp_path: Path, orders: SheetTable, customers: SheetTable
) -> None:
    book = load(write_results(tmp_path / "r.xlsx", report(orders, SOME, customers=customers)))
    for cell in (book["Orders"]["H7"], book["Customers"]["E5"]):
        assert cell.border.left.style == "medium"
        assert cell.comment.text.partition(": ")[2].startswith("The domain is taken. Choose another.")
    assert "Orders row 7" in book["Customers"]["E5"].comment.text


def test_a_results_workbook_that_comes_in_again_is_refreshed_and_not_doubled(tmp_path: Path) -> None:
    first = table(SheetRole.ORDERS, {4: order()}, extra=["Outcome", "Message", "Mine"])
    book = load(write_results(tmp_path / "r.xlsx", report(first, [result(4, message="new")])))
    row = [cell.value for cell in book["Orders"][3]]
    assert sorted(name for name in row if name in RESULT_HEADERS) == sorted(RESULT_HEADERS)
    own = len(first.columns)
    assert row[own - 3 : own] == ["Outcome", "Message", "Mine"]
    assert book["Orders"].cell(4, own - 1).value == "new"


@pytest.mark.parametrize(("hours", "is_amber"), [(47, True), (48, False), (-1, False)])
def test_cancel_before_is_amber_under_48_hours(tmp_path: Path, hours: int, is_amber: bool) -> None:
    orders = table(SheetRole.ORDERS, {4: order()})
    made = report(orders, [result(4, cancel_before=STARTED_AT + timedelta(minutes=4, hours=hours))])
    sheet = load(write_results(tmp_path / "r.xlsx", made))["Orders"]
    fill = sheet[f"{headers(sheet, 3)['Cancel before (UTC)']}4"].fill.start_color.rgb
    assert (fill == "FFFFF2CC") is is_amber


@pytest.mark.parametrize(
    ("environment", "words", "colour"),
    [
        ("LIVE", "LIVE – these orders are real", "FFB00020"),
        ("PRACTICE", "PRACTICE – nothing was really ordered", "FF1F5FA8"),
    ],
)
def test_the_summary_says_live_or_practice_in_word_and_colour(
    tmp_path: Path, orders: SheetTable, environment: str, words: str, colour: str
) -> None:
    sheet = load(write_results(tmp_path / "r.xlsx", report(orders, SOME, environment=environment)))["Summary"]
    assert sheet["A2"].value == words
    assert sheet["A2"].fill.start_color.rgb == colour


def test_the_summary_counts_sums_and_links(tmp_path: Path, orders: SheetTable, customers: SheetTable) -> None:
    failed = FailureGroup(
        outcome=Outcome.REJECTED,
        code="S-DECLINED",
        reason="Taken.",
        rows=1,
        first_cell="Customers!E5",
        fix="Choose.",
    )
    made = report(
        orders,
        SOME,
        customers=customers,
        failures=[failed],
        next_steps=[("bulk-orders resolve R", "look it up")],
    )
    path = write_results(tmp_path / "r.xlsx", made)
    sheet = load(path)["Summary"]
    values = {
        sheet[f"A{row}"].value: (sheet[f"B{row}"].value, sheet[f"C{row}"].value) for row in range(7, 14)
    }
    assert values["✔ Ordered"] == (1, 12.5)
    assert values["Total"] == (3, 12.5)
    assert {"Amount (USD)", "Taken. (S-DECLINED)", "bulk-orders resolve R", "27 Rings"} <= texts(sheet)
    command = next(cell for (cell,) in sheet["A1:A40"] if cell.value == "bulk-orders resolve R")
    assert f"A{command.row}:E{command.row}" in sheet.merged_cells
    assert command.alignment.wrap_text
    assert links(sheet) == ["'Customers'!E5"]
    assert sheet.page_setup.fitToHeight == 0
    with zipfile.ZipFile(path) as archive:
        assert b'descr="Bar chart of rows by outcome: Ordered 1' in archive.read("xl/drawings/drawing1.xml")


def test_two_currencies_are_never_added_up(tmp_path: Path, orders: SheetTable) -> None:
    rows = [result(4, amount="1", currency="USD"), result(7, amount="2", currency="EUR"), result(9)]
    assert "EUR 2.00; USD 1.00" in texts(
        load(write_results(tmp_path / "r.xlsx", report(orders, rows)))["Summary"]
    )


def test_attempts_and_run_info_tell_an_auditor_everything(tmp_path: Path, orders: SheetTable) -> None:
    attempt = AttemptRecord(
        key="k1:a",
        run_id=RUN_ID,
        sheet_row=9,
        number=1,
        begun_at=STARTED_AT,
        verdict="",
        reason="=lost",
        bytes_sent=9,
    )
    book = load(
        write_results(
            tmp_path / "r.xlsx", report(orders, SOME, attempts=[attempt], settings={"password": "set"})
        )
    )
    row = [cell.value for cell in book["Attempts"][2]]
    assert row[:2] == ["9", 1]
    assert {"never ended", "=lost", "k1:a"} <= set(row)
    assert {"SHA-256 of the workbook", "0" * 64, "password", "set", RUN_ID, "0.1.0"} <= texts(
        book["Run info"]
    )


def test_the_reader_can_recognise_a_results_workbook(tmp_path: Path, orders: SheetTable) -> None:
    book = load(write_results(tmp_path / "r.xlsx", report(orders, SOME)))
    properties = {entry.name: entry.value for entry in book.custom_doc_props.props}
    assert properties == {
        "bulk_orders_kind": "results workbook",
        "bulk_orders_run_id": RUN_ID,
        "bulk_orders_schema": 1,
    }


def test_rows_that_were_hidden_stay_hidden(tmp_path: Path, orders: SheetTable) -> None:
    rows = [result(4), result(7, Outcome.REJECTED, message="long " * 50), result(9, Outcome.NOT_SENT)]
    made = report(replace(orders, hidden_rows=frozenset({7, 9})), rows)
    sheet = load(write_results(tmp_path / "r.xlsx", made))["Orders"]
    assert [row for row, found in sheet.row_dimensions.items() if found.hidden] == [7, 9]


def test_a_flat_sheet_with_a_name_of_ours_gets_another(tmp_path: Path) -> None:
    orders = table(SheetRole.ORDERS, {2: order()}, name="Summary", header_row=1)
    book = load(write_results(tmp_path / "r.xlsx", report(orders)))
    assert book.sheetnames == ["Summary", "Summary (2)", "Attempts", "Run info", "Lists"]
    assert book["Summary (2)"]["D2"].value == "1000105563"


def test_a_run_that_is_under_way_says_so(tmp_path: Path, orders: SheetTable) -> None:
    rows = [result(row, Outcome.NOT_SENT) for row in (4, 7, 9)]
    book = load(write_results(tmp_path / "r.xlsx", report(orders, rows, ended_at=None, exit_code=None)))
    assert "not finished" in book["Summary"]["A4"].value


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("orders.xlsx", "orders.results-20261122-0215.xlsx"),
        ("orders.csv", "orders.results-20261122-0215.xlsx"),
        ("orders.checked.xlsx", "orders.results-20261122-0215.xlsx"),
        ("orders.results-20261120-0800.xlsx", "orders.results-20261122-0215.xlsx"),
        ("orders.results-20261120-0800 (2).xlsx", "orders.results-20261122-0215.xlsx"),
        ("orders.results-20261122-0215.xlsx", "orders.results-20261122-0215 (2).xlsx"),
    ],
)
def test_results_go_beside_the_input_and_never_over_it(source: str, expected: str) -> None:
    assert results_path(Path("in") / source, STARTED_AT) == Path("in") / expected


def test_moments_are_shown_to_the_second(tmp_path: Path, orders: SheetTable) -> None:
    made_at = STARTED_AT.replace(second=7, microsecond=123_456)
    path = write_results(tmp_path / "r.xlsx", report(orders, [result(4, ordered_at=made_at)]))
    sheet = load(path)["Orders"]
    (header,) = (cell for cell in sheet[3] if cell.value == "Ordered at (UTC)")
    assert sheet.cell(4, header.column).value == made_at.replace(microsecond=0, tzinfo=None)


def test_one_row_is_one_row(orders: SheetTable) -> None:
    assert headline(report(orders, counts={Outcome.ORDERED: 1})) == "1 of 1 row is ordered or accepted."
