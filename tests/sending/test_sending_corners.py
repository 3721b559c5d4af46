"""Corners of sending: each is met rarely, and in each an order could be sent twice or be lost."""

import threading

import pytest
from sending_desk import ACCOUNT, NOW, Desk, Told, brought, enlist, fails, is_down, nothing, order, reply

from bulk_orders.clock import Clock
from bulk_orders.core.lifecycle import State, Step
from bulk_orders.core.pacing import Pacer
from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.errors import ExitCode
from bulk_orders.marketplace.interface import ReadFailed
from bulk_orders.sending.breaker import Breaker
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.submission import RunControl


def test_refusals_that_name_neither_a_row_nor_an_outage_give_the_row_up_after_six(made: Desk) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [reply(429), reply(401)] * 3
    control = made.send([order(1), order(2)])
    assert (made.state(order(1)), made.fresh(order(1)).code) == (State.GAVE_UP, "S-GAVE-UP")
    assert (made.state(order(2)), len(made.market.bodies), control.reason) == (State.ACCEPTED, 7, "")


def test_a_certificate_that_is_not_trusted_ends_the_run_with_every_row_unsent(made: Desk) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [
        NoReply(kind=FailureKind.CERTIFICATE, detail="Not trusted.", bytes_sent=0, elapsed_s=0.1, sent_at=NOW)
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


def test_a_sign_in_that_gets_no_answer_is_waited_for_at_the_gate(made: Desk) -> None:
    enlist(made.ledger, order())
    made.market.answers = [reply(401)]
    made.market.happens = {"renew": [fails(is_down())], "sign in": [fails(is_down()), nothing]}
    control = made.send([order()])
    assert (made.state(order()), len(made.market.bodies), control.reason) == (State.ACCEPTED, 2, "")
    assert made.market.asked.count("sign in") == 2


def test_a_sign_in_that_never_comes_back_ends_the_run_with_the_row_unsent(made: Desk) -> None:
    enlist(made.ledger, order())
    made.market.answers = [reply(401)]
    made.market.happens = {"renew": [fails(is_down())], "sign in": [fails(is_down())]}
    control = made.send([order()])
    assert (made.state(order()), control.exit_code) == (State.PENDING, ExitCode.TRY_AGAIN_LATER)
    assert len(made.market.bodies) == 1


def test_a_gate_whose_question_meets_an_expired_sign_in_renews_it(made: Desk) -> None:
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
    made: Desk, answer: Reply, state: State
) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [answer]
    made.market.happens = {"place": [lambda: made.resolver.recover(str(ACCOUNT)), nothing]}
    made.send([order(1), order(2)])
    assert (made.state(order(1)), made.state(order(2))) == (state, State.ACCEPTED)
    assert made.fresh(order(1)).order_id == ("77" if state is State.ACCEPTED else "")


def test_an_order_that_somebody_else_began_is_left_to_them(made: Desk) -> None:
    enlist(made.ledger, order(1), order(2))
    brought(made.ledger, order(1), Step.BEGUN)
    made.send([order(1), order(2)])
    assert (made.state(order(1)), made.state(order(2))) == (State.IN_FLIGHT, State.ACCEPTED)
    assert len(made.market.bodies) == 1


def test_a_limiter_that_is_stopped_lets_nobody_through(clock: Clock) -> None:
    stop = threading.Event()
    stop.set()
    assert not Limiter(Pacer(rate_per_s=2.0), clock).wait_turn(stop)


def test_a_pause_that_begins_while_somebody_waits_costs_them_their_slot(clock: Clock) -> None:
    limiter = Limiter(Pacer(rate_per_s=1.0), clock)
    stop = threading.Event()
    limiter.wait_turn(stop)
    pauses: list[Told] = [lambda: limiter.throttle(30.0)]
    passes = clock.wait

    def wait(seconds: float, stop: threading.Event) -> bool:
        if pauses:
            pauses.pop()()
        return passes(seconds, stop)

    clock.wait = wait  # type: ignore[method-assign]
    assert limiter.wait_turn(stop)
    assert clock.monotonic() >= 1030.0


def test_the_first_question_asked_at_a_shut_gate_stays(clock: Clock) -> None:
    asked: list[str] = []
    breaker = Breaker(clock=clock, patience_s=60.0, give_up=asked.append, observer=lambda event: None)
    breaker.trip("first", lambda: not asked.append("first"))
    breaker.trip("second", lambda: not asked.append("second"))
    assert breaker.wait_until_reset(threading.Event())
    assert asked == ["first"]
