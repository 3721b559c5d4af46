"""Ledgers that were deleted, restored, copied or used in turn: what was ordered is recognised, and only the rest is sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from engine_runs import ROWS, Runs, copied, line
from raw_market import FINE, NEVER, RawMarket
from scripted_server import http

from bulk_orders.core.lifecycle import State
from bulk_orders.errors import ExitCode, MarketplaceDown, RunError
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.sending.decisions import confirm
from bulk_orders.sending.events import WaitingForOthers

FORTY = [line(n, quantity="1") for n in range(1, 41)]
"""Forty orders of forty customers."""


def forgotten(runs: Runs) -> Runs:
    """The same machine with a new, empty ledger; nobody says that there was no other."""
    return replace(runs, ledger=MemoryLedger("new"), is_first_ever=False)


def with_older(runs: Runs, *, file: str) -> Runs:
    """The ledger as it is now, to be put back later; the runs goes on."""
    return replace(runs, ledger=copied(runs.ledger, file), number=100)


def waited_s(runs: Runs) -> float:
    """How long a run waited for other ledgers."""
    return max((event.wait_s for event in runs.events if isinstance(event, WaitingForOthers)), default=0.0)


def test_a_deleted_ledger_recognises_what_was_ordered_and_sends_only_the_rest() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run(ROWS[:3])
        told = forgotten(runs).run(ROWS)
    assert (told.states, market.posts, told.code) == ([State.ACCEPTED] * 5, 5, ExitCode.OK)
    assert [order.order_id for order in told.orders] == [order.order_id for order in market.orders]
    assert [order.attempts for order in told.orders] == [0, 0, 0, 1, 1]


def test_a_new_ledger_looks_twice_a_settle_window_apart_so_that_late_orders_are_seen() -> None:
    with RawMarket(FINE, FINE, NEVER, FINE) as market:
        runs = market.runs()
        runs.run(ROWS[:3])
        late = market.body(2)
        runs.clock.after(600.0, lambda: market.take(late))
        told = forgotten(runs).run(ROWS[:3])
    assert (told.states, market.posts) == ([State.ACCEPTED] * 3, 3)


def test_a_new_ledger_sends_nothing_while_the_marketplace_cannot_be_read() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run(ROWS[:1])
        market.lists = lambda query: http("500 Internal Server Error", b'{"message": "Broken."}')
        again = forgotten(runs)
        with pytest.raises(RunError, match="Nothing was sent"):
            again.run(ROWS)
    assert (market.posts, again.ledger.runs()) == (1, ())


def test_a_new_ledger_sends_nothing_while_the_list_is_not_complete() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run(ROWS[:1])
        market.lists = lambda query: market.page_of([], 7)
        with pytest.raises(MarketplaceDown, match="not complete"):
            forgotten(runs).run(ROWS)
    assert market.posts == 1


def test_the_wait_for_late_orders_can_be_stopped_and_then_nothing_was_sent() -> None:
    with RawMarket() as market:
        runs = forgotten(market.runs())
        runs.clock.wait = lambda seconds, stop: True  # type: ignore[method-assign]
        with pytest.raises(RunError, match="nothing was sent"):
            runs.run(ROWS)
    assert (market.posts, runs.ledger.runs()) == (0, ())


def test_an_edited_row_without_a_reference_is_held_with_the_earlier_order() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run([line(1, reference="")])
        told = runs.run([line(1, reference="", po_number="typed later")])
        inserted = runs.run([line(2), line(1, reference="")])
    assert (told.states, market.posts) == ([State.HELD], 2)
    assert inserted.states == [State.ACCEPTED, State.ACCEPTED]
    assert "SO9000" in told.orders[0].message


@pytest.mark.parametrize(
    "file",
    [
        pytest.param("another machine's", id="another file"),
        pytest.param("memory", id="the same file", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize(
    "later",
    [
        pytest.param(timedelta(hours=1), id="at once", marks=pytest.mark.long),
        pytest.param(timedelta(days=31), id="a month later"),
    ],
)
def test_a_ledger_put_back_with_all_beside_it_orders_nothing_again(file: str, later: timedelta) -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run([line(99)])
        older = with_older(runs, file=file)
        first = runs.run(FORTY)
        runs.clock.advance(later.total_seconds())
        told = older.run(FORTY)
    assert (len(market.orders), told.states, told.code) == (41, [State.ACCEPTED] * 40, ExitCode.OK)
    assert [order.order_id for order in told.orders] == [order.order_id for order in first.orders]


def test_a_copied_ledger_waits_once_for_what_its_other_copy_sent_and_no_other_time() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run([line(1)])
        copy = with_older(runs, file="another machine's")
        copy.run([line(2)])
        first_s = waited_s(copy)
        copy.events.clear()
        copy.run([line(3)])
    assert (first_s, waited_s(copy)) == (runs.profile.window_s, 0.0)


def test_a_backup_put_over_its_own_file_waits_when_the_marketplace_shows_what_it_does_not_know() -> None:
    with RawMarket(FINE, FINE, NEVER, FINE) as market:
        runs = market.runs()
        runs.run(ROWS[:1])
        older = with_older(runs, file="memory")
        runs.run(ROWS[:3])
        late = market.body(2)
        runs.clock.after(300.0, lambda: market.take(late))
        runs.events.clear()
        told = older.run(ROWS[:3])
    assert (len(market.orders), told.states, market.posts) == (3, [State.ACCEPTED] * 3, 3)
    assert 0 < waited_s(older) <= older.profile.window_s


@pytest.mark.parametrize("resumes", [False, True])
@pytest.mark.parametrize("file", ["another machine's", "memory"])
def test_a_ledger_put_back_from_the_middle_of_a_run_sends_nothing_twice(file: str, resumes: bool) -> None:
    with RawMarket() as market:
        runs = market.runs()
        saved: list[MemoryLedger] = []
        market.on_take = lambda order: saved or saved.append(copied(runs.ledger, file))
        first = runs.run(ROWS)
        back = replace(runs, ledger=saved[0], number=7)
        told = back.resume(first.run_id) if resumes else back.run(ROWS)
    assert (told.states, len(market.orders), market.posts) == ([State.ACCEPTED] * 5, 5, 5)


def test_rows_that_were_ordered_by_the_newer_ledger_are_known_whatever_is_ordered_before_them() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run(ROWS[:2])
        older = with_older(runs, file="another machine's")
        runs.run(ROWS)
        for number in range(6, 9):
            older.clock.advance(86400.0)
            older.run([line(number)])
        told = older.run(ROWS)
    assert (told.states, len(market.orders)) == ([State.ACCEPTED] * 5, 8)


def test_two_ledgers_in_turn_over_one_workbook_order_each_row_once() -> None:
    with RawMarket() as market:
        one = market.runs()
        other = replace(one, ledger=MemoryLedger("other"), number=100, is_first_ever=False)
        for number, runs in enumerate((one, other, one, other, one), 1):
            told = runs.run(FORTY[: 8 * number])
            runs.clock.advance(60.0)
    assert (len(market.orders), told.states) == (40, [State.ACCEPTED] * 40)


OWN_PO = [line(n, customer_id="c1", quantity="1", po_number="PO-7") for n in range(1, 4)]
"""Three rows that nobody can tell apart on the marketplace, under a PO number of the user's."""


