"""One table in the many forms that the standard allows, and what each of them shows in Excel."""

import io
import zipfile
from collections.abc import Mapping

import pytest
import xlsxwriter
from books.input_books import (
    CUSTOMER,
    CUSTOMER_HEADERS,
    ORDER,
    ORDER_HEADERS,
    SHEET,
    book,
    patched,
    read_cell,
    saved,
)

from bulk_orders.core.model import CellNote
from bulk_orders.errors import InputError
from bulk_orders.reading.workbook import read_workbook

RELATIONS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"


def renamed(content: bytes, names: Mapping[str, str], replaced: Mapping[bytes, bytes] | None = None) -> bytes:
    """The workbook with parts under other names, and other words in its parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            for word, other in (replaced or {}).items():
                data = data.replace(word, other)
            entry = zipfile.ZipInfo(names.get(name, name))
            entry.filename = names.get(name, name)  # as it is, with whatever separators
            new.writestr(entry, data)
    return buffer.getvalue()


def padded() -> bytes:
    """A workbook with shared texts, whose PO number has its zeros from its style."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer)
    for name, rows in (("Orders", (ORDER_HEADERS, ORDER)), ("Customers", (CUSTOMER_HEADERS, CUSTOMER))):
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    workbook.get_worksheet_by_name("Orders").write(1, 6, 123, workbook.add_format({"num_format": "00000"}))
    workbook.close()
    return buffer.getvalue()


def po_number(content: bytes) -> str:
    return read_workbook(content, "orders.xlsx").orders.cells[0][6]


# --- where the parts are ---


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("xl/styles.xml", "xl/looks.xml"),
        ("xl/sharedStrings.xml", "xl/texts/all.xml"),
        ("xl/worksheets/sheet1.xml", "xl/orders"),
        ("xl/worksheets/sheet1.xml", "Orders of November.xml"),
    ],
)
def test_a_part_is_where_its_relationship_says(part: str, other: str) -> None:
    target = b"/" + other.replace(" ", "%20").encode()
    content = renamed(padded(), {part: other}, {b"/" + part.encode(): target, part[3:].encode(): target})
    assert po_number(content) == "00123"


@pytest.mark.parametrize("folder", ["", "book/"])
def test_the_workbook_is_where_the_package_says(folder: str) -> None:
    names = {"xl/workbook.xml": f"{folder}w.xml", RELATIONS: f"{folder}_rels/w.xml.rels"}
    words = {
        b'"xl/workbook.xml"': f'"{folder}w.xml"'.encode(),
        b"/xl/workbook.xml": f"/{folder}w.xml".encode(),
        **{b'Target="%s' % name: b'Target="/xl/%s' % name for name in (b"styles", b"shared", b"worksheets")},
    }
    assert po_number(renamed(padded(), names, words)) == "00123"


def test_a_workbook_without_relationships_of_the_package_is_where_its_content_type_says() -> None:
    content = renamed(
        padded(),
        {"xl/workbook.xml": "xl/w.xml", RELATIONS: "xl/_rels/w.xml.rels", "_rels/.rels": "_rels/other.rels"},
        {b"/xl/workbook.xml": b"/xl/w.xml"},
    )
    assert po_number(content) == "00123"


@pytest.mark.parametrize("form", ["\\", "/", "./", "upper", "././"])
def test_names_in_the_zip_mean_what_they_mean_to_excel(form: str) -> None:
    def name_of(name: str) -> str:
        if form == "\\":
            return name.replace("/", "\\")
        return name.upper() if form == "upper" else form + name

    with zipfile.ZipFile(io.BytesIO(padded())) as archive:
        names = {name: name_of(name) for name in archive.namelist()}
    assert po_number(renamed(padded(), names)) == "00123"


def test_a_name_in_two_spellings_is_one_part_twice() -> None:
    buffer = io.BytesIO(padded())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("./XL/styles.xml", b"<styleSheet/>")
    with pytest.raises(InputError, match="twice"):
        read_workbook(buffer.getvalue(), "orders.xlsx")


def test_a_sheet_without_a_part_is_no_sheet() -> None:
    content = patched(
        padded(), "xl/workbook.xml", rb"</sheets>", b'<sheet name="Lost" sheetId="9" r:id="no"/></sheets>'
    )
    assert po_number(content) == "00123"


