"""Orders that are there twice, are missing, differ from ours or are in trouble: each is told as what it is."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from engine_runs import line
from raw_market import LOST, NEVER, RawMarket, Spoilt, failing, first_post

from bulk_orders.core.lifecycle import State
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.memory import MemoryLedger


def test_two_orders_with_one_po_number_are_a_duplicate_with_both_ids_and_the_time_to_cancel() -> None:
    with RawMarket(Spoilt(play=LOST.play, times=2)) as market:
        told = market.runs().run([line(1)])
    until = market.orders[0].created_at + timedelta(hours=168)
    assert (told.code, told.counts[Outcome.DUPLICATE]) == (ExitCode.OUTCOME_UNKNOWN, 1)
    assert "(id 9000)" in told.orders[0].message
    assert "(id 9001)" in told.orders[0].message
    assert f"before {until:%Y-%m-%d %H:%M} UTC" in told.orders[0].message


@pytest.mark.parametrize("lists_po", [True, False])
def test_a_duplicate_planted_beside_accepted_orders_is_found_by_the_audit(lists_po: bool) -> None:
    with RawMarket() as market:
        runs = market.runs()
        told = runs.run([line(n) for n in range(1, 6)])
        copied = market.orders[2]
        market.take(
            {"customerId": copied.customer_id, "ponumber": copied.po_number, "products": copied.products}
        )
        market.lists_po = lists_po
        findings = told.engine.audit()
        after = runs.ledger.order(told.orders[2].key)
    assert after is not None
    assert (findings.is_whole, findings.matched) == (True, 5)
    assert [(twice.key, len(twice.orders)) for twice in findings.duplicates] == [(after.key, 2)]
    assert (after.code, after.order_id) == ("S-DUPLICATE", copied.order_id)
    assert all(f"(id {order_id})" in after.message for order_id in (copied.order_id, "9005"))
    assert f"{copied.created_at + timedelta(hours=168):%Y-%m-%d %H:%M} UTC" in after.message


def test_the_audit_of_a_later_run_sees_that_what_was_too_many_is_cancelled() -> None:
    with RawMarket() as market:
        runs = market.runs()
        first = runs.run([line(1)])
        placed = market.orders[0]
        market.take(
            {"customerId": placed.customer_id, "ponumber": placed.po_number, "products": placed.products}
        )
        first.engine.audit()
        later = runs.run([line(1)])
        twice = runs.ledger.order(first.orders[0].key)
        market.orders[1].status = "cancelled"
        later.engine.audit()
        after = runs.ledger.order(first.orders[0].key)
    assert twice is not None
    assert after is not None
    assert (twice.code, after.code) == ("S-DUPLICATE", "")


def test_the_next_run_makes_the_audit_that_was_not_whole_although_it_sends_nothing() -> None:
    with RawMarket() as market:
        runs = market.runs()
        broken = failing("500 Internal Server Error")
        market.on_post = lambda: setattr(market, "lists", lambda query: broken)
        first = runs.run([line(1)])
        market.take(
            {
                "customerId": market.orders[0].customer_id,
                "ponumber": market.orders[0].po_number,
                "products": market.orders[0].products,
            }
        )
        market.lists = market.list_page
        second = runs.run([line(1)])
    assert first.end.findings is not None
    assert second.end.findings is not None
    assert (first.end.findings.is_whole, second.orders[0].attempts) == (False, 1)
    assert second.code is ExitCode.OUTCOME_UNKNOWN
    assert [twice.key for twice in second.end.findings.duplicates] == [second.orders[0].key]
    assert second.end.findings.alarms[0].startswith("row 2 of run run-1: ")


def test_an_order_that_was_recognised_weeks_after_it_was_made_is_compared_and_not_called_missing() -> None:
    with RawMarket() as market:
        first = market.runs()
        first.run([line(1)])
        first.clock.advance(timedelta(days=25).total_seconds())
        runs = replace(first, ledger=MemoryLedger("new"), is_first_ever=False)
        recognised = runs.run([line(1)])
        runs.run([line(2)])
        findings = recognised.engine.audit()
    assert recognised.orders[0].attempts == 0
    assert (findings.is_whole, findings.missing) == (True, ())


def test_an_accepted_order_that_the_marketplace_does_not_list_is_told_as_missing() -> None:
    with RawMarket() as market:
        runs = market.runs()
        told = runs.run([line(1), line(2)])
        market.orders[1].is_listed = False
        runs.clock.advance(runs.profile.window_s or 0.0)
        findings = told.engine.audit()
    assert (findings.matched, findings.missing) == (1, (told.orders[1].key,))


def test_an_audit_of_a_list_that_cannot_be_read_says_that_it_proves_nothing() -> None:
    with RawMarket() as market:
        runs = market.runs()
        told = runs.run([line(1)])
        market.lists = lambda query: failing("500 Internal Server Error")
        findings = told.engine.audit()
    assert (findings.is_whole, bool(findings.note)) == (False, True)


DIFFERENT: dict[str, dict[str, Any]] = {
    "quantity": {"products": [{"mpn": "M1", "quantity": 7}]},
    "product": {"products": [{"mpn": "M9", "quantity": 1}]},
    "customer": {"customerId": "c9"},
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_an_order_with_our_po_number_and_other_content_is_not_taken_for_ours(name: str) -> None:
    with RawMarket(NEVER) as market:
        runs = market.runs()
        first = runs.run([line(1)])
        market.take({**json.loads(first_post(market).body), **DIFFERENT[name]})
        again = runs.run([line(1)])
    assert (first.states, again.states, market.posts) == ([State.UNKNOWN], [State.UNKNOWN], 1)


@pytest.mark.parametrize(
    ("status", "kind"), [("error", Outcome.ORDER_IN_ERROR), ("cancelled", Outcome.ORDER_CANCELLED)]
)
def test_an_order_found_in_trouble_exists_and_is_never_placed_again(status: str, kind: Outcome) -> None:
    with RawMarket(LOST) as market:
        runs = market.runs()
        market.on_take = lambda order: setattr(order, "status", status)
        first = runs.run([line(1)])
        again = runs.run([line(1)])
    assert (first.states, again.states, market.posts) == ([State.ACCEPTED], [State.ACCEPTED], 1)
    assert (first.code, first.counts[kind]) == (ExitCode.SOME_FAILED, 1)


def test_all_duplicates_are_told_however_many_orders_of_others_there_are() -> None:
    rows = [line(n, customer_id=f"c{n % 3}", quantity="1") for n in range(1, 67)]
    with RawMarket() as market:
        for number in range(60):
            products = [{"mpn": "M9", "quantity": number + 1}]
            market.take({"customerId": "c1", "ponumber": f"X-{number}", "products": products})
        runs = market.runs()
        told = runs.run(rows)
        for made in market.orders[60:]:
            market.take(
                {"customerId": made.customer_id, "ponumber": made.po_number, "products": made.products}
            )
        market.lists_po = False
        second = runs.run(rows)
        again = runs.run(rows)
    assert told.code is ExitCode.OK
    assert second.end.findings is not None
    assert len(second.end.findings.duplicates) == 66
    assert (second.code, second.counts[Outcome.DUPLICATE], again.code) == (
        ExitCode.OUTCOME_UNKNOWN,
        66,
        ExitCode.OUTCOME_UNKNOWN,
    )


def late(market: RawMarket, seconds: float) -> None:
    """From now on orders are listed so long after they are made."""

    def hide(order: Any) -> None:
        order.is_listed = False
        market.clock.after(seconds, lambda: setattr(order, "is_listed", True))

    market.on_take = hide


def test_an_audit_waits_out_a_list_that_is_late() -> None:
    with RawMarket() as market:
        late(market, 30.0)
        told = market.runs().run([line(n) for n in range(1, 6)])
    assert told.end.findings is not None
    assert (told.code, told.end.findings.is_whole, told.end.findings.matched) == (ExitCode.OK, True, 5)


def test_a_list_that_is_later_than_the_audit_waits_leaves_it_to_the_next_run() -> None:
    with RawMarket() as market:
        late(market, 400.0)
        runs = market.runs()
        told = runs.run([line(n) for n in range(1, 4)])
        runs.clock.advance(500.0)
        again = runs.run([line(n) for n in range(1, 4)])
    assert told.end.findings is not None
    assert (told.code, told.end.findings.is_whole) == (ExitCode.TRY_AGAIN_LATER, False)
    assert told.end.findings.note == "3 orders that were accepted are not on the marketplace's list yet."
    assert again.end.findings is not None
    assert (again.code, again.end.findings.is_whole, again.end.findings.matched) == (ExitCode.OK, True, 3)


@pytest.mark.parametrize("lists_po", [True, False])
def test_a_ledger_that_was_lost_before_its_audit_tells_what_a_gateway_repeated(lists_po: bool) -> None:
    rows = [line(n, customer_id="c1", quantity=str(n)) for n in range(1, 4)]
    with RawMarket() as market:
        runs = market.runs()
        runs.run(rows)
        twice = market.orders[2]
        market.take({"customerId": "c1", "ponumber": twice.po_number, "products": twice.products})
        market.lists_po = lists_po
        lost = replace(runs, ledger=MemoryLedger("new"), is_first_ever=False)
        told = lost.run(rows[:2])
    assert (told.states, market.posts) == ([State.ACCEPTED] * 2, 3)
    assert told.end.findings is not None
    assert (told.code, len(told.end.findings.alarms)) == (ExitCode.OUTCOME_UNKNOWN, 1)
    assert all(f"(id {order_id})" in told.end.findings.alarms[0] for order_id in ("9002", "9003"))


def test_an_audit_of_recognised_orders_that_was_not_whole_is_made_by_the_next_run() -> None:
    with RawMarket() as market:
        runs = market.runs()
        runs.run([line(1)])
        lost = replace(runs, ledger=MemoryLedger("new"), is_first_ever=False)
        lost.run([line(1)])
        lost.ledger.record_reading(
            replace(lost.ledger.account(str(lost.profile.account)), audited_up_to=None), []
        )
        again = lost.run([line(1)])
    assert again.end.findings is not None
    assert (again.code, again.end.findings.is_whole, again.end.findings.matched) == (ExitCode.OK, True, 1)


@pytest.mark.parametrize("days", [10, 40])
def test_what_was_never_compared_is_compared_by_the_next_run_however_old_it_is(days: int) -> None:
    """The first run was killed before its comparison, and a gateway had sent its order twice."""
    with RawMarket() as market:
        runs = market.runs()
        runs.run([line(1)])
        once = market.orders[0]
        market.take({"customerId": once.customer_id, "ponumber": once.po_number, "products": once.products})
        runs.ledger.record_reading(
            replace(runs.ledger.account(str(runs.profile.account)), audited_up_to=None), []
        )
        market.clock.advance(timedelta(days=days).total_seconds())
        told = runs.run([line(1), line(2)])
    assert (told.code, told.counts[Outcome.DUPLICATE]) == (ExitCode.OUTCOME_UNKNOWN, 1)
