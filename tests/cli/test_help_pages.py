"""The pages of help are listed, printed, and found when they are mistyped."""

import pytest
from processes import Desk

from bulk_orders.cli.commands.help_pages import pages, title_of


def test_every_page_is_listed_with_its_title(desk: Desk) -> None:
    ended = desk.run("help")
    assert ended.code == 0
    listed = [line.split(None, 1) for line in ended.out.splitlines()[2:]]
    assert [(topic, title.strip()) for topic, title in listed] == [
        (page.stem, title_of(page)) for page in pages()
    ]


def test_a_page_is_printed_as_it_stands(desk: Desk) -> None:
    page = pages()[0]
    ended = desk.run("help", page.stem.upper())
    assert (ended.code, ended.out) == (0, page.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("topic", "fix"),
    [
        ("runbok", "bulk-orders help runbook"),
        ("run", "bulk-orders run --help"),
        ("zebra", "`bulk-orders help` lists them all"),
        ("../../cli/app", "`bulk-orders help` lists them all"),
    ],
)
def test_a_topic_without_a_page_is_refused_with_what_is_meant(desk: Desk, topic: str, fix: str) -> None:
    ended = desk.run("help", topic)
    assert (ended.code, ended.out) == (2, "")
    assert fix in ended.err
