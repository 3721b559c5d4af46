"""`undo`: which orders of a run can still be cancelled, as rows of a workbook that cancels them when it is run.

Nothing is sent here. What is known of an order comes from the ledger, so that it works for orders whose workbook is gone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bulk_orders.core import sheet_names
from bulk_orders.core.columns.table import Need, column, columns_of
from bulk_orders.core.following import cancel_before, cancellable
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.model import SheetColumn, SheetRole, SheetTable
from bulk_orders.core.order_types import CANCEL, IMPORT, USUAL, is_purchase_number, type_of
from bulk_orders.core.platform_status import BROKEN
from bulk_orders.errors import UsageError
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.runs.own_orders import own_orders

HEADER_ROW: Final = 3
_ORDER_NUMBER: Final = "Order number"
_ORDERED_AT: Final = "Ordered at (UTC)"
_CANCEL_BEFORE: Final = "Cancel before (UTC)"
_COMPANY: Final = "Company"
_FACTS: Final = (_COMPANY, _ORDER_NUMBER, _ORDERED_AT, _CANCEL_BEFORE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Orders to cancel, and rows of which nothing can be cancelled."""

    orders: tuple[OrderRecord, ...]
    """The one with least time first."""
    left_out: tuple[tuple[int, str], ...]
    """(sheet row, why), by row."""

    @property
    def without_subscription(self) -> tuple[OrderRecord, ...]:
        """The orders of which no subscription is known; a workbook cannot cancel these."""
        return tuple(order for order in self.orders if not order.subscription_id)


def to_undo(ledger: Ledger, run: RunRecord, rows: Collection[int], now: datetime) -> Undo:
    """Return what can be cancelled of a run's own orders, or of those `rows`.

    Raises `UsageError` for a row that is none of the run's orders, and where nothing can be cancelled.
    """
    own = {order.sheet_row: order for order in own_orders(ledger, run).values()}
    if foreign := sorted(set(rows) - set(own)):
        told = "Run {run_id} ordered nothing for row {row}.".format(row=foreign[0], run_id=run.run_id)
        raise UsageError(
            told,
            fix="See its rows in the results workbook: bulk-orders report {run_id}".format(run_id=run.run_id),
        )
    wanted = [order for row, order in sorted(own.items()) if not rows or row in rows]
    found = cancellable(wanted, now)
    left_out = tuple((order.sheet_row, _why_not(order)) for order in wanted if order not in found)
    if not found:
        why = "Row {row} {why}.".format(row=left_out[0][0], why=left_out[0][1]) if left_out else ""
        told = "No order of run {run_id} can be cancelled. {why}".format(run_id=run.run_id, why=why).strip()
        raise UsageError(told, fix="See what can be cancelled: bulk-orders history --cancellable.")
    return Undo(orders=tuple(found), left_out=left_out)


def _why_not(order: OrderRecord) -> str:
    if order.state is State.ACCEPTED:
        if order.platform_status in BROKEN:
            return 'is "{status}" on the marketplace'.format(status=order.platform_status)
        if type_of(order.body) is IMPORT:
            return (
                "brought in a subscription from Microsoft; ask the marketplace whether it can be taken back"
            )
        if not is_purchase_number(order.order_number) or type_of(order.body) is not USUAL:
            return "changed a subscription, which is undone by changing it back"
        until = cancel_before(order)
        return (
            "could be cancelled until {moment:%d-%b-%Y %H:%M} UTC".format(moment=until)
            if until
            else "was ordered at an unknown time"
        )
    return (
        "is in doubt; see bulk-orders resolve"
        if order.state in {State.UNKNOWN, State.IN_FLIGHT}
        else "was not ordered"
    )


def undo_tables(orders: Iterable[OrderRecord], companies: Mapping[str, str]) -> tuple[SheetTable, SheetTable]:
    """Return the sheets of orders and of customers; every column that a sheet must have is there.

    `companies`: customers' names as far as they are known, by customer ID.
    """
    rows = [{**_values(order), _COMPANY: companies.get(order.customer_id, "")} for order in orders]
    customers = {
        row["customer_id"]: {"customer_id": row["customer_id"], "company_name": row[_COMPANY]} for row in rows
    }
    names = ["order_type", "reference", "customer_id", "mpn", "subscription"]
    return (
        _table(SheetRole.ORDERS, sheet_names.ORDERS, names, rows, _FACTS),
        _table(
            SheetRole.CUSTOMERS,
            sheet_names.CUSTOMERS,
            ["customer_id", "company_name"],
            list(customers.values()),
            (),
        ),
    )


def _table(
    role: SheetRole, name: str, names: list[str], rows: list[dict[str, str]], more: tuple[str, ...]
) -> SheetTable:
    needed = [entry.name for entry in columns_of(role) if entry.need is Need.ALWAYS]
    fields = list(dict.fromkeys([*names, *needed]))
    headers = [(field, column(role, field).header) for field in fields] + [("", header) for header in more]
    return SheetTable(
        name=name,
        header_row=HEADER_ROW,
        columns=tuple(
            SheetColumn(letter=column_letters(place), header=header, field=field)
            for place, (field, header) in enumerate(headers)
        ),
        sheet_rows=tuple(range(HEADER_ROW + 1, HEADER_ROW + 1 + len(rows))),
        cells=[[row.get(field or header, "") for field, header in headers] for row in rows],
    )


def _values(order: OrderRecord) -> dict[str, str]:
    return {
        "order_type": CANCEL.label,
        # Its own: under the purchase's reference it would be the purchase, which is never sent again.
        "reference": "{label} {order}".format(label=CANCEL.label, order=order.order_number or order.order_id),
        "customer_id": order.customer_id,
        "mpn": order.mpn,
        "subscription": order.subscription_id,
        _ORDER_NUMBER: order.order_number or order.order_id,
        _ORDERED_AT: _minute(order.accepted_at),
        _CANCEL_BEFORE: _minute(cancel_before(order)),
    }


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
