"""The ledger's contract, over every implementation: of two that step one order one wins, and what is no step is refused."""

import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from ledger_contract import (
    ACCOUNT,
    NOW,
    RUN,
    advance,
    attempt,
    enlist,
    everything,
    order,
    row,
    run_record,
    steps,
)

from bulk_orders.core.lifecycle import (
    TRANSITIONS,
    IllegalStep,
    OrderRecord,
    State,
    Step,
    held_because,
    step,
)
from bulk_orders.ledger.chain import first_break
from bulk_orders.ledger.entries import digest
from bulk_orders.ledger.interface import Ledger, Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.records import plain
from bulk_orders.ledger.sql import SqlLedger


@pytest.mark.parametrize("left_out", ["code", "message", "held_at"])
def test_an_order_that_is_held_and_does_not_say_why_and_since_when_is_refused(
    ledger: Ledger, left_out: str
) -> None:
    told = {**held_because("it looks alike.", NOW), left_out: None if left_out == "held_at" else ""}
    with pytest.raises(ValueError, match="says why"):
        enlist(ledger, order(1, state=State.HELD, **told))
    enlist(ledger, order(1))
    with pytest.raises(ValueError, match="says why"):
        ledger.advance(order(1), step(order(1), Step.HELD_BACK, **told), Step.HELD_BACK, at=NOW)
    assert ledger.order(order(1).key) == order(1)


def test_of_two_writers_that_expect_the_same_version_one_wins(ledger: Ledger) -> None:
    enlist(ledger, order())
    winner = advance(ledger, order(), Step.BEGUN)
    loser = step(order(), Step.GAVE_UP)
    before = everything(ledger)
    with pytest.raises(Superseded):
        ledger.advance(order(), loser, Step.GAVE_UP, at=NOW, attempt=attempt(order(), verdict="accepted"))
    assert ledger.order(order().key) == winner
    assert everything(ledger) == before


def test_what_the_marketplace_tells_of_an_accepted_order_is_kept_and_covered_by_the_log(
    ledger: Ledger,
) -> None:
    enlist(ledger, order())
    taken = advance(ledger, order(), Step.BEGUN, Step.ACCEPTED)
    told = step(
        taken,
        Step.REFRESHED,
        platform_status="scheduled",
        scheduled_for="2027-03-01",
        acceptance_link="https://admin.example/accept?request=1",
        microsoft_ids="csp_order_id 1a2b",
    )
    ledger.advance(taken, told, Step.REFRESHED, at=NOW)
    last = ledger.last_event()
    assert ledger.order(taken.key) == told
    assert last is not None
    assert last.record_digest == digest(plain(told)) != digest(plain(replace(told, scheduled_for="")))


def test_a_state_that_went_and_came_back_does_not_pass_for_the_one_that_was_read(ledger: Ledger) -> None:
    enlist(ledger, order())
    read_early = order()
    returned = advance(ledger, order(), Step.BEGUN, Step.NOT_PROCESSED)
    assert returned.state is read_early.state
    with pytest.raises(Superseded):
        advance(ledger, read_early, Step.BEGUN)
    assert ledger.order(returned.key) == returned


def test_a_version_that_is_not_there_yet_is_no_match_either(ledger: Ledger) -> None:
    enlist(ledger, order())
    with pytest.raises(Superseded):
        advance(ledger, order(version=2), Step.BEGUN)


def test_an_order_that_was_never_enlisted_cannot_advance(ledger: Ledger) -> None:
    with pytest.raises(Superseded):
        advance(ledger, order(), Step.BEGUN)
    assert list(ledger.events()) == []


def test_of_many_threads_that_begin_the_same_order_exactly_one_may_send(ledger: Ledger) -> None:
    many = [order(number) for number in range(20)]
    enlist(ledger, *many)
    wins: list[str] = []

    def begin_all() -> None:
        for one in many:
            with suppress(Superseded):
                advance(ledger, one, Step.BEGUN)
                wins.append(one.key)

    together(begin_all, times=8)
    assert sorted(wins) == [one.key for one in many]
    assert first_break(ledger.events()) is None


def test_threads_do_not_lose_or_mix_each_others_steps(ledger: Ledger) -> None:
    many = [order(number, body="x" * number) for number in range(160)]
    enlist(ledger, *many)

    def send(one: OrderRecord) -> OrderRecord:
        begun = step(one, Step.BEGUN, attempts=1)
        ledger.advance(one, begun, Step.BEGUN, at=NOW, attempt=attempt(one))
        accepted = step(begun, Step.ACCEPTED, order_id=one.reference)
        ledger.advance(
            begun,
            accepted,
            Step.ACCEPTED,
            at=NOW,
            attempt=attempt(one, verdict="accepted", correlation_id=one.reference),
        )
        return accepted

    with ThreadPoolExecutor(16) as pool:
        ends = list(pool.map(send, many))
    assert ledger.orders_of_run(RUN) == {one.key: one for one in ends}
    assert sorted((one.key, one.correlation_id) for one in ledger.attempts(RUN)) == [
        (one.key, one.reference) for one in many
    ]
    assert first_break(ledger.events()) is None


def test_reading_while_others_write_sees_whole_records_only(ledger: Ledger) -> None:
    enlist(ledger, order())
    ends = [order()]
    for _ in range(40):
        begun = step(ends[-1], Step.BEGUN, message=str(ends[-1].version))
        ends += [begun, step(begun, Step.NOT_PROCESSED, message=str(begun.version))]
    seen: list[OrderRecord | None] = []
    reader = threading.Thread(target=lambda: seen.extend(ledger.order(order().key) for _ in range(200)))
    reader.start()
    for number, (before, after) in enumerate(pairwise(ends)):
        ledger.advance(before, after, Step.NOT_PROCESSED if number % 2 else Step.BEGUN, at=NOW)
    reader.join()
    assert [one for one in seen if one not in ends] == []


