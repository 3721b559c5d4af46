"""Ctrl-C: what sends nothing ends at once, what sends ends in good order, and both say so in one JSON object."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from books.order_books import order_row, order_rows, write_book
from cli_ends import COMMANDS, a_book, assert_is_one_object, ran, where_all_is_well
from processes import PATIENCE_S, Desk, Process, wait_until

pytestmark = pytest.mark.long

FINGER_S = 0.5
"""A person needs longer to press Ctrl-C than the program from its question to the reading of the answer."""


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A marketplace that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE_S)
        yield server


@contextmanager
def asking(desk: Desk, silent: socket.socket, *command: str) -> Iterator[Process]:
    """The command, once it has asked the silent marketplace something."""
    address = f"http://127.0.0.1:{silent.getsockname()[1]}/marketplace/us"
    started = desk.start(*command, "--practice-at", address, "--json")
    connection, _ = silent.accept()
    with connection:
        yield started


@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize(("name", "option"), [("check", "--online"), ("template", "--with-catalog")])
def test_what_sends_nothing_stops_at_once(
    desk: Desk, silent: socket.socket, name: str, option: str, signal_name: str
) -> None:
    write_book(desk.folder / "orders.xlsx", order_rows(2))
    with asking(desk, silent, *COMMANDS[name], option) as started:
        started.signal(getattr(signal, signal_name))
        ended = started.wait()
    assert_is_one_object(ended, name, 130)
    assert not (desk.folder / "new.xlsx").exists()


def test_what_may_send_stops_at_once_when_it_is_stopped_twice(desk: Desk, silent: socket.socket) -> None:
    write_book(desk.folder / "orders.xlsx", order_rows(2))
    with asking(desk, silent, "run", "orders.xlsx") as started:
        started.signal(signal.SIGINT)
        started.says("press it again to stop at once")
        started.signal(signal.SIGINT)
        ended = started.wait()
    assert_is_one_object(ended, "run", 130)


def test_a_run_that_is_stopped_tells_its_rows_and_how_to_go_on(desk: Desk) -> None:
    desk.settings.update(BULK_ORDERS_SETTLE_S="0", BULK_ORDERS_RATE_PER_S="0", BULK_ORDERS_WORKERS="1")
    practice = desk.practice("--faults", "slow=0.3")
    book = a_book(desk, *order_rows(12))
    started = desk.start("run", book, "--practice-at", practice.base_url, "--json")
    practice.has_taken(2)
    started.signal(signal.SIGINT)
    ended = started.wait()
    assert_is_one_object(ended, "run", 130)
    assert ended.json["counts"]["not_sent"] > 0
    assert f"bulk-orders resume {ended.json['run_id']}" in ended.json["next"]


def test_following_a_run_that_is_stopped_tells_what_was_asked(desk: Desk) -> None:
    practice = desk.practice("--latency-ms", 300)
    ran(desk, 0, "run", a_book(desk, order_row(1)), "--practice-at", practice.base_url)
    before = practice.stats()["requests"]
    started = desk.start("status", "last", "--wait", "10m", "--json")
    wait_until(lambda: practice.stats()["requests"] != before, "the first question")
    started.signal(signal.SIGINT)
    assert_is_one_object(started.wait(), "status", 130)


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no pseudo terminals here")
def test_a_question_that_is_stopped_does_nothing(desk: Desk) -> None:
    where_all_is_well(desk)
    before = (desk.home / "practice" / "ledger.sqlite").read_bytes()
    person, program = os.openpty()
    try:
        asked = ("ledger", "restore", "kept.sqlite", "--practice", "--json")
        started = desk.at_a_terminal(program, *asked)
        seen = b""
        while b"Type RESTORE" not in seen:
            seen += os.read(person, 10_000)
        time.sleep(FINGER_S)
        started.signal(signal.SIGINT)
        ended = started.wait()
    finally:
        os.close(program)
        os.close(person)
    assert (ended.code, ended.json["exit_code"], ended.json["error"]["message"]) == (130, 130, "Stopped.")
    assert (desk.home / "practice" / "ledger.sqlite").read_bytes() == before
