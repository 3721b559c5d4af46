"""What people say of doubtful rows: words that do not fit the facts are refused, the others are kept with their reason."""

import json
from datetime import timedelta

import pytest
from engine_runs import Runs, Told, line
from raw_market import FINE, NEVER, RawMarket
from scripted_server import http

from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.core.settling import COMPLETE_READS
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import GuardStopped, UsageError
from bulk_orders.runs.report import result_words
from bulk_orders.sending.decisions import confirm, drop, resendable, say_absent, say_present, waiting_words


def doubtful(market: RawMarket) -> tuple[Runs, Told, OrderRecord]:
    """One row placed, one in doubt that was never taken."""
    runs = market.runs()
    told = runs.run([line(1), line(2)])
    assert told.states == [State.ACCEPTED, State.UNKNOWN]
    return runs, told, told.orders[1]


def fresh(runs: Runs, order: OrderRecord) -> OrderRecord:
    found = runs.ledger.order(order.key)
    assert found is not None
    return found


def notes(runs: Runs, order: OrderRecord) -> list[tuple[str, str]]:
    return [(event.step, event.note) for event in runs.ledger.events(order.key)]


def test_an_order_said_to_be_present_is_taken_with_the_reason_in_the_log() -> None:
    with RawMarket(FINE, NEVER) as market:
        runs, _, order = doubtful(market)
        made = market.take({"customerId": "c2", "ponumber": "by hand", "products": []})
        say_present(runs.services(), order, made.order_id, reason="seen in the panel")
        again = runs.run([line(1), line(2)])
    assert (fresh(runs, order).state, fresh(runs, order).order_id) == (State.ACCEPTED, made.order_id)
    assert notes(runs, order)[-1] == ("said to be present by a person", "somebody: seen in the panel")
    assert (again.states, market.posts) == ([State.ACCEPTED, State.ACCEPTED], 2)


@pytest.mark.parametrize(
    ("order_id", "words"),
    [("9000", "belongs to row 2"), ("9001", "belongs to customer c7"), ("no-such", "has no order no-such")],
    ids=["taken", "of another customer", "unknown"],
)
def test_an_id_that_cannot_be_this_rows_is_refused(order_id: str, words: str) -> None:
    with RawMarket(FINE, NEVER) as market:
        runs, _, order = doubtful(market)
        market.take({"customerId": "c7", "ponumber": "x", "products": []})
        market.orders[0].customer_id = "c2" if order_id == "9000" else market.orders[0].customer_id
        placed = runs.ledger.order(runs.ledger.orders_of_customer(order.account, "c1")[0].key)
        assert placed is not None
        if order_id == "9000":
            market.orders[0].customer_id = order.customer_id
            moved = {**vars_of(placed), "customer_id": order.customer_id}
            runs.ledger._orders[placed.key] = OrderRecord(**moved)  # type: ignore[attr-defined]
        with pytest.raises(UsageError, match=words):
            say_present(runs.services(), order, order_id, reason="I think so")
    assert fresh(runs, order).state is State.UNKNOWN


def vars_of(order: OrderRecord) -> dict[str, object]:
    return {name: getattr(order, name) for name in order.__dataclass_fields__}


def test_an_order_said_to_be_absent_is_sent_again_by_the_next_run_and_the_reason_is_kept() -> None:
    with RawMarket(FINE, NEVER, FINE) as market:
        runs, told, order = doubtful(market)
        wait_until_absent(runs, told, order)
        say_absent(
            runs.services(), fresh(runs, order), told.engine.resolver, reason="the panel does not have it"
        )
        state = fresh(runs, order).state
        again = runs.run([line(1), line(2)])
    assert (state, again.states) == (State.PENDING, [State.ACCEPTED, State.ACCEPTED])
    assert ("said to be absent by a person", "somebody: the panel does not have it") in notes(runs, order)
    assert (market.posts, len(market.orders)) == (3, 2)


def wait_until_absent(runs: Runs, told: Told, order: OrderRecord) -> None:
    """The settle window passes, and the marketplace is read until enough readings did not show the order."""
    runs.clock.advance(901.0)
    told.engine.resolver.look_until_absent([order], stop=runs.stop)


