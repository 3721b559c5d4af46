"""Runs that earlier nights left open: resumed before anything new is sent, and followed until their orders are set up.

Only runs of this inbox are: what a person stopped by hand stays stopped.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from bulk_orders.core.following import is_to_ask
from bulk_orders.core.lifecycle import State
from bulk_orders.core.platform_status import SCHEDULED
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.nightly.parts import NightParts
from bulk_orders.nightly.results import FileResult, counts_in_words
from bulk_orders.runs.live_results import resolve_target
from bulk_orders.runs.next_steps import to_resume
from bulk_orders.runs.run import RunEnd

FOLLOWED_FOR: Final = timedelta(days=30)
"""An order that is not set up so long after its run will not be by waiting."""


def runs_of_inbox(parts: NightParts) -> Iterator[RunRecord]:
    """Yield the runs that nights of this inbox began for this account, the newest first."""
    for run in parts.services.ledger.runs():
        if is_of_inbox(parts, run):
            yield run


def is_of_inbox(parts: NightParts, run: RunRecord) -> bool:
    """Tell whether a night of this inbox began the run, for this account."""
    is_ours = run.account == str(parts.services.profile.account) and bool(run.source_path)
    return is_ours and parts.folders.work.absolute() in Path(run.source_path).parents


def run_of_file(parts: NightParts, path: Path) -> RunRecord | None:
    """Return the run that began with this very file; None if none did."""
    place = str(path.absolute())
    return next((run for run in runs_of_inbox(parts) if run.source_path == place), None)


def with_results(parts: NightParts, run: RunRecord) -> RunRecord:
    """Return the run with a place for its results. Raises `OSError`.

    A night that died before it had written them may have recorded none. Beside the file they would lie in `work`, and be taken for files to send.
    """
    if run.results_path:
        return run
    return replace(run, results_path=str(resolve_target(run, parts.results_folder())))


def open_runs(parts: NightParts) -> list[RunRecord]:
    """Return the runs that have something left to send, the oldest first."""
    return [run for run in runs_of_inbox(parts) if _is_left(parts, run)][::-1]


def _is_left(parts: NightParts, run: RunRecord) -> bool:
    ledger = parts.services.ledger
    return run.ended_at is None or bool(
        run.stopped_by and to_resume(run, ledger.rows(run.run_id), ledger.orders_of_run(run.run_id))
    )


def is_open(parts: NightParts, run_id: str) -> bool:
    """Tell whether a run has something left to send."""
    return any(run.run_id == run_id for run in open_runs(parts))


def result_of(end: RunEnd) -> FileResult:
    """Return what a night says about a run that it made or resumed."""
    report = end.report
    told = counts_in_words(report.counts)
    is_left = bool(report.to_resume)
    code = ExitCode.TRY_AGAIN_LATER if is_left and end.exit_code is ExitCode.OK else end.exit_code
    what = f"{told}."
    fix = ""
    if is_left:
        what = "{counts}. Not all of it was sent: {reason}".format(counts=told, reason=report.stopped_by)
        fix = "Nothing: the next night resumes it. To go on earlier: bulk-orders resume {run_id}".format(
            run_id=report.run_id
        )
    elif code is not ExitCode.OK:
        fix = (
            "Open {path} and look at the summary.".format(path=end.results_path)
            if end.results_path
            else "Write the results workbook again: bulk-orders report {run_id}".format(run_id=report.run_id)
        )
    return FileResult(
        name=report.source_name,
        exit_code=code,
        what=what,
        fix=fix,
        run_id=report.run_id,
        counts=report.counts,
        is_open=is_left,
        results=end.results_path,
    )


def unfinished(parts: NightParts) -> list[RunRecord]:
    """Return runs of the last month, and older ones whose scheduled day is over, with orders to ask about, the oldest first."""
    now = parts.services.clock.now()
    due = {
        order.run_id
        for order in parts.services.ledger.orders()
        if order.platform_status == SCHEDULED and is_to_ask(order, now)
    }
    return [
        run
        for run in reversed(list(runs_of_inbox(parts)))
        if (run.started_at >= now - FOLLOWED_FOR or run.run_id in due)
        and run.ended_at is not None
        and _is_waiting(parts, run)
    ]


def _is_waiting(parts: NightParts, run: RunRecord) -> bool:
    orders = parts.services.ledger.orders_of_run(run.run_id).values()
    now = parts.services.clock.now()
    return any(order.state is State.ACCEPTED and is_to_ask(order, now) for order in orders)
