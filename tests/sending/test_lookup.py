"""Corners of looking up: what is counted absent, what is adopted, and what is left to a person."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sending_parts import NOW, Contested, Parts, Shelf, brought, doubtful, enlist, fails, nothing, order, seen

from bulk_orders.core.lifecycle import OrderRecord, State, Step, held_because
from bulk_orders.core.report import CANCEL_WINDOW
from bulk_orders.core.settling import READ_AT_S
from bulk_orders.errors import UsageError
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import PlatformOrder, ReadFailed
from bulk_orders.sending.decisions import Doubt, doubts, say_absent, waiting_words
from bulk_orders.sending.events import LookedUp
from bulk_orders.sending.purchases import duplicate_words


def test_the_looking_ends_when_it_is_stopped_and_the_rest_is_still_in_doubt(made: Parts) -> None:
    lost = doubtful(made.ledger)
    stop = threading.Event()
    stop.set()
    assert made.resolver.look_up_all([lost], settle_s=60.0, stop=stop) == (lost,)
    assert made.market.asked == []


def test_the_looking_ends_with_the_last_reading_however_much_time_is_left(made: Parts) -> None:
    lost = doubtful(made.ledger)
    began_s = made.clock.monotonic()
    made.market.is_complete = False
    assert made.resolver.look_up_all([lost], settle_s=10_000.0, stop=threading.Event()) == (lost,)
    assert made.market.asked == ["list"] * len(READ_AT_S)
    assert made.clock.monotonic() - began_s == READ_AT_S[-1]


def test_a_marketplace_that_tells_no_time_is_believed_to_have_ours(made: Parts) -> None:
    made.market.server_time = None
    made.resolver.learn_their_time("c1")
    assert made.resolver.marketplace_now() == made.clock.now()


def test_a_marketplaces_own_time_goes_on_from_its_last_answer(made: Parts) -> None:
    made.market.server_time = NOW - timedelta(days=1)
    made.resolver.learn_their_time("c1")
    made.clock.wait(5.0, threading.Event())
    assert made.resolver.marketplace_now() == NOW - timedelta(days=1) + timedelta(seconds=5)


def test_a_reading_that_tells_no_time_counts_for_nothing(made: Parts) -> None:
    lost = doubtful(made.ledger)
    made.market.server_time = None
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost) == lost
    assert "could not be read" in waiting_words(lost, 900.0)


def test_an_order_that_is_in_doubt_no_more_is_not_counted_absent(made: Parts) -> None:
    lost = doubtful(made.ledger)
    dropped = brought(made.ledger, lost, Step.DROPPED)
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost) == dropped


def settled(made: Parts, *orders: PlatformOrder, number: int = 1) -> OrderRecord:
    """An order whose settle window is over, and what else the marketplace has."""
    lost = doubtful(made.ledger, number)
    lost = brought(made.ledger, lost, Step.LOOKED, doubtful_at=NOW - timedelta(hours=1))
    made.market.orders = list(orders)
    return lost


def test_after_the_window_an_empty_reading_made_twice_counts_once(made: Parts) -> None:
    lost = settled(made, seen(order(), "9", po_number="other", products=({"mpn": "M2", "quantity": 1},)))
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost).absent_reads == 1


def test_a_setting_is_not_counted_absent_while_its_subscription_cannot_be_read(made: Parts) -> None:
    setting = order(body='{"customerId":"c1","subscriptionId":"s1","renewalStatus":false}')
    enlist(made.ledger, setting)
    lost = brought(made.ledger, setting, Step.BEGUN, Step.NO_VERDICT)
    lost = brought(made.ledger, lost, Step.LOOKED, doubtful_at=NOW - timedelta(hours=1))

    def away(_subscription_id: str) -> None:
        raise ReadFailed("HTTP 503.")

    reads = made.market.get_subscription
    made.market.get_subscription = away  # type: ignore[method-assign]
    assert not made.resolver.look_up(lost)
    with pytest.raises(ReadFailed):
        made.resolver.look_up(lost, must_read=True)
    assert made.fresh(lost) == lost

    made.market.get_subscription = reads  # type: ignore[method-assign]
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost).absent_reads == 1


def test_a_second_reading_that_shows_something_else_counts_for_nothing(made: Parts) -> None:
    lost = settled(made)
    late = seen(order(), "9", po_number="other", products=({"mpn": "M2", "quantity": 1},))
    made.market.happens = {"list": [nothing, lambda: made.market.orders.append(late)]}
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost).absent_reads == 0


@pytest.mark.parametrize(
    "change",
    [{"po_number": "changed by the platform"}, {"products": ({"mpn": "M9", "quantity": 3},)}],
    ids=["our content under another number", "our number on other content"],
)
def test_an_order_that_looks_like_ours_and_is_no_rows_forbids_to_call_ours_absent(
    made: Parts, change: dict[str, Any]
) -> None:
    lost = settled(made, seen(order(), **change))
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost).absent_reads == 0


def test_an_order_that_another_row_has_does_not_keep_ours_from_being_absent(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    lost = brought(made.ledger, order(1), Step.BEGUN, Step.NO_VERDICT)
    lost = brought(made.ledger, lost, Step.LOOKED, doubtful_at=NOW - timedelta(hours=1))
    brought(made.ledger, order(2), Step.BEGUN, Step.ACCEPTED, order_id="9002")
    made.market.orders = [seen(order(2), "9002")]
    assert not made.resolver.look_up(lost)
    assert made.fresh(lost).absent_reads == 1


def test_an_order_that_is_listed_and_cannot_be_opened_is_no_evidence(made: Parts) -> None:
    lost = settled(made, seen(order(), "9", po_number="other", products=None))
    made.market.closed = {"9"}
    with pytest.raises(ReadFailed, match="cannot be opened"):
        made.resolver.look_up(lost, must_read=True)
    assert (made.fresh(lost).absent_reads, made.resolver.look_up(lost)) == (0, False)
    assert [event.note for event in made.told if isinstance(event, LookedUp)] == [
        "order 9 is listed but cannot be opened."
    ] * 2


def test_a_reading_opens_all_that_the_list_leaves_open_and_each_of_them_once(made: Parts) -> None:
    lost = doubtful(made.ledger)
    made.market.orders = [seen(order(), str(number), po_number="other") for number in range(300)]
    made.market.hides_po = True
    readings = [made.resolver.read(lost) for _ in range(2)]
    assert [(reading.is_complete, len(reading.entries)) for reading in readings] == [(True, 300)] * 2
    assert made.market.asked.count("open") == 300


def test_an_order_that_another_row_has_is_never_opened(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    lost = brought(made.ledger, order(1), Step.BEGUN, Step.NO_VERDICT)
    brought(made.ledger, order(2), Step.BEGUN, Step.ACCEPTED, order_id="9002")
    made.market.orders = [seen(order(2), "9002", products=None)]
    made.market.hides_po = True
    made.resolver.look_up(lost)
    assert made.market.asked == ["list"]


def test_two_rows_in_doubt_that_one_order_would_fit_are_left_to_a_person(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    lost = [brought(made.ledger, order(number), Step.BEGUN, Step.NO_VERDICT) for number in (1, 2)]
    made.market.orders = [seen(order(1), po_number="")]
    assert [made.resolver.look_up(one) for one in lost] == [False, False]
    assert [made.state(one) for one in lost] == [State.UNKNOWN] * 2


def test_the_same_purchase_told_twice_is_written_once(made: Parts) -> None:
    lost = doubtful(made.ledger)
    proof = replace(lost, order_id="9001", accepted_at=NOW)
    first = made.resolver.record_purchase(proof, note="once")
    assert made.resolver.record_purchase(proof, note="twice") == first
    assert [event.note for event in made.ledger.events(lost.key)][-1] == "once"


def test_a_second_id_for_one_order_is_told_with_both_and_until_when_one_can_be_cancelled(made: Parts) -> None:
    lost = doubtful(made.ledger)
    made.resolver.record_purchase(replace(lost, order_id="9001", accepted_at=NOW), note="")
    both = made.resolver.record_purchase(replace(lost, order_id="9002", accepted_at=NOW), note="")
    assert (both, both.order_id, both.code) == (made.fresh(lost), "9001", "S-DUPLICATE")
    assert all(words in both.message for words in ("id 9001", "id 9002", "Cancel all but one before"))


@pytest.mark.parametrize("first", ["", "9001"])
def test_what_was_found_without_an_order_and_its_order_are_one(made: Parts, first: str) -> None:
    lost = doubtful(made.ledger)
    made.resolver.record_purchase(replace(lost, order_id=first, accepted_at=NOW), note="")
    second = replace(lost, order_id="" if first else "9001", accepted_at=NOW)
    one = made.resolver.record_purchase(second, note="")
    assert (one, one.order_id, one.code) == (made.fresh(lost), "9001", "")


def test_orders_that_stand_for_one_are_told_without_a_moment_where_none_is_known() -> None:
    timeless = [seen(order(), "1", created_at=None), seen(order(), "2", created_at=None)]
    timed = [timeless[0], seen(order(), "2"), seen(order(), "3", created_at=NOW)]
    assert duplicate_words(timeless).count("UTC") == 0
    assert "SO1" in duplicate_words(timeless)
    failed = [replace(timeless[0], status="error"), *timeless[1:]]
    assert duplicate_words(failed).startswith(f"SO1 (id {timeless[0].order_id}) in error,")
    assert duplicate_words(failed).count("in error") == 1
    assert f"{NOW + CANCEL_WINDOW:%Y-%m-%d %H:%M}" in duplicate_words(timed)


def test_a_purchase_is_told_again_when_somebody_else_wrote_in_between(clock: Clock) -> None:
    made = Parts(clock=clock, market=Shelf(), ledger=Contested(Step.FOUND))
    lost = doubtful(made.ledger)
    made.market.orders = [seen(lost)]
    assert made.resolver.look_up(lost)
    assert made.state(lost) is State.ACCEPTED


def test_an_attempt_whose_end_comes_in_while_it_is_put_in_doubt_keeps_its_end(clock: Clock) -> None:
    made = Parts(clock=clock, market=Shelf(), ledger=Contested(Step.INTERRUPTED))
    enlist(made.ledger, order(1), order(2))
    for number in (1, 2):
        brought(made.ledger, order(number), Step.BEGUN)
    assert made.resolver.recover(order().account) == 1
    assert [made.state(order(number)) for number in (1, 2)] == [State.IN_FLIGHT, State.UNKNOWN]


def test_people_are_shown_what_may_be_theirs_and_when_the_reading_is_not_all(made: Parts) -> None:
    held = order(3, state=State.HELD, **held_because("it looks like another.", NOW))
    enlist(made.ledger, order(1), order(2), held)
    lost = brought(made.ledger, order(1), Step.BEGUN, Step.NO_VERDICT)
    made.market.orders = [seen(order(1))]
    assert [(doubt.there, doubt.note, doubt.since) for doubt in shown(made, lost, order(2), held)] == [
        ((seen(order(1)),), "", lost.sent_at),
        ((seen(order(1)),), "", NOW),
    ]
    made.market.is_complete = False
    assert "not complete" in shown(made, lost)[0].note
    made.market.happens = {"list": [fails(ReadFailed("No answer."))]}
    assert [doubt.note for doubt in shown(made, lost, held)] == ["No answer."] * 2


def shown(made: Parts, *orders: OrderRecord) -> tuple[Doubt, ...]:
    return doubts(orders, made.resolver, marketplace=made.market, ledger=made.ledger)


def test_an_order_without_its_po_number_is_nobodys_while_another_row_may_have_made_it(made: Parts) -> None:
    first, second = order(1), order(2)
    enlist(made.ledger, first, second)
    brought(made.ledger, first, Step.BEGUN, Step.NO_VERDICT, sent_at=NOW + timedelta(hours=1))
    lost = brought(made.ledger, second, Step.BEGUN, Step.NO_VERDICT)
    made.market.orders = [seen(first, po_number="")]
    assert not made.resolver.look_up(lost)
    assert (made.state(first), made.state(second)) == (State.UNKNOWN, State.UNKNOWN)


@pytest.mark.parametrize("is_known", [True, False])
def test_an_order_without_its_po_number_is_nobodys_while_a_row_that_equals_it_is_to_be_sent(
    made: Parts, is_known: bool
) -> None:
    waiting = order(2)
    enlist(made.ledger, order(1), *([waiting] if is_known else []))
    lost = brought(made.ledger, order(1), Step.BEGUN, Step.NO_VERDICT)
    made.market.orders = [seen(lost, po_number="")]
    assert not made.resolver.look_up(lost, beside=[] if is_known else [waiting])
    made.market.orders = [seen(lost)]
    assert made.resolver.look_up(lost, beside=[waiting])


def test_an_order_on_which_somebody_else_decided_meanwhile_is_not_called_absent(made: Parts) -> None:
    lost = doubtful(made.ledger)
    made.market.happens["list"] = [
        lambda: brought(made.ledger, made.fresh(lost), Step.SAID_ABSENT),
        nothing,
    ]
    with pytest.raises(UsageError, match="is pending, not unknown"):
        say_absent(made.services(), lost, made.resolver, reason="not there")
