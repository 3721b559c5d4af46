"""A workbook with what only Excel puts into one: pivot table, controls, conversations, slicer, queries, links outside.

The parts are written out as Excel writes them. `own_books.rich_book` has what libraries can write.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, MutableMapping
from io import BytesIO
from pathlib import Path

import xlsxwriter
from books import excel_parts as excel
from books.order_books import order_rows
from books.own_books import packed, parts, replaced, rich_book

ORDERS_PART = "xl/worksheets/sheet2.xml"
_NO_LINKS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_SHEET = re.compile(rb'<sheet [^>]*sheetId="(\d+)"[^>]*r:id="(\w+)"')
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"[^<>]*><f')

Book = MutableMapping[str, bytes]
"""A workbook by its parts."""


def excel_book(folder: Path, *, changes: Mapping[int, Mapping[str, str]] | None = None) -> bytes:
    """The rich workbook as Excel might have saved it; `changes` by row and header."""
    book = dict(parts(rich_book(folder, changes=changes)))
    for part in excel.PARTS:
        book[part.name] = part.content
        declare(book, part.name, part.content_type)
        link(book, part.owner, part.link_id, part.link_type, part.name)
    book["xl/externalLinks/_rels/externalLink1.xml.rels"] = _NO_LINKS.replace(
        b"></Rel",
        f'><Relationship Id="rId1" Type="{excel.OFFICE}/externalLinkPath" Target="Rates.xlsx" TargetMode="External"/>'
        "</Rel".encode(),
    )
    for name, change in _CHANGES.items():
        book[name] = replaced(*change)(book[name])
    add_calculation_order(book)
    return packed(book)


def declare(book: Book, name: str, content_type: str) -> None:
    """State what a part holds; by its ending, where that is not XML."""
    ending = name.rpartition(".")[2]
    entry = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
    if ending != "xml":
        entry = f'<Default Extension="{ending}" ContentType="{content_type}"/></Types>'
    elif content_type == "application/xml":
        return
    book["[Content_Types].xml"] = replaced(("</Types>", entry))(book["[Content_Types].xml"])


def link(book: Book, owner: str, link_id: str, link_type: str, target: str) -> None:
    """Let a part refer to another; `""` is the workbook's file itself."""
    folder, file = posixpath.split(owner)
    name = posixpath.join(folder, "_rels", f"{file}.rels")
    path = posixpath.relpath("/" + target, "/" + folder)
    entry = f'<Relationship Id="{link_id}" Type="{link_type}" Target="{path}"/></Relationships>'
    book[name] = replaced(("</Relationships>", entry))(book.get(name, _NO_LINKS))


def add_calculation_order(book: Book) -> None:
    """List the formulas of all sheets, the last ones first, as Excel does when they are calculated in that order."""
    links = dict(re.findall(rb'Id="(\w+)"[^>]*Target="([^"]+)"', book["xl/_rels/workbook.xml.rels"]))
    entries = [
        entry for sheet in _SHEET.finditer(book["xl/workbook.xml"]) for entry in _entries(book, sheet, links)
    ]
    xml = "".join(reversed(entries)).replace('l="1"/>', "/>").replace("/>", ' l="1"/>', 1)
    book["xl/calcChain.xml"] = f'{excel.HEAD}<calcChain xmlns="{excel.MAIN}">{xml}</calcChain>'.encode()
    if b"calcChain" not in book["[Content_Types].xml"]:
        declare(book, "xl/calcChain.xml", f"{excel.TYPE}calcChain+xml")
        link(book, "xl/workbook.xml", "rId39", f"{excel.OFFICE}/calcChain", "xl/calcChain.xml")


def _entries(book: Book, sheet: re.Match[bytes], links: Mapping[bytes, bytes]) -> Iterator[str]:
    part = "xl/" + links[sheet[2]].decode().removeprefix("/xl/")
    for place in _FORMULA.findall(book[part]):
        yield f'<c r="{place.decode()}" i="{sheet[1].decode()}"/>'


