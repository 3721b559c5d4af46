"""Problems and outcomes as flat records, under the names that `--json` and DataFrames have in common.

What does not apply is None. A row's record has nothing about the customer's people; a problem's quotes its cell.
"""

from typing import Any, Final

from bulk_orders.core.columns.subscriptions import NO, YES
from bulk_orders.core.model import Problem, Severity
from bulk_orders.core.report import ResultRow
from bulk_orders.core.subscription_rows import WantedChange
from bulk_orders.core.summary import Outcome


def problem_record(problem: Problem) -> dict[str, Any]:
    """Return one problem; `cells` and `order_rows` are tuples, `row` is Excel's number."""
    return {
        "code": problem.code,
        "severity": str(problem.severity),
        "sheet": problem.sheet or None,
        "cell": problem.cells[0] if problem.cells else None,
        "cells": problem.cells,
        "row": problem.sheet_row,
        "column": problem.column or None,
        "value": problem.value or None,
        "message": problem.message,
        "fix": problem.fix or None,
        "proposal": problem.proposal,
        "order_rows": problem.order_rows,
    }


def row_record(row: ResultRow) -> dict[str, Any]:
    """Return what became of one row; `cancel_before` is an aware moment."""
    return {
        "row": row.sheet_row,
        "reference": row.reference or None,
        "outcome": str(row.outcome),
        "code": row.error_code or None,
        "message": row.message or None,
        "fix": row.how_to_fix or None,
        "order_id": row.order_id or None,
        "order_number": row.order_number or None,
        "subscription_id": row.subscription_id or None,
        "marketplace_status": row.platform_status or None,
        "scheduled_for": row.scheduled_for or None,
        "acceptance_link": row.acceptance_link or None,
        "microsoft_ids": row.microsoft_ids or None,
        "po_sent": row.po_sent or None,
        "cancel_before": row.cancel_before,
        "attempts": row.attempts,
        "support_reference": row.support_reference or None,
        "row_key": row.row_key or None,
    }


def change_record(change: WantedChange) -> dict[str, Any]:
    """Return one wanted change; `row` is Excel's number, `now` and `after` a number of seats, or Yes and No."""
    return {
        "row": change.sheet_row,
        "action": change.action.label,
        "subscription_id": change.subscription_id,
        "customer_id": change.customer_id,
        "mpn": change.mpn,
        "vendor": change.vendor or None,
        "product": change.product_name or None,
        "now": _state(change.now),
        "after": _state(change.after),
        "renewal_date": change.renewal_date.isoformat() if change.renewal_date else None,
    }


def _state(value: int | bool) -> str:
    return str(value) if not isinstance(value, bool) else YES if value else NO


PROBLEM_FIELDS: Final = tuple(problem_record(Problem(code="", severity=Severity.INFO, message="")))
ROW_FIELDS: Final = tuple(row_record(ResultRow(sheet_row=0, outcome=Outcome.NOT_SENT)))
CHANGE_FIELDS: Final = (
    *("row", "action", "subscription_id", "customer_id", "mpn", "vendor", "product", "now", "after"),
    "renewal_date",
)
"""The names in their order, also for where there is no record."""
