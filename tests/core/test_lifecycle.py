"""The life cycle's promise: between two sends of an order there is proof that nothing was taken, or a person's word."""

from collections.abc import Collection
from datetime import UTC, datetime

import pytest

from bulk_orders.core.lifecycle import (
    TRANSITIONS,
    AttemptRecord,
    IllegalStep,
    OrderRecord,
    State,
    Step,
    step,
)

STARTS = (State.PENDING, State.HELD)

NOTHING_TAKEN = {Step.NOT_PROCESSED, Step.REJECTED}
PERSONS_WORD = {Step.SAID_ABSENT, Step.CONFIRMED}
LEGAL = sorted(TRANSITIONS)
ILLEGAL = sorted({(state, what) for state in State for what in Step} - set(TRANSITIONS))


def order(state: State = State.PENDING) -> OrderRecord:
    return OrderRecord(
        key="k1:0",
        account="cloud.example.com",
        run_id="20261122-0215-K7QX",
        sheet_row=2,
        reference="R-1",
        customer_id="c-1",
        mpn="CFQ7TTC0LH18:0001",
        quantity="1",
        domain="",
        marker="BO0000000000000",
        body="{}",
        fingerprint="f",
        state=state,
        version=4,
    )


def reached(starts: set[State], without: Collection[Step] = ()) -> set[State]:
    """Where an order can come to from there by steps other than those, however many."""
    found, more = set(), starts
    while more:
        found |= more
        more = {
            end for (start, what), end in TRANSITIONS.items() if start in found and what not in without
        } - found
    return found


def after(*steps: Step) -> set[State]:
    return {end for (_, what), end in TRANSITIONS.items() if what in steps}


def can_be_sent(states: set[State]) -> bool:
    return any((state, Step.BEGUN) in TRANSITIONS for state in states)


def test_every_state_is_reached_and_with_it_every_legal_step() -> None:
    assert reached(set(STARTS)) == set(State)
    assert {what for _, what in TRANSITIONS} == set(Step)
    assert can_be_sent(
        reached(after(Step.BEGUN))
    )  # an order can be sent again, so that what follows says something


def test_between_two_sends_there_is_proof_that_nothing_was_taken_or_a_persons_word() -> None:
    assert not can_be_sent(reached(after(Step.BEGUN), without=NOTHING_TAKEN | PERSONS_WORD))


def test_no_order_is_sent_after_proof_of_purchase() -> None:
    assert not can_be_sent(reached({State.ACCEPTED}))


def test_an_order_without_a_verdict_is_not_sent_before_a_person_has_spoken() -> None:
    doubtful = after(Step.NO_VERDICT, Step.INTERRUPTED)
    assert not can_be_sent(reached(doubtful, without=PERSONS_WORD))
    assert can_be_sent(reached(doubtful))


def test_an_attempt_begins_only_from_pending() -> None:
    assert [state for state, what in TRANSITIONS if what is Step.BEGUN] == [State.PENDING]


def test_only_pending_orders_are_given_up_so_no_attempt_is_in_flight_then() -> None:
    assert [state for state, what in TRANSITIONS if what is Step.GAVE_UP] == [State.PENDING]


def test_an_order_that_a_person_dropped_is_only_sent_after_a_person_confirmed_it() -> None:
    dropped = after(Step.DROPPED)
    assert not can_be_sent(reached(dropped, without={Step.CONFIRMED}))
    assert can_be_sent(reached(dropped))


@pytest.mark.parametrize("state", State)
def test_proof_of_purchase_is_recorded_whatever_the_state(state: State) -> None:
    assert step(order(state), Step.FOUND, order_id="o-1").state is State.ACCEPTED


def test_nothing_leads_away_from_accepted() -> None:
    assert {end for (start, _), end in TRANSITIONS.items() if start is State.ACCEPTED} == {State.ACCEPTED}


@pytest.mark.parametrize("state", [State.ACCEPTED, State.REJECTED, State.GAVE_UP, State.DROPPED])
def test_no_attempt_begins_from_a_final_state(state: State) -> None:
    assert (state, Step.BEGUN) not in TRANSITIONS


