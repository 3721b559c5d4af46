"""Orders in doubt while others are sent, after an outage, and when people ask about them."""

import itertools
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sending_parts import NOW, Parts, Shelf, brought, doubtful, enlist, order, reply, seen

from bulk_orders.core.lifecycle import OrderRecord, State, Step
from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.core.settling import COMPLETE_READS
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import OrderList, ReadFailed
from bulk_orders.sending.breaker import Breaker
from bulk_orders.sending.lookup import MOST_LOOKS
from bulk_orders.sending.submission import Submission
from bulk_orders.sending.submission_settings import SubmissionSettings
from bulk_orders.sending.workers import ThreadWorkers

IN_FLIGHT = 16


class Vanishing(Shelf):
    """A marketplace that vanishes for a minute when sixteen orders are on their way; none of those arrives."""

    def __init__(self, clock: Clock, lasts_s: float) -> None:
        super().__init__()
        self.clock, self.lasts_s = clock, lasts_s
        self.together = threading.Barrier(IN_FLIGHT)
        self.lock = threading.Lock()
        self.back_s: float | None = None

    def place(self, body: Mapping[str, Any]) -> Reply | NoReply:
        with self.lock:
            is_lost = len(self.bodies) < IN_FLIGHT
            if not is_lost:
                return super().place(body)
            self.bodies.append(body)
        self.together.wait(10.0)
        with self.lock:
            self.back_s = self.back_s or self.clock.monotonic() + self.lasts_s
        return NoReply(kind=FailureKind.TIMEOUT, detail="", bytes_sent=9, sent_at=self.clock.now())

    def list_orders(self, **filters: Any) -> OrderList:
        if self.back_s is not None and self.clock.monotonic() < self.back_s:
            raise ReadFailed("No answer.")
        with self.lock:
            return super().list_orders(**filters)


@pytest.mark.parametrize("lasts_s", [0.0, 60.0, 600.0])
def test_an_outage_with_sixteen_orders_in_flight_is_waited_for_and_the_run_goes_on(
    clock: Any, lasts_s: float
) -> None:
    made = Parts(clock=clock, market=Vanishing(clock, lasts_s), ledger=MemoryLedger())
    rows = [of_own_customer(number) for number in range(1, 41)]
    enlist(made.ledger, *rows)
    made.breaker = Breaker(
        clock=clock, patience_s=7200.0, give_up=made.told.append, observer=made.told.append
    )
    submission(made, workers=IN_FLIGHT).send_all(rows)
    states = [made.state(row) for row in rows]
    assert (states.count(State.UNKNOWN), states.count(State.ACCEPTED)) == (IN_FLIGHT, 40 - IN_FLIGHT)
    assert made.control.reason == ""


def of_own_customer(number: int) -> OrderRecord:
    plain = order(number)
    return replace(plain, customer_id=f"c{number}", body=plain.body.replace('"c1"', f'"c{number}"'))


def submission(made: Parts, **settings: Any) -> Submission:
    services = made.services()
    return Submission(
        run_id="run-1",
        ledger=made.ledger,
        marketplace=made.market,
        resolver=made.resolver,
        limiter=services.limiter,
        breaker=made.breaker,
        workers=ThreadWorkers(),
        clock=made.clock,
        jitter=lambda: 0.5,
        observer=made.told.append,
        control=made.control,
        settings=SubmissionSettings(**settings),
    )


class Ticking(Shelf):
    """Each order takes a second."""

    def __init__(self, clock: Any, appears_at: int = 0) -> None:
        super().__init__()
        self.clock = clock
        self.appears_at = appears_at

    def place(self, body: Mapping[str, Any]) -> Reply | NoReply:
        self.clock.advance(1.0)
        answer = super().place(body)
        if len(self.bodies) == self.appears_at:
            self.orders.append(seen(of_own_customer(1), "77", customer_id="c1"))
        return answer


def test_an_order_in_doubt_is_looked_for_with_growing_gaps_while_others_are_sent(clock: Any) -> None:
    made = Parts(clock=clock, market=Ticking(clock), ledger=MemoryLedger())
    rows = [of_own_customer(number) for number in range(1, 201)]
    enlist(made.ledger, *rows)
    made.market.answers = [reply(500)]
    made.send(rows)
    lists = [place for place, what in enumerate(made.market.asked) if what == "list"]
    assert (len(lists), len(made.market.bodies)) == (MOST_LOOKS, 200)
    gaps = [later - earlier for earlier, later in itertools.pairwise(lists)]
    assert gaps == sorted(gaps)


def test_an_order_that_appears_while_others_are_sent_is_found_long_before_the_end(clock: Any) -> None:
    made = Parts(clock=clock, market=Ticking(clock, appears_at=10), ledger=MemoryLedger())
    rows = [of_own_customer(number) for number in range(1, 101)]
    enlist(made.ledger, *rows)
    made.market.answers = [reply(500)]
    made.send(rows)
    assert made.fresh(rows[0]).order_id == "77"
    assert made.market.asked[-50:] == ["place"] * 50


@pytest.mark.long
@pytest.mark.parametrize("rows_behind", [0, 40, 400])
def test_the_end_of_a_run_comes_at_most_the_settling_time_later(clock: Any, rows_behind: int) -> None:
    made = Parts(clock=clock, market=Ticking(clock), ledger=MemoryLedger())
    rows = [of_own_customer(number) for number in range(1, rows_behind + 2)]
    enlist(made.ledger, *rows)
    made.market.answers = [reply(500)]
    made.send(rows)
    sent_s = clock.monotonic()
    lost = made.fresh(rows[0])
    assert made.resolver.look_up_all([lost], settle_s=15.0, stop=threading.Event()) == (lost,)
    assert clock.monotonic() - sent_s <= 15.0
    assert made.market.asked.count("list") <= 6


def settled(made: Parts, ago: timedelta) -> OrderRecord:
    lost = doubtful(made.ledger)
    return brought(made.ledger, lost, Step.LOOKED, doubtful_at=NOW - ago)


def test_an_order_whose_window_is_over_is_read_until_it_can_be_decided_and_no_longer(made: Parts) -> None:
    lost = settled(made, timedelta(hours=1))
    made.resolver.look_up_all([lost], settle_s=0.0, stop=threading.Event())
    made.resolver.look_until_absent([lost], stop=threading.Event())
    made.resolver.look_until_absent([lost], stop=threading.Event())
    assert (made.fresh(lost).absent_reads, made.market.asked) == (COMPLETE_READS, ["list"] * 6)


def test_an_order_whose_window_is_open_is_read_once_and_nothing_is_waited_for(made: Parts) -> None:
    lost = settled(made, timedelta(minutes=14))
    began_s = made.clock.monotonic()
    made.resolver.look_up_all([lost], settle_s=0.0, stop=threading.Event())
    made.resolver.look_until_absent([lost], stop=threading.Event())
    assert (made.market.asked, made.clock.monotonic()) == (["list"], began_s)


def test_a_marketplace_that_is_never_whole_ends_the_reading_all_the_same(made: Parts) -> None:
    lost = settled(made, timedelta(hours=1))
    made.market.is_complete = False
    made.resolver.look_until_absent([lost], stop=threading.Event())
    assert (made.fresh(lost).absent_reads, len(made.market.asked)) == (0, COMPLETE_READS)
