"""What looks for things that Excel would repair finds each of them, and nothing in workbooks that simply open."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from books.excel_book import ORDERS_PART, excel_book
from books.own_books import packed, parts, replaced, results, with_parts
from ooxml.repairs.faults import faults_of
from ooxml.repairs.published import Watch, faults_in_folder

from bulk_orders.writing.saving import publish

ROOT = Path(__file__).parents[2]
MANY_ROWS = "migration-500.xlsx"
BOOK, STYLES, TYPES = "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"
PRICES, TABLE, QUERIED = "xl/worksheets/sheet3.xml", "xl/tables/table1.xml", "xl/tables/table2.xml"
NOTES, BOXES, TALKS = (
    "xl/comments1.xml",
    "xl/drawings/vmlDrawing1.vml",
    "xl/threadedComments/threadedComment1.xml",
)
LINKS = "xl/worksheets/_rels/sheet2.xml.rels"
CUSTOM = "docProps/custom.xml"

TWO_LINKS = """<hyperlinks><hyperlink ref="A1" location="A1"/><hyperlink ref="A1" location="A2"/></hyperlinks><drawing"""

DAMAGES = (
    (
        TYPES,
        'Override PartName="/xl/comments1.xml"',
        'Override PartName="/xl/comments9.xml"',
        "which is missing",
    ),
    (
        TYPES,
        'Override PartName="/xl/calcChain.xml"',
        'Override PartName="/xl/other.xml"',
        "linked as calcChain",
    ),
    (TYPES, '<Default Extension="bin"', '<Default Extension="bix"', "has no content type"),
    (TYPES, '<Default Extension="bin"', '<Default Extension="XML"', "stated 2 times"),
    (
        LINKS,
        'Target="../comments1.xml"',
        'Target="../comments7.xml"',
        "leads to xl/comments7.xml, which is missing",
    ),
    (LINKS, 'Id="rId12"', 'Id="rId11"', "has the id rId11 2 times"),
    (LINKS, 'Id="rId12"', 'Id="rId99"', "uses the relationship rId12, which it does not have"),
    (BOXES, "</xml>", '<v:x o:relid="rId5"/></xml>', "uses the relationship rId5"),
    (ORDERS_PART, "</worksheet>", "</worksheet", "is not well-formed XML"),
    (ORDERS_PART, "</worksheet>", "<sheetPr/></worksheet>", "stand in the wrong order"),
    (ORDERS_PART, "<sheetData>", "<mine/><sheetData>", "element mine is not known there"),
    (
        ORDERS_PART,
        '<pageMargins left="0.7"',
        '<pageMargins/><pageMargins left="0.7"',
        "pageMargins stands there twice",
    ),
    (ORDERS_PART, 't="s"><v>2</v>', 't="s"><v>99999</v>', "has the shared text 99999"),
    (ORDERS_PART, '<c r="E4"><v>5<', '<c r="E4" s="4000"><v>5<', "Orders!E4 has the style 4000"),
    (ORDERS_PART, '<c r="E4"><v>5<', '<c r="E4"><v>nan<', "Orders!E4 is a number and holds 'nan'"),
    (ORDERS_PART, '<c r="E4"><v>5<', '<c r="E4" t="b"><v>5<', "is true or false and holds '5'"),
    (ORDERS_PART, '<c r="E4"><v>5<', '<c r="E4" t="e"><v>#OH!<', "is an error and holds '#OH!'"),
    (ORDERS_PART, '<c r="E4"><v>5<', '<c r="E4" t="x"><v>5<', "is of the kind x"),
    (ORDERS_PART, '<c r="E4"><v>5<', '<c r="E4"><is><t>5</t></is><v>5<', "Orders!E4 holds is v"),
    (ORDERS_PART, '<c r="E4"><v>5<', '<c r="E5"><v>5<', "Orders!E5 does not stand in row 4"),
    (ORDERS_PART, '<c r="E4"><v>5<', '<c r="A4"><v>5<', "Orders!A4 comes after column 4"),
    (ORDERS_PART, '<c r="E4"><v>5<', f'<c r="E4" t="str"><v>{"x" * 32_768}<', "has more than 32,767 letters"),
    (ORDERS_PART, '<row r="5"', '<row r="4"', "row 4 comes after row 4"),
    (ORDERS_PART, '<row r="5"', '<row ht="900" r="5"', "row 5 is too high"),
    (ORDERS_PART, '<col min="2"', '<col min="1"', "the columns 1 to 2 come after column 1"),
    (ORDERS_PART, '<col min="2" max="2" width="14', '<col min="2" max="2" width="1400', "is too wide"),
    (
        ORDERS_PART,
        '<cfRule type="cellIs" dxfId="0"',
        '<cfRule type="cellIs" dxfId="9"',
        "has the style 9 of 1",
    ),
    (ORDERS_PART, 'priority="2"', 'priority="0"', "has no priority"),
    (
        ORDERS_PART,
        '<dataValidations count="1"',
        '<dataValidations count="2"',
        "dataValidations says 2 and has 1",
    ),
    (ORDERS_PART, '<formula1>"Monthly', f'<formula1>"{"Monthly," * 40}', "the list on G4:G9 is too long"),
    (ORDERS_PART, 'sqref="G4:G9"', f'prompt="{"x" * 256}" sqref="G4:G9"', "the prompt on G4:G9 has more"),
    (ORDERS_PART, 'sqref="G4:G9"', 'sqref="G9:G4"', "G9:G4 is no area"),
    (ORDERS_PART, "<mergeCells", '<mergeCells count="0"/><mergeCells', "mergeCells is empty"),
    (ORDERS_PART, 'count="1"><mergeCell ', 'count="2"><mergeCell ref="B1:C2"/><mergeCell ', "A1:F1 meet"),
    (ORDERS_PART, 'shapeId="1028"', 'shapeId="1099"', "the control Check Box 4 is not drawn"),
    (PRICES, "<sheetViews><sheetView ", '<sheetViews><sheetView tabSelected="1" ', "several sheets at once"),
    (PRICES, '<tablePart r:id="rId1"/>', "", "lists the tables [] and is linked to"),
    (
        PRICES,
        "<drawing",
        '<hyperlinks><hyperlink ref="A1" location="Gone!A1"/></hyperlinks><drawing',
        "leads to the sheet Gone",
    ),
    (PRICES, "<drawing", TWO_LINKS, "two links on A1"),
    (PRICES, "</sheetData>", '</sheetData><autoFilter ref="A1:B3"/>', "table A1:B3 and filter A1:B3 meet"),
    (
        TABLE,
        '<tableColumn id="2" name="Price"/>',
        '<tableColumn id="2" name="Cost"/>',
        "'Cost' has 'Price' over it",
    ),
    (
        TABLE,
        '<tableColumn id="2" name="Price"/>',
        '<tableColumn id="1" name="Price"/>',
        "two columns have the id 1",
    ),
    (TABLE, '<tableColumn id="2" name="Price"/>', "", "A1:B3 has 2 columns, 1 are described"),
    (TABLE, '<autoFilter ref="A1:B3"/>', '<autoFilter ref="A1:B2"/>', "its filter reaches over A1:B2"),
    (
        TABLE,
        'displayName="Table1" ref="A1:B3"',
        'displayName="Table1" ref="A3:B3"',
        "has no row below its header",
    ),
    (TABLE, 'id="1" name="Table1"', 'id="7" name="Table1"', "two tables have the number 7"),
    (TABLE, 'displayName="Table1"', 'displayName="Rate"', "two tables or names are called rate"),
    (QUERIED, 'queryTableFieldId="3"', 'queryTableFieldId="8"', "its fields are not the columns of"),
    (QUERIED, 'dataDxfId="0"', 'dataDxfId="5"', "dataDxfId is 5 of 1"),
    ("xl/queryTables/queryTable1.xml", 'nextId="4"', 'nextId="3"', "the number of its next field is taken"),
    (
        "xl/pivotTables/pivotTable1.xml",
        'cacheId="901"',
        'cacheId="902"',
        "uses the cache 902, which is missing",
    ),
    (
        BOOK,
        '<sheet name="Prices" sheetId="3"',
        '<sheet name="Prices" sheetId="2"',
        "two sheets have the number 2",
    ),
    (BOOK, '<sheet name="Prices"', '<sheet name="orders"', "two sheets have the name orders"),
    (BOOK, '<sheet name="Prices"', '<sheet name="Prices?"', "no sheet can be called 'Prices?'"),
    (BOOK, "<workbookView ", '<workbookView activeTab="40" ', "activeTab is 40"),
    (BOOK, ">Prices!$B$2<", ">Costs!$B$2<", "the name Rate refers to the sheet Costs, which is missing"),
    (BOOK, '<definedName name="Rate"', '<definedName name="Rate" localSheetId="40"', "belongs to sheet 40"),
    (
        BOOK,
        '<definedName name="Rate"',
        '<definedName name="slicer_term"',
        "the name slicer_term is there 2 times",
    ),
    (BOOK, "</workbook>", "<bookViews/></workbook>", "stand in the wrong order"),
    (STYLES, "<cellXfs count=", '<cellXfs count="7" was=', "cellXfs says 7 and has"),
    (STYLES, 'fontId="2" fillId="4"', 'fontId="200" fillId="4"', "fontId 200 is missing"),
    (STYLES, '<numFmt numFmtId="164"', '<numFmt numFmtId="190"', "number format 164 is missing"),
    (
        STYLES,
        '<cellStyle name="Normal" xfId="0"',
        '<cellStyle name="Normal" xfId="3"',
        "stands on 3, which is missing",
    ),
    (
        STYLES,
        "<dxf><font><b/></font></dxf>",
        "<dxf><fill/><font><b/></font></dxf>",
        "stand in the wrong order",
    ),
    ("xl/calcChain.xml", 'r="N9"', 'r="E9"', "lists E9 of sheet 2, which has no formula"),
    ("xl/calcChain.xml", 'r="N9" i="2"', 'r="N9" i="88"', "lists a formula of sheet 88, which is missing"),
    (NOTES, '<comment ref="B5" authorId="0"', '<comment ref="B5" authorId="60"', "nobody wrote its comment"),
    (NOTES, '<comment ref="B5"', '<comment ref="C6"', "Orders!C6 has 2 comments"),
    (BOXES, "<x:Row>4</x:Row>", "<x:Row>40</x:Row>", "Orders!B5: its comment has no box"),
    (BOXES, "<x:Row>4</x:Row>", "<q:Row>4</q:Row>", "q stands for nothing"),
    (BOXES, '"_x0000_s1027"', '"_x0000_s1026"', "two shapes have the number 1026"),
    (BOXES, '"_x0000_s1027"', '"_x0000_s9027"', "shape 9027 is in none of the blocks"),
    (TALKS, 'ref="C6"', 'ref="C7"', "C7 has no comment for older programs"),
    (TALKS, 'personId="{6F9', 'personId="{7F9', "nobody wrote what stands on C6"),
    (NOTES, "tc={9FE0", "tc={8FE0", "is not bound to its conversation"),
    (CUSTOM, 'pid="3"', 'pid="2"', "has the number 2 2 times"),
    (CUSTOM, 'name="Approved"', 'name="cost Centre"', "has cost centre 2 times"),
    (CUSTOM, 'pid="3"', 'pid="1"', "is not written as Excel reads it"),
)
"""Part, what stands there, what stands there instead, and what is said of it."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("sound")
    return results(folder, excel_book(folder))


