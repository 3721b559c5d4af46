"""A run that workers send: each order is placed once, whoever dies, freezes, is cut off or goes away meanwhile."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from books.order_books import order_rows, write_book
from placed_once import assert_nothing_twice_and_nothing_lost
from postgres_server import Server, server
from processes import Desk, Practice, Process, Starter
from test_faults import FAULTS
from test_shared_ledger import sharing

pytestmark = pytest.mark.long

ROWS = 60
TAKEN_UP_AFTER_S = 15


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
        book = write_book(desk.folder / "orders.xlsx", order_rows(rows, customers=rows * 2 // 3))
        self.command = ("run", book, "--practice-at", practice.base_url, "--json")

    def start_worker(self, number: int = 0) -> Process:
        started = self.machines[number].start("worker", "--practice-at", self.practice.base_url)
        self.workers.append(started)
        return started

    def start_run(self, *more: object) -> Process:
        return self.desk.start(*self.command, "--workers-elsewhere", *more)

    def end_workers(self) -> None:
        for worker in self.workers:
            worker.signal(signal.SIGTERM)
        for worker in self.workers:
            ended = worker.wait()
            assert ended.code in {0, -signal.SIGKILL}, ended.words


@pytest.fixture
def fleet(desk: Desk, starter: Starter, tmp_path: Path, postgres: Server) -> Iterator[Fleet]:
    with ExitStack() as opened:
        machines = [
            opened.enter_context(Desk(starter, tmp_path / f"machine-{number}")) for number in range(3)
        ]
        sharing(postgres.new_database(), desk, *machines)
        practice = desk.practice("--faults", FAULTS, "--seed", 3, "--latency-ms", 50)
        made = Fleet(desk, machines, practice, ROWS)
        yield made
        made.end_workers()


def test_workers_send_what_somebody_runs_and_each_order_is_placed_once(fleet: Fleet) -> None:
    for number in range(3):
        fleet.start_worker(number)
    ended = fleet.start_run().wait()
    assert ended.code in {0, 5}, ended.words
    assert_nothing_twice_and_nothing_lost(fleet.practice, ended.json, ROWS)