LIFE = {
    State.HELD: {
        Step.CONFIRMED: State.PENDING,
        Step.DROPPED: State.DROPPED,
        Step.SUBMITTED_AGAIN: State.HELD,
        Step.SAID_PRESENT: State.ACCEPTED,
        Step.HELD_BACK: State.HELD,
    },
    State.PENDING: {
        Step.BEGUN: State.IN_FLIGHT,
        Step.GAVE_UP: State.GAVE_UP,
        Step.HELD_BACK: State.HELD,
        Step.SUBMITTED_AGAIN: State.PENDING,
    },
    State.IN_FLIGHT: {
        Step.ACCEPTED: State.ACCEPTED,
        Step.REJECTED: State.REJECTED,
        Step.NOT_PROCESSED: State.PENDING,
        Step.NO_VERDICT: State.UNKNOWN,
        Step.INTERRUPTED: State.UNKNOWN,
    },
    State.UNKNOWN: {
        Step.LOOKED: State.UNKNOWN,
        Step.SAID_ABSENT: State.PENDING,
        Step.SAID_PRESENT: State.ACCEPTED,
        Step.DROPPED: State.DROPPED,
    },
    State.ACCEPTED: {Step.REFRESHED: State.ACCEPTED, Step.ERASED: State.ACCEPTED},
    State.REJECTED: {
        Step.SUBMITTED_AGAIN: State.PENDING,
        Step.HELD_BACK: State.HELD,
        Step.ERASED: State.REJECTED,
    },
    State.GAVE_UP: {
        Step.SUBMITTED_AGAIN: State.PENDING,
        Step.HELD_BACK: State.HELD,
        Step.ERASED: State.GAVE_UP,
    },
    State.DROPPED: {Step.SUBMITTED_AGAIN: State.HELD, Step.ERASED: State.DROPPED},
}
"""What may come in each state, besides proof of purchase, which may come in all of them."""


@pytest.mark.parametrize("state", State)
def test_in_each_state_only_these_steps_may_come(state: State) -> None:
    may_come = {what: end for (start, what), end in TRANSITIONS.items() if start is state}
    assert may_come == LIFE[state] | {Step.FOUND: State.ACCEPTED}


def test_a_legal_step_leads_where_the_table_says_and_raises_the_version_by_one() -> None:
    for state, what in LEGAL:
        before = order(state)
        after = step(before, what)
        assert after.state is TRANSITIONS[state, what]
        assert after.version == before.version + 1


def test_a_step_that_is_not_in_the_table_raises_and_changes_nothing() -> None:
    for state, what in ILLEGAL:
        before = order(state)
        with pytest.raises(IllegalStep, match=f"{state.value} cannot be {what.value}"):
            step(before, what)
        assert before == order(state)


def test_a_step_leaves_the_record_it_came_from_as_it_was() -> None:
    before = order()
    step(before, Step.BEGUN, attempts=1, sent_at=datetime(2026, 11, 22, tzinfo=UTC))
    assert before == order()


def test_a_step_carries_what_is_told_with_it_and_keeps_the_rest() -> None:
    moment = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
    after = step(order(), Step.BEGUN, attempts=1, sent_at=moment)
    assert (after.attempts, after.sent_at) == (1, moment)
    assert (after.key, after.reference, after.body) == ("k1:0", "R-1", "{}")


WORDS = {
    State: {"held", "pending", "in_flight", "unknown", "accepted", "rejected", "gave_up", "dropped"},
    Step: {
        "attempt begun",
        "accepted",
        "rejected",
        "not processed",
        "no verdict",
        "interrupted",
        "found on the marketplace",
        "gave up",
        "submitted again",
        "held back",
        "confirmed by a person",
        "said to be absent by a person",
        "said to be present by a person",
        "dropped by a person",
        "looked for",
        "refreshed",
        "personal data erased",
    },
}


@pytest.mark.parametrize("kind", WORDS)
def test_the_words_that_stand_in_every_ledger_are_pinned(kind: type[State | Step]) -> None:
    assert {word.value for word in kind} == WORDS[kind]


def test_a_new_order_is_pending_at_version_1_and_nothing_is_known_of_it() -> None:
    names = ("key", "account", "run_id", "reference", "customer_id", "mpn", "quantity", "domain")
    texts = dict.fromkeys((*names, "marker", "body", "fingerprint"), "x")
    made = OrderRecord(sheet_row=2, **texts)
    assert (made.state, made.version, made.attempts, made.absent_reads) == (State.PENDING, 1, 0, 0)
    assert (made.not_before, made.sent_at, made.doubtful_at, made.accepted_at, made.http_status) == (
        None,
    ) * 5
    told = ("order_id", "order_number", "subscription_id", "platform_status", "amount", "currency")
    assert {getattr(made, name) for name in (*told, "code", "message", "correlation_id")} == {""}


def test_a_new_attempt_has_no_end() -> None:
    made = AttemptRecord(
        key="k", run_id="r", sheet_row=2, number=1, begun_at=datetime(2026, 11, 22, tzinfo=UTC)
    )
    assert (made.ended_at, made.http_status, made.bytes_sent) == (None, None, None)
    assert (made.verdict, made.reason, made.correlation_id) == ("", "", "")


def test_a_step_that_cannot_be_says_which_and_from_where() -> None:
    with pytest.raises(IllegalStep) as refused:
        step(order(State.ACCEPTED), Step.BEGUN)
    assert str(refused.value) == "an order that is accepted cannot be attempt begun"