@pytest.mark.parametrize("passed_s", [0.0, 1.0, 600.0, 898.0])
def test_inside_the_settle_window_nothing_is_called_absent_and_the_moment_of_its_end_is_told(
    passed_s: float,
) -> None:
    with RawMarket(FINE, NEVER) as market:
        runs, told, order = doubtful(market)
        runs.clock.advance(passed_s)
        with pytest.raises(GuardStopped, match="cannot be called absent before") as refused:
            say_absent(runs.services(), order, told.engine.resolver, reason="I looked")
        begun = fresh(runs, order).doubtful_at
        again = runs.run([line(1), line(2)])
    assert begun is not None
    assert f"{begun + timedelta(seconds=900):%d-%b-%Y %H:%M:%S} UTC" in refused.value.message
    assert (again.states[1], market.posts) == (State.UNKNOWN, 2)


def test_after_the_window_too_few_complete_readings_forbid_it_too() -> None:
    with RawMarket(FINE, NEVER) as market:
        runs, told, order = doubtful(market)
        runs.clock.advance(901.0)
        with pytest.raises(GuardStopped, match="1 of 3 complete readings"):
            say_absent(runs.services(), order, told.engine.resolver, reason="I looked")
    assert fresh(runs, order).state is State.UNKNOWN


def test_a_window_that_never_began_because_the_marketplace_told_no_time_ends_never() -> None:
    with RawMarket(FINE, NEVER) as market:
        market.told = lambda value: http("200 OK", json.dumps(value).encode())  # type: ignore[method-assign]
        runs, told, order = doubtful(market)
        runs.clock.advance(10_000.0)
        with pytest.raises(GuardStopped, match="has not been read since"):
            say_absent(runs.services(), order, told.engine.resolver, reason="I looked")


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        ("error", Outcome.ORDER_IN_ERROR, "S-ORDER-ERROR"),
        ("cancelled", Outcome.ORDER_CANCELLED, "S-ORDER-CANCELLED"),
    ],
)
def test_an_order_that_was_accepted_and_then_failed_is_never_sent_again_under_its_key(
    status: str, kind: Outcome, code: str
) -> None:
    with RawMarket(FINE, FINE) as market:
        runs = market.runs()
        first = runs.run([line(1)])
        made = runs.ledger.order(first.orders[0].key)
        assert made is not None
        failed = step(made, Step.REFRESHED, platform_status=status)
        runs.ledger.advance(made, failed, Step.REFRESHED, at=runs.clock.now())
        again = runs.run([line(1)])
        with pytest.raises(UsageError, match="is accepted"):
            say_absent(runs.services(), failed, first.engine.resolver, reason="it failed")
    _, fix, _ = result_words(code, failed)
    assert (market.posts, again.counts[kind]) == (1, 1)
    assert "new reference" in fix


def held(market: RawMarket) -> tuple[Runs, OrderRecord]:
    """A row that was dropped and came again; nothing is there."""
    runs, _, order = doubtful(market)
    drop(runs.services(), order, reason="no")
    runs.run([line(1), line(2)])
    return runs, fresh(runs, order)


def test_a_held_row_whose_order_is_there_is_said_to_be_present_and_keeps_its_id() -> None:
    with RawMarket(FINE, NEVER) as market:
        runs, order = held(market)
        made = market.take({"customerId": "c2", "ponumber": "by hand", "products": []})
        said = say_present(runs.services(), order, made.order_id, reason="seen in the panel")
        again = runs.run([line(1), line(2)])
    assert (said.state, fresh(runs, order).order_id) == (State.ACCEPTED, made.order_id)
    assert (again.states, market.posts) == ([State.ACCEPTED] * 2, 2)


def test_a_cancelled_order_is_nobodys_unless_a_person_says_so_twice() -> None:
    with RawMarket(FINE, NEVER) as market:
        runs, order = held(market)
        made = market.take({"customerId": "c2", "ponumber": "by hand", "products": []})
        made.status = "cancelled"
        with pytest.raises(UsageError, match="is cancelled on the marketplace"):
            say_present(runs.services(), order, made.order_id, reason="seen")
        state = fresh(runs, order).state
        say_present(runs.services(), order, made.order_id, reason="seen", even_cancelled=True)
    assert (state, fresh(runs, order).state) == (State.HELD, State.ACCEPTED)


