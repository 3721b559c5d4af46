"""Which of the orders that a run's rows name are the run's own: others were sent by runs before it, or taken up since."""

from collections.abc import Mapping

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.ledger.interface import Ledger, RunRecord


def own_orders(ledger: Ledger, run: RunRecord) -> dict[str, OrderRecord]:
    """Return, by key, the records of the orders that the run was the last to send or to take up, in the order of its rows."""
    return {
        key: order for key, order in ledger.orders_of_run(run.run_id).items() if order.run_id == run.run_id
    }


def own_order_ids(ledger: Ledger, run: RunRecord) -> dict[str, str]:
    """Return the marketplace's order ids of `own_orders`, by key; an id is empty where none is known."""
    return {key: order.order_id for key, order in own_orders(ledger, run).items()}


def pulled_of(ledger: Ledger, run: RunRecord, pulled: Mapping[int, AsPulled]) -> dict[str, AsPulled]:
    """Return what the workbook says that each order's subscription has, by order key; `pulled` has it by sheet row.

    An order that an earlier run left has the number of its row in that run's workbook, which may be another row of this one.
    """
    return {row.key: pulled[row.sheet_row] for row in ledger.rows(run.run_id) if row.sheet_row in pulled}
