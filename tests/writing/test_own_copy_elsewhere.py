"""What other programs do to a workbook of ours in between: properties, authors and declarations get lost."""

import re
import warnings
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from books.own_books import checked, packed, parts, read, results, rich_book, with_parts
from openpyxl.comments import Comment

from bulk_orders.core.columns.table import RESULT_COLUMNS

pytestmark = pytest.mark.long

_BROKEN = {5: {"Quantity": "5 seats"}}
_RESULT_SHEETS = ("Summary", "Attempts", "Run info")
_WAY = Callable[[bytes], bytes]


def _without_properties(content: bytes) -> bytes:
    """As exceljs and document inspectors save it."""
    changed = with_parts(
        content,
        {
            "_rels/.rels": lambda xml: re.sub(rb"<Relationship [^>]*custom-properties[^>]*/>", b"", xml),
            "[Content_Types].xml": lambda xml: re.sub(rb"<Override [^>]*custom\.xml[^>]*/>", b"", xml),
        },
    )
    return packed({name: part for name, part in parts(changed).items() if name != "docProps/custom.xml"})


def _with_authors(content: bytes, name: bytes) -> bytes:
    def change(xml: bytes) -> bytes:
        return re.sub(rb"<author>[^<]*</author>|<author/>", b"<author>%s</author>" % name, xml)

    return with_parts(content, {part: change for part in parts(content) if "comments" in part})


def _by_openpyxl(content: bytes) -> bytes:
    file = BytesIO()
    _load(content).save(file)
    return file.getvalue()


WAYS: Mapping[str, _WAY] = {
    "properties lost": _without_properties,
    "authors lost": lambda content: _with_authors(content, b""),
    "both lost": lambda content: _with_authors(_without_properties(content), b"Author"),
    "openpyxl": _by_openpyxl,
}


def _load(content: bytes) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it would lose
        return openpyxl.load_workbook(BytesIO(content))


def _notes(content: bytes) -> dict[str, str]:
    cells = (cell for row in _load(content)["Orders"].iter_rows() for cell in row)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_results_are_written_once_into_a_workbook_that_another_program_saved(
    way: _WAY, tmp_path: Path
) -> None:
    first = results(tmp_path, rich_book(tmp_path))
    second = results(tmp_path, way(first), "again.xlsx")
    book = _load(second)
    assert [name for name in book.sheetnames if name.startswith(_RESULT_SHEETS)] == list(_RESULT_SHEETS)
    headers = [cell.value for cell in book["Orders"][3]]
    assert [headers.count(header) for _, header in RESULT_COLUMNS] == [1] * len(RESULT_COLUMNS)
    assert _notes(second) == _notes(first)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_problems_that_were_mended_leave_nothing_behind(way: _WAY, tmp_path: Path) -> None:
    book = rich_book(tmp_path, changes=_BROKEN, check_column=False)
    told = checked(tmp_path, book)
    assert _notes(told).keys() == {"B5", "D5"}  # the one of the user, and ours
    mended = _load(way(told))
    mended["Orders"]["D5"] = 5
    file = BytesIO()
    mended.save(file)
    again = results(tmp_path, file.getvalue(), "again.xlsx")
    assert _notes(again)["B5"].endswith("this one is urgent")
    assert "D5" not in _notes(again)
    assert "Problems" not in _load(again).sheetnames
    column = next(cell.column for cell in _load(again)["Orders"][3] if cell.value == "Check")
    assert _load(again)["Orders"].cell(5, column).value == "✖ Failed"


def test_notes_of_ours_are_not_told_as_comments_of_people(tmp_path: Path) -> None:
    book = rich_book(tmp_path, changes=_BROKEN)
    told = _with_authors(checked(tmp_path, book), b"Author")
    (found,) = (found for found in read(told).problems if found.code == "I-COMMENTS")
    assert "has 1 comment," in found.message


def test_sheets_of_the_users_with_names_of_ours_stay(tmp_path: Path) -> None:
    book = _load(rich_book(tmp_path))
    for name in _RESULT_SHEETS:
        book.create_sheet(name)["A1"] = "Sales by region"
    file = BytesIO()
    book.save(file)
    names = _load(results(tmp_path, file.getvalue())).sheetnames
    assert [names.count(name) + names.count(f"{name} (2)") for name in _RESULT_SHEETS] == [2, 2, 2]


def test_a_check_column_of_the_users_own_words_is_not_written_over(tmp_path: Path) -> None:
    book = _load(rich_book(tmp_path))
    for row in range(4, 10):
        book["Orders"].cell(row, 1).value = "seen by Ann"
    file = BytesIO()
    book.save(file)
    again = results(tmp_path, _without_properties(results(tmp_path, file.getvalue())), "again.xlsx")
    assert _load(again)["Orders"]["A5"].value == "seen by Ann"


def test_notes_are_added_beside_those_that_openpyxl_wrote(tmp_path: Path) -> None:
    """It declares the prefixes of a drawing where they are used, and not on its outermost element."""
    book = _load(rich_book(tmp_path, changes=_BROKEN))
    book["Orders"]["H6"].comment = Comment("call me", "Ann")
    file = BytesIO()
    book.save(file)
    content = with_parts(
        file.getvalue(), {part: _declared_below for part in parts(file.getvalue()) if part.endswith(".vml")}
    )
    told = checked(tmp_path, content)
    assert _notes(told).keys() >= {"E5", "H6"}
    drawing = next(xml for part, xml in parts(told).items() if part.endswith(".vml"))
    assert drawing.startswith(b'<xml xmlns:x="urn:of-nobody" xmlns:v="urn:schemas-microsoft-com:vml"')
    assert b"<x0:Row>4</x0:Row><x0:Column>4</x0:Column>" in drawing


def _declared_below(xml: bytes) -> bytes:
    """The same drawing with every prefix declared on the elements that use it, and `x` standing for something else."""
    spaces = dict(re.findall(rb'xmlns:(\w+)="([^"]*)"', xml))
    root = re.sub(rb"<xml[^>]*>", b'<xml xmlns:x="urn:of-nobody">', xml, count=1)
    declared = b" ".join(b'xmlns:%s="%s"' % pair for pair in spaces.items())
    return re.sub(rb"<(\w+:(?:shape|shapetype|shapelayout))\b", rb"<\1 " + declared, root)