def test_an_order_that_a_fresh_reading_shows_is_not_called_absent() -> None:
    with RawMarket(FINE, NEVER, FINE) as market:
        runs, told, order = doubtful(market)
        sent = [request for request in market.sent_to("/orders") if request.method == "POST"][1]
        market.take(json.loads(sent.body))
        with pytest.raises(GuardStopped, match="just found"):
            say_absent(runs.services(), order, told.engine.resolver, reason="I looked yesterday")
        again = runs.run([line(1), line(2)])
    assert (fresh(runs, order).state, fresh(runs, order).order_id) == (State.ACCEPTED, "9001")
    assert (again.states, market.posts) == ([State.ACCEPTED] * 2, 2)


def test_nothing_is_called_absent_while_the_marketplace_cannot_be_read() -> None:
    """The module promises that absent needs a reading, made now, that does not show the order."""
    with RawMarket(FINE, NEVER, FINE) as market:
        runs, told, order = doubtful(market)
        market.lists = lambda query: http("500 Internal Server Error", b'{"message": "Broken."}')
        with pytest.raises(GuardStopped, match="cannot be read"):
            say_absent(runs.services(), order, told.engine.resolver, reason="I looked yesterday")
    assert fresh(runs, order).state is State.UNKNOWN


def test_absent_orders_are_offered_for_sending_only_after_the_window_and_three_complete_readings() -> None:
    with RawMarket(FINE, NEVER) as market:
        runs, told, order = doubtful(market)
        offered = []
        for _ in range(COMPLETE_READS + 1):
            offered.append(len(resendable([fresh(runs, order)])))
            runs.clock.advance(901.0)
            told.engine.resolver.look_up(fresh(runs, order))
        words = waiting_words(fresh(runs, order), told.engine.window_s)
    assert offered == [0, 0, 0, 1]
    assert words


def test_before_the_window_is_over_people_are_told_until_when_it_may_still_appear() -> None:
    with RawMarket(FINE, NEVER) as market:
        runs, told, order = doubtful(market)
        words = waiting_words(fresh(runs, order), told.engine.window_s)
    assert words.startswith("may still appear until ")


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_decision_is_taken_without_a_reason(reason: str) -> None:
    with RawMarket(FINE, NEVER) as market:
        runs, told, order = doubtful(market)
        with pytest.raises(UsageError, match="needs a reason"):
            say_absent(runs.services(), order, told.engine.resolver, reason=reason)
        with pytest.raises(UsageError, match="needs a reason"):
            say_present(runs.services(), order, "9000", reason=reason)
        with pytest.raises(UsageError, match="needs a reason"):
            drop(runs.services(), order, reason=reason)
    assert fresh(runs, order).state is State.UNKNOWN


def test_an_order_that_is_not_in_doubt_waits_for_no_word() -> None:
    with RawMarket(FINE, NEVER) as market:
        runs, told, _ = doubtful(market)
        with pytest.raises(UsageError, match="accepted"):
            say_absent(runs.services(), told.orders[0], told.engine.resolver, reason="again please")
        with pytest.raises(UsageError, match="accepted"):
            drop(runs.services(), told.orders[0], reason="no")
    assert market.posts == 2


def test_a_dropped_order_comes_back_only_by_a_person_who_confirms_it() -> None:
    with RawMarket(FINE, NEVER, FINE) as market:
        runs, _, order = doubtful(market)
        drop(runs.services(), order, reason="the customer changed their mind")
        second = runs.run([line(1), line(2)])
        posts = market.posts
        confirm(runs.services(), fresh(runs, order), reason="changed it again")
        third = runs.run([line(1), line(2)])
    assert (second.states[1], posts) == (State.HELD, 2)
    assert (third.states[1], market.posts) == (State.ACCEPTED, 3)
    assert ("dropped by a person", "somebody: the customer changed their mind") in notes(runs, order)
    assert ("confirmed by a person", "somebody: changed it again") in notes(runs, order)
