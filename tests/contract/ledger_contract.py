"""Records that the ledger's contract is tried with, and how they are given to a ledger."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, Step, step
from bulk_orders.core.summary import Disposition
from bulk_orders.ledger.interface import Event, Ledger, RowRecord, RunRecord

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


def advance(ledger: Ledger, before: OrderRecord, *steps: Step, **changes: Any) -> OrderRecord:
    """The order after these steps; the changes come with the last one."""
    for what in steps:
        after = step(before, what, **(changes if what is steps[-1] else {}))
        ledger.advance(before, after, what, at=NOW)
        before = after
    return before


def steps(events: Iterable[Event]) -> list[Event]:
    """The events that tell of a step, and not of something that was recorded."""
    return [event for event in events if event.from_state]


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
