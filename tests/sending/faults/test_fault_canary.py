"""What the first order proves: a PO number that comes back changed, misspelt or not at all stops the run before the second."""

import json
from dataclasses import replace
from typing import Any

import pytest
from engine_runs import copied, line
from raw_market import FINE, LOST, NEVER, RawMarket, Spoilt
from scripted_server import http

from bulk_orders.core.identity import is_marker
from bulk_orders.core.lifecycle import State
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.memory import MemoryLedger

CHANGED = {
    "upper case": str.swapcase,
    "cut too short": lambda po: po[:9],
    "with something before": lambda po: f"ORD-{po}",
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_po_number_that_comes_back_changed_stops_the_run_before_the_second_order(name: str) -> None:
    quiet = Spoilt(play=lambda shown: http("201 Created", json.dumps({"id": shown["id"]}).encode()))
    with RawMarket(quiet) as market:
        runs = market.runs()
        market.keeps_po = lambda body: CHANGED[name](body["ponumber"])
        told = runs.run([line(1), line(2)])
    assert told.states == [State.ACCEPTED, State.PENDING]
    assert (market.posts, told.end.exit_code) == (1, ExitCode.SETUP_WRONG)
    assert "changed our PO number" in told.end.reason


@pytest.mark.parametrize("length", [10, 14, 16])
def test_a_platform_that_cuts_po_numbers_leaves_no_row_in_doubt(length: int) -> None:
    rows = [line(1), line(2), line(3, po_number="PO-2026-11-00003"), line(4)]
    with RawMarket(FINE, LOST, FINE) as market:
        runs = market.runs()
        market.keeps_po = lambda body: body["ponumber"][:length]
        told = runs.run(rows)
        later = runs.run([line(5)])
        copy = replace(runs, ledger=copied(runs.ledger), number=9)
        again = copy.run([*rows, line(5)])
    assert (told.states, told.code, later.states) == ([State.ACCEPTED] * 4, ExitCode.OK, [State.ACCEPTED])
    assert (again.states, len(market.orders)) == ([State.ACCEPTED] * 5, 5)
    assert [len(order.marker) for order in later.orders] == [min(length, 15)]
    assert is_marker(later.orders[0].marker)


def test_a_ledger_that_does_not_know_that_po_numbers_are_cut_recognises_its_orders() -> None:
    with RawMarket() as market:
        runs = market.runs()
        market.keeps_po = lambda body: body["ponumber"][:10]
        runs.run([line(n) for n in range(1, 4)])
        lost = replace(runs, ledger=MemoryLedger("new"), is_first_ever=False)
        told = lost.run([line(n) for n in range(1, 5)])
    assert (told.states, len(market.orders)) == ([State.ACCEPTED] * 4, 4)


def other_spelling(body: dict[str, Any]) -> str | None:
    return body.get("poNumber")


def test_a_spelling_that_is_not_read_stops_the_run_after_one_order_and_the_next_run_uses_the_other() -> None:
    with RawMarket() as market:
        runs = market.runs()
        market.keeps_po = other_spelling
        first = runs.run([line(1), line(2), line(3)])
        posts = market.posts
        second = runs.run([line(1), line(2), line(3)])
    assert (first.states, posts) == ([State.ACCEPTED, State.PENDING, State.PENDING], 1)
    assert 'does not read "ponumber". The next order uses "poNumber"' in first.end.reason
    assert (second.states, market.posts, second.code) == ([State.ACCEPTED] * 3, 3, ExitCode.OK)
    assert [
        "poNumber" in json.loads(request.body)
        for request in market.sent_to("/orders")
        if request.method == "POST"
    ] == [
        False,
        True,
        True,
    ]
    assert (second.engine.facts.po_name, second.engine.canary.is_proven(3)) == ("poNumber", True)


def test_where_no_spelling_is_kept_each_run_stops_after_one_order_with_a_sentence() -> None:
    with RawMarket() as market:
        runs = market.runs()
        market.keeps_po = lambda body: None
        first = runs.run([line(1), line(2), line(3)])
        second = runs.run([line(1), line(2), line(3)])
    assert (market.posts, first.end.exit_code, second.end.exit_code) == (
        2,
        ExitCode.TRY_AGAIN_LATER,
        ExitCode.SETUP_WRONG,
    )
    assert second.end.reason.startswith("The marketplace keeps no PO number, whichever spelling is used.")
    assert "allow_unmarked" in second.end.reason


def test_who_allows_unmarked_orders_gets_them_and_a_lost_answer_is_found_by_content() -> None:
    with RawMarket(FINE, FINE, LOST, FINE) as market:
        runs = market.runs(profile={"allow_unmarked": True})
        market.keeps_po = lambda body: None
        runs.run([line(1)])
        told = runs.run([line(1), line(2), line(3), line(4)])
    assert (told.states, market.posts) == ([State.ACCEPTED] * 4, 4)
    assert [order.order_id for order in told.orders] == [order.order_id for order in market.orders]


def test_a_canary_that_cannot_be_read_back_stops_the_run_before_the_second_order() -> None:
    with RawMarket() as market:
        runs = market.runs()
        market.on_take = lambda order: setattr(order, "is_readable", False)
        told = runs.run([line(1), line(2)])
    assert (told.states, market.posts) == ([State.ACCEPTED, State.PENDING], 1)
    assert (told.end.exit_code, "cannot be read back yet" in told.end.reason) == (
        ExitCode.TRY_AGAIN_LATER,
        True,
    )


def test_a_404_right_after_the_order_was_taken_is_waited_out() -> None:
    with RawMarket() as market:
        runs = market.runs()
        market.on_take = lambda order: (
            setattr(order, "is_readable", False),
            runs.clock.after(25.0, order.show),
        )
        told = runs.run([line(1), line(2)])
    assert (told.states, market.posts, told.code) == ([State.ACCEPTED] * 2, 2, ExitCode.OK)


def test_three_orders_without_a_clear_answer_are_all_that_an_unproven_account_costs() -> None:
    with RawMarket(NEVER) as market:
        told = market.runs(profile={"stop_after": 0}).run([line(n) for n in range(1, 9)])
    assert told.states == [*[State.UNKNOWN] * 3, *[State.PENDING] * 5]
    assert (market.posts, told.code) == (3, ExitCode.OUTCOME_UNKNOWN)
