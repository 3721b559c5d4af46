"""`bulk_orders.check`: a path, a DataFrame or DataFrames by sheet; values back, and nothing else."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from books.order_books import order_rows, write_book

import bulk_orders
from bulk_orders import Ask, InputError, RowState, Severity, UsageError

GOOD = pd.DataFrame(order_rows(3))


def test_a_path_and_a_frame_of_the_same_rows_have_the_same_problems(tmp_path: Path) -> None:
    rows = [*order_rows(3), {**order_rows(1)[0], "quantity": "none", "reference": "R-9"}]
    path = write_book(tmp_path / "orders.xlsx", rows)
    from_frame, from_file = bulk_orders.check(pd.DataFrame(rows)), bulk_orders.check(path)
    assert from_frame.problems == from_file.problems == bulk_orders.check(str(path)).problems
    assert from_frame.row_states == {2: "ready", 3: "ready", 4: "ready", 5: "error"}


def test_problems_are_a_frame_of_one_row_each() -> None:
    found = bulk_orders.check(GOOD.assign(quantity=[1, 0, None]))
    frame = found.to_frame()
    assert frame[["code", "cell", "row"]].to_numpy().tolist() == [["E-RANGE", "I3", 3], ["E-EMPTY", "I4", 4]]
    assert [problem.severity for problem in found.problems] == [Severity.ERROR] * 2
    assert str(frame["row"].dtype) == "Int64"


def test_without_problems_the_frame_has_its_columns_and_no_rows() -> None:
    frame = bulk_orders.check(GOOD).to_frame()
    assert (len(frame), {"code", "cell", "message", "fix", "row"} <= set(frame.columns)) == (0, True)


OF_CUSTOMERS = ["customer_company_name", "tenant_preference", "microsoft_domain"]
OF_CUSTOMERS += ["partner_on_record_attestation_accepted", "mca_acceptance"]
BY_SHEET = {"orders": GOOD.drop(columns=OF_CUSTOMERS), "customers": GOOD[["customerId", *OF_CUSTOMERS]]}


def test_frames_by_sheet_are_checked_together() -> None:
    assert set(bulk_orders.check(BY_SHEET).row_states.values()) == {RowState.READY}


def test_the_day_and_the_own_domain_are_passed_in() -> None:
    changes = {"mca_acceptance": "Yes", "agreement_date": date(2026, 1, 2), "Customer e-mail": "a@doe.com"}
    changes |= {"Send company details?": "Yes", "tenant_preference": "new"}
    found = bulk_orders.check(GOOD.assign(**changes), today=date(2020, 1, 1), own_domain="doe.com")
    assert {"E-DATE-FUTURE", "E-EMAIL-OWN"} <= {problem.code for problem in found.problems}


def test_with_a_home_the_ledger_says_which_rows_were_ordered_before(tmp_path: Path) -> None:
    profile = bulk_orders.PRACTICE_PROFILE.model_copy(update={"rate_per_s": 0})
    assert bulk_orders.check(GOOD, profile, home=tmp_path).ready_count == 3
    assert not list(tmp_path.iterdir())
    bulk_orders.run(GOOD.head(1), profile, home=tmp_path)
    stages: list[bulk_orders.CheckResult] = []
    found = bulk_orders.check(GOOD, profile, home=tmp_path, on_stage=stages.append)
    assert [state.value for state in found.row_states.values()] == ["ordered", "ready", "ready"]
    assert [stage.ready_count for stage in stages] == [3]


@pytest.mark.long
def test_the_marketplace_is_asked_what_the_rows_would_cost_and_limits_are_held(tmp_path: Path) -> None:
    answered: list[tuple[int, int]] = []
    found = bulk_orders.check(
        GOOD,
        bulk_orders.PRACTICE_PROFILE,
        home=tmp_path,
        ask=Ask(online=True, max_amount=0.01),
        on_answer=lambda done, total: answered.append((done, total)),
    )
    assert found.estimate is not None
    assert (len(found.estimate.bills), len(found.estimate.reasons)) == (3, 1)
    assert answered[-1][0] == answered[-1][1] > 3


def test_nobody_can_be_asked_without_a_profile() -> None:
    with pytest.raises(UsageError, match="without a profile and a home"):
        bulk_orders.check(GOOD, ask=Ask(online=True))


def test_what_cannot_be_checked_is_an_error_of_the_package(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing\.xlsx"):
        bulk_orders.check(tmp_path / "missing.xlsx")
    with pytest.raises(UsageError, match="A int cannot"):
        bulk_orders.check(5)  # type: ignore[arg-type]
