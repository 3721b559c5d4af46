"""`undo`: a workbook of a run's orders that can still be cancelled."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from bulk_orders.cli.commands.cancellable import cancellable_json
from bulk_orders.cli.commands.check import run_command
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.session import Session, find_run
from bulk_orders.cli.terminal import say_next_steps
from bulk_orders.core.following import cancel_before
from bulk_orders.core.order_types import CANCEL
from bulk_orders.core.wording import counted, plural
from bulk_orders.errors import ExitCode, InputError
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.machine.clock import SystemClock
from bulk_orders.runs.check import check_again
from bulk_orders.runs.undo import Undo, to_undo, undo_tables
from bulk_orders.wiring import open_ledger
from bulk_orders.writing.new_book.summary_figures import company_names
from bulk_orders.writing.new_book.undo import write_undo

_SHOWN: Final = 20
"""Rows that are left out, before the rest is only counted."""


def undo(
    session: Session,
    run_id: str,
    rows: Collection[int],
    target: Path | None,
    *,
    profile_name: str | None,
    as_json: bool,
) -> ExitCode:
    """Make a workbook of the orders of a run that can still be cancelled. Raises `UsageError` where there is none."""
    run, profile = find_run(session, run_id, profile_name)
    now = SystemClock().now()
    with open_ledger(profile, session.folders) as ledger:
        found = to_undo(ledger, run, rows, now)
        companies = _companies(ledger, run)
    orders, customers = undo_tables(found.orders, companies)
    name = "undo-{run_id}.xlsx".format(run_id=run.run_id)
    wanted = target / name if target and target.is_dir() else target or Path(name)
    path = write_undo(wanted, orders, customers, run_id=run.run_id)
    steps = _next_steps(found, run, run_command(path, profile, is_unverified=CANCEL.is_unverified))
    if as_json:
        session.terminal.json(
            answer(
                ExitCode.OK,
                run_id=run.run_id,
                cancellable=[cancellable_json(order, run.environment) for order in found.orders],
                left_out=[{"row": row, "why": why} for row, why in found.left_out],
                is_sent=False,
                next=[step for step, _ in steps],
                files={"undo": str(path)},
            )
        )
        return ExitCode.OK
    session.terminal.result(str(path))
    for line in _lines(found, now):
        session.terminal.say(line)
    say_next_steps(session.terminal, steps)
    return ExitCode.OK


def _next_steps(found: Undo, run: RunRecord, run_it: str) -> list[tuple[str, str]]:
    """Return the steps that help: running the workbook cancels subscriptions, and asking first makes known which those are."""
    ask = "bulk-orders status {run_id} --wait 30m".format(run_id=run.run_id)
    steps = []
    if found.without_subscription:
        steps.append((ask, "asks for the missing subscriptions; then make this workbook again"))
    if len(found.without_subscription) < len(found.orders):
        steps.append((run_it, "cancels them, after you have confirmed it"))
    return steps


def _companies(ledger: Ledger, run: RunRecord) -> dict[str, str]:
    """Return the customers' names of the run's workbook, by customer ID; none where it was erased or cannot be read any more."""
    try:
        tables = check_again(ledger, run).tables
    except InputError:
        return {}
    return company_names(tables.customers or tables.orders)


def _lines(found: Undo, now: datetime) -> list[str]:
    number = len(found.orders)
    first = cancel_before(found.orders[0]) or now
    lines = [
        plural(
            number,
            "  {number} order to cancel, before {moment:%d-%b-%Y %H:%M} UTC.",
            "  {number} orders to cancel, the first before {moment:%d-%b-%Y %H:%M} UTC.",
        ).format(number=number, moment=first)
    ]
    lines += [
        "  – Left out: row {row} {why}.".format(row=row, why=why) for row, why in found.left_out[:_SHOWN]
    ]
    if (more := len(found.left_out) - _SHOWN) > 0:
        lines.append("  – Left out: {number} more.".format(number=more))
    lines.append("  ⚠ Nothing has been cancelled yet.")
    if unknown := len(found.without_subscription):
        lines.append(
            counted(
                unknown,
                "  ⚠ {number} order has no subscription yet that could be cancelled. "
                "If it never gets one, cancel the order in the Control Panel.",
                "  ⚠ {number} orders have no subscription yet that could be cancelled. "
                "If they never get one, cancel the orders in the Control Panel.",
            )
        )
    return lines
