"""A database or a network that goes away in the middle: what is told as written is written, once, and the rest is not."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_records import NOW, begin, enlist, order, steps, until
from postgres_server import CLERK, Server, opened_in, server

from bulk_orders.core.lifecycle import State, Step, step
from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.chain import first_break
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.tables import replacement
from bulk_orders.ledger.verification import verify

pytest.importorskip("psycopg")

import psycopg
from sqlalchemy.exc import DBAPIError

from bulk_orders.ledger.postgres.address import address_of
from bulk_orders.ledger.postgres.beginning import begin as begin_writing
from bulk_orders.ledger.postgres.connections import engine_for
from bulk_orders.ledger.postgres.last_writes import Lane
from bulk_orders.ledger.postgres.steps import write_steps

PROXY = Path(__file__).parents[2] / "cutting_proxy.py"


@pytest.fixture
def own_server() -> Iterator[Server]:
    """One that may be killed."""
    with server() as running:
        yield running


@contextmanager
def cut_off(postgres: Server, orders: Path) -> Iterator[str]:
    """The address of an empty schema behind a proxy that does what the file `orders` says."""
    url = postgres.new_schema()
    socket = postgres.folder / ".s.PGSQL.5432"
    command = [sys.executable, str(PROXY), str(socket), str(orders)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as proxy:
        assert proxy.stdout is not None
        port = int(proxy.stdout.readline())
        try:
            yield f"postgresql://{CLERK}@127.0.0.1:{port}/shared?{url.rpartition('&')[2]}"
        finally:
            proxy.kill()


@pytest.mark.parametrize("how", ["before", "after", pytest.param("silent", marks=pytest.mark.long)])
def test_a_commit_whose_answer_is_lost_is_asked_about_and_written_once(
    how: str, postgres: Server, tmp_path: Path
) -> None:
    orders = tmp_path / "orders"
    with cut_off(postgres, orders) as url, closing(opened_in(url)) as ledger:
        enlist(ledger, 2)
        with ledger.hold("a"):
            orders.write_text(how, encoding="ascii")
            begun = begin(ledger, 0)
            assert not orders.exists()
            begin(ledger, 1)
        assert ledger.order(begun.key) == begun
        assert [event.key for event in steps(ledger.events())] == [order(0).key, order(1).key]
        assert verify(ledger).findings == ()


def test_a_client_that_freezes_after_a_group_was_written_keeps_others_waiting_for_no_longer_than_it_may(
    url: str,
) -> None:
    with closing(opened_in(url)) as ledger:
        enlist(ledger, 2)
        with psycopg.connect(**address_of(url).parameters, autocommit=True) as frozen:
            frozen.execute("SET idle_in_transaction_session_timeout = '200ms'")
            begin_writing(frozen, "x", Lane(), None)
            rows = [replacement(order(number), replace(order(number), version=2)) for number in range(2)]
            assert write_steps(frozen, rows, [], []) == 2
            begin(ledger, 0)
            with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
                frozen.execute("COMMIT")
        assert ledger.order(order(1).key) == order(1)


def test_a_client_that_freezes_after_many_rows_is_ended_as_well(url: str) -> None:
    with closing(opened_in(url)):
        engine = engine_for(address_of(url), None, pooled=False, writes=True)
        with engine.connect() as frozen:
            frozen.exec_driver_sql("SET idle_in_transaction_session_timeout = '200ms'")
            frozen.exec_driver_sql("BEGIN")
            rows = [("a", str(number), "x") for number in range(3)]
            frozen.exec_driver_sql("INSERT INTO learnt (account, name, value) VALUES (%s, %s, %s)", rows)
            time.sleep(1)
            with pytest.raises(DBAPIError, match="idle-in-transaction"):
                frozen.exec_driver_sql("COMMIT")
            frozen.invalidate()


def test_what_was_being_committed_when_the_server_crashed_is_not_taken_for_what_others_wrote_after_it(
    own_server: Server, tmp_path: Path
) -> None:
    """The numbers of transactions that never ended are given again, and theirs are committed."""
    own_server.say("ALTER SYSTEM SET wal_writer_delay = '10s'")  # else the number may be on the disk in time
    own_server.say("SELECT pg_reload_conf()")
    orders = tmp_path / "orders"
    with cut_off(own_server, orders) as url:
        direct = f"{own_server.url('shared')}&{url.partition('?')[2]}"

        def crash_in_time() -> None:
            until(lambda: not orders.exists())
            own_server.kill()

        crash = threading.Thread(target=crash_in_time)

        @contextmanager
        def while_it_is_away(_: float) -> Iterator[None]:
            crash.join()
            own_server.start()
            with closing(opened_in(direct)) as other:
                for value in range(20):
                    other.remember("a", fact=str(value))
            yield

        with closing(opened_in(url, waiting=while_it_is_away)) as ledger:
            enlist(ledger, 1)
            orders.write_text("late", encoding="ascii")
            crash.start()
            begun = begin(ledger, 0)
            assert ledger.order(begun.key) == begun
            assert verify(ledger).findings == ()


def test_who_waits_for_a_database_opens_it_once_it_is_there_and_the_answer_to_its_commit_is_lost(
    own_server: Server, tmp_path: Path
) -> None:
    orders = tmp_path / "orders"
    waits: list[float] = []

    @contextmanager
    def waiting(for_s: float) -> Iterator[None]:
        waits.append(for_s)
        yield

    with cut_off(own_server, orders) as url:
        own_server.stop()
        orders.write_text("after", encoding="ascii")
        starting = threading.Timer(1.0, own_server.start)
        starting.start()
        with closing(opened_in(url, awaited_s=60.0, waiting=waiting)) as ledger:
            enlist(ledger, 1)
            assert verify(ledger).findings == ()
        starting.join()
    assert (len(waits), orders.exists()) == (1, False)


def test_who_does_not_wait_is_told_at_once_that_the_database_is_not_there(own_server: Server) -> None:
    url = own_server.new_schema()
    own_server.stop()
    with pytest.raises(LedgerUnusable, match="there is no connection to its database"):
        opened_in(url)


def test_a_run_that_is_enlisted_while_the_answer_is_lost_is_there_once(
    postgres: Server, tmp_path: Path
) -> None:
    orders = tmp_path / "orders"
    with cut_off(postgres, orders) as url, closing(opened_in(url)) as ledger:
        orders.write_text("after", encoding="ascii")
        enlist(ledger, 3)
        assert len(ledger.runs()) == 1
        assert len(list(ledger.orders())) == 3
        assert verify(ledger).findings == ()


def kept_busy(ledger: SqlLedger, numbers: range, told: dict[int, object], pause_s: float) -> None:
    """Begin and settle the orders one after the other, and note what was told of each."""
    for number in numbers:
        try:
            begun = begin(ledger, number)
            told[number] = begun
            accepted = step(begun, Step.ACCEPTED, order_id=f"o-{number}", accepted_at=NOW)
            ledger.advance(begun, accepted, Step.ACCEPTED, at=NOW)
            told[number] = accepted
        except LedgerUnusable:
            return
        time.sleep(pause_s)


def while_busy(ledger: SqlLedger, happens: Callable[[], None], *, each: int = 40) -> dict[int, object]:
    told: dict[int, object] = {}
    threads = [
        threading.Thread(target=kept_busy, args=(ledger, range(start, 4 * each, 4), told, 0.01))
        for start in range(4)
    ]
    for thread in threads:
        thread.start()
    happens()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return told


@pytest.mark.long
def test_a_server_that_is_killed_again_and_again_loses_nothing_that_was_told_and_doubles_nothing(
    own_server: Server,
) -> None:
    url = own_server.new_database()

    def killed_three_times() -> None:
        for _ in range(3):
            time.sleep(0.3)
            own_server.kill()
            time.sleep(0.2)
            own_server.start()

    with closing(opened_in(url)) as ledger:
        enlist(ledger, 160)
        with ledger.hold("a"):
            told = while_busy(ledger, killed_three_times)
            assert ledger.may_send()
        assert len(told) == 160
        assert {number: ledger.order(order(number).key) for number in told} == told
        assert len(steps(ledger.events())) == 320
        assert first_break(ledger.events()) is None
        assert verify(ledger).findings == ()


@pytest.mark.long
def test_a_server_that_does_not_come_back_ends_the_writing_and_what_was_told_is_there_later(
    own_server: Server,
) -> None:
    url = own_server.new_database()
    waits: list[str] = []

    @contextmanager
    def waiting(for_s: float) -> Iterator[None]:
        waits.append(f"for {for_s:.0f} s")
        try:
            yield
        finally:
            waits.append("over")

    with closing(opened_in(url, patience_s=1.0, waiting=waiting)) as ledger:
        enlist(ledger, 2)
        begun = begin(ledger, 0)
        own_server.kill()
        with pytest.raises(LedgerUnusable, match="there is no connection to its database") as failure:
            begin(ledger, 1)
        assert waits == ["for 1 s", "over"]
        assert CLERK not in f"{failure.value.message} {failure.value.fix}"
        with pytest.raises(LedgerUnusable, match="there is no connection to its database"):
            ledger.order(begun.key)
        own_server.start()
        with pytest.raises(LedgerUnusable):
            begin(ledger, 1)
    with closing(opened_in(url)) as ledger:
        assert ledger.order(begun.key) == begun
        assert [one.state for one in ledger.orders()] == [State.IN_FLIGHT, State.PENDING]


@pytest.mark.long
def test_a_database_that_is_replaced_while_it_is_used_is_neither_written_nor_read(own_server: Server) -> None:
    url = own_server.new_database()
    name = url.partition("@/")[2].partition("?")[0]
    with closing(opened_in(url)) as ledger:
        enlist(ledger, 2)
        before = ledger.file()
        own_server.say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        own_server.say(f"ALTER DATABASE {name} RENAME TO was_{name}")
        own_server.say(f"CREATE DATABASE {name} OWNER {CLERK} TEMPLATE was_{name}")
        with pytest.raises(LedgerUnusable, match="restored, replaced or taken over by a standby"):
            begin(ledger, 0)
        with pytest.raises(LedgerUnusable, match="restored, replaced or taken over by a standby"):
            ledger.order(order(0).key)
    with closing(opened_in(url)) as again:
        assert again.file() != before
        assert [one.state for one in again.orders()] == [State.PENDING] * 2
