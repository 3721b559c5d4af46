"""Hidden and skipped rows are told as what they are: an order that was placed before is not called "not sent"."""

from dataclasses import replace

import pytest
from sending_parts import ACCOUNT, brought, enlist, order

from bulk_orders.core.identity import order_key
from bulk_orders.core.lifecycle import OrderRecord, Step
from bulk_orders.core.model import SheetColumn, SheetTable
from bulk_orders.core.summary import Disposition, Outcome, outcome
from bulk_orders.ledger.interface import RowRecord
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.sending.rows_left_out import recognise

FIELDS = ("reference", "customer_id", "mpn", "quantity")
AS_ORDERED = ("R1", "c1", "M1", "1")
BY_REFERENCE = order_key(
    ACCOUNT, order_type="sales", reference="R1", po_number="", fingerprint="", occurrence=1
)
PLACED = (Step.BEGUN, Step.ACCEPTED)


def ledger_with(before: OrderRecord, *steps: Step) -> MemoryLedger:
    ledger = MemoryLedger()
    enlist(ledger, before)
    brought(ledger, before, *steps)
    return ledger


def told(
    ledger: MemoryLedger,
    *rows: tuple[str, ...],
    keys: dict[int, str] | None = None,
    disposition: Disposition = Disposition.HIDDEN,
    besides: tuple[str, ...] = (),
) -> list[RowRecord]:
    """What is told of `rows`, which stand from row 2 on and are all left out."""
    numbers = tuple(range(2, 2 + len(rows)))
    columns = tuple(
        SheetColumn(letter=letter, header=name, field=name)
        for letter, name in zip("ABCD", FIELDS, strict=True)
    )
    table = SheetTable(
        name="Orders", header_row=1, columns=columns, sheet_rows=numbers, cells=[list(row) for row in rows]
    )
    records = [RowRecord(run_id="run-2", sheet_row=number, disposition=disposition) for number in numbers]
    return recognise(
        records, account=ACCOUNT, ledger=ledger, orders=table, row_keys=keys or {}, exclude=besides
    )


@pytest.mark.parametrize("disposition", [Disposition.HIDDEN, Disposition.SKIPPED])
@pytest.mark.parametrize("cells", [AS_ORDERED, (" R1", "c1 ", "M1", "1")])
def test_a_row_that_was_ordered_is_ordered_before(disposition: Disposition, cells: tuple[str, ...]) -> None:
    placed = order(1)
    ledger = ledger_with(placed, *PLACED)
    (row,) = told(ledger, cells, keys={2: placed.key}, disposition=disposition)
    assert (row.disposition, row.key) == (Disposition.ORDERED_BEFORE, placed.key)


def test_a_row_of_a_workbook_without_keys_is_known_by_its_reference() -> None:
    ledger = ledger_with(order(1, key=BY_REFERENCE), *PLACED)
    (row,) = told(ledger, AS_ORDERED)
    assert (row.disposition, row.key) == (Disposition.ORDERED_BEFORE, BY_REFERENCE)


@pytest.mark.parametrize(
    "cells",
    [("R2", "c1", "M1", "1"), ("R1", "c2", "M1", "1"), ("R1", "c1", "M2", "1"), ("R1", "c1", "M1", "9")],
)
def test_a_row_that_was_edited_since_may_be_another_order_and_stays_left_out(cells: tuple[str, ...]) -> None:
    placed = order(1)
    (row,) = told(ledger_with(placed, *PLACED), cells, keys={2: placed.key})
    assert row == RowRecord(run_id="run-2", sheet_row=2, disposition=Disposition.HIDDEN)


def test_a_copy_of_a_row_that_is_shown_or_named_already_is_not_the_order() -> None:
    placed = order(1)
    ledger = ledger_with(placed, *PLACED)
    keys = {2: placed.key, 3: placed.key}
    shown = told(ledger, AS_ORDERED, keys=keys, besides=(placed.key,))
    twice = told(ledger, AS_ORDERED, AS_ORDERED, keys=keys)
    assert [row.disposition for row in shown] == [Disposition.HIDDEN]
    assert [row.disposition for row in twice] == [Disposition.ORDERED_BEFORE, Disposition.HIDDEN]


@pytest.mark.parametrize("steps", [(Step.BEGUN,), (Step.BEGUN, Step.NO_VERDICT)])
def test_a_row_in_doubt_is_not_taken_up_and_its_doubt_is_told(steps: tuple[Step, ...]) -> None:
    doubtful = order(1)
    ledger = ledger_with(doubtful, *steps)
    (row,) = told(ledger, AS_ORDERED, keys={2: doubtful.key})
    assert (row.disposition, row.key) == (Disposition.HIDDEN, doubtful.key)
    assert outcome(row.disposition, ledger.order(row.key)) is Outcome.UNKNOWN


def test_a_row_that_was_refused_and_an_order_of_another_account_stay_left_out() -> None:
    refused, other = order(1), replace(order(2), account="elsewhere", reference="R1")
    ledger = MemoryLedger()
    enlist(ledger, refused, other)
    brought(ledger, refused, Step.BEGUN, Step.REJECTED)
    brought(ledger, other, *PLACED)
    rows = told(ledger, AS_ORDERED, AS_ORDERED, keys={2: refused.key, 3: other.key})
    assert [(row.disposition, row.key) for row in rows] == [(Disposition.HIDDEN, "")] * 2


def test_a_row_with_errors_is_not_looked_at() -> None:
    placed = order(1)
    (row,) = told(
        ledger_with(placed, *PLACED), AS_ORDERED, keys={2: placed.key}, disposition=Disposition.INVALID
    )
    assert row.disposition is Disposition.INVALID
