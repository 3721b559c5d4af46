"""Who may begin to send when several processes share a ledger: one an account, and nobody whom another took for dead."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from ledger_records import NOW, RUN, begin, enlist
from postgres_server import Server, another_process

from bulk_orders.core.lifecycle import State, Step, step
from bulk_orders.errors import AnotherRunActive
from bulk_orders.ledger.interface import Superseded
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.machine.clock import SystemClock

Open = Callable[..., SqlLedger]


class Frozen(SystemClock):
    """Of a process that does not renew its lease any more; what it takes for now is told from outside."""

    def __init__(self) -> None:
        self.passed_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.passed_s

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        return stop.wait() if seconds > 1 else super().wait(seconds, stop)


class Wrong(SystemClock):
    """Of a machine whose clock is hours behind."""

    def now(self) -> datetime:
        return super().now() - timedelta(hours=3)


def over(server: Server, url: str) -> None:
    """As if nobody had renewed a lease for long."""
    schema = url.rpartition("search_path%3D")[2]
    server.say(f"UPDATE {schema}.leases SET expires_at = expires_at - interval '1 hour'", database="shared")


def test_an_account_that_is_held_is_refused_to_others_with_who_holds_it(open_ledger: Open) -> None:
    one, other = open_ledger(), open_ledger()
    with (
        one.hold("a"),
        pytest.raises(AnotherRunActive, match=rf"process {os.getpid()} on .+, since \d{{4}}-"),
        other.hold("a"),
    ):
        pass
    with other.hold("a"):
        assert one.held_since("a") == other.held_since("a") is not None
    assert one.held_since("a") is None


def test_two_accounts_are_held_at_once_and_all_of_them_only_while_nobody_holds_one(open_ledger: Open) -> None:
    one, other, third = open_ledger(), open_ledger(), open_ledger()
    with one.hold("a"), other.hold("b"):
        with pytest.raises(AnotherRunActive), third.hold():
            pass
        assert (third.held_since("a"), third.held_since("c")) == (one.held_since("a"), None)
    with third.hold(), pytest.raises(AnotherRunActive), one.hold("a"):
        pass


def test_a_machine_whose_clock_is_wrong_holds_as_long_as_any_other(open_ledger: Open) -> None:
    wrong, right = open_ledger(clock=Wrong()), open_ledger()
    with wrong.hold("a"), pytest.raises(AnotherRunActive), right.hold("a"):
        pass
    with right.hold("a"), pytest.raises(AnotherRunActive), wrong.hold("a"):
        pass


def test_of_many_who_want_it_at_once_one_gets_it(open_ledger: Open) -> None:
    ledgers = [open_ledger() for _ in range(8)]
    together, got = threading.Barrier(len(ledgers)), []
    done = threading.Barrier(len(ledgers))

    def want(ledger: SqlLedger) -> None:
        together.wait(20)
        try:
            with ledger.hold("a"):
                got.append(ledger)
                done.wait(20)
        except AnotherRunActive:
            done.wait(20)

    threads = [threading.Thread(target=want, args=(ledger,)) for ledger in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 1


def test_who_was_taken_for_dead_begins_nothing_records_no_run_and_what_came_back_all_the_same(
    open_ledger: Open, postgres: Server, url: str
) -> None:
    late, next_one = open_ledger(clock=Frozen()), open_ledger()
    enlist(late, 3)
    with late.hold("a"):
        begun = begin(late, 0)
        over(postgres, url)
        with next_one.hold("a"):
            with pytest.raises(AnotherRunActive, match="took over"):
                begin(late, 1)
            with pytest.raises(AnotherRunActive, match="took over"):
                late.enlist(replace(RUN, run_id="late"), [], new=[], again=[], source=b"")
            with pytest.raises(AnotherRunActive, match="took over"):
                late.finish_run(replace(RUN, ended_at=NOW, exit_code=8))
            next_one.finish_run(replace(RUN, results_path="results.xlsx"))
            begin(next_one, 1)
            accepted = step(begun, Step.ACCEPTED, order_id="o-1", accepted_at=NOW)
            late.advance(begun, accepted, Step.ACCEPTED, at=NOW)
            assert next_one.order(begun.key) == accepted
            begin(next_one, 2)
    assert [one.state for one in next_one.orders()] == [State.ACCEPTED, State.IN_FLIGHT, State.IN_FLIGHT]
    assert (next_one.run("late"), next_one.run(RUN.run_id)) == (
        None,
        replace(RUN, results_path="results.xlsx"),
    )


def test_a_refusal_in_a_group_of_writes_keeps_nobody_elses_from_being_written(
    open_ledger: Open, postgres: Server, url: str
) -> None:
    late, next_one = open_ledger(clock=Frozen()), open_ledger()
    enlist(late, 40)
    with late.hold("a"):
        begun = [begin(late, number) for number in range(20)]
        over(postgres, url)
        with next_one.hold("a"):
            told = []

            def record(number: int) -> None:
                if number >= 20:
                    with pytest.raises(AnotherRunActive, match="took over"):
                        begin(late, number)
                else:
                    after = step(begun[number], Step.REJECTED)
                    late.advance(begun[number], after, Step.REJECTED, at=NOW)
                told.append(number)

            threads = [threading.Thread(target=record, args=(number,)) for number in range(40)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
            assert len(told) == 40
    states = [one.state for one in next_one.orders()]
    assert states == [State.REJECTED] * 20 + [State.PENDING] * 20


def test_what_the_new_holder_put_in_doubt_is_not_taken_back_by_the_late_one(
    open_ledger: Open, postgres: Server, url: str
) -> None:
    late, next_one = open_ledger(clock=Frozen()), open_ledger()
    enlist(late, 1)
    with late.hold("a"):
        begun = begin(late, 0)
        over(postgres, url)
        with next_one.hold("a"):
            next_one.advance(begun, step(begun, Step.INTERRUPTED), Step.INTERRUPTED, at=NOW)
            with pytest.raises(Superseded):
                late.advance(begun, step(begun, Step.NOT_PROCESSED), Step.NOT_PROCESSED, at=NOW)
    found = next_one.order(begun.key)
    assert found is not None
    assert found.state is State.UNKNOWN


def test_nothing_may_leave_once_another_could_have_taken_over_and_an_attempt_that_is_recorded_renews(
    open_ledger: Open,
) -> None:
    clock = Frozen()
    ledger = open_ledger(clock=clock)
    enlist(ledger, 3)
    with ledger.hold("a"):
        begin(ledger, 0)
        assert ledger.may_send()
        clock.passed_s += 13.1
        assert not ledger.may_send()
        begin(ledger, 1)
        assert ledger.may_send()
        clock.passed_s += 12.0
        assert ledger.may_send()


def test_nothing_begins_by_a_lease_that_was_given_back(open_ledger: Open) -> None:
    ledger = open_ledger()
    enlist(ledger, 2)
    with ledger.hold("a"):
        begin(ledger, 0)
    assert not ledger.may_send()
    with pytest.raises(AnotherRunActive, match="took over"):
        begin(ledger, 1)
    with ledger.hold("a"):
        begin(ledger, 1)


def test_a_lease_that_is_over_and_that_nobody_took_goes_on(
    open_ledger: Open, postgres: Server, url: str
) -> None:
    ledger, other = open_ledger(clock=Frozen()), open_ledger()
    enlist(ledger, 1)
    with ledger.hold("a"):
        over(postgres, url)
        assert other.held_since("a") is None
        begin(ledger, 0)
        with pytest.raises(AnotherRunActive), other.hold("a"):
            pass


def test_who_holds_all_takes_a_lease_that_is_over_for_good(
    open_ledger: Open, postgres: Server, url: str
) -> None:
    late, everything = open_ledger(clock=Frozen()), open_ledger()
    enlist(late, 1)
    with late.hold("a"):
        over(postgres, url)
        with everything.hold(), pytest.raises(AnotherRunActive, match="took over"):
            begin(late, 0)


@pytest.mark.long
def test_a_holder_renews_for_as_long_as_it_lives_and_15_seconds_after_its_death_another_goes_on(
    open_ledger: Open, url: str
) -> None:
    ledger = open_ledger()
    with another_process("hold_until_killed", url) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        for _ in range(18):
            time.sleep(1)
            with pytest.raises(AnotherRunActive, match=f"process {other.pid} on"), ledger.hold("a"):
                pass
        other.kill()
        other.wait()
        killed_s = time.monotonic()
        while not is_free(ledger):
            time.sleep(0.2)
        assert time.monotonic() - killed_s < 16


def is_free(ledger: SqlLedger) -> bool:
    try:
        with ledger.hold("a"):
            return True
    except AnotherRunActive:
        return False
