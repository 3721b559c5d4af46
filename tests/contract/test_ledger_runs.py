"""The ledger's contract, over every implementation: runs are enlisted whole, events are chained, and one holds the ledger."""

import hashlib
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from ledger_contract import (
    ACCOUNT,
    LATER_RUN,
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

from bulk_orders.core.lifecycle import IllegalStep, OrderRecord, State, Step, step
from bulk_orders.errors import AnotherRunActive, LedgerUnusable
from bulk_orders.ledger.chain import FIRST_PREVIOUS, event_hash, first_break, next_event
from bulk_orders.ledger.entries import RUN_REPLACED, Entry, digest, run_detail
from bulk_orders.ledger.interface import Event, Ledger, RowRecord, Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.records import plain


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
    assert first_break(ledger.events()) is None


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


def test_every_step_adds_one_event_that_tells_it(ledger: Ledger) -> None:
    enlist(ledger, order())
    assert steps(ledger.events()) == []
    begun = step(order(), Step.BEGUN)
    ledger.advance(order(), begun, Step.BEGUN, at=NOW, note="first")
    ledger.advance(begun, step(begun, Step.NO_VERDICT), Step.NO_VERDICT, at=NOW + timedelta(seconds=60))
    told = [
        (event.number, event.key, event.run_id, event.step, event.from_state, event.to_state, event.note)
        for event in ledger.events()
    ]
    assert told == [
        (1, "", RUN, "run recorded", "", "", ""),
        (2, order().key, RUN, "recorded", "", "pending", ""),
        (3, order().key, RUN, "attempt begun", "pending", "in_flight", "first"),
        (4, order().key, RUN, "no verdict", "in_flight", "unknown", ""),
    ]


def test_events_are_numbered_without_gaps_over_all_orders_even_after_a_refusal(ledger: Ledger) -> None:
    enlist(ledger, order(1), order(2))
    advance(ledger, order(1), Step.BEGUN)
    with pytest.raises(Superseded):
        advance(ledger, order(1), Step.BEGUN)
    advance(ledger, order(2), Step.BEGUN, Step.REJECTED)
    assert [event.number for event in ledger.events()] == [1, 2, 3, 4, 5, 6]
    assert [event.number for event in ledger.events(order(2).key)] == [3, 5, 6]


def test_each_events_hash_covers_the_one_before_it(ledger: Ledger) -> None:
    enlist(ledger, order())
    advance(ledger, order(), Step.BEGUN, Step.NOT_PROCESSED, Step.BEGUN)
    events = list(ledger.events())
    assert [event.previous_hash for event in events] == [FIRST_PREVIOUS, *(one.hash for one in events[:-1])]
    assert first_break(events) is None


def test_an_event_of_the_first_version_has_the_same_hash_for_ever() -> None:
    event = Event(
        number=1,
        key="k1:0",
        run_id=RUN,
        at=NOW,
        step="accepted",
        from_state="in_flight",
        to_state="accepted",
        note="é",
        previous_hash=FIRST_PREVIOUS,
        hash="",
    )
    canonical = (
        '{"at":"2026-11-22T02:15:07.123456+00:00","from_state":"in_flight","key":"k1:0","note":"\\u00e9","number":1,'
        f'"previous_hash":"{FIRST_PREVIOUS}","run_id":"{RUN}","step":"accepted","to_state":"accepted"}}'
    )
    assert event_hash(event) == hashlib.sha256(canonical.encode()).hexdigest()


def test_all_ledgers_and_versions_make_the_same_hash_of_the_same_event() -> None:
    entry = Entry(
        key="k1:0",
        run_id=RUN,
        at=NOW,
        step="accepted",
        from_state="in_flight",
        to_state="accepted",
        note="é",
        record_digest="r",
        attempt_number=1,
        detail_digest="d",
    )
    canonical = (
        '{"at":"2026-11-22T02:15:07.123456+00:00","attempt_number":1,"detail_digest":"d","from_state":"in_flight",'
        f'"key":"k1:0","note_digest":"{hashlib.sha256("é".encode()).hexdigest()}","number":1,'
        f'"previous_hash":"{FIRST_PREVIOUS}","record_digest":"r","run_id":"{RUN}","step":"accepted",'
        '"to_state":"accepted"}'
    )
    assert next_event(None, entry).hash == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_records_digest_is_the_same_for_ever_and_a_column_added_empty_changes_nothing() -> None:
    canonical = '{"is_whole":1,"key":"k1:0","number":0}\n{"message":"\\u00e9"}'
    expected = hashlib.sha256(canonical.encode()).hexdigest()
    one, other = {"key": "k1:0", "number": 0, "is_whole": 1}, {"message": "é"}
    assert digest(one, other) == digest(one | {"later": None}, other | {"later": ""}) == expected


def test_every_record_that_is_written_is_told_with_its_digest(ledger: Ledger) -> None:
    enlist(ledger, order())
    begun = step(order(), Step.BEGUN, attempts=1)
    ledger.advance(order(), begun, Step.BEGUN, at=NOW, attempt=attempt(begun))
    ended = replace(run_record(), exit_code=0)
    ledger.finish_run(ended)
    run_of, order_of, step_of, end_of = ledger.events()
    assert (run_of.record_digest, run_of.detail_digest) == (
        digest(plain(run_record())),
        run_detail(ledger.rows(RUN), ledger.source(RUN)),
    )
    assert order_of.record_digest == digest(plain(order()))
    assert (step_of.record_digest, step_of.attempt_number, step_of.detail_digest) == (
        digest(plain(begun)),
        1,
        digest(plain(attempt(begun))),
    )
    assert (end_of.step, end_of.key, end_of.record_digest) == (RUN_REPLACED, "", digest(plain(ended)))
    assert ledger.last_event() == end_of


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (lambda events: [*events[:2], replace(events[2], note="x"), *events[3:]], 3),
        (lambda events: [events[0], replace(events[1], at=NOW + timedelta(microseconds=1)), *events[2:]], 2),
        (lambda events: [events[0], *events[2:]], 2),
        (lambda events: events[1:], 1),
        (lambda events: [events[1], events[0], *events[2:]], 1),
        (lambda events: [*events, events[-1]], 7),
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
    assert first_break(change(list(ledger.events()))) == broken


def test_a_ledger_is_held_once_at_a_time_and_can_be_held_again(ledger: Ledger) -> None:
    with ledger.hold(), pytest.raises(AnotherRunActive, match="bulk-orders history"), ledger.hold():
        pass
    with ledger.hold():
        enlist(ledger, order())


def test_who_holds_an_account_keeps_out_who_wants_it_or_all_may_send_and_records(ledger: Ledger) -> None:
    with ledger.hold(ACCOUNT):
        for wanted in (ACCOUNT, ""):
            with pytest.raises(AnotherRunActive), ledger.hold(wanted):
                pass
        enlist(ledger, order())
        advance(ledger, order(), Step.BEGUN)
        assert ledger.may_send()
        assert ledger.held_since(ACCOUNT) is not None
    assert ledger.held_since(ACCOUNT) is None


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
