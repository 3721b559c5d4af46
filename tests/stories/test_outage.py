"""The marketplace goes away while orders are on their way, or one answer is lost: what is said meanwhile, and how long it takes."""

import time
from itertools import pairwise

import pytest
from books.order_books import order_rows, write_book
from gateway import gateway_before
from placed_once import assert_each_placed_once, assert_nothing_twice_and_nothing_lost
from processes import Desk

IN_FLIGHT = 16
SAID_AGAIN_S = 30.0
SLACK_S = 5.0
"""A busy machine is late."""


@pytest.mark.parametrize(
    "outage_s", [pytest.param(40.0, marks=pytest.mark.long), pytest.param(60.0, marks=pytest.mark.proof)]
)
def test_an_outage_is_waited_for_and_said(desk: Desk, outage_s: float) -> None:
    desk.settings.update(
        BULK_ORDERS_RATE_PER_S="0", BULK_ORDERS_WORKERS=str(IN_FLIGHT), BULK_ORDERS_SETTLE_S="2"
    )
    practice = desk.practice("--faults", "slow=0.5")
    rows = order_rows(4 * IN_FLIGHT)
    book = write_book(desk.folder / "orders.xlsx", rows)
    said_s: list[float] = []
    with gateway_before(practice) as gateway:
        running = desk.start("run", book, "--practice-at", gateway.base_url)
        practice.has_taken(IN_FLIGHT)
        gateway.is_down = True
        begun_s = time.monotonic()
        before = running.err.lower().count("waiting for")
        while (now_s := time.monotonic() - begun_s) < outage_s:
            said_s += [now_s] * (running.err.lower().count("waiting for") - before - len(said_s))
            time.sleep(0.02)
        gateway.is_down = False
        ended = running.wait()
    print(f"said after {', '.join(f'{at_s:.1f}' for at_s in said_s)} s of {outage_s:.0f}")

    # What was on its way as the outage began may never have arrived: then it is in doubt, and named.
    assert ended.code in {0, 5}, ended.words
    assert_nothing_twice_and_nothing_lost(practice, desk.run("report", "last", "--json").json, len(rows))
    moments = [0.0, *said_s, outage_s]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert gaps[0] < 1.0 + SLACK_S
    assert max(gaps) < SAID_AGAIN_S + SLACK_S


@pytest.mark.long
def test_one_lost_answer_costs_at_most_a_quarter_of_a_minute(desk: Desk) -> None:
    took_s = []
    for lost in (0, 20):
        practice = desk.practice()
        rows = order_rows(40)
        book = write_book(desk.folder / f"orders-{lost}.xlsx", rows)
        with gateway_before(practice, lost=lost) as gateway:
            begun_s = time.monotonic()
            ended = desk.run("run", book, "--practice-at", gateway.base_url, "--json")
            took_s.append(time.monotonic() - begun_s)
        assert ended.code == 0, ended.words
        assert_each_placed_once(practice, ended.json, len(rows))
    print(f"{took_s[0]:.1f} s, with a lost answer {took_s[1]:.1f} s")
    assert took_s[1] - took_s[0] < 15.0 + SLACK_S
