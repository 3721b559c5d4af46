"""A run's own orders are told from those that its rows name and another run sent."""

from dataclasses import replace

from checking.checking_tables import CONTEXT, three_sheets
from sending.sending_parts import RUN, brought, enlist, order, run_record

from bulk_orders.checking.check import check
from bulk_orders.core import order_types
from bulk_orders.core.lifecycle import Step
from bulk_orders.core.subscription_rows import WantedChange
from bulk_orders.core.summary import Disposition
from bulk_orders.ledger.interface import RowRecord
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.runs.own_orders import own_order_ids, own_orders, pulled_of


def test_an_order_that_an_earlier_run_sent_is_not_the_runs_own() -> None:
    ledger = MemoryLedger()
    rows = [order(1), order(2)]
    enlist(ledger, *rows)
    brought(ledger, rows[0], Step.BEGUN, Step.ACCEPTED, order_id="900")
    assert own_order_ids(ledger, RUN) == {rows[0].key: "900", rows[1].key: ""}
    assert own_orders(ledger, replace(RUN, run_id="another")) == {}


def test_what_was_pulled_is_of_the_order_of_the_row_and_not_of_the_row_that_it_had_in_an_earlier_workbook() -> (
    None
):
    ledger = MemoryLedger()
    first, second = order(1), order(2)
    run = run_record(2)
    places = {first.key: second.sheet_row, second.key: first.sheet_row}
    rows = [
        RowRecord(run_id=run.run_id, sheet_row=row, disposition=Disposition.DOUBTFUL_BEFORE, key=key)
        for key, row in places.items()
    ]
    ledger.enlist(run, rows, new=[first, second], again=[], source=b"x")
    changes = tuple(wanted(row, now=now) for row, now in ((first.sheet_row, 10), (second.sheet_row, 20)))
    checked = replace(check(three_sheets(), CONTEXT), changes=changes)

    had = {key: pulled.had for key, pulled in pulled_of(ledger, run, checked.pulled).items()}

    assert had == {first.key: 20, second.key: 10}


def wanted(sheet_row: int, *, now: int) -> WantedChange:
    return WantedChange(
        action=order_types.CHANGE_NOW,
        subscription_id=f"s{sheet_row}",
        customer_id="c1",
        mpn="M1",
        vendor="Microsoft",
        product_name="",
        now=now,
        after=now + 5,
        renewal_date=None,
        sheet_row=sheet_row,
    )
