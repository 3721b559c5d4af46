"""The SQLite ledger against the world: crashes, full and failing disks, wrong files, other processes, permissions."""

import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from ledger_records import NOW, RUN, begin, enlist, order, until

from bulk_orders.core.lifecycle import State, Step, step
from bulk_orders.errors import AnotherRunActive, LedgerUnusable
from bulk_orders.ledger.chain import verify
from bulk_orders.ledger.interface import Superseded
from bulk_orders.ledger.place import why_unsafe
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.tables import SCHEMA_VERSION
from bulk_orders.ledger.writer import Work

BIG = "x" * 200_000


def states(ledger: SqlLedger) -> list[State]:
    return [one.state for one in ledger.orders_of_run(RUN.run_id).values()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[SqlLedger]:
    with closing(SqlLedger.open(path)) as opened:
        enlist(opened, 20)
        yield opened


@contextmanager
def process(what: Callable[[Path], None], path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that runs one of this file's functions; it ends with the block at the latest."""
    program = f"import sys; sys.path.insert(0, sys.argv[1]); import {Path(__file__).stem} as this; this.{what.__name__}(this.Path(sys.argv[2]))"
    command = [sys.executable, "-c", program, str(Path(__file__).parent), str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def output(what: Callable[[Path], None], path: Path) -> list[str]:
    with process(what, path) as started:
        said, _ = started.communicate(timeout=60)
    assert started.returncode == 0
    return said.splitlines()


# Crashes


def advance_and_say_so(path: Path) -> None:
    ledger = SqlLedger.open(path)
    enlist(ledger, 2_000)

    def send(number: int) -> None:
        begin(ledger, number)
        os.write(1, f"{number}\n".encode())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(2_000)))


def test_what_was_said_to_be_written_is_there_after_the_process_was_killed(path: Path) -> None:
    with process(advance_and_say_so, path) as started:
        assert started.stdout is not None
        said = [int(started.stdout.readline()) for _ in range(200)]
        started.send_signal(signal.SIGKILL)
        # The last line may be cut off, for a kill does not wait for it.
        said += [int(line) for line in started.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    with closing(SqlLedger.open(path)) as ledger:
        orders = ledger.orders_by_key([order(number).key for number in said])
        assert {one.state for one in orders.values()} == {State.IN_FLIGHT}
        assert len(orders) == len(said) < 2_000
        begun = [one.key for one in ledger.unsettled("a")]
        assert (
            sorted(begun)
            == sorted(one.key for one in ledger.attempts(RUN.run_id))
            == sorted(one.key for one in ledger.events())
        )
        assert verify(ledger.events()) is None


# Disks


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    mount = shutil.which("mount")
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        mount is None
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=False, capture_output=True
        ).returncode
    ):
        pytest.skip("only who may mount a disk can fill one")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_refuses_the_step_whole_and_takes_it_when_there_is_room(small_disk: Path) -> None:
    with closing(SqlLedger.open(small_disk / "ledger.db")) as ledger:
        enlist(ledger, 20)
        begin(ledger, 0)
        filler = small_disk / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            file.write(bytes(2**21))
        with pytest.raises(LedgerUnusable, match="disk is full") as failure:
            begin(ledger, 1, message=BIG)
        assert "Make room" in failure.value.fix
        assert (len(ledger.unsettled("a")), len(ledger.attempts(RUN.run_id)), len(list(ledger.events()))) == (
            1,
            1,
            1,
        )
        filler.unlink()
        begin(ledger, 1, message=BIG)
        assert verify(ledger.events()) is None


def test_a_ledger_that_may_grow_no_more_gives_every_waiting_thread_the_error_and_keeps_nothing(
    ledger: SqlLedger,
) -> None:
    pages = ledger._writer._connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    ledger._writer._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def fail(number: int) -> LedgerUnusable:
        with pytest.raises(LedgerUnusable, match="disk is full") as failure:
            begin(ledger, number, message=BIG)
        return failure.value

    with ThreadPoolExecutor(20) as pool:
        errors = list(pool.map(fail, range(20)))
    assert len({id(error) for error in errors}) == 20
    assert set(states(ledger)) == {State.PENDING}
    assert (ledger.attempts(RUN.run_id), list(ledger.events())) == ((), [])


def write_until_the_disk_fails(path: Path) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        enlist(ledger, 20)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
        for number in range(20):
            try:
                begin(ledger, number, message=BIG)
                print("written", number)
            except LedgerUnusable as error:
                print("refused", number, error)
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def test_after_the_disk_failed_nothing_more_is_written_even_when_it_works_again(path: Path) -> None:
    said = output(write_until_the_disk_fails, path)
    written = [line for line in said if line.startswith("written")]
    refused = [line for line in said if line.startswith("refused")]
    assert 0 < len(written) < 20
    assert said == written + refused
    assert all("the disk failed" in line for line in refused)
    with closing(SqlLedger.open(path)) as ledger:
        assert states(ledger).count(State.IN_FLIGHT) == len(written) == len(list(ledger.events()))
        assert verify(ledger.events()) is None


