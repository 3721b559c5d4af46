"""What could act when a workbook is opened is not handed on in a workbook of ours, whatever its parts are called."""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from books.hostile_books import good_book
from books.own_books import parts, read, replaced, some_results, with_parts

from bulk_orders.errors import UnsafeToPatch
from bulk_orders.machine.mark_of_the_web import carry_over
from bulk_orders.writing.own_copy.copy import write_results_into
from bulk_orders.writing.own_copy.isolated import here

pytestmark = pytest.mark.long

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK_LINKS = "xl/_rels/workbook.xml.rels"
SHEET_LINKS = "xl/worksheets/_rels/sheet1.xml.rels"
TYPES = "[Content_Types].xml"
INNOCENT = "xl/notes.xml"
Changes = dict[str, Callable[[bytes], bytes]]


def linked(owner: str, link_type: str, content: str = "<x/>", *, outside: bool = False) -> Changes:
    """A part under an innocent name, or a place outside, to which another part refers in this way."""
    target = 'Target="https://example.com/x" TargetMode="External"' if outside else f'Target="/{INNOCENT}"'
    link = f'<Relationship Id="rId99" Type="{link_type}" {target}/></Relationships>'
    return {owner: replaced(("</Relationships>", link)), INNOCENT: lambda _: content.encode()}


def typed(content_type: str) -> Changes:
    """A part under an innocent name that is said to hold this."""
    override = f'<Override PartName="/{INNOCENT}" ContentType="{content_type}"/></Types>'
    return {TYPES: replaced(("</Types>", override)), INNOCENT: lambda _: b"<x/>"}


def connections(about: str, inner: str = "") -> Changes:
    return linked(
        BOOK_LINKS,
        f"{OFFICE}/connections",
        f'<connections xmlns="{MAIN}"><connection id="1" {about}>{inner}</connection></connections>',
    )


