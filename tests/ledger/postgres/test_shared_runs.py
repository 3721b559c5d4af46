"""A run that several processes send: who may begin which of its orders, and who may no more."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from ledger_records import NOW, RUN, begin, enlist, order, until
from postgres_server import Server, another_process
from test_leases import Frozen, over

from bulk_orders.core.lifecycle import State, Step, step
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.errors import AnotherRunActive
from bulk_orders.ledger.interface import Superseded
from bulk_orders.ledger.sharing import Chunk, Content, SharedRun, SharedRuns, Worker
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.machine.clock import SystemClock

FIRST = Chunk(run_id=RUN.run_id, number=1, account="a")
SECOND = replace(FIRST, number=2)


@dataclass
class Process:
    ledger: SqlLedger
    shared: SharedRuns
    clock: Frozen


@pytest.fixture
def process(url: str) -> Iterator[Callable[[], Process]]:
    """Opens the ledger as another process would. Its threads renew nothing; its clock is told what it takes for now."""
    from bulk_orders.ledger.postgres.address import address_of  # noqa: PLC0415 - psycopg may be missing
    from bulk_orders.ledger.postgres.shared_runs import PostgresSharedRuns  # noqa: PLC0415 - see above
    from bulk_orders.ledger.postgres.store import PostgresStore  # noqa: PLC0415 - see above

    with ExitStack() as opened:

        def another(clock: Any = None) -> Process:
            clock = clock or Frozen()
            store = PostgresStore(address_of(url), clock)
            ledger = opened.enter_context(closing(SqlLedger(store)))
            return Process(ledger, PostgresSharedRuns(store, clock.monotonic), clock)

        yield another


def hand_out(planner: Process, *chunks: list[int]) -> None:
    planner.shared.hand_out(RUN.run_id, "a", [content(*chunk) for chunk in chunks])


def may_claim(process: Process, chunk: Chunk) -> bool:
    with process.shared.claim(chunk) as claim:
        return claim is not None


def content(*numbers: int, **pulled: Any) -> Content:
    return Content(keys=tuple(order(number).key for number in numbers), **pulled)


def test_what_a_workbook_says_of_subscriptions_goes_with_the_chunk(process: Callable[[], Process]) -> None:
    planner, worker = process(), process()
    pulled = {
        order(0).key: AsPulled(had=1, renewal_date=date(2027, 3, 1)),
        order(1).key: AsPulled(had=True),
        order(2).key: AsPulled(had=False, renewal_date=date(2027, 3, 2)),
    }
    enlist(planner.ledger, 1)
    with planner.ledger.hold("a"):
        planner.shared.hand_out(RUN.run_id, "a", [content(0, pulled=pulled)])
        with worker.shared.claim(FIRST) as claim:
            assert claim is not None
            assert claim.content == content(0, pulled=pulled)
            assert [type(told.had) for told in claim.content.pulled.values()] == [int, bool, bool]


def claims_are_over(server: Server, url: str) -> None:
    """As if nobody had renewed a claim for long."""
    schema = url.rpartition("search_path%3D")[2]
    server.say(f"UPDATE {schema}.chunks SET expires_at = expires_at - interval '1 hour'", database="shared")


def test_a_chunk_is_claimed_by_one_and_what_is_handed_out_is_seen_by_all(
    process: Callable[[], Process],
) -> None:
    planner, one, other = process(), process(), process()
    enlist(planner.ledger, 3)
    with planner.ledger.hold("a"):
        hand_out(planner, [0, 1], [2])
        assert one.shared.unclaimed() == (FIRST, SECOND)
        with one.shared.claim(FIRST) as claim:
            assert claim is not None
            assert (claim.content, claim.is_lost) == (content(0, 1), False)
            assert other.shared.unclaimed() == (SECOND,)
            assert not may_claim(other, FIRST)
            with other.shared.claim(SECOND) as second:
                assert second is not None
                assert second.hand_out == claim.hand_out != ""
                begin(other.ledger, 2)
            begin(one.ledger, 0)
        assert other.shared.unclaimed() == (FIRST, SECOND)
        with other.shared.claim(FIRST):
            other.shared.finish()
        found = planner.shared.run(RUN.run_id)
        assert found == SharedRun(run_id=RUN.run_id, account="a", chunks=2, done=1, claimed=())
        assert one.shared.unclaimed() == (SECOND,)
        assert not may_claim(other, FIRST)


def test_who_claims_no_chunk_begins_nothing_and_who_gave_it_back_nothing_more(
    process: Callable[[], Process],
) -> None:
    planner, worker = process(), process()
    enlist(planner.ledger, 2)
    with planner.ledger.hold("a"):
        hand_out(planner, [0, 1])
        with worker.shared.claim(FIRST):
            begin(worker.ledger, 0)
            assert worker.ledger.may_send()
        assert not worker.ledger.may_send()
        with pytest.raises(AnotherRunActive, match="was stopped, or another process"):
            begin(worker.ledger, 1)


def test_a_chunk_that_another_took_is_noticed_however_lately_its_claim_was_renewed(
    process: Callable[[], Process], postgres: Server, url: str
) -> None:
    planner, late, next_one = process(), process(), process()
    enlist(planner.ledger, 2)
    with planner.ledger.hold("a"):
        hand_out(planner, [0, 1])
        with late.shared.claim(FIRST):
            begin(late.ledger, 0)
            claims_are_over(postgres, url)
            with next_one.shared.claim(FIRST) as claim:
                assert claim is not None
                with pytest.raises(AnotherRunActive):
                    begin(late.ledger, 1)
                begin(next_one.ledger, 1)


def test_a_worker_that_was_taken_for_dead_begins_nothing_and_records_what_came_back(
    process: Callable[[], Process], postgres: Server, url: str
) -> None:
    planner, late, next_one = process(), process(), process()
    enlist(planner.ledger, 3)
    with planner.ledger.hold("a"):
        hand_out(planner, [0, 1, 2])
        with late.shared.claim(FIRST):
            begun, lost = begin(late.ledger, 0), begin(late.ledger, 1)
            late.clock.passed_s += 8.1
            assert not late.ledger.may_send()
            claims_are_over(postgres, url)
            with next_one.shared.claim(FIRST) as claim:
                assert claim is not None
                with pytest.raises(AnotherRunActive):
                    begin(late.ledger, 2)
                begin(next_one.ledger, 2)
                unknown = step(lost, Step.INTERRUPTED)
                next_one.ledger.advance(lost, unknown, Step.INTERRUPTED, at=NOW)
                with pytest.raises(Superseded):
                    late.ledger.advance(lost, step(lost, Step.NOT_PROCESSED), Step.NOT_PROCESSED, at=NOW)
                accepted = step(begun, Step.ACCEPTED, order_id="o-1", accepted_at=NOW)
                late.ledger.advance(begun, accepted, Step.ACCEPTED, at=NOW)
            late.shared.finish()
        assert next_one.shared.unclaimed() == (FIRST,)
    states = [one.state for one in next_one.ledger.orders()]
    assert states == [State.ACCEPTED, State.UNKNOWN, State.IN_FLIGHT]


def test_a_claim_that_is_over_and_that_nobody_took_goes_on(
    process: Callable[[], Process], postgres: Server, url: str
) -> None:
    planner, worker, other = process(), process(), process()
    enlist(planner.ledger, 1)
    with planner.ledger.hold("a"):
        hand_out(planner, [0])
        with worker.shared.claim(FIRST):
            claims_are_over(postgres, url)
            begin(worker.ledger, 0)
            assert not may_claim(other, FIRST)


def test_who_stops_a_run_stops_it_for_all_and_the_first_reason_stays(process: Callable[[], Process]) -> None:
    planner, worker, other = process(), process(), process()
    enlist(planner.ledger, 2)
    with planner.ledger.hold("a"):
        hand_out(planner, [0], [1])
        with worker.shared.claim(FIRST):
            begin(worker.ledger, 0)
            other.shared.stop(RUN.run_id, "No more.", 7)
            worker.shared.stop(RUN.run_id, "Again.", 6)
            with pytest.raises(AnotherRunActive):
                begin(worker.ledger, 1)
        assert other.shared.unclaimed() == ()
        assert not may_claim(other, SECOND)
        found = planner.shared.run(RUN.run_id)
        assert found is not None
        assert (found.stopped_because, found.exit_code) == ("No more.", 7)


def test_a_run_goes_on_without_its_planner_and_keeps_its_account_while_anybody_works_on_it(
    process: Callable[[], Process], postgres: Server, url: str
) -> None:
    planner, worker, other = process(), process(), process()
    enlist(planner.ledger, 2)
    with planner.ledger.hold("a"):
        hand_out(planner, [0, 1])
        planner.shared.leave()
    with worker.shared.claim(FIRST):
        over(postgres, url)
        begin(worker.ledger, 0)
        with pytest.raises(AnotherRunActive), other.ledger.hold("a"):
            pass


def test_once_another_took_the_account_no_chunk_of_the_old_plan_is_ever_sent(
    process: Callable[[], Process], postgres: Server, url: str
) -> None:
    planner, worker, other = process(), process(), process()
    enlist(planner.ledger, 3)
    with planner.ledger.hold("a"):
        hand_out(planner, [0], [1, 2])
        planner.shared.leave()
    with worker.shared.claim(FIRST):
        begin(worker.ledger, 0)
        over(postgres, url)
        with other.ledger.hold("a"), pytest.raises(AnotherRunActive):
            begin(worker.ledger, 1)
        assert worker.shared.unclaimed() == ()
    assert not may_claim(worker, SECOND)
    assert worker.shared.runs() == ()
    enlist_again = replace(RUN, run_id="again")
    with other.ledger.hold("a"):
        other.ledger.enlist(enlist_again, [], new=[], again=[], source=b"")
        other.shared.hand_out("again", "a", [content(2)])
        assert [chunk.run_id for chunk in worker.shared.unclaimed()] == ["again"]


def test_a_run_on_which_nobody_worked_for_long_is_not_taken_up(
    process: Callable[[], Process], postgres: Server, url: str
) -> None:
    planner, worker = process(), process()
    enlist(planner.ledger, 1)
    with planner.ledger.hold("a"):
        hand_out(planner, [0])
        planner.shared.leave()
    assert worker.shared.unclaimed() == (FIRST,)
    over(postgres, url)
    assert worker.shared.unclaimed() == ()
    assert not may_claim(worker, FIRST)


def test_a_chunk_that_was_made_in_another_database_is_not_sent(
    process: Callable[[], Process], postgres: Server, url: str
) -> None:
    planner, worker = process(), process()
    enlist(planner.ledger, 1)
    with planner.ledger.hold("a"):
        hand_out(planner, [0])
        schema = url.rpartition("search_path%3D")[2]
        postgres.say(f"UPDATE {schema}.shared_runs SET ledger = 'before the restore'", database="shared")
        assert worker.shared.unclaimed() == ()
        assert not may_claim(worker, FIRST)


def test_only_who_holds_the_account_hands_out(
    process: Callable[[], Process], postgres: Server, url: str
) -> None:
    planner, other = process(), process()
    enlist(planner.ledger, 1)
    with pytest.raises(TypeError):
        hand_out(planner, [0])
    with planner.ledger.hold("a"):
        over(postgres, url)
        with other.ledger.hold("a"), pytest.raises(AnotherRunActive, match="took over"):
            hand_out(planner, [0])
    assert other.shared.runs() == ()


def test_one_process_claims_one_chunk_at_a_time(process: Callable[[], Process]) -> None:
    planner, worker = process(), process()
    enlist(planner.ledger, 2)
    with planner.ledger.hold("a"):
        hand_out(planner, [0], [1])
        with worker.shared.claim(FIRST), pytest.raises(AnotherRunActive), worker.shared.claim(SECOND):
            pass
        with pytest.raises(AnotherRunActive), planner.shared.claim(SECOND):
            pass


def test_of_many_who_want_a_chunk_at_once_one_gets_it(process: Callable[[], Process]) -> None:
    planner, workers = process(), [process() for _ in range(6)]
    enlist(planner.ledger, 1)
    got: list[bool] = []
    together, done = threading.Barrier(len(workers)), threading.Barrier(len(workers))

    def want(worker: Process) -> None:
        together.wait(20)
        with worker.shared.claim(FIRST) as claim:
            got.append(claim is not None)
            done.wait(20)

    with planner.ledger.hold("a"):
        hand_out(planner, [0])
        threads = [threading.Thread(target=want, args=(worker,)) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert sorted(got) == [False] * 5 + [True]


def test_what_came_to_rest_is_told_once_in_its_order(process: Callable[[], Process]) -> None:
    planner, worker = process(), process()
    enlist(planner.ledger, 2)
    with planner.ledger.hold("a"):
        hand_out(planner, [0, 1])
        with worker.shared.claim(FIRST):
            for number, what in enumerate((Step.REJECTED, Step.NO_VERDICT)):
                begun = begin(worker.ledger, number)
                worker.ledger.advance(begun, step(begun, what), what, at=NOW)
        found = planner.shared.settled(RUN.run_id, 0)
        assert [(one.sheet_row, one.state) for one in found] == [(2, State.REJECTED), (3, State.UNKNOWN)]
        assert planner.shared.settled(RUN.run_id, found[0].event) == found[1:]


def test_workers_that_are_there_are_listed(process: Callable[[], Process]) -> None:
    one = process()
    worker = Worker(worker_id="w1", host="h", pid=7, accounts=("a", "b"), since=NOW, seen_s=0.0)
    for noted in (worker, worker, replace(worker, worker_id="w2")):
        one.shared.note_worker(noted)
    first, second = one.shared.workers()
    assert replace(first, seen_s=0.0) == worker
    assert (second.worker_id, first.seen_s < 5) == ("w2", True)
    one.shared.forget_worker("w2")
    assert [found.worker_id for found in one.shared.workers()] == ["w1"]


@pytest.mark.long
def test_a_claim_is_renewed_for_as_long_as_it_lives_and_10_seconds_after_a_death_another_has_the_chunk(
    process: Callable[..., Process], url: str
) -> None:
    planner, worker = process(SystemClock()), process(SystemClock())
    enlist(planner.ledger, 1)
    with planner.ledger.hold("a"):
        hand_out(planner, [0])
        with another_process("claim_until_killed", url, RUN.run_id) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "claimed\n"
            until_s = worker.clock.monotonic() + 13
            while worker.clock.monotonic() < until_s:
                assert worker.shared.unclaimed() == ()
            other.kill()
            other.wait()
            killed_s = worker.clock.monotonic()
            until(lambda: worker.shared.unclaimed() == (FIRST,))
            assert worker.clock.monotonic() - killed_s < 11
