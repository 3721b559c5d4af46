"""What the judge reads of one answer: exit code, JSON and next steps, each wrong in its own way."""

from collections import Counter
from typing import Any

import pytest
from judge import judge
from judge_answers import faults_of, useless_steps

LEDGER = {
    "accepted": "accepted",
    "ordered": "accepted",
    "duplicate": "accepted",
    "order_in_error": "accepted",
    "order_cancelled": "accepted",
    "scheduled": "accepted",
    "waiting_for_customer": "accepted",
    "unknown": "unknown",
    "held": "held",
    "not_sent": "pending",
    "rejected": "rejected",
}


def telling(*outcomes: str, code: int = 0, steps: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """An answer about rows from 2 on; its next steps by their verbs, of the run itself."""
    rows = [
        {"row": number, "outcome": outcome, "order_id": None, "row_key": f"k{number}"}
        for number, outcome in enumerate(outcomes, 2)
    ]
    answer = {
        "run_id": "run-1",
        "exit_code": code,
        "audit_whole": True,
        "counts": {**Counter(outcomes), "skipped": 0},
        "rows": rows,
        "next": [step if " " in step else f"bulk-orders {step} run-1" for step in steps],
    } | more
    return {
        "exit_code": code,
        "json": answer,
        "ledger": {number: LEDGER[outcome] for number, outcome in enumerate(outcomes, 2)},
        "left_out": [],
        "runs": ["run-1", "run-2"],
    }


@pytest.mark.parametrize(
    "fine",
    [
        telling("ordered", "accepted", steps=("status",)),
        telling("scheduled", "waiting_for_customer", steps=("status",)),
        telling("unknown", code=5, steps=("resolve",)),
        telling("held", code=9, steps=("resolve",)),
        telling("not_sent", code=7, steps=("bulk-orders resume run-2",)),
        telling("rejected", code=4, steps=("bulk-orders run results.xlsx",)),
        telling("duplicate", code=5, steps=("audit",)),
        telling("ordered", code=7, steps=("audit",), audit_whole=False),
    ],
)
def test_an_answer_that_agrees_with_itself_and_the_ledger_is_fine(fine: dict[str, Any]) -> None:
    assert list(faults_of(fine)) == []


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (telling("unknown", steps=("resolve",)), "exit code 0 with rows in doubt or there twice"),
        (telling("held", steps=("resolve",)), "exit code 0 with rows called held"),
        (telling("not_sent", steps=("resume",)), "exit code 0 with rows called not_sent"),
        (telling("order_in_error", code=7), "exit code 7 with rows that failed"),
        (telling("order_cancelled", "scheduled", code=0), "exit code 0 with rows that failed"),
        (telling("ordered", exit_code=5), "exit code 0, and 5 in its JSON"),
        (telling("ordered", audit={"missing": ["k2"]}), "exit code 0 with accepted orders that are not there"),
        (telling("ordered", audit={"alarms": ["two"]}), "exit code 0 with orders that are there twice"),
        (telling("ordered", steps=("audit",), audit_whole=False), "exit code 0 without a whole comparison"),
        (telling("unknown", code=5), "no next step is resolve, with 1 unknown"),
        (telling("not_sent", code=7), "no next step is resume, with 1 not_sent"),
        (telling("duplicate", code=5), "no next step is audit, with 1 duplicate"),
        (telling("rejected", code=4), "no next step is to correct and run, with 1 rejected"),
        (telling("ordered", steps=("resume",)), "the next step is resume, which has nothing to do with 1 ordered"),
        (telling("ordered", steps=("resolve",)), "the next step is resolve, which has nothing to do with 1 ordered"),
        (
            telling("not_sent", code=7, steps=("bulk-orders resume run-9",)),
            "the next step is resume run-9, and there is no such run",
        ),
        (
            telling("unknown", code=5, steps=("bulk-orders resolve run-2",)),
            "the next step is resolve run-2, which is another run",
        ),
        (telling("accepted", steps=("status",), counts={"accepted": 2}), "the counts say {'accepted': 2}, the rows something else"),
    ],
)  # fmt: skip
def test_each_disagreement_is_named(wrong: dict[str, Any], fault: str) -> None:
    assert list(faults_of(wrong)) == [fault]


def test_a_row_that_is_called_better_than_the_ledger_keeps_it_is_named() -> None:
    wrong = telling("accepted", steps=("status",)) | {"ledger": {2: "unknown"}}
    assert list(faults_of(wrong)) == ["row 2 is called accepted, the ledger keeps unknown"]


def test_rows_that_a_person_left_out_need_no_next_step() -> None:
    left_out = telling("not_sent") | {"left_out": [2], "ledger": {}}
    assert list(faults_of(left_out)) == []


def test_steps_that_were_refused_or_changed_nothing_were_no_help() -> None:
    taken = {"step": "resume run-1", "ended_by": "", "before": {}, "after": {}, "is_named_again": True}
    assert list(useless_steps([taken])) == ["the next step resume run-1 changed nothing, and is named again"]
    assert list(useless_steps([taken | {"after": {"k2": "accepted"}}])) == []
    assert list(useless_steps([taken | {"is_named_again": False}])) == []
    refused = taken | {"ended_by": "GuardStopped: not now"}
    assert judge([], [], followed=[refused]).lines() == [
        "WRONG the next step resume run-1 was refused: GuardStopped: not now"
    ]
