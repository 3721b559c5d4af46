"""The SQLite ledger among threads and other programs, and the lock that one of them holds."""

import os
import resource
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from ledger_processes import output, process
from ledger_records import NOW, RUN, begin, enlist, order, steps, until

from bulk_orders.core.lifecycle import State, Step, step
from bulk_orders.errors import AnotherRunActive, LedgerUnusable
from bulk_orders.ledger.chain import first_break
from bulk_orders.ledger.interface import Superseded
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.writer import Work


def states(ledger: SqlLedger) -> list[State]:
    return [one.state for one in ledger.orders_of_run(RUN.run_id).values()]


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
    assert len(steps(ledger.events())) == len(ledger.attempts(RUN.run_id)) == 19
    assert first_break(ledger.events()) is None


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
    with pytest.raises(LedgerUnusable, match="no longer be written"):
        begin(ledger)
    assert ledger.order(order().key) == order()


def test_reading_does_not_wait_while_another_program_writes(ledger: SqlLedger, path: Path) -> None:
    with locked(path):
        assert ledger.order(order(3).key) == order(3)


def test_a_ledger_that_another_program_keeps_locked_is_refused_and_can_be_written_later(
    ledger: SqlLedger, path: Path
) -> None:
    ledger._store.connection.exec_driver_sql("PRAGMA busy_timeout = 20")
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


@pytest.mark.long
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
        assert sum(wins) == len(steps(ledger.events())) == len(ledger.unsettled("a")) == 100
        assert first_break(ledger.events()) is None


def make_once(path: Path) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        ledger.remember("a", **{str(os.getpid()): "x"})


@pytest.mark.long
def test_processes_that_make_the_same_ledger_at_once_share_it(path: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: output(make_once, path), range(3)))
    with closing(SqlLedger.open(path)) as ledger:
        assert len(ledger.learnt("a")) == 3
    assert [entry.name for entry in path.parent.iterdir()] == ["ledger.db"]


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
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))  # no file may have a byte in it, as on a full disk
    try:
        with ledger.hold():
            assert ledger.held_since() is None
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


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
