"""A ledger is copied while it is used, and put back: whole, once, with what was there kept."""

import os
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from kept_ledgers import content, opened, unpack
from ledger_records import RUN, begin, order

from bulk_orders.errors import AnotherRunActive, LedgerUnusable, UsageError
from bulk_orders.ledger.copies import back_up, look_into, restore
from bulk_orders.ledger.holding import held
from bulk_orders.ledger.interface import AccountRecord
from bulk_orders.ledger.migrations import FIRST_SCHEMA
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.verification import verify


def begun(path: Path) -> int:
    with closing(SqlLedger.open(path)) as ledger:
        assert verify(ledger).findings == ()
        return len(ledger.unsettled("a"))


@pytest.fixture
def backup(path: Path, ledger: SqlLedger) -> Path:
    """A backup of a ledger of twenty orders of which two are begun, and which five more are begun in afterwards."""
    for number in range(2):
        begin(ledger, number)
    ledger.record_reading(AccountRecord(account="a", ledger_file=ledger.file()), [])
    target = path.with_name("backup.sqlite")
    back_up(path, target)
    for number in range(2, 7):
        begin(ledger, number)
    ledger.close()
    return target


# A backup


def test_a_backup_made_while_orders_are_written_is_whole(path: Path, ledger: SqlLedger) -> None:
    stop = threading.Event()

    def write() -> int:
        count = 0
        while count < 19 and not (stop.is_set() and count):
            begin(ledger, count)
            count += 1
        return count

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        found = [back_up(path, path.with_name(f"backup-{number}.sqlite")) for number in range(5)]
        stop.set()
        writing.result()
    assert {contents.last_run for contents in found} == {RUN.run_id}
    for number, contents in enumerate(found):
        copy = path.with_name(f"backup-{number}.sqlite")
        with closing(SqlLedger.open(copy)) as kept:
            assert (verify(kept).findings, verify(kept).events) == ((), contents.events)


def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_beside_it(backup: Path) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    assert not list(backup.parent.glob("backup.sqlite?*"))


def test_a_backup_is_never_written_over(path: Path, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(UsageError, match="already exists"):
        back_up(path, backup)
    assert backup.read_bytes() == before


def test_a_backup_is_not_put_into_a_folder_that_is_not_there_nor_over_one(path: Path) -> None:
    missing = path.parent / "missing"
    with pytest.raises(UsageError, match="There is no folder"):
        back_up(path, missing / "backup.sqlite")
    assert not missing.exists()
    with pytest.raises(UsageError, match="is a folder"):
        back_up(path, path.parent)


def test_what_is_no_ledger_is_not_backed_up(path: Path) -> None:
    path.write_bytes(b"orders,and,numbers\n" * 100)
    target = path.with_name("backup.sqlite")
    with pytest.raises(LedgerUnusable):
        back_up(path, target)
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name]


# Put back


def test_what_is_put_back_is_the_backup_and_what_was_there_is_kept(path: Path, backup: Path) -> None:
    aside = restore(path, backup)
    assert aside == path.with_name("ledger.db.before-restore")
    assert (begun(path), begun(aside)) == (2, 7)


def test_a_second_restore_keeps_the_copy_of_the_first(path: Path, backup: Path) -> None:
    names = {restore(path, backup), restore(path, backup)}
    assert names == {path.with_name(f"ledger.db.before-restore{end}") for end in ("", "-2")}


def test_a_ledger_that_was_put_back_does_not_take_itself_for_the_file_it_was(
    path: Path, backup: Path
) -> None:
    restore(path, backup)
    with closing(SqlLedger.open(path)) as ledger:
        assert ledger.account("a").ledger_file == ""


def test_a_backup_is_put_where_no_ledger_is(tmp_path: Path, backup: Path) -> None:
    path = tmp_path / "new" / "ledger.db"
    assert restore(path, backup) is None
    assert begun(path) == 2


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_what_is_in_the_old_ledgers_log_does_not_get_into_the_new_one(path: Path, backup: Path) -> None:
    _begin_and_die(path)
    assert path.with_name(f"{path.name}-wal").stat().st_size
    aside = restore(path, backup)
    assert aside is not None
    assert (begun(path), begun(aside)) == (2, 8)


def test_a_ledger_that_was_copied_with_its_log_beside_it_can_be_put_back(path: Path, backup: Path) -> None:
    other = backup.with_name("copied.sqlite")
    shutil.copyfile(path, other)
    with closing(SqlLedger.open(other)) as ledger:
        begin(ledger, 7)
        files = {end: other.with_name(f"{other.name}{end}").read_bytes() for end in ("", "-wal")}
    copied = backup.with_name("by-hand.sqlite")
    for end, content_then in files.items():
        copied.with_name(f"{copied.name}{end}").write_bytes(content_then)
    restore(path, copied)
    assert begun(path) == 8


