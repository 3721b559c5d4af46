"""`history`: the runs so far."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from bulk_orders.cli.ages import moment_before
from bulk_orders.cli.commands.cancellable import cancellable_json, say_cancellable
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.report_told import approval_json
from bulk_orders.cli.session import Session, profiles_to_search
from bulk_orders.cli.terminal import table_lines
from bulk_orders.core.following import cancellable
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.summary import Outcome, outcome
from bulk_orders.errors import ExitCode, UsageError
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.machine.clock import SystemClock
from bulk_orders.runs.own_orders import own_orders
from bulk_orders.wiring import open_ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which runs are listed; all, unless something is said."""

    limit: int | None = None
    since: str = ""
    """A day, or a time until now."""
    outcomes: Sequence[str] = ()
    """A run is listed if one of its rows ended so."""
    cancellable: bool = False
    """List the orders of these runs that can still be cancelled, and not the runs."""


def history(session: Session, wanted: Filter, *, profile_name: str | None, as_json: bool) -> ExitCode:
    """List the runs so far, newest first. Raises `UsageError` for a time that is none, or no outcome."""
    now = SystemClock().now()
    runs = _runs(session, wanted, profile_name, now)
    told = {"runs": [_run_json(run) for run in runs]}
    if wanted.cancellable:
        orders = _cancellable(session, runs, profile_name, now)
        environments = {run.run_id: run.environment for run in runs}
        told["cancellable"] = [cancellable_json(order, environments[order.run_id]) for order in orders]
        if not as_json:
            say_cancellable(session, orders, environments, now)
    elif not as_json:
        _say_runs(session, runs)
    if as_json:
        session.terminal.json(answer(ExitCode.OK, **told))
    return ExitCode.OK


def _runs(session: Session, wanted: Filter, profile_name: str | None, now: datetime) -> list[RunRecord]:
    since = _since(wanted.since, now)
    outcomes = frozenset(map(_outcome, wanted.outcomes))
    found: list[RunRecord] = []
    for profile in profiles_to_search(session, profile_name):
        with open_ledger(profile, session.folders) as ledger:
            recent = [run for run in ledger.runs() if since is None or run.started_at >= since]
            found += [run for run in recent if not outcomes or _ended_so(ledger, run, outcomes)]
    runs = sorted({run.run_id: run for run in found}.values(), key=lambda run: run.started_at, reverse=True)
    return runs[: wanted.limit]


def _cancellable(
    session: Session, runs: Sequence[RunRecord], profile_name: str | None, now: datetime
) -> list[OrderRecord]:
    """Return what can still be cancelled of what these runs ordered."""
    orders: dict[str, OrderRecord] = {}
    for profile in profiles_to_search(session, profile_name):
        with open_ledger(profile, session.folders) as ledger:
            for run in runs:
                orders |= own_orders(ledger, run)
    return cancellable(orders.values(), now)


def _say_runs(session: Session, runs: Sequence[RunRecord]) -> None:
    rows: list[tuple[str, ...]] = [
        (
            run.run_id,
            run.environment,
            run.profile,
            str(run.rows_in),
            "running or cut off"
            if run.exit_code is None
            else "exit {exit_code}".format(exit_code=run.exit_code),
            run.source_name or "(erased)",
            _plan(run),
        )
        for run in runs
    ]
    if not rows:
        session.terminal.say("No runs yet. Try:  bulk-orders run sample_data/orders-demo.xlsx --practice")
    header: tuple[str, ...] = ("Run", "Where", "Profile", "Rows", "Ended", "Workbook", "Plan")
    if not any(row[-1] for row in rows):  # most people approve nothing
        header, rows = header[:-1], [row[:-1] for row in rows]
    for line in table_lines(header, rows) if rows else []:
        session.terminal.result(line)


def _since(text: str, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text.strip()), time(), UTC)
    except ValueError:
        pass
    try:
        return moment_before(text, now)
    except UsageError:
        raise UsageError(
            "“{text}” is neither a day nor an age.".format(text=text),
            fix="Use for example {today:%Y-%m-%d}, 1d, 8 weeks or 2 years.".format(today=now),
        ) from None


def _outcome(text: str) -> Outcome:
    try:
        return Outcome(text.strip().lower())
    except ValueError:
        message = '--outcome "{text}" is not an outcome.'.format(text=text)
        raise UsageError(message, fix="Choose from {outcomes}.".format(outcomes=", ".join(Outcome))) from None


def _ended_so(ledger: Ledger, run: RunRecord, outcomes: frozenset[Outcome]) -> bool:
    orders = ledger.orders_of_run(run.run_id)
    return any(outcome(row.disposition, orders.get(row.key)) in outcomes for row in ledger.rows(run.run_id))


def _plan(run: RunRecord) -> str:
    told = approval_json(json.loads(run.options))
    return (
        "{plan_id}, approved by {by}".format(plan_id=told["plan_id"], by=told["approved_by"]) if told else ""
    )


def _run_json(run: RunRecord) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "environment": run.environment,
        "profile": run.profile,
        "workbook": run.source_name or None,
        "workbook_sha256": run.source_sha256,
        "operator": run.operator,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "rows": run.rows_in,
        "exit_code": run.exit_code,
        "stopped_by": run.stopped_by or None,
        "results": run.results_path or None,
        "approval": approval_json(json.loads(run.options)),
    }
