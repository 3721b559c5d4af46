"""The SQLite ledger and its file: taken away, damaged, of somebody else, on a disk that cannot be trusted."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from ledger_records import begin, enlist

from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.file_safety import why_unsafe
from bulk_orders.ledger.migrations import SCHEMA_VERSION
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.sqlite_store import SqliteStore


@pytest.mark.parametrize("harm", ["deleted", "moved", "replaced"])
def test_a_ledger_that_was_taken_away_while_open_is_not_written_any_more(
    ledger: SqlLedger, path: Path, harm: str
) -> None:
    begin(ledger, 0)
    path.rename(path.with_name("elsewhere.db"))
    if harm == "replaced":
        shutil.copy(path.with_name("elsewhere.db"), path)
    if harm == "deleted":
        path.with_name("elsewhere.db").unlink()
    with pytest.raises(LedgerUnusable, match="deleted, moved or replaced"):
        begin(ledger, 1)
    if harm != "deleted":
        path.with_name("elsewhere.db").replace(path)
    with pytest.raises(LedgerUnusable, match="deleted, moved or replaced"):
        begin(ledger, 2)


def newer(path: Path) -> None:
    with closing(SqlLedger.open(path)):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def damaged(path: Path) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        enlist(ledger, 500)
    content = bytearray(path.read_bytes())
    content[8_192:-8_192:7] = b"\xa5" * len(content[8_192:-8_192:7])
    path.write_bytes(content)


def cut(path: Path) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        enlist(ledger, 500)
    os.truncate(path, path.stat().st_size // 2)


def others(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE orders (key TEXT)")


def left_over_log(path: Path) -> None:
    path.with_name("ledger.db-wal").write_bytes(b"entries")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (newer, "newer version"),
        (damaged, "damaged"),
        (cut, "damaged"),
        (others, "another program's database"),
        (left_over_log, "is gone, but its last entries"),
        (Path.mkdir, "is not a file"),
        (os.mkfifo, "is not a file"),
        (Path.touch, "is empty"),
        (lambda path: path.write_text("Customer;Product\n" * 400), "is not a ledger, or it is damaged"),
        (
            lambda path: path.write_bytes(b"SQLite format 3\x00" + bytes(5_000)),
            "is not a ledger, or it is damaged",
        ),
        (lambda path: path.write_bytes(b"PK"), "is not a ledger, or it is damaged"),
    ],
    ids=[
        "newer",
        "damaged",
        "cut",
        "other's",
        "log only",
        "folder",
        "pipe",
        "empty",
        "text",
        "header only",
        "short",
    ],
)
def test_what_is_no_sound_ledger_is_refused_with_a_fix_and_left_alone(
    path: Path, make: Callable[[Path], object], sentence: str
) -> None:
    make(path)
    before = content(path.parent)
    with pytest.raises(LedgerUnusable, match=sentence) as failure:
        SqlLedger.open(path)
    assert failure.value.fix.endswith(".")
    assert content(path.parent) == before


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() if file.is_file() else b"" for file in folder.iterdir()}


def test_a_ledger_that_does_not_exist_is_only_made_by_open(path: Path) -> None:
    with pytest.raises(LedgerUnusable, match="not a file"):
        SqlLedger(SqliteStore(path))
    assert content(path.parent) == {}


def test_a_ledger_in_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LedgerUnusable, match="cannot be used"):
        SqlLedger.open(tmp_path / "file" / "ledger.db")


@pytest.mark.parametrize(
    ("mode", "of_folder"), [(0o400, 0o755), (0o200, 0o755), (0o600, 0o555), (0o600, 0o000)]
)
def test_a_ledger_that_this_user_may_not_read_or_write_is_refused(mode: int, of_folder: int) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        with closing(SqlLedger.open(folder / "ledger.db")):
            pass
        (folder / "ledger.db").chmod(mode)
        os.chown(folder / "ledger.db", *NOBODY)
        folder.chmod(of_folder)
        os.chown(folder, *NOBODY)
        assert said_by_nobody(folder / "ledger.db") == "refused: fix"
    finally:
        folder.chmod(0o700)
        shutil.rmtree(folder)


NOBODY = (65_534, 65_534) if os.geteuid() == 0 else (os.geteuid(), os.getegid())


def said_by_nobody(path: Path) -> str:
    """What opening says to a user without special rights; a copy of this process, as that user may not read our files."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        with suppress(BaseException):
            os.setgroups([]) if os.geteuid() == 0 else None
            os.setgid(NOBODY[1])
            os.setuid(NOBODY[0])
            try:
                SqlLedger.open(path).close()
                os.write(writing, b"opened")
            except LedgerUnusable as error:
                os.write(writing, b"refused: fix" if error.fix else b"refused")
            except BaseException as error:  # noqa: BLE001 - told to the test
                os.write(writing, repr(error).encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return answer.read()


@pytest.mark.parametrize(
    ("path", "mounts", "reason"),
    [
        ("/home/me/ledger.db", "/dev/sda1 / ext4 rw 0 0", ""),
        ("/home/me/ledger.db", "", ""),
        (
            "/mnt/share/a/ledger.db",
            "/dev/sda1 / ext4 rw 0 0\nsrv:/x /mnt/share nfs4 rw 0 0",
            "network drive (nfs4)",
        ),
        ("/mnt/share/a/ledger.db", "srv:/x /mnt/share nfs4 rw 0 0\n/dev/sdb /mnt/share/a xfs rw 0 0", ""),
        ("/mnt/shared/ledger.db", "srv:/x /mnt/share nfs4 rw 0 0", ""),
        ("/mnt/my share/ledger.db", "//srv/x /mnt/my\\040share cifs rw 0 0", "network drive (cifs)"),
        ("/mnt/c/ledger.db", "C: /mnt/c 9p rw 0 0", "network drive (9p)"),
        ("//server/share/ledger.db", "", "network drive"),
        ("/home/me/OneDrive - Contoso/ledger.db", "", "OneDrive - Contoso"),
        ("/home/me/Dropbox/ledger.db", "", "Dropbox"),
        ("/Users/me/Library/Mobile Documents/ledger.db", "", "Mobile Documents"),
        ("/home/me/orders/dropbox.db", "", ""),
    ],
)
def test_a_ledger_may_only_lie_on_a_disk_of_this_computer(path: str, mounts: str, reason: str) -> None:
    found = why_unsafe(Path(path), mounts)
    assert reason in found
    assert bool(reason) is bool(found)


def test_a_ledger_in_a_folder_kept_in_step_with_other_computers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnusable, match="OneDrive"):
        SqlLedger.open(tmp_path / "OneDrive" / "ledger.db")
    assert content(tmp_path) == {}
