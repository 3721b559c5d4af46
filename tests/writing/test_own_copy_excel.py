"""What only Excel puts into a workbook comes back as it was, and Excel has nothing to repair."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from books.excel_book import ORDERS_PART, add_calculation_order, excel_book, query_book
from books.order_books import order_rows, write_book
from books.own_books import (
    checked,
    packed,
    parts,
    read,
    replaced,
    results,
    rich_book,
    some_results,
    with_parts,
)
from ooxml.repairs.faults import faults_of
from openpyxl.comments import Comment
from test_own_copy import BROKEN, OURS, load

from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.writing.own_copy.copy import write_results_into
from bulk_orders.writing.own_copy.fixes import written_values
from bulk_orders.writing.own_copy.told import CellValue

pytestmark = pytest.mark.long

CHAIN = "xl/calcChain.xml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("excel")


@pytest.fixture(scope="module")
def source(folder: Path) -> bytes:
    return excel_book(folder, changes=BROKEN)


@pytest.fixture(scope="module")
def ran(folder: Path, source: bytes) -> bytes:
    return results(folder, source)


def with_formula(book: bytes, part: str, place: str) -> bytes:
    """The workbook after somebody typed a formula into an empty row below everything, and Excel saved it."""
    row = re.sub(r"\D", "", place)
    cell = f'<row r="{row}"><c r="{place}"><f>1+1</f><v>2</v></c></row></sheetData>'
    changed = dict(parts(with_parts(book, {part: replaced(("</sheetData>", cell))})))
    add_calculation_order(changed)
    return packed(changed)


@pytest.mark.parametrize("make", [results, checked])
def test_every_part_that_is_not_ours_stays_byte_for_byte(
    folder: Path, source: bytes, make: Callable[..., bytes]
) -> None:
    made = make(folder, source, f"parts-{make.__name__}.xlsx")
    before, after = parts(source), parts(made)
    assert {name for name in before if before[name] != after.get(name)} <= OURS
    assert faults_of(source) == faults_of(made) == []


def test_a_copy_of_a_copy_of_a_copy_has_nothing_to_repair_either(folder: Path, source: bytes) -> None:
    made = source
    for number, make in enumerate((checked, results, results, checked, checked)):
        made = make(folder, made, f"chain-{number}.xlsx")
        assert faults_of(made) == []
    assert load(made).sheetnames == ["Problems", *load(source).sheetnames]
    assert parts(made)[CHAIN] == parts(source)[CHAIN]


def test_controls_and_conversations_stay_where_cells_beside_them_get_notes(ran: bytes, source: bytes) -> None:
    boxes = parts(ran)["xl/drawings/vmlDrawing1.vml"]
    before = parts(source)["xl/drawings/vmlDrawing1.vml"]
    shapes = re.findall(rb"<v:shape .*?</v:shape>", before, re.DOTALL)
    assert len(shapes) == 4
    assert all(shape in boxes for shape in shapes)
    comments = {comment.ref: comment.text for comment in _comments(ran)}
    assert comments["C6"].startswith("[Threaded comment]")
    assert comments["K5"] == "K5: The domain is taken. Choose another."


def _comments(book: bytes) -> list[object]:
    sheet = load(book)["Orders"]
    return [
        type("Note", (), {"ref": cell.coordinate, "text": cell.comment.text})
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    ]


def test_a_cell_with_a_conversation_keeps_it_when_it_has_a_problem(folder: Path, source: bytes) -> None:
    report = some_results(read(source).orders)
    rows = [replace(row, marked_cells=("Orders!C6",)) for row in report.rows]
    made = write_results_into(folder / "talk.xlsx", source, replace(report, rows=rows)).read_bytes()
    assert faults_of(made) == []
    assert load(made)["Orders"]["C6"].comment.text.startswith("[Threaded comment]")


@pytest.mark.parametrize(("sheet", "place"), [("Summary", "A900"), ("Orders", "R900")])
def test_a_formula_that_goes_with_what_we_replace_is_not_listed_any_more(
    folder: Path, ran: bytes, sheet: str, place: str
) -> None:
    """A new Summary would else be listed with a formula that the old one had."""
    part = {"Summary": "xl/worksheets/sheet7.xml", "Orders": ORDERS_PART}[sheet]
    typed = with_formula(ran, part, place)
    assert faults_of(typed) == []
    made = results(folder, typed, f"typed-{sheet}.xlsx")
    assert faults_of(made) == []
    assert CHAIN not in parts(made)


def test_formulas_that_stay_stay_listed(folder: Path, ran: bytes) -> None:
    typed = with_formula(ran, ORDERS_PART, "B900")
    assert parts(results(folder, typed, "kept.xlsx"))[CHAIN] == parts(typed)[CHAIN]


def test_a_value_that_is_written_over_a_formula_takes_it_off_the_list(source: bytes) -> None:
    value = CellValue(sheet="Orders", row=5, column=13, text="none", is_number=False)
    made = written_values(source, [value])
    assert CHAIN not in parts(made)
    assert faults_of(made) == []


def test_a_table_that_a_query_fills_grows_and_the_query_knows_that_it_does_not_fill_our_columns(
    folder: Path,
) -> None:
    source = query_book()
    ours = len(RESULT_COLUMNS)
    once = results(folder, source, "q1.xlsx")
    twice = results(folder, once, "q2.xlsx")
    for made in (once, twice):
        query = parts(made)["xl/queryTables/queryTable1.xml"]
        assert faults_of(made) == faults_of(source) == []
        assert b'unboundColumnsRight="%d"' % ours in query
        assert query.count(b' dataBound="0"') == ours
    assert parts(once)["xl/connections.xml"] == parts(source)["xl/connections.xml"]


def test_a_query_that_does_not_tell_its_fields_keeps_its_table(folder: Path) -> None:
    bare = with_parts(
        query_book(),
        {
            "xl/queryTables/queryTable1.xml": lambda xml: re.sub(
                rb"<queryTableRefresh.*</queryTableRefresh>", b"", xml
            )
        },
    )
    made = results(folder, bare, "bare.xlsx")
    assert parts(made)["xl/tables/table1.xml"] == parts(bare)["xl/tables/table1.xml"]
    assert load(made)["Orders"]["M1"].value == "Outcome"


def _beside(folder: Path, change: Callable[[xlsxwriter.Workbook, object], None]) -> bytes:
    """A workbook with orders under a filter from A3 to L7, and something beside them."""
    path = folder / "beside.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Orders")
    rows = order_rows(4)
    sheet.write_row(2, 0, list(rows[0]))
    for number, row in enumerate(rows, start=3):
        sheet.write_row(number, 0, list(row.values()))
    sheet.autofilter(2, 0, 6, len(rows[0]) - 1)
    change(book, sheet)
    book.close()
    return path.read_bytes()


def test_a_filter_does_not_reach_over_a_table_that_stands_beside_the_data(folder: Path) -> None:
    source = _beside(
        folder,
        lambda _, sheet: sheet.add_table("O3:P5", {"columns": [{"header": "Rate"}, {"header": "Since"}]}),
    )
    made = results(folder, source, "beside-table.xlsx")
    assert faults_of(made) == faults_of(source) == []
    sheet = load(made)["Orders"]
    assert sheet.auto_filter.ref == "A3:L7"
    assert sheet["Q3"].value == "Outcome"


def test_results_are_not_hidden_under_merged_cells_beside_the_data(folder: Path) -> None:
    def note(book: xlsxwriter.Workbook, sheet: object) -> None:
        sheet.merge_range("M1:P9", "Ask Ann before you change anything")
        sheet.merge_range("A1:L1", "Orders of November")
        sheet.merge_range("A30:XFD30", "The end")

    source = _beside(folder, note)
    for header, make in (("Outcome", results), ("Check", checked)):
        made = make(folder, source, f"{header}.xlsx")
        found = {str(cell.value): cell.column_letter for cell in load(made)["Orders"][3] if cell.value}
        assert faults_of(made) == []
        assert found[header] == "Q"


def test_notes_join_those_of_programs_that_draw_boxes_with_other_prefixes(folder: Path) -> None:
    path = folder / "openpyxl.xlsx"
    book = openpyxl.load_workbook(write_book(path, order_rows(4)))
    book["Orders"]["A2"].comment = Comment("mine", "Ann")
    book.save(path)
    source = path.read_bytes()
    assert b"<v:shape " not in parts(source)["xl/drawings/commentsDrawing1.vml"]
    made = results(folder, source, "joined.xlsx")
    again = results(folder, made, "again.xlsx")
    report = some_results(read(made).orders)
    rows = [replace(row, marked_cells=()) for row in report.rows]
    cleared = write_results_into(folder / "cleared.xlsx", made, replace(report, rows=rows)).read_bytes()
    for content, noted in ((made, {"A2", "A3", "A5"}), (again, {"A2", "A3", "A5"}), (cleared, {"A2"})):
        sheet = load(content)["Orders"]
        found = {cell.coordinate for row in sheet.iter_rows(max_col=12) for cell in row if cell.comment}
        assert faults_of(content) == []
        assert found == noted


def test_links_of_ours_have_a_type_where_each_part_states_its_own(folder: Path) -> None:
    """As old versions of LibreOffice write it."""
    book = dict(parts(rich_book(folder)))
    kind = "application/vnd.openxmlformats-package.relationships+xml"
    types = book["[Content_Types].xml"].replace(
        b'<Default Extension="rels" ContentType="%s"/>' % kind.encode(), b""
    )
    stated = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>' for name in book if name.endswith(".rels")
    )
    book["[Content_Types].xml"] = types.replace(b"</Types>", stated.encode() + b"</Types>")
    source = packed(book)
    once = results(folder, source, "stated.xlsx")
    assert [faults_of(made) for made in (source, once, results(folder, once, "stated2.xlsx"))] == [[], [], []]


def test_a_type_that_was_left_behind_for_a_part_that_is_gone_is_not_stated_twice(folder: Path) -> None:
    gone = '<Override PartName="/xl/drawings/drawing2.xml" ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>'
    source = with_parts(rich_book(folder), {"[Content_Types].xml": replaced(("</Types>", f"{gone}</Types>"))})
    made = results(folder, source, "left.xlsx")
    assert "xl/drawings/drawing2.xml" in parts(made)
    assert faults_of(made) == []


def test_a_chart_sheet_that_was_in_front_leaves_its_place_to_ours(folder: Path) -> None:
    def add_chart(book: xlsxwriter.Workbook, _: object) -> None:
        chart = book.add_chart({"type": "pie"})
        chart.add_series({"values": "=Orders!$G$4:$G$7"})
        sheet = book.add_chartsheet("Share")
        sheet.set_chart(chart)
        sheet.activate()

    source = _beside(folder, add_chart)
    made = results(folder, source, "chart.xlsx")
    before, after = (parts(book)["xl/chartsheets/sheet1.xml"] for book in (source, made))
    assert faults_of(made) == []
    assert after == before.replace(b' tabSelected="1"', b"")
    assert after != before


@pytest.mark.skipif(
    shutil.which("soffice") is None or shutil.which("pdftotext") is None,
    reason="LibreOffice or poppler is missing",
)
def test_libreoffice_shows_what_was_there_and_what_was_added(tmp_path: Path, source: bytes) -> None:
    results(tmp_path, source, "shown.xlsx")
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/lo", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", tmp_path, tmp_path / "shown.xlsx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    shown = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "shown.pdf", "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode()
    assert all(
        words in shown
        for words in (
            *("Orders of November for Ann", "Call Ann before the 25th", "All checke", "Sum of Quantity"),
            *("✔ Ordered", "✖ Failed", "The domain is taken."),
        )
    )


def test_the_rich_workbook_has_nothing_to_repair_before_and_after(tmp_path: Path) -> None:
    source = rich_book(tmp_path, changes=BROKEN, check_column=False)
    assert [faults_of(book) for book in (source, results(tmp_path, source), checked(tmp_path, source))] == [
        *([], [], [])
    ]
