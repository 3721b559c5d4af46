"""Whether an order that says completed is done is said by its subscription: late, gone, or changed again since."""

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fake_clock import FakeClock
from sending.sending_parts import NOW, RUN, Parts, brought, enlist, fails, nothing, reply, seen
from sending.test_subscriptions import CANCELLATION, LINE, Shop, change, has

from bulk_orders.core.acting import as_done_before
from bulk_orders.core.following import SLOW_AFTER
from bulk_orders.core.lifecycle import DUPLICATE, NO_EFFECT, OrderRecord, State, Step
from bulk_orders.errors import UsageError
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.marketplace.interface import ReadFailed
from bulk_orders.runs.follow import ask_until_over
from bulk_orders.runs.orders_asked import OrdersAsked, refresh
from bulk_orders.sending.decisions import say_present


@pytest.fixture
def made() -> Parts:
    return Parts(clock=FakeClock(), market=Shop(), ledger=MemoryLedger())


def accepted(made: Parts, *orders: OrderRecord) -> None:
    """The orders one minute after another; the marketplace says completed of each."""
    enlist(made.ledger, *orders)
    for number, one in enumerate(orders, 1):
        accept(made, one, number, after=timedelta(minutes=number - 1))


def accept(made: Parts, one: OrderRecord, number: int, *, after: timedelta = timedelta()) -> None:
    at = made.clock.now() + after
    begun = brought(made.ledger, one, Step.BEGUN, sent_at=at)
    brought(made.ledger, begun, Step.ACCEPTED, order_id=str(number), accepted_at=at, sent_at=at)
    made.market.orders.append(seen(one, str(number), status="completed", order_type="change"))


def recognise(made: Parts, one: OrderRecord, number: int, at: datetime) -> None:
    """As after its ledger was lost: nobody knows when it was sent."""
    brought(
        made.ledger,
        one,
        Step.FOUND,
        order_id=str(number),
        accepted_at=at,
        platform_status="processing",
    )
    made.market.orders.append(seen(one, str(number), status="completed", order_type="change", created_at=at))


def codes(made: Parts, *orders: OrderRecord) -> list[str]:
    return [made.fresh(one).code for one in orders]


def at_renewal(one: OrderRecord) -> OrderRecord:
    return replace(one, body=one.body.replace('{"', '{"scheduledOn":"renewal","', 1))


def seats(number: int, wanted: int) -> OrderRecord:
    body = change(number).body.replace('"quantity":12', f'"quantity":{wanted}')
    return replace(change(number), quantity=str(wanted), body=body)


def asked(made: Parts) -> None:
    OrdersAsked(made.services(), RUN).ask()


def late(made: Parts) -> None:
    """A while later, by both clocks."""
    made.clock.wait(SLOW_AFTER.total_seconds(), made.control.stop)
    assert made.market.server_time is not None
    made.market.server_time += SLOW_AFTER + timedelta(minutes=1)


def test_a_subscription_that_shows_it_late_makes_the_row_done_after_all(made: Parts) -> None:
    accepted(made, change())
    late(made)
    asked(made)
    assert made.fresh(change()).code == NO_EFFECT
    version = made.fresh(change()).version
    asked(made)
    assert made.fresh(change()).version == version

    made.market.found = has(12)  # type: ignore[attr-defined]
    asked(made)
    done = made.fresh(change())
    assert (done.state, done.code, done.message, done.platform_status) == (
        State.ACCEPTED,
        "",
        "",
        "completed",
    )


def test_how_late_a_subscription_is_goes_by_the_marketplaces_time_where_it_tells_it(made: Parts) -> None:
    accepted(made, change())
    made.clock.wait(2 * SLOW_AFTER.total_seconds(), made.control.stop)
    asked(made)
    assert (made.fresh(change()).code, made.fresh(change()).platform_status) == ("", "processing")

    made.market.server_time = None
    asked(made)
    assert made.fresh(change()).code == NO_EFFECT


def test_what_was_scheduled_for_a_day_that_nobody_told_is_late_from_the_day_on_which_it_was_seen_completed(
    made: Parts,
) -> None:
    rests = at_renewal(change())
    accepted(made, rests)
    late(made)
    asked(made)
    assert (made.fresh(rests).code, made.fresh(rests).platform_status) == ("", "processing")
    assert made.fresh(rests).scheduled_for == f"{made.market.server_time:%Y-%m-%d}"

    late(made)
    asked(made)
    assert made.fresh(rests).code == ""
    for _ in range(100):
        late(made)
    asked(made)
    assert (made.fresh(rests).code, made.fresh(rests).scheduled_for) == (NO_EFFECT, "")


def test_what_had_no_effect_is_not_waited_for(made: Parts) -> None:
    accepted(made, change())
    late(made)
    begun_s = made.clock.monotonic()
    ask_until_over(made.services(), RUN, wait_s=3600.0)
    assert made.fresh(change()).code == NO_EFFECT
    assert made.clock.monotonic() - begun_s < 10.0


