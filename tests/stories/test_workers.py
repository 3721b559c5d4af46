"""A run that workers send: each order is placed once, whoever dies, freezes, is cut off or goes away meanwhile."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Self

import pytest
from books.order_books import order_rows, write_book
from placed_once import assert_each_placed_once, assert_nothing_twice_and_nothing_lost
from postgres_server import CLERK, Server, server
from processes import Desk, Ended, Practice, Process, Starter, wait_until
from test_faults import FAULTS
from test_shared_ledger import killed_three_times, once_free, sharing

pytestmark = pytest.mark.long

ROWS = 60
CUSTOMERS = 1000
"""So many the practice marketplace knows; orders of others are rejected."""
TAKEN_UP_AFTER_S = 15
STORM_ROWS = int(os.environ.get("STORM_ROWS", "150"))
"""2,000 once before a release."""
FROZEN_S = float(os.environ.get("STORM_FROZEN_S", "12"))
"""Longer than a claim lasts."""
LAST = 6
GOES_ON_S = 180
PROXY = Path(__file__).parents[1] / "cutting_proxy.py"


@pytest.fixture
def own_server() -> Iterator[Server]:
    with server() as running:
        yield running


class Fleet:
    """A desk at which somebody runs a workbook, and machines with a worker each."""

    def __init__(self, desk: Desk, machines: list[Desk], practice: Practice, rows: int) -> None:
        self.desk = desk
        self.machines = machines
        self.practice = practice
        self.rows = rows
        self.workers: list[Process] = []
        book = write_book(
            desk.folder / "orders.xlsx", order_rows(rows, customers=min(rows * 2 // 3, CUSTOMERS))
        )
        self.command = ("run", book, "--practice-at", practice.base_url, "--json")

    def start_worker(self, number: int = 0) -> Process:
        started = self.machines[number].start("worker", "--practice-at", self.practice.base_url)
        self.workers.append(started)
        return started

    def start_run(self, *more: object) -> Process:
        return self.desk.start(*self.command, "--workers-elsewhere", *more)

    def end(self, worker: Process, how: signal.Signals = signal.SIGTERM) -> Ended:
        self.workers.remove(worker)
        with suppress(ProcessLookupError):  # it ended by itself, and says why
            worker.signal(how)
        return worker.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        ends = [self.end(worker) for worker in list(self.workers)]
        assert {ended.code for ended in ends} <= {0}, ends


@pytest.fixture
def fleet(desk: Desk, starter: Starter, tmp_path: Path, postgres: Server) -> Iterator[Fleet]:
    with ExitStack() as opened:
        machines = [
            opened.enter_context(Desk(starter, tmp_path / f"machine-{number}")) for number in range(3)
        ]
        sharing(postgres.new_database(), desk, *machines)
        practice = desk.practice("--faults", FAULTS, "--seed", 3, "--latency-ms", 50)
        yield opened.enter_context(Fleet(desk, machines, practice, ROWS))


def test_workers_send_what_somebody_runs_and_each_order_is_placed_once(fleet: Fleet) -> None:
    for number in range(3):
        fleet.start_worker(number)
    ended = fleet.start_run().wait()
    assert ended.code in {0, 5}, ended.words
    assert_nothing_twice_and_nothing_lost(fleet.practice, ended.json, ROWS)


def test_what_a_dead_worker_had_is_taken_up_within_15_seconds(fleet: Fleet) -> None:
    dead = fleet.start_worker(0)
    running = fleet.start_run()
    fleet.practice.has_taken(10)
    fleet.end(dead, signal.SIGKILL)
    before, killed_s = fleet.practice.count(), time.monotonic()
    fleet.start_worker(1)
    wait_until(lambda: fleet.practice.count() > before + 3, "another worker to go on")
    assert time.monotonic() - killed_s < TAKEN_UP_AFTER_S
    ended = running.wait()
    assert ended.code in {0, 5}, ended.words
    assert_nothing_twice_and_nothing_lost(fleet.practice, ended.json, ROWS)


def test_a_worker_that_froze_sends_nothing_more_of_what_others_took_up(fleet: Fleet) -> None:
    frozen = fleet.start_worker(0)
    running = fleet.start_run()
    fleet.practice.has_taken(10)
    frozen.signal(signal.SIGSTOP)
    fleet.start_worker(1)
    ended = running.wait()
    assert ended.code in {0, 5}, ended.words
    posts = fleet.practice.posts()
    frozen.signal(signal.SIGCONT)
    time.sleep(3)
    assert fleet.practice.posts() == posts
    assert_nothing_twice_and_nothing_lost(fleet.practice, ended.json, ROWS)


def test_workers_outlive_a_database_that_is_killed_and_started_again(
    desk: Desk, starter: Starter, tmp_path: Path, own_server: Server
) -> None:
    with Desk(starter, tmp_path / "machine") as machine:
        sharing(own_server.new_database(), desk, machine)
        practice = desk.practice("--faults", FAULTS, "--latency-ms", 50)
        with Fleet(desk, [machine, machine], practice, ROWS) as fleet:
            for number in range(2):
                fleet.start_worker(number)
            running = fleet.start_run()
            killed_three_times(own_server, practice)
            ended = running.wait()
            assert ended.code in {0, 5}, ended.words
            assert_nothing_twice_and_nothing_lost(practice, ended.json, ROWS)


def test_workers_go_on_without_whoever_began_the_run_and_resume_finishes_it(fleet: Fleet) -> None:
    fleet.start_worker(0)
    running = fleet.start_run()
    fleet.practice.has_taken(10)
    running.signal(signal.SIGKILL)
    running.wait()
    refused = fleet.desk.run("resume", "last", "--json")
    assert refused.code == 8, refused.words
    fleet.start_worker(1)
    ended = once_free(fleet.desk, "resume", "last", "--json")
    assert ended.code in {0, 5}, ended.words
    assert_nothing_twice_and_nothing_lost(fleet.practice, ended.json, ROWS)


def test_ctrl_c_where_nobody_can_be_asked_stops_the_run_for_all_and_resume_goes_on(fleet: Fleet) -> None:
    fleet.start_worker(0)
    running = fleet.start_run()
    fleet.practice.has_taken(10)
    running.signal(signal.SIGINT)
    ended = running.wait()
    assert (ended.code, ended.json["stopped_by"]) == (130, "Stopped by you."), ended.words
    posts = fleet.practice.posts()
    time.sleep(4)
    assert fleet.practice.posts() == posts < ROWS
    ended = fleet.desk.run("resume", "last", "--workers-elsewhere", "--json")
    assert ended.code in {0, 5}, ended.words
    assert_nothing_twice_and_nothing_lost(fleet.practice, ended.json, ROWS)


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo terminals here")
def test_at_ctrl_c_a_person_may_leave_the_run_to_the_workers(fleet: Fleet) -> None:
    fleet.start_worker(0)
    fleet.desk.settings["BULK_ORDERS_KEEP_PERSONAL_DAYS"] = "3650"
    person, program = os.openpty()
    try:
        running = fleet.desk.at_a_terminal(program, *fleet.command[:-1], "--workers-elsewhere")
        fleet.practice.has_taken(10)
        running.signal(signal.SIGINT)
        seen = ""
        while "Type L" not in seen:
            seen += os.read(person, 65536).decode()
        time.sleep(0.5)
        os.write(person, b"L\n")
        ended = running.wait()
        seen += os.read(person, 1_000_000).decode()
    finally:
        os.close(program)
        os.close(person)
    assert (ended.code, fleet.practice.count() < ROWS) == (130, True), seen
    assert "Workers go on with the run. Later: bulk-orders resume" in seen
    assert "not erased" not in seen
    fleet.practice.has_taken(ROWS)
    resumed = once_free(fleet.desk, "resume", "last", "--json")
    assert resumed.code in {0, 5}, resumed.words
    assert_nothing_twice_and_nothing_lost(fleet.practice, resumed.json, ROWS)


def test_a_worker_that_is_ended_gives_its_chunk_back_at_once(fleet: Fleet) -> None:
    first = fleet.start_worker(0)
    running = fleet.start_run()
    fleet.practice.has_taken(10)
    assert fleet.end(first).code == 0
    fleet.start_worker(1)
    ended = running.wait()
    assert ended.code == 0, ended.words
    assert_each_placed_once(fleet.practice, ended.json, ROWS)


@contextmanager
def cut_off(own_server: Server, url: str, orders: Path) -> Iterator[str]:
    """The address of the same database behind a proxy that does what the file `orders` says."""
    command = [sys.executable, str(PROXY), str(own_server.folder / ".s.PGSQL.5432"), str(orders)]
    database = url.partition("@/")[2].partition("?")[0]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as proxy:
        assert proxy.stdout is not None
        try:
            yield f"postgresql://{CLERK}@127.0.0.1:{int(proxy.stdout.readline())}/{database}"
        finally:
            proxy.kill()


def test_whatever_happens_to_workers_and_database_nothing_is_placed_twice_and_nothing_lost(
    desk: Desk, starter: Starter, tmp_path: Path, own_server: Server
) -> None:
    orders = tmp_path / "cut"
    with ExitStack() as opened:
        machines = [
            opened.enter_context(Desk(starter, tmp_path / f"machine-{number}")) for number in range(3)
        ]
        url = own_server.new_database()
        sharing(url, desk, *machines[:2])
        sharing(opened.enter_context(cut_off(own_server, url, orders)), machines[2])
        practice = desk.practice("--faults", FAULTS, "--seed", 11, "--latency-ms", 200)
        fleet = opened.enter_context(Fleet(desk, machines, practice, STORM_ROWS))
        at = {number: fleet.start_worker(number) for number in range(3)}
        running = fleet.start_run()
        practice.has_taken(4)

        def die(number: int) -> None:
            fleet.end(at[number], signal.SIGKILL)
            at[number] = fleet.start_worker(number)

        def freeze(number: int) -> None:
            at[number].signal(signal.SIGSTOP)
            thawing = threading.Timer(FROZEN_S, at[number].signal, [signal.SIGCONT])
            thawing.start()
            opened.callback(thawing.join)

        def lose_the_database(_: int) -> None:
            own_server.kill()
            time.sleep(1)
            own_server.start()

        def be_cut(_: int) -> None:
            orders.write_text(("before", "after")[happened // 2 % 2], encoding="ascii")

        mishaps = itertools.cycle((die, be_cut, lose_the_database, freeze, be_cut, die))
        happened = 0
        # Once nearly all are placed, the run compares them with the marketplace's, and nothing more may come for long.
        while not running.out and practice.count() < STORM_ROWS - LAST:  # it says one object at its end
            mishap, before = next(mishaps), practice.count()
            mishap(1 if mishap is freeze else (0, 2)[happened % 2])
            happened += 1
            time.sleep(2)
            enough = min(before + 3, STORM_ROWS - LAST)
            wait_until(lambda: running.out or practice.count() >= enough, "the run to go on", for_s=GOES_ON_S)  # noqa: B023 - called at once
        wait_until(lambda: running.out, "the run to end", for_s=2 * GOES_ON_S)
        ended = running.wait()
        assert happened > 2
        assert ended.code in {0, 5}, ended.words
        assert_nothing_twice_and_nothing_lost(practice, ended.json, STORM_ROWS)
