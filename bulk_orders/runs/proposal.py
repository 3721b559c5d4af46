"""What a run has before it, as it is shown before anything is sent."""

from dataclasses import dataclass
from typing import Final

from bulk_orders.checking.data_frames import Frame, frame_of_records
from bulk_orders.core.money import Estimate
from bulk_orders.core.order_types import OrderType, target_of, type_of
from bulk_orders.core.summary import Disposition
from bulk_orders.sending.other_ledgers import WaitAhead
from bulk_orders.sending.planning import Plan

_PLANNED: Final = (
    *("row", "disposition", "to_send", "action", "subscription", "reference", "customer_id", "mpn"),
    *("quantity", "po_sent", "row_key"),
    *("code", "message", "fix"),
)
"""What the frame of a proposal has of each row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the run would send, shown before anything is sent."""

    plan: Plan
    environment: str
    marketplace: str
    seconds: float
    """How long it takes at the configured rate, about."""
    wait_ahead: WaitAhead = WaitAhead()  # noqa: RUF009 - frozen
    """The wait that comes before the first order."""
    is_stated: bool = False
    """The workbook states this number of orders, and there is a limit: together they stand in for a person's word."""
    estimate: Estimate | None = None
    """What the orders cost, where their prices were asked for."""

    @property
    def asked(self) -> list[OrderType]:
        """What each order to send asks for."""
        return [type_of(order.body) for order in self.plan.to_send]

    @property
    def orders(self) -> int:
        """How many orders there are to send."""
        return len(self.plan.to_send)

    def to_frame(self) -> Frame:
        """Return what would become of each row of the workbook, as a DataFrame.

        `to_send` says whether its order is among those to send; `disposition` what was decided about the row, and
        `code`, `message` and `fix` why. `action` is a key of the column Action. A row that gave no new order has no `action` to
        `row_key` here.
        """
        orders = {order.key: order for order in (*self.plan.in_question, *self.plan.doubtful)}
        sent = {order.key for order in self.plan.to_send}
        records = []
        for row in self.plan.rows:
            order = orders.get(row.key)
            told = {
                name: getattr(order, name, None) for name in ("reference", "customer_id", "mpn", "quantity")
            }
            told |= {
                "action": type_of(order.body).key if order else None,
                "subscription": (target_of(order.body) or None) if order else None,
            }
            told |= {"po_sent": order.marker if order else None, "row_key": row.key or None}
            why = {"code": row.code or None, "message": row.message or None, "fix": row.fix or None}
            is_sent = row.disposition is Disposition.TO_SEND and row.key in sent
            decided = {"row": row.sheet_row, "disposition": str(row.disposition), "to_send": is_sent}
            records.append(decided | told | why)
        return frame_of_records(records, _PLANNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remaining:
    """What a run that goes on has before it."""

    run_id: str
    to_send: int
    to_look_up: int
    """Orders in doubt."""