def test_a_change_that_a_later_one_changed_again_was_not_without_effect(made: Parts) -> None:
    later = seats(2, 15)
    accepted(made, change(), later)
    made.market.found = has(15)  # type: ignore[attr-defined]
    late(made)
    asked(made)
    asked(made)
    assert [made.fresh(one).code for one in (change(), later)] == ["", ""]
    assert made.fresh(change()).platform_status == "completed"


def test_what_was_without_effect_is_excused_by_no_order_that_was_sent_afterwards(made: Parts) -> None:
    enlist(made.ledger, change(), later := seats(2, 15))
    accept(made, change(), 1)
    late(made)
    asked(made)
    accept(made, later, 2)
    made.market.found = has(15)  # type: ignore[attr-defined]
    for _ in range(2):
        asked(made)
    assert codes(made, change(), later) == [NO_EFFECT, ""]


def test_what_was_said_of_both_is_cleared_of_both_once_the_later_one_shows(made: Parts) -> None:
    later = seats(2, 15)
    accepted(made, change(), later)
    for _ in range(2):
        late(made)
    asked(made)
    assert codes(made, change(), later) == [NO_EFFECT, NO_EFFECT]

    made.market.found = has(15)  # type: ignore[attr-defined]
    for _ in range(2):
        asked(made)
    assert codes(made, change(), later) == ["", ""]


def test_a_later_change_of_another_product_hides_nothing(made: Parts) -> None:
    other = replace(seats(2, 15), mpn="M2", body=seats(2, 15).body.replace('"M1"', '"M2"'))
    accepted(made, change(), other)
    made.market.found = replace(has(11), lines=(LINE, replace(LINE, mpn="M2", seats=15)))  # type: ignore[attr-defined]
    late(made)
    for _ in range(2):
        asked(made)
    assert codes(made, change(), other) == [NO_EFFECT, ""]


@pytest.mark.parametrize("are_both", [False, True])
def test_a_later_change_that_was_recognised_hides_what_the_earlier_one_did(
    made: Parts, are_both: bool
) -> None:
    later, at = seats(2, 15), made.clock.now()
    enlist(made.ledger, change(), later)
    if are_both:
        recognise(made, change(), 1, at)
    else:
        accept(made, change(), 1)
    recognise(made, later, 2, at + timedelta(minutes=1))
    made.market.found = has(15)  # type: ignore[attr-defined]
    late(made)
    for _ in range(2):
        asked(made)
    assert codes(made, change(), later) == ["", ""]


def test_what_needed_no_order_hides_nothing(made: Parts) -> None:
    """It was refused as busy, and found to be so when its turn came again: somebody else did it."""
    enlist(made.ledger, change(), later := seats(2, 15))
    accept(made, change(), 1)
    begun = brought(made.ledger, later, Step.BEGUN, sent_at=made.clock.now() + timedelta(minutes=1))
    pending = brought(made.ledger, begun, Step.NOT_PROCESSED)
    made.market.found = has(15)  # type: ignore[attr-defined]
    made.resolver.record_purchase(as_done_before(pending, made.clock.now(), has(15)), note="so already")
    late(made)
    asked(made)
    assert codes(made, change()) == [NO_EFFECT]


def test_a_change_at_renewal_is_hidden_by_nothing_that_was_done_before_its_day(made: Parts) -> None:
    first, later = at_renewal(seats(1, 20)), seats(2, 15)
    accepted(made, first, later)
    day = NOW + timedelta(days=30)
    made.market.orders[0] = replace(
        made.market.orders[0], status="scheduled", scheduled_for=f"{day:%Y-%m-%d}"
    )
    made.market.found = has(15)  # type: ignore[attr-defined]
    asked(made)
    assert [made.fresh(one).platform_status for one in (first, later)] == ["scheduled", "completed"]

    made.clock.wait(timedelta(days=32).total_seconds(), made.control.stop)
    made.market.server_time = day + timedelta(days=2)
    made.market.orders[0] = replace(made.market.orders[0], status="completed", scheduled_for="")
    for _ in range(2):
        asked(made)
    assert codes(made, first) == [NO_EFFECT]


def test_a_change_that_is_there_twice_stays_told_so(made: Parts) -> None:
    enlist(made.ledger, change())
    begun = brought(made.ledger, change(), Step.BEGUN, sent_at=made.clock.now())
    lost = brought(made.ledger, begun, Step.NO_VERDICT)
    lines = ({"mpn": "M1", "quantity": 12},)
    made.market.orders += [
        seen(
            change(),
            number,
            status="completed",
            order_type="change",
            subscription_id="s1",
            products=lines,
        )
        for number in ("1", "2")
    ]
    made.resolver.look_up(lost)
    assert codes(made, change()) == [DUPLICATE]

    made.market.found = has(12)  # type: ignore[attr-defined]
    asked(made)
    assert (codes(made, change()), made.fresh(change()).platform_status) == ([DUPLICATE], "completed")


