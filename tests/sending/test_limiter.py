"""How turns are waited for: when an attempt is recorded and when it leaves, pauses, and what other processes met."""

import threading

import pytest
from sending_parts import NOW, Act, Parts, enlist, order, reply

from bulk_orders.core.lifecycle import State
from bulk_orders.core.reply import FailureKind, NoReply
from bulk_orders.machine.clock import Clock
from bulk_orders.sending.limiter import LEAD_S, Limiter
from bulk_orders.sending.pace import LocalPace


def test_a_limiter_that_is_stopped_lets_nobody_through(clock: Clock) -> None:
    stop = threading.Event()
    stop.set()
    assert not Limiter(LocalPace(2.0, clock), clock).wait_turn(stop)


def test_a_pause_that_begins_while_somebody_waits_costs_them_their_slot(clock: Clock) -> None:
    limiter = Limiter(LocalPace(1.0, clock), clock)
    stop = threading.Event()
    limiter.wait_turn(stop)
    pauses: list[Act] = [lambda: limiter.throttle(30.0)]
    passes = clock.wait

    def wait(seconds: float, stop: threading.Event) -> bool:
        if pauses:
            pauses.pop()()
        return passes(seconds, stop)

    clock.wait = wait  # type: ignore[method-assign]
    assert limiter.wait_turn(stop)
    limiter.sending()
    assert clock.monotonic() == pytest.approx(1030.0)


def test_an_attempt_is_recorded_shortly_before_its_slot_and_sent_when_it_is_due(clock: Clock) -> None:
    limiter, stop = Limiter(LocalPace(1.0, clock), clock), threading.Event()
    moments = []
    for _ in range(2):
        limiter.wait_turn(stop)
        moments.append(clock.monotonic())
        limiter.sending()
        moments.append(clock.monotonic())
    assert moments == pytest.approx([1000.0, 1000.0, 1001.01 - LEAD_S, 1001.01])
    limiter.wait_turn(stop)
    clock.advance(0.5)
    late_s = clock.monotonic()
    limiter.sending()
    assert clock.monotonic() == late_s


class Shared(LocalPace):
    """The pace of several processes, of which another met what is told."""

    def __init__(self, made: Parts, *alarms: bool) -> None:
        super().__init__(0.0, made.clock)
        self._alarms = list(alarms)
        self.given = 0

    def alarm(self) -> None:
        self.given += 1

    def is_alarmed(self) -> bool:
        return bool(self._alarms) and self._alarms.pop(0)


def test_what_another_process_met_is_asked_about_before_the_next_order_and_not_passed_on(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    pace = Shared(made, False, True)
    made.send([order(1), order(2)], limiter=Limiter(pace, made.clock))
    assert made.market.asked == ["place", "list", "place"]
    assert (made.state(order(1)), made.state(order(2)), pace.given) == (State.ACCEPTED, State.ACCEPTED, 0)


def test_a_lost_answer_and_an_outage_are_told_to_the_other_processes(made: Parts) -> None:
    enlist(made.ledger, order(1), order(2))
    made.market.answers = [
        reply(500),
        NoReply(kind=FailureKind.NO_CONNECTION, detail="", bytes_sent=0, sent_at=NOW),
    ]
    pace = Shared(made)
    made.send([order(1), order(2)], limiter=Limiter(pace, made.clock))
    assert pace.given == 2
