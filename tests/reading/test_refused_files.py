"""Files that are refused before anything is read from them, each with what it is and what to do."""

import io
import os
import stat
import struct
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from bulk_orders.errors import InputError
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.reading.input_file import MAX_FILE_BYTES, read_file
from bulk_orders.reading.workbook import read_workbook

HEADERS = ("Customer ID", "Product (MPN)", "Quantity")
SHEET = "xl/worksheets/sheet1.xml"
WORKBOOK = "xl/workbook.xml"


@cache
def good() -> bytes:
    workbook = openpyxl.Workbook()
    workbook["Sheet"].title = "Orders"
    workbook["Orders"].append(HEADERS)
    workbook["Orders"].append(("1", "M", 5))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def rebuilt(changes: dict[str, bytes], content: bytes | None = None) -> bytes:
    """A good workbook with parts replaced or added; `{old}` in a change stands for what was there."""
    source, buffer = io.BytesIO(content or good()), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()}
        for name, data in changes.items():
            parts[name] = data.replace(b"{old}", parts.get(name, b""))
        for name, data in parts.items():
            new.writestr(name, data)
    return buffer.getvalue()


def sheet_with(cells: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        xml = archive.read(SHEET)
    return rebuilt({SHEET: xml.replace(b"</sheetData>", cells + b"</sheetData>")})


def refusal(content: bytes, name: str = "orders.xlsx") -> InputError:
    with pytest.raises(InputError) as caught:
        read_workbook(content, name)
    assert caught.value.fix
    assert max(len(caught.value.message), len(caught.value.fix)) <= 140
    return caught.value


def zipped(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_the_good_workbook_of_these_tests_is_read() -> None:
    assert len(read_workbook(rebuilt({}), "orders.xlsx").orders.cells) == 1


# --- what it is ---


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "a.xls", "old Excel workbook"),
        (b"<html><table>", "a.xls", "web page"),
        (b"<html><table>", "a.csv", "web page"),
        (b"Customer ID,Quantity\n1,2\n", "a.xlsx", "text file, although its name ends in .xlsx"),
        (b'{"a": 1}', "a.csv", "JSON"),
        (b'[{"a": 1}]', "a.json", "JSON"),
        (b"\x89PNG\r\n\x1a\n", "a.png", "picture"),
        (b"%PDF-1.7", "a.pdf", "PDF"),
        (b"\x1f\x8b\x08abc", "a.csv", "gzip"),
        (b"\x00\x01\x02garbage", "a.xlsx", "not a workbook"),
        (b"", "a.xlsx", "empty"),
        (b" \r\n", "a.csv", "empty"),
        (zipped(**{"xl/workbook.bin": b"x"}), "a.xlsb", ".xlsb"),
        (
            zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"<x/>"}),
            "a.ods",
            ".ods",
        ),
        (zipped(**{"word/document.xml": b"<x/>"}), "a.docx", "Word"),
        (zipped(**{"orders.csv": b"a,b"}), "a.zip", "zip without a workbook"),
    ],
)
def test_a_file_that_is_no_workbook_is_called_what_it_is(content: bytes, name: str, words: str) -> None:
    assert words in refusal(content, name).message


def test_a_workbook_named_csv_is_refused() -> None:
    assert "its name ends in .csv" in refusal(good(), "orders.csv").message


def test_a_workbook_that_was_cut_off_is_refused() -> None:
    assert "damaged" in refusal(good()[:-100]).message


def test_a_workbook_with_a_damaged_part_is_refused() -> None:
    content = bytearray(good())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo(SHEET).header_offset
    content[start + 70 : start + 90] = b"\xff" * 20
    assert (
        "damaged" in refusal(bytes(content)).message
        or "not what the zip says" in refusal(bytes(content)).message
    )


def test_broken_xml_is_refused() -> None:
    assert "damaged" in refusal(rebuilt({WORKBOOK: b"<workbook><sheets>"})).message


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused(name: str) -> None:
    assert "macros" in refusal(rebuilt({name: b"<x/>"}), "orders.xlsm").message


# --- XML ---


@pytest.mark.parametrize(
    "part", [WORKBOOK, SHEET, "xl/styles.xml", "xl/sharedStrings.xml", "docProps/core.xml"]
)
def test_a_dtd_in_any_part_is_refused(part: str) -> None:
    content = rebuilt({part: b'<!DOCTYPE x [<!ENTITY e "safe">]>{old}'})
    assert "DTD" in refusal(content).message


def test_a_dtd_behind_a_long_comment_is_refused() -> None:
    content = rebuilt({SHEET: b"<!--" + b" " * 3_000_000 + b'--><!DOCTYPE x [<!ENTITY e "safe">]>{old}'})
    assert "DTD" in refusal(content).message


def test_a_part_in_another_encoding_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        text = archive.read(SHEET).decode()
    assert "not UTF-8" in refusal(rebuilt({SHEET: text.encode("utf-16")})).message
    assert (
        "not UTF-8"
        in refusal(rebuilt({SHEET: b'<?xml version="1.0" encoding="UTF-7"?>' + text.encode()})).message
    )


