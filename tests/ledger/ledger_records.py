"""One run and its orders, as a ledger is given them."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, Step, step
from bulk_orders.core.summary import Disposition
from bulk_orders.ledger.interface import Event, Ledger, RowRecord, RunRecord

NOW = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
RUN = RunRecord(
    run_id="20261122-0215-K7QX",
    account="a",
    environment="PRACTICE",
    profile="practice",
    marketplace="us",
    source_name="orders.xlsx",
    source_path="/in/orders.xlsx",
    source_sha256="",
    operator="ops",
    host="host",
    program_version="0.1.0",
    started_at=NOW,
)


def order(number: int = 0) -> OrderRecord:
    return OrderRecord(
        key=f"k1:{number:064d}",
        account="a",
        run_id=RUN.run_id,
        sheet_row=number + 2,
        reference="",
        customer_id=f"c-{number}",
        mpn="m",
        quantity="1",
        domain="",
        marker=f"BO{number}",
        body="{}",
        fingerprint="f",
    )


def enlist(ledger: Ledger, count: int, run_id: str = RUN.run_id) -> None:
    orders = [order(number) for number in range(count)]
    rows = [
        RowRecord(run_id=run_id, sheet_row=one.sheet_row, disposition=Disposition.TO_SEND, key=one.key)
        for one in orders
    ]
    ledger.enlist(replace(RUN, run_id=run_id), rows, new=orders, again=[], source=b"workbook")


def steps(events: Iterable[Event]) -> list[Event]:
    """The events that tell of a step, and not of something that was recorded."""
    return [event for event in events if event.from_state]


def begin(ledger: Ledger, number: int = 0, *, message: str = "", note: str = "") -> OrderRecord:
    before = order(number)
    begun = step(before, Step.BEGUN, attempts=1, sent_at=NOW, message=message)
    attempt = AttemptRecord(
        key=before.key, run_id=before.run_id, sheet_row=before.sheet_row, number=1, begun_at=NOW
    )
    ledger.advance(before, begun, Step.BEGUN, at=NOW, attempt=attempt, note=note)
    return begun


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)
