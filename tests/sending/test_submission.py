"""How the sending of an order ends, verdict by verdict, and what ends the whole run with it; the breaker on the way."""

import threading
from typing import Any

import pytest
from sending_parts import (
    ACCOUNT,
    NOW,
    Contested,
    Parts,
    Shelf,
    brought,
    enlist,
    fails,
    is_down,
    nothing,
    order,
    reply,
    seen,
)

from bulk_orders.core.body_shape import BodyShape
from bulk_orders.core.lifecycle import OrderRecord, State, Step
from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.errors import ExitCode, LedgerUnusable
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import ReadFailed
from bulk_orders.sending.breaker import Breaker
from bulk_orders.sending.events import Throttled
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.pace import LocalPace
from bulk_orders.sending.submission import LONGEST_PAUSE_S, RunControl

REFUSED = reply(400, {"message": "No such MPN"})


def test_a_refusal_keeps_the_marketplaces_words_on_its_row(made: Parts) -> None:
    enlist(made.ledger, order())
    made.market.answers = [REFUSED]
    control = made.send([order()])
    refused = made.fresh(order())
    assert (refused.state, refused.code, refused.message) == (State.REJECTED, "S-DECLINED", "No such MPN")
    assert control.reason == ""


@pytest.mark.parametrize(("stop_after", "sent"), [(2, 2), (3, 3), (0, 4)])
def test_so_many_equal_refusals_in_a_row_end_the_run(made: Parts, stop_after: int, sent: int) -> None:
    rows = [order(number) for number in range(1, 5)]
    enlist(made.ledger, *rows)
    made.market.answers = [REFUSED] * 4
    control = made.send(rows, stop_after=stop_after)
    assert len(made.market.bodies) == sent
    assert control.exit_code is (ExitCode.TRY_AGAIN_LATER if stop_after else ExitCode.OK)


def test_refusals_that_differ_or_have_an_order_between_them_are_no_streak(made: Parts) -> None:
    rows = [order(number) for number in range(1, 6)]
    enlist(made.ledger, *rows)
    other = reply(400, {"message": "No such customer"})
    made.market.answers = [REFUSED, other, REFUSED, reply(201, {"id": "77"}), REFUSED]
    assert made.send(rows, stop_after=2).reason == ""
    assert len(made.market.bodies) == 5


def test_a_marketplace_that_keeps_asking_for_peace_ends_the_run_with_the_row_unsent(made: Parts) -> None:
    enlist(made.ledger, order())
    made.market.answers = [reply(429)] * 6
    control = made.send([order()])
    assert (made.state(order()), len(made.market.bodies)) == (State.PENDING, 6)
    assert control.exit_code is ExitCode.TRY_AGAIN_LATER
    assert "slow down" in control.reason


@pytest.mark.parametrize(
    ("asked_s", "paused_s", "code"),
    [
        (LONGEST_PAUSE_S - 1, [LONGEST_PAUSE_S - 1], ExitCode.OK),
        (LONGEST_PAUSE_S, [], ExitCode.TRY_AGAIN_LATER),
    ],
)
def test_a_marketplace_that_asks_for_a_quarter_of_an_hour_ends_the_run(
    made: Parts, asked_s: float, paused_s: list[float], code: ExitCode
) -> None:
    made.clock.pause_s = 0.0  # type: ignore[attr-defined]
    enlist(made.ledger, order())
    made.market.answers = [reply(429, **{"retry-after": f"{asked_s:.0f}"})]
    control = made.send([order()])
    assert [event.wait_s for event in made.told if isinstance(event, Throttled)] == paused_s
    assert control.exit_code is code
    assert ("15 minutes" in control.reason) is (code is not ExitCode.OK)


def test_a_sign_in_refused_twice_in_a_row_ends_the_run_with_the_row_unsent(made: Parts) -> None:
    enlist(made.ledger, order())
    made.market.answers = [reply(401)] * 2
    control = made.send([order()])
    assert (made.state(order()), control.exit_code) == (State.PENDING, ExitCode.SETUP_WRONG)
    assert made.market.asked == ["place", "renew", "place"]


