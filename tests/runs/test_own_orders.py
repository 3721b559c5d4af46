"""A run's own orders are told from those that its rows name and another run sent."""

from dataclasses import replace

from sending.sending_parts import RUN, brought, enlist, order

from bulk_orders.core.lifecycle import Step
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.runs.own_orders import own_order_ids, own_orders


def test_an_order_that_an_earlier_run_sent_is_not_the_runs_own() -> None:
    ledger = MemoryLedger()
    rows = [order(1), order(2)]
    enlist(ledger, *rows)
    brought(ledger, rows[0], Step.BEGUN, Step.ACCEPTED, order_id="900")
    assert own_order_ids(ledger, RUN) == {rows[0].key: "900", rows[1].key: ""}
    assert own_orders(ledger, replace(RUN, run_id="another")) == {}
