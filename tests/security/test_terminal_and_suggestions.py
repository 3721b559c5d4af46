"""Names and texts from files: no terminal is steered by them, and every command that is suggested can be pasted."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from books.order_books import order_rows, write_book
from processes import Desk

STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
STEERING = "\x1b[2J\x1b]0;owned\x07\u202e\x9b31m\u200b\x7f"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows allows no such names")


ARGUMENTS = (
    ("check", f"a{STEERING}.xlsx"),
    ("check", f"--{STEERING}"),
    ("run", f"a{STEERING}.xlsx", "--practice", "--rate", STEERING),
    ("template", "-o", f"a{STEERING}\n✔ all is well"),
    ("explain", STEERING),
    ("history", "--profile", STEERING),
)
MORE_ARGUMENTS = (
    ("check", f"a{STEERING}.csv"),
    ("check", f"a{STEERING}.xlsx", f"b{STEERING}.xlsx"),
    (f"a{STEERING}.xlsx",),
    (f"a{STEERING}",),
    ("template", "-o", f"a{STEERING}.ods"),
    ("report", STEERING),
    ("--config", f"a{STEERING}.toml", "doctor", "--profile", "live"),
    ("sandbox", "--faults", STEERING),
)


@pytest.mark.parametrize(
    "arguments", [*ARGUMENTS, *(pytest.param(more, marks=pytest.mark.long) for more in MORE_ARGUMENTS)]
)
def test_no_argument_steers_the_terminal(desk: Desk, arguments: tuple[str, ...]) -> None:
    ended = desk.run(*arguments)

    assert STEERS.findall(ended.words) == []
    assert not any(line.startswith("✔ all is well") for line in ended.words.splitlines())
    assert "Traceback" not in ended.words


@pytest.mark.long
def test_no_name_and_no_cell_of_a_workbook_steers_the_terminal(desk: Desk) -> None:
    unseen = "\u202e\u200b\u2066\x7f\x9b31m"  # what an .xlsx can hold
    rows = order_rows(2, quantity=f"5{unseen}", reference=f"=R{unseen}\n✔ 9 ready")
    path = desk.folder / f"orders{STEERING}.xlsx"
    write_book(desk.folder / "orders.xlsx", rows)
    book = openpyxl.load_workbook(desk.folder / "orders.xlsx")
    book.active.title = f"Or{unseen}ders"
    book.active.cell(1, book.active.max_column + 1, f"My{unseen} column\nx")
    book.save(path)

    for flags in ([], ["--all"]):
        ended = desk.run("check", path, *flags)
        assert STEERS.findall(ended.words) == []
        assert not any(line.startswith("✔ 9 ready") for line in ended.words.splitlines())
    ended = desk.run("run", path, "--practice", "--yes")
    assert STEERS.findall(ended.words) == []


@pytest.mark.long
@pytest.mark.parametrize(
    "name",
    [
        "-o it's my orders;touch planted $(touch planted) `touch planted`.xlsx",
        pytest.param("my orders $(touch planted) `touch planted`.xlsx", marks=pytest.mark.long),
        pytest.param("it's;touch planted.xlsx", marks=pytest.mark.long),
        pytest.param("-o.xlsx", marks=pytest.mark.long),
    ],
)
def test_a_suggested_command_can_be_pasted(desk: Desk, name: str) -> None:
    write_book(desk.folder / name, order_rows(1))
    checked = desk.run("check", "--", name)
    suggested = next(line for line in checked.err.splitlines() if "bulk-orders run" in line).partition(
        "Next:  "
    )[2]

    pasted = subprocess.run(
        [
            "sh",
            "-c",
            f'bulk-orders() {{ "{sys.executable}" -m bulk_orders "$@"; }}; {suggested} --practice --json'.replace(
                "bulk-orders", "bulk_orders_"
            ),
        ],
        cwd=desk.folder,
        env=desk.environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert pasted.returncode == 0, pasted.stderr
    assert not (desk.folder / "planted").exists()
    assert Path(shlex.split(suggested)[2]).name == name


@pytest.mark.long
def test_a_command_of_a_results_workbook_is_quoted(desk: Desk) -> None:
    name = "orders $(touch planted).xlsx"
    write_book(desk.folder / name, order_rows(1, quantity="400", mpn="CFQ7TTC0LH18:0001"))
    ended = desk.run("run", name, "--practice", "--yes", "--json")

    again = next(step for step in ended.json["next"] if "bulk-orders run" in step)
    assert Path(shlex.split(again)[2]).name.startswith("orders $(touch planted).results-")