def test_an_address_that_redirects_ends_the_run_with_the_row_in_doubt(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [reply(302)]
    control = made.send([order(1), order(2)])
    assert [made.state(order(number)) for number in (1, 2)] == [State.UNKNOWN, State.PENDING]
    assert control.exit_code is ExitCode.SETUP_WRONG


def test_a_lost_answer_that_asks_for_peace_gets_it(made: Parts) -> None:
    enlist(made.ledger, order())
    made.market.answers = [reply(503, **{"retry-after": "30"})]
    made.send([order()])
    assert [event.wait_s for event in made.told if isinstance(event, Throttled)] == [30.0]
    assert made.state(order()) is State.UNKNOWN


def test_an_order_whose_answer_was_lost_and_that_is_there_is_accepted_and_the_next_is_sent(
    made: Parts,
) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [reply(500)]
    made.market.orders = [seen(order(1))]
    control = made.send([order(1), order(2)])
    assert [made.state(order(number)) for number in (1, 2)] == [State.ACCEPTED, State.ACCEPTED]
    assert (made.fresh(order(1)).order_id, control.reason) == ("9001", "")


def test_an_order_that_is_there_twice_under_its_own_marker_is_accepted_and_told_as_a_duplicate(
    made: Parts,
) -> None:
    enlist(made.ledger, order())
    made.market.answers = [reply(500)]
    made.market.orders = [seen(order(), "9002"), seen(order(), "9001")]
    made.send([order()])
    both = made.fresh(order())
    assert (both.state, both.order_id, both.code) == (State.ACCEPTED, "9001", "S-DUPLICATE")


def test_a_breaker_whose_question_fails_for_another_reason_renews_no_sign_in(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [reply(500)]
    made.market.happens = {
        "list": [fails(ReadFailed("No.", status=503)), fails(ReadFailed("No.", status=503)), nothing]
    }
    made.send([order(1), order(2)])
    assert (made.market.asked.count("renew"), made.state(order(2))) == (0, State.ACCEPTED)


class Slow(MemoryLedger):
    """A disk, or a whole machine, that stands still for a while when the first attempt is written."""

    def __init__(self, clock: Any, seconds: float) -> None:
        super().__init__()
        self._clock = clock
        self._delays = [seconds]

    def advance(self, before: OrderRecord, after: OrderRecord, what: Step, **rest: Any) -> None:
        super().advance(before, after, what, **rest)
        if what is Step.BEGUN and self._delays:
            self._clock.advance(self._delays.pop())


@pytest.mark.parametrize(
    ("seconds", "verdicts"), [(10.0, ["accepted"]), (10.1, ["not processed", "accepted"])]
)
def test_an_attempt_that_was_on_disk_for_too_long_is_not_sent_but_begun_again(
    clock: Clock, seconds: float, verdicts: list[str]
) -> None:
    made = Parts(clock=clock, market=Shelf(), ledger=Slow(clock, seconds))
    enlist(made.ledger, order())
    made.send([order()])
    assert [attempt.verdict for attempt in made.ledger.attempts("run-1")] == verdicts
    assert (len(made.market.bodies), made.state(order())) == (1, State.ACCEPTED)


class Tripping(Limiter):
    """Somebody else's answer is lost while the first turn is waited for."""

    def __init__(self, made: Parts) -> None:
        super().__init__(LocalPace(0.0, made.clock), made.clock)
        self._trips = [lambda: made.breaker.trip("lost", lambda: not made.market.asked.append("question"))]

    def wait_turn(self, stop: threading.Event) -> bool:
        is_ours = super().wait_turn(stop)
        if self._trips:
            self._trips.pop()()
        return is_ours


def test_no_order_begins_behind_a_breaker_that_tripped_while_it_waited_for_its_turn(made: Parts) -> None:
    enlist(made.ledger, order())
    made.send([order()], limiter=Tripping(made))
    assert made.market.asked == ["question", "place"]
    assert made.state(order()) is State.ACCEPTED


@pytest.mark.parametrize(
    ("error", "reason", "code"),
    [
        (LedgerUnusable("Gone.", fix="Back."), "Gone.", LedgerUnusable.exit_code),
        (RuntimeError("odd"), "odd", ExitCode.BUG),
        (RuntimeError(), "RuntimeError", ExitCode.BUG),
    ],
    ids=["an error of ours", "a bug", "a bug without words"],
)
def test_what_breaks_a_sending_ends_the_run_and_the_next_order_is_not_begun(
    made: Parts, error: Exception, reason: str, code: ExitCode
) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.happens = {"place": [fails(error)]}
    with pytest.raises(type(error)):
        made.send([order(1), order(2)])
    assert reason in made.control.reason
    assert (made.control.exit_code, len(made.market.bodies)) == (code, 1)
    assert [made.state(order(number)) for number in (1, 2)] == [State.IN_FLIGHT, State.PENDING]


def test_the_po_number_goes_under_the_name_that_the_account_understands(made: Parts) -> None:
    enlist(made.ledger, order())
    made.market.answers = [reply(201, {"id": "77"})]
    made.send([order()], shape=BodyShape(po_name="poNumber"))
    assert made.market.bodies[0]["poNumber"] == order().marker
    assert "ponumber" not in made.market.bodies[0]


def test_refusals_that_name_neither_a_row_nor_an_outage_give_the_row_up_after_six(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [reply(429), reply(401)] * 3
    control = made.send([order(1), order(2)])
    assert (made.state(order(1)), made.fresh(order(1)).code) == (State.GAVE_UP, "S-GAVE-UP")
    assert (made.state(order(2)), len(made.market.bodies), control.reason) == (State.ACCEPTED, 7, "")


def test_an_order_that_another_process_took_up_before_it_was_given_up_is_left_to_them(clock: Clock) -> None:
    made = Parts(clock=clock, market=Shelf(), ledger=Contested(Step.GAVE_UP))
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [reply(429), reply(401)] * 3
    control = made.send([order(1), order(2)])
    assert (made.state(order(1)), made.state(order(2))) == (State.PENDING, State.ACCEPTED)
    assert (len(made.market.bodies), control.reason) == (7, "")


class Overtaken(MemoryLedger):
    """Another process may have taken this one for dead, as often as it is told."""

    times = 1

    def may_send(self) -> bool:
        self.times -= 1
        return self.times < 0


def test_an_attempt_that_was_recorded_too_long_ago_does_not_leave_and_is_made_again(clock: Clock) -> None:
    made = Parts(clock=clock, market=Shelf(), ledger=Overtaken())
    enlist(made.ledger, order())
    made.send([order()])
    assert (made.state(order()), len(made.market.bodies)) == (State.ACCEPTED, 1)
    assert [one.verdict for one in made.ledger.attempts(order().run_id)] == ["not processed", "accepted"]


def test_a_certificate_that_is_not_trusted_ends_the_run_with_every_row_unsent(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [
        NoReply(kind=FailureKind.CERTIFICATE, detail="Not trusted.", bytes_sent=0, sent_at=NOW)
    ]
    control = made.send([order(1), order(2)])
    assert (control.reason, control.exit_code) == ("Not trusted.", ExitCode.SETUP_WRONG)
    assert [made.state(order(number)) for number in (1, 2)] == [State.PENDING, State.PENDING]
    assert len(made.market.bodies) == 1


def test_the_first_reason_for_an_end_stays() -> None:
    control = RunControl()
    control.end("first", ExitCode.SETUP_WRONG)
    control.end("second", ExitCode.TRY_AGAIN_LATER)
    assert (control.reason, control.exit_code) == ("first", ExitCode.SETUP_WRONG)


def test_a_sign_in_that_gets_no_answer_is_waited_for_behind_the_breaker(made: Parts) -> None:
    enlist(made.ledger, order())
    made.market.answers = [reply(401)]
    made.market.happens = {"renew": [fails(is_down())], "sign in": [fails(is_down()), nothing]}
    control = made.send([order()])
    assert (made.state(order()), len(made.market.bodies), control.reason) == (State.ACCEPTED, 2, "")
    assert made.market.asked.count("sign in") == 2


def test_a_sign_in_that_never_comes_back_ends_the_run_with_the_row_unsent(made: Parts) -> None:
    enlist(made.ledger, order())
    made.market.answers = [reply(401)]
    made.market.happens = {"renew": [fails(is_down())], "sign in": [fails(is_down())]}
    control = made.send([order()])
    assert (made.state(order()), control.exit_code) == (State.PENDING, ExitCode.TRY_AGAIN_LATER)
    assert len(made.market.bodies) == 1


def test_a_breaker_whose_question_meets_an_expired_sign_in_renews_it(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [reply(500)]
    expired = fails(ReadFailed("No.", status=401))
    made.market.happens = {"list": [expired, expired, nothing]}
    control = made.send([order(1), order(2)])
    assert (made.state(order(1)), made.state(order(2))) == (State.UNKNOWN, State.ACCEPTED)
    assert (made.market.asked.count("renew"), control.reason) == (1, "")


@pytest.mark.parametrize(
    ("answer", "state"),
    [(reply(400, {"message": "No such MPN"}), State.UNKNOWN), (reply(201, {"id": "77"}), State.ACCEPTED)],
    ids=["a refusal is not told", "a purchase is told"],
)
def test_an_order_taken_over_while_it_was_sent_keeps_their_record_but_for_a_purchase(
    made: Parts, answer: Reply, state: State
) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [answer]
    made.market.happens = {"place": [lambda: made.resolver.recover(str(ACCOUNT)), nothing]}
    made.send([order(1), order(2)])
    assert (made.state(order(1)), made.state(order(2))) == (state, State.ACCEPTED)
    assert made.fresh(order(1)).order_id == ("77" if state is State.ACCEPTED else "")


def test_an_order_that_somebody_else_began_is_left_to_them(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    brought(made.ledger, order(1), Step.BEGUN)
    made.send([order(1), order(2)])
    assert (made.state(order(1)), made.state(order(2))) == (State.IN_FLIGHT, State.ACCEPTED)
    assert len(made.market.bodies) == 1


def test_the_first_question_of_a_tripped_breaker_stays(clock: Clock) -> None:
    asked: list[str] = []
    breaker = Breaker(clock=clock, patience_s=60.0, give_up=asked.append, observer=lambda event: None)
    breaker.trip("first", lambda: not asked.append("first"))
    breaker.trip("second", lambda: not asked.append("second"))
    assert breaker.wait_until_reset(threading.Event())
    assert asked == ["first"]
