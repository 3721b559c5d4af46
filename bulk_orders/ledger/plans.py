"""What the ledger keeps of plans: statements, within the caller's transaction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnClause, Connection, Select, literal_column, select, update

from bulk_orders.ledger import tables
from bulk_orders.ledger.dialects import insert
from bulk_orders.ledger.entries import PLAN_RECORDED, plan_written
from bulk_orders.ledger.event_writing import write_events
from bulk_orders.ledger.interface import PlanRecord, Superseded
from bulk_orders.ledger.records import keepable, plain


def select_plans(plan_id: str = "") -> Select[Any]:
    """Return the statement that reads one plan, or all, newest first; of two made at once the one recorded last."""
    plans = tables.plans.c
    recorded: ColumnClause[int] = literal_column("plans.rowid")
    wanted = select(*tables.columns(tables.plans, tables.PLAN_NAMES))
    if plan_id:
        return wanted.where(plans.plan_id == plan_id)
    return wanted.order_by(plans.made_at.desc(), recorded.desc())


def write_plan(connection: Connection, plan: PlanRecord) -> None:
    """See `Ledger.record_plan`."""
    statement = insert(connection)(tables.plans).values(plain(plan)).on_conflict_do_nothing()
    if connection.execute(statement).rowcount != 1:
        raise ValueError(f"plan {plan.plan_id} is already recorded")
    write_events(connection, [plan_written(plan, PLAN_RECORDED, plan.made_at)])


def change_plan(
    connection: Connection, plan_id: str, change: Callable[[PlanRecord], PlanRecord], what: str, at: datetime
) -> None:
    """Replace a plan by what `change` makes of it as it is now, and tell the log. Raises `KeyError` for no plan."""
    found = connection.execute(select_plans(plan_id)).first()
    if found is None:
        raise KeyError(plan_id)
    after = keepable(change(tables.plan_of(found)))
    connection.execute(update(tables.plans).where(tables.plans.c.plan_id == plan_id).values(plain(after)))
    write_events(connection, [plan_written(after, what, at)])


def approved(plan: PlanRecord, by: str, at: datetime) -> PlanRecord:
    """Return the plan with its approval. Raises `Superseded` for one that has it already."""
    if plan.approved_by:
        raise Superseded(plan.plan_id)
    return replace(plan, approved_by=by, approved_at=at)
