"""What a run's answer names as the next step helps; where rows are open there is one, and no exit code says that all is done."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from checking.checking_tables import CONTEXT, three_sheets
from sending.sending_parts import (
    ACCOUNT,
    NOW,
    PROFILE,
    Parts,
    Shelf,
    brought,
    enlist,
    order,
    run_record,
)

from bulk_orders.checking.check import check
from bulk_orders.core.lifecycle import DUPLICATE, OrderRecord, State, Step
from bulk_orders.core.report import RunReport
from bulk_orders.core.summary import Disposition, Outcome
from bulk_orders.errors import ExitCode, InputError
from bulk_orders.ledger.interface import Ledger, RowRecord, RunRecord
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.runs.follow import refreshed
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.report import build_report
from bulk_orders.runs.run import RunEnd, refuse_errors
from bulk_orders.writing.outcome_labels import LABELS

CHECKED = check(three_sheets(), CONTEXT)


class Written:
    """A results workbook that can be written."""

    def publish(self, run: RunRecord) -> Any:
        return "results.xlsx", ""


def report(ledger: Ledger, run: RunRecord) -> RunReport:
    told = replace(run, results_path="results.xlsx")
    return build_report(ledger, told, CHECKED, now=NOW, profile=PROFILE)


def verbs(made: RunReport) -> list[str]:
    return [" ".join(step.split()[1:3]) for step, _ in made.next_steps]


def ended(ledger: Ledger, number: int = 1, **changes: Any) -> RunRecord:
    run = run_record(number, ended_at=NOW, exit_code=0, **changes)
    ledger.finish_run(run)
    return run


def taken_up(ledger: Ledger, before: OrderRecord, number: int) -> None:
    """Run `number` takes the order up."""
    after = replace(before, run_id=f"run-{number}", version=before.version + 1, state=State.PENDING)
    row = RowRecord(run_id=f"run-{number}", sheet_row=2, disposition=Disposition.TO_SEND, key=before.key)
    ledger.enlist(run_record(number), [row], new=[], again=[(before, after)], source=b"workbook")


def followed(clock: Any, ledger: Ledger, run: RunRecord) -> RunEnd:
    services = Parts(clock=clock, market=Shelf(), ledger=ledger).services()
    return refreshed(services, run, CHECKED, Written(), 0)  # type: ignore[arg-type]


def test_a_run_that_was_cut_off_names_resume(clock: Any) -> None:
    ledger = MemoryLedger()
    enlist(ledger, order())
    assert verbs(report(ledger, run_record())) == ["resume run-1"]
    assert followed(clock, ledger, run_record()).exit_code is ExitCode.TRY_AGAIN_LATER


def test_a_run_that_is_under_way_names_nothing_to_resume() -> None:
    ledger = MemoryLedger()
    enlist(ledger, order())
    with ledger.hold():
        assert verbs(report(ledger, run_record())) == []


def test_rows_that_a_later_run_took_up_name_that_one() -> None:
    ledger = MemoryLedger()
    enlist(ledger, order())
    taken_up(ledger, order(), 2)
    made = report(ledger, ended(ledger))
    assert verbs(made) == ["resume run-2"]
    assert made.rows[0].how_to_fix == "bulk-orders resume run-2"


def test_what_was_in_doubt_before_a_run_is_its_own_to_send() -> None:
    ledger = MemoryLedger()
    enlist(ledger, order())
    brought(ledger, order(), Step.BEGUN, Step.NO_VERDICT)
    row = RowRecord(run_id="run-2", sheet_row=2, disposition=Disposition.DOUBTFUL_BEFORE, key=order().key)
    ledger.enlist(run_record(2), [row], new=[], again=[], source=b"workbook")
    doubtful = ledger.order(order().key)
    assert doubtful is not None
    brought(ledger, doubtful, Step.SAID_ABSENT)
    assert verbs(report(ledger, ended(ledger, 2))) == ["resume run-2"]


def test_a_row_that_waits_for_a_doubt_of_another_run_names_that_one_first() -> None:
    ledger = MemoryLedger()
    maker = order(1, domain="new.example")
    enlist(ledger, maker)
    brought(ledger, maker, Step.BEGUN, Step.NO_VERDICT)
    waiting = order(2, domain="NEW.example", run_id="run-2")
    row = RowRecord(run_id="run-2", sheet_row=3, disposition=Disposition.TO_SEND, key=waiting.key)
    ledger.enlist(run_record(2), [row], new=[waiting], again=[], source=b"workbook")
    assert verbs(report(ledger, ended(ledger, 2))) == ["resolve run-1", "resume run-2"]


@pytest.mark.parametrize(("environment", "option"), [("LIVE", " --profile live"), ("PRACTICE", "")])
def test_what_was_live_is_not_run_again_on_practice(environment: str, option: str) -> None:
    ledger = MemoryLedger()
    enlist(ledger, order())
    brought(ledger, order(), Step.GAVE_UP)
    made = report(ledger, ended(ledger, environment=environment))
    assert made.next_steps[0][0] == f"bulk-orders run results.xlsx{option}"


@pytest.mark.parametrize(("environment", "option"), [("LIVE", " --profile live"), ("PRACTICE", "")])
def test_a_sheet_that_is_not_as_it_was_pulled_is_pulled_again_before_it_is_run_again(
    environment: str, option: str
) -> None:
    ledger = MemoryLedger()
    stale = order(sheet_row=CHECKED.tables.orders.sheet_rows[0])
    enlist(ledger, stale)
    brought(ledger, stale, Step.GAVE_UP, code="S-CHANGED")
    made = report(ledger, ended(ledger, environment=environment))
    assert [step for step, _ in made.next_steps] == [
        f"bulk-orders subscriptions pull -o results.xlsx{option}",
        f"bulk-orders run results.xlsx{option}",
    ]


def test_all_advice_about_what_was_given_up_is_the_rows_own() -> None:
    ledger = MemoryLedger()
    enlist(ledger, order())
    brought(ledger, order(), Step.GAVE_UP)
    ((_, purpose),) = report(ledger, ended(ledger)).next_steps
    told = (purpose, LABELS[Outcome.GAVE_UP].what_to_do("run-1"))
    assert all("under How to fix" in text and "red cell" not in text for text in told)


def test_an_order_that_is_there_twice_names_the_audit_that_sees_when_it_is_not() -> None:
    ledger = MemoryLedger()
    enlist(ledger, order())
    brought(ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="1", code=DUPLICATE, message="SO1, SO2.")
    assert verbs(report(ledger, ended(ledger, audit_whole=True))) == ["audit run-1"]


@pytest.mark.parametrize("later", [timedelta(minutes=-1), timedelta(minutes=1)])
def test_what_a_run_sent_before_it_was_cut_off_is_to_be_compared_unless_another_did(
    clock: Any, later: timedelta
) -> None:
    ledger = MemoryLedger()
    enlist(ledger, order())
    brought(ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="1", platform_status="completed")
    ledger.record_reading(replace(ledger.account(str(ACCOUNT)), audited_up_to=NOW + later), [])
    made, is_compared = report(ledger, run_record()), later > timedelta()
    assert (verbs(made), made.audit_whole) == (([], None) if is_compared else (["audit run-1"], False))
    code = followed(clock, ledger, run_record()).exit_code
    assert code is (ExitCode.OK if is_compared else ExitCode.TRY_AGAIN_LATER)


def test_a_row_that_was_changed_since_it_was_ordered_names_the_order_by_its_id() -> None:
    ledger = MemoryLedger()
    enlist(ledger, order())
    brought(ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="1", order_number="SO1")
    row = RowRecord(run_id="run-2", sheet_row=2, disposition=Disposition.CONFLICT, key=order().key)
    ledger.enlist(run_record(2), [row], new=[], again=[], source=b"workbook")
    (told,) = report(ledger, ended(ledger, 2)).rows
    assert (told.order_id, told.order_number) == ("1", "SO1")


def test_a_row_to_check_by_hand_says_how_in_a_command_that_can_be_typed() -> None:
    ledger = MemoryLedger()
    enlist(ledger, order())
    brought(ledger, order(), Step.BEGUN, Step.NO_VERDICT, code="S-NO-ANSWER")
    made = report(ledger, ended(ledger))
    assert made.rows[0].how_to_fix == "Do not send it again. Run `bulk-orders resolve run-1`."


def test_a_workbook_with_errors_is_refused_with_the_command_that_shows_them() -> None:
    broken = replace(CHECKED, has_file_errors=True)
    with pytest.raises(InputError) as refused:
        refuse_errors(broken, RunOptions())
    assert refused.value.fix == "See them: bulk-orders check FILE"