def _begin_and_die(path: Path) -> None:
    """Begin one order more and be killed: it is in the ledger's log alone."""
    pid = os.fork()
    if pid == 0:
        ledger = SqlLedger.open(path)
        begin(ledger, 7)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)


def test_a_damaged_ledger_is_kept_and_replaced(path: Path, backup: Path) -> None:
    path.write_bytes(b"damaged" * 5_000)
    aside = restore(path, backup)
    assert aside is not None
    assert (begun(path), aside.read_bytes()) == (2, b"damaged" * 5_000)


def test_nothing_is_put_back_while_a_run_uses_the_ledger(path: Path, backup: Path) -> None:
    before = content(path)
    with held(path), pytest.raises(AnotherRunActive):
        restore(path, backup)
    assert content(path) == before


@pytest.mark.long
def test_nothing_is_put_back_while_somebody_reads_what_is_only_in_the_ledgers_log(
    path: Path, backup: Path
) -> None:
    with closing(SqlLedger.open(path)) as ledger, closing(sqlite3.connect(path)) as reader:
        begin(ledger, 7)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM orders").fetchone()
        begin(ledger, 8)
        with pytest.raises(LedgerUnusable, match="cannot be used"):
            restore(path, backup)
        reader.execute("ROLLBACK")
    assert begun(path) == 9


def _newer(backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("PRAGMA user_version = 99")


def _foreign(backup: Path) -> None:
    with closing(sqlite3.connect(backup)) as connection:
        connection.execute("PRAGMA application_id = 1")


def _damaged(backup: Path) -> None:
    whole = backup.read_bytes()
    backup.write_bytes(whole[:8_192] + bytes(len(whole) - 8_192))


@pytest.mark.parametrize(
    "spoil",
    [_newer, _foreign, _damaged, lambda file: file.write_bytes(b""), lambda file: file.unlink()],
    ids=["newer", "foreign", "damaged", "empty", "missing"],
)
def test_what_is_no_sound_backup_is_refused_and_changes_nothing(
    path: Path, backup: Path, spoil: Callable[[Path], object]
) -> None:
    spoil(backup)
    before = content(path)
    with pytest.raises(LedgerUnusable) as refused:
        restore(path, backup)
    assert refused.value.fix
    with pytest.raises(LedgerUnusable):
        look_into(backup, path)
    assert content(path) == before
    assert not list(path.parent.glob("ledger.db.*restore*"))
    assert not list(path.parent.glob("*unfinished*"))


def test_a_backup_of_an_older_version_is_put_back_and_brought_up_to_date(path: Path, backup: Path) -> None:
    older = unpack(FIRST_SCHEMA, backup.parent / "older")
    assert look_into(older, path).runs == 7
    restore(path, older)
    opened(path)
    with closing(SqlLedger.open(path)) as ledger:
        assert (verify(ledger).findings, len(ledger.runs())) == ((), 7)


STRIKES = {"replace", "unlink", "link", "fsync", "open", "connect", "close", "execute"}
"""Calls of C before which a process is killed."""


def killed_at(path: Path, backup: Path, number: int) -> bool:
    """Whether a process that puts the backup back was killed at its call of that number."""
    pid = os.fork()
    if pid == 0:
        left = [number]

        def strike(_frame: object, kind: str, called: object) -> None:
            if kind == "c_call" and getattr(called, "__name__", "") in STRIKES:
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(strike)
        restore(path, backup)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.long)])
def test_a_kill_at_any_moment_leaves_the_old_or_the_restored_ledger_whole(
    tmp_path: Path, path: Path, backup: Path, every: int
) -> None:
    found = []
    for number in range(1, 200, every):
        folder = tmp_path / str(number)
        folder.mkdir()
        place = folder / "ledger.db"
        shutil.copyfile(path, place)
        if not killed_at(place, backup, number):
            break
        found.append(begun(place))
        restore(place, backup)
        assert begun(place) == 2
    assert set(found) == {2, 7}
    assert found == sorted(found, reverse=True)


def test_orders_begun_after_a_restore_are_written_into_the_restored_ledger(path: Path, backup: Path) -> None:
    restore(path, backup)
    with closing(SqlLedger.open(path)) as ledger:
        begin(ledger, 2)
        assert ledger.order(order(3).key) == order(3)
    assert begun(path) == 3