@pytest.mark.parametrize(
    ("part", "old", "new", "told"),
    [
        ("xl/workbook.xml", rb'name="Customers"', b'name="ORDERS"', "two sheets of the same name"),
        (
            RELATIONS,
            rb"</Relationships>",
            b'<Relationship Id="rId1"/></Relationships>',
            "relationship id twice",
        ),
        *(
            (
                RELATIONS,
                rb"</Relationships>",
                b'<Relationship Id="x2" Type="x/%s" Target="%s"/></Relationships>' % (kind, target),
                told,
            )
            for kind, target, told in (
                (b"styles", b"theme/theme1.xml", "two parts for the same thing"),
                (b"sharedStrings", b"theme/theme1.xml", "two parts for the same thing"),
                (b"styles", b"looks.xml", "lacks its part xl/looks.xml"),
            )
        ),
        (
            "_rels/.rels",
            rb"</Relationships>",
            b'<Relationship Id="w2" Type="x/officeDocument" Target="xl/styles.xml"/></Relationships>',
            "more than one workbook",
        ),
    ],
)
def test_two_answers_in_the_parts_of_a_workbook_are_refused(
    part: str, old: bytes, new: bytes, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        read_workbook(patched(padded(), part, old, new), "orders.xlsx")


def test_macros_under_another_name_are_macros() -> None:
    content = patched(
        padded(),
        RELATIONS,
        rb"</Relationships>",
        b'<Relationship Id="m" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
        b'Target="notes.bin"/></Relationships>',
    )
    with pytest.raises(InputError, match="macros"):
        read_workbook(content, "orders.xlsx")


# --- what stands in a cell ---


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (b'<c r="C2"><v>1<!-- and -->2</v></c>', "12"),
        (b'<c r="C2"><v>1<?and x?>2</v></c>', "12"),
        (b'<c r="C2"><v><![CDATA[12]]></v></c>', "12"),
        (b'<c r="C2"><v>\n  12\n  </v></c>', "12"),
        (b'<c r="C2"><v xml:space="preserve"> 12 </v></c>', "12"),
        (b'<c r="C2"><v>&#49;2</v></c>', "12"),
        (b'<c r="C2"\n t="n"\n><v>12</v\n></c>', "12"),
        (b'<c r=" C2 " t=" n "><v>12</v></c>', "12"),
        (b'<c r="C2"><v>+12</v></c>', "12"),
        (b'<c r="C2"><v>1.2E1</v></c>', "12"),
        (b'<c r="C2" t="inlineStr"><is><t>PO<!-- and -->-1</t></is></c>', "PO-1"),
        (b'<c r="C2" t="inlineStr"><is>\n<t>\n PO-1 \n</t>\n</is></c>', "PO-1"),
        (b'<c r="C2" t="inlineStr"><is><x><t>PO-</t></x><t>1</t></is></c>', "PO-1"),
        (b'<c r="C2" t="inlineStr"><is><r><t>PO</t></r><r><rPr><b/></rPr><t>-1</t></r></is></c>', "PO-1"),
        (b'<c r="C2" t="inlineStr"><is><t>PO-1</t><rPh sb="0" eb="1"><t>no</t></rPh></is></c>', "PO-1"),
        (b'<c r="C2" t="inlineStr"><is><t><![CDATA[<PO>&1]]></t></is></c>', "<PO>&1"),
        (b'<c r="C2" t="inlineStr"><v>PO-1</v></c>', "PO-1"),
        (b'<c r="C2" t="inlineStr"><is><t>PO-1</t></is><v>PO-1</v></c>', "PO-1"),
        (b'<c r="C2" t="str"><v>PO<!-- and -->-1</v></c>', "PO-1"),
        (b'<c r="C2" t="str"><v xml:space="preserve"> PO-1</v></c>', " PO-1"),
        (b'<c r="C2"><extLst><ext>no</ext></extLst><v>12</v></c>', "12"),
    ],
)
def test_a_value_is_whole_however_it_is_written(xml: bytes, text: str) -> None:
    assert read_cell(xml) == (text, None)


@pytest.mark.parametrize(
    "texts",
    [
        b"<si><t>Customer ID *</t></si><!-- and -->",
        b"<si><t>Customer<!-- and --> ID *</t></si>",
        b"<si><t><![CDATA[Customer ID *]]></t></si>",
        b"<si>\n <t>\n Customer ID *\n </t>\n</si>",
        b"<si><r><t>Customer</t></r><r><t xml:space='preserve'> ID *</t></r></si>",
        b"<si><t>Customer ID *</t><rPh sb='0' eb='1'><t>no</t></rPh><phoneticPr fontId='1'/></si>",
        b"<x:si xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><x:t>Customer ID *</x:t></x:si>",
    ],
)
def test_a_shared_text_is_whole_however_it_is_written(texts: bytes) -> None:
    content = patched(padded(), "xl/sharedStrings.xml", rb"<si><t>Customer ID \*</t></si>", texts)
    tables = read_workbook(content, "orders.xlsx")
    assert tables.orders.columns[0].header == "Customer ID *"
    assert tables.orders.cells[0][:2] == ["1000105563", "CFQ7TTC0LH16:0001"]