@pytest.mark.parametrize(
    "inside",
    [
        b"<is>1000</is>",
        b"<is><t>1000</t><x>0</x></is>",
        b"<v>10<x/>00</v>",
        b"1000",
        b"<v>1000</v>0",
        b"<x>1000</x>",
    ],
)
def test_text_where_a_cell_has_none_is_refused_with_its_cell(inside: bytes) -> None:
    message = refusal(sheet_with(b'<row r="3"><c r="A3" t="inlineStr">%s</c></row>' % inside)).message
    assert message == "Sheet Orders has XML in cell A3 that Excel never writes."


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (b'<row r="3"><c r="A3"><v>1</v></c><c r="A3"><v>2</v></c></row>', "gives cell A3 two values"),
        (b'<row r="3"><c r="B3"/><c r="A3"/><c r="B3"><v>2</v></c></row>', "gives cell B3 two values"),
        (b'<row r="3"><c r="A3"><v>1</v><v>2</v></c></row>', "gives cell A3 two values"),
        (
            b'<row r="3"><c r="A3" t="inlineStr"><is><t>1</t></is><v>2</v></c></row>',
            "gives cell A3 two values",
        ),
        (b'<row r="3"><c r="A3" t="str"><is><t>1</t></is></c></row>', "XML in cell A3 that Excel never"),
        (b'<row r="3"><c><v>1</v></c><c r="A3"><v>2</v></c></row>', "gives cell A3 two values"),
        (b'<row r="3"><c r="A3"/></row><row r="3"><c r="B3"/></row>', "has row 3 twice"),
        (b'<row r="2"><c r="C2"><v>6</v></c></row>', "has row 2 twice"),
        (b'<row r="5"/><row r="4"/>', "not stored from top to bottom"),
        (b'<row r="5"><c r="A4"/></row>', "cell A4 among the cells of another row"),
        (b'<row r="3"><c r="A3" r="B3"><v>1</v></c></row>', "damaged in its part"),
        (b'<row r="3" r="4"><c r="A4"><v>1</v></c></row>', "damaged in its part"),
        (b'<row r="3" hidden="1" hidden="0"><c r="A3"><v>1</v></c></row>', "damaged in its part"),
        (b'</sheetData><sheetData><row r="3"><c r="A3"><v>1</v></c></row>', "Excel never writes"),
    ],
)
def test_two_answers_in_one_sheet_are_refused(row: bytes, told: str) -> None:
    assert told in refusal(sheet_with(row)).message


def test_a_sheet_outside_the_workbook_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        xml = archive.read("xl/_rels/workbook.xml.rels")
    for target in (b"http://127.0.0.1/sheet1.xml", b"file:///etc/passwd"):
        changed = xml.replace(b"/xl/worksheets/sheet1.xml", target)
        assert changed != xml
        assert "outside the workbook" in refusal(rebuilt({"xl/_rels/workbook.xml.rels": changed})).message


def test_a_sheet_whose_part_is_missing_is_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        xml = archive.read("xl/_rels/workbook.xml.rels")
    content = rebuilt({"xl/_rels/workbook.xml.rels": xml.replace(b"worksheets/sheet1", b"worksheets/sheet7")})
    assert "lacks its part" in refusal(content).message


# --- extents ---


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
        b"<row r='1048576'><c s='0' r='XFD1048576'><v>1</v></c></row>",
        b'<row r="20000"><c r="XFD20000"><v>1</v></c></row>',
    ],
)
def test_a_far_cell_is_refused_before_calamine_sees_it(cells: bytes) -> None:
    assert "far outside the table" in refusal(sheet_with(cells)).message


@pytest.mark.parametrize("address", [b"XFE3", b"ZZZ3", b"A1048577", b"AAAAA3", b"A99999999", b"1A"])
def test_a_cell_beyond_the_grid_is_refused(address: bytes) -> None:
    row = address.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ") or b"3"
    message = refusal(sheet_with(b'<row r="%s"><c r="%s"><v>1</v></c></row>' % (row, address))).message
    assert "beyond XFD1048576" in message or "usable address" in message


def test_a_table_of_more_than_a_thousand_columns_is_refused() -> None:
    assert "1,000 columns" in refusal(sheet_with(b'<row r="3"><c r="ALM3"><v>1</v></c></row>')).message
    assert read_workbook(sheet_with(b'<row r="3"><c r="ALL3"><v>1</v></c></row>'), "a.xlsx").orders


@pytest.mark.parametrize(
    "empty",
    [b'<c r="%s" s="0"/>', b'<c r="%s" s="0"></c>', b'<c r="%s" s="0" t="n"></c>', b"<c r='%s' s='0'> </c>"],
)
def test_an_empty_cell_far_away_is_none(empty: bytes) -> None:
    rows = b'<row r="3"><c r="A3"><v>2</v></c>' + empty % b"ALM3" + b"</row>"
    rows += b'<row r="1048576">' + empty % b"XFD1048576" + b"</row>"
    assert read_workbook(sheet_with(rows), "a.xlsx").orders.sheet_rows == (2, 3)


