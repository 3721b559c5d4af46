"""What the cells of a workbook become: exact text, with a note where text alone would lie."""

import datetime as dt
import io

import openpyxl
import pytest
import xlsxwriter
from books.input_books import ORDER, ORDER_HEADERS, SHEET, book, patched, quantity, read, read_cell, saved
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulk_orders.core.model import CellNote
from bulk_orders.reading.cell_text import number_text
from bulk_orders.reading.workbook import read_workbook


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (0.1, "0.1"),
        (1.5, "1.5"),
        (-3, "-3"),
        (1e-7, "0.0000001"),
        (999999999999999, "999999999999999"),
        (1000105563, "1000105563"),
    ],
)
def test_a_number_is_read_as_plain_decimal_text(value: float, text: str) -> None:
    assert quantity(value) == (text, None)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (b'<c r="C2"><v>1.1000000000000001</v></c>', "1.1"),  # as Excel stores 1.1
        (b'<c r="C2"><v>-0</v></c>', "0"),
        (b'<c r="C2" t="n"><v>1E3</v></c>', "1000"),
    ],
)
def test_a_number_is_the_one_excel_means_however_it_is_stored(xml: bytes, text: str) -> None:
    assert read_cell(xml) == (text, None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"1000000000000000", "1000000000000000"),
        (b"12345678901234567", "12345678901234568"),
        (b"1.2E+17", "120000000000000000"),
        (b"0.30000000000000004", "0.30000000000000004"),
    ],
)
def test_a_number_of_more_than_15_digits_is_noted(value: bytes, text: str) -> None:
    assert read_cell(b'<c r="C2"><v>%s</v></c>' % value) == (text, CellNote.LONG_NUMBER)


def test_a_number_too_large_for_excel_is_noted() -> None:
    assert read_cell(b'<c r="C2"><v>1e400</v></c>') == ("inf", CellNote.LONG_NUMBER)


@pytest.mark.parametrize(
    "text",
    [
        "None",
        "NA",
        "n/a",
        "null",
        "nan",
        "02134",
        " 5 ",
        "TRUE",
        "#N/A ",
        "1E5",
        "=1+1",
        "a\nb",
        "'00123",
    ],
)
def test_text_stays_as_it_was_typed(text: str) -> None:
    workbook = book()
    workbook["Orders"]["G2"].value = text
    workbook["Orders"]["G2"].data_type = "s"
    tables = read(workbook)
    assert tables.orders.cells[0][6] == text
    assert not tables.orders.notes


def test_a_date_is_iso_text_with_a_note() -> None:
    assert quantity(dt.date(2022, 4, 9)) == ("2022-04-09", CellNote.DATE)


def test_a_date_of_the_1904_calendar_is_the_date_excel_shows() -> None:
    workbook = book()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    workbook["Orders"]["C2"] = dt.date(2022, 4, 9)
    assert read(workbook).orders.cells[0][2] == "2022-04-09"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.datetime(2022, 4, 9, 12, 30), "2022-04-09 12:30:00"),  # noqa: DTZ001 — Excel knows no zones
        (dt.time(12, 30), "12:30:00"),
        (dt.timedelta(hours=36), "1 day, 12:00:00"),
    ],
)
def test_a_time_a_date_with_a_time_and_a_duration_are_noted(value: object, text: str) -> None:
    assert quantity(value) == (text, CellNote.TIME)


@pytest.mark.parametrize(("value", "text"), [(True, "TRUE"), (False, "FALSE")])
def test_a_boolean_is_noted_and_never_a_number(value: bool, text: str) -> None:
    assert quantity(value) == (text, CellNote.BOOLEAN)


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#NAME?"])
def test_an_error_cell_keeps_the_text_excel_shows(error: str) -> None:
    assert read_cell(b'<c r="C2" t="e"><v>%s</v></c>' % error.encode()) == (error, CellNote.ERROR)


def test_a_formula_with_a_saved_result_is_its_result() -> None:
    assert read_cell(b'<c r="C2"><f>2+3</f><v>5</v></c>') == ("5", None)