_SPACES = (
    f'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:x14="{excel.X14}" '
    'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" '
)
_CHANGES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "xl/workbook.xml": (
        (
            '<workbookPr defaultThemeVersion="124226"/>',
            (
                '<workbookPr defaultThemeVersion="166925"/>'
                f'<mc:AlternateContent xmlns:mc="{excel.CHOICES}"><mc:Choice Requires="x15" xmlns:x15="{excel.X15}">'
                '<x15ac:absPath url="C:\\Finance\\" xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/>'
                "</mc:Choice></mc:AlternateContent>"
            ),
        ),
        (
            "</sheets>",
            (
                '<sheet name="Pivot" sheetId="5" r:id="rId30"/><sheet name="Imported" sheetId="9" r:id="rId31"/></sheets>'
                '<externalReferences><externalReference r:id="rId35"/></externalReferences>'
            ),
        ),
        (
            "</definedNames>",
            (
                '<definedName name="ExternalData_1" localSheetId="5" hidden="1">Imported!$A$1:$C$3</definedName>'
                '<definedName name="Slicer_Term">#N/A</definedName>'
                f'<definedName name="Z_{excel.VIEW.strip("{}").replace("-", "_")}_.wvu.FilterData" localSheetId="1" hidden="1">'
                "Orders!$A$3:$N$9</definedName></definedNames>"
            ),
        ),
        (' fullCalcOnLoad="1"/></workbook>', f"/>{excel.WORKBOOK_ENDING}</workbook>"),
    ),
    ORDERS_PART: (
        ('mc:Ignorable="x14ac"', f'mc:Ignorable="x14ac xr" {_SPACES}xr:uid="{excel.VIEW}"'),
        (
            '<row r="3" ',
            '<row r="2"><c r="B2" s="5" t="b"><v>1</v></c><c r="C2" t="b"><v>1</v></c></row><row r="3" ',
        ),
        (
            '<autoFilter ref="A3:N9"/>',
            (
                '<protectedRanges><protectedRange sqref="E4:E9" name="Amounts"/></protectedRanges><autoFilter ref="A3:N9"/>'
                f'{excel.OWN_VIEW}<mergeCells count="1"><mergeCell ref="A1:F1"/></mergeCells>'
                '<phoneticPr fontId="3" type="noConversion"/>'
            ),
        ),
        ('<pageSetup orientation="landscape"/><h', '<pageSetup orientation="landscape" r:id="rId12"/><h'),
        (
            '<drawing r:id="rId1"/>',
            (
                '<cellWatches><cellWatch r="E4"/></cellWatches><ignoredErrors><ignoredError sqref="C4:C9" '
                'numberStoredAsText="1"/></ignoredErrors><drawing r:id="rId1"/>'
            ),
        ),
        ('<legacyDrawing r:id="rId2"/>', f'<legacyDrawing r:id="rId2"/>{excel.CONTROLS}'),
    ),
    "xl/worksheets/sheet3.xml": (
        ("<tableParts", '<drawing r:id="rId2"/><tableParts'),
        ("</tableParts>", f"</tableParts>{excel.SLICER_LIST}"),
    ),
    "xl/comments1.xml": (
        ("</authors>", f"<author>tc={excel.TALK}</author></authors>"),
        ("</commentList>", f"{excel.THREAD}</commentList>"),
    ),
    "xl/drawings/vmlDrawing1.vml": (("</xml>", f"{excel.THREAD_BOX}{excel.CHECKBOX_SHAPE}</xml>"),),
    "xl/drawings/drawing1.xml": (("</xdr:wsDr>", f"{excel.CHECKBOX_ANCHOR}</xdr:wsDr>"),),
    "xl/styles.xml": (
        ('<cellXfs count="5">', '<cellXfs count="6">'),
        ("</cellXfs>", f"{excel.CELL_BOX_STYLE}</cellXfs>"),
    ),
    "xl/theme/theme1.xml": (("</a:theme>", f"{excel.FAMILY}</a:theme>"),),
}
"""What changes in the parts that libraries wrote."""


def query_book(rows: int = 3) -> bytes:
    """A workbook whose orders stand in a table that a query fills."""
    book = dict(parts(table_book(rows)))
    table = book["xl/tables/table1.xml"].decode()
    columns = re.findall(r'<tableColumn id="(\d+)" name="([^"]+)"/>', table)
    for number, name in columns:
        about = (
            f'<tableColumn id="{number}" uniqueName="{number}" name="{name}" queryTableFieldId="{number}"/>'
        )
        table = table.replace(f'<tableColumn id="{number}" name="{name}"/>', about)
    book["xl/tables/table1.xml"] = table.replace(
        " totalsRowShown", ' tableType="queryTable" totalsRowShown'
    ).encode()
    fields = "".join(
        f'<queryTableField id="{number}" name="{name}" tableColumnId="{number}"/>' for number, name in columns
    )
    book["xl/queryTables/queryTable1.xml"] = (
        f'{excel.HEAD}<queryTable xmlns="{excel.MAIN}" name="ExternalData_1" connectionId="1" autoFormatId="16">'
        f'<queryTableRefresh nextId="{len(columns) + 1}"><queryTableFields count="{len(columns)}">{fields}'
        "</queryTableFields></queryTableRefresh></queryTable>"
    ).encode()
    connections = next(part for part in excel.PARTS if part.name == "xl/connections.xml")
    book[connections.name] = connections.content
    declare(book, connections.name, connections.content_type)
    link(book, "xl/workbook.xml", "rId34", connections.link_type, connections.name)
    declare(book, "xl/queryTables/queryTable1.xml", f"{excel.TYPE}queryTable+xml")
    link(book, "xl/tables/table1.xml", "rId1", f"{excel.OFFICE}/queryTable", "xl/queryTables/queryTable1.xml")
    return packed(book)


def table_book(rows: int = 3) -> bytes:
    """A workbook whose orders stand in an Excel table from A1 on."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file)
    orders = order_rows(rows)
    columns = [{"header": name} for name in orders[0]]
    data = [list(row.values()) for row in orders]
    book.add_worksheet("Orders").add_table(0, 0, rows, len(columns) - 1, {"columns": columns, "data": data})
    book.close()
    return file.getvalue()
