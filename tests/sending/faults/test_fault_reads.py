"""Reading back: late, failing, drifting, clamped and unfiltered. What is not proven absent stays in doubt."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from engine_runs import Runs, Told, line
from raw_market import FINE, LOST, NEVER, RawMarket, failing
from scripted_server import Play, http, http_bytes, raw, silence

from bulk_orders.core.lifecycle import State
from bulk_orders.core.settling import COMPLETE_READS
from bulk_orders.errors import ExitCode
from bulk_orders.sending.decisions import resendable


def look_again(runs: Runs, told: Told) -> State:
    """Once more, as `resolve` does."""
    current = runs.ledger.order(told.orders[0].key)
    assert current is not None
    told.engine.resolver.look_up(current)
    after = runs.ledger.order(current.key)
    assert after is not None
    return after.state


def absent_reads(runs: Runs, told: Told) -> int:
    current = runs.ledger.order(told.orders[0].key)
    assert current is not None
    return current.absent_reads


@pytest.mark.parametrize("lag_s", [1.0, 14.0, 60.0, 600.0])
def test_an_order_that_is_listed_late_is_read_for_until_it_shows(lag_s: float) -> None:
    with RawMarket(LOST, FINE) as market:
        runs = market.runs(profile={"settle_s": 900.0})
        market.on_take = lambda order: (
            setattr(order, "is_listed", False),
            runs.clock.after(lag_s, order.show),
        )
        told = runs.run([line(1)])
    assert (told.states, market.posts) == ([State.ACCEPTED], 1)


def test_an_order_listed_only_after_the_run_is_in_doubt_until_it_shows() -> None:
    with RawMarket(LOST) as market:
        runs = market.runs(profile={"settle_s": 60.0})
        market.on_take = lambda order: setattr(order, "is_listed", False)
        told = runs.run([line(1)])
        market.orders[0].show()
        again = runs.run([line(1)])
    assert (told.states, told.code) == ([State.UNKNOWN], ExitCode.OUTCOME_UNKNOWN)
    assert (again.states, again.code, market.posts) == ([State.ACCEPTED], ExitCode.OK, 1)


@pytest.mark.parametrize(
    "play",
    [
        failing("500 Internal Server Error"),
        failing("429 Too Many Requests", Retry_After="1"),
        http("200 OK", b"<html>", Content_Type="text/html"),
        http("200 OK", b'{"data": ['),
        raw(b"", closes=True),
        silence(),
    ],
    ids=["500", "429", "html", "cut", "closed", "silence"],
)
def test_a_failed_reading_is_no_evidence_and_the_row_stays_in_doubt(play: Play) -> None:
    with RawMarket(NEVER) as market:
        runs = market.runs(read_deadline_s=0.1)
        market.on_post = lambda: setattr(market, "lists", lambda query: play)
        told = runs.run([line(1)])
        runs.clock.advance(1000.0)
        state = look_again(runs, told)
    assert (told.states, state, absent_reads(runs, told)) == ([State.UNKNOWN], State.UNKNOWN, 0)
    assert market.posts == 1


Lists = Callable[[RawMarket, dict[str, str]], Play]


def drifting(market: RawMarket, query: dict[str, str]) -> Play:
    """The second page begins one row late: something new came in between."""
    rows = [order.shown() for order in market.listed({})]
    offset = int(query["offset"])
    return market.page_of(
        rows[offset : offset + 2] if offset == 0 else rows[offset - 1 : offset + 1], len(rows)
    )


def clamped(market: RawMarket, query: dict[str, str]) -> Play:
    """One row a page, whatever was asked for."""
    rows = [order.shown() for order in market.listed(query)]
    return market.page_of(rows[int(query["offset"]) : int(query["offset"]) + 1], len(rows))


def short(market: RawMarket, query: dict[str, str]) -> Play:
    rows = [order.shown() for order in market.listed(query)]
    return market.page_of(rows[int(query["offset"]) :][:1], len(rows) + 1)


def uncounted(market: RawMarket, query: dict[str, str]) -> Play:
    return market.told({"data": [order.shown() for order in market.listed(query)]})


def growing(market: RawMarket, query: dict[str, str]) -> Play:
    """Another total on the last page than on the first."""
    rows = [order.shown() for order in market.listed(query)]
    offset = int(query["offset"])
    return market.page_of(rows[offset : offset + 1], len(rows) + (1 if offset else 0))


INCOMPLETE: dict[str, Lists] = {
    "Q3 drifting": drifting,
    "Q3 growing": growing,
    "Q5 more counted than shown": short,
    "Q5 not counted": uncounted,
    "Q5 negative": lambda market, query: market.page_of([], -1),
    "Q5 text": lambda market, query: market.page_of([], "many"),
}


@pytest.mark.parametrize("name", INCOMPLETE)
def test_a_list_that_may_lack_rows_proves_nothing_absent(name: str) -> None:
    with RawMarket(NEVER) as market:
        runs = market.runs()
        for number in range(4):
            market.take({"customerId": "c1", "ponumber": f"other {number}", "products": []})
        told = runs.run([line(1)])
        market.lists = lambda query: INCOMPLETE[name](market, query)
        runs.clock.advance(1000.0)
        states = {look_again(runs, told) for _ in range(COMPLETE_READS + 1)}
    assert (states, absent_reads(runs, told), market.posts) == ({State.UNKNOWN}, 0, 1)


def test_a_limit_that_is_lowered_without_a_word_costs_pages_and_no_row() -> None:
    with RawMarket(LOST) as market:
        runs = market.runs()
        market.lists = lambda query: clamped(market, query)
        for number in range(7):
            market.take({"customerId": "c1", "ponumber": f"other {number}", "products": []})
        market.orders.sort(key=lambda order: order.order_id)
        told = runs.run([line(1)])
    assert (told.states, market.posts) == ([State.ACCEPTED], 1)
    assert market.asked["list"] >= 8


def test_a_filter_that_is_ignored_neither_hides_our_order_nor_makes_another_ours() -> None:
    with RawMarket(FINE, LOST) as market:
        runs = market.runs()
        market.lists = lambda query: market.list_page({name: query[name] for name in ("offset", "limit")})
        for number in range(5):
            market.take({"customerId": f"c{number + 5}", "ponumber": f"other {number}", "products": []})
        told = runs.run([line(1), line(2)])
    assert told.states == [State.ACCEPTED, State.ACCEPTED]
    assert [order.order_id for order in told.orders] == ["9005", "9006"]


@pytest.mark.parametrize("skew_s", [-7200.0, -240.0, 240.0, 7200.0])
def test_a_marketplace_with_another_time_is_asked_in_its_own(skew_s: float) -> None:
    with RawMarket(LOST) as market:
        market.skew_s = skew_s
        told = market.runs().run([line(1)])
    assert (told.states, market.posts) == ([State.ACCEPTED], 1)


def test_absent_is_said_only_after_the_settle_window_and_three_complete_readings() -> None:
    with RawMarket(NEVER) as market:
        runs = market.runs()
        told = runs.run([line(1)])
        counted = []
        for _ in range(4):
            runs.clock.advance(200.0)
            look_again(runs, told)
            counted.append(absent_reads(runs, told))
        runs.clock.advance(200.0)
        for _ in range(COMPLETE_READS):
            before = tuple(resendable(_now(runs, told)))
            look_again(runs, told)
            counted.append(absent_reads(runs, told))
        after = resendable(_now(runs, told))
    assert counted == [0, 0, 0, 0, 1, 2, 3]
    assert (before, len(after), market.posts) == ((), 1, 1)


def test_the_settle_window_counts_from_the_moment_a_crash_is_noticed() -> None:
    """Bytes of a dead process may still be on their way when the next one starts."""
    with RawMarket(NEVER) as market:
        runs = market.runs()
        told = runs.run([line(1)])
        placed = replace(
            told.orders[0], state=State.IN_FLIGHT, doubtful_at=None, version=told.orders[0].version + 1
        )
        runs.ledger._orders[placed.key] = placed  # type: ignore[attr-defined]
        runs.clock.advance(5000.0)
        again = runs.run([line(1)])
        doubtful_at = _now(runs, again)[0].doubtful_at
        look_again(runs, again)
    assert (again.states, absent_reads(runs, again), market.posts) == ([State.UNKNOWN], 0, 1)
    assert runs.clock.now() - doubtful_at < timedelta(seconds=60)


def _now(runs: Runs, told: Told) -> list[Any]:
    return [runs.ledger.order(order.key) for order in told.orders]


def test_a_reading_that_differs_from_the_one_before_it_does_not_count() -> None:
    """Between the two passes another order of the customer came in."""
    with RawMarket(NEVER) as market:
        runs = market.runs()
        told = runs.run([line(1)])
        runs.clock.advance(1000.0)
        passes = iter(range(100))

        def moving(query: dict[str, str]) -> Play:
            market.take({"customerId": "c1", "ponumber": f"other {next(passes)}", "products": []})
            return market.list_page(query)

        market.lists = moving
        look_again(runs, told)
    assert (absent_reads(runs, told), market.posts) == (0, 1)


def test_a_list_without_po_numbers_is_opened_order_by_order() -> None:
    with RawMarket(LOST) as market:
        runs = market.runs()
        market.lists_po = False
        for number in range(3):
            market.take({"customerId": "c1", "ponumber": f"other {number}", "products": []})
        told = runs.run([line(1)])
    assert (told.orders[0].state, told.orders[0].order_id) == (State.ACCEPTED, "9003")


def test_an_order_whose_details_cannot_be_read_leaves_the_row_in_doubt() -> None:
    with RawMarket(LOST) as market:
        runs = market.runs()
        market.lists_po = False
        market.shows = lambda order_id: raw(http_bytes("500 Internal Server Error", b"{}"))
        told = runs.run([line(1)])
    assert (told.states, market.posts) == ([State.UNKNOWN], 1)
