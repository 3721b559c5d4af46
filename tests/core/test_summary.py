"""Every row has exactly one outcome, and the riskiest thing that happened decides the exit code."""

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
    st.sampled_from(["", "submitted", "processing", "completed", "error", "cancelled", "new"]),
)
def test_every_combination_has_an_outcome(disposition: Disposition, state: State, status: str) -> None:
    assert outcome(disposition, record(state, status)) in Outcome


@pytest.mark.parametrize(
    ("state", "status", "expected"),
    [
        (State.ACCEPTED, "completed", Outcome.ORDERED),
        (State.ACCEPTED, "submitted", Outcome.ACCEPTED),
        (State.ACCEPTED, "error", Outcome.ORDER_IN_ERROR),
        (State.ACCEPTED, "cancelled", Outcome.ORDER_IN_ERROR),
        (State.IN_FLIGHT, "", Outcome.UNKNOWN),
        (State.UNKNOWN, "", Outcome.UNKNOWN),
        (State.PENDING, "", Outcome.NOT_SENT),
        (State.GAVE_UP, "", Outcome.GAVE_UP),
    ],
)
def test_what_a_row_shows_follows_its_order(state: State, status: str, expected: Outcome) -> None:
    assert outcome(Disposition.TO_SEND, record(state, status)) is expected


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
        ([Outcome.CONFLICT], ExitCode.OK, ExitCode.SOME_FAILED),
        ([Outcome.NOT_SENT], ExitCode.TRY_AGAIN_LATER, ExitCode.TRY_AGAIN_LATER),
        ([Outcome.NOT_SENT], ExitCode.SETUP_WRONG, ExitCode.SETUP_WRONG),
        ([Outcome.NOT_SENT, Outcome.REJECTED], ExitCode.INTERRUPTED, ExitCode.INTERRUPTED),
        ([Outcome.INVALID, Outcome.ORDERED], ExitCode.OK, ExitCode.WORKBOOK_HAS_ERRORS),
        ([Outcome.HELD], ExitCode.OK, ExitCode.GUARD),
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
