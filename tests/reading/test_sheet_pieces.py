"""A large sheet is read in pieces: every cell means what it means in a sheet that is read at once, and a piece holds little."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from books.input_books import CUSTOMER, CUSTOMER_HEADERS, ORDER, ORDER_HEADERS, SHEET, book, patched, saved
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from bulk_orders.core.model import CellNote, SheetTable
from bulk_orders.errors import InputError
from bulk_orders.reading.cell_notes import CellNotes
from bulk_orders.reading.sheet_pieces import PIECE_BYTES, SheetPieces
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.reading.workbook_tables import WorkbookTables

ANY = "G"
"""The column in which a value is tried."""
VALUES: Sequence[tuple[Any, str | None]] = (
    ("a text", None),
    ("  kept  ", None),
    ("é\n東 🍣 <&>\"'", None),
    ("_x000D_ and _x0041_", None),
    (CellRichText("27 ", TextBlock(InlineFont(b=True), "Rings"), " Ltd"), None),
    (5, None),
    (-0.30000000000000004, None),
    (12345678901234567, None),
    (1e300, None),
    (True, None),
    (date(2022, 4, 9), "yyyy-mm-dd"),
    (datetime(2022, 4, 9, 10, 30, tzinfo=UTC).replace(tzinfo=None), "yyyy-mm-dd hh:mm"),
    (time(12, 30), "hh:mm"),
    (timedelta(hours=36), "[h]:mm"),
    (60, "yyyy-mm-dd"),
    (0.5, "0%"),
    (4.6, "0"),
    (123, "00000"),
    (123, '"PO-"00-00'),
    ("#N/A", None),
    ("=1+1", None),
)
CELLS = (
    b'<c r="%s" t="inlineStr"><is><t xml:space="preserve"> in the sheet </t></is></c>',
    b'<c r="%s" t="inlineStr"><is><r><t>rich </t></r><r><t>text</t></r><rPh sb="0" eb="1"><t>no</t></rPh></is></c>',
    b'<c r="%s"><f>2+3</f><v>5</v></c>',
    b'<c r="%s" t="str"><f>"a"&amp;"b"</f><v>ab</v></c>',
    b'<c r="%s" t="str"><f>""</f><v></v></c>',
    b'<c r="%s" t="b"><f>1=1</f><v>1</v></c>',
    b'<c r="%s" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    b'<c r="%s" t="d"><v>2022-04-09</v></c>',
    b'<c r="%s"><f>TODAY()</f><v>44660</v></c>',
    b'<c r="%s"><f>4+4</f></c>',
    b'<c r="%s"><f>4-4</f><v>0</v></c>',
    b'<c r="%s"><v>1.10E+2</v></c>',
    b"<c r='%s' t='n'><v>7</v></c>",
    b'<c t="n" r="%s"><v>8</v></c>',
    b'<c r="%s" t="s"><v></v></c>',
    b'<c r="%s" s="0"/>',
)


def odd(epoch: datetime) -> bytes:
    """One order row for every kind of cell, with blank, hidden, merged and ghost rows among them."""
    workbook = book([[], ["Orders of November"], ORDER_HEADERS], Notes=[("x",)])
    workbook.epoch = epoch
    sheet = workbook["Orders"]
    for row, (value, number_format) in enumerate(VALUES, start=4):
        for column, text in enumerate(ORDER, start=1):
            sheet.cell(row, column, text)
        cell = sheet[f"{ANY}{row}"]
        cell.value = value
        cell.number_format = number_format or "General"
    sheet.row_dimensions[9].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.merge_cells("F12:F14")
    sheet["J22"] = "no header above"
    xml = b"".join(
        b'<row r="%d"><c r="A%d"><v>%d</v></c>%s</row>'
        % (row, row, row, cell % b"%s%d" % (ANY.encode(), row))
        for row, cell in enumerate(CELLS, start=40)
    )
    xml += b'<row r="70"/><row><c><v>9</v></c><c t="str"><v>uncounted</v></c></row>'
    xml += (
        b'<row r="5000" hidden="1"><c r="XFD5000" s="0"/></row><row r="6000"><c r="B6000"><f>1</f></c></row>'
    )
    return patched(saved(workbook), SHEET, rb"</sheetData>", xml + b"</sheetData>")


def at_once(content: bytes) -> WorkbookTables:
    return read_workbook(content, "orders.xlsx", piece_bytes=PIECE_BYTES)


def in_pieces(content: bytes, piece_bytes: int) -> WorkbookTables:
    return read_workbook(content, "orders.xlsx", piece_bytes=piece_bytes)


@pytest.mark.parametrize("epoch", [WINDOWS_EPOCH, MAC_EPOCH], ids=["1900", "1904"])
@pytest.mark.parametrize("piece_bytes", [1, 700, 5_000])
def test_every_kind_of_cell_means_the_same_in_pieces(epoch: datetime, piece_bytes: int) -> None:
    content = odd(epoch)
    whole = at_once(content)
    assert whole == in_pieces(content, piece_bytes)
    told = {whole.orders.notes.get((row, ANY)) for row in whole.orders.sheet_rows}
    assert told > set(CellNote) - {CellNote.MERGED, CellNote.MERGED_ASIDE}


def test_dates_from_1904_are_four_years_later_in_pieces_too() -> None:
    of_1904 = in_pieces(odd(MAC_EPOCH), 700).orders
    assert dict(zip(of_1904.sheet_rows, of_1904.cells, strict=True))[18][6] == "1904-03-01"


def test_prefixed_xml_means_the_same_in_pieces() -> None:
    content = saved(book([ORDER_HEADERS, *[ORDER] * 20]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(SHEET)
    prefixed = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x=")
    content = patched(content, SHEET, rb"(?s).*", prefixed)
    assert len(in_pieces(content, 300).orders.cells) == 20
    assert at_once(content) == in_pieces(content, 300)


def test_rows_without_numbers_are_counted_on_from_piece_to_piece() -> None:
    content = saved(book([ORDER_HEADERS, *[ORDER] * 20]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read(SHEET)
    bare = re.sub(rb'<row r="[0-9]+"', b'<row ht="15"', re.sub(rb'<c r="[A-Z0-9]+"', b"<c", xml))
    content = patched(content, SHEET, rb"(?s).*", bare)
    assert in_pieces(content, 300).orders.sheet_rows == tuple(range(2, 22))


def test_a_workbook_without_styles_and_shared_texts_is_read_in_pieces() -> None:
    cells = b"".join(
        b'<c r="%c1" t="inlineStr"><is><t>%s</t></is></c>' % (65 + place, header.encode())
        for place, header in enumerate(ORDER_HEADERS)
    )
    xml = b'<worksheet><sheetData><row r="1">%s</row><row r="2"><c r="C2"><v>5</v></c></row></sheetData></worksheet>'
    content = patched(saved(book(customers=None)), SHEET, rb"(?s).*", xml % cells)
    content = patched(content, "xl/_rels/workbook.xml.rels", rb'<Relationship [^>]*/styles"[^>]*>', b"")
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in set(old.namelist()) - {"xl/styles.xml", "xl/sharedStrings.xml"}:
            new.writestr(name, old.read(name))
    assert [row[2] for row in in_pieces(buffer.getvalue(), 1).orders.cells] == ["5"]


CELL = st.none() | st.integers(-5, 10**16) | st.booleans() | st.dates() | st.text("ab<&\n é", max_size=4)


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.lists(CELL, max_size=9), max_size=12),
    first_column=st.integers(1, 4),
    piece_bytes=st.integers(1, 2_000),
)
def test_any_sheet_means_the_same_in_pieces(
    rows: list[list[Any]], first_column: int, piece_bytes: int
) -> None:
    workbook = book()
    sheet = workbook["Orders"]
    for number, values in enumerate(rows):
        for place, value in enumerate(values):
            sheet.cell(4 + number, first_column + place, value)
    content = saved(workbook)
    assert at_once(content) == in_pieces(content, piece_bytes)


def test_several_large_sheets_are_read_in_turn() -> None:
    orders = [ORDER_HEADERS, *[(f"1{row:05}", *ORDER[1:]) for row in range(30)]]
    customers = [CUSTOMER_HEADERS, *[(f"1{row:05}", *CUSTOMER[1:]) for row in range(30)]]
    content = saved(book(orders, customers, Products=[("Product (MPN)",), ("M",)], Notes=[("x",)]))
    content = patched(content, "xl/workbook.xml", b'name="Orders"', b'name="November"')
    tables = in_pieces(content, 1_000)
    assert at_once(content) == tables
    assert [len(table.cells) for table in (tables.orders, tables.customers) if table] == [30, 30]


def with_rows(rows: bytes) -> bytes:
    return patched(saved(book()), SHEET, rb"</sheetData>", rows + b"</sheetData>")


@pytest.mark.parametrize("piece_bytes", [100, PIECE_BYTES])
@pytest.mark.parametrize(
    "cut", [rb"</sheetData>.*", rb"</row></sheetData>.*", rb'<row r="2".*', rb"</c></row></sheetData>.*"]
)
def test_a_sheet_whose_xml_is_cut_off_is_refused(cut: bytes, piece_bytes: int) -> None:
    content = patched(saved(book()), SHEET, rb"(?s)" + cut, b"")
    with pytest.raises(InputError):
        in_pieces(content, piece_bytes)


@pytest.mark.long
def test_a_sheet_is_cut_from_the_size_on_that_a_piece_has() -> None:
    pieces = SheetPieces(PIECE_BYTES)
    pieces.begin("sheet")
    ghosts = b"".join(b'<row r="%d"/>' % row for row in range(1_000_000, 1_000_000 + PIECE_BYTES // 15))
    pieces.add(ghosts)
    assert len(pieces.names("sheet")) == 2, "a small one for the headers, and one that has room"
    pieces.add(ghosts)
    assert len(pieces.names("sheet")) == 3


def test_pieces_have_all_rows_and_hardly_more_than_they_should() -> None:
    rows = [b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (row, row, row) for row in range(1, 2_000)]
    pieces = SheetPieces(1_000)
    pieces.begin("sheet")
    for start in range(0, len(rows), 70):
        pieces.add(b"".join(rows[start : start + 70]))
    with zipfile.ZipFile(pieces.workbook([], b"", is_1904=False)) as packed:
        names = [name for name in packed.namelist() if "worksheets" in name]
        parts = [re.sub(rb".*<sheetData>|</sheetData>.*", b"", packed.read(name)) for name in names]
    assert b"".join(parts) == b"".join(rows)
    assert [len(part) >= 1_000 for part in parts] == [True] * (len(parts) - 1) + [False]
    assert max(map(len, parts)) < 1_000 + len(rows[-1])


# --- notes by column ---


def test_notes_by_column_are_the_same_notes() -> None:
    plain = {(2, "C"): CellNote.DATE, (3, "C"): CellNote.TIME, (2, "AA"): CellNote.PERCENT}
    notes = CellNotes(plain)
    assert notes == plain
    assert len(notes) == 3
    assert notes.of_column("C") == {2: CellNote.DATE, 3: CellNote.TIME}
    assert notes.of_column("B") == {}
    assert notes.without("C") == {(2, "AA"): CellNote.PERCENT}
    assert (3, "AA") not in notes


def test_a_table_is_equal_whichever_way_its_notes_are_kept() -> None:
    plain = {(2, "C"): CellNote.DATE}
    one, other = (
        SheetTable(name="Orders", header_row=1, columns=(), sheet_rows=(2,), cells=[[]], notes=notes)
        for notes in (plain, CellNotes(plain))
    )
    assert one == other
