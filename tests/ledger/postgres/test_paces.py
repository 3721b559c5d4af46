"""One credential's pace on any number of processes: what one hears all keep, and nobody's death or clock holds the others up."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import pairwise
from typing import Any

import pytest
from postgres_server import Server, another_process, opened_in, server

from bulk_orders.core.pacing import WINDOW_S, Slot
from bulk_orders.errors import LedgerUnusable
from bulk_orders.machine.clock import SystemClock

pytest.importorskip("psycopg")

from bulk_orders.ledger.postgres.address import address_of
from bulk_orders.ledger.postgres.paces import AHEAD_S, KNOWN_FOR_S, SharedPace

Join = Callable[..., SharedPace]
NEVER = threading.Event()
CLOCK = SystemClock()


def joining(url: str, opened: ExitStack) -> Join:
    """Makes the pace of one more process, which opens the database itself."""

    def join(rate_per_s: float = 20.0, **options: Any) -> SharedPace:
        ledger = opened.enter_context(closing(opened_in(url)))
        named = {"database": ledger.file(), "credential": "api|user", "rate_per_s": rate_per_s} | options
        return opened.enter_context(closing(SharedPace(address_of(url), named.pop("clock", CLOCK), **named)))

    return join


@pytest.fixture
def join(url: str) -> Iterator[Join]:
    with ExitStack() as opened:
        yield joining(url, opened)


def taken(pace: SharedPace) -> Slot:
    slot = pace.reserve(NEVER)
    assert slot is not None
    return slot


def said(postgres: Server, url: str, statement: str) -> list[tuple[object, ...]]:
    schema = url.rpartition("search_path%3D")[2]
    return postgres.say(statement.replace("{paces}", f"{schema}.paces"), database="shared")


def test_processes_take_turns_at_one_rate(join: Join) -> None:
    one, other = join(), join()
    moments = [taken(pace).moment_s for _ in range(8) for pace in (one, other)]
    assert moments == sorted(moments)
    assert moments[-1] - moments[0] > 0.99 * 15 * WINDOW_S / 20.0


class Later(SystemClock):
    """Of a machine that was started long before."""

    def monotonic(self) -> float:
        return super().monotonic() + 5_000.0


def test_machines_whose_clocks_differ_take_turns_all_the_same(join: Join) -> None:
    one, other = join(), join(clock=Later())
    slots = [taken(pace) for _ in range(8) for pace in (one, other)]
    of_one, of_other = slots[::2], slots[1::2]
    for own in (of_one, of_other):
        assert own[-1].moment_s - own[0].moment_s > 0.99 * 14 * WINDOW_S / 20.0
    assert of_other[0].due_s - Later().monotonic() < 0.5


def test_two_credentials_do_not_wait_for_each_other(join: Join) -> None:
    one, other = join(1.0), join(1.0, credential="api|somebody else")
    waits = [taken(pace).due_s - CLOCK.monotonic() for pace in (one, other)]
    assert max(waits) < 0.5


def test_a_429_of_one_process_holds_all_of_them_and_all_go_slower_afterwards(join: Join) -> None:
    one, other = join(), join()
    before = taken(other)
    one.throttled(1.0)
    first, *_, last = (taken(other) for _ in range(6))
    assert first.moment_s - before.moment_s > 0.99
    assert (last.moment_s - first.moment_s) / 5 > 0.95 * WINDOW_S / (20.0 * 0.7)


@pytest.mark.parametrize("rate_per_s", [0.0, 0.1])
def test_a_pause_is_known_to_others_before_they_use_a_slot_they_have_waited_for(
    join: Join, rate_per_s: float
) -> None:
    one, other = join(), join(rate_per_s)
    taken(other)
    one.throttled(90.0)
    CLOCK.wait(KNOWN_FOR_S, NEVER)
    assert other.pause_s() > 60.0


def test_an_alarm_of_one_process_is_told_once_to_each_of_the_others_that_were_there(join: Join) -> None:
    one, other, third = join(), join(), join(0.0)
    for pace in (one, other, third):
        pace.pause_s()
    one.alarm()
    CLOCK.wait(KNOWN_FOR_S, NEVER)
    late = join()
    for pace in (one, other, third, late):
        pace.pause_s()
    told = [[pace.is_alarmed() for _ in range(2)] for pace in (one, other, third, late)]
    assert told == [[False, False], [True, False], [True, False], [False, False]]


class Stopped(SystemClock):
    """Of a machine on which nothing takes any time."""

    now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


def test_what_is_known_is_not_asked_again(join: Join, postgres: Server, url: str) -> None:
    clock = Stopped()
    pace = join(0.0, clock=clock)
    pace.throttled(5.0)
    said(postgres, url, "DELETE FROM {paces}")
    assert pace.pause_s() == pytest.approx(5.0)
    clock.now_s += KNOWN_FOR_S
    assert pace.pause_s() <= 0


def test_threads_that_wait_together_ask_once(join: Join, postgres: Server, url: str) -> None:
    pace = join(200.0)
    taken(pace)
    slots: list[Slot] = []
    with pace._turn:  # as while another thread asks
        threads = [threading.Thread(target=lambda: slots.append(taken(pace))) for _ in range(12)]
        for thread in threads:
            thread.start()
        while len(pace._tickets) < 12:
            time.sleep(0.001)
    for thread in threads:
        thread.join(30)
    assert len(slots) == 12
    assert said(postgres, url, "SELECT version FROM {paces}") == [(2,)]


def test_a_process_takes_no_slots_far_ahead(join: Join) -> None:
    pace = join(2.0)
    taken(pace)
    second, asked_s = taken(pace), CLOCK.monotonic()
    assert second.due_s - asked_s < WINDOW_S / 2 + 0.05
    third, asked_s = taken(pace), CLOCK.monotonic()
    assert third.due_s - asked_s < WINDOW_S / 2 + AHEAD_S


def test_who_waits_for_a_slot_far_ahead_can_be_stopped(join: Join) -> None:
    pace, stop, got = join(0.05), threading.Event(), []
    taken(pace), taken(pace)
    threads = [threading.Thread(target=lambda: got.append(pace.reserve(stop))) for _ in range(3)]
    for thread in threads:
        thread.start()
    stop.set()
    for thread in threads:
        thread.join(10)
    assert (got, pace._tickets) == ([None] * 3, [])


def test_each_leaves_the_gap_of_its_own_rate(join: Join) -> None:
    slow, quick = join(1.0), join(100.0)
    moments = [taken(pace).moment_s for pace in (quick, slow, quick)]
    assert moments[2] - moments[1] > 0.9


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_database_whose_clock_was_set_holds_nobody_up(
    join: Join, postgres: Server, url: str, hours: int
) -> None:
    """A standby took over, whose clock is elsewhere: to it the moments that are kept lie far from now."""
    one, other = join(), join()
    for pace in (one, other):
        taken(pace)
    ((state,),) = said(postgres, url, "SELECT state FROM {paces}")
    kept = json.loads(str(state))
    kept["now"] += 3600 * hours
    said(postgres, url, "UPDATE {paces} SET version = version + 1, state = '" + json.dumps(kept) + "'")
    slots = [taken(pace) for pace in (one, other)]
    assert all(slot.due_s - CLOCK.monotonic() < 1.0 for slot in slots)


def test_a_table_that_was_emptied_by_a_crash_begins_anew(join: Join, postgres: Server, url: str) -> None:
    pace = join()
    taken(pace)
    said(postgres, url, "TRUNCATE {paces}")
    assert taken(pace).due_s - CLOCK.monotonic() < 1.0


def test_a_process_that_froze_between_reading_and_writing_keeps_nobody_waiting(join: Join) -> None:
    frozen, other = join(2.0), join(2.0)
    frozen_now, thawed, slots = threading.Event(), threading.Event(), [taken(other)]
    reads = frozen._read

    def read_and_freeze() -> Any:
        known = reads()
        frozen_now.set()
        thawed.wait(30)
        return known

    frozen._read = read_and_freeze  # type: ignore[method-assign]
    thread = threading.Thread(target=lambda: slots.append(taken(frozen)))
    thread.start()
    frozen_now.wait(30)
    slots.append(taken(other))
    thawed.set()
    thread.join(30)
    moments = sorted(slot.moment_s for slot in slots)
    assert len(moments) == 3
    assert all(later - earlier > 0.75 * WINDOW_S / 2.0 for earlier, later in pairwise(moments))


def test_a_database_that_was_replaced_is_not_asked(join: Join) -> None:
    pace = join(database="another one")
    with pytest.raises(LedgerUnusable, match="restored, replaced or taken over"):
        pace.reserve(NEVER)


@pytest.mark.long
def test_a_server_that_is_away_is_waited_for_and_not_for_ever() -> None:
    with server() as own, ExitStack() as opened:
        url = own.new_database()
        join = joining(url, opened)
        pace, impatient = join(), join(patience_s=0.2)
        taken(pace), taken(impatient)
        own.kill()
        with pytest.raises(LedgerUnusable, match="no connection to its database"):
            impatient.throttled(1.0)
        threading.Timer(0.5, own.start).start()
        assert taken(pace).due_s - CLOCK.monotonic() < 1.0


@pytest.mark.long
def test_slots_of_a_process_that_is_killed_are_soon_given_to_others(join: Join, url: str) -> None:
    pace = join(2.0)
    with another_process("take_slots_until_killed", url, "2") as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "taking\n"
        time.sleep(1.0)
        other.kill()
        other.wait()
    killed_s = CLOCK.monotonic()
    taken(pace)
    assert taken(pace).due_s - killed_s < AHEAD_S + 5 * WINDOW_S / 2.0
