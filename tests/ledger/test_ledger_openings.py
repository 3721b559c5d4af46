"""Corners of making, opening and holding a ledger: what is refused leaves nothing behind, and what was there stays as it was."""

import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest
from ledger_records import RUN, enlist
from sqlalchemy import create_engine

from bulk_orders.errors import AnotherRunActive, LedgerUnusable
from bulk_orders.ledger import connections
from bulk_orders.ledger.connections import CHECKED_UP_TO_BYTES, create
from bulk_orders.ledger.file_safety import check_existing, mounted, publish, why_unsafe
from bulk_orders.ledger.migrations import SCHEMA_VERSION
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.tables import APPLICATION_ID

ROWS = 131_072
"""From here on there are rows in a ledger of 500 orders; before it, SQLite's own table of tables."""


@pytest.fixture
def made(path: Path) -> Path:
    """A ledger with orders that nobody has open."""
    with closing(SqlLedger.open(path)) as ledger:
        enlist(ledger, 500)
    return path


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


# Making it


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file of this process grows beyond `size` bytes during the block."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_ledger_that_cannot_be_written_whole_is_not_made_at_all(path: Path) -> None:
    with pytest.raises(LedgerUnusable, match="disk failed") as refused, files_of_at_most(8_192):
        SqlLedger.open(path)
    assert refused.value.fix
    assert names(path.parent) == []


def test_a_ledger_that_another_process_made_first_is_left_as_it_is(made: Path) -> None:
    create(made)
    with closing(SqlLedger.open(made)) as ledger:
        assert len(ledger.orders_of_run(RUN.run_id)) == 500
    assert names(made.parent) == ["ledger.db"]


def without_links(finished: Path, path: Path) -> None:
    raise PermissionError(finished, path)


@pytest.mark.parametrize("syncs_folders", [True, False])
def test_a_file_system_without_links_gives_the_ledger_its_name_all_the_same(
    tmp_path: Path, syncs_folders: bool
) -> None:
    finished = tmp_path / "new"
    finished.write_text("ledger")
    publish(finished, tmp_path / "ledger.db", link=without_links, syncs_folders=syncs_folders)
    assert names(tmp_path) == ["ledger.db"]
    assert (tmp_path / "ledger.db").read_text() == "ledger"


@pytest.mark.parametrize("link", [os.link, without_links])
def test_no_ledger_takes_the_name_of_what_is_there(
    tmp_path: Path, link: Callable[[Path, Path], object]
) -> None:
    finished, path = tmp_path / "new", tmp_path / "ledger.db"
    finished.write_text("ours")
    path.write_text("theirs")
    with pytest.raises(FileExistsError):
        publish(finished, path, link=link)
    assert (finished.read_text(), path.read_text()) == ("ours", "theirs")


# Where it lies


def test_a_system_without_a_table_of_mounts_names_none(tmp_path: Path) -> None:
    assert mounted(tmp_path / "mounts") == ""


@pytest.mark.parametrize(("kind", "is_remote"), [(2, False), (3, False), (4, True), (5, False)])
def test_windows_is_asked_whether_a_drive_is_another_computers(kind: int, is_remote: bool) -> None:
    kinds = {"Z:\\": kind}
    windows = SimpleNamespace(kernel32=SimpleNamespace(GetDriveTypeW=kinds.__getitem__))
    found = why_unsafe(PureWindowsPath(r"Z:\orders\ledger.db"), "", windows=windows)
    assert found == ("on a network drive" if is_remote else "")


@pytest.mark.parametrize(
    ("asked", "right"), [("ledger.db", os.R_OK | os.W_OK), ("", os.W_OK | os.X_OK)], ids=["file", "folder"]
)
def test_a_ledger_needs_rights_to_it_and_to_its_folder(made: Path, asked: str, right: int) -> None:
    def may(path: Path, rights: int) -> bool:
        return (path, rights) != (made.parent / asked, right)

    with pytest.raises(LedgerUnusable, match="not allowed to read and write"):
        check_existing(made, may=may)


# What is in it


def test_a_ledger_of_a_format_before_the_first_is_refused(made: Path) -> None:
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("PRAGMA user_version = 0")
    with pytest.raises(LedgerUnusable, match=r"unknown format \(0\)") as refused:
        SqlLedger.open(made)
    assert refused.value.fix == "Put its backup in its place."


def test_a_ledger_that_can_have_no_log_of_its_writes_is_refused(path: Path) -> None:
    """A database in memory is one; so is a file where memory cannot be shared."""
    with create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
        with pytest.raises(LedgerUnusable, match="cannot keep it safe"):
            connections._check_header(connection, path)


def test_a_ledger_too_large_to_be_checked_at_every_opening_is_checked_after_a_crash(made: Path) -> None:
    content = bytearray(made.read_bytes())
    content[ROWS:-8_192:7] = b"\xa5" * len(content[ROWS:-8_192:7])
    made.write_bytes(content)
    os.truncate(made, CHECKED_UP_TO_BYTES + 1)
    SqlLedger.open(made).close()
    made.with_name("ledger.db-wal").touch()
    with pytest.raises(LedgerUnusable, match="damaged"):
        SqlLedger.open(made)


@pytest.mark.parametrize("size", [CHECKED_UP_TO_BYTES, CHECKED_UP_TO_BYTES + 1])
def test_a_ledger_is_checked_at_every_opening_up_to_a_size(made: Path, size: int) -> None:
    content = bytearray(made.read_bytes())
    content[ROWS:-8_192:7] = b"\xa5" * len(content[ROWS:-8_192:7])
    made.write_bytes(content)
    os.truncate(made, size)
    is_refused = False
    try:
        SqlLedger.open(made).close()
    except LedgerUnusable:
        is_refused = True
    assert is_refused is (size == CHECKED_UP_TO_BYTES)


# Holding it


def test_a_ledger_whose_lock_file_cannot_be_one_is_not_held(made: Path) -> None:
    made.with_name("ledger.db.lock").mkdir()
    with (
        closing(SqlLedger.open(made)) as ledger,
        pytest.raises(LedgerUnusable, match="cannot be used") as refused,
        ledger.hold(),
    ):
        pass
    assert refused.value.fix


@pytest.mark.long
@pytest.mark.parametrize("note", ["", "{", "[]", "{}", '{"pid": 1}'])
def test_a_holder_whose_note_does_not_say_who_it_is_holds_the_ledger_all_the_same(
    made: Path, note: str
) -> None:
    with closing(SqlLedger.open(made)) as ledger, closing(SqlLedger.open(made)) as other, other.hold():
        made.with_name("ledger.db.holder").write_text(note)
        with pytest.raises(AnotherRunActive, match=r"is using the ledger .+ledger\.db\. Wait"), ledger.hold():
            pass
