"""F01 to F24: files that are no workbook, or are made to harm. All of them are read in the child process."""

import io
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable

from corpus import entry as corpus
from corpus.entry import (
    ANYWHERE,
    SHEET,
    Case,
    Expected,
    book,
    csv,
    good,
    invalid,
    part_of,
    patched,
    read,
    rebuilt,
    refused,
    saved,
    spoilt,
    warned,
    with_rows,
)

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">' % ((98 + n,) + (97 + n,) * 8) for n in range(12)
)


def _dtd(text: bytes, part: str = SHEET) -> Callable[[], bytes]:
    return lambda: rebuilt({part: text + b"{old}"})


def _entries(count: int) -> bytes:
    return rebuilt({f"x/{number}": b"" for number in range(count)})


def _lying() -> bytes:
    content = bytearray(rebuilt({SHEET: b"{old}" + b" " * 30_000_000}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        directory = archive.start_dir
    struct.pack_into("<I", content, content.index(SHEET.encode(), directory) - 46 + 24, 1_000)
    return bytes(content)


def _overlapping() -> bytes:
    content = bytearray(rebuilt({"xl/a.bin": b"a" * 40, "xl/b.bin": b"b" * 40}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        directory = archive.start_dir
    struct.pack_into("<I", content, content.index(b"xl/a.bin", directory) - 46 + 20, 200)
    return bytes(content)


def _nested() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("orders.xlsx", good())
    return buffer.getvalue()


def _twice() -> bytes:
    buffer = io.BytesIO(good())
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(SHEET, part_of(good(), SHEET).replace(b"<v>5</v>", b"<v>99</v>"))
    return buffer.getvalue()


def _link() -> bytes:
    buffer = io.BytesIO(good())
    with zipfile.ZipFile(buffer, "a") as archive:
        entry = zipfile.ZipInfo("xl/link.xml")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return buffer.getvalue()


def _zero_in_name() -> bytes:
    content = rebuilt({"xl/worksheets/sheet1.xmlX": b"x"})
    return content.replace(b"sheet1.xmlX", b"sheet1.xml\0")


def _elsewhere(target: bytes) -> Callable[[], bytes]:
    return lambda: patched(good(), _RELATIONS, b"/xl/worksheets/sheet1.xml", target)


def _far(cells: bytes) -> Callable[[], bytes]:
    return lambda: with_rows(cells)


def _rows_of_ones() -> bytes:
    rows = b"".join(b'<row r="%d"><c r="D%d"><v>1</v></c></row>' % (row, row) for row in range(3, 30_000))
    return with_rows(rows)


def _orders_twice(*, hidden: str = "", named: bool = True) -> bytes:
    workbook = book()
    copy = workbook.copy_worksheet(workbook["Orders"])
    workbook["Orders"].title, copy.title = ("Orders" if named else "Nov", "Dec")
    if hidden:
        workbook["Orders"].sheet_state = hidden
    return saved(workbook)


def _hidden_customers() -> bytes:
    workbook = book()
    workbook["Customers"].sheet_state = "hidden"
    return saved(workbook)


def _chart_first() -> bytes:
    workbook = book()
    workbook.create_chartsheet("Chart", 0)
    return saved(workbook)


def _decorated() -> bytes:
    workbook = book()
    workbook["Orders"].protection.sheet = True
    content = saved(workbook)
    styles = part_of(content, "xl/styles.xml")
    many = styles.replace(b"</cellXfs>", b'<xf numFmtId="0"/>' * 100_000 + b"</cellXfs>")
    cache = b"<pivotCacheDefinition/>"
    return rebuilt({"xl/styles.xml": many, "xl/pivotCache/pivotCacheDefinition1.xml": cache}, content)


def _strict() -> bytes:
    old, new = b"http://schemas.openxmlformats.org", b"http://purl.oclc.org/ooxml"
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    moved = {
        name: data.replace(old + b"/spreadsheetml/2006/main", new + b"/spreadsheetml/main").replace(
            old + b"/officeDocument/2006/relationships", new + b"/officeDocument/relationships"
        )
        for name, data in parts.items()
    }
    return rebuilt(moved)


def _utf16() -> bytes:
    return rebuilt({SHEET: part_of(good(), SHEET).decode().encode("utf-16")})


def case(
    case_id: str,
    what: str,
    content: Callable[[], bytes],
    expected: Expected,
    *,
    file: str = "orders.xlsx",
    ruling: str = "",
) -> Case:
    return Case(id=case_id, what=what, content=content, expected=expected, file=file, ruling=ruling)


_ONE_NAMED = (
    "the sheet named Orders is read, and the other is named in a warning, or refused when none is named"
)
CASES: tuple[Case, ...] = (
    case("F01", "billion laughs", _dtd(_LAUGHS + b"]>"), refused("DTD")),
    case("F01", "in the shared texts", _dtd(_LAUGHS + b"]>", "xl/sharedStrings.xml"), refused("DTD")),
    case("F02", "quadratic", _dtd(b'<!DOCTYPE x [<!ENTITY e "' + b"a" * 100_000 + b'">]>'), refused("DTD")),
    case("F03", "a file", _dtd(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), refused("DTD")),
    case("F04", "an address", _dtd(b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://169.254.169.254/">]>'), refused("DTD")),
    case("F05", "harmless", _dtd(b'<!DOCTYPE x [<!ENTITY e "safe">]>', _WORKBOOK), refused("DTD")),
    case("F06", "bomb", lambda: rebuilt({"xl/media/x.bin": bytes(40_000_000)}), refused("200 times")),
    case(
        "F06",
        "one cell of a megabyte",
        lambda: with_rows(b'<row r="3"><c r="C3" t="inlineStr"><is><t>' + b"a" * 1_000_000 + b"</t></is></c></row>"),
        invalid("E-LENGTH", "Orders!C3"),
        ruling="below 20 MB a part may pack as well as it likes; the cell is then too long",
    ),
    case("F07", "lying", _lying, refused("not what the zip says")),
    case("F08", "parts", lambda: _entries(1_000), refused("parts")),
    case("F08", "overlap", _overlapping, refused("")),
    case("F08", "nested", _nested, refused("zip without a workbook")),
    case("F09", "XFD1048576", _far(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), refused("far outside")),
    case("F10", "XFE1", _far(b'<row r="3"><c r="XFE3"><v>1</v></c></row>'), refused("beyond XFD1048576")),
    case("F10", "A1048577", _far(b'<row r="1048577"><c r="A1048577"><v>1</v></c></row>'), refused("beyond XFD")),
    case("F10", "AAAAA1", _far(b'<row r="3"><c r="AAAAA3"><v>1</v></c></row>'), refused("usable address")),
    case(
        "F11",
        "dimension",
        lambda: patched(good(), SHEET, b"<dimension [^>]*>", b'<dimension ref="A1:XFD1048576"/>'),
        read(rows=1),
    ),
    case(
        "F12",
        "30,000 rows of 1",
        _rows_of_ones,
        invalid("E-EMPTY", ANYWHERE),
        ruling="the limit is Excel's last row: a million rows are read (issue 4); each of these lacks its customer",
    ),
    case("F13", "password", lambda: _OLE + "EncryptedPackage".encode("utf-16-le"), refused("password")),
    case("F14", ".xls", lambda: _OLE + bytes(600), refused("old Excel workbook"), file="orders.xls"),
    case("F14", ".xlsb", lambda: rebuilt({"xl/workbook.bin": b"x"}, _nested()), refused(".xlsb")),
    case("F14", ".ods", lambda: rebuilt({"content.xml": b"<x/>"}, _nested()), refused(".ods"), file="a.ods"),
    case("F14", "Numbers", lambda: rebuilt({"Index.zip": b"x"}, _nested()), refused("Numbers"), file="a.numbers"),
    case("F15", "macros", lambda: rebuilt({"xl/vbaProject.bin": b"x"}), refused("macros"), file="orders.xlsm"),
    case("F15", "macro sheet", lambda: rebuilt({"xl/macrosheets/sheet1.xml": b"<x/>"}), refused("macros")),
    case(
        "F15",
        "DDE and links",
        spoilt(po_number=corpus.Xml('<c {at} t="str"><f>[1]!topic</f><v>7</v></c>')),
        invalid("E-VOLATILE", "Orders!H2"),
        ruling="an error of the cell that depends on the link; links that no input cell uses do no harm",
    ),
    case(
        "F15",
        "embedded objects",
        lambda: rebuilt({"xl/embeddings/oleObject1.bin": _OLE, "xl/activeX/activeX1.xml": b"<x/>"}),
        read(rows=1),
        ruling="never opened, and never copied into what we send",
    ),
    case("F16", "CSV named .xlsx", lambda: csv().encode(), refused("text file, although its name ends in .xlsx")),
    case("F16", "workbook named .csv", good, refused("its name ends in .csv"), file="orders.csv"),
    case("F16", "HTML named .csv", lambda: b"<html><table>", refused("web page"), file="orders.csv"),
    case("F17", "cut off", lambda: good()[:-100], refused("damaged")),
    case("F18", "twice", _twice, refused("twice")),
    *(
        case("F19", name, lambda name=name: rebuilt({name: b"x"}), refused("leaves the workbook"))  # type: ignore[misc]
        for name in ("../../x", "C:/x", "a\\..\\..\\x")
    ),
    case("F19", "/etc/x", lambda: rebuilt({"/etc/x": b"x"}), read(rows=1), ruling="etc/x of the workbook, unpacked nowhere"),
    case("F19", "link", _link, refused("leaves the workbook")),
    case("F19", "zero", _zero_in_name, refused("")),
    case("F20", "http", _elsewhere(b"http://127.0.0.1/sheet1.xml"), refused("outside the workbook")),
    case("F20", "file", _elsewhere(b"file:///etc/passwd"), refused("outside the workbook")),
    case("F21", "strict", _strict, read(rows=1)),
    case("F21", "byte order mark", lambda: rebuilt({SHEET: b"\xef\xbb\xbf{old}"}), read(rows=1)),
    case("F21", "UTF-16", _utf16, refused("not UTF-8")),
    case("F22", "a second sheet of orders", _orders_twice, warned("F-SECOND-SHEET", "Dec"), ruling=_ONE_NAMED),
    case("F22", "two without the name", lambda: _orders_twice(named=False), refused("both look like orders")),
    case("F22", "hidden", lambda: _orders_twice(hidden="hidden"), invalid("F-HIDDEN-SHEET", "Orders")),
    case("F22", "very hidden", lambda: _orders_twice(hidden="veryHidden"), invalid("F-HIDDEN-SHEET", "Orders")),
    case("F22", "hidden customers", _hidden_customers, invalid("F-HIDDEN-SHEET", "Customers")),
    case("F22", "chart first", _chart_first, read(rows=1)),
    case("F23", "protected, pivot, styles", _decorated, read(rows=1)),
)  # fmt: skip
