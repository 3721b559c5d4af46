"""Two machines with one ledger in a database: each order is placed once, whoever dies, freezes or goes away meanwhile."""

import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from books.order_books import order_rows, write_book
from placed_once import assert_each_placed_once, assert_nothing_twice_and_nothing_lost
from postgres_server import Server, server
from processes import Desk, Ended, Practice, Starter, name_ledger, wait_until
from test_faults import FAULTS, QUICK

pytestmark = pytest.mark.long

TAKEN_OVER_AFTER_S = 15
ROWS = 60


@pytest.fixture
def own_server() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture
def other(starter: Starter, tmp_path: Path) -> Iterator[Desk]:
    """Another machine."""
    with Desk(starter, tmp_path / "other") as second:
        yield second


def sharing(url: str, *desks: Desk) -> None:
    for desk in desks:
        desk.settings.update(QUICK, BULK_ORDERS_WORKERS="4")
        name_ledger(desk.home, url)


def killed_three_times(database: Server, practice: Practice) -> None:
    """The database dies while orders are on their way, and is started again."""
    for taken in (10, 25, 40):
        practice.has_taken(taken)
        database.kill()
        time.sleep(1)
        database.start()


def begun(desk: Desk, *faults: object) -> tuple[Practice, tuple[object, ...]]:
    practice = desk.practice(*faults, "--latency-ms", 50)
    book = write_book(desk.folder / "orders.xlsx", order_rows(ROWS, customers=40))
    return practice, ("run", book, "--practice-at", practice.base_url, "--json")


def once_free(desk: Desk, *command: object) -> Ended:
    """The command, as soon as nobody else sends."""
    until_s = time.monotonic() + 2 * TAKEN_OVER_AFTER_S
    while (ended := desk.run(*command)).code == 8:
        assert time.monotonic() < until_s, ended.words
        time.sleep(0.5)
    return ended


def test_of_two_who_run_the_same_workbook_at_once_one_sends(
    desk: Desk, other: Desk, postgres: Server
) -> None:
    sharing(postgres.new_database(), desk, other)
    practice, command = begun(desk)
    both = [desk.start(*command), other.start(*command)]
    codes = sorted(running.wait().code for running in both)
    assert codes in ([0, 8], [0, 0])  # the second may have begun when the first had ended
    assert_each_placed_once(practice, once_free(other, *command).json, ROWS)
    assert practice.posts() == ROWS


def test_a_run_that_is_refused_counts_what_another_machine_ordered(
    desk: Desk, other: Desk, postgres: Server
) -> None:
    sharing(postgres.new_database(), desk, other)
    good = order_rows(3)
    assert desk.run("run", write_book(desk.folder / "good.xlsx", good[:2]), "--practice").code == 0
    book = write_book(other.folder / "orders.xlsx", [*good[:2], {**good[2], "quantity": "none"}])
    counts = [other.run(verb, book, "--json").json["counts"] for verb in ("check", "run", "plan")]
    assert [(one["ready"], one["to_fix"], one["ordered_before"]) for one in counts] == [(0, 1, 2)] * 3


@pytest.mark.parametrize("seed", range(3))
def test_when_a_machine_dies_another_goes_on(desk: Desk, other: Desk, postgres: Server, seed: int) -> None:
    sharing(postgres.new_database(), desk, other)
    practice, command = begun(desk, "--faults", FAULTS, "--seed", seed)
    running = desk.start(*command)
    practice.has_taken(10 + 10 * seed)
    running.signal(signal.SIGKILL)
    running.wait()
    assert other.run(*command).code == 8
    ended = once_free(other, *command)
    assert ended.code in {0, 5}
    assert_nothing_twice_and_nothing_lost(practice, ended.json, ROWS)


@pytest.mark.parametrize("seed", range(3))
def test_a_machine_that_froze_sends_nothing_more_once_another_went_on(
    desk: Desk, other: Desk, postgres: Server, seed: int
) -> None:
    sharing(postgres.new_database(), desk, other)
    practice, command = begun(desk)
    frozen = desk.start(*command)
    practice.has_taken(10 + 5 * seed)
    frozen.signal(signal.SIGSTOP)
    practice.is_quiet()
    assert other.run(*command).code == 8
    ended = once_free(other, *command)
    assert ended.code in {0, 5}
    posts = practice.posts()
    frozen.signal(signal.SIGCONT)
    late = frozen.wait()
    assert late.code == 8, late.words
    assert practice.posts() == posts
    assert_nothing_twice_and_nothing_lost(practice, other.run(*command).json, ROWS)


def test_a_run_outlives_a_database_that_is_killed_and_started_again(desk: Desk, own_server: Server) -> None:
    sharing(own_server.new_database(), desk)
    practice, command = begun(desk, "--faults", FAULTS, "--seed", 5)
    running = desk.start(*command)
    killed_three_times(own_server, practice)
    ended = running.wait()
    assert ended.code in {0, 5}, ended.words
    assert_nothing_twice_and_nothing_lost(practice, ended.json, ROWS)


def test_two_accounts_are_sent_for_at_once(desk: Desk, other: Desk, postgres: Server) -> None:
    sharing(postgres.new_database(), desk, other)
    (first, command), (second, other_command) = begun(desk), begun(other)
    together = threading.Barrier(2)
    ends: dict[str, Ended] = {}

    def run(name: str, at: Desk, words: tuple[object, ...]) -> None:
        running = at.start(*words)
        together.wait(60)
        ends[name] = running.wait()

    threads = [
        threading.Thread(target=run, args=("one", desk, command)),
        threading.Thread(target=run, args=("two", other, other_command)),
    ]
    for thread in threads:
        thread.start()
    wait_until(lambda: first.count() < ROWS and second.count() and first.count(), "both to send at once")
    for thread in threads:
        thread.join(60)
    assert {name: ended.code for name, ended in ends.items()} == {"one": 0, "two": 0}
    assert_each_placed_once(first, ends["one"].json, ROWS)
    assert_each_placed_once(second, ends["two"].json, ROWS)
