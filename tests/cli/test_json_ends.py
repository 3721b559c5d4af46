"""However a command ends, `--json` prints one object on stdout, and its exit code is the command's."""

import re
from pathlib import Path

import pytest
from books.order_books import order_rows
from cli_ends import COMMANDS, ENDS, a_book, answered, assert_is_one_object
from command_tree import commands
from processes import Desk

from bulk_orders.cli.commands.help_pages import pages

PAGE = next(page for page in pages() if page.stem == "exit-codes").read_text(encoding="utf-8")
QUICK = {("check", 2), ("run", 9), ("template", 7)}
"""The rest of the table is long."""


@pytest.mark.parametrize(
    ("command", "code"),
    [pytest.param(*end, marks=() if end in QUICK else pytest.mark.long) for end in ENDS],
)
def test_an_end_is_one_object(desk: Desk, command: str, code: int) -> None:
    ended = ENDS[command, code](desk)
    assert_is_one_object(ended, command, code)
    assert "Traceback" not in ended.words


def test_the_page_names_exactly_these_ends() -> None:
    rows = re.findall(r"^\| `([a-z -]+)` \| ([\d, ]+) \|$", PAGE, re.MULTILINE)
    named = {(command, int(code)) for command, codes in rows for code in codes.split(",")}
    assert named == set(ENDS)


def test_every_command_takes_json() -> None:
    found = commands()
    assert set(found) == {name.partition(" --")[0] for name in COMMANDS}
    without = [
        name for name, each in found.items() if not any("--json" in option.opts for option in each.params)
    ]
    assert without == []


@pytest.mark.long
@pytest.mark.parametrize("name", ["resume", "status", "resolve", "audit", "report"])
def test_a_run_that_is_not_there(desk: Desk, name: str) -> None:
    assert_is_one_object(answered(desk, *COMMANDS[name]), name, 2)


@pytest.mark.long
@pytest.mark.parametrize("name", ["check", "fix", "run"])
def test_a_file_that_is_not_there(desk: Desk, name: str) -> None:
    assert_is_one_object(answered(desk, name, "none.xlsx"), name, 3)


def test_a_run_whose_rows_are_to_be_fixed_names_them_and_the_checked_workbook(desk: Desk) -> None:
    ended = ENDS["run", 3](desk)
    assert_is_one_object(ended, "run", 3)
    assert [found["cell"] for found in ended.json["problems"] if found["severity"] == "error"]
    assert Path(ended.json["files"]["checked"]).exists()


def test_a_dry_run_says_the_number_that_confirm_takes(desk: Desk) -> None:
    ended = desk.run("run", a_book(desk, *order_rows(2)), "--dry-run", "--json")
    assert (ended.code, ended.json["proposal"]["orders"], ended.json["proposal"]["rows"]) == (0, 2, [2, 3])