def together(do: Callable[[], None], *, times: int) -> None:
    with ThreadPoolExecutor(times) as pool:
        for future in [pool.submit(do) for _ in range(times)]:
            future.result()


def test_a_step_that_the_life_cycle_does_not_have_is_not_written(ledger: Ledger) -> None:
    enlist(ledger, order())
    with pytest.raises(IllegalStep):
        ledger.advance(order(), replace(order(), version=2, state=State.ACCEPTED), Step.ACCEPTED, at=NOW)
    assert (ledger.order(order().key), steps(ledger.events())) == (order(), [])


@pytest.mark.parametrize("version", [1, 3])
def test_a_step_that_does_not_raise_the_version_by_one_is_not_written(ledger: Ledger, version: int) -> None:
    enlist(ledger, order())
    with pytest.raises(ValueError, match="version"):
        ledger.advance(order(), order(state=State.IN_FLIGHT, version=version), Step.BEGUN, at=NOW)
    assert ledger.order(order().key) == order()


def test_a_step_from_one_order_to_another_is_not_written(ledger: Ledger) -> None:
    enlist(ledger, order(1), order(2))
    with pytest.raises(ValueError, match="another order"):
        ledger.advance(order(1), step(order(2), Step.BEGUN), Step.BEGUN, at=NOW)
    with pytest.raises(ValueError, match="another order"):
        ledger.advance(order(1), step(order(1), Step.BEGUN), Step.BEGUN, at=NOW, attempt=attempt(order(2)))
    assert ledger.orders_of_run(RUN) == {order(1).key: order(1), order(2).key: order(2)}


def explained(record: OrderRecord, why: str) -> OrderRecord:
    """One that is held says why and since when."""
    return replace(record, **held_because(why or "-", NOW)) if record.state is State.HELD else record


class TwoWriters(RuleBasedStateMachine):
    """Two writers read and step three orders as they like; memory and SQLite agree on every answer and on what is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.both: tuple[Ledger, Ledger] = (
            MemoryLedger(),
            SqlLedger.open(Path(self.folder.name) / "ledger.db"),
        )
        self.known = {number: (order(number), order(number)) for number in range(3)}
        self.runs = 1
        self.told = 0
        for ledger in self.both:
            enlist(ledger, *(order(number) for number in range(3)))

    @rule(number=st.integers(0, 2), writer=st.booleans())
    def read(self, number: int, writer: bool) -> None:
        found = self.both[0].order(order(number).key)
        assert found is not None
        mine, others = self.known[number]
        self.known[number] = (mine, found) if writer else (found, others)

    @rule(number=st.integers(0, 2), writer=st.booleans(), data=st.data(), note=st.text(max_size=3))
    def step(self, number: int, writer: bool, data: st.DataObject, note: str) -> None:
        before = self.known[number][writer]
        what = data.draw(st.sampled_from([what for state, what in TRANSITIONS if state is before.state]))
        begun = what is Step.BEGUN
        after = explained(step(before, what, attempts=before.attempts + begun, message=note), note)
        told = attempt(before, after.attempts, verdict=what.value) if after.attempts else None
        self.told += self.same(
            lambda ledger: ledger.advance(before, after, what, at=NOW, attempt=told, note=note)
        )

    @precondition(lambda self: self.runs < 4)
    @rule(writer=st.booleans())
    def submit_again(self, writer: bool) -> None:
        known = [pair[writer] for pair in self.known.values()]
        legal = [one for one in known if (one.state, Step.SUBMITTED_AGAIN) in TRANSITIONS]
        run = run_record(f"run-{self.runs}")
        again = [
            (one, explained(step(one, Step.SUBMITTED_AGAIN, run_id=run.run_id, body=run.run_id), "again"))
            for one in legal
        ]
        new = [order(10 + self.runs)]
        rows = [row(one, run.run_id) for one in (*legal, *new)]
        is_written = self.same(
            lambda ledger: ledger.enlist(run, rows, new=new, again=again, source=run.run_id.encode())
        )
        self.runs += is_written
        self.told += len(again) * is_written

    def same(self, write: Callable[[Ledger], None]) -> bool:
        """Both take it or both refuse it; whether they took it."""
        taken = [self.takes(ledger, write) for ledger in self.both]
        assert taken[0] == taken[1]
        return taken[0]

    @staticmethod
    def takes(ledger: Ledger, write: Callable[[Ledger], None]) -> bool:
        try:
            write(ledger)
        except Superseded:
            return False
        return True

    @invariant()
    def both_hold_the_same(self) -> None:
        memory, sqlite = self.both
        assert everything(memory) == everything(sqlite)
        assert memory.unsettled(ACCOUNT) == sqlite.unsettled(ACCOUNT)
        assert memory.orders_of_customer(ACCOUNT, "c-1") == sqlite.orders_of_customer(ACCOUNT, "c-1")

    @invariant()
    def the_log_is_whole(self) -> None:
        events = list(self.both[1].events())
        assert first_break(events) is None
        assert len(steps(events)) == self.told

    def teardown(self) -> None:
        for ledger in self.both:
            ledger.close()
        self.folder.cleanup()


TestTwoWriters = pytest.mark.long(TwoWriters.TestCase)
TestTwoWriters.settings = settings(
    max_examples=8, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
