"""Reading CSV files: encodings, separators, quotes, and why a row cannot slip sideways."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_orders.core.mapping import SEPARATORS
from bulk_orders.errors import InputError
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.reading.workbook_tables import Form, WorkbookTables

HEADER = "customer_id,mpn,quantity,effective_city"


def read(text: str | bytes, name: str = "from erp.csv") -> WorkbookTables:
    return read_workbook(text.encode() if isinstance(text, str) else text, name)


def refusal(text: str | bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.fix
    assert max(len(caught.value.message), len(caught.value.fix)) <= 140
    return caught.value


def test_a_csv_file_is_a_flat_workbook_named_after_the_file() -> None:
    tables = read(f"{HEADER}\n1,M,5,Berlin\n", "C:\\exports\\from erp.csv")
    assert (tables.form, tables.is_csv, tables.orders.name) == (Form.FLAT, True, "from erp")
    assert tables.orders.cells == [["1", "M", "5", "Berlin"]]
    assert [(column.letter, column.field) for column in tables.orders.columns][2:] == [
        ("C", "quantity"),
        ("D", "city"),
    ]
    assert not tables.ignored_sheets


def test_a_long_file_name_is_cut_like_a_sheets() -> None:
    assert len(read(f"{HEADER}\n1,M,5,B\n", "x" * 60 + ".csv").orders.name) == 31


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_by_its_mark(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    tables = read(mark + f"{HEADER}\n1,M,5,Zürich 東京\n".encode(encoding))
    assert tables.orders.cells[0] == ["1", "M", "5", "Zürich 東京"]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_the_separator_is_found_in_the_header(separator: str) -> None:
    text = f"{HEADER}\n1,M,5,x\n".replace(",", separator)
    assert read(text.replace("x", '"a,b;c\td|e"')).orders.cells[0][3] == "a,b;c\td|e"


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_header_may_have_line_breaks_in_quotes(separator: str, end: str) -> None:
    header = ["customer_id", f'"mpn{end}(product), ""the"" one"', f'"{end}quantity"', f'"a;b{end}c,d,e,f"']
    text = separator.join(header) + end + separator.join("1M5x") + end
    table = read(f"{end}{separator}{end}{text}").orders
    assert table.header_row == 3
    assert table.cells == [["1", "M", "5", "x"]]


def test_a_separator_inside_quotes_in_the_header_does_not_count() -> None:
    tables = read('customer_id;mpn;quantity;"a,b,c,d,e,f"\n1;M;5;x\n')
    assert tables.extra_columns == ("from erp!D a,b,c,d,e,f",)


@pytest.mark.parametrize(
    ("line", "separator"), [("sep=;", ";"), ("SEP=|", "|"), ("sep=,", ","), ("sep=^", "^"), ("sep=:", ":")]
)
def test_excels_own_separator_line_is_honoured_and_not_a_row(line: str, separator: str) -> None:
    text = (
        f"{line}\r\n{HEADER}\r\n1,M,5,Berlin\r\n".replace(",", separator)
        if separator != ","
        else f"{line}\r\n{HEADER}\r\n1,M,5,Berlin\r\n"
    )
    table = read(text).orders
    assert (table.header_row, table.sheet_rows) == (1, (2,))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(end: str) -> None:
    assert len(read(end.join([HEADER, "1,M,5,x", "2,M,5,y"])).orders.cells) == 2


def test_quotes_and_line_breaks_in_quotes_are_text_and_rows_are_counted_as_excel_shows_them() -> None:
    table = read(f'{HEADER}\n1,M,5,"a ""b""\nc"\n\n2,M,5,x\n').orders
    assert table.cells[0][3] == 'a "b"\nc'
    assert table.sheet_rows == (2, 4)


def test_blank_lines_and_lines_of_separators_are_left_out() -> None:
    table = read(f"\n\n{HEADER}\n,,,\n1,M,5,x\n , , , \n,,,,,,,\n\x1a").orders
    assert (table.header_row, table.sheet_rows) == (3, (5,))


def test_text_is_kept_as_it_stands() -> None:
    assert read(f"{HEADER}\n00123,None, 5 ,NA\n").orders.cells == [["00123", "None", " 5 ", "NA"]]


def test_empty_cells_after_the_last_column_do_no_harm() -> None:
    assert read(f"{HEADER},\n1,M,5,x,\n2,M,5,y,, ,\n").orders.cells[1] == ["2", "M", "5", "y"]


def test_a_row_with_more_cells_than_the_header_is_refused_by_its_line() -> None:
    assert "Line 4 " in refusal(f'{HEADER}\n1,M,5,"a\nb"\n1,M,5,x,y\n').message


def test_cells_that_are_missing_at_the_end_of_a_row_are_blank() -> None:
    assert read(f"{HEADER}\n1,M,5\n2,M,5,y\n3\n").orders.cells == [
        ["1", "M", "5", ""],
        ["2", "M", "5", "y"],
        ["3", "", "", ""],
    ]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "sep=;;;;", "SEP=;", '"sep=;";;;'])
def test_the_line_that_names_the_separator_is_no_row_however_it_was_saved(first: str) -> None:
    assert read(f"{first}\n{HEADER.replace(',', ';')}\n1;M;5;x\n").orders.cells == [["1", "M", "5", "x"]]


def test_a_quote_that_is_never_closed_is_refused_by_the_line_where_it_begins() -> None:
    assert "line 3 " in refusal(f'{HEADER}\n1,M,5,x\n2,M,5,"x\n3,M,5,y\n').message


def test_text_after_a_closing_quote_is_refused() -> None:
    assert "quotes in line 2" in refusal(f'{HEADER}\n1,M,5,"x"y\n').message


def test_a_cell_without_end_is_refused() -> None:
    assert "too long" in refusal(f"{HEADER}\n1,M,5,{'x' * 200_000}\n").message


def test_text_in_an_old_encoding_is_refused_by_its_line() -> None:
    error = refusal(f"{HEADER}\n1,M,5,x\n2,M,5,José\n".encode("cp1252"))
    assert "Line 3 " in error.message
    assert "UTF-8" in error.fix


def test_a_nul_character_is_refused_by_its_line() -> None:
    assert "Line 2 " in refusal(f"{HEADER}\n1,M,5,a\0b\n").message


def test_a_first_line_without_known_headers_is_refused() -> None:
    assert "first line" in refusal("a,b\n1,2\n").message


def test_missing_columns_are_named_for_both_sheets() -> None:
    missing = {problem.field for problem in read(f"{HEADER}\n1,M,5,x\n").problems}
    assert {"commitment", "billing", "tenant", "domain"} <= missing


def test_a_csv_file_with_only_a_header_has_no_rows() -> None:
    assert "F-EMPTY" in [problem.code for problem in read(HEADER).problems]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\x1a")), min_size=4, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_row_reads_back_as_it_was_written(row: list[str]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([HEADER.split(","), ["1", "M", "5", "x"], row])
    assert read(buffer.getvalue()).orders.cells[1:] == [row] * any(text.strip() for text in row)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_called_so(encoding: str) -> None:
    content = "Customer ID;Product (MPN);Quantity\n1;2;3\n".encode(encoding)
    with pytest.raises(InputError, match="looks like UTF-16 text without the mark"):
        read_workbook(content, "orders.csv")


def test_damaged_utf_16_is_not_called_utf_8() -> None:
    content = "Customer ID;Product (MPN)\n".encode("utf-16") + b"\x00"
    with pytest.raises(InputError, match="says that it is UTF-16 text but is not"):
        read_workbook(content, "orders.csv")