def test_a_shared_formula_with_a_saved_result_is_its_result() -> None:
    assert read_cell(b'<c r="C2"><f t="shared" si="0"/><v>5</v></c>') == ("5", None)


def test_a_formula_whose_result_is_no_text_is_empty_and_not_stale() -> None:
    assert read_cell(b'<c r="C2" t="str"><f>""</f><v></v></c>') == ("", None)


@pytest.mark.parametrize(
    "xml",
    [
        b'<c r="C2"><f>2+3</f></c>',
        b'<c r="C2"><f>2+3</f><v></v></c>',
        b'<c r="C2"><f>2+3</f><v/></c>',
        b'<c r="C2"><f t="shared" si="0"/></c>',
        b'<c r="C2" s="0"><f t="shared" ref="C2:C3" si="0">2+3</f><v /></c>',
    ],
)
def test_a_formula_without_a_saved_result_is_noted(xml: bytes) -> None:
    assert read_cell(xml) == ("", CellNote.FORMULA_STALE)


@pytest.mark.parametrize("asks", [b'fullCalcOnLoad="1"', b"fullCalcOnLoad='true'", b'calcCompleted="0"'])
@pytest.mark.parametrize(
    "xml",
    [
        b'<c r="C2"><f>6*2</f><v>7</v></c>',
        b'<c r="C2"><f>6*2</f><v>0</v></c>',
        b'<c r="C2" t="str"><f>"a"</f><v></v></c>',
        b'<c r="C2" t="str"><f>"a"</f><v>b</v></c>',
        b'<c r="C2" t="b"><f>1=1</f><v>0</v></c>',
        b"<c r='C2'><f t='shared' si='0'/><v>7</v></c>",
    ],
)
def test_a_result_that_excel_is_asked_to_calculate_anew_does_not_count(asks: bytes, xml: bytes) -> None:
    content = patched(saved(book()), SHEET, rb'<c r="C2"[^>]*>.*?</c>', xml)
    content = patched(content, "xl/workbook.xml", rb"<calcPr[^>]*>", b"<calcPr %s/>" % asks)
    orders = read_workbook(content, "orders.xlsx").orders
    assert (orders.cells[0][2], orders.notes[2, "C"]) == ("", CellNote.FORMULA_STALE)


def test_a_workbook_that_asks_for_calculation_and_has_no_formulas_is_read() -> None:
    content = patched(saved(book()), "xl/workbook.xml", rb"<calcPr[^>]*>", b'<calcPr fullCalcOnLoad="1"/>')
    orders = read_workbook(content, "orders.xlsx").orders
    assert orders.cells[0][2] == "5"
    assert not orders.notes


@pytest.mark.parametrize(
    ("xml", "note"),
    [
        (b'<c r="C2"><f>A1</f><v>0</v></c>', CellNote.FORMULA_ZERO),
        (b'<c r="C2" t="n"><f>A1</f><v>0.0</v></c>', CellNote.FORMULA_ZERO),
        (b'<c r="C2" t="b"><f>1=2</f><v>0</v></c>', CellNote.BOOLEAN),
        (b'<c r="C2" t="str"><f>"0"</f><v>0</v></c>', CellNote.FORMULA_ZERO),
        (b'<c r="C2"><f>1-0.9</f><v>0.1</v></c>', None),
        (b'<c r="C2"><v>0</v></c>', None),
    ],
)
def test_a_formula_that_gives_a_mere_zero_is_noted(xml: bytes, note: CellNote | None) -> None:
    assert read_cell(xml)[1] is note


def test_rows_of_nothing_but_formulas_without_results_are_rows() -> None:
    orders = [ORDER_HEADERS, ["=1+1"] * 7, ["=1+1"] * 7]
    table = read(book(orders)).orders
    assert table.sheet_rows == (2, 3)
    assert set(table.notes.values()) == {CellNote.FORMULA_STALE}