def test_a_workbook_of_excels_with_results_in_it_simply_opens(sound: bytes) -> None:
    assert faults_of(sound) == []


@pytest.mark.long
def test_each_damage_is_found(sound: bytes) -> None:
    for part, there, instead, said in DAMAGES:
        damaged = with_parts(sound, {part: replaced((there, instead))})
        assert any(said in fault for fault in faults_of(damaged)), (there, instead)


def test_parts_that_are_missing_or_there_twice_are_found(sound: bytes) -> None:
    book = parts(sound)
    missing = {name: content for name, content in book.items() if name != "xl/media/image1.png"}
    file = BytesIO(sound)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(STYLES.upper(), book[STYLES])
    assert any("xl/media/image1.png, which is missing" in fault for fault in faults_of(packed(missing)))
    assert any(f"part {STYLES} stands in the zip 2 times" in fault for fault in faults_of(file.getvalue()))


def test_damage_is_noticed_in_whatever_workbook_a_test_makes_us_write(
    sound: bytes, tmp_path: Path, watch: Watch
) -> None:
    damaged = with_parts(sound, {BOOK: replaced(("<workbookView ", '<workbookView activeTab="40" '))})
    place = tmp_path / "results.xlsx"
    publish(place, lambda file: file.write(damaged), mark="", last_rows={}, fix="")
    (tmp_path / "the user's.xlsx").write_bytes(b"no workbook")
    assert ["activeTab is 40" in found for found in watch.take()] == [True]
    assert list(faults_in_folder(tmp_path)) == ["results.xlsx: activeTab is 40, of 9 sheets"]


def test_a_workbook_without_a_visible_sheet_is_found(sound: bytes) -> None:
    hidden = with_parts(
        sound, {BOOK: lambda xml: re.sub(rb"<sheet (?![^<>]*state)", b'<sheet state="hidden" ', xml)}
    )
    assert any("no sheet is visible" in fault for fault in faults_of(hidden))


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=pytest.mark.long if path.name == MANY_ROWS else (), id=path.name)
        for path in sorted([*ROOT.glob("templates/*.xlsx"), *ROOT.glob("sample_data/*.xlsx")])
    ],
)
def test_what_we_ship_simply_opens(path: Path) -> None:
    assert faults_of(path.read_bytes()) == []
