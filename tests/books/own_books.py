"""Workbooks with everything in them that a library loses when it loads and saves them: shared by the tests of their way back."""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from books.written_books import report, result

from bulk_orders.checking.check import CheckContext, check
from bulk_orders.core.model import SheetTable
from bulk_orders.core.report import ResultRow, RunReport
from bulk_orders.core.summary import Outcome
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.reading.workbook_tables import WorkbookTables
from bulk_orders.writing.own_copy.copy import write_checked_into, write_results_into
from bulk_orders.writing.own_copy.isolated import here

HEADERS = (
    *("Check", "Your reference", "Customer ID", "Product (MPN)", "Quantity", "Commitment", "Billing"),
    *("Offer attestation", "Company name", "Tenant", "Microsoft domain", "Partner of record attested"),
    *("MCA accepted", "Margin"),
)
X14_LIST = (
    b'<ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    b'<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
    b'<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>Prices!$A$2:$A$3</xm:f></x14:formula1>'
    b"<xm:sqref>F4:F9</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
)
ROWS = 6
HEADER_ROW = 3


def png(path: Path) -> Path:
    """A red picture."""
    raw = b"".join(b"\0" + b"\xff\0\0" * 8 for _ in range(8))
    chunks = (
        (b"IHDR", struct.pack(">2I5B", 8, 8, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(raw)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def rich_book(
    folder: Path, *, changes: Mapping[int, Mapping[str, str]] | None = None, check_column: bool = True
) -> bytes:
    """A flat workbook with rows 4 to 9; `changes` by row and header."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    book.add_worksheet("Read me").write("A1", "Prepared by finance")
    orders = book.add_worksheet("Orders")
    prices = book.add_worksheet("Prices")
    secret = book.add_worksheet("Old notes")
    secret.write("A1", "keep me")
    secret.hide()
    headers = HEADERS if check_column else HEADERS[1:]
    _fill_orders(book, orders, headers, changes or {})
    orders.insert_image("B14", str(png(folder / "red.png")))
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"=Orders!$E${HEADER_ROW + 1}:$E${HEADER_ROW + ROWS}"})
    orders.insert_chart("D14", chart)
    orders.insert_button("H14", {"caption": "Press"})
    orders.insert_textbox("J14", "Call Ann before the 25th")
    prices.add_table(
        "A1:B3",
        {"columns": [{"header": "Term"}, {"header": "Price"}], "data": [["1 year", 9], ["1 month", 1]]},
    )
    book.define_name("Rate", "=Prices!$B$2")
    book.define_name("Orders!Local", "=Orders!$A$4")
    book.define_name("'Old notes'!Hidden_one", "='Old notes'!$A$1")
    orders.activate()
    book.close()
    return with_parts(
        file.getvalue(), {"xl/worksheets/sheet2.xml": _with_x14, "customXml/item1.xml": lambda _: b"<mine/>"}
    )


def _fill_orders(
    book: Any, sheet: Any, headers: tuple[str, ...], changes: Mapping[int, Mapping[str, str]]
) -> None:
    bold, italic = book.add_format({"bold": True}), book.add_format({"italic": True, "font_color": "red"})
    head = book.add_format({"bold": True, "bg_color": "#FFE699", "border": 1})
    text = book.add_format({"num_format": "@", "bg_color": "#F2F2F2", "italic": True})
    percent = book.add_format({"num_format": "0.0%"})
    sheet.write_rich_string("A1", "Orders of ", bold, "November", " for ", italic, "Ann")
    sheet.write_row(HEADER_ROW - 1, 0, headers, head)
    for number in range(ROWS):
        row = HEADER_ROW + number
        for column, (header, value) in enumerate(
            order_values(row + 1, headers, changes.get(row + 1, {})).items()
        ):
            if header == "Check":
                sheet.write_formula(row, column, f'=IF(E{row + 1}>0,"ok","?")', None, "ok")
            elif header == "Margin":
                sheet.write_formula(row, column, f"=E{row + 1}*Rate/100", percent, 0.5)
            elif header == "Quantity" and value.isdigit():
                sheet.write_number(row, column, int(value))
            else:
                sheet.write_string(row, column, value, text)
    last = HEADER_ROW + ROWS
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 14, None, {"level": 1})
    sheet.set_column(15, 40, 5, book.add_format({"bg_color": "#DDEBF7"}))
    sheet.freeze_panes(HEADER_ROW, 2)
    sheet.autofilter(HEADER_ROW - 1, 0, last - 1, len(headers) - 1)
    sheet.data_validation(f"G4:G{last}", {"validate": "list", "source": ["Monthly", "Yearly"]})
    sheet.conditional_format(f"E4:E{last}", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    sheet.conditional_format(f"E4:E{last}", {"type": "cell", "criteria": ">", "value": 100, "format": bold})
    sheet.add_sparkline("O4", {"range": f"Orders!E4:E{last}"})
    sheet.write_comment("B5", "Ann: this one is urgent", {"author": "Ann", "width": 300, "height": 150})
    sheet.print_area(0, 0, 30, 20)
    sheet.repeat_rows(2)
    sheet.set_landscape()
    sheet.set_header("&LFinance")
    sheet.set_h_pagebreaks([20])


def order_values(row: int, headers: Iterable[str], changes: Mapping[str, str]) -> dict[str, str]:
    usual = {
        "Your reference": f"NOV-{row}",
        "Customer ID": f"10001055{60 - row}",
        "Product (MPN)": "CFQ7TTC0LH16:0001",
        "Quantity": "5",
        "Commitment": "1 year",
        "Billing": "Monthly",
        "Offer attestation": "No",
        "Company name": f"27 Rings {row}",
        "Tenant": "Existing tenant",
        "Microsoft domain": f"rings{row}.onmicrosoft.com",
        "Partner of record attested": "Yes",
        "MCA accepted": "Already on file",
    }
    return {header: changes.get(header, usual.get(header, "")) for header in headers}


def _with_x14(xml: bytes) -> bytes:
    return xml.replace(b"</extLst></worksheet>", X14_LIST + b"</extLst></worksheet>")


def with_parts(content: bytes, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The workbook with parts changed, or added."""
    file = BytesIO()
    old = zipfile.ZipFile(BytesIO(content))
    with old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in [*old.namelist(), *(name for name in changes if name not in old.namelist())]:
            part = old.read(name) if name in old.namelist() else b""
            new.writestr(name, changes[name](part) if name in changes else part)
    return file.getvalue()


def packed(book: Mapping[str, bytes]) -> bytes:
    """A workbook made of these parts."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in book.items():
            archive.writestr(name, content)
    return file.getvalue()


def replaced(*pairs: tuple[str, str]) -> Callable[[bytes], bytes]:
    """A change of a part that must find what it replaces."""

    def change(part: bytes) -> bytes:
        for old, new in pairs:
            assert old.encode() in part, old
            part = part.replace(old.encode(), new.encode())
        return part

    return change


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet_part(content: bytes, name: str) -> str:
    """The part of a sheet."""
    found = parts(content)
    link = re.search(rb'<sheet [^>]*name="%s"[^>]*r:id="(\w+)"' % name.encode(), found["xl/workbook.xml"])
    assert link, name
    target = re.search(
        rb'<Relationship (?=[^>]*Id="%s")[^>]*Target="([^"]+)"' % link[1], found["xl/_rels/workbook.xml.rels"]
    )
    assert target
    return "xl/" + target[1].decode().removeprefix("/xl/")


def read(content: bytes) -> WorkbookTables:
    return read_workbook(content, "orders.xlsx")


def problems_of(tables: WorkbookTables) -> Any:
    return check(tables, CheckContext(today=date(2026, 11, 22)))


def some_results(orders: SheetTable, **changes: Any) -> RunReport:
    """Every second row failed, on its domain or its quantity."""
    letters = {column.header: column.letter for column in orders.columns}
    rows = [_result(row, number, letters) for number, row in enumerate(orders.sheet_rows)]
    return report(orders, rows, **changes)


def _result(row: int, number: int, letters: Mapping[str, str]) -> ResultRow:
    if number % 2:
        cell = letters.get("Microsoft domain") or letters.get("Quantity", "A")
        return result(
            row,
            Outcome.REJECTED,
            message="The domain is taken.",
            how_to_fix="Choose another.",
            marked_cells=(f"Orders!{cell}{row}",),
            row_key=f"k1:{number}",
        )
    return result(
        row, order_number="SO1", order_id="007", amount="12.50", currency="USD", row_key=f"k1:{number}"
    )


def results(folder: Path, source: bytes, name: str = "r.xlsx") -> bytes:
    return write_results_into(folder / name, source, some_results(read(source).orders), add=here).read_bytes()


def checked(folder: Path, source: bytes, name: str = "c.xlsx") -> bytes:
    tables = read(source)
    found = problems_of(tables)
    path = write_checked_into(
        *(folder / name, source, tables.orders, tables.customers, tables.products, found.problems),
        found.row_states,
        source_name="orders.xlsx",
        add=here,
    )
    return path.read_bytes()