TWO_VERSIONS = b"<%s><m:AlternateContent xmlns:m='urn:m'><m:Choice><t>A</t></m:Choice><m:Fallback><t>B</t></m:Fallback></m:AlternateContent></%s>"


@pytest.mark.parametrize("text", [b"<si>lost<t>no</t></si>", TWO_VERSIONS % (b"si", b"si")])
def test_a_shared_text_that_could_be_two_or_lies_beside_its_element_is_refused(text: bytes) -> None:
    content = patched(padded(), "xl/sharedStrings.xml", rb"<si><t>[^<]*</t></si>", text)
    with pytest.raises(InputError, match="texts contain XML"):
        read_workbook(content, "orders.xlsx")


def test_a_text_of_a_cell_that_could_be_two_is_refused_with_its_cell() -> None:
    with pytest.raises(InputError, match="XML in cell C2"):
        read_cell(b'<c r="C2" t="inlineStr">%s</c>' % TWO_VERSIONS % (b"is", b"is"))


ERRORS = (
    *("#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA", "#BUSY!", "#CONNECT!", "#BLOCKED!", "#UNKNOWN!"),
    *(
        "#EXTERNAL!",
        "#PYTHON!",
        "#TIMEOUT!",
        "#NULL!",
        "#NUM!",
        "#VALUE!",
        "#ERROR!",
        "Err:508",
        "Loading...",
    ),
)


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_one_of_its_cell(error: str) -> None:
    assert read_cell(b'<c r="C2" t="e"><v>%s</v></c>' % error.encode()) == (error, CellNote.ERROR)
    assert read_cell(b'<c t="e" r="C2"><f>A1</f><v> %s </v></c>' % error.encode()) == (error, CellNote.ERROR)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (b'<c r="C2"><v>1,5</v></c>', "1,5"),
        (b'<c r="C2"><v>NaN</v></c>', "NaN"),
        (b'<c r="C2" t="b"><v>2</v></c>', "2"),
        (b'<c r="C2" t="s"><v>x</v></c>', "x"),
        (b'<c r="C2" t="money"><v>5</v></c>', "5"),
        (b'<c r="C2" t="d"><v>2022-13-01</v></c>', "2022-13-01"),
        (b'<c r="C2" t="d"><v>2022-04-09T00:00:00+02:00</v></c>', "2022-04-09T00:00:00+02:00"),
        (b'<c r="C2" t="e"></c>', "#ERROR"),
        (b'<c r="C2" t="e"/>', "#ERROR"),
        (b'<c r="C2" s="0" t="e" />', "#ERROR"),
    ],
)
def test_a_value_that_is_none_of_its_kind_is_an_error_of_its_cell(xml: bytes, text: str) -> None:
    assert read_cell(xml) == (text, CellNote.ERROR)


def test_an_error_in_a_column_that_is_not_sent_changes_nothing() -> None:
    content = patched(
        saved(book([(*ORDER_HEADERS, "Colour"), (*ORDER, "red")])),
        SHEET,
        rb'<c r="H2"[^>]*>.*?</c>',
        b'<c r="H2" t="e"><v>#SPILL!</v></c>',
    )
    orders = read_workbook(content, "orders.xlsx").orders
    assert orders.cells[0][2] == "5"
    assert orders.notes == {(2, "H"): CellNote.ERROR}


@pytest.mark.parametrize(
    ("value", "text", "note"),
    [
        ("2022-04-09", "2022-04-09", CellNote.DATE),
        ("2022-04-09T00:00:00", "2022-04-09", CellNote.DATE),
        ("2022-04-09T00:00:00.000Z", "2022-04-09", CellNote.DATE),
        ("2022-04-09T10:30:00Z", "2022-04-09 10:30:00", CellNote.TIME),
    ],
)
@pytest.mark.parametrize("is_1904", [False, True])
def test_a_date_that_is_stored_as_text_is_the_date_excel_shows(
    value: str, text: str, note: CellNote, *, is_1904: bool
) -> None:
    workbook = book()
    workbook["Orders"]["C2"].number_format = "yyyy-mm-dd"
    content = patched(
        saved(workbook),
        SHEET,
        rb'<c r="C2" s="1"[^>]*>.*?</c>',
        b'<c r="C2" s="1" t="d"><v>%s</v></c>' % value.encode(),
    )
    if is_1904:
        content = patched(content, "xl/workbook.xml", rb"<workbookPr ?", b'<workbookPr date1904="1" ')
    orders = read_workbook(content, "orders.xlsx").orders
    assert (orders.cells[0][2], orders.notes[2, "C"]) == (text, note)
