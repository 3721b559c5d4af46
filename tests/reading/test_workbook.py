"""Which rows of a workbook count, and how its sheets and columns are found."""

import io
import re
import zipfile

import pytest
from books.input_books import (
    CUSTOMER,
    CUSTOMER_HEADERS,
    ORDER,
    ORDER_HEADERS,
    SHEET,
    book,
    codes,
    patched,
    read,
    read_cell,
    saved,
)

from bulk_orders.core.columns.table import RESULT_HEADERS
from bulk_orders.core.model import CellNote, Severity
from bulk_orders.errors import InputError
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.reading.workbook_tables import Form

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


@pytest.mark.parametrize(
    ("format_and_columns", "is_hidden"),
    [
        (b'<cols><col min="3" max="3" width="0" customWidth="1"/></cols>', True),
        (b"<cols><col min='2' max='4' width='0.0'/></cols>", True),
        (b'<cols><col min="3" max="3" width="9" hidden="true"/></cols>', True),
        (b'<sheetFormatPr defaultRowHeight="15" defaultColWidth="0"/>', True),
        (
            b'<sheetFormatPr defaultColWidth="0"/><cols><col min="1" max="9" width="9"/></cols>',
            False,
        ),
        (b'<cols><col min="3" max="3" width="0.5" customWidth="1"/></cols>', False),
    ],
)
def test_a_column_of_no_width_is_hidden(format_and_columns: bytes, *, is_hidden: bool) -> None:
    content = patched(saved(book()), SHEET, rb"<sheetFormatPr[^>]*/>", format_and_columns)
    assert ("W-HIDDEN-COLUMN" in codes(read_workbook(content, "orders.xlsx"))) is is_hidden
    odd = patched(content, SHEET, rb"<sheetData>", b"<!-- in another form --><sheetData>")
    assert codes(read_workbook(odd, "orders.xlsx")) == codes(read_workbook(content, "orders.xlsx"))


@pytest.mark.parametrize("dimension", [b"1:4", b"A:C", b"", b"rubbish"])
def test_a_dimension_of_whole_rows_is_ignored(dimension: bytes) -> None:
    content = patched(saved(book()), SHEET, rb'<dimension ref="[^"]*"', b'<dimension ref="%s"' % dimension)
    assert len(read_workbook(content, "orders.xlsx").orders.cells) == 1


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
    ours = {
        "Start here": [["", "Order in bulk"]],
        "Examples": [["Examples – nothing here is sent"], ORDER_HEADERS, ORDER],
        "Run info (2)": [["Run"], ["Run", "R-1"], ["Environment", "LIVE"]],
        "Summary": [["Run R-1"], ["LIVE – these orders are real"]],
    }
    tables = read(book(**ours))
    assert tables.orders.name == "Orders"
    assert tables.ignored_sheets == ()


@pytest.mark.parametrize(
    "name", ["Summary", "Problems", "Lists", "Examples", "Start here", "Run info", "_meta"]
)
def test_a_sheet_that_only_has_the_name_of_one_of_ours_is_read(name: str) -> None:
    tables = read(book(None, **{name: (ORDER_HEADERS, ORDER)}))
    assert tables.orders.name == name
    assert tables.ignored_sheets == ()


def test_a_sheet_with_the_name_of_one_of_ours_is_reported_when_it_is_not_read() -> None:
    assert read(book(Summary=[["Sales by region"]])).ignored_sheets == ("Summary",)


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


def test_own_columns_that_look_a_little_like_ours_are_kept_on_every_sheet() -> None:
    orders = [(*ORDER_HEADERS, "Customer", "PO nmber"), (*ORDER, "Rings", "x")]
    customers = [(*CUSTOMER_HEADERS, "Price", "Compny"), (*CUSTOMER, 1, "x")]
    tables = read(book(orders, customers=customers))
    assert not tables.problems
    assert tables.extra_columns[:2] == ("Orders!H Customer", "Orders!I PO nmber")
    assert [extra.partition(" ")[2] for extra in tables.extra_columns[2:]] == ["Price", "Compny"]


def test_a_foreign_letter_in_a_header_is_named_with_its_code_point() -> None:
    (problem,) = read(book([("\u0421ustomer ID", *ORDER_HEADERS[1:]), ORDER])).problems
    assert problem.code == "F-HEADER"
    assert "U+0421, cyrillic capital letter es" in problem.message


def test_a_header_that_stands_twice_is_a_problem_with_both_cells() -> None:
    (problem,) = read(book([(*ORDER_HEADERS, "qty"), (*ORDER, 7)])).problems
    assert (problem.code, problem.cells) == ("F-DUP-HEADER", ("H1", "C1"))
    assert '"Quantity" and "qty" on sheet Orders are the same: columns C and H.' in problem.message


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


@pytest.mark.parametrize("name", ["offer_attestation", "Customer_Email", "microsoft_tenant_id"])
def test_a_parameter_that_a_column_sends_is_a_problem_and_is_not_sent(name: str) -> None:
    tables = read(book([(*ORDER_HEADERS, f"parameter: {name}"), (*ORDER, "other")]))
    assert codes(tables) == ["F-HEADER"]
    assert tables.orders.columns[-1].parameter == ""


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
