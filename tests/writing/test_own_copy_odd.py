"""Workbooks that are written in unusual but legal ways are added to all the same; unsafe ones are left alone, with the reason."""

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from books.order_books import order_rows
from books.own_books import (
    parts,
    problems_of,
    read,
    replaced,
    rich_book,
    sheet_part,
    some_results,
    with_parts,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.errors import UnsafeToPatch
from bulk_orders.writing.own_copy.copy import write_checked_into, write_results_into

pytestmark = pytest.mark.long

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def plain_book(rows: int = 4, **options: object) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet("Orders")
    for number, row in enumerate(order_rows(rows, customers=2)):
        sheet.write_row(0, 0, list(row))
        sheet.write_row(number + 1, 0, list(row.values()))
    sheet.write_comment("A2", "mine", {"author": "Ann"})
    book.close()
    return file.getvalue()


def with_prefix(xml: bytes) -> bytes:
    tagged = re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1x:", xml)
    return tagged.replace(b'xmlns="' + MAIN.encode(), b'xmlns:x="' + MAIN.encode())


def single_quoted(xml: bytes) -> bytes:
    return re.sub(rb"<(?:c|row)\s[^<>]*>", lambda tag: tag[0].replace(b'"', b"'"), xml)


def without_cell_addresses(xml: bytes) -> bytes:
    return re.sub(rb'(<c) r="[A-Z]+\d+"', rb"\1", xml)


def without_row_numbers(xml: bytes) -> bytes:
    return re.sub(rb'(<row) r="\d+"', rb"\1", xml)


def with_ghosts(xml: bytes) -> bytes:
    """Formatted cells without a value, right of the data."""
    return re.sub(rb'(<row r="(\d+)".*?)</row>', rb'\1<c r="R\2" s="0"/><c r="S\2"></c></row>', xml)


def with_closed_rows(xml: bytes) -> bytes:
    return xml.replace(b"</sheetData>", b'<row r="90" ht="20"/><row r="91"></row></sheetData>')


def with_spaces(xml: bytes) -> bytes:
    return xml.replace(b"</c>", b"</c>\r\n  ").replace(b"</row>", b"</row >\n").replace(b"<row ", b"\n<row  ")


def without_frame(xml: bytes) -> bytes:
    return re.sub(rb"<(?:dimension|sheetFormatPr)[^<>]*/>|<sheetViews>.*?</sheetViews>", b"", xml)


def with_columns_to_the_end(xml: bytes) -> bytes:
    return xml.replace(
        b"<sheetData>", b'<cols><col min="3" max="16384" width="4" hidden="1"/></cols><sheetData>'
    )


def with_extensions(xml: bytes) -> bytes:
    spaces = b'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" '
    more = b'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
    return xml.replace(b"<worksheet ", b"<worksheet " + spaces + more).replace(
        b"<row ", b'<row x14ac:dyDescent="0.25" '
    )


ODDITIES: tuple[Callable[[bytes], bytes], ...] = (
    *(with_ghosts, with_columns_to_the_end, with_extensions, without_frame, with_closed_rows, single_quoted),
    *(without_cell_addresses, without_row_numbers, with_spaces, with_prefix),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.sets(st.integers(0, len(ODDITIES) - 1)), prefixed_styles=st.booleans(), has_marks=st.booleans()
)
def test_however_a_sheet_is_written_the_same_rows_come_back(
    tmp_path: Path, chosen: set[int], prefixed_styles: bool, has_marks: bool
) -> None:
    sheet = parts(plain_book())[SHEET]
    for number in sorted(chosen):
        sheet = ODDITIES[number](sheet)
    changes: dict[str, Callable[[bytes], bytes]] = {SHEET: lambda _: sheet}
    if prefixed_styles:
        changes["xl/styles.xml"] = with_prefix
    source = with_parts(plain_book(), changes)
    tables = read(source)
    report = some_results(tables.orders)
    path = write_results_into(tmp_path / "r.xlsx", source, report)
    again = write_results_into(tmp_path / "again.xlsx", path.read_bytes(), report)
    for made in (path, again):
        assert read(made.read_bytes()).orders == tables.orders
        found = openpyxl.load_workbook(made)["Orders"]
        column = next(cell.column for cell in found[1] if cell.value == "Outcome")
        assert [found.cell(row, column).value for row in (2, 3)] == ["✔ Ordered", "✖ Failed"]
        assert [cell.value for cell in found[1]].count("row_key") == 1
        assert found["A2"].comment.text == "mine"
    path.unlink()
    again.unlink()


def test_a_column_without_a_header_beside_the_data_stays(tmp_path: Path) -> None:
    extra = rb'\1<c r="N\2"><v>7</v></c></row>'
    source = with_parts(plain_book(), {SHEET: lambda xml: re.sub(rb'(<row r="([34])".*?)</row>', extra, xml)})
    report = some_results(read(plain_book()).orders)  # as if nobody had seen the column
    sheet = openpyxl.load_workbook(write_results_into(tmp_path / "r.xlsx", source, report))["Orders"]
    assert (sheet["N3"].value, sheet["N4"].value) == (7, 7)
    assert sheet["O1"].value == "Outcome"


def test_an_excel_table_grows_by_our_columns_so_that_sorting_it_moves_them_too(tmp_path: Path) -> None:
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet("Orders")
    rows = order_rows(3)
    data = [list(row.values()) for row in rows]
    sheet.add_table(
        0, 0, 3, len(rows[0]) - 1, {"columns": [{"header": name} for name in rows[0]], "data": data}
    )
    book.close()
    source = file.getvalue()
    path = write_results_into(tmp_path / "r.xlsx", source, some_results(read(source).orders))
    again = write_results_into(tmp_path / "a.xlsx", path.read_bytes(), some_results(read(source).orders))
    for made in (path, again):
        found = openpyxl.load_workbook(made)["Orders"]
        table = next(iter(found.tables.values()))
        assert table.ref == table.autoFilter.ref == "A1:AJ4"
        assert [column.name for column in table.tableColumns] == [cell.value for cell in found[1]]
        assert len({column.id for column in table.tableColumns}) == len(rows[0]) + len(RESULT_COLUMNS)
        assert found.auto_filter.ref is None


def test_a_workbook_without_styles_and_shared_texts_gets_styles(tmp_path: Path) -> None:
    source = plain_book(constant_memory=True)
    link = re.search(rb"<Relationship [^>]*styles.xml\"/>", parts(source)["xl/_rels/workbook.xml.rels"])
    assert link
    bare = with_parts(
        source,
        {
            "xl/_rels/workbook.xml.rels": replaced((link[0].decode(), "")),
            "[Content_Types].xml": lambda xml: re.sub(
                rb'<Override PartName="/xl/styles.xml"[^>]*/>', b"", xml
            ),
            SHEET: lambda xml: re.sub(rb' s="\d+"', b"", xml),
        },
    )
    path = write_results_into(tmp_path / "r.xlsx", bare, some_results(read(bare).orders))
    assert read(path.read_bytes()).orders == read(bare).orders


def test_moments_are_right_in_workbooks_that_count_from_1904(tmp_path: Path) -> None:
    source = plain_book(date_1904=True)
    report = some_results(read(source).orders)
    rows = [replace(row, ordered_at=report.started_at) for row in report.rows]
    path = write_results_into(tmp_path / "r.xlsx", source, replace(report, rows=rows))
    sheet = openpyxl.load_workbook(path)["Orders"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Ordered at (UTC)")
    assert f"{sheet.cell(2, column).value:%Y-%m-%d %H:%M}" == "2026-11-22 02:15"


STRICT = replaced((MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"))
UNSAFE: dict[str, tuple[str, dict[str, Callable[[bytes], bytes]]]] = {
    "signed": ("it is signed digitally", {"_xmlsignatures/sig1.xml": lambda _: b"<Signature/>"}),
    "strict": ("it is saved as Strict Open XML", {"xl/workbook.xml": STRICT}),
    "shared": (
        "it is shared in Excel's old way, which keeps a log of changes",
        {"xl/revisions/log.xml": lambda _: b"<a/>"},
    ),
    "protected": (
        "a sheet that needs marks is protected",
        {SHEET: replaced(("</sheetData>", '</sheetData><sheetProtection sheet="1"/>'))},
    ),
    "locked": (
        "its structure is protected with a password",
        {
            "xl/workbook.xml": replaced(
                ("<bookViews>", '<workbookProtection workbookPassword="C1" lockStructure="1"/><bookViews>')
            )
        },
    ),
    "template": (
        "it is a template or has macros: not an ordinary .xlsx workbook",
        {"[Content_Types].xml": replaced(("sheet.main+xml", "template.main+xml"))},
    ),
    "no sheet": (
        "its sheet Orders is missing",
        {"xl/_rels/workbook.xml.rels": replaced(("worksheets/sheet1.xml", "gone.xml"))},
    ),
    "cut off": ("one of its sheets is cut off", {SHEET: lambda xml: xml[: xml.index(b"</sheetData>")]}),
    "bad notes": ("its notes are written in an unusual way", {"xl/comments1.xml": lambda _: b"<comments/>"}),
    "bad boxes": (
        "the boxes of its notes are drawn in an unusual way",
        {"xl/drawings/vmlDrawing1.vml": lambda _: b"<svg></svg>"},
    ),
    "bad styles": (
        "its cell styles are written in an unusual way",
        {"xl/styles.xml": lambda xml: re.sub(rb"<fills.*?</fills>", b"", xml)},
    ),
    "latin": (
        "one of its parts is not in UTF-8",
        {"xl/workbook.xml": replaced(('encoding="UTF-8"', 'encoding="latin-1"'))},
    ),
    "comment in rows": (
        "one of its sheets contains XML that Excel never writes",
        {SHEET: replaced(("<sheetData>", "<sheetData><!-- <row> -->"))},
    ),
}


@pytest.mark.parametrize("kind", UNSAFE)
def test_what_is_unsafe_is_left_alone_and_the_reason_is_said(tmp_path: Path, kind: str) -> None:
    reason, changes = UNSAFE[kind]
    report = some_results(read(plain_book()).orders)
    with pytest.raises(UnsafeToPatch) as caught:
        write_results_into(tmp_path / "r.xlsx", with_parts(plain_book(), changes), report)
    assert caught.value.reason == reason
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_part_and_a_csv_file_are_unsafe(tmp_path: Path) -> None:
    source = bytearray(plain_book())
    report = some_results(read(bytes(source)).orders)
    at = source.index(SHEET.encode()) + len(SHEET) + 200
    source[at : at + 40] = bytes(40)
    for content in (bytes(source), b"Customer ID;Quantity\n1;2\n", b"PK"):
        with pytest.raises(UnsafeToPatch):
            write_results_into(tmp_path / "r.xlsx", content, report)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=40), min_size=4, max_size=4))
def test_any_text_in_any_cell_is_read_again_as_it_was(tmp_path: Path, texts: list[str]) -> None:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Orders")
    rows = order_rows(4)
    sheet.write_row(0, 0, [*rows[0], "Mine"])
    for number, (row, text) in enumerate(zip(rows, texts, strict=True), start=1):
        clean = "".join(letter for letter in text if letter.isprintable())
        sheet.write_row(number, 0, [*row.values(), clean])
    book.close()
    source = file.getvalue()
    tables, found = read(source), problems_of(read(source))
    made = write_checked_into(
        *(tmp_path / "c.xlsx", source, tables.orders, tables.customers, tables.products, found.problems),
        found.row_states,
    )
    assert read(made.read_bytes()) == tables
    made.unlink()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_workbook_that_libreoffice_saved_again_reads_the_same_and_is_still_known(tmp_path: Path) -> None:
    source = rich_book(tmp_path)
    tables = read(source)
    write_results_into(tmp_path / "r.xlsx", source, some_results(tables.orders))
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/lo",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run(
        [*command, "--outdir", tmp_path / "saved", tmp_path / "r.xlsx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    saved = (tmp_path / "saved" / "r.xlsx").read_bytes()
    assert [row[1:] for row in read(saved).orders.cells] == [row[1:] for row in tables.orders.cells]
    again = write_results_into(tmp_path / "again.xlsx", saved, some_results(read(saved).orders)).read_bytes()
    names = [
        openpyxl.load_workbook(BytesIO(content), read_only=True).sheetnames for content in (saved, again)
    ]
    assert names[0] == names[1]
    assert parts(again)[sheet_part(again, "Orders")].count(b"<t>row_key</t>") == 1
