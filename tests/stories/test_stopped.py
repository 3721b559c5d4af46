"""Ctrl-C once and twice, a second run beside the first: nothing is half-way, and the way on is said."""

import signal
from pathlib import Path

import pytest
from books.order_books import order_rows, write_book
from placed_once import assert_each_placed_once
from processes import Desk, Practice, Process

pytestmark = pytest.mark.long

SLOW = ("--faults", "slow=0.25")


@pytest.fixture
def running(desk: Desk) -> Process:
    """A run of 24 rows of which about a fifth is sent."""
    desk.settings.update(BULK_ORDERS_RATE_PER_S="0", BULK_ORDERS_WORKERS="4", BULK_ORDERS_SETTLE_S="3")
    practice = desk.practice(*SLOW)
    book = write_book(desk.folder / "orders.xlsx", order_rows(24))
    started = desk.start("run", book, "--practice-at", practice.base_url)
    practice.has_taken(6)
    return started


@pytest.fixture
def practice(running: Process, desk: Desk) -> Practice:
    return desk.opened[0]


@pytest.mark.parametrize(
    "name",
    [
        "SIGINT",
        "SIGTERM",
        "SIGHUP",
    ],
)
def test_stopped_once_it_finishes_what_is_in_flight_and_says_how_to_go_on(
    desk: Desk, running: Process, practice: Practice, name: str
) -> None:
    running.signal(getattr(signal, name))
    stopped = running.wait()
    told = desk.run("report", "last", "--json").json

    assert stopped.code == 130
    assert "^C  Stopping" in stopped.err
    assert f"bulk-orders resume {told['run_id']}" in stopped.err
    assert "Traceback" not in stopped.words
    assert told["counts"]["unknown"] == 0
    assert told["counts"]["accepted"] == practice.count() < 24


def test_a_stopped_run_is_resumed_to_its_end(desk: Desk, running: Process, practice: Practice) -> None:
    running.signal(signal.SIGINT)
    running.wait()

    resumed = desk.run("resume", "last", "--json")

    assert (resumed.code, practice.posts()) == (0, 24)
    assert_each_placed_once(practice, resumed.json, 24)


def test_stopped_twice_it_ends_at_once_and_the_next_run_finds_what_was_in_flight(
    desk: Desk, running: Process, practice: Practice
) -> None:
    running.signal(signal.SIGINT)
    running.says("press it again to stop at once")
    running.signal(signal.SIGINT)
    stopped = running.wait()
    told = desk.run("report", "last", "--json").json["counts"]

    again = desk.run("run", desk.folder / "orders.xlsx", "--practice-at", practice.base_url, "--json")

    assert stopped.code == 130
    assert "Stopped at once" in stopped.err
    assert "Traceback" not in stopped.words
    assert told["not_sent"] > 0
    assert (again.code, practice.posts()) == (0, 24)
    assert_each_placed_once(practice, again.json, 24)


def test_a_second_run_with_the_same_ledger_is_refused_and_disturbs_nothing(desk: Desk) -> None:
    practice = desk.practice("--faults", "slow=3")
    book = write_book(desk.folder / "orders.xlsx", order_rows(3))
    running = desk.start("run", book, "--practice-at", practice.base_url)
    practice.has_taken(3)  # it waits for answers, and writes nothing meanwhile
    running.signal(signal.SIGSTOP)  # it has not ended when the other begins, however busy the machine is
    second = desk.run("run", book, "--practice-at", practice.base_url)
    running.signal(signal.SIGCONT)
    first = running.wait()

    assert (first.code, second.code) == (0, 8), second.words
    assert f"process {running.pid}" in second.err
    assert "Traceback" not in second.words
    assert practice.posts() == practice.count() == 3


def test_what_is_on_its_way_reads_as_being_sent_and_in_doubt_once_its_run_is_dead(desk: Desk) -> None:
    practice = desk.practice("--faults", "hang-after-commit=every:1,hang=300")
    book = write_book(desk.folder / "orders.xlsx", order_rows(3))
    running = desk.start("run", book, "--practice-at", practice.base_url)
    practice.has_taken(1)

    meanwhile = desk.run("status", "last", "--json")
    running.signal(signal.SIGKILL)
    running.wait()
    afterwards = desk.run("status", "last", "--json")

    told = [(ended.code, ended.json["counts"]) for ended in (meanwhile, afterwards)]
    assert [(code, count["sending"], count["unknown"], count["not_sent"]) for code, count in told] == [
        (0, 1, 0, 2),
        (5, 0, 1, 2),
    ]


def test_status_and_report_are_answered_while_a_run_is_under_way(
    desk: Desk, running: Process, practice: Practice
) -> None:
    status = desk.run("status", "last")
    report = desk.run("report", "last", "-o", desk.folder / "now.xlsx")

    assert report.code == 0
    assert "accepted, being set up" in status.out
    assert "Traceback" not in status.words + report.words
    assert running.wait().code == 0
    assert (desk.folder / "now.xlsx").exists()
    assert practice.count() == 24


def test_resume_of_a_finished_run_sends_nothing(desk: Desk) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", order_rows(3))
    desk.run("run", book, "--practice-at", practice.base_url)

    resumed = desk.run("resume", "last", "--json")

    assert (resumed.code, resumed.json["counts"]["accepted"], practice.posts()) == (0, 3, 3)
    assert Path(resumed.json["files"]["results"]).exists()
