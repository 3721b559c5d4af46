"""Comments are not data; that they are not read is told, for people write "do not order" into them."""

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books.excel_book import excel_book
from books.input_books import book, read, saved
from books.order_books import order_rows, write_book
from books.own_books import checked, results, with_parts
from openpyxl.comments import Comment
from processes import Desk

from bulk_orders.core.model import Severity
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.reading.workbook_tables import WorkbookTables

pytestmark = pytest.mark.long

COMMENTS = "xl/comments/comment1.xml"


def commented(*places: str, author: str = "Ann") -> Any:
    made = book()
    for place in places:
        made["Orders"][place].comment = Comment("Do not order this", author)
    return made


def told(tables: WorkbookTables) -> list[str]:
    return [found.message for found in tables.problems if found.code == "I-COMMENTS"]


def test_comments_below_the_headers_are_counted_for_each_sheet() -> None:
    made = commented("A1", "B2", "D2")
    made["Customers"]["C2"].comment = Comment("Ask first", "Bob")
    found = read(made).problems
    assert [problem.message for problem in found] == [
        "Sheet Orders has 2 comments, the first on B2. Comments are not read.",
        "Sheet Customers has 1 comment, the first on C2. Comments are not read.",
    ]
    assert {problem.severity for problem in found} == {Severity.INFO}
    assert read(made).orders == read(book()).orders


def test_of_headers_only_nothing_is_told() -> None:
    assert told(read(commented("A1", "C1"))) == []


def test_notes_of_ours_are_not_counted() -> None:
    assert told(read(commented("B2", author="bulk-orders"))) == []


@pytest.mark.parametrize(
    "written",
    [
        lambda xml: xml.replace(b'"', b"'"),
        lambda xml: re.sub(rb"<(/?)(?=\w)", rb"<\1x:", xml).replace(b"xmlns=", b"xmlns:x="),
        lambda xml: xml.replace(b"<author>Ann</author>", b"<author/>"),
        lambda xml: re.sub(rb"<authors>.*</authors>", b"", xml),
    ],
    ids=["single quotes", "a prefix", "nobody", "no authors"],
)
def test_however_they_are_written_they_are_counted(written: Any) -> None:
    content = with_parts(saved(commented("B2")), {COMMENTS: written})
    assert told(read_workbook(content, "orders.xlsx")) == [
        "Sheet Orders has 1 comment, the first on B2. Comments are not read."
    ]


def test_a_conversation_is_one_comment_and_stays_one_when_ours_stand_beside_it(tmp_path: Path) -> None:
    source = excel_book(tmp_path)
    expected = ["Sheet Orders has 2 comments, the first on B5. Comments are not read."]
    for content in (source, results(tmp_path, source), checked(tmp_path, source)):
        assert told(read_workbook(content, "orders.xlsx")) == expected


def test_check_and_run_say_so_before_anything_is_sent(desk: Desk) -> None:
    practice = desk.practice()
    path = write_book(desk.folder / "orders.xlsx", order_rows(2))
    made = openpyxl.load_workbook(path)
    made["Orders"]["A2"].comment = Comment("Do not order this", "Ann")
    made.save(path)
    said = (
        "Sheet Orders has 1 comment, the first on A2. Comments are not read.\n    What they ask for must be"
    )
    ran = desk.run("run", path, "--practice-at", practice.base_url)
    assert said in desk.run("check", path).out
    assert ran.err.index(said) < ran.err.index("PRACTICE   nothing is billed")