def test_rows_under_the_users_own_po_number_are_adopted_one_to_one_once_they_were_known() -> None:
    with RawMarket() as market:
        runs = market.runs()
        saved: list[MemoryLedger] = []
        market.on_take = lambda order: saved or saved.append(copied(runs.ledger))
        runs.run(OWN_PO)
        told = replace(runs, ledger=saved[0], number=7).run(OWN_PO)
    assert len(market.orders) == 3
    assert State.PENDING not in told.states


def test_a_results_workbook_says_that_its_rows_were_known_so_a_lost_ledger_adopts_them() -> None:
    with RawMarket() as market:
        runs = market.runs()
        first = runs.run(OWN_PO)
        keys = {number: order.key for number, order in enumerate(first.orders, 2)}
        with_keys = forgotten(runs).run(OWN_PO, row_keys=keys)
        without = forgotten(runs).run(OWN_PO)
    assert len(market.orders) == 3
    assert with_keys.states == [State.ACCEPTED] * 3
    assert {order.order_id for order in with_keys.orders} == {order.order_id for order in market.orders}
    assert without.states == [State.HELD] * 3


def test_a_second_wanted_purchase_under_the_same_po_number_is_never_taken_for_the_first() -> None:
    with RawMarket() as market:
        market.take({"customerId": "c1", "ponumber": "PO-7", "products": [{"mpn": "M1", "quantity": 1}]})
        runs = market.runs()
        held = runs.run(OWN_PO[:1])
        (order,) = held.orders
        assert (held.states, market.posts) == ([State.HELD], 0)
        assert all(text in order.message for text in ("SO9000", "(id 9000)", "PO-7", "02:15 UTC"))
        confirmed(runs, order.key)
        told = runs.resume(held.run_id)
        again = runs.run(OWN_PO[:1])
    assert (told.states, again.states, market.posts) == ([State.ACCEPTED], [State.ACCEPTED], 1)
    assert told.orders[0].order_id == "9001"


