"""Corners of the ledger's file: what ends a write, a reading or the writer itself leaves nobody waiting and nothing half told."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from ledger_records import NOW, RUN, begin, enlist, order, steps, until

from bulk_orders.core.lifecycle import OrderRecord, State, Step, held_because, step
from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger import tables
from bulk_orders.ledger.chain import first_break
from bulk_orders.ledger.dialects import SQLITE, statement_text
from bulk_orders.ledger.interface import Superseded
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.sqlite_store import SqliteStore
from bulk_orders.ledger.writer import Work

ORDERS = 4


@pytest.fixture
def ledger(path: Path) -> Iterator[SqlLedger]:
    with closing(SqlLedger.open(path)) as opened:
        enlist(opened, ORDERS)
        yield opened


def written_together(ledger: SqlLedger, *writes: Callable[[], object]) -> list[Future[object]]:
    """What came of writes that waited for the writer at the same time, and were taken by it at once, in this sequence."""
    with ThreadPoolExecutor(len(writes)) as pool:
        with busy(ledger):
            futures = []
            for count, write in enumerate(writes, 1):
                futures.append(pool.submit(write))
                until(partial(is_queued, ledger, count))
        for future in futures:
            future.exception(timeout=20)
    return futures


@contextmanager
def busy(ledger: SqlLedger, *, ends_with: type[BaseException] | None = None) -> Iterator[None]:
    """The writer works on something else during the block."""
    is_busy, go_on = threading.Event(), threading.Event()

    def dawdle(_: object) -> None:
        is_busy.set()
        go_on.wait(20)
        if ends_with is not None:
            raise ends_with

    other = threading.Thread(target=quietly, args=(ledger, dawdle))
    other.start()
    is_busy.wait(20)
    yield
    go_on.set()
    other.join()


def quietly(ledger: SqlLedger, do: Callable[[object], None]) -> None:
    """Whether it was written is told by what the others meet."""
    try:
        ledger._writer.write(Work(do=do))
    except LedgerUnusable:
        return


def is_queued(ledger: SqlLedger, count: int) -> bool:
    return ledger._writer._queue.qsize() == count


def test_a_path_that_the_system_cannot_take_is_refused_with_a_fix(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnusable) as refused:
        SqlLedger(SqliteStore(tmp_path / ("x" * 300)))
    assert refused.value.fix


@pytest.mark.parametrize("opened", [SqliteStore, SqlLedger.open])
def test_links_that_lead_back_to_themselves_are_refused_with_a_fix(
    tmp_path: Path, opened: Callable[[Path], object]
) -> None:
    here, there = tmp_path / "here.db", tmp_path / "there.db"
    here.symlink_to(there)
    there.symlink_to(here)
    with pytest.raises(LedgerUnusable) as refused:
        opened(here)
    assert refused.value.fix
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here.db", "there.db"]


def test_a_closed_ledger_is_not_read(ledger: SqlLedger) -> None:
    ledger.close()
    with pytest.raises(LedgerUnusable, match="was closed"):
        ledger.order(order().key)


def test_a_reading_that_the_database_refuses_is_told_as_an_unusable_ledger(
    ledger: SqlLedger, path: Path
) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("DROP TABLE learnt")
    with pytest.raises(LedgerUnusable):
        ledger.learnt("a")


def test_without_its_lock_file_a_group_is_written_but_for_what_begins(ledger: SqlLedger, path: Path) -> None:
    with ledger.hold():
        begun = begin(ledger, 0)
        path.with_name("ledger.db.lock").unlink()
        accepted = step(begun, Step.ACCEPTED, order_id="o-1")
        told, refused = written_together(
            ledger,
            lambda: ledger.advance(begun, accepted, Step.ACCEPTED, at=NOW),
            lambda: begin(ledger, 1),
        )
    assert (told.exception(), type(refused.exception())) == (None, LedgerUnusable)
    assert ledger.order(begun.key) == accepted
    assert ledger.order(order(1).key) == order(1)


def test_beside_one_that_is_superseded_steps_with_and_without_an_attempt_are_written(
    ledger: SqlLedger,
) -> None:
    begin(ledger, 0)
    held = step(order(1), Step.HELD_BACK, **held_because("it looks alike.", NOW))
    superseded, *written = written_together(
        ledger,
        lambda: begin(ledger, 0),
        lambda: ledger.advance(order(1), held, Step.HELD_BACK, at=NOW),
        lambda: begin(ledger, 2),
    )
    assert type(superseded.exception()) is Superseded
    assert [future.exception() for future in written] == [None, None]
    assert (ledger.order(order(1).key), len(ledger.attempts(RUN.run_id))) == (held, 2)
    assert first_break(ledger.events()) is None


def test_a_disk_that_fills_while_a_group_is_written_one_by_one_keeps_nothing_of_it(
    ledger: SqlLedger,
) -> None:
    begin(ledger, 0)
    connection = ledger._store.connection
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    futures = written_together(
        ledger,
        lambda: begin(ledger, 1),
        lambda: begin(ledger, 0),
        lambda: begin(ledger, 2, note="x" * 200_000),
    )
    assert [type(future.exception()) for future in futures] == [LedgerUnusable] * 3
    assert [ledger.order(order(number).key) for number in (1, 2)] == [order(1), order(2)]
    assert (len(steps(ledger.events())), first_break(ledger.events())) == (1, None)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_waits_behind_the_write_that_ends_the_writer_is_told_that_it_was_not_written(
    ledger: SqlLedger,
) -> None:
    with ThreadPoolExecutor(2) as pool:
        with busy(ledger, ends_with=SystemExit):
            futures = [pool.submit(begin, ledger, number) for number in range(2)]
            until(partial(is_queued, ledger, 2))
        errors = [future.exception(timeout=20) for future in futures]
    assert [type(error) for error in errors] == [LedgerUnusable] * 2
    assert {one.state for one in ledger.orders_of_run(RUN.run_id).values()} == {State.PENDING}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_ends_while_it_is_closed_ends_the_closing_too(ledger: SqlLedger) -> None:
    with busy(ledger, ends_with=SystemExit):
        closer = threading.Thread(target=ledger.close)
        closer.start()
        until(partial(is_queued, ledger, 1))
    closer.join(20)
    assert not closer.is_alive()


def test_a_record_that_a_table_has_no_column_for_stops_the_program_at_its_start() -> None:
    with pytest.raises(TypeError, match="no columns for"):
        tables._names(tables.learnt, OrderRecord)


def test_a_statement_whose_parameters_come_in_another_sequence_stops_the_program_at_its_start() -> None:
    statement = tables.runs.insert().values(run_id="r")
    with pytest.raises(TypeError, match="do not come as run_id, account"):
        statement_text(statement, ("run_id", "account"), SQLITE)


def test_a_run_that_finishes_without_having_been_enlisted_is_no_run(ledger: SqlLedger) -> None:
    with pytest.raises(KeyError):
        ledger.finish_run(replace(RUN, run_id="never"))
