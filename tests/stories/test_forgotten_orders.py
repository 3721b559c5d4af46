"""A ledger that forgot what was ordered: new machine, deleted, put back, two in turn. Nothing is ordered again, and it is said."""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from books.order_books import order_rows, write_book
from processes import Desk, Practice

pytestmark = pytest.mark.long

ROWS = 12
SAID = "so they were not sent"
HELD = "Awaiting your confirmation"

Scene = Callable[[Desk, Practice, Path], None]
"""Orders all rows of the workbook, and leaves the desk with a ledger that does not know of them."""


def order(desk: Desk, practice: Practice, book: Path, *options: object) -> None:
    ended = desk.run("run", book, *options, "--practice-at", practice.base_url, "--json")
    assert ended.code == 0, ended.words


def another_machine(desk: Desk, practice: Practice, book: Path) -> None:
    order(desk, practice, book)
    desk.settings["BULK_ORDERS_HOME"] = str(desk.folder / "elsewhere")


def deleted(desk: Desk, practice: Practice, book: Path) -> None:
    order(desk, practice, book)
    shutil.rmtree(desk.home / "practice")


def put_back_with_all_beside(desk: Desk, practice: Practice, book: Path) -> None:
    order(desk, practice, book, "--first", "3")
    backup = shutil.copytree(desk.home, desk.folder / "backup")
    order(desk, practice, book)
    shutil.rmtree(desk.home)
    shutil.copytree(backup, desk.home)


def copied_before(desk: Desk, practice: Practice, book: Path) -> None:
    order(desk, practice, book, "--first", "3")
    shutil.copytree(desk.home, desk.folder / "elsewhere")
    order(desk, practice, book)
    desk.settings["BULK_ORDERS_HOME"] = str(desk.folder / "elsewhere")


def put_back_in_mid_run(desk: Desk, practice: Practice, book: Path) -> None:
    order(desk, practice, book, "--first", "3")
    backup = shutil.copytree(desk.home, desk.folder / "backup")
    running = desk.start("run", book, "--practice-at", practice.base_url)
    practice.has_taken(ROWS - 3)
    running.signal(signal.SIGKILL)
    running.wait()
    practice.is_quiet()
    shutil.rmtree(desk.home)
    shutil.copytree(backup, desk.home)


def two_in_turn(desk: Desk, practice: Practice, book: Path) -> None:
    order(desk, practice, book, "--first", "3")
    desk.settings["BULK_ORDERS_HOME"] = str(desk.folder / "elsewhere")
    assert desk.run("run", book, "--practice-at", practice.base_url).code in {0, 4}
    desk.settings["BULK_ORDERS_HOME"] = str(desk.home)


SCENES = (another_machine, deleted, put_back_with_all_beside, copied_before, put_back_in_mid_run, two_in_turn)


@pytest.mark.parametrize("po_number", ["", "finance's own"])
@pytest.mark.parametrize("forgets", SCENES, ids=lambda scene: scene.__name__)
def test_nothing_is_ordered_again_and_somebody_is_told(desk: Desk, forgets: Scene, po_number: str) -> None:
    practice = desk.practice("--faults", "slow=0.05")
    desk.settings.update(BULK_ORDERS_RATE_PER_S="0", BULK_ORDERS_WINDOW_S="1", BULK_ORDERS_SETTLE_S="1")
    changes = {} if po_number else {"ponumber": ""}
    book = write_book(desk.folder / "orders.xlsx", [row | changes for row in order_rows(ROWS)])
    forgets(desk, practice, book)
    made, sent = practice.count(), practice.posts()

    again = desk.run("run", book, "--practice-at", practice.base_url)

    rows = desk.run("report", "last", "--json").json["rows"]
    outcomes = {row["outcome"] for row in rows}
    assert outcomes <= {"accepted", "ordered", "ordered_before", "held"}
    missing = sum(row["outcome"] in {"accepted", "ordered"} and row["attempts"] > 0 for row in rows)
    assert (practice.count(), practice.posts()) == (ROWS if missing else made, sent + missing)
    assert SAID in again.words or HELD in again.words
    assert again.code == (0 if "held" not in outcomes else 4 if outcomes & {"accepted", "ordered"} else 9)
