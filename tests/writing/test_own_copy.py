"""The user's own workbook comes back with everything in it, and with what we have to say."""

import re
import time
import warnings
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from books.own_books import (
    HEADERS,
    X14_LIST,
    checked,
    parts,
    problems_of,
    read,
    replaced,
    results,
    rich_book,
    sheet_part,
    some_results,
    with_parts,
)
from books.written_books import RUN_ID, STARTED_AT

from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.core.lifecycle import AttemptRecord
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.writing.own_copy.copy import write_results_into

BROKEN = {
    5: {"Quantity": "5 seats", "Billing": "Monthlyy"},
    7: {"Commitment": "Anual"},
    8: {"Your reference": ""},
}
OURS = {
    *("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"),
    *("xl/worksheets/sheet2.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "docProps/custom.xml"),
}
"""All that may change of the rich workbook; sheet2 is Orders, which has a note of the user's."""


@lru_cache(maxsize=4)
def load(content: bytes) -> openpyxl.Workbook:
    """Read a workbook, once for all tests that ask; nobody changes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it would lose
        return openpyxl.load_workbook(BytesIO(content))


def headers(content: bytes, row: int = 3) -> list[str]:
    return [str(cell.value) for cell in load(content)["Orders"][row] if cell.value]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own")


@pytest.fixture(scope="module")
def source(folder: Path) -> bytes:
    return rich_book(folder)


@pytest.fixture(scope="module")
def ran(folder: Path, source: bytes) -> bytes:
    return results(folder, source)


def test_results_leave_every_other_part_as_it_was_byte_for_byte(source: bytes, ran: bytes) -> None:
    before, after = parts(source), parts(ran)
    assert {name for name in before if before[name] != after.get(name)} <= OURS
    assert {
        "xl/charts/chart1.xml",
        "xl/media/image1.png",
        "xl/tables/table1.xml",
        "customXml/item1.xml",
    } <= before.keys()


def test_a_check_leaves_every_other_part_as_it_was_byte_for_byte(folder: Path) -> None:
    source = rich_book(folder, changes=BROKEN)
    before, after = parts(source), parts(checked(folder, source))
    assert {name for name in before if before[name] != after.get(name)} <= OURS


def test_what_stands_around_the_rows_stays_too(source: bytes, ran: bytes) -> None:
    before, after = (parts(content)["xl/worksheets/sheet2.xml"] for content in (source, ran))
    kept = re.findall(
        rb"<(?:conditionalFormatting|dataValidations|pageSetup|rowBreaks|extLst|pane).*?>", before
    )
    assert len(kept) >= 6
    assert all(tag in after for tag in kept)
    assert before[before.index(b"<extLst>") :] == after[after.index(b"<extLst>") :]
    assert X14_LIST in after


def test_formulas_texts_and_rich_texts_are_as_they_were(source: bytes, ran: bytes) -> None:
    def cells(content: bytes) -> dict[str, object]:
        return {cell.coordinate: cell.value for row in load(content)["Orders"]["A1:N9"] for cell in row}

    assert cells(ran) == cells(source)
    assert cells(ran)["N4"] == "=E4*Rate/100"
    assert b"November</t>" in parts(ran)["xl/sharedStrings.xml"]


@pytest.mark.parametrize("make", [results, checked])
def test_it_reads_back_as_the_workbook_that_came_in(folder: Path, make: "type[results]") -> None:
    source = rich_book(folder, changes=BROKEN)
    before, after = read(source), read(make(folder, source, f"{make.__name__}.xlsx"))
    assert replace(after, row_keys={}) == before
    assert problems_of(after).problems == problems_of(before).problems


def test_result_columns_stand_beside_the_data_and_not_on_a_cell_chart(ran: bytes) -> None:
    """Column O has a sparkline, so ours begin at P."""
    sheet = load(ran)["Orders"]
    found = {str(cell.value): cell.column_letter for cell in sheet[3] if cell.value}
    assert [found[header] for _, header in RESULT_COLUMNS] == [
        column_letters(15 + at) for at in range(len(RESULT_COLUMNS))
    ]
    assert (sheet["P4"].value, sheet["P5"].value) == ("✔ Ordered", "✖ Failed")
    assert sheet["P5"].fill.start_color.rgb == "FFFDE9E7"
    assert sheet[f"{found['Order ID']}4"].value == "007"
    assert sheet[f"{found['Amount']}4"].value == 12.5
    assert sheet.column_dimensions[found["row_key"]].hidden


def test_the_users_filter_reaches_over_our_columns_so_that_sorting_moves_results_with_their_rows(
    ran: bytes,
) -> None:
    assert load(ran)["Orders"].auto_filter.ref == f"A3:{column_letters(14 + len(RESULT_COLUMNS))}9"
    last = column_letters(14 + len(RESULT_COLUMNS)).encode()
    wanted = rb"FilterDatabase\"[^>]*>'Orders'!\$A\$3:\$" + last + rb"\$9<"
    assert re.search(wanted, parts(ran)["xl/workbook.xml"])


def test_problem_cells_keep_their_format_under_the_mark_and_say_why(source: bytes, ran: bytes) -> None:
    before, after = load(source)["Orders"]["K5"], load(ran)["Orders"]["K5"]
    assert (after.border.left.style, after.fill.start_color.rgb) == ("medium", "FFFDE9E7")
    assert (after.number_format, after.font.i, after.value) == (
        before.number_format,
        before.font.i,
        before.value,
    )
    assert after.comment.text == "K5: The domain is taken. Choose another."
    assert after.comment.author == "bulk-orders"


def test_a_note_of_the_users_stays_where_we_would_have_put_ours(folder: Path) -> None:
    source = rich_book(folder)
    orders = read(source).orders
    report = some_results(orders)
    rows = [replace(row, marked_cells=("Orders!B5",)) for row in report.rows]
    made = write_results_into(folder / "n.xlsx", source, replace(report, rows=rows)).read_bytes()
    note = load(made)["Orders"]["B5"].comment
    assert (note.text, note.author) == ("Ann: this one is urgent", "Ann")
    assert b"width:225pt;height:112.5pt" in parts(made)["xl/drawings/vmlDrawing1.vml"]


def test_our_sheets_are_in_front_and_behind_and_only_ours_is_in_front(source: bytes, ran: bytes) -> None:
    book = load(ran)
    assert book.sheetnames == ["Summary", *load(source).sheetnames, "Attempts", "Run info"]
    assert book.active.title == "Summary"
    assert book["Old notes"].sheet_state == "hidden"
    fronts = [name for name, part in parts(ran).items() if b'tabSelected="1"' in part]
    assert fronts == [sheet_part(ran, "Summary")]


def test_a_protected_sheet_that_was_in_front_only_loses_that_place(folder: Path) -> None:
    """As the template's first sheet, which is protected."""
    guarded = replaced(
        ("</sheetData>", '</sheetData><sheetProtection sheet="1" objects="1"/>'),
        ("<sheetView ", '<sheetView tabSelected="1" '),
    )
    source = with_parts(rich_book(folder), {"xl/worksheets/sheet1.xml": guarded})
    made = parts(results(folder, source, "front.xlsx"))
    before = parts(source)["xl/worksheets/sheet1.xml"]
    assert made["xl/worksheets/sheet1.xml"] == before.replace(b' tabSelected="1"', b"")


def test_names_that_belong_to_a_sheet_still_do(source: bytes, ran: bytes) -> None:
    before, after = load(source), load(ran)
    for name in before.sheetnames:
        assert {key: after[name].defined_names[key].value for key in before[name].defined_names} == {
            key: value.value for key, value in before[name].defined_names.items()
        }
        assert after[name].print_title_rows == before[name].print_title_rows
        assert after[name].print_area == before[name].print_area
    assert after.defined_names["Rate"].value == "Prices!$B$2"


def test_a_results_workbook_fed_back_is_refreshed_and_nothing_is_doubled(folder: Path, ran: bytes) -> None:
    again = results(folder, results(folder, ran, "second.xlsx"), "third.xlsx")
    assert headers(again) == headers(ran)
    assert load(again).sheetnames == load(ran).sheetnames
    assert sorted(parts(again)) == sorted(parts(ran))
    assert parts(again)["xl/styles.xml"] == parts(ran)["xl/styles.xml"]
    assert read(again) == read(ran)


def test_marks_and_notes_of_cells_that_are_right_now_are_gone_and_the_cell_looks_as_before(
    folder: Path, source: bytes, ran: bytes
) -> None:
    report = some_results(read(ran).orders)
    fine = replace(report, rows=[replace(row, marked_cells=()) for row in report.rows])
    sheet = load(write_results_into(folder / "fine.xlsx", ran, fine).read_bytes())["Orders"]
    usual = load(source)["Orders"]["K5"]
    assert sheet["K5"].comment is None
    assert (sheet["K5"].fill.start_color.rgb, sheet["K5"].border.left.style) == (
        usual.fill.start_color.rgb,
        None,
    )
    assert sheet["B5"].comment.text == "Ann: this one is urgent"


def test_problems_are_listed_first_and_linked_both_ways(folder: Path) -> None:
    book = load(checked(folder, rich_book(folder, changes=BROKEN)))
    assert book.active.title == "Problems"
    where = {cell.value: cell.hyperlink.location for cell in book["Problems"]["C"] if cell.hyperlink}
    assert where["Orders!E5"] == "'Orders'!E5"
    back = book["Orders"]["A5"].hyperlink.location
    assert book["Problems"][back.rpartition("!")[2]].value == "Orders!E5"
    assert book["Orders"]["A5"].value.startswith("=IF(")
    assert book["Orders"]["E5"].comment.text.startswith('E5: "5 seats" is not a')


@pytest.mark.long
def test_where_the_sheet_has_no_check_column_it_gets_one(folder: Path) -> None:
    source = rich_book(folder, changes=BROKEN, check_column=False)
    once = checked(folder, source, "once.xlsx")
    twice = checked(folder, once, "twice.xlsx")
    sheet = load(twice)["Orders"]
    assert headers(once) == headers(twice) == [*HEADERS[1:], "Check"]
    column = next(cell.column for cell in sheet[3] if cell.value == "Check")
    assert [sheet.cell(row, column).value for row in (4, 5, 7)] == ["✔ Ready", "✖ 2 to fix", "✖ 1 to fix"]


def test_results_of_a_checked_workbook_leave_no_problems_behind(folder: Path) -> None:
    source = rich_book(folder, changes=BROKEN)
    made = results(folder, checked(folder, source), "after.xlsx")
    book = load(made)
    assert "Problems" not in book.sheetnames
    assert book["Orders"]["A5"].hyperlink is None
    assert book["Orders"]["E5"].fill.start_color.rgb != "FFFDE9E7"
    assert read(made).orders == read(source).orders


@pytest.mark.long
def test_a_sheet_summary_of_the_users_is_not_ours(folder: Path) -> None:
    source = with_parts(
        rich_book(folder), {"xl/workbook.xml": replaced(('name="Read me"', 'name="Summary"'))}
    )
    once = results(folder, source, "s1.xlsx")
    twice = results(folder, once, "s2.xlsx")
    assert load(twice).sheetnames == load(once).sheetnames
    assert load(twice).sheetnames[:2] == ["Summary (2)", "Summary"]
    assert load(twice)["Summary"]["A1"].value == "Prepared by finance"
    assert b"'Summary (2)'!$" in parts(twice)["xl/charts/chart2.xml"]


@pytest.mark.long
def test_a_column_message_of_the_users_is_not_ours(folder: Path) -> None:
    source = with_parts(
        rich_book(folder), {"xl/sharedStrings.xml": replaced(("<t>Margin</t>", "<t>Message</t>"))}
    )
    made = results(folder, source, "m.xlsx")
    again = results(folder, made, "m2.xlsx")
    assert load(again)["Orders"]["N4"].value == "=E4*Rate/100"
    assert headers(again).count("Message") == 2


@pytest.mark.long
def test_what_is_replaced_is_only_what_nobody_saved_since(folder: Path, source: bytes) -> None:
    report = some_results(read(source).orders)
    path = write_results_into(folder / "same.xlsx", source, report)
    assert write_results_into(path, source, report) == path
    book = load(path.read_bytes())
    time.sleep(1.0)  # workbooks tell the second in which they were saved
    book.save(path)
    assert write_results_into(path, source, report).name == "same (2).xlsx"


def test_only_the_owner_can_read_it_and_nothing_is_left_beside_it(tmp_path: Path, source: bytes) -> None:
    path = write_results_into(tmp_path / "r.xlsx", source, some_results(read(source).orders))
    assert path.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["r.xlsx"]


def test_a_hostile_message_is_text(folder: Path, source: bytes) -> None:
    report = some_results(read(source).orders)
    hostile = "=cmd|' /C calc'!A0 <b>&amp;</b> \x0b_x0041_ \ud800" + "x" * 40_000
    made = write_results_into(
        folder / "h.xlsx",
        source,
        replace(report, rows=[replace(row, message=hostile) for row in report.rows]),
    ).read_bytes()
    cell = load(made)["Orders"]["Q5"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.startswith("=cmd|' /C calc'!A0 <b>&amp;</b> ")
    assert parts(made)["xl/worksheets/sheet2.xml"].count(b"<f>") == parts(source)[
        "xl/worksheets/sheet2.xml"
    ].count(b"<f>")


def test_the_run_is_known_by_its_properties(ran: bytes) -> None:
    found = {entry.name: entry.value for entry in load(ran).custom_doc_props.props}
    assert found["bulk_orders_kind"] == "results workbook"
    assert found["bulk_orders_run_id"] == RUN_ID
    assert found["bulk_orders_sheets"] == "Summary/Attempts/Run info"


@pytest.mark.long
def test_many_attempts_look_like_few_and_are_all_there(folder: Path, source: bytes) -> None:
    """The first are written by a library, the others faster; a reason is never a formula."""
    orders = read(source).orders
    tried = [
        AttemptRecord(
            key=f"k1:{number}",
            run_id=RUN_ID,
            sheet_row=4 + number % 6,
            number=number,
            begun_at=STARTED_AT,
            verdict="rejected" if number % 2 else "accepted",
            reason="=why" if number == 250 else "",
            bytes_sent=9,
        )
        for number in range(300)
    ]
    made = write_results_into(folder / "many.xlsx", source, some_results(orders, attempts=tried)).read_bytes()
    sheet = load(made)["Attempts"]
    assert [row[9].value for row in sheet.iter_rows(min_row=2)] == [attempt.key for attempt in tried]
    assert sheet.auto_filter.ref == "A1:K301"
    for column in "ABCEGJK":
        few, many = sheet[f"{column}3"], sheet[f"{column}251"]
        assert (few.font.color.rgb, few.fill.start_color.rgb, few.number_format, type(few.value)) == (
            *(many.font.color.rgb, many.fill.start_color.rgb, many.number_format, type(many.value)),
        )
    assert sheet["A252"].hyperlink.location == f"'Orders'!A{sheet['A252'].value}"
    assert (sheet["H252"].value, sheet["H252"].data_type, sheet["H252"].quotePrefix) == ("=why", "s", True)
