"""Reading .xlsx workbooks: what a cell becomes, which rows count, and how sheets and columns are found."""

import datetime as dt
import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bulk_orders.core.columns import RESULT_HEADERS
from bulk_orders.core.model import CellNote, Severity
from bulk_orders.errors import InputError
from bulk_orders.intake.cell_text import masked, number_text
from bulk_orders.intake.workbook import Form, WorkbookTables, read_workbook

ORDER_HEADERS = (
    "Customer ID *",
    "Product (MPN) *",
    "Quantity *",
    "Commitment *",
    "Billing *",
    "Offer attestation *",
    "PO number",
)
CUSTOMER_HEADERS = (
    "Customer ID *",
    "Company name *",
    "Tenant *",
    "Microsoft domain *",
    "Partner of record attested *",
    "Postal code",
    "Agreement date (if MCA accepted)",
)
ORDER = ("1000105563", "CFQ7TTC0LH16:0001", 5, "1 year", "Monthly", "No", "00-0000")
CUSTOMER = ("1000105563", "27 Rings Jewelers", "New tenant", "27rings.onmicrosoft.com", "Yes", "14221")
SHEET = "xl/worksheets/sheet1.xml"


def book(
    orders: Any = (ORDER_HEADERS, ORDER), customers: Any = (CUSTOMER_HEADERS, CUSTOMER), **more: Any
) -> openpyxl.Workbook:
    """A workbook with the rows of each sheet; further sheets by name."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in {"Orders": orders, "Customers": customers, **more}.items():
        if rows is not None:
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(row)
    return workbook


def saved(workbook: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def read(workbook: openpyxl.Workbook | None = None) -> WorkbookTables:
    return read_workbook(saved(workbook or book()), "orders.xlsx")


def patched(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with a text of one part replaced, which must be there."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old_zip,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new_zip,
    ):
        for entry in old_zip.infolist():
            data = old_zip.read(entry)
            if entry.filename == part:
                assert re.search(old, data), data[:3000]
                data = re.sub(old, lambda _: new, data, count=1)
            new_zip.writestr(entry.filename, data)
    return buffer.getvalue()


def read_cell(xml: bytes) -> tuple[str, CellNote | None]:
    """Text and note of the quantity, when its cell's XML is this."""
    content = patched(saved(book()), SHEET, rb'<c r="C2"[^>]*>.*?</c>', xml)
    tables = read_workbook(content, "orders.xlsx")
    return tables.orders.cells[0][2], tables.orders.notes.get((2, "C"))


def quantity(value: Any, number_format: str | None = None) -> tuple[str, CellNote | None]:
    workbook = book()
    workbook["Orders"]["C2"] = value
    if number_format:
        workbook["Orders"]["C2"].number_format = number_format
    tables = read(workbook)
    return tables.orders.cells[0][2], tables.orders.notes.get((2, "C"))


def codes(tables: WorkbookTables) -> list[str]:
    return [problem.code for problem in tables.problems]


# --- cells ---


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
    assert set(read(workbook).orders.notes) == {(2, "G"), (3, "F"), (3, "G")}


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
)
@example("  ")
@example("_x000D_")
@example("\u00a0")
@settings(max_examples=60, deadline=None)
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


def test_more_digits_than_a_mask_has_stand_before_it() -> None:
    assert masked("1234567", ("", "", "-", "", "")) == "12345-67"


# --- rows ---


def test_blank_rows_are_left_out_and_the_others_keep_their_numbers() -> None:
    table = read(book([ORDER_HEADERS, ORDER, [], ["  ", "\u00a0", None], ORDER])).orders
    assert table.sheet_rows == (2, 5)


def test_a_row_with_only_an_extra_column_is_blank() -> None:
    table = read(book([(*ORDER_HEADERS, "Colour"), (*ORDER, "red"), (*[None] * 7, "blue")])).orders
    assert table.sheet_rows == (2,)


def test_a_row_with_only_an_error_is_a_row() -> None:
    content = patched(
        saved(book()),
        SHEET,
        rb"</sheetData>",
        b'<row r="9"><c r="C9" t="e"><v>#N/A</v></c></row></sheetData>',
    )
    assert read_workbook(content, "orders.xlsx").orders.sheet_rows == (2, 9)