def test_a_subscription_that_a_later_order_changed_was_not_cancelled(made: Parts) -> None:
    cancel = replace(change(), body=CANCELLATION)
    accepted(made, cancel, change(2))
    made.market.found = has(12)  # type: ignore[attr-defined]
    late(made)
    asked(made)
    asked(made)
    assert [made.fresh(one).code for one in (cancel, change(2))] == [NO_EFFECT, ""]


def test_an_earlier_order_excuses_no_later_one(made: Parts) -> None:
    later = seats(2, 15)
    accepted(made, change(), later)
    made.market.found = has(12)  # type: ignore[attr-defined]
    late(made)
    late(made)
    asked(made)
    assert [made.fresh(one).code for one in (change(), later)] == ["", NO_EFFECT]


def test_a_cancelled_subscription_that_the_marketplace_does_not_have_any_more_is_over(made: Parts) -> None:
    cancel = replace(change(), body=CANCELLATION)
    accepted(made, cancel)
    made.market.found = None  # type: ignore[attr-defined]
    asked(made)
    assert (made.fresh(cancel).code, made.fresh(cancel).platform_status) == ("", "completed")


def test_a_subscription_that_cannot_be_read_says_nothing_about_a_completed_order(made: Parts) -> None:
    accepted(made, change())
    late(made)
    made.market.happens["subscription s1"] = [fails(ReadFailed("HTTP 500."))]
    asked(made)
    assert (made.fresh(change()).code, made.fresh(change()).platform_status) == ("", "processing")


@pytest.mark.parametrize(
    ("lag_s", "state"), [(0.0, State.ACCEPTED), (9.0, State.ACCEPTED), (60.0, State.UNKNOWN)]
)
def test_a_setting_that_was_taken_is_read_back_for_a_few_seconds_before_it_is_in_doubt(
    made: Parts, lag_s: float, state: State
) -> None:
    setting = replace(change(), body='{"customerId":"c1","subscriptionId":"s1","renewalStatus":true}')
    enlist(made.ledger, setting)
    off, on = (replace(has(12), auto_renew=is_on) for is_on in (False, True))
    market = made.market
    market.found = off  # type: ignore[attr-defined]
    begun_s: list[float] = []

    def taken() -> None:
        begun_s.append(made.clock.monotonic())
        made.clock.after(lag_s, lambda: setattr(market, "found", on))  # type: ignore[attr-defined]
        made.clock.advance(0.0)  # type: ignore[attr-defined]

    market.happens["renew s1 True"] = [taken]

    made.send([setting])

    assert (made.state(setting), market.asked.count("renew s1 True")) == (state, 1)
    assert made.clock.monotonic() - begun_s[0] < 30.0


def test_a_setting_that_is_refused_while_its_subscription_cannot_be_read_may_be_set(made: Parts) -> None:
    setting = replace(change(), body='{"customerId":"c1","subscriptionId":"s1","renewalStatus":true}')
    enlist(made.ledger, setting)
    made.market.found = replace(has(12), auto_renew=False)  # type: ignore[attr-defined]
    away = fails(ReadFailed("HTTP 503."))
    made.market.happens["renew s1 True"] = [
        lambda: made.market.happens.__setitem__("subscription s1", [away] * 2 + [nothing])
    ]
    made.market.answers = [reply(400, {"message": "renewalStatus is not changed."})]

    made.send([setting])

    assert made.state(setting) is State.UNKNOWN


@pytest.mark.parametrize(
    ("body", "told", "is_taken"),
    [
        (change().body, {"order_type": "change", "subscription_id": "s1"}, True),
        (change().body, {"order_type": "change", "subscription_id": "s2"}, False),
        (change().body, {"order_type": "sales"}, False),
        (CANCELLATION, {"order_type": "change", "subscription_id": "s1"}, False),
        (
            '{"renewalStatus":true,"subscriptionId":"s1"}',
            {"order_type": "change", "subscription_id": "s1"},
            False,
        ),
    ],
)
def test_a_person_cannot_say_that_an_order_is_there_that_does_something_else(
    body: str, told: dict[str, str], is_taken: bool, made: Parts
) -> None:
    wanted = replace(change(), body=body)
    enlist(made.ledger, wanted)
    lost = brought(made.ledger, wanted, Step.BEGUN, Step.NO_VERDICT)
    made.market.orders = [replace(seen(change(), "9", products=()), **told)]  # type: ignore[arg-type]
    with contextlib.nullcontext() if is_taken else pytest.raises(UsageError, match="does not do what row 2"):
        say_present(made.services(), lost, "9", reason="seen")
    assert (made.state(wanted) is State.ACCEPTED) is is_taken


def test_a_done_change_stays_done_when_it_is_compared_again(made: Parts) -> None:
    accepted(made, change())
    made.market.found = has(12)  # type: ignore[attr-defined]
    asked(made)
    done = made.fresh(change())
    assert refresh(made.services(), done, made.market.orders[0], read_at=None) == done