def confirmed(runs: Runs, key: str) -> None:
    order = runs.ledger.order(key)
    assert order is not None
    confirm(runs.services(), order, reason="it is wanted")


@pytest.mark.parametrize(
    ("po_number", "quantity", "status", "states"),
    [
        ("typed by hand", 1, "completed", [State.HELD]),
        (None, 1, "completed", [State.HELD]),
        ("typed by hand", 1, "cancelled", [State.ACCEPTED]),
        ("PO-7", 2, "completed", [State.ACCEPTED]),
    ],
    ids=["other number", "no number", "cancelled", "other content under the user's number"],
)
def test_an_order_made_by_hand_holds_a_row_of_the_same_content(
    po_number: str | None, quantity: int, status: str, states: Sequence[State]
) -> None:
    with RawMarket() as market:
        products = [{"mpn": "M1", "quantity": quantity}]
        market.take({"customerId": "c1", "ponumber": po_number, "products": products}).status = status
        told = market.runs().run(OWN_PO[:1])
    assert told.states == states


def test_an_order_made_by_hand_months_ago_holds_nothing() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run([line(9)])
        market.take({"customerId": "c1", "ponumber": "X", "products": [{"mpn": "M1", "quantity": 1}]})
        runs.run([line(8)])
        runs.clock.advance(40 * 86400.0)
        told = runs.run(ROWS[:1])
    assert told.states == [State.ACCEPTED]


@pytest.mark.long
@pytest.mark.parametrize("number", [59, 300])
def test_orders_of_others_are_opened_once_ever_however_many_a_customer_has(number: int) -> None:
    with RawMarket() as market:
        for made in range(number):
            products = [{"mpn": "M9", "quantity": made + 1}]
            market.take({"customerId": "c1", "ponumber": f"X-{made}", "products": products})
        market.lists_po = False
        runs = market.runs()
        told = [runs.run([line(1, reference=f"S{turn}", mpn=f"M{turn}")]) for turn in range(3)]
        opened = [
            request.target.rpartition("/")[2]
            for request in market.requests
            if request.method == "GET" and request.target.rpartition("/")[2].startswith("9")
        ]
    assert [one.states for one in told] == [[State.ACCEPTED]] * 3
    assert {opened.count(str(9000 + made)) for made in range(number)} == {1}


def test_a_customer_with_many_orders_of_others_can_have_a_doubtful_row_sent_again() -> None:
    with RawMarket(NEVER, FINE) as market:
        for made in range(300):
            products = [{"mpn": "M9", "quantity": made + 1}]
            market.take({"customerId": "c1", "ponumber": f"X-{made}", "products": products})
        market.lists_po = False
        runs = market.runs()
        lost = runs.run(ROWS[:1])
        for _ in range(3):
            runs.clock.advance(1000.0)
            lost.engine.resolver.look_up(runs.ledger.order(lost.orders[0].key) or lost.orders[0])
        order = runs.ledger.order(lost.orders[0].key)
    assert order is not None
    assert (order.state, order.absent_reads >= 2) == (State.UNKNOWN, True)