DDE = f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
OLE_LINK = f'<externalLink xmlns="{MAIN}"><oleLink progId="Word.Document"/></externalLink>'
ACTIVE: Mapping[str, tuple[str, Changes]] = {
    "DDE": ("linked to other programs", linked(BOOK_LINKS, f"{OFFICE}/externalLink", DDE)),
    "OLE link": ("linked to other programs", linked(BOOK_LINKS, f"{OFFICE}/externalLink", OLE_LINK)),
    "DDE beside a workbook": (
        "linked to other programs",
        linked(BOOK_LINKS, f"{OFFICE}/externalLink", DDE.replace("<ddeLink", "<externalBook/><ddeLink")),
    ),
    "strict link": (
        "linked to",
        linked(BOOK_LINKS, "http://purl.oclc.org/ooxml/officeDocument/relationships/externalLink", DDE),
    ),
    "OLE": ("OLE", linked(SHEET_LINKS, f"{OFFICE}/oleObject")),
    "OLE outside": ("OLE", linked(SHEET_LINKS, f"{OFFICE}/oleObject", outside=True)),
    "embedded file": ("OLE", linked(SHEET_LINKS, f"{OFFICE}/package")),
    "ActiveX": ("ActiveX", linked(SHEET_LINKS, f"{OFFICE}/control")),
    "ActiveX by type": ("ActiveX", typed("application/vnd.ms-office.activeX+xml")),
    "macros by type": ("macros", typed("application/vnd.ms-office.vbaProject")),
    "macros by type in capitals": ("macros", typed("APPLICATION/VND.MS-OFFICE.VBAPROJECT")),
    "macros by ending": (
        "macros",
        {
            TYPES: replaced(
                (
                    "</Types>",
                    '<Default Extension="dat" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                )
            ),
            "xl/pictures.dat": lambda _: b"x",
        },
    ),
    "macros by link": ("macros", linked(SHEET_LINKS, f"{MICROSOFT}/vbaProject")),
    "macro sheet": ("macros", linked(BOOK_LINKS, f"{MICROSOFT}/xlMacrosheet")),
    "ribbon": ("ribbon", linked("_rels/.rels", f"{MICROSOFT}/ui/extensibility")),
    "add-in": (
        "add-in",
        linked("_rels/.rels", "http://schemas.microsoft.com/office/2011/relationships/webextensiontaskpanes"),
    ),
    "connection that refreshes": ("fetches data", connections('refreshOnLoad="1"')),
    "connection that refreshes, in words": ("fetches data", connections("refreshOnLoad='true'")),
    "connection by the minute": ("fetches data", connections('interval="5"')),
    "web query": ("query of a web page", connections('name="w"', '<webPr url="https://example.com"/>')),
    "pivot table of elsewhere": (
        "fetches data",
        linked(
            BOOK_LINKS,
            f"{OFFICE}/pivotCacheDefinition",
            f'<pivotCacheDefinition xmlns="{MAIN}" refreshOnLoad="1"><cacheSource type="external"/></pivotCacheDefinition>',
        ),
    ),
    "table of elsewhere": (
        "fetches data",
        linked(SHEET_LINKS, f"{OFFICE}/queryTable", f'<queryTable xmlns="{MAIN}" refreshOnLoad="1"/>'),
    ),
    "picture outside": ("fetched from elsewhere", linked(SHEET_LINKS, f"{OFFICE}/image", outside=True)),
}
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HARMLESS: Mapping[str, Changes] = {
    "connection that waits": {**typed(f"{SHEET_TYPE}.connections+xml"), **connections('name="w"')},
    "another workbook": {
        **typed(f"{SHEET_TYPE}.externalLink+xml"),
        **linked(
            BOOK_LINKS,
            f"{OFFICE}/externalLink",
            f'<externalLink xmlns="{MAIN}"><externalBook/></externalLink>',
        ),
    },
    "where another workbook lies": linked(SHEET_LINKS, f"{OFFICE}/externalLinkPath", outside=True),
    "link of a cell": linked(SHEET_LINKS, f"{OFFICE}/hyperlink", outside=True),
    "pivot table of a sheet": {
        **typed(f"{SHEET_TYPE}.pivotCacheDefinition+xml"),
        **linked(
            BOOK_LINKS,
            f"{OFFICE}/pivotCacheDefinition",
            f'<pivotCacheDefinition xmlns="{MAIN}" refreshOnLoad="1"><cacheSource type="worksheet"/></pivotCacheDefinition>',
        ),
    },
    "a name that sounds of macros": {"xl/vbaProject.xml": lambda _: b"<x/>"},
}


def copied(folder: Path, changes: Changes) -> bytes:
    source = with_parts(good_book(), changes)
    report = some_results(read(good_book()).orders)
    return write_results_into(folder / "r.xlsx", source, report, add=here).read_bytes()


@pytest.mark.parametrize("kind", ACTIVE)
def test_what_could_act_is_not_handed_on(tmp_path: Path, kind: str) -> None:
    reason, changes = ACTIVE[kind]
    with pytest.raises(UnsafeToPatch) as caught:
        copied(tmp_path, changes)
    assert reason in caught.value.reason
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_waits_for_a_person_stays(tmp_path: Path, kind: str) -> None:
    made = parts(copied(tmp_path, HARMLESS[kind]))
    assert set(HARMLESS[kind]) <= set(made)


def test_on_windows_the_mark_of_the_web_goes_with_the_workbook() -> None:
    streams = {"C:\\in.xlsx:Zone.Identifier": b"[ZoneTransfer]\r\nZoneId=3\r\n"}

    def read_stream(name: str, at_most_bytes: int) -> bytes:
        if name not in streams:
            raise FileNotFoundError(name)
        return BytesIO(streams[name]).read(at_most_bytes)

    source, target, other = Path("C:\\in.xlsx"), Path("C:\\out.xlsx"), Path("C:\\other.xlsx")
    carry_over(source, target, is_windows=True, read=read_stream, write=streams.__setitem__)
    assert streams["C:\\out.xlsx:Zone.Identifier"] == streams["C:\\in.xlsx:Zone.Identifier"]
    carry_over(other, source, is_windows=True, read=read_stream, write=streams.__setitem__)
    assert len(streams) == 2


def test_elsewhere_no_file_with_a_colon_is_made(tmp_path: Path) -> None:
    (tmp_path / "in.xlsx:Zone.Identifier").write_bytes(b"x")
    carry_over(tmp_path / "in.xlsx", tmp_path / "out.xlsx", is_windows=False)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_disk_that_keeps_no_marks_loses_no_workbook() -> None:
    def refuse(name: str, mark: bytes) -> None:
        raise OSError(name)

    carry_over(Path("a"), Path("b"), is_windows=True, read=lambda *_: b"x", write=refuse)
