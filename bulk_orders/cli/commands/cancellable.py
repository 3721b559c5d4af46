"""What `history --cancellable` and `undo` list: orders that can still be cancelled, and until when."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from bulk_orders.cli.session import Session
from bulk_orders.cli.terminal import table_lines
from bulk_orders.core.following import cancel_before
from bulk_orders.core.lifecycle import OrderRecord

_HOUR_S: Final = 3600


def cancellable_json(order: OrderRecord, environment: str) -> dict[str, Any]:
    """Return an order that can be cancelled, for `--json`."""
    until = cancel_before(order)
    return {
        "cancel_before": until.isoformat() if until else None,
        "environment": environment,
        "run_id": order.run_id,
        "row": order.sheet_row,
        "reference": order.reference or None,
        "customer_id": order.customer_id,
        "mpn": order.mpn,
        "quantity": order.quantity,
        "order_id": order.order_id,
        "order_number": order.order_number or None,
        "subscription_id": order.subscription_id or None,
        "marketplace_status": order.platform_status or None,
    }


def say_cancellable(
    session: Session, orders: Iterable[OrderRecord], environments: Mapping[str, str], now: datetime
) -> None:
    """List orders that can be cancelled, with the time that is left; `environments`: LIVE or PRACTICE, by run."""
    rows = [_row(order, environments[order.run_id], now) for order in orders]
    if not rows:
        session.terminal.say("No order can still be cancelled: Microsoft's window is 7 days.")
        return
    header = (
        *("Cancel before (UTC)", "Time left", "Run", "Where", "Row"),
        *("Customer", "Product", "Order", "Status"),
    )
    session.terminal.say("Orders that can still be cancelled, the one with the least time left first:")
    for line in table_lines(header, rows):
        session.terminal.result(line)
    session.terminal.say("Next:    bulk-orders undo RUN     (writes a workbook of a run's orders to cancel)")


def _row(order: OrderRecord, environment: str, now: datetime) -> tuple[str, ...]:
    until = cancel_before(order) or now
    days, hours = divmod(int((until - now).total_seconds()) // _HOUR_S, 24)
    return (
        f"{until:%Y-%m-%d %H:%M}",
        "{days} d {hours} h".format(days=days, hours=hours),
        order.run_id,
        environment,
        str(order.sheet_row),
        order.customer_id,
        f"{order.mpn} × {order.quantity}",
        order.order_number or order.order_id,
        order.platform_status,
    )
