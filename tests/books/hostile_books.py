"""Workbooks that are made to be slow: small files whose parts, unpacked, begin something again and again and never end it."""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BytesIO
from typing import Final

import xlsxwriter
from books.own_books import problems_of, read, with_parts

from bulk_orders.core.model import SheetRole
from bulk_orders.errors import InputError, UnsafeToPatch
from bulk_orders.writing.own_copy.checked import fill_checked
from bulk_orders.writing.own_copy.our_sheets import checked_told
from bulk_orders.writing.own_copy.told import CheckFindings

DRAWING: Final = "xl/drawings/drawing1.xml"
BOXES: Final = "xl/drawings/vmlDrawing1.vml"
NOTES: Final = "xl/comments1.xml"
SHEET: Final = "xl/worksheets/sheet1.xml"
WORKBOOK: Final = "xl/workbook.xml"
STYLES: Final = "xl/styles.xml"
TEXTS: Final = "xl/sharedStrings.xml"
CUSTOM: Final = "docProps/custom.xml"
CORE: Final = "docProps/core.xml"
TYPES: Final = "[Content_Types].xml"

HEADERS: Final = ("Your reference", "Customer ID", "Product (MPN)", "Quantity", "Commitment", "Billing")
ROW: Final = ("NOV-1", "1000105556", "CFQ7TTC0LH16:0001", 0, "1 year", "Monthly")


def good_book() -> bytes:
    """One order with a mistake, a picture's worth of drawing, a note, styles and shared texts."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    book.set_custom_property("Owner", "finance")
    sheet = book.add_worksheet("Orders")
    sheet.write_row(0, 0, HEADERS)
    sheet.write_row(1, 0, ROW)
    sheet.write_comment("B2", "Ann: urgent", {"author": "Ann"})
    sheet.insert_textbox("A9", "Call Ann")
    sheet.merge_range("A6:B6", "together")
    book.close()
    return file.getvalue()


def _many(piece: bytes, number: int) -> bytes:
    return piece * (number // len(piece))


def _behind(mark: bytes, piece: bytes) -> Callable[[int], Callable[[bytes], bytes]]:
    """Put so many bytes of a piece behind a mark in a part."""

    def sized(number: int) -> Callable[[bytes], bytes]:
        def change(part: bytes) -> bytes:
            at = part.index(mark) + len(mark)
            return part[:at] + _many(piece, number) + part[at:]

        return change

    return sized


def _instead(old: bytes, piece: bytes) -> Callable[[int], Callable[[bytes], bytes]]:
    return lambda number: lambda part: part.replace(old, _many(piece, number))


Change = Callable[[bytes], bytes]
HOSTILE: Final[Mapping[str, tuple[str, Callable[[int], Change]]]] = {
    "anchors": (DRAWING, _instead(b"</xdr:wsDr>", b"<xdr:from>")),
    "anchors with a row": (DRAWING, _instead(b"</xdr:wsDr>", b"<xdr:from><xdr:row>1</xdr:row>")),
    "anchors without an end": (
        DRAWING,
        _instead(b"</xdr:wsDr>", b"<xdr:from><xdr:row>1</xdr:row></xdr:from><xdr:to><xdr:col>1</xdr:col>"),
    ),
    "shapes": (BOXES, _behind(b"</v:shapetype>", b"<v:shape ")),
    "one long list of blocks": (BOXES, _instead(b'data="1"', b'data="1" ')),
    "comments among the notes": (NOTES, _behind(b"<authors>", b"<!--")),
    "instructions among the notes": (NOTES, _behind(b"<authors>", b"<?")),
    "CDATA among the notes": (NOTES, _behind(b"<authors>", b"<![CDATA[")),
    "authors": (NOTES, _instead(b"</authors>", b"<authors>")),
    "notes": (NOTES, _behind(b"<commentList>", b'<comment ref="C2">')),
    "spoken texts": (SHEET, _behind(b"<sheetData>", b'<row r="1"><c r="A1" t="inlineStr"><is><rPh ')),
    "small charts": (SHEET, _behind(b"</sheetData>", b"<x14:sparkline>")),
    "merged areas": (SHEET, _behind(b'<mergeCells count="1">', b'<mergeCell ref="A7:ALK9"/>')),
    "spaces before the rows": (SHEET, _behind(b"<dimension", b" ")),
    "tags before the rows": (SHEET, _behind(b'relationships">', b"<a/>")),
    "columns": (SHEET, _behind(b'relationships">', b'<cols><col min="1" max="900" width="9"/></cols>')),
    "cells of one row": (SHEET, _behind(b"<sheetData>", b'<c r="A1"/>')),
    "one word in a tag": (WORKBOOK, _behind(b"<workbookPr ", b"a")),
    "words in a tag": (WORKBOOK, _behind(b"<workbookPr", b" a")),
    "spaces in a tag": (WORKBOOK, _behind(b"<workbookView", b" ")),
    "comments in the workbook": (WORKBOOK, _behind(b"<sheets>", b"<!--")),
    "names": (WORKBOOK, _behind(b"</sheets>", b"<definedNames><definedName/></definedNames>")),
    "comments in the styles": (STYLES, _behind(b'main">', b"<!--")),
    "styles": (STYLES, _behind(b"<cellXfs", b"><xf/></cellXfs><cellXfs")),
    "words in the texts": (TEXTS, _behind(b"<sst ", b"a")),
    "spoken texts that are shared": (TEXTS, _behind(b"<si>", b"<rPh ")),
    "properties": (CUSTOM, _behind(b'VTypes">', b"<a/>")),
    "comments in the properties": (CUSTOM, _behind(b'VTypes">', b"<!--")),
    "moments": (CORE, _instead(b"</cp:coreProperties>", b"<dcterms:revised ")),
    "content types": (TYPES, _behind(b'content-types">', b"<a/>")),
}
"""By what is in them: the part, and what makes it so many bytes larger."""


def hostile_book(kind: str, number: int) -> bytes:
    """The good workbook with one part made slow to go through."""
    part, sized = HOSTILE[kind]
    return with_parts(good_book(), {part: sized(number)})


def processor_s(content: bytes) -> float:
    """Read a workbook and write problems into it; the processor's seconds."""
    good = read(good_book())
    problems = problems_of(good)
    found = CheckFindings(
        tables={SheetRole.ORDERS: good.orders},
        problems=problems.problems,
        row_states=problems.row_states,
        source_name="orders.xlsx",
        mark="m",
    )
    told = checked_told(found, has_live_check=False)
    started = time.process_time()
    for step in (lambda: read(content), lambda: fill_checked(BytesIO(), content, told)):
        with suppress(InputError, UnsafeToPatch):
            step()
    return time.process_time() - started
