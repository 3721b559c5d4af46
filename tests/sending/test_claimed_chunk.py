"""What a worker does with a chunk: it sends what is left of it, and says when that is all, or why the run is to end."""

import threading
from typing import Any

import pytest
from sending.test_subscriptions import Shop, change, parts
from sending_parts import RUN, Parts, brought, enlist, order, reply
from sharing_parts import Chunks, HeldClaim

from bulk_orders.core.lifecycle import State, Step
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.errors import AnotherRunActive, ExitCode, SetupError
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.sharing import Chunk, Content
from bulk_orders.machine.clock import SystemClock
from bulk_orders.sending.claimed_chunk import BROKEN, work_on
from bulk_orders.sending.streak import Streak
from bulk_orders.sending.subscriptions import CHANGED

CHUNK = Chunk(run_id=RUN.run_id, number=1, account=RUN.account)


def work(made: Parts, shared: Chunks, streak: Streak | None = None, **changes: Any) -> int:
    """A clock that nobody moves by hand: a thread looks at it."""
    return work_on(
        made.services(clock=SystemClock(), **changes),
        shared,
        CHUNK,
        lambda _hand_out, stop_after: streak or Streak(stop_after),
    )


def claimed(*numbers: int) -> Chunks:
    return Chunks(claimed=HeldClaim(Content(keys=tuple(order(number).key for number in numbers))))


def test_it_sends_the_chunks_orders_and_no_others(made: Parts) -> None:
    enlist(made.ledger, *map(order, (1, 2, 3)))
    shared = claimed(1, 3)
    assert work(made, shared) == 2
    assert [made.state(order(number)) for number in (1, 2, 3)] == [
        State.ACCEPTED,
        State.PENDING,
        State.ACCEPTED,
    ]
    assert (shared.finished, shared.stops) == (1, [])


def test_what_a_dead_worker_left_in_flight_is_looked_for_and_not_sent(made: Parts) -> None:
    enlist(made.ledger, *map(order, (1, 2, 3)))
    for number in (1, 3):
        brought(made.ledger, made.fresh(order(number)), Step.BEGUN)
    shared = claimed(1, 2)
    assert work(made, shared) == 2
    assert [made.state(order(number)) for number in (1, 2, 3)] == [
        State.UNKNOWN,
        State.ACCEPTED,
        State.IN_FLIGHT,  # of another chunk: somebody else may be sending it
    ]
    assert [body["ponumber"] for body in made.market.bodies] == [order(2).marker]
    assert shared.finished == 1


def test_a_subscription_that_is_not_as_the_workbook_has_it_is_left_alone_by_a_worker_too() -> None:
    made = parts(Shop())  # enlists a change to 12 of 10 seats
    pulled = {change().key: AsPulled(had=11)}
    shared = Chunks(claimed=HeldClaim(Content(keys=(change().key,), pulled=pulled)))
    work(made, shared)
    found = made.fresh(change())
    assert (made.market.bodies, found.state, found.code) == ([], State.GAVE_UP, CHANGED)


def test_a_chunk_that_is_not_to_be_had_is_left_alone(made: Parts) -> None:
    enlist(made.ledger, order(1))
    assert work(made, Chunks()) == 0
    assert (made.market.bodies, made.market.asked) == ([], [])


def test_what_ends_the_run_at_one_worker_ends_it_for_all(made: Parts) -> None:
    enlist(made.ledger, *map(order, (1, 2, 3)))
    made.market.answers = [reply(401) for _ in range(4)]
    shared = claimed(1, 2, 3)
    work(made, shared)
    ((because, code),) = shared.stops
    assert ("sign-in" in because, code, shared.finished) == (True, int(ExitCode.SETUP_WRONG), 0)


def test_equal_failures_in_a_row_are_counted_over_the_chunks_of_a_run(made: Parts) -> None:
    """A small run has chunks of one order, in which nothing comes in a row."""
    enlist(made.ledger, *map(order, (1, 2, 3)))
    made.market.answers = [reply(400, {"error": "No."}) for _ in range(3)]
    streak = Streak(2)
    ends = [claimed(number) for number in (1, 2)]
    for shared in ends:
        work(made, shared, streak)
    assert [(len(shared.stops), shared.finished) for shared in ends] == [(0, 1), (1, 0)]
    assert "2 identical failures" in ends[1].stops[0][0]


def test_a_worker_that_is_ended_gives_the_chunk_back_and_stops_nobody_else(made: Parts) -> None:
    enlist(made.ledger, order(1))
    stop = threading.Event()
    stop.set()
    shared = claimed(1)
    made.market.happens = {"list": [lambda: threading.Event().wait(0.5)]}
    work(made, shared, stop=stop)
    assert (made.state(order(1)), shared.finished, shared.stops) == (State.PENDING, 0, [])


def test_who_lost_the_claim_begins_nothing_and_says_nothing(made: Parts) -> None:
    enlist(made.ledger, order(1))
    shared = claimed(1)
    assert shared.claimed is not None
    shared.claimed.is_lost = True
    made.market.happens = {"list": [lambda: threading.Event().wait(0.5)]}
    work(made, shared)
    assert (made.state(order(1)), shared.finished, shared.stops) == (State.PENDING, 0, [])


class Refused(MemoryLedger):
    """Somebody else has the chunk by the time an attempt is recorded; or the ledger breaks."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def advance(self, before: Any, after: Any, what: Step, **rest: Any) -> None:
        if what is Step.BEGUN:
            raise self.error
        super().advance(before, after, what, **rest)


def test_an_attempt_that_was_refused_ends_the_chunk_and_not_the_run(made: Parts) -> None:
    made.ledger = Refused(AnotherRunActive("Theirs."))
    enlist(made.ledger, order(1))
    shared = claimed(1)
    work(made, shared)
    assert (made.market.bodies, shared.finished, shared.stops) == ([], 0, [])


def test_a_sign_in_that_is_refused_at_a_worker_stops_the_run_and_says_so(made: Parts) -> None:
    """Its own password may be wrong, where that of whoever began the run is good."""
    enlist(made.ledger, order(1))
    refused = SetupError("The marketplace refuses the user or the password.", fix="Check both.")

    def refuse() -> None:
        raise refused

    made.market.happens = {"list": [refuse]}
    shared = claimed(1)
    work(made, shared)
    ((because, code),) = shared.stops
    assert (str(refused) in because, code, shared.finished) == (True, int(ExitCode.SETUP_WRONG), 0)
    assert made.services().host in because


def test_a_fault_of_the_program_stops_the_run_instead_of_coming_again_and_again(made: Parts) -> None:
    made.ledger = Refused(ZeroDivisionError())
    enlist(made.ledger, order(1))
    shared = claimed(1)
    with pytest.raises(ZeroDivisionError):
        work(made, shared)
    assert (shared.stops, shared.finished) == ([(BROKEN, int(ExitCode.BUG))], 0)
