"""The process is killed, again and again: nothing is ordered twice, nothing is lost, and what is in doubt is said.

An attempt that was on disk when the process died may never have left. Only a person can say so: such a row stays in
doubt until the marketplace was read three times after the settle window, and is sent again on a person's word.
"""

import random
import signal
import time

import pytest
from books.order_books import order_rows, write_book
from placed_once import assert_each_placed_once, assert_nothing_twice_and_nothing_lost, wrong_bodies
from processes import Desk
from test_faults import FAULTS, QUICK

pytestmark = pytest.mark.long

AT_ONCE = 4
"""Orders in flight."""
COMPLETE_READINGS = 3
"""After so many, a person may say that a row in doubt was never ordered."""


@pytest.fixture
def quick(desk: Desk) -> Desk:
    desk.settings.update(QUICK, BULK_ORDERS_WORKERS=str(AT_ONCE))
    return desk


def killed_often(desk: Desk, *, rows: int, kills: int, seed: int) -> None:
    """Kill the run `kills` times at moments that the seed decides, then let it end."""
    dice = random.Random(seed)  # noqa: S311 - dice, no secret
    practice = desk.practice("--faults", FAULTS, "--seed", seed, "--latency-ms", 20)
    given = order_rows(rows, customers=rows * 2 // 3)
    book = write_book(desk.folder / "orders.xlsx", given)
    command = ("run", book, "--practice-at", practice.base_url, "--json")

    for _ in range(kills):
        running = desk.start(*command)
        running.says("new Microsoft tenants")
        time.sleep(dice.uniform(0.0, 0.5))
        running.signal(signal.SIGKILL)
        running.wait()
    ended = desk.run(*command)

    assert ended.code == (5 if ended.json["counts"]["unknown"] else 0)
    assert ended.json["counts"]["unknown"] <= kills * 16
    assert_nothing_twice_and_nothing_lost(practice, ended.json, rows)
    assert wrong_bodies(practice, given, ended.json) == []

    for _ in range(COMPLETE_READINGS):
        desk.run("resolve", "last")
    desk.run("resolve", "last", "--resend-absent", "--reason", "read three times")
    ended = desk.run(*command)

    assert ended.code == 0
    assert_each_placed_once(practice, ended.json, rows)


@pytest.mark.parametrize("seed", range(4))
def test_200_rows_killed_six_times_order_nothing_twice_and_lose_nothing(quick: Desk, seed: int) -> None:
    quick.settings.update(BULK_ORDERS_WORKERS="16", BULK_ORDERS_WINDOW_S="0")
    killed_often(quick, rows=200, kills=6, seed=seed)


def killed_with_all_in_flight_taken(desk: Desk, command: tuple[object, ...], *orders: int) -> None:
    """The platform is slow to answer, and has taken all that is in flight when the process dies: at `orders` or a few more."""
    practice = desk.opened[0]
    for wanted in orders:
        running = desk.start(*command)
        practice.has_taken(wanted)
        practice.is_quiet()
        running.signal(signal.SIGKILL)
        assert running.wait().code == -signal.SIGKILL


def test_a_run_killed_half_way_and_run_again_places_each_order_once(quick: Desk) -> None:
    practice = quick.practice("--faults", "slow=1.2")
    rows = order_rows(4 * AT_ONCE)
    command = (
        "run",
        write_book(quick.folder / "orders.xlsx", rows),
        "--practice-at",
        practice.base_url,
        "--json",
    )

    killed_with_all_in_flight_taken(quick, command, 4, 8)
    ended = quick.run(*command)

    assert (ended.code, practice.posts()) == (0, 4 * AT_ONCE)
    assert_each_placed_once(practice, ended.json, 4 * AT_ONCE)
    assert wrong_bodies(practice, rows, ended.json) == []


def test_a_killed_run_is_resumed_by_its_id(quick: Desk) -> None:
    practice = quick.practice("--faults", "slow=1.2")
    book = write_book(quick.folder / "orders.xlsx", order_rows(4 * AT_ONCE))
    killed_with_all_in_flight_taken(quick, ("run", book, "--practice-at", practice.base_url), 4)

    listed = quick.run("history", "--json").json["runs"]
    ended = quick.run("resume", listed[0]["run_id"], "--json")

    assert (listed[0]["exit_code"], listed[0]["rows"]) == (None, 4 * AT_ONCE)
    assert (ended.code, practice.posts()) == (0, 4 * AT_ONCE)
    assert_each_placed_once(practice, ended.json, 4 * AT_ONCE)


def test_a_killed_run_left_a_results_workbook_that_its_ledger_can_make_anew(quick: Desk) -> None:
    practice = quick.practice("--faults", "slow=1.2")
    book = write_book(quick.folder / "orders.xlsx", order_rows(4 * AT_ONCE))
    killed_with_all_in_flight_taken(quick, ("run", book, "--practice-at", practice.base_url), 4)

    made = quick.run("report", "last", "--json")

    told = made.json["counts"]
    assert made.code == 0
    assert told["accepted"] >= 1
    assert 1 <= told["unknown"] <= AT_ONCE
    assert told["accepted"] + told["unknown"] + told["not_sent"] == 4 * AT_ONCE
