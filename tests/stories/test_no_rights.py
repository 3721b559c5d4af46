"""Somebody without the right to a folder is told which, and what to do; that is no bug of the program."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from processes import ColdProcess, Desk, Ended

HOME, TARGET = "the settings and the data", "the workbook to write"


def without_rights() -> list[str]:
    """How to start a program that may use only what is open to its user, root or not."""
    if os.name != "posix":
        pytest.skip("rights are other ones here")
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("root may use every folder, and nothing here takes that away")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


def run(desk: Desk, home: Path, *command: str) -> Ended:
    """Run the program as somebody who may use only what is open to them."""
    return ColdProcess(
        [*without_rights(), sys.executable, "-m", "bulk_orders", *command],
        folder=desk.folder,
        environment={**desk.environment, "BULK_ORDERS_HOME": str(home)},
    ).wait()


@pytest.mark.parametrize(
    ("closed", "command"),
    [
        (HOME, ("history",)),
        (TARGET, ("template", "-o", "closed/t.xlsx")),
        pytest.param(HOME, ("doctor",), marks=pytest.mark.long),
        pytest.param(HOME, ("check", "none.xlsx"), marks=pytest.mark.long),
        pytest.param(HOME, ("ledger", "backup", "b.sqlite"), marks=pytest.mark.long),
        pytest.param(TARGET, ("check", "closed/t.xlsx"), marks=pytest.mark.long),
    ],
)
def test_a_folder_that_is_closed_is_named(desk: Desk, closed: str, command: tuple[str, ...]) -> None:
    folder: Path = desk.folder / "closed"
    folder.mkdir()
    folder.chmod(0)
    try:
        ended = run(desk, folder if closed == HOME else desk.home, *command)
    finally:
        folder.chmod(0o700)

    assert (ended.code, "Something inside the program" in ended.err) == (6, False), ended.err
    assert f"no right to the folder {folder}." in ended.err
    assert "BULK_ORDERS_HOME" in ended.err


@pytest.mark.long
@pytest.mark.parametrize("command", ["check", "map", "apply"])
def test_a_file_that_may_not_be_read_is_told_in_our_words(desk: Desk, command: str) -> None:
    file = desk.folder / "closed.xlsx"
    file.write_bytes(b"PK")
    file.chmod(0)

    ended = run(desk, desk.home, command, file.name)

    assert ended.code in {3, 6}, ended.err
    assert "closed.xlsx" in ended.err
    assert "Invalid value" not in ended.err
