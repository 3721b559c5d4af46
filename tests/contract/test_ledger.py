"""The ledger's contract, sentence by sentence, over every implementation: what is written comes back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from ledger_contract import (
    ACCOUNT,
    LATER_RUN,
    LONE_SURROGATE,
    NAIVE,
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

from bulk_orders.core.lifecycle import State, Step, held_because, step
from bulk_orders.core.summary import Disposition
from bulk_orders.ledger.chain import first_break
from bulk_orders.ledger.interface import Ledger, RowRecord


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
        message="“é😀”",
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
        order(2, state=State.HELD, **held_because("it looks alike.", NOW)),
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


def test_orders_come_in_the_order_in_which_they_are_named(ledger: Ledger) -> None:
    first, second = order(1), order(2)
    enlist(ledger, first, second)
    rows = [replace(row(second, LATER_RUN), sheet_row=2), replace(row(first, LATER_RUN), sheet_row=3)]
    ledger.enlist(run_record(LATER_RUN), rows, new=[], again=[], source=b"")
    assert [*ledger.orders_of_run(LATER_RUN)] == [second.key, first.key]
    assert [*ledger.orders_by_key([second.key, "k1:none", first.key])] == [second.key, first.key]


@pytest.mark.long
def test_orders_by_key_are_found_by_the_thousand(ledger: Ledger) -> None:
    many = [order(number) for number in range(3_000)]
    enlist(ledger, *many)
    keys = [one.key for one in many]
    assert ledger.orders_by_key([*keys[::2], "k1:none", ""]) == {one.key: one for one in many[::2]}
    assert ledger.orders_by_key([]) == {}


def test_what_was_learnt_about_an_account_is_kept_and_replaced(ledger: Ledger) -> None:
    ledger.remember(ACCOUNT, po_name="ponumber")
    ledger.remember(ACCOUNT, po_name="poNumber", lag_s="3")
    ledger.remember("elsewhere", po_name="ponumber")
    ledger.remember(ACCOUNT)
    assert ledger.learnt(ACCOUNT) == {"po_name": "poNumber", "lag_s": "3"}
    assert ledger.learnt("nobody") == {}


def test_an_empty_text_forgets_what_was_learnt(ledger: Ledger) -> None:
    ledger.remember(ACCOUNT, po_name="ponumber", lag_s="3")
    ledger.remember(ACCOUNT, po_name="")
    assert ledger.learnt(ACCOUNT) == {"lag_s": "3"}
    ledger.remember(ACCOUNT, po_name="poNumber")
    assert ledger.learnt(ACCOUNT) == {"po_name": "poNumber", "lag_s": "3"}


def test_reading_returns_values_and_not_views(ledger: Ledger) -> None:
    enlist(ledger, order())
    read, learnt, events = ledger.orders_of_run(RUN), ledger.learnt(ACCOUNT), list(ledger.events())
    advance(ledger, order(), Step.BEGUN)
    ledger.remember(ACCOUNT, po_name="poNumber")
    assert (read, learnt, steps(events)) == ({order().key: order()}, {}, [])


@pytest.mark.parametrize("words", [LONE_SURROGATE, "caf\0"])
def test_words_of_a_server_that_no_text_can_carry_do_not_keep_its_verdict_from_being_written(
    ledger: Ledger, words: str
) -> None:
    enlist(ledger, order())
    begun = advance(ledger, order(), Step.BEGUN)
    after = step(begun, Step.REJECTED, message=words)
    ledger.advance(
        begun,
        after,
        Step.REJECTED,
        at=NOW,
        attempt=attempt(begun, reason=words),
        note=words,
    )
    assert ledger.order(begun.key) == replace(after, message="caf\ufffd")
    assert [one.reason for one in ledger.attempts(RUN)] == ["caf\ufffd"]
    assert [event.note for event in steps(ledger.events())] == ["", "caf\ufffd"]
    assert first_break(ledger.events()) is None


def test_what_is_kept_is_what_was_given_even_when_the_record_before_was_not_the_one_kept(
    ledger: Ledger,
) -> None:
    enlist(ledger, order())
    after = step(order(body="other", customer_id="c-3"), Step.BEGUN)
    ledger.advance(order(body="other", customer_id="c-3"), after, Step.BEGUN, at=NOW)
    assert ledger.order(order().key) == after


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
