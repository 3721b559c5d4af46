"""Ledgers that were deleted, restored or forgot: what was ordered is recognised, and only the rest is sent."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from engine_runs import ROWS, Runs, copied, line
from raw_market import FINE, NEVER, RawMarket
from scripted_server import http
from sending_parts import MemoryLedgerAge

from bulk_orders.core.lifecycle import State
from bulk_orders.errors import ExitCode, MarketplaceDown, RunError
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.sending.ledger_age import LedgerAgeFile


def forgotten(runs: Runs) -> Runs:
    """The same machine with a new, empty ledger; nobody says that there was no other."""
    return replace(runs, ledger=MemoryLedger(), is_first_ever=False, ledger_age=MemoryLedgerAge())


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
        with pytest.raises(MarketplaceDown, match="Nothing was sent"):
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


def test_a_ledger_restored_from_before_the_last_run_is_noticed_by_the_count_of_runs() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run(ROWS[:2])
        old = copied(runs.ledger)
        runs.run(ROWS)
        told = replace(runs, ledger=old, number=7).run(ROWS)
    assert (told.states, market.posts) == ([State.ACCEPTED] * 5, 5)


def test_a_ledger_restored_from_the_middle_of_the_last_run_sends_nothing_twice() -> None:
    """The copy knows the run, so counting runs shows nothing; its orders look as if they were never sent."""
    with RawMarket() as market:
        runs = market.runs()
        saved: list[MemoryLedger] = []
        market.on_take = lambda order: saved or saved.append(copied(runs.ledger))
        runs.run(ROWS)
        told = replace(runs, ledger=saved[0], number=7).run(ROWS)
    assert (told.states, len(market.orders), market.posts) == ([State.ACCEPTED] * 5, 5, 5)


def test_a_run_resumed_with_a_ledger_restored_from_its_middle_sends_nothing_twice() -> None:
    with RawMarket() as market:
        runs = market.runs()
        saved: list[MemoryLedger] = []
        market.on_take = lambda order: saved or saved.append(copied(runs.ledger))
        first = runs.run(ROWS)
        told = replace(runs, ledger=saved[0]).resume(first.run_id)
    assert (told.states, len(market.orders), market.posts) == ([State.ACCEPTED] * 5, 5, 5)


def restored(runs: Runs) -> Runs:
    """The ledger is put back from before its last run, and another workbook is run with it."""
    old = copied(runs.ledger)
    runs.run(ROWS)
    later = replace(runs, ledger=old, number=7)
    later.run([line(6)])
    return later


def test_orders_that_a_ledger_lost_are_looked_for_in_every_later_workbook_not_only_in_the_next() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run(ROWS[:2])
        later = restored(runs)
        begun_s = later.clock.monotonic()
        told = later.run(ROWS)
        waited_s = later.clock.monotonic() - begun_s
    assert (told.states, market.posts) == ([State.ACCEPTED] * 5, 6)
    assert waited_s < later.profile.window_s  # once was enough for what might have been on its way


def test_a_copy_from_before_a_ledger_was_deleted_is_younger_than_the_ledger_that_came_after_it() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run(ROWS[:2])
        old = copied(runs.ledger)
        replace(runs, ledger=MemoryLedger(), is_first_ever=False, number=3).run(ROWS[:3])
        told = replace(runs, ledger=old, number=7).run(ROWS[:3])
    assert (told.states, market.posts) == ([State.ACCEPTED] * 3, 3)


def test_the_count_of_runs_survives_in_a_file_of_its_own_that_may_be_lost_or_broken(tmp_path: Path) -> None:
    path = tmp_path / "ledger-age.json"
    ledger_age = LedgerAgeFile(path, monotonic=itertools.count().__next__)
    ledger_age.record("a", lambda: 3)
    ledger_age.record("a", lambda: 2)
    assert (ledger_age.age("a"), LedgerAgeFile(path, monotonic=itertools.count().__next__).age("b")) == (3, 0)
    path.write_text("{broken")
    assert ledger_age.age("a") == 0


def test_a_ledger_that_forgot_holds_a_row_that_looks_like_an_order_without_our_po_number() -> None:
    with RawMarket() as market:
        market.take({"customerId": "c1", "ponumber": None, "products": [{"mpn": "M1", "quantity": 1}]})
        told = forgotten(market.runs()).run(ROWS[:2])
    assert (told.states, market.posts) == ([State.HELD, State.ACCEPTED], 1)
    assert "SO9000" in told.orders[0].message


def test_an_edited_row_without_a_reference_is_held_with_the_earlier_order() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run([line(1, reference="")])
        told = runs.run([line(1, reference="", po_number="typed later")])
        inserted = runs.run([line(2), line(1, reference="")])
    assert (told.states, market.posts) == ([State.HELD], 2)
    assert inserted.states == [State.ACCEPTED, State.ACCEPTED]
    assert "SO9000" in told.orders[0].message