def test_a_value_that_cannot_be_read_is_refused() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(good()))
    workbook["Orders"]["C2"].number_format = "[h]:mm"
    workbook["Orders"]["C2"].value = 1e10
    buffer = io.BytesIO()
    workbook.save(buffer)
    assert "cannot be read" in refusal(buffer.getvalue()).message


def test_a_crafted_tag_takes_no_longer_than_its_length() -> None:
    refusal(sheet_with(b"<row r='3'><c" + b" " * 2_000_000 + b"<c" + b"<c " * 200_000 + b"<f " * 200_000))
    refusal(sheet_with(b'<row r="3">' + b'<c r="A3" t="e"></c>' * 50_000 + b"</row>"))
    cells = b"".join(b'<c r="%s3" t="e"></c>' % column_letters(place).encode() for place in range(900))
    assert read_workbook(sheet_with(b'<row r="3">' + cells + b"</row>"), "a.xlsx").orders.sheet_rows == (2, 3)


# --- the zip ---


def test_a_zip_bomb_is_refused_by_its_declared_size() -> None:
    assert "200 times" in refusal(rebuilt({"xl/media/x.bin": b"\0" * 21_000_000})).message


def test_a_part_that_unpacks_to_more_than_it_says_is_refused() -> None:
    content = bytearray(rebuilt({SHEET: b"{old}" + b" " * 50_000_000}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry, directory = archive.getinfo(SHEET), archive.start_dir
    place = content.index(SHEET.encode(), directory) - 46
    assert struct.unpack_from("<I", content, place + 24)[0] == entry.file_size
    struct.pack_into("<I", content, place + 24, 1_000)
    assert "not what the zip says" in refusal(bytes(content)).message


def test_more_than_a_thousand_parts_are_refused() -> None:
    refused = refusal(rebuilt({f"x/{number}": b"" for number in range(1_000)}))
    assert "parts" in refused.message
    assert "into a new workbook" in refused.fix


def test_more_than_3_gb_unpacked_is_refused() -> None:
    content = bytearray(rebuilt({f"x/{number}": b"y" for number in range(2)}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        directory = archive.start_dir
    for name in (b"x/0", b"x/1"):
        struct.pack_into("<I", content, content.index(name, directory) - 46 + 24, 1_600_000_000)
    assert "3 GB" in refusal(bytes(content)).message


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_stands_twice_is_refused() -> None:
    for name in (SHEET, SHEET.upper()):
        buffer = io.BytesIO(good())
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr(name, b"<worksheet/>")
        assert "twice" in refusal(buffer.getvalue()).message


@pytest.mark.parametrize("name", ["../../x", "a\\..\\..\\b.xml", "C:/x", "xl/../../y"])
def test_a_name_that_leaves_the_workbook_is_refused(name: str) -> None:
    assert "leaves the workbook" in refusal(rebuilt({name: b"x"})).message


def test_a_link_in_the_zip_is_refused() -> None:
    buffer = io.BytesIO(good())
    with zipfile.ZipFile(buffer, "a") as archive:
        entry = zipfile.ZipInfo("xl/link.xml")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    assert "leaves the workbook" in refusal(buffer.getvalue()).message


def test_an_encrypted_zip_is_refused() -> None:
    content = bytearray(good())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        directory = archive.start_dir
    content[content.index(SHEET.encode(), directory) - 46 + 8] |= 1
    assert "encrypted" in refusal(bytes(content)).message


@pytest.mark.parametrize(("part", "reaches_into"), [("a", "the next part"), ("b", "the directory")])
def test_overlapping_parts_are_refused(part: str, reaches_into: str) -> None:
    content = bytearray(rebuilt({"xl/a.bin": b"a" * 40, "xl/b.bin": b"b" * 40}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        directory = archive.start_dir
    place = content.index(f"xl/{part}.bin".encode(), directory) - 46
    packed_bytes = struct.unpack_from("<I", content, place + 20)[0]
    struct.pack_into("<I", content, place + 20, packed_bytes + 20)
    assert "overlap" in refusal(bytes(content)).message, reaches_into


def test_a_part_with_two_names_is_refused() -> None:
    content = bytearray(rebuilt({"xl/a.bin": b"a"}))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo("xl/a.bin").header_offset
    content[start + 30 : start + 38] = b"xl/b.bin"
    assert "two ways" in refusal(bytes(content)).message


# --- files ---


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(good())
    assert read_file(path) == path.read_bytes()


def test_a_missing_file_a_folder_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.xlsx").touch()
    for name, words in (("missing.xlsx", "no file"), ("", "folder"), ("empty.xlsx", "empty")):
        with pytest.raises(InputError, match=words) as caught:
            read_file(tmp_path / name)
        assert caught.value.fix


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    for path in (tmp_path / "pipe.xlsx", Path("/dev/zero")):
        with pytest.raises(InputError, match="not a file with data"):
            read_file(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(InputError, match="not allowed to read"):
        read_file(path)


def test_excels_mark_of_an_open_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only Excel's lock file"):
        read_file(tmp_path / "~$orders.xlsx")


def test_a_file_over_200_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(InputError, match="200 MB"):
        read_file(path)
