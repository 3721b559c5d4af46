"""What is read is what the cell shows under its number format, or the cell is refused."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from books.input_books import (
    CUSTOMER,
    CUSTOMER_HEADERS,
    ORDER,
    ORDER_HEADERS,
    SHEET,
    book,
    patched,
    read,
    saved,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from bulk_orders.core.model import CellNote
from bulk_orders.ooxml.number_format import NumberFormat
from bulk_orders.reading.workbook import read_workbook

SHOWN, OTHER = CellNote.ZERO_PADDED, CellNote.SHOWN_OTHERWISE


def po_number(value: Any, number_format: str) -> tuple[str, CellNote | None]:
    workbook = book([ORDER_HEADERS, (*ORDER[:6], value)])
    workbook["Orders"]["G2"].number_format = number_format
    tables = read(workbook)
    return tables.orders.cells[0][6], tables.orders.notes.get((2, "G"))


def quantity(value: Any, number_format: str) -> tuple[str, CellNote | None]:
    workbook = book([ORDER_HEADERS, (*ORDER[:2], value, *ORDER[3:])])
    workbook["Orders"]["C2"].number_format = number_format
    tables = read(workbook)
    return tables.orders.cells[0][2], tables.orders.notes.get((2, "C"))


@pytest.mark.parametrize(
    ("number_format", "value", "text"),
    [
        ("00000", 123, "00123"),
        ('"PO-"0', 123, "PO-123"),
        ('"PO-"#', 123, "PO-123"),
        ("\\P\\O0", 7, "PO7"),
        ('0"/26"', 7, "7/26"),
        ('General" A"', 7, "7 A"),
        ("00 00 00 00 00", 612345678, "06 12 34 56 78"),
        ("0#\\ ##\\ ##\\ ##\\ ##", 612345678, "06 12 34 56 78"),
        ("[<=9999999]###\\-####;(###) ###\\-####", 7166333600, "(716) 633-3600"),
        ("[<=9999999]###\\-####;(###) ###\\-####", 6333600, "633-3600"),
        ("[<10000]00000;0", 123, "00123"),
        ('[>=100]"B"0;"A"00', 7, "A07"),
        ("00-00", 1234567, "12345-67"),
        ("[$PO-] 0", 5, "PO 5"),
        ('"PO-"@', "x7", "PO-x7"),
        ('0;0;0;@"/26"', "x7", "x7/26"),
        ('"-"0', 5, "-5"),
    ],
)
def test_literals_and_zeros_of_a_format_are_read_with_a_text(
    number_format: str, value: Any, text: str
) -> None:
    assert po_number(value, number_format) == (text, SHOWN)


@pytest.mark.parametrize(
    ("number_format", "value"),
    [
        ("0", 4.6),
        ("0.0", 4.56),
        ("0.00", 5),
        ("#,##0", 1234567),
        ("0.00E+00", 123),
        ("##0.0E+0", 123),
        ("0,", 5000),
        ('#,##0,"k"', 5000),
        ("0.0,,", 5000000),
        ("# ?/?", 4.5),
        ("00/00", 1234),
        (";;;", 5),
        (";;;", "a text"),
        ("0;-0;;@", 0),
        ("#", 0),
        ("0;0", -5),
        ('[>100]0;[<10]"few"', 50),
        ("*00", 123),
        ("*-General", 123),
        ("@*.", "x7"),
        ('"PO-"@', 7),
        ("[DBNum1]0", 123),
        ("[DBNum2][$-804]General", 123),
        ("[$-2000000]0", 123),
        ("[$-hi-IN,2]0", 123),
        ("[Blau]0", 123),
        ("0t", 123),
        ("d-mmm", dt.date(2022, 4, 9)),
        ("mmm-yy", dt.date(2022, 4, 9)),
        ("hh:mm", dt.date(2022, 4, 9)),
    ],
)
def test_what_a_format_shows_otherwise_is_noted(number_format: str, value: Any) -> None:
    assert po_number(value, number_format)[1] is OTHER


@pytest.mark.parametrize(
    ("number_format", "value", "text"),
    [
        ("General", 5, "5"),
        ("@", 5, "5"),
        ("@", "00123", "00123"),
        ("0", 123, "123"),
        ("0", "00123", "00123"),
        ("00000", "123", "123"),
        ("0;-0;;@", 5, "5"),
        ("[Red]0", 5, "5"),
        ("#,##0", 999, "999"),
        ("General;General;General;@", "x", "x"),
        ("_-* 0_-;_-@_-", 5, "5"),
        ("[$-409]0", 5, "5"),
        ("[$-1010409]General", 5, "5"),
        ("[$-en-US]0", 5, "5"),
        ("[Color 5][>3]0", 5, "5"),
    ],
)
def test_what_shows_as_it_is_stays_without_a_note(number_format: str, value: Any, text: str) -> None:
    assert po_number(value, number_format) == (text, None)


@pytest.mark.parametrize(
    ("built_in", "is_currency"), [(1, False), (38, False), (41, False), (5, True), (42, True)]
)
def test_a_built_in_format_with_a_currency_shows_what_the_computer_decides(
    built_in: int, *, is_currency: bool
) -> None:
    workbook = book([ORDER_HEADERS, (*ORDER[:6], 123)])
    workbook["Orders"]["C2"].number_format = workbook["Orders"]["G2"].number_format = "0.0"
    content = patched(saved(workbook), "xl/styles.xml", rb'(?<=<xf numFmtId=")16[0-9]', b"%d" % built_in)
    orders = read_workbook(content, "orders.xlsx").orders
    assert orders.notes.get((2, "G")) is (OTHER if is_currency else None)
    assert (2, "C") not in orders.notes


@pytest.mark.parametrize(
    "number_format",
    [
        "0.00",
        "#,##0",
        "#,##0.00",
        '"$"#,##0',
        "[$€-407] 0",
        "0 [$€-407]",
        "#,##0.00 [$USD]",
        "_(* #,##0_);_(* (#,##0)",
    ],
)
def test_the_way_to_write_a_number_changes_no_quantity(number_format: str) -> None:
    assert quantity(5, number_format) == ("5", None)
    assert quantity(1234, number_format) == ("1234", None)


@pytest.mark.parametrize(
    ("number_format", "value"),
    [
        ("0", 4.6),
        ("#,##0", 4.6),
        ("0.0", 4.56),
        ("0,", 5000),
        ('0.0"k"', 5),
        ("0;0", -5),
        ('#,##0" dozen"', 5),
        ("0;;", 0),
    ],
)
def test_a_quantity_that_shows_as_another_is_noted(number_format: str, value: float) -> None:
    assert quantity(value, number_format)[1] is OTHER


@pytest.mark.parametrize(
    ("number_format", "note"),
    [
        ("yyyy-mm-dd", CellNote.DATE),
        ("dd.mm.yy", CellNote.DATE),
        ("[$-407]d. mmmm yyyy", CellNote.DATE),
        ("m/d/yy h:mm", CellNote.DATE),
        ("d-mmm", OTHER),
        ("mmm-yy", OTHER),
        ("yyyy", OTHER),
        ("h:mm", OTHER),
    ],
)
def test_a_date_of_which_one_sees_a_part_only_is_noted(number_format: str, note: CellNote) -> None:
    workbook = book(customers=[CUSTOMER_HEADERS, (*CUSTOMER, dt.date(2022, 4, 9))])
    workbook["Customers"]["G2"].number_format = number_format
    customers = read(workbook).customers
    assert customers
    assert (customers.cells[0][6], customers.notes[2, "G"]) == ("2022-04-09", note)


def with_default(number_format: str) -> bytes:
    """A workbook whose cells without a style have this number format."""
    workbook = book([ORDER_HEADERS, (*ORDER[:6], 123)])
    content = patched(
        saved(workbook),
        "xl/styles.xml",
        b'(?s)<numFmts count="0" ?/>',
        b'<numFmts count="1"><numFmt numFmtId="200" formatCode="%s"/></numFmts>' % number_format.encode(),
    )
    return patched(
        content, "xl/styles.xml", rb'(?s)(?<=<cellXfs count="1">)<xf numFmtId="0"', b'<xf numFmtId="200"'
    )


def test_the_default_style_tells_of_cells_without_a_style() -> None:
    orders = read_workbook(with_default("00000"), "orders.xlsx").orders
    assert (orders.cells[0][6], orders.notes[2, "G"]) == ("00123", SHOWN)
    dates = read_workbook(with_default("yyyy-mm-dd"), "orders.xlsx").orders
    assert dates.cells[0][6] == "1900-05-02"
    assert dates.notes[2, "G"] is CellNote.DATE


def test_a_formula_is_shown_as_its_format_does() -> None:
    workbook = book([ORDER_HEADERS, (*ORDER[:6], 1)])
    workbook["Orders"]["G2"].number_format = "00000"
    cell = b'<c r="G2" s="1"><f>100+23</f><v>123</v></c>'
    content = patched(saved(workbook), SHEET, rb'<c r="G2" s="1"[^>]*>.*?</c>', cell)
    assert read_workbook(content, "orders.xlsx").orders.cells[0][6] == "00123"


@pytest.mark.parametrize("decimals", [14, 30, 31, 400])
def test_a_format_of_many_decimals_is_read_or_not_known(decimals: int) -> None:
    code = "0." + "0" * decimals
    assert po_number(123456789012345, code)[1] is OTHER
    shown = NumberFormat(code).show("123456789012345.5")
    assert (shown is None) == (decimals > 30)


@settings(max_examples=150, deadline=None)
@given(
    code=st.text('0#?.,;[]<>=10%Ee+-_*\\"@ $/yGeneral', max_size=12),
    value=st.decimals(-(10**9), 10**9, places=2),
)
def test_what_a_format_shows_of_a_number_has_the_digits_of_the_number(code: str, value: Decimal) -> None:
    shown = NumberFormat(code).show(f"{value.normalize():f}")
    if shown and shown.is_exact and shown.text and not any(letter.isdigit() for letter in shown.literals):
        digits = "".join(letter for letter in shown.text if letter.isdigit())
        assert digits.strip("0") in f"{abs(value):f}".replace(".", "")


@pytest.mark.parametrize(
    ("number_format", "value", "shown"),
    [
        ("0", 4.6, "5"),
        ("0.0", 4.56, "4.6"),
        ("0.00", 5, "5.00"),
        ("#,##0", 1234567, "1,234,567"),
        ("0,", 5499, "5"),
        ('0.0,,"M"', 5_460_000, "5.5M"),
        ("0;0", -5, "5"),
        (";;;", 5, ""),
        (";;;", "a text", ""),
        ('"none"', 5, "none"),
        ("0.00E+00", 123, None),
        ("# ?/?", 4.5, None),
        ("*-0", 5, None),
        ("mmm-yy", dt.date(2022, 4, 9), None),
    ],
)
def test_what_a_cell_shows_instead_is_told_where_it_is_known(
    number_format: str, value: Any, shown: str | None
) -> None:
    workbook = book([ORDER_HEADERS, (*ORDER[:6], value)])
    workbook["Orders"]["G2"].number_format = number_format
    orders = read(workbook).orders
    assert orders.notes[2, "G"] is OTHER
    assert orders.shown.get((2, "G")) == shown
