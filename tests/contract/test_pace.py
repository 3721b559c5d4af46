"""Every pace keeps the port's sentences: that of one process, and that of all processes on one database."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from postgres_server import Server, opened_in

from bulk_orders.core.pacing import WINDOW_S, Slot
from bulk_orders.machine.clock import SystemClock
from bulk_orders.sending.pace import LocalPace, Pace

Make = Callable[[float], Pace]
NEVER = threading.Event()
BETWEEN_CLOCKS_S = 0.05
"""A moment of the database's is known to us as late as its answer."""


@pytest.fixture(params=["one process", pytest.param("postgresql", marks=pytest.mark.long)])
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    """Makes a credential's pace; the whole test is about one credential."""
    clock = SystemClock()
    if request.param == "one process":
        yield lambda rate_per_s: LocalPace(rate_per_s, clock)
        return
    server: Server = request.getfixturevalue("postgres")
    from bulk_orders.ledger.postgres.address import address_of  # noqa: PLC0415 - psycopg may be missing
    from bulk_orders.ledger.postgres.paces import SharedPace  # noqa: PLC0415 - see above

    url = server.new_schema()
    with ExitStack() as opened:
        database = opened.enter_context(closing(opened_in(url))).file()

        def shared(rate_per_s: float) -> SharedPace:
            made = SharedPace(
                address_of(url), clock, database=database, credential="api|user", rate_per_s=rate_per_s
            )
            return opened.enter_context(closing(made))

        yield shared


def taken(pace: Pace, number: int = 1) -> list[Slot]:
    slots = [pace.reserve(NEVER) for _ in range(number)]
    assert None not in slots
    return [slot for slot in slots if slot is not None]


def in_s(slot: Slot) -> float:
    """How long it is until then."""
    return slot.due_s - SystemClock().monotonic()


def test_slots_come_one_after_the_other_no_quicker_than_the_rate(make: Make) -> None:
    moments = [slot.moment_s for slot in taken(make(40.0), 20)]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] > 0.99 * 19 * WINDOW_S / 40.0


def test_who_asks_first_goes_at_once(make: Make) -> None:
    (first,) = taken(make(1.0))
    assert in_s(first) <= BETWEEN_CLOCKS_S


def test_threads_that_ask_at_once_share_the_rate(make: Make) -> None:
    pace, slots = make(40.0), list[Slot]()
    threads = [threading.Thread(target=lambda: slots.extend(taken(pace, 5))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    moments = sorted(slot.moment_s for slot in slots)
    assert len(moments) == 20
    assert moments[-1] - moments[0] > 0.99 * 19 * WINDOW_S / 40.0


@pytest.mark.parametrize("rate_per_s", [0.0, 40.0])
def test_a_pause_holds_everybody_and_the_longest_one_wins(make: Make, rate_per_s: float) -> None:
    pace = make(rate_per_s)
    assert pace.pause_s() <= 0
    pace.throttled(70.0)
    pace.throttled(2.0)
    assert 40.0 < pace.pause_s() < 70.0 + BETWEEN_CLOCKS_S
    assert 40.0 < in_s(*taken(pace)) < 70.0 + BETWEEN_CLOCKS_S


def test_after_a_429_all_go_slower(make: Make) -> None:
    pace = make(20.0)
    pace.throttled(0.0)
    first, *_, last = (slot.moment_s for slot in taken(pace, 11))
    assert (last - first) / 10 > 0.95 * WINDOW_S / (20.0 * 0.7)


def test_a_slot_that_was_used_late_keeps_back_what_comes_a_window_later(make: Make) -> None:
    pace = make(5.0)
    first, *_ = taken(pace)
    SystemClock().wait(in_s(first) + 0.3, NEVER)
    pace.used(first)
    *_, after = taken(pace, 5)
    assert after.moment_s - first.moment_s > WINDOW_S + 0.29


def test_without_a_limit_every_slot_is_now(make: Make) -> None:
    pace = make(0.0)
    assert all(in_s(slot) <= BETWEEN_CLOCKS_S for slot in taken(pace, 50))
    pace.used(*taken(pace))


def test_who_is_stopped_gets_none(make: Make) -> None:
    stopped = threading.Event()
    stopped.set()
    assert make(5.0).reserve(stopped) is None


def test_nobody_is_alarmed_by_their_own_alarm(make: Make) -> None:
    pace = make(5.0)
    assert not pace.is_alarmed()
    pace.alarm()
    pace.reserve(NEVER)
    assert not pace.is_alarmed()
