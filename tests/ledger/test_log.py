"""What is recorded is logged: each run as it begins and ends, each step of an order with all that finds it again."""

import logging
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ledger_records import NOW, RUN, begin, enlist, order

from bulk_orders.core.lifecycle import AttemptRecord, State, Step, held_because, step
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.interface import Superseded
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.machine.log_lines import facts_of

LATER = NOW + timedelta(seconds=2.5)
FILE = {"run": RUN.run_id, "file": RUN.source_name}


def said(records: list[logging.LogRecord]) -> list[tuple[str, dict[str, Any]]]:
    """Events with their facts."""
    return [(record.getMessage(), dict(facts_of(record))) for record in records]


def attempt(verdict: str, reason: str, http_status: int) -> AttemptRecord:
    return AttemptRecord(
        key=order().key,
        run_id=RUN.run_id,
        sheet_row=2,
        number=1,
        begun_at=NOW,
        ended_at=LATER,
        verdict=verdict,
        http_status=http_status,
        reason=reason,
        correlation_id="c-1",
    )


@pytest.mark.parametrize(
    ("what", "changes", "verdict", "http_status", "told"),
    [
        (Step.ACCEPTED, {"order_number": "SO-1"}, "accepted", 201, {"outcome": "accepted", "order": "SO-1"}),
        (Step.REJECTED, {"code": "S-REFUSED"}, "rejected", 400, {"outcome": "rejected", "code": "S-REFUSED"}),
        (Step.NOT_PROCESSED, {}, "not processed", 429, {"outcome": "not_sent", "reason": "Anna was here"}),
        (Step.NO_VERDICT, {}, "no verdict", 500, {"outcome": "unknown", "reason": "Anna was here"}),
    ],
)
def test_a_step_is_told_with_all_that_finds_it_again_and_never_with_the_marketplaces_words(
    ledger: SqlLedger,
    log_records: list[logging.LogRecord],
    what: Step,
    changes: dict[str, str],
    verdict: str,
    http_status: int,
    told: dict[str, str],
) -> None:
    begun = begin(ledger)
    after = step(begun, what, reference="NOV-0001", **changes)
    ledger.advance(begun, after, what, at=LATER, attempt=attempt(verdict, "Anna was here", http_status))

    rest = {"http_status": http_status, "attempt": 1, "ms": 2500, "correlation_id": "c-1"}
    expected = {**FILE, "row": 2, "reference": "NOV-0001", "step": what.value, **rest, **told}
    assert said(log_records) == [("order", expected)]


def test_a_step_that_is_not_on_disk_is_not_told(
    ledger: SqlLedger, log_records: list[logging.LogRecord]
) -> None:
    begun = begin(ledger)
    after = step(begun, Step.NO_VERDICT)
    with pytest.raises(Superseded):
        ledger.advance(replace(begun, version=7), replace(after, version=8), Step.NO_VERDICT, at=LATER)
    assert said(log_records) == []


def test_a_run_is_told_once_as_it_begins_and_once_as_it_ends(
    path: Path, log_records: list[logging.LogRecord]
) -> None:
    ended = replace(RUN, ended_at=LATER, exit_code=int(ExitCode.SOME_FAILED), stopped_by="Anna said so")
    with closing(SqlLedger.open(path)) as ledger:
        enlist(ledger, 2)
        ledger.finish_run(replace(RUN, results_path="meanwhile.xlsx"))
        ledger.finish_run(ended)
        ledger.finish_run(replace(ended, results_path="results.xlsx"))

    begun = {"profile": "practice", "environment": "PRACTICE", "rows": 0, "version": "0.1.0"}
    assert said(log_records) == [
        ("run-begun", FILE | begun),
        ("run-ended", FILE | {"exit_code": 4, "stopped": True, "ms": 2500}),
    ]


def test_a_run_that_is_taken_up_by_another_process_is_told_to_be_resumed(
    path: Path, log_records: list[logging.LogRecord]
) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        enlist(ledger, 1)
    log_records.clear()
    with closing(SqlLedger.open(path)) as ledger:
        ledger.finish_run(replace(RUN, results_path="again.xlsx", ended_at=LATER))  # a report: nothing began
        begin(ledger)
        ledger.finish_run(RUN)
        ledger.finish_run(replace(RUN, ended_at=LATER, exit_code=0))
    assert [event for event, _ in said(log_records)] == ["run-resumed", "run-ended"]


def test_a_step_of_a_run_that_began_elsewhere_names_its_file_too(
    path: Path, log_records: list[logging.LogRecord]
) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        enlist(ledger, 1)
        begun = begin(ledger)
    log_records.clear()
    with closing(SqlLedger.open(path)) as ledger:
        ledger.advance(begun, step(begun, Step.INTERRUPTED), Step.INTERRUPTED, at=LATER)
    told = {"row": 2, "step": "interrupted", "outcome": "unknown"}
    assert said(log_records) == [("order", FILE | told)]


def test_a_row_that_is_held_from_the_start_is_told(path: Path, log_records: list[logging.LogRecord]) -> None:
    held = replace(order(), state=State.HELD, **held_because("something equals it", NOW))
    with closing(SqlLedger.open(path)) as ledger:
        ledger.enlist(RUN, [], new=[held, order(1)], again=[], source=b"")
    assert [facts for event, facts in said(log_records) if event == "order"] == [
        FILE | {"row": 2, "step": "held back", "outcome": "held", "code": "S-HELD"}
    ]
