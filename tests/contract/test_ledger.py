"""The ledger's contract, sentence by sentence, over every implementation."""

import hashlib
import itertools
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bulk_orders.core.lifecycle import TRANSITIONS, AttemptRecord, IllegalStep, OrderRecord, State, Step, step
from bulk_orders.core.summary import Disposition
from bulk_orders.errors import AnotherRunActive, LedgerUnusable
from bulk_orders.ledger.chain import FIRST_PREVIOUS, event_hash, verify
from bulk_orders.ledger.interface import Event, Ledger, RowRecord, RunRecord, Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.sql import SqlLedger

NOW = datetime(2026, 11, 22, 2, 15, 7, 123456, tzinfo=UTC)
RUN = "20261122-0215-K7QX"
LATER_RUN = "20261123-0215-M2PA"
ACCOUNT = "cloud.example.com|us|me@example.com"
NAIVE = NOW.replace(tzinfo=None)
LONE_SURROGATE = "caf\ud83d"


def order(number: int = 1, **changes: object) -> OrderRecord:
    plain = OrderRecord(
        key=f"k1:{number:064d}",
        account=ACCOUNT,
        run_id=RUN,
        sheet_row=number + 1,
        reference=f"R-{number}",
        customer_id="c-1",
        mpn="CFQ7TTC0LH18:0001",
        quantity="10",
        domain="contoso.onmicrosoft.com",
        marker=f"BO{number:013d}",
        body='{"type":"sales","note":"é😀"}',
        fingerprint=f"f{number}",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def attempt(of: OrderRecord, number: int = 1, **changes: object) -> AttemptRecord:
    plain = AttemptRecord(key=of.key, run_id=of.run_id, sheet_row=of.sheet_row, number=number, begun_at=NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]


def run_record(run_id: str = RUN, **changes: object) -> RunRecord:
    plain = RunRecord(
        run_id=run_id,
        account=ACCOUNT,
        environment="PRACTICE",
        profile="practice",
        marketplace="us",
        source_name="orders.xlsx",
        source_path="/in/orders.xlsx",
        source_sha256=hashlib.sha256(b"workbook").hexdigest(),
        operator="ops",
        host="host",
        program_version="0.1.0",
        started_at=NOW,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def row(of: OrderRecord, run_id: str = RUN) -> RowRecord:
    return RowRecord(run_id=run_id, sheet_row=of.sheet_row, disposition=Disposition.TO_SEND, key=of.key)


def enlist(
    ledger: Ledger, *new: OrderRecord, run: RunRecord | None = None, source: bytes = b"workbook"
) -> None:
    run = run or run_record()
    ledger.enlist(run, [row(one, run.run_id) for one in new], new=new, again=[], source=source)


def advance(ledger: Ledger, before: OrderRecord, *steps: Step) -> OrderRecord:
    for what in steps:
        after = step(before, what)
        ledger.advance(before, after, what, at=NOW)
        before = after
    return before


def everything(ledger: Ledger) -> object:
    runs = ledger.runs()
    return [
        (
            run,
            ledger.rows(run.run_id),
            ledger.orders_of_run(run.run_id),
            ledger.attempts(run.run_id),
            ledger.source(run.run_id),
        )
        for run in runs
    ], tuple(ledger.events())


@pytest.fixture(params=["memory", "sqlite"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    opened = MemoryLedger() if request.param == "memory" else SqlLedger.open(tmp_path / "ledger.db")
    yield opened
    opened.close()


# What is written comes back


def test_an_order_comes_back_as_it_was_given(ledger: Ledger) -> None:
    given = order(not_before=NOW, sent_at=NOW, accepted_at=NOW, http_status=201, amount="1.50", attempts=3)
    enlist(ledger, given)
    assert ledger.order(given.key) == given
    assert ledger.order("k1:none") is None


def test_an_order_after_a_step_comes_back_as_it_was_given(ledger: Ledger) -> None:
    first = order()
    enlist(ledger, first)
    second = step(
        first,
        Step.BEGUN,
        attempts=1,
        sent_at=NOW,
        not_before=NOW + timedelta(microseconds=1),
        message="“é😀\x00”",
    )
    ledger.advance(first, second, Step.BEGUN, at=NOW)
    assert ledger.order(first.key) == second


def test_a_step_may_also_change_what_was_wanted(ledger: Ledger) -> None:
    first = order()
    enlist(ledger, first)
    second = step(first, Step.SUBMITTED_AGAIN, body="{}", customer_id="c-2", sheet_row=9, run_id=LATER_RUN)
    ledger.advance(first, second, Step.SUBMITTED_AGAIN, at=NOW)
    assert ledger.order(first.key) == second
    assert ledger.orders_of_customer(ACCOUNT, "c-2") == (second,)
    assert ledger.orders_of_customer(ACCOUNT, "c-1") == ()


def test_a_run_its_rows_and_its_source_come_back_as_they_were_given(ledger: Ledger) -> None:
    run = run_record(
        ended_at=NOW + timedelta(hours=1),
        rows_in=3,
        exit_code=4,
        stopped_by="Stopped.",
        options='{"first":5}',
    )
    bad = RowRecord(
        run_id=RUN, sheet_row=1, disposition=Disposition.INVALID, code="x", message="Wrong.", fix="Do."
    )
    ledger.enlist(
        run, [row(order(2)), row(order(1)), bad], new=[order(1), order(2)], again=[], source=b"\x00workbook"
    )
    assert ledger.run(RUN) == run
    assert ledger.rows(RUN) == (bad, row(order(1)), row(order(2)))
    assert ledger.source(RUN) == b"\x00workbook"


def test_a_run_without_orders_is_kept(ledger: Ledger) -> None:
    enlist(ledger)
    assert (ledger.run(RUN), ledger.rows(RUN), ledger.orders_of_run(RUN)) == (run_record(), (), {})


def test_what_was_never_recorded_is_not_found(ledger: Ledger) -> None:
    assert (ledger.run(RUN), ledger.rows(RUN), ledger.attempts(RUN), ledger.runs()) == (None, (), (), ())
    assert (ledger.orders_of_run(RUN), ledger.orders_by_key(["k1:0"]), ledger.unsettled(ACCOUNT)) == (
        {},
        {},
        (),
    )
    with pytest.raises(KeyError):
        ledger.source(RUN)


def test_each_run_gives_back_its_own_source_even_when_it_was_announced_wrongly(ledger: Ledger) -> None:
    enlist(ledger, order(1), source=b"one")
    enlist(ledger, order(2), run=run_record(LATER_RUN), source=b"two")
    assert (ledger.source(RUN), ledger.source(LATER_RUN)) == (b"one", b"two")


def test_finishing_a_run_replaces_its_record_and_nothing_else(ledger: Ledger) -> None:
    enlist(ledger, order())
    finished = run_record(ended_at=NOW, exit_code=0, results_path="/out/results.xlsx", rows_in=1)
    ledger.finish_run(finished)
    assert ledger.run(RUN) == finished
    assert (ledger.rows(RUN), ledger.source(RUN)) == ((row(order()),), b"workbook")


def test_finishing_a_run_that_was_never_enlisted_raises(ledger: Ledger) -> None:
    with pytest.raises(KeyError):
        ledger.finish_run(run_record())


def test_runs_come_newest_first(ledger: Ledger) -> None:
    early, late, later = (
        run_record(name, started_at=NOW + timedelta(hours=hours))
        for name, hours in (("a", 0), ("b", 2), ("c", 2))
    )
    for run in (late, early, later):
        enlist(ledger, run=run)
    assert ledger.runs() == (later, late, early)


def test_an_attempt_is_kept_when_it_begins_and_replaced_when_it_ends(ledger: Ledger) -> None:
    enlist(ledger, order(1), order(2))
    for one in (order(2), order(1)):
        ledger.advance(one, step(one, Step.BEGUN), Step.BEGUN, at=NOW, attempt=attempt(one))
    ended = attempt(
        order(2),
        ended_at=NOW,
        verdict="accepted",
        http_status=201,
        reason="Created",
        bytes_sent=7,
        correlation_id="c",
    )
    begun = step(order(2), Step.BEGUN)
    ledger.advance(begun, step(begun, Step.ACCEPTED), Step.ACCEPTED, at=NOW, attempt=ended)
    assert ledger.attempts(RUN) == (ended, attempt(order(1)))


def test_the_orders_of_a_customer_are_those_of_one_account(ledger: Ledger) -> None:
    mine, settled, other_customer, other_account = (
        order(1),
        order(2, state=State.HELD),
        order(3, customer_id="c-2"),
        order(4, account="elsewhere"),
    )
    enlist(ledger, mine, settled, other_customer, other_account)
    assert ledger.orders_of_customer(ACCOUNT, "c-1") == (mine, settled)


def test_unsettled_orders_are_those_in_flight_or_unknown(ledger: Ledger) -> None:
    enlist(ledger, order(1), order(2), order(3), order(4), order(5, account="elsewhere"))
    in_flight = advance(ledger, order(1), Step.BEGUN)
    unknown = advance(ledger, order(2), Step.BEGUN, Step.NO_VERDICT)
    advance(ledger, order(3), Step.BEGUN, Step.ACCEPTED)
    advance(ledger, order(5, account="elsewhere"), Step.BEGUN)
    assert ledger.unsettled(ACCOUNT) == (in_flight, unknown)


def test_the_orders_of_a_run_are_those_its_rows_name_as_they_are_now(ledger: Ledger) -> None:
    enlist(ledger, order(1), order(2))
    ledger.enlist(run_record(LATER_RUN), [row(order(1), LATER_RUN)], new=[], again=[], source=b"")
    now = advance(ledger, order(1), Step.BEGUN)
    assert ledger.orders_of_run(LATER_RUN) == {now.key: now}
    assert ledger.orders_of_run(RUN) == {now.key: now, order(2).key: order(2)}


def test_orders_by_key_are_found_by_the_ten_thousand(ledger: Ledger) -> None:
    many = [order(number) for number in range(10_000)]
    enlist(ledger, *many)
    keys = [one.key for one in many]
    assert ledger.orders_by_key([*keys[::2], "k1:none", ""]) == {one.key: one for one in many[::2]}
    assert ledger.orders_by_key([]) == {}


def test_what_was_learnt_about_an_account_is_kept_and_replaced(ledger: Ledger) -> None:
    ledger.remember(ACCOUNT, "po_name", "ponumber")
    ledger.remember(ACCOUNT, "po_name", "poNumber")
    ledger.remember(ACCOUNT, "lag_s", "3")
    ledger.remember("elsewhere", "po_name", "ponumber")
    assert ledger.learnt(ACCOUNT) == {"po_name": "poNumber", "lag_s": "3"}
    assert ledger.learnt("nobody") == {}


def test_a_ledger_grows_older_with_every_run_and_every_event(ledger: Ledger) -> None:
    ages = [ledger.age()]
    enlist(ledger, order())
    ages.append(ledger.age())
    begun = advance(ledger, order(), Step.BEGUN)
    ages.append(ledger.age())
    advance(ledger, begun, Step.NO_VERDICT)
    ages.append(ledger.age())
    ledger.remember(ACCOUNT, "po_name", "poNumber")
    assert [*ages, ledger.age()] == [0, 1, 2, 3, 3]


def test_reading_returns_values_and_not_views(ledger: Ledger) -> None:
    enlist(ledger, order())
    read, learnt, events = ledger.orders_of_run(RUN), ledger.learnt(ACCOUNT), list(ledger.events())
    advance(ledger, order(), Step.BEGUN)
    ledger.remember(ACCOUNT, "po_name", "poNumber")
    assert (read, learnt, events) == ({order().key: order()}, {}, [])


def test_words_of_a_server_that_no_text_can_carry_do_not_keep_its_verdict_from_being_written(
    ledger: Ledger,
) -> None:
    enlist(ledger, order())
    begun = advance(ledger, order(), Step.BEGUN)
    after = step(begun, Step.REJECTED, message=LONE_SURROGATE)
    ledger.advance(
        begun,
        after,
        Step.REJECTED,
        at=NOW,
        attempt=attempt(begun, reason=LONE_SURROGATE),
        note=LONE_SURROGATE,
    )
    assert ledger.order(begun.key) == replace(after, message="caf\ufffd")
    assert [one.reason for one in ledger.attempts(RUN)] == ["caf\ufffd"]
    assert [event.note for event in ledger.events()] == ["", "caf\ufffd"]
    assert verify(ledger.events()) is None


def test_what_is_kept_is_what_was_given_even_when_the_record_before_was_not_the_one_kept(
    ledger: Ledger,
) -> None:
    enlist(ledger, order())
    after = step(order(body="other", customer_id="c-3"), Step.BEGUN)
    ledger.advance(order(body="other", customer_id="c-3"), after, Step.BEGUN, at=NOW)
    assert ledger.order(order().key) == after


# Compare and set


def test_of_two_writers_that_expect_the_same_version_one_wins(ledger: Ledger) -> None:
    enlist(ledger, order())
    winner = advance(ledger, order(), Step.BEGUN)
    loser = step(order(), Step.GAVE_UP)
    before = everything(ledger)
    with pytest.raises(Superseded):
        ledger.advance(order(), loser, Step.GAVE_UP, at=NOW, attempt=attempt(order(), verdict="accepted"))
    assert ledger.order(order().key) == winner
    assert everything(ledger) == before


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
    assert verify(ledger.events()) is None


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
    assert verify(ledger.events()) is None


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


# What is no step is refused


def test_a_step_that_the_life_cycle_does_not_have_is_not_written(ledger: Ledger) -> None:
    enlist(ledger, order())
    with pytest.raises(IllegalStep):
        ledger.advance(order(), replace(order(), version=2, state=State.ACCEPTED), Step.ACCEPTED, at=NOW)
    assert (ledger.order(order().key), list(ledger.events())) == (order(), [])


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


# Enlisting


def test_enlisting_records_all_or_nothing_when_a_new_order_is_known_already(ledger: Ledger) -> None:
    enlist(ledger, order(1))
    before = everything(ledger)
    with pytest.raises(Superseded):
        enlist(ledger, order(2), order(1), run=run_record(LATER_RUN), source=b"other")
    assert everything(ledger) == before
    assert (ledger.run(LATER_RUN), ledger.order(order(2).key)) == (None, None)


def test_enlisting_records_all_or_nothing_when_an_order_taken_up_again_was_written_since(
    ledger: Ledger,
) -> None:
    enlist(ledger, order(1), order(2))
    read = advance(ledger, order(1), Step.BEGUN, Step.REJECTED)
    advance(ledger, read, Step.FOUND)
    before = everything(ledger)
    again = [(order(2), step(order(2), Step.SUBMITTED_AGAIN)), (read, step(read, Step.SUBMITTED_AGAIN))]
    with pytest.raises(Superseded):
        ledger.enlist(
            run_record(LATER_RUN), [row(order(3), LATER_RUN)], new=[order(3)], again=again, source=b"other"
        )
    assert everything(ledger) == before
    assert (ledger.run(LATER_RUN), ledger.order(order(3).key)) == (None, None)


def test_an_order_taken_up_again_is_written_and_told_in_the_log(ledger: Ledger) -> None:
    enlist(ledger, order())
    rejected = advance(ledger, order(), Step.BEGUN, Step.REJECTED)
    again = step(
        rejected,
        Step.SUBMITTED_AGAIN,
        run_id=LATER_RUN,
        sheet_row=7,
        body="{corrected}",
        mpn="M-2",
        customer_id="c-9",
    )
    ledger.enlist(
        run_record(LATER_RUN), [row(again, LATER_RUN)], new=[], again=[(rejected, again)], source=b""
    )
    assert ledger.order(order().key) == again
    last = list(ledger.events())[-1]
    assert (last.step, last.from_state, last.to_state, last.run_id) == (
        Step.SUBMITTED_AGAIN,
        "rejected",
        "pending",
        LATER_RUN,
    )
    assert last.at == NOW
    assert verify(ledger.events()) is None


def test_an_order_in_doubt_cannot_be_taken_up_again(ledger: Ledger) -> None:
    enlist(ledger, order())
    unknown = advance(ledger, order(), Step.BEGUN, Step.NO_VERDICT)
    pending = replace(unknown, state=State.PENDING, version=unknown.version + 1)
    with pytest.raises(IllegalStep):
        ledger.enlist(run_record(LATER_RUN), [], new=[], again=[(unknown, pending)], source=b"")
    assert (ledger.order(unknown.key), ledger.run(LATER_RUN)) == (unknown, None)


def test_a_run_is_enlisted_once(ledger: Ledger) -> None:
    enlist(ledger, order(1))
    with pytest.raises(ValueError, match="already recorded"):
        enlist(ledger, order(2))
    assert ledger.order(order(2).key) is None


@pytest.mark.parametrize(
    ("rows", "new", "complaint"),
    [
        ([row(order(1)), row(order(1))], [order(1)], "sheet row twice"),
        ([row(order(1), LATER_RUN)], [order(1)], "another run"),
        ([], [order(1), order(1)], "order twice"),
        ([], [order(1, version=2)], "version 1"),
    ],
)
def test_a_run_that_contradicts_itself_is_not_enlisted(
    ledger: Ledger, rows: list[RowRecord], new: list[OrderRecord], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        ledger.enlist(run_record(), rows, new=new, again=[], source=b"")
    assert ledger.runs() == ()


# Moments


@pytest.mark.parametrize("microsecond", [0, 1, 999_999])
def test_moments_come_back_to_the_microsecond_and_in_utc(ledger: Ledger, microsecond: int) -> None:
    moment = NOW.replace(microsecond=microsecond)
    given = order(not_before=moment)
    enlist(ledger, given, run=run_record(started_at=moment))
    begun = step(given, Step.BEGUN, sent_at=moment)
    ledger.advance(given, begun, Step.BEGUN, at=moment, attempt=attempt(given, begun_at=moment))
    stored = ledger.order(given.key)
    assert stored is not None
    moments = [stored.not_before, stored.sent_at, ledger.runs()[0].started_at]
    moments += [ledger.attempts(RUN)[0].begun_at, next(ledger.events()).at]
    assert moments == [moment] * 5
    assert [one and one.utcoffset() for one in moments] == [timedelta(0)] * 5


def test_a_moment_given_in_another_zone_is_the_same_moment(ledger: Ledger) -> None:
    given = order(not_before=NOW.astimezone(timezone(timedelta(hours=5, minutes=30))))
    enlist(ledger, given)
    assert ledger.order(given.key) == given


@pytest.mark.parametrize(
    "write",
    [
        lambda ledger: ledger.advance(order(), step(order(), Step.BEGUN), Step.BEGUN, at=NAIVE),
        lambda ledger: ledger.advance(order(), step(order(), Step.BEGUN, sent_at=NAIVE), Step.BEGUN, at=NOW),
        lambda ledger: ledger.advance(
            order(), step(order(), Step.BEGUN), Step.BEGUN, at=NOW, attempt=attempt(order(), begun_at=NAIVE)
        ),
        lambda ledger: ledger.finish_run(run_record(ended_at=NAIVE)),
        lambda ledger: enlist(ledger, order(2, not_before=NAIVE), run=run_record(LATER_RUN)),
        lambda ledger: enlist(ledger, run=run_record(LATER_RUN, started_at=NAIVE)),
    ],
    ids=["event", "order", "attempt", "run", "new order", "new run"],
)
def test_a_moment_without_a_zone_is_refused_and_nothing_is_written(
    ledger: Ledger, write: Callable[[Ledger], None]
) -> None:
    enlist(ledger, order())
    before = everything(ledger)
    with pytest.raises(ValueError, match="no zone"):
        write(ledger)
    assert everything(ledger) == before


# The log


def test_every_step_adds_one_event_that_tells_it(ledger: Ledger) -> None:
    enlist(ledger, order())
    assert list(ledger.events()) == []
    begun = step(order(), Step.BEGUN)
    ledger.advance(order(), begun, Step.BEGUN, at=NOW, note="first")
    ledger.advance(begun, step(begun, Step.NO_VERDICT), Step.NO_VERDICT, at=NOW + timedelta(seconds=60))
    told = [
        (event.number, event.key, event.run_id, event.step, event.from_state, event.to_state, event.note)
        for event in ledger.events()
    ]
    assert told == [
        (1, order().key, RUN, "attempt begun", "pending", "in_flight", "first"),
        (2, order().key, RUN, "no verdict", "in_flight", "unknown", ""),
    ]


def test_events_are_numbered_without_gaps_over_all_orders_even_after_a_refusal(ledger: Ledger) -> None:
    enlist(ledger, order(1), order(2))
    advance(ledger, order(1), Step.BEGUN)
    with pytest.raises(Superseded):
        advance(ledger, order(1), Step.BEGUN)
    advance(ledger, order(2), Step.BEGUN, Step.REJECTED)
    assert [event.number for event in ledger.events()] == [1, 2, 3]
    assert [event.number for event in ledger.events(order(2).key)] == [2, 3]


def test_each_events_hash_covers_the_one_before_it(ledger: Ledger) -> None:
    enlist(ledger, order())
    advance(ledger, order(), Step.BEGUN, Step.NOT_PROCESSED, Step.BEGUN)
    events = list(ledger.events())
    assert [event.previous_hash for event in events] == [FIRST_PREVIOUS, events[0].hash, events[1].hash]
    assert verify(events) is None


def test_all_ledgers_and_versions_make_the_same_hash_of_the_same_event() -> None:
    digest = event_hash(
        number=1,
        key="k1:0",
        run_id=RUN,
        at=NOW,
        step="accepted",
        from_state="in_flight",
        to_state="accepted",
        note="é",
        previous_hash=FIRST_PREVIOUS,
    )
    canonical = (
        '{"at":"2026-11-22T02:15:07.123456+00:00","from_state":"in_flight","key":"k1:0","note":"\\u00e9","number":1,'
        f'"previous_hash":"{FIRST_PREVIOUS}","run_id":"{RUN}","step":"accepted","to_state":"accepted"}}'
    )
    assert digest == hashlib.sha256(canonical.encode()).hexdigest()


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (lambda events: [events[0], replace(events[1], note="x"), *events[2:]], 2),
        (lambda events: [events[0], replace(events[1], at=NOW + timedelta(microseconds=1)), *events[2:]], 2),
        (lambda events: [events[0], *events[2:]], 2),
        (lambda events: events[1:], 1),
        (lambda events: [events[1], events[0], *events[2:]], 1),
        (lambda events: [*events, events[-1]], 5),
        (lambda events: [*events[:3], replace(events[3], hash="0" * 64)], 4),
        (lambda events: [], None),
    ],
    ids=[
        "edited",
        "moved in time",
        "removed",
        "first removed",
        "reordered",
        "repeated",
        "hash replaced",
        "empty",
    ],
)
def test_the_chain_tells_the_first_event_that_is_not_as_it_was_written(
    change: Callable[[list[Event]], list[Event]], broken: int | None
) -> None:
    ledger = MemoryLedger()
    enlist(ledger, order())
    advance(ledger, order(), Step.BEGUN, Step.NOT_PROCESSED, Step.BEGUN, Step.ACCEPTED)
    assert verify(change(list(ledger.events()))) == broken


# Holding and closing


def test_a_ledger_is_held_once_at_a_time_and_can_be_held_again(ledger: Ledger) -> None:
    with ledger.hold(), pytest.raises(AnotherRunActive, match="bulk-orders history"), ledger.hold():
        pass
    with ledger.hold():
        enlist(ledger, order())


def test_an_error_lets_go_of_the_ledger(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger.hold():
        raise RuntimeError
    with ledger.hold():
        pass


def test_it_is_told_since_when_a_ledger_is_held_and_that_it_is_not(ledger: Ledger) -> None:
    assert ledger.held_since() is None
    with ledger.hold():
        since = ledger.held_since()
        assert since is not None
        assert since <= datetime.now(UTC)
    assert ledger.held_since() is None


def test_asking_whether_a_ledger_is_held_keeps_nobody_from_holding_it(ledger: Ledger) -> None:
    asked = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask_until, asked, ledger)
        try:
            held_again(ledger, 50)
        finally:
            asked.set()
        assert asking.result() > 0


def ask_until(asked: threading.Event, ledger: Ledger) -> int:
    """How often it was asked."""
    for count in itertools.count(1):
        ledger.held_since()
        if asked.wait(0.002):
            return count
    raise AssertionError("counting does not end")


def held_again(ledger: Ledger, times: int) -> None:
    for _ in range(times):
        with ledger.hold():
            pass


def test_reading_needs_no_hold(ledger: Ledger) -> None:
    enlist(ledger, order())
    with ledger.hold():
        assert together_read(ledger) == order()


def together_read(ledger: Ledger) -> OrderRecord | None:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ledger.order, order().key).result()


def test_a_closed_ledger_refuses_to_write_and_may_be_closed_twice(ledger: Ledger) -> None:
    ledger.close()
    with pytest.raises(LedgerUnusable, match="closed"):
        enlist(ledger, order())
    with pytest.raises(LedgerUnusable, match="closed"):
        advance(ledger, order(), Step.BEGUN)
    ledger.close()


# Any sequence of steps by two writers, in both at once


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
        after = step(before, what, attempts=before.attempts + begun, message=note)
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
        again = [(one, step(one, Step.SUBMITTED_AGAIN, run_id=run.run_id, body=run.run_id)) for one in legal]
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
        assert verify(events) is None
        assert len(events) == self.told

    def teardown(self) -> None:
        for ledger in self.both:
            ledger.close()
        self.folder.cleanup()


TestTwoWriters = TwoWriters.TestCase
TestTwoWriters.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
