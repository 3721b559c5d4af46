"""The SQLite ledger against crashes, full and failing disks, and the eyes of others."""

import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_processes import output, process
from ledger_records import NOW, RUN, begin, enlist, order, steps

from bulk_orders.core.lifecycle import State, Step, step
from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.chain import first_break
from bulk_orders.ledger.sql import SqlLedger

BIG = "x" * 200_000


def states(ledger: SqlLedger) -> list[State]:
    return [one.state for one in ledger.orders_of_run(RUN.run_id).values()]


def advance_and_say_so(path: Path) -> None:
    ledger = SqlLedger.open(path)
    enlist(ledger, 2_000)

    def send(number: int) -> None:
        begin(ledger, number)
        os.write(1, f"{number}\n".encode())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(2_000)))


@pytest.mark.long
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
            == sorted(one.key for one in steps(ledger.events()))
        )
        assert first_break(ledger.events()) is None


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
        assert (
            len(ledger.unsettled("a")),
            len(ledger.attempts(RUN.run_id)),
            len(steps(ledger.events())),
        ) == (
            1,
            1,
            1,
        )
        filler.unlink()
        begin(ledger, 1, message=BIG)
        assert first_break(ledger.events()) is None


def test_a_ledger_that_may_grow_no_more_gives_every_waiting_thread_the_error_and_keeps_nothing(
    ledger: SqlLedger,
) -> None:
    pages = ledger._store.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    ledger._store.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def fail(number: int) -> LedgerUnusable:
        with pytest.raises(LedgerUnusable, match="disk is full") as failure:
            begin(ledger, number, message=BIG)
        return failure.value

    with ThreadPoolExecutor(20) as pool:
        errors = list(pool.map(fail, range(20)))
    assert len({id(error) for error in errors}) == 20
    assert set(states(ledger)) == {State.PENDING}
    assert (ledger.attempts(RUN.run_id), steps(ledger.events())) == ((), [])


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
        assert states(ledger).count(State.IN_FLIGHT) == len(written) == len(steps(ledger.events()))
        assert first_break(ledger.events()) is None


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
