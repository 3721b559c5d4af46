"""Every row has exactly one outcome, and the riskiest thing that happened decides the exit code."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.summary import Disposition, Outcome, counts, exit_code, is_conserved, outcome
from bulk_orders.errors import ExitCode


def record(state: State, platform_status: str = "") -> OrderRecord:
    return OrderRecord(
        key="k1:1",
        account="a",
        run_id="r",
        sheet_row=4,
        reference="",
        customer_id="1",
        mpn="m",
        quantity="1",
        domain="",
        marker="BO",
        body="{}",
        fingerprint="f",
        state=state,
        platform_status=platform_status,
    )


@given(
    st.sampled_from(Disposition),
    st.sampled_from(State),
    st.sampled_from(["", "submitted", "processing", "scheduled", "completed", "error", "cancelled", "new"]),
)
def test_every_combination_has_an_outcome(disposition: Disposition, state: State, status: str) -> None:
    assert outcome(disposition, record(state, status)) in Outcome


@pytest.mark.parametrize(
    ("state", "status", "expected"),
    [
        (State.ACCEPTED, "completed", Outcome.ORDERED),
        (State.ACCEPTED, "submitted", Outcome.ACCEPTED),
        (State.ACCEPTED, "error", Outcome.ORDER_IN_ERROR),
        (State.ACCEPTED, "cancelled", Outcome.ORDER_CANCELLED),
        (State.ACCEPTED, "scheduled", Outcome.SCHEDULED),
        (State.IN_FLIGHT, "", Outcome.UNKNOWN),
        (State.UNKNOWN, "", Outcome.UNKNOWN),
        (State.PENDING, "", Outcome.NOT_SENT),
        (State.GAVE_UP, "", Outcome.GAVE_UP),
    ],
)
def test_what_a_row_shows_follows_its_order(state: State, status: str, expected: Outcome) -> None:
    assert outcome(Disposition.TO_SEND, record(state, status)) is expected


@pytest.mark.parametrize(
    ("found", "stopped", "code"),
    [
        (Outcome.ORDERED, ExitCode.OK, ExitCode.TRY_AGAIN_LATER),
        (Outcome.INVALID, ExitCode.OK, ExitCode.TRY_AGAIN_LATER),
        (Outcome.HELD, ExitCode.OK, ExitCode.TRY_AGAIN_LATER),
        (Outcome.REJECTED, ExitCode.OK, ExitCode.SOME_FAILED),
        (Outcome.UNKNOWN, ExitCode.OK, ExitCode.OUTCOME_UNKNOWN),
        (Outcome.NOT_SENT, ExitCode.SETUP_WRONG, ExitCode.SETUP_WRONG),
        (Outcome.NOT_SENT, ExitCode.INTERRUPTED, ExitCode.INTERRUPTED),
    ],
)
def test_results_that_are_not_written_are_a_reason_to_run_again_and_the_least_of_the_risks(
    found: Outcome, stopped: ExitCode, code: ExitCode
) -> None:
    assert exit_code(counts([found]), stopped=stopped, is_written=False) is code


@pytest.mark.parametrize("state", State)
def test_of_a_living_run_what_is_in_flight_is_being_sent_and_all_else_is_as_ever(state: State) -> None:
    told = outcome(Disposition.TO_SEND, record(state), is_on_its_way=True)
    as_ever = outcome(Disposition.TO_SEND, record(state))
    assert told is (Outcome.SENDING if state is State.IN_FLIGHT else as_ever)


def test_accepted_before_and_completed_is_ordered_before() -> None:
    assert outcome(Disposition.ORDERED_BEFORE, record(State.ACCEPTED, "completed")) is Outcome.ORDERED_BEFORE


def test_an_order_in_doubt_from_an_earlier_run_that_is_found_counts_as_accepted() -> None:
    assert outcome(Disposition.DOUBTFUL_BEFORE, record(State.ACCEPTED)) is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("found", "stopped", "code"),
    [
        (
            [Outcome.ORDERED, Outcome.ACCEPTED, Outcome.ORDERED_BEFORE, Outcome.SKIPPED],
            ExitCode.OK,
            ExitCode.OK,
        ),
        ([], ExitCode.OK, ExitCode.OK),
        ([Outcome.UNKNOWN, Outcome.REJECTED], ExitCode.INTERRUPTED, ExitCode.OUTCOME_UNKNOWN),
        ([Outcome.REJECTED, Outcome.INVALID], ExitCode.TRY_AGAIN_LATER, ExitCode.SOME_FAILED),
        ([Outcome.ORDER_IN_ERROR], ExitCode.OK, ExitCode.SOME_FAILED),
        ([Outcome.ORDER_CANCELLED], ExitCode.OK, ExitCode.SOME_FAILED),
        ([Outcome.SCHEDULED, Outcome.WAITING_FOR_CUSTOMER], ExitCode.OK, ExitCode.OK),
        ([Outcome.HELD, Outcome.SCHEDULED], ExitCode.OK, ExitCode.SOME_FAILED),
        ([Outcome.CONFLICT], ExitCode.OK, ExitCode.SOME_FAILED),
        ([Outcome.NOT_SENT], ExitCode.TRY_AGAIN_LATER, ExitCode.TRY_AGAIN_LATER),
        ([Outcome.NOT_SENT], ExitCode.SETUP_WRONG, ExitCode.SETUP_WRONG),
        ([Outcome.NOT_SENT, Outcome.REJECTED], ExitCode.INTERRUPTED, ExitCode.INTERRUPTED),
        ([Outcome.INVALID, Outcome.ORDERED], ExitCode.OK, ExitCode.WORKBOOK_HAS_ERRORS),
        ([Outcome.HELD], ExitCode.OK, ExitCode.GUARD),
        ([Outcome.HELD, Outcome.ORDERED_BEFORE, Outcome.INVALID], ExitCode.OK, ExitCode.GUARD),
        ([Outcome.HELD, Outcome.ACCEPTED], ExitCode.OK, ExitCode.SOME_FAILED),
        ([Outcome.HELD, Outcome.ORDERED], ExitCode.TRY_AGAIN_LATER, ExitCode.SOME_FAILED),
    ],
)
def test_the_riskiest_thing_decides_the_exit_code(
    found: list[Outcome], stopped: ExitCode, code: ExitCode
) -> None:
    assert exit_code(counts(found), stopped=stopped) is code


@given(st.lists(st.sampled_from(Outcome)))
def test_rows_in_are_rows_out(found: list[Outcome]) -> None:
    assert is_conserved(len(found), counts(found))
    assert not is_conserved(len(found) + 1, counts(found))


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        (Disposition.INVALID, Outcome.INVALID),
        (Disposition.CONFLICT, Outcome.CONFLICT),
    ],
)
def test_a_row_that_was_not_to_be_sent_shows_why_whatever_its_order_is(
    disposition: Disposition, expected: Outcome
) -> None:
    assert outcome(disposition, None) is expected
    assert outcome(disposition, record(State.ACCEPTED, "completed")) is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.PENDING, Outcome.NOT_SENT),
        (State.REJECTED, Outcome.NOT_SENT),
        (State.GAVE_UP, Outcome.NOT_SENT),
        (State.DROPPED, Outcome.NOT_SENT),
        (State.ACCEPTED, Outcome.ACCEPTED),
        (State.UNKNOWN, Outcome.UNKNOWN),
        (State.IN_FLIGHT, Outcome.UNKNOWN),
        (State.HELD, Outcome.HELD),
    ],
)
def test_a_row_that_was_left_out_is_called_not_sent_only_while_its_order_cannot_exist(
    state: State, expected: Outcome
) -> None:
    assert outcome(Disposition.NOT_CHOSEN, None) is outcome(Disposition.HIDDEN, None) is Outcome.NOT_SENT
    assert outcome(Disposition.SKIPPED, None) is Outcome.SKIPPED
    assert outcome(Disposition.NOT_CHOSEN, record(state)) is expected
    assert outcome(Disposition.HIDDEN, record(state)) is expected
    skipped = Outcome.SKIPPED if expected is Outcome.NOT_SENT else expected
    assert outcome(Disposition.SKIPPED, record(state)) is skipped


@pytest.mark.parametrize(
    "disposition", [Disposition.TO_SEND, Disposition.ORDERED_BEFORE, Disposition.DOUBTFUL_BEFORE]
)
def test_a_row_without_an_order_was_not_sent(disposition: Disposition) -> None:
    assert outcome(disposition, None) is Outcome.NOT_SENT


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.HELD, Outcome.HELD),
        (State.REJECTED, Outcome.REJECTED),
        (State.DROPPED, Outcome.DROPPED),
        (State.GAVE_UP, Outcome.GAVE_UP),
    ],
)
def test_a_row_whose_order_was_not_made_shows_what_became_of_it(state: State, expected: Outcome) -> None:
    assert outcome(Disposition.TO_SEND, record(state)) is expected


@pytest.mark.parametrize("status", ["", "completed", "error", "cancelled"])
def test_an_order_that_is_there_twice_shows_that_before_anything_else(status: str) -> None:
    twice = replace(record(State.ACCEPTED, status), code="S-DUPLICATE")
    assert outcome(Disposition.TO_SEND, twice) is Outcome.DUPLICATE
    assert outcome(Disposition.ORDERED_BEFORE, twice) is Outcome.DUPLICATE


@pytest.mark.parametrize(
    ("status", "kind"), [("error", Outcome.ORDER_IN_ERROR), ("cancelled", Outcome.ORDER_CANCELLED)]
)
def test_an_order_of_before_that_is_broken_shows_that(status: str, kind: Outcome) -> None:
    broken = record(State.ACCEPTED, status)
    assert outcome(Disposition.ORDERED_BEFORE, broken) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("", Outcome.WAITING_FOR_CUSTOMER),
        ("processing", Outcome.WAITING_FOR_CUSTOMER),
        ("scheduled", Outcome.SCHEDULED),
        ("completed", Outcome.ORDERED),
        ("error", Outcome.ORDER_IN_ERROR),
        ("cancelled", Outcome.ORDER_CANCELLED),
    ],
)
def test_an_order_with_a_link_waits_for_its_customer_until_its_status_says_more(
    status: str, kind: Outcome
) -> None:
    linked = replace(record(State.ACCEPTED, status), acceptance_link="https://example.com/a")
    assert outcome(Disposition.TO_SEND, linked) is kind


@pytest.mark.parametrize(
    ("found", "stopped", "code"),
    [
        ([Outcome.DUPLICATE], ExitCode.INTERRUPTED, ExitCode.OUTCOME_UNKNOWN),
        ([Outcome.GAVE_UP], ExitCode.OK, ExitCode.SOME_FAILED),
        ([Outcome.HELD, Outcome.INVALID], ExitCode.OK, ExitCode.GUARD),
        ([Outcome.HELD], ExitCode.TRY_AGAIN_LATER, ExitCode.TRY_AGAIN_LATER),
        ([Outcome.HELD, Outcome.CONFLICT], ExitCode.OK, ExitCode.SOME_FAILED),
        ([Outcome.DROPPED, Outcome.NOT_SENT], ExitCode.OK, ExitCode.OK),
    ],
)
def test_what_is_riskier_hides_what_is_less(found: list[Outcome], stopped: ExitCode, code: ExitCode) -> None:
    assert exit_code(counts(found), stopped=stopped) is code


def test_a_run_that_did_not_say_why_it_ended_ended_by_itself() -> None:
    assert exit_code(counts([])) is ExitCode.OK
    assert counts([Outcome.HELD, Outcome.HELD]) == dict.fromkeys(Outcome, 0) | {Outcome.HELD: 2}


def test_the_words_that_stand_in_every_ledger_are_pinned() -> None:
    assert {word.value for word in Disposition} == {
        "to_send",
        "invalid",
        "skipped",
        "hidden",
        "not_chosen",
        "ordered_before",
        "doubtful_before",
        "conflict",
    }
    assert {word.value for word in Outcome} == {
        "ordered",
        "accepted",
        "scheduled",
        "waiting_for_customer",
        "sending",
        "order_in_error",
        "order_cancelled",
        "rejected",
        "unknown",
        "held",
        "gave_up",
        "dropped",
        "invalid",
        "skipped",
        "not_sent",
        "ordered_before",
        "conflict",
        "duplicate",
    }
