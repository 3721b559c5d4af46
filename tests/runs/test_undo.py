"""Orders that can still be cancelled become a workbook that cancels their subscriptions when it is run."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from checking.checking_tables import CONTEXT
from sending.sending_parts import NOW, RUN, brought, enlist, order

from bulk_orders.checking.check import check
from bulk_orders.checking.result import RowState
from bulk_orders.core.following import cancellable
from bulk_orders.core.lifecycle import OrderRecord, Step
from bulk_orders.core.report import CANCEL_WINDOW
from bulk_orders.errors import UsageError
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.runs.undo import to_undo, undo_tables
from bulk_orders.writing.new_book.undo import write_undo

MINUTE = timedelta(minutes=1)
SENT = json.dumps(
    {
        "subscriptionPeriod": {"type": "year", "duration": 3},
        "products": [{"billingPeriod": {"type": "month", "duration": 1}}],
    }
)


@pytest.fixture
def ledger() -> MemoryLedger:
    """A run: ordered an hour ago, an hour before that, scheduled, cancelled; one in doubt and one that was refused."""
    made = MemoryLedger()
    rows = [order(number, customer_id=f"c{number % 2}", body=SENT) for number in range(1, 7)]
    enlist(made, *rows)
    hours = {0: 1, 1: 2, 2: 3, 3: 1}
    told = (
        {},
        {},
        {"platform_status": "scheduled", "scheduled_for": "2027-03-01"},
        {"platform_status": "cancelled"},
    )
    for place, changes in enumerate(told):
        when = NOW - timedelta(hours=hours[place])
        there = {"order_id": f"{place}", "subscription_id": f"120000{place}" if place else ""}
        brought(made, rows[place], Step.BEGUN, Step.ACCEPTED, accepted_at=when, **there | changes)
    brought(made, rows[4], Step.BEGUN, Step.NO_VERDICT)
    brought(made, rows[5], Step.BEGUN, Step.REJECTED)
    return made


def accepted(ledger: MemoryLedger) -> list[OrderRecord]:
    return list(ledger.orders_of_run(RUN.run_id).values())


def test_orders_that_can_be_cancelled_come_by_the_time_that_is_left(ledger: MemoryLedger) -> None:
    found = cancellable(accepted(ledger), NOW)
    assert [one.sheet_row for one in found] == [3, 2, 4]


@pytest.mark.parametrize(
    ("now", "rows"),
    [
        (NOW - timedelta(hours=2) + CANCEL_WINDOW - MINUTE, [3, 2, 4]),
        (NOW - timedelta(hours=2) + CANCEL_WINDOW, [2, 4]),
        (NOW - timedelta(hours=1) + CANCEL_WINDOW, [4]),
        (datetime(2027, 2, 28, 23, 59, tzinfo=UTC), [4]),
        (datetime(2027, 3, 1, tzinfo=UTC), []),
    ],
)
def test_one_whose_time_is_over_is_not_among_them(
    ledger: MemoryLedger, now: datetime, rows: list[int]
) -> None:
    assert [one.sheet_row for one in cancellable(accepted(ledger), now)] == rows


def test_every_row_that_is_left_out_says_why(ledger: MemoryLedger) -> None:
    found = to_undo(ledger, RUN, (), NOW - timedelta(hours=2) + CANCEL_WINDOW)
    assert [one.sheet_row for one in found.orders] == [2, 4]
    why = dict(found.left_out)
    assert sorted(why) == [3, 5, 6, 7]
    assert why[3].startswith("could be cancelled until")
    assert why[5] == 'is "cancelled" on the marketplace'
    assert "in doubt" in why[6]
    assert why[7] == "was not ordered"


def test_what_was_changed_or_brought_in_is_left_out_each_with_its_reason() -> None:
    made = MemoryLedger()
    imported = {"type": "sales", "products": [{"parameters": [{"name": "migration_info_object"}]}]}
    bodies = (SENT, json.dumps({"type": "change", "subscriptionId": "s"}), json.dumps(imported))
    rows = [order(number, body=body) for number, body in enumerate(bodies, 1)]
    enlist(made, *rows)
    for row, name in zip(rows, ("SO1", "CH2", "SO3"), strict=True):
        facts = {"order_id": name, "order_number": name, "subscription_id": name}
        brought(made, row, Step.BEGUN, Step.ACCEPTED, accepted_at=NOW, **facts)
    why = dict(to_undo(made, RUN, (), NOW).left_out)
    assert why[3] == "changed a subscription, which is undone by changing it back"
    assert why[4].startswith("brought in a subscription from Microsoft")


def test_rows_can_be_chosen_and_none_of_another_run(ledger: MemoryLedger) -> None:
    assert [one.sheet_row for one in to_undo(ledger, RUN, {4}, NOW).orders] == [4]
    with pytest.raises(UsageError, match="nothing for row 99"):
        to_undo(ledger, RUN, {4, 99}, NOW)
    with pytest.raises(UsageError, match=r'can be cancelled\. Row 5 is "cancelled"'):
        to_undo(ledger, RUN, {5}, NOW)


def test_the_workbook_is_whole_and_can_be_run_where_there_are_subscriptions(
    ledger: MemoryLedger, tmp_path: Path
) -> None:
    orders, customers = undo_tables(to_undo(ledger, RUN, (), NOW).orders, {"c1": "Canyon Ridge Dental"})
    path = write_undo(tmp_path / "undo.xlsx", orders, customers, run_id=RUN.run_id)

    checked = check(read_workbook(path.read_bytes(), path.name), CONTEXT)

    errors = [
        (found.code, found.field, found.sheet_row) for found in checked.problems if found.severity == "error"
    ]
    assert errors == [("E-EMPTY", "subscription", 5)]  # it is not set up yet
    assert checked.row_states == {4: RowState.READY, 5: RowState.ERROR, 6: RowState.READY}
    row = dict(zip([column.header for column in orders.columns], orders.cells[0], strict=True))
    assert (row["Action"], row["Your reference"], row["Order number"]) == ("Cancel", "Cancel 1", "1")
    headers = [column.header for column in orders.columns]
    assert {line[2]: line[headers.index("Company")] for line in orders.cells} == {
        "c0": "",
        "c1": "Canyon Ridge Dental",
    }
    assert ["c1", "Canyon Ridge Dental"] in [line[:2] for line in customers.cells]
    assert row["Cancel before (UTC)"] == f"{NOW - timedelta(hours=2) + CANCEL_WINDOW:%Y-%m-%d %H:%M}"


def test_an_erased_order_can_still_be_cancelled(ledger: MemoryLedger) -> None:
    bare = order(1, body="", reference="")
    orders, customers = undo_tables([bare], {})
    assert (orders.cells[0][2], customers.cells[0][0]) == (bare.customer_id, bare.customer_id)
