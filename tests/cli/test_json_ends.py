"""However a command ends, `--json` prints one object on stdout, and its exit code is the command's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from books.order_books import BASIC, TOO_MANY, order_row, order_rows, write_book
from processes import Desk, Ended, Starter

COMMANDS: dict[str, tuple[str, ...]] = {
    "check": ("check", "orders.xlsx"),
    "fix": ("fix", "orders.checked.xlsx"),
    "run": ("run", "orders.xlsx"),
    "resume": ("resume", "last"),
    "status": ("status", "last"),
    "resolve": ("resolve", "last"),
    "audit": ("audit", "last"),
    "report": ("report", "last"),
    "history": ("history",),
    "doctor": ("doctor",),
    "verify": ("verify",),
    "ledger backup": ("ledger", "backup", "copy.sqlite", "--practice"),
    "ledger restore": ("ledger", "restore", "copy.sqlite", "--practice", "--yes"),
}
OF_A_RUN = ("resume", "status", "resolve", "audit", "report")
OF_A_PROFILE = ("check", "run", "resume", "status", "resolve", "audit", "report", "history", "doctor")


def a_book(desk: Desk, *rows: dict[str, str]) -> Path:
    return write_book(desk.folder / "made.xlsx", list(rows))


def refused_rows(desk: Desk) -> list[object]:
    return ["run", a_book(desk, order_row(1, quantity="0"))]


def refused_by_the_marketplace(desk: Desk) -> list[object]:
    return ["run", a_book(desk, order_row(1, mpn=BASIC, quantity=TOO_MANY))]


def an_answer_that_is_lost(desk: Desk) -> list[object]:
    desk.settings.update(BULK_ORDERS_SETTLE_S="0")
    return ["run", a_book(desk, *order_rows(2)), "--faults", "reset-before-commit=every:2"]


def nobody_listens(desk: Desk) -> list[object]:
    desk.settings.update(BULK_ORDERS_PATIENCE_S="0")
    return ["run", a_book(desk, order_row(1)), "--practice-at", "http://127.0.0.1:9/marketplace/us"]


ENDS: dict[str, tuple[Callable[[Desk], list[object]], int]] = {
    "run: rows to fix": (refused_rows, 3),
    "run: refused by the marketplace": (refused_by_the_marketplace, 4),
    "run: an answer is lost": (an_answer_that_is_lost, 5),
    "run: nobody listens": (nobody_listens, 7),
    "run: too many": (lambda desk: ["run", a_book(desk, *order_rows(2)), "--max-orders", 1], 9),
    "run: dry": (lambda desk: ["run", a_book(desk, *order_rows(2)), "--dry-run"], 0),
    "run: no file": (lambda _desk: ["run", "none.xlsx"], 3),
    "check: rows to fix": (lambda desk: ["check", a_book(desk, order_row(1, quantity="0"))], 3),
    "check: no file": (lambda _desk: ["check", "none.xlsx"], 3),
    "fix: no file": (lambda _desk: ["fix", "none.xlsx"], 3),
    "verify: no results": (lambda _desk: ["verify", "none.xlsx"], 3),
    "ledger restore: no backup": (lambda _desk: ["ledger", "restore", "copy.sqlite"], 6),
}


def assert_is_one_object(ended: Ended, code: int) -> None:
    assert (ended.code, ended.json["schema"], ended.json["exit_code"]) == (code, 1, code), ended.words


@pytest.fixture(scope="module")
def ordered(starter: Starter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk where two orders were placed, a checked workbook lies and the ledger was copied."""
    with Desk(starter, tmp_path_factory.mktemp("ordered")) as desk:
        write_book(desk.folder / "orders.xlsx", order_rows(2))
        assert desk.run("run", "orders.xlsx").code == 0
        assert desk.run("check", "orders.xlsx", "-o", "orders.checked.xlsx").code == 0
        assert desk.run("ledger", "backup", "copy.sqlite", "--practice").code == 0
        (desk.folder / "copy.sqlite").rename(desk.folder / "kept.sqlite")
        yield desk


@pytest.mark.long
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_went_well(ordered: Desk, name: str) -> None:
    (ordered.folder / "copy.sqlite").unlink(missing_ok=True)
    if name == "ledger restore":
        (ordered.folder / "copy.sqlite").write_bytes((ordered.folder / "kept.sqlite").read_bytes())
    assert_is_one_object(ordered.run(*COMMANDS[name], "--json"), 0)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_mistyped(desk: Desk, name: str) -> None:
    ended = desk.run(*COMMANDS[name], "--json", "--no-such-option")
    assert_is_one_object(ended, 2)
    assert ended.json["error"]["message"] in ended.err
    assert ended.json["error"]["fix"] in ended.err


@pytest.mark.long
@pytest.mark.parametrize("name", OF_A_RUN)
def test_a_run_that_is_not_there(desk: Desk, name: str) -> None:
    assert_is_one_object(desk.run(*COMMANDS[name], "--json"), 2)


@pytest.mark.long
@pytest.mark.parametrize("name", OF_A_PROFILE)
def test_a_profile_that_is_not_there(desk: Desk, name: str) -> None:
    assert_is_one_object(desk.run(*COMMANDS[name], "--profile", "nowhere", "--json"), 6)


@pytest.mark.long
@pytest.mark.parametrize("name", ENDS)
def test_a_command_that_ends_otherwise(desk: Desk, name: str) -> None:
    command, code = ENDS[name]
    assert_is_one_object(desk.run(*command(desk), "--json"), code)


def test_a_run_whose_rows_are_to_be_fixed_names_them_and_the_checked_workbook(desk: Desk) -> None:
    ended = desk.run(*refused_rows(desk), "--json")
    assert_is_one_object(ended, 3)
    assert [found["cell"] for found in ended.json["problems"] if found["severity"] == "error"]
    assert Path(ended.json["files"]["checked"]).exists()


def test_a_dry_run_says_the_number_that_confirm_takes(desk: Desk) -> None:
    ended = desk.run("run", a_book(desk, *order_rows(2)), "--dry-run", "--json")
    assert (ended.code, ended.json["plan"]["orders"], ended.json["plan"]["rows"]) == (0, 2, [2, 3])
