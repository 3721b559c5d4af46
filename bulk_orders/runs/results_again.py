"""`report`: the results workbook written again from the ledger, as a whole or without data about people."""

from dataclasses import replace
from pathlib import Path

from bulk_orders.core.report import RunReport
from bulk_orders.errors import ExitCode, ResultsNotWritten
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.machine.clock import Clock
from bulk_orders.runs.check import check_again
from bulk_orders.runs.live_results import LiveResults
from bulk_orders.runs.nobody import path_without_people, without_people
from bulk_orders.runs.run import RunEnd
from bulk_orders.settings.profiles import Profile
from bulk_orders.writing.new_book.results import write_results


def write_again(
    ledger: Ledger, profile: Profile, clock: Clock, run: RunRecord, target: Path | None, *, names_nobody: bool
) -> RunEnd:
    """Write a run's results to `target`, a file or a folder; None is where they were. `names_nobody` leaves people out.

    The exit code is that of the writing alone, not of the run.
    """
    results = LiveResults(ledger, profile, clock, run, check_again(ledger, run), target)
    if names_nobody:
        path, problem, made = _without_people(results, run, target)
    else:
        path, problem = results.publish(run)
        made = results.report(replace(run, results_path=str(path or "")))
    code = ExitCode.OK if path else ExitCode.TRY_AGAIN_LATER
    return RunEnd(report=made, exit_code=code, results_path=path, results_problem=problem)


def _without_people(
    results: LiveResults, run: RunRecord, target: Path | None
) -> tuple[Path | None, str, RunReport]:
    is_named = target is not None and not target.is_dir()
    path = results.path if is_named else path_without_people(results.path, run.run_id)
    made = without_people(results.report(replace(run, results_path=str(path))))
    try:
        return write_results(path, made), "", made
    except ResultsNotWritten as error:
        return None, str(error), made