# The file under the path


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
        SqlLedger(path)
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


# Permissions and privacy


def list_modes(path: Path) -> None:
    os.umask(0)
    with closing(SqlLedger.open(path)) as ledger, ledger.hold():
        enlist(ledger, 1)
        begin(ledger)
        for file in (path.parent.parent, path.parent, *path.parent.iterdir()):
            print(file.name, oct(stat.S_IMODE(file.stat().st_mode)))


def test_files_and_folders_are_their_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    assert sorted(output(list_modes, tmp_path / "new" / "state" / "ledger.db")) == [
        "ledger.db 0o600",
        "ledger.db-shm 0o600",
        "ledger.db-wal 0o600",
        "ledger.db.holder 0o600",
        "ledger.db.lock 0o600",
        "new 0o700",
        "state 0o700",
    ]


def test_a_source_is_kept_once_however_often_it_is_run(ledger: SqlLedger, path: Path) -> None:
    ledger.enlist(replace(RUN, run_id="second"), [], new=[], again=[], source=b"workbook")
    assert ledger.source("second") == ledger.source(RUN.run_id) == b"workbook"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT content FROM sources").fetchall() == [(b"workbook",)]


@pytest.mark.parametrize("change", ["UPDATE events SET note = 'x'", "DELETE FROM events"])
def test_the_file_itself_refuses_to_change_events(ledger: SqlLedger, path: Path, change: str) -> None:
    begin(ledger)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="never changed"),
    ):
        connection.execute(change)


def test_errors_of_the_database_do_not_quote_what_was_written(ledger: SqlLedger) -> None:
    after = replace(step(order(), Step.BEGUN, message="secret customer"), http_status=2**70)
    with pytest.raises(LedgerUnusable, match="cannot take this entry") as failure:
        ledger.advance(order(), after, Step.BEGUN, at=NOW)
    assert "secret" not in f"{failure.value} {failure.value.__cause__}"
    begin(ledger)


# Groups and other programs


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def writer_kept_busy(ledger: SqlLedger) -> Iterator[None]:
    """What is written during the block waits, and is one group after it."""
    is_busy, go_on = threading.Event(), threading.Event()

    def dawdle(_: object) -> None:
        is_busy.set()
        go_on.wait()

    busy = threading.Thread(target=ledger._writer.write, args=(Work(do=dawdle),))
    busy.start()
    is_busy.wait()
    yield
    go_on.set()
    busy.join()


def test_one_of_a_group_that_is_superseded_or_cannot_be_written_does_not_spoil_the_others(
    ledger: SqlLedger,
) -> None:
    begin(ledger, 5)
    late = step(order(6), Step.BEGUN, http_status=2**70)
    writes: list[Callable[[], object]] = [
        partial(begin, ledger, number) for number in range(20) if number != 6
    ]
    writes.append(lambda: ledger.advance(order(6), late, Step.BEGUN, at=NOW))
    with ThreadPoolExecutor(len(writes)) as pool:
        with writer_kept_busy(ledger):
            futures = [pool.submit(write) for write in writes]
            until(lambda: ledger._writer._queue.qsize() == len(writes))
        errors = [future.exception(timeout=30) for future in futures]
    assert [type(error) for error in errors if error] == [Superseded, LedgerUnusable]
    assert [one.state for one in ledger.orders_of_run(RUN.run_id).values() if one.key != order(6).key] == [
        State.IN_FLIGHT
    ] * 19
    assert ledger.order(order(6).key) == order(6)
    assert len(list(ledger.events())) == len(ledger.attempts(RUN.run_id)) == 19
    assert verify(ledger.events()) is None


def test_closing_writes_what_is_waiting_first(ledger: SqlLedger, path: Path) -> None:
    closer = threading.Thread(target=ledger.close)
    with ThreadPoolExecutor(10) as pool:
        with writer_kept_busy(ledger):
            futures = [pool.submit(begin, ledger, number) for number in range(10)]
            until(lambda: ledger._writer._queue.qsize() == 10)
            closer.start()
            until(lambda: ledger._writer._queue.qsize() == 11)
        assert [future.result(timeout=30).state for future in futures] == [State.IN_FLIGHT] * 10
    closer.join()
    with closing(SqlLedger.open(path)) as again:
        assert states(again).count(State.IN_FLIGHT) == 10


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_interrupted_writer_lets_nobody_wait(ledger: SqlLedger) -> None:
    def end(_: object) -> None:
        raise SystemExit

    with pytest.raises(LedgerUnusable, match="not written"):
        ledger._writer.write(Work(do=end))
    with pytest.raises(LedgerUnusable, match="not written"):
        begin(ledger)
    assert ledger.order(order().key) == order()