def test_formatted_rows_down_to_the_last_cost_nothing() -> None:
    ghosts = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (row, row) for row in range(3, 20_000))
    ghosts += b'<row r="1048576" hidden="1"><c r="XFD1048576" s="0"/></row></sheetData>'
    table = read_workbook(patched(saved(book()), SHEET, rb"</sheetData>", ghosts), "orders.xlsx").orders
    assert table.sheet_rows == (2,)
    assert not table.hidden_rows


@pytest.mark.parametrize("attribute", [b'hidden="1"', b'hidden="true"', b'ht="0" customHeight="1"'])
def test_hidden_filtered_and_flat_rows_are_named(attribute: bytes) -> None:
    content = patched(
        saved(book([ORDER_HEADERS, ORDER, ORDER])), SHEET, rb'<row r="3"', b'<row r="3" ' + attribute
    )
    table = read_workbook(content, "orders.xlsx").orders
    assert table.sheet_rows == (2, 3)
    assert table.hidden_rows == {3}


def test_a_wrong_dimension_is_ignored() -> None:
    content = patched(saved(book()), SHEET, rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"')
    assert len(read_workbook(content, "orders.xlsx").orders.cells) == 1


def test_a_sheet_without_rows_below_its_headers_is_a_problem() -> None:
    tables = read(book([ORDER_HEADERS]))
    assert codes(tables) == ["F-EMPTY"]
    assert tables.problems[0].severity is Severity.ERROR


# --- other programs' XML ---


def test_a_workbook_with_prefixes_in_its_xml_is_read() -> None:
    content = saved(book([ORDER_HEADERS, ORDER, ORDER]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(SHEET)
    prefixed = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")
    prefixed = prefixed.replace(b'<x:row r="3"', b'<x:row r="3" hidden="1"').replace(
        b"<x:v>5<", b"<x:f>5</x:f><x:v><", 1
    )
    table = read_workbook(patched(content, SHEET, rb"(?s).*", prefixed), "orders.xlsx").orders
    assert table.cells[1] == ["1000105563", "CFQ7TTC0LH16:0001", "5", "1 year", "Monthly", "No", "00-0000"]
    assert table.hidden_rows == {3}
    assert table.notes == {(2, "C"): CellNote.FORMULA_STALE}


def test_cells_without_addresses_are_counted() -> None:
    content = saved(book([ORDER_HEADERS, ORDER, ORDER]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(SHEET)
    bare = re.sub(rb'<(c|row) r="[A-Z0-9]+"', rb"<\1", xml).replace(b"<v>5</v>", b"<f>5</f>")
    assert bare != xml
    table = read_workbook(patched(content, SHEET, rb"(?s).*", bare), "orders.xlsx").orders
    assert table.sheet_rows == (2, 3)
    assert set(table.notes) == {(2, "C"), (3, "C")}


def test_single_quotes_hide_nothing() -> None:
    assert read_cell(b"<c r='C2' t='e'><v>#N/A</v></c>") == ("#N/A", CellNote.ERROR)


# --- sheets ---


def test_three_sheets_are_found_by_name_whatever_their_order_and_case() -> None:
    workbook = book(None, None, PRODUCTS=[("Product (MPN)", "Product name"), ("M1", "One")])
    for title, rows in (("customers ", (CUSTOMER_HEADERS, CUSTOMER)), ("orders", (ORDER_HEADERS, ORDER))):
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    tables = read(workbook)
    assert tables.form is Form.THREE_SHEETS
    assert (tables.orders.name, tables.customers and tables.customers.name) == ("orders", "customers ")
    assert tables.products
    assert tables.products.cells == [["M1", "One"]]
    assert not tables.problems
    assert not tables.is_csv


def test_the_products_sheet_may_be_missing() -> None:
    assert read().products is None


def test_sheets_without_telling_names_are_found_by_their_headers() -> None:
    workbook = book(
        None, None, Intro=[["Hello"]], Kunden=(CUSTOMER_HEADERS, CUSTOMER), Jan=(ORDER_HEADERS, ORDER)
    )
    tables = read(workbook)
    assert tables.orders.name == "Jan"
    assert tables.customers
    assert tables.customers.name == "Kunden"
    assert tables.ignored_sheets == ("Intro",)


def test_our_own_other_sheets_are_never_read_nor_reported() -> None:
    workbook = book(
        **{"Start here": [["x"]], "Examples": (ORDER_HEADERS, ORDER), "Lists": [["Yes"]], "Run info": [["x"]]}
    )
    tables = read(workbook)
    assert tables.orders.name == "Orders"
    assert tables.ignored_sheets == ()


def test_other_visible_sheets_with_something_on_them_are_listed() -> None:
    workbook = book(Old=[["x"]], Empty=[], Secret=[["x"]])
    workbook["Secret"].sheet_state = "hidden"
    assert read(workbook).ignored_sheets == ("Old",)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_orders_sheet_is_a_problem(state: str) -> None:
    workbook = book()
    workbook.active = 1
    workbook["Orders"].sheet_state = state
    tables = read(workbook)
    assert codes(tables) == ["F-HIDDEN-SHEET"]
    assert len(tables.orders.cells) == 1


def test_a_workbook_without_customers_is_a_problem() -> None:
    assert codes(read(book(customers=None))) == ["F-MISSING-SHEET"]


def test_a_customers_sheet_without_headers_is_a_problem() -> None:
    tables = read(book(customers=[["nothing here"]]))
    assert codes(tables) == ["F-MISSING-SHEET"]
    assert tables.customers is None


def test_orders_and_customers_side_by_side_are_the_flat_form() -> None:
    tables = read(book([(*ORDER_HEADERS, *CUSTOMER_HEADERS[1:]), (*ORDER, *CUSTOMER[1:])], customers=None))
    assert tables.form is Form.FLAT
    assert tables.customers is None
    assert [column.field for column in tables.orders.columns][7:9] == ["company_name", "tenant"]
    assert not tables.problems


def test_a_customers_sheet_makes_it_the_form_of_three_sheets() -> None:
    tables = read(book([(*ORDER_HEADERS, "Tenant", "Microsoft domain"), (*ORDER, "x", "y")]))
    assert tables.form is Form.THREE_SHEETS
    assert tables.extra_columns == ("Orders!H Tenant", "Orders!I Microsoft domain")


def test_a_workbook_without_any_orders_is_refused() -> None:
    with pytest.raises(InputError, match="No sheet of the workbook has the headers of orders"):
        read(book([["a", "b"]], None, Orders=None, Other=[["x"]]))


def test_an_orders_sheet_without_headers_is_refused() -> None:
    with pytest.raises(InputError, match="no row of headers among its first 15 rows"):
        read(book([["a", "b"], ["c"]]))


# --- headers ---


def test_the_header_row_is_found_below_titles() -> None:
    table = read(book([["118 ready"], ["Note", "legend"], [], ORDER_HEADERS, ORDER])).orders
    assert (table.header_row, table.sheet_rows) == (4, (5,))


def test_a_header_row_below_the_fifteenth_is_not_found() -> None:
    assert read(book([*[["x"]] * 14, ORDER_HEADERS, ORDER])).orders.header_row == 15
    with pytest.raises(InputError):
        read(book([*[["x"]] * 15, ORDER_HEADERS, ORDER]))


@pytest.mark.parametrize(
    "header",
    [
        "quantity",
        " QUANTITY\u00a0*",
        "Quantity\n(if you know it) *",
        "products[].quantity",
        "Qty",
        "Quan\u200btity",
    ],
)
def test_a_header_is_known_whatever_its_case_spaces_and_remarks(header: str) -> None:
    table = read(book([(*ORDER_HEADERS[:2], header, *ORDER_HEADERS[3:]), ORDER])).orders
    assert table.columns[2].field == "quantity"


def test_columns_may_stand_in_any_order_and_keep_their_letters() -> None:
    table = read(book([ORDER_HEADERS[::-1], ORDER[::-1]])).orders
    assert [(column.letter, column.field) for column in table.columns][:2] == [
        ("A", "po_number"),
        ("B", "offer_attestation"),
    ]


def test_a_required_column_that_is_missing_is_named() -> None:
    (problem,) = read(book([ORDER_HEADERS[1:], ORDER[1:]])).problems
    assert (problem.code, problem.column, problem.sheet) == ("F-MISSING-COLUMN", "Customer ID", "Orders")


def test_a_header_that_is_nearly_a_missing_one_is_asked_about_once() -> None:
    tables = read(book([("Cust ID", *ORDER_HEADERS[1:]), ORDER]))
    (problem,) = tables.problems
    assert (problem.code, problem.where, problem.proposal) == ("F-HEADER", "Orders!A1", "Customer ID")
    assert 'Did you mean "Customer ID"?' in problem.message
    assert tables.extra_columns == ()


def test_a_header_that_is_nearly_one_we_have_is_an_extra_column() -> None:
    tables = read(book([(*ORDER_HEADERS, "Quantity2"), (*ORDER, 7)]))
    assert not tables.problems
    assert tables.extra_columns == ("Orders!H Quantity2",)
    assert tables.orders.cells[0][7] == "7"


def test_a_foreign_letter_in_a_header_is_named_with_its_code_point() -> None:
    (problem,) = read(book([("\u0421ustomer ID", *ORDER_HEADERS[1:]), ORDER])).problems
    assert problem.code == "F-HEADER"
    assert "U+0421, cyrillic capital letter es" in problem.message


def test_a_header_that_stands_twice_is_a_problem_with_both_cells() -> None:
    (problem,) = read(book([(*ORDER_HEADERS, "qty"), (*ORDER, 7)])).problems
    assert (problem.code, problem.cells) == ("F-DUP-HEADER", ("H1", "C1"))


def test_a_filled_column_without_a_header_is_named_by_its_letter() -> None:
    tables = read(book([(*ORDER_HEADERS, None, "Colour"), (*ORDER, "x", "red")]))
    assert tables.extra_columns == ("Orders!H (no header)", "Orders!I Colour")


def test_an_empty_column_without_a_header_is_left_out() -> None:
    tables = read(book([(None, *ORDER_HEADERS, None, "Colour"), (None, *ORDER, None, "red")]))
    assert tables.extra_columns == ("Orders!J Colour",)
    assert tables.orders.columns[0].letter == "B"
    assert tables.orders.cells[0][0] == ORDER[0]


def test_parameter_columns_keep_the_case_of_their_names_and_make_a_row() -> None:
    table = read(book([(*ORDER_HEADERS, "Parameter:  DomainPrefix "), ORDER, (*[None] * 7, "acme")])).orders
    assert table.columns[7].parameter == "DomainPrefix"
    assert table.sheet_rows == (2, 3)


def test_the_same_parameter_twice_is_a_problem() -> None:
    tables = read(book([(*ORDER_HEADERS, "parameter: A", "parameter: A", "parameter: a"), ORDER]))
    assert codes(tables) == ["F-DUP-HEADER"]


def test_a_parameter_without_a_name_is_a_problem() -> None:
    assert codes(read(book([(*ORDER_HEADERS, "parameter:"), ORDER]))) == ["F-HEADER"]


def test_the_columns_of_an_earlier_results_workbook_are_passed_over() -> None:
    results = sorted(RESULT_HEADERS)
    tables = read(book([(*ORDER_HEADERS, *results), (*ORDER, *results)]))
    assert not tables.problems
    assert not tables.extra_columns
    assert len(tables.orders.columns) == len(ORDER_HEADERS)


def test_every_sentence_is_short_enough_to_read() -> None:
    headers = (
        "Cust ID",
        "\u0421ommitment",
        "qty",
        "quantity",
        "billing",
        "mpn",
        "parameter:",
        "x" * 300,
        "Quantity" * 30,
    )
    tables = read(book([headers], customers=None))
    assert len(tables.problems) > 4
    assert max(len(problem.message) for problem in tables.problems) <= 140
    assert max(len(problem.fix) for problem in tables.problems) <= 140
