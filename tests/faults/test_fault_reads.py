"""Reading back: late, failing, drifting, clamped, unfiltered, changed and doubled. What is not proven absent stays in doubt."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fault_scenes import FINE, Desk, RawMarket, Spoilt, Told, first_post, line
from scripted_server import Play, http, http_bytes, raw, silence

from bulk_orders.core.lifecycle import State
from bulk_orders.core.settling import COMPLETE_READS
from bulk_orders.core.summary import Outcome
from bulk_orders.deciding import resendable
from bulk_orders.errors import ExitCode

LOST = Spoilt(play=lambda shown: http("504 Gateway Time-out", b"<html>", Content_Type="text/html"))
NEVER = Spoilt(play=LOST.play, is_taken=False)
BROKEN = {"message": "Broken.", "path": "/orders"}


def failing(status: str, **headers: str) -> Play:
    return http(status, json.dumps(BROKEN).encode(), **headers)


def look_again(desk: Desk, told: Told) -> State:
    """Once more, as `resolve` does."""
    current = desk.ledger.order(told.orders[0].key)
    assert current is not None
    told.engine.resolver.look_up(current)
    after = desk.ledger.order(current.key)
    assert after is not None
    return after.state


def absent_reads(desk: Desk, told: Told) -> int:
    current = desk.ledger.order(told.orders[0].key)
    assert current is not None
    return current.absent_reads


@pytest.mark.parametrize("lag_s", [1.0, 14.0, 60.0, 600.0])
def test_an_order_that_is_listed_late_is_read_for_until_it_shows(lag_s: float) -> None:
    with RawMarket(LOST, FINE) as market:
        desk = market.desk(profile={"settle_s": 900.0})
        market.on_take = lambda order: (
            setattr(order, "is_listed", False),
            desk.clock.after(lag_s, order.show),
        )
        told = desk.run([line(1)])
    assert (told.states, market.posts) == ([State.ACCEPTED], 1)


def test_an_order_listed_only_after_the_run_is_in_doubt_until_it_shows() -> None:
    with RawMarket(LOST) as market:
        desk = market.desk(profile={"settle_s": 60.0})
        market.on_take = lambda order: setattr(order, "is_listed", False)
        told = desk.run([line(1)])
        market.orders[0].show()
        again = desk.run([line(1)])
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
        desk = market.desk(read_deadline_s=0.1)
        market.on_post = lambda: setattr(market, "lists", lambda query: play)
        told = desk.run([line(1)])
        desk.clock.advance(1000.0)
        state = look_again(desk, told)
    assert (told.states, state, absent_reads(desk, told)) == ([State.UNKNOWN], State.UNKNOWN, 0)
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
        desk = market.desk()
        for number in range(4):
            market.take({"customerId": "c1", "ponumber": f"other {number}", "products": []})
        told = desk.run([line(1)])
        market.lists = lambda query: INCOMPLETE[name](market, query)
        desk.clock.advance(1000.0)
        states = {look_again(desk, told) for _ in range(COMPLETE_READS + 1)}
    assert (states, absent_reads(desk, told), market.posts) == ({State.UNKNOWN}, 0, 1)


def test_a_limit_that_is_lowered_without_a_word_costs_pages_and_no_row() -> None:
    with RawMarket(LOST) as market:
        desk = market.desk()
        market.lists = lambda query: clamped(market, query)
        for number in range(7):
            market.take({"customerId": "c1", "ponumber": f"other {number}", "products": []})
        market.orders.sort(key=lambda order: order.order_id)
        told = desk.run([line(1)])
    assert (told.states, market.posts) == ([State.ACCEPTED], 1)
    assert market.asked["list"] >= 8


def test_a_filter_that_is_ignored_neither_hides_our_order_nor_makes_another_ours() -> None:
    with RawMarket(FINE, LOST) as market:
        desk = market.desk()
        market.lists = lambda query: market.list_page({name: query[name] for name in ("offset", "limit")})
        for number in range(5):
            market.take({"customerId": f"c{number + 5}", "ponumber": f"other {number}", "products": []})
        told = desk.run([line(1), line(2)])
    assert told.states == [State.ACCEPTED, State.ACCEPTED]
    assert [order.order_id for order in told.orders] == ["9005", "9006"]


@pytest.mark.parametrize("skew_s", [-7200.0, -240.0, 240.0, 7200.0])
def test_a_marketplace_with_another_time_is_asked_in_its_own(skew_s: float) -> None:
    with RawMarket(LOST) as market:
        market.skew_s = skew_s
        told = market.desk().run([line(1)])
    assert (told.states, market.posts) == ([State.ACCEPTED], 1)


CHANGED = {
    "upper case": str.swapcase,
    "cut": lambda po: po[:10],
    "without its last letter": lambda po: po[:-1],
    "with something before": lambda po: f"ORD-{po}",
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_po_number_that_comes_back_changed_stops_the_run_before_the_second_order(name: str) -> None:
    quiet = Spoilt(play=lambda shown: http("201 Created", json.dumps({"id": shown["id"]}).encode()))
    with RawMarket(quiet) as market:
        desk = market.desk()
        market.keeps_po = lambda body: CHANGED[name](body["ponumber"])
        told = desk.run([line(1), line(2)])
    assert told.states == [State.ACCEPTED, State.PENDING]
    assert (market.posts, told.end.exit_code) == (1, ExitCode.SETUP_WRONG)
    assert "changed our PO number" in told.end.reason


def other_spelling(body: dict[str, Any]) -> str | None:
    return body.get("poNumber")


def test_a_spelling_that_is_not_read_stops_the_run_after_one_order_and_the_next_run_uses_the_other() -> None:
    with RawMarket() as market:
        desk = market.desk()
        market.keeps_po = other_spelling
        first = desk.run([line(1), line(2), line(3)])
        posts = market.posts
        second = desk.run([line(1), line(2), line(3)])
    assert (first.states, posts) == ([State.ACCEPTED, State.PENDING, State.PENDING], 1)
    assert 'does not read "ponumber". The next order says "poNumber"' in first.end.reason
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
    assert (second.engine.canary.po_name, second.engine.canary.is_proven(3)) == ("poNumber", True)


def test_where_no_spelling_is_kept_each_run_stops_after_one_order_with_a_sentence() -> None:
    with RawMarket() as market:
        desk = market.desk()
        market.keeps_po = lambda body: None
        first = desk.run([line(1), line(2), line(3)])
        second = desk.run([line(1), line(2), line(3)])
    assert (market.posts, first.end.exit_code, second.end.exit_code) == (
        2,
        ExitCode.TRY_AGAIN_LATER,
        ExitCode.SETUP_WRONG,
    )
    assert second.end.reason.startswith("The marketplace keeps no PO number, whichever way it is spelt.")
    assert "allow_unmarked" in second.end.reason


def test_who_allows_unmarked_orders_gets_them_and_a_lost_answer_is_found_by_content() -> None:
    with RawMarket(FINE, FINE, LOST, FINE) as market:
        desk = market.desk(profile={"allow_unmarked": True})
        market.keeps_po = lambda body: None
        desk.run([line(1)])
        told = desk.run([line(1), line(2), line(3), line(4)])
    assert (told.states, market.posts) == ([State.ACCEPTED] * 4, 4)
    assert [order.order_id for order in told.orders] == [order.order_id for order in market.orders]


def test_a_canary_that_cannot_be_read_back_stops_the_run_before_the_second_order() -> None:
    with RawMarket() as market:
        desk = market.desk()
        market.on_take = lambda order: setattr(order, "is_readable", False)
        told = desk.run([line(1), line(2)])
    assert (told.states, market.posts) == ([State.ACCEPTED, State.PENDING], 1)
    assert (told.end.exit_code, "cannot be read back yet" in told.end.reason) == (
        ExitCode.TRY_AGAIN_LATER,
        True,
    )


def test_a_404_right_after_the_order_was_taken_is_waited_out() -> None:
    with RawMarket() as market:
        desk = market.desk()
        market.on_take = lambda order: (
            setattr(order, "is_readable", False),
            desk.clock.after(25.0, order.show),
        )
        told = desk.run([line(1), line(2)])
    assert (told.states, market.posts, told.code) == ([State.ACCEPTED] * 2, 2, ExitCode.OK)


def test_three_orders_without_a_clear_answer_are_all_that_an_unproven_account_costs() -> None:
    with RawMarket(NEVER) as market:
        told = market.desk(profile={"stop_after": 0}).run([line(n) for n in range(1, 9)])
    assert told.states == [*[State.UNKNOWN] * 3, *[State.PENDING] * 5]
    assert (market.posts, told.code) == (3, ExitCode.OUTCOME_UNKNOWN)


def test_two_orders_with_one_po_number_are_a_duplicate_with_both_ids_and_the_time_to_cancel() -> None:
    with RawMarket(Spoilt(play=LOST.play, times=2)) as market:
        told = market.desk().run([line(1)])
    until = market.orders[0].created_at + timedelta(hours=168)
    assert (told.code, told.counts[Outcome.DUPLICATE]) == (ExitCode.OUTCOME_UNKNOWN, 1)
    assert "(id 9000)" in told.orders[0].message
    assert "(id 9001)" in told.orders[0].message
    assert f"before {until:%Y-%m-%d %H:%M} UTC" in told.orders[0].message


@pytest.mark.parametrize("lists_po", [True, False])
def test_a_duplicate_planted_beside_accepted_orders_is_found_by_the_audit(lists_po: bool) -> None:
    with RawMarket() as market:
        desk = market.desk()
        told = desk.run([line(n) for n in range(1, 6)])
        copied = market.orders[2]
        market.take(
            {"customerId": copied.customer_id, "ponumber": copied.po_number, "products": copied.products}
        )
        market.lists_po = lists_po
        findings = told.engine.audit()
        after = desk.ledger.order(told.orders[2].key)
    assert after is not None
    assert (findings.is_complete, findings.matched, findings.duplicates) == (True, 5, (after.key,))
    assert (after.code, after.order_id) == ("S-DUPLICATE", copied.order_id)
    assert all(f"(id {order_id})" in after.message for order_id in (copied.order_id, "9005"))
    assert f"{copied.created_at + timedelta(hours=168):%Y-%m-%d %H:%M} UTC" in after.message


def test_the_next_run_makes_the_audit_that_was_not_whole_although_it_sends_nothing() -> None:
    with RawMarket() as market:
        desk = market.desk()
        broken = failing("500 Internal Server Error")
        market.on_post = lambda: setattr(market, "lists", lambda query: broken)
        first = desk.run([line(1)])
        market.take(
            {
                "customerId": market.orders[0].customer_id,
                "ponumber": market.orders[0].po_number,
                "products": market.orders[0].products,
            }
        )
        market.lists = market.list_page
        second = desk.run([line(1)])
    assert first.end.findings is not None
    assert second.end.findings is not None
    assert (first.end.findings.is_complete, second.orders[0].attempts) == (False, 1)
    assert (second.code, second.end.findings.duplicates) == (
        ExitCode.OUTCOME_UNKNOWN,
        (second.orders[0].key,),
    )
    assert second.end.findings.alarms[0].startswith("row 2 of run run-1: ")


def test_an_accepted_order_that_the_marketplace_does_not_list_is_told_as_missing() -> None:
    with RawMarket() as market:
        desk = market.desk()
        told = desk.run([line(1), line(2)])
        market.orders[1].is_listed = False
        findings = told.engine.audit()
    assert (findings.matched, findings.missing) == (1, (told.orders[1].key,))


def test_an_audit_of_a_list_that_cannot_be_read_says_that_it_proves_nothing() -> None:
    with RawMarket() as market:
        desk = market.desk()
        told = desk.run([line(1)])
        market.lists = lambda query: failing("500 Internal Server Error")
        findings = told.engine.audit()
    assert (findings.is_complete, bool(findings.note)) == (False, True)


DIFFERENT: dict[str, dict[str, Any]] = {
    "quantity": {"products": [{"mpn": "M1", "quantity": 7}]},
    "product": {"products": [{"mpn": "M9", "quantity": 1}]},
    "customer": {"customerId": "c9"},
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_an_order_with_our_po_number_and_other_content_is_not_taken_for_ours(name: str) -> None:
    with RawMarket(NEVER) as market:
        desk = market.desk()
        first = desk.run([line(1)])
        market.take({**json.loads(first_post(market).body), **DIFFERENT[name]})
        again = desk.run([line(1)])
    assert (first.states, again.states, market.posts) == ([State.UNKNOWN], [State.UNKNOWN], 1)


@pytest.mark.parametrize("status", ["error", "cancelled"])
def test_an_order_found_in_trouble_exists_and_is_never_placed_again(status: str) -> None:
    with RawMarket(LOST) as market:
        desk = market.desk()
        market.on_take = lambda order: setattr(order, "status", status)
        first = desk.run([line(1)])
        again = desk.run([line(1)])
    assert (first.states, again.states, market.posts) == ([State.ACCEPTED], [State.ACCEPTED], 1)
    assert (first.code, first.counts[Outcome.ORDER_IN_ERROR]) == (ExitCode.SOME_FAILED, 1)


def test_absent_is_said_only_after_the_settle_window_and_three_complete_readings() -> None:
    with RawMarket(NEVER) as market:
        desk = market.desk()
        told = desk.run([line(1)])
        counted = []
        for _ in range(4):
            desk.clock.advance(200.0)
            look_again(desk, told)
            counted.append(absent_reads(desk, told))
        desk.clock.advance(200.0)
        for _ in range(COMPLETE_READS):
            before = tuple(resendable(_now(desk, told)))
            look_again(desk, told)
            counted.append(absent_reads(desk, told))
        after = resendable(_now(desk, told))
    assert counted == [0, 0, 0, 0, 1, 2, 3]
    assert (before, len(after), market.posts) == ((), 1, 1)


def test_the_settle_window_counts_from_the_moment_a_crash_is_noticed() -> None:
    """Bytes of a dead process may still be on their way when the next one starts."""
    with RawMarket(NEVER) as market:
        desk = market.desk()
        told = desk.run([line(1)])
        placed = replace(
            told.orders[0], state=State.IN_FLIGHT, doubtful_at=None, version=told.orders[0].version + 1
        )
        desk.ledger._orders[placed.key] = placed  # type: ignore[attr-defined]
        desk.clock.advance(5000.0)
        again = desk.run([line(1)])
        doubtful_at = _now(desk, again)[0].doubtful_at
        look_again(desk, again)
    assert (again.states, absent_reads(desk, again), market.posts) == ([State.UNKNOWN], 0, 1)
    assert desk.clock.now() - doubtful_at < timedelta(seconds=60)


def _now(desk: Desk, told: Told) -> list[Any]:
    return [desk.ledger.order(order.key) for order in told.orders]


def test_a_reading_that_differs_from_the_one_before_it_does_not_count() -> None:
    """Between the two passes another order of the customer came in."""
    with RawMarket(NEVER) as market:
        desk = market.desk()
        told = desk.run([line(1)])
        desk.clock.advance(1000.0)
        passes = iter(range(100))

        def moving(query: dict[str, str]) -> Play:
            market.take({"customerId": "c1", "ponumber": f"other {next(passes)}", "products": []})
            return market.list_page(query)

        market.lists = moving
        look_again(desk, told)
    assert (absent_reads(desk, told), market.posts) == (0, 1)


def test_a_list_without_po_numbers_is_opened_order_by_order() -> None:
    with RawMarket(LOST) as market:
        desk = market.desk()
        market.lists_po = False
        for number in range(3):
            market.take({"customerId": "c1", "ponumber": f"other {number}", "products": []})
        told = desk.run([line(1)])
    assert (told.orders[0].state, told.orders[0].order_id) == (State.ACCEPTED, "9003")


def test_more_orders_without_a_po_number_than_are_opened_leave_the_row_in_doubt() -> None:
    with RawMarket(NEVER) as market:
        desk = market.desk()
        market.lists_po = False
        for number in range(60):
            market.take({"customerId": "c1", "ponumber": f"other {number}", "products": []})
        told = desk.run([line(1)])
        desk.clock.advance(1000.0)
        look_again(desk, told)
    assert (told.states, absent_reads(desk, told)) == ([State.UNKNOWN], 0)


def test_an_order_whose_details_cannot_be_read_leaves_the_row_in_doubt() -> None:
    with RawMarket(LOST) as market:
        desk = market.desk()
        market.lists_po = False
        market.shows = lambda order_id: raw(http_bytes("500 Internal Server Error", b"{}"))
        told = desk.run([line(1)])
    assert (told.states, market.posts) == ([State.UNKNOWN], 1)