def test_reading_does_not_wait_while_another_program_writes(ledger: SqlLedger, path: Path) -> None:
    with locked(path):
        assert ledger.order(order(3).key) == order(3)


def test_a_ledger_that_another_program_keeps_locked_is_refused_and_can_be_written_later(
    ledger: SqlLedger, path: Path
) -> None:
    ledger._writer._connection.exec_driver_sql("PRAGMA busy_timeout = 20")
    with locked(path), pytest.raises(LedgerUnusable, match="kept it locked"):
        begin(ledger)
    assert begin(ledger) == ledger.order(order().key)


def begin_all(path: Path) -> None:
    wins = 0
    with closing(SqlLedger.open(path)) as ledger:
        print("ready", flush=True)
        sys.stdin.readline()
        for number in range(100):
            with suppress(Superseded):
                begin(ledger, number)
                wins += 1
    print(wins)


def test_of_two_processes_that_begin_the_same_orders_one_wins_each(path: Path) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        enlist(ledger, 100)
    with process(begin_all, path) as one, process(begin_all, path) as two:
        assert one.stdout is not None
        assert two.stdout is not None
        assert [one.stdout.readline(), two.stdout.readline()] == ["ready\n", "ready\n"]
        wins = [
            int(said)
            for said, _ in ThreadPoolExecutor(2).map(
                lambda other: other.communicate("go\n", timeout=30), (one, two)
            )
        ]
    with closing(SqlLedger.open(path)) as ledger:
        assert sum(wins) == len(list(ledger.events())) == len(ledger.unsettled("a")) == 100
        assert verify(ledger.events()) is None


def make_once(path: Path) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        ledger.remember("a", str(os.getpid()), "x")


def test_processes_that_make_the_same_ledger_at_once_share_it(path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: output(make_once, path), range(3)))
    with closing(SqlLedger.open(path)) as ledger:
        assert len(ledger.learnt("a")) == 3
    assert list(content(path.parent)) == ["ledger.db"]


# The lock


def hold_until_killed(path: Path) -> None:
    with SqlLedger.open(path).hold():
        print("held", flush=True)
        sys.stdin.readline()


def test_a_ledger_that_another_process_holds_is_refused_with_who_that_is_until_it_dies(
    ledger: SqlLedger, path: Path
) -> None:
    with process(hold_until_killed, path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(AnotherRunActive, match=rf"process {other.pid} on .+, since \d{{4}}-") as failure,
            ledger.hold(),
        ):
            pass
        assert failure.value.fix == "Wait until it has ended, or look at it with: bulk-orders history"
        other.kill()
        other.wait()
        with ledger.hold():
            begin(ledger)


def test_since_when_another_process_holds_a_ledger_is_told_until_it_dies(
    ledger: SqlLedger, path: Path
) -> None:
    earlier = datetime.now(UTC) - timedelta(seconds=1)
    with process(hold_until_killed, path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        since = ledger.held_since()
        assert since is not None
        assert earlier < since <= datetime.now(UTC)
        other.kill()
        other.wait()
        assert path.with_name("ledger.db.holder").exists()
        assert ledger.held_since() is None


def test_a_holder_who_cannot_write_a_note_is_not_taken_for_the_one_whose_note_is_left(
    ledger: SqlLedger, path: Path
) -> None:
    note = path.with_name("ledger.db.holder")
    note.write_text("of somebody who was killed")
    note.with_name(f"{note.name}.{os.getpid()}").mkdir()
    with ledger.hold():
        assert ledger.held_since() is None


def test_asking_who_holds_a_ledger_that_was_never_held_leaves_nothing_behind(
    ledger: SqlLedger, path: Path
) -> None:
    assert ledger.held_since() is None
    assert not path.with_name("ledger.db.lock").exists()


def test_the_lock_file_stays_and_the_note_of_the_holder_goes(ledger: SqlLedger, path: Path) -> None:
    with ledger.hold():
        assert path.with_name("ledger.db.holder").exists()
    assert not path.with_name("ledger.db.holder").exists()
    assert path.with_name("ledger.db.lock").exists()


def test_without_its_lock_file_a_run_begins_nothing_more_but_still_tells_what_came_back(
    ledger: SqlLedger, path: Path
) -> None:
    with ledger.hold():
        begun = begin(ledger, 0)
        path.with_name("ledger.db.lock").unlink()
        with pytest.raises(LedgerUnusable, match="lock file"):
            begin(ledger, 1)
        ledger.advance(begun, step(begun, Step.ACCEPTED, order_id="o-1"), Step.ACCEPTED, at=NOW)
    assert sorted(set(states(ledger))) == [State.ACCEPTED, State.PENDING]