def test_formulas_in_the_columns_that_excel_fills_are_ignored() -> None:
    orders = [("Check", *ORDER_HEADERS), ('=IF(B2="","","ok")', *ORDER), ('=IF(B3="","","ok")',)]
    table = read(book(orders)).orders
    assert table.sheet_rows == (2,)
    assert not table.notes


@pytest.mark.parametrize(
    ("number_format", "value", "text"),
    [
        ("00000", 2134, "02134"),
        ("[$-409]00000", 2134, "02134"),
        ("00-0000", 12, "00-0012"),
        ('"PO-"0000', 7, "PO-0007"),
        ("00000\\-0000", 21340001, "02134-0001"),
    ],
)
def test_a_number_padded_with_zeros_is_read_as_it_shows(number_format: str, value: int, text: str) -> None:
    assert quantity(value, number_format) == (text, CellNote.ZERO_PADDED)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (14221, "00000", "14221"),
        ("2134", "00000", "2134"),
        (5, "0.00", "5"),
        (5, "#,##0", "5"),
        (5, "0", "5"),
    ],
)
def test_a_format_that_pads_nothing_changes_nothing(value: object, number_format: str, text: str) -> None:
    assert quantity(value, number_format) == (text, None)


def test_a_padded_cell_is_found_whatever_the_order_of_its_attributes() -> None:
    workbook = book()
    workbook["Orders"]["C2"].number_format = "00000"
    content = patched(saved(workbook), SHEET, rb'<c r="C2" s="(\d+)"[^>]*>', b'<c t="n" s="1" r="C2">')
    assert read_workbook(content, "orders.xlsx").orders.cells[0][2] == "00005"


@pytest.mark.parametrize("number_format", ["0%", "0.00%", "0.0%"])
def test_a_percentage_is_noted(number_format: str) -> None:
    assert quantity(0.5, number_format) == ("0.5", CellNote.PERCENT)


def test_cells_covered_by_a_merge_are_empty_and_noted() -> None:
    workbook = book([ORDER_HEADERS, ORDER, ORDER, ORDER])
    workbook["Orders"].merge_cells("G2:G3")
    table = read(workbook).orders
    assert [row[6] for row in table.cells] == ["00-0000", "", "00-0000"]
    assert table.notes == {(3, "G"): CellNote.MERGED}


def test_a_merge_across_columns_covers_all_but_its_first_cell() -> None:
    workbook = book([ORDER_HEADERS, ORDER, ORDER])
    workbook["Orders"].merge_cells("F2:G3")
    assert read(workbook).orders.notes == {
        (2, "G"): CellNote.MERGED_ASIDE,
        (3, "F"): CellNote.MERGED,
        (3, "G"): CellNote.MERGED_ASIDE,
    }


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
)
@example("  ")
@example("_x000D_")
@example("\u00a0")
@settings(max_examples=30, deadline=None)
def test_any_text_reads_back_as_it_was_written(text: str) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Orders")
        sheet.write_row(0, 0, ORDER_HEADERS)
        sheet.write_row(1, 0, ORDER)
        sheet.write_string(1, 6, text)
    assert read_workbook(buffer.getvalue(), "orders.xlsx").orders.cells[0][6] == text


def test_an_escaped_character_is_the_one_excel_shows() -> None:
    workbook = book()
    workbook["Orders"]["G2"] = "a_x0041_b"
    assert read(workbook).orders.cells[0][6] == "aAb"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_number_is_exactly_that_number(value: float) -> None:
    text, _ = number_text(value)
    assert float(text) == value
    assert "e" not in text.lower()


def test_a_text_in_a_cell_may_have_colours_of_its_own() -> None:
    """Elements of its runs begin like cells: `<color …>`, `<charset …>`."""
    look = b'<rPr><b/><color theme="1"/><rFont val="Calibri"/><charset val="0"/><condense/></rPr>'
    xml = b'<c r="C2" t="inlineStr"><is><r>%s<t>1</t></r><r><t>5</t></r></is></c>' % look
    assert read_cell(xml) == ("15", None)
    assert read_cell(xml.replace(b'"', b"'")) == ("15", None)
