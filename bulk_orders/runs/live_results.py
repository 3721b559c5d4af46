"""The results workbook during a run: there from the start, refreshed now and then, final at the end.

Nothing that goes wrong here stops an order: the ledger is the truth and `bulk-orders report RUN` makes the workbook again.
"""

import contextlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.report import RunReport
from bulk_orders.errors import BulkOrdersError, UnsafeToPatch
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.machine.clock import Clock
from bulk_orders.machine.mark_of_the_web import carry_over
from bulk_orders.runs.report import build_report
from bulk_orders.settings.profiles import Profile
from bulk_orders.writing.new_book.results import probe, results_path, write_results
from bulk_orders.writing.own_copy.copy import write_results_into

logger = logging.getLogger("bulk_orders")

REFRESH_S: Final = 60.0
"""Between two refreshes; longer for workbooks that take long to write."""
SHARE_OF_TIME: Final = 0.05
"""Writing the workbook may take so much of a run's time."""


class LiveResults:
    """Writes one run's results workbook."""

    def __init__(
        self,
        ledger: Ledger,
        profile: Profile,
        clock: Clock,
        run: RunRecord,
        checked: CheckResult,
        target: Path | None,
    ) -> None:
        """Write to `target`, a file or a folder; None is beside the input."""
        self._ledger = ledger
        self._profile = profile
        self._clock = clock
        self._run = run
        self._checked = checked
        self.path = resolve_target(run, target)
        self.made_new_because = ""
        """Why the workbook is not a copy of the user's own; empty as long as it is one."""

    def probe(self) -> None:
        """Raise `ResultsNotWritten` if the folder cannot be written to; to be called before the first order."""
        probe(self.path.parent)

    def publish(self, run: RunRecord) -> tuple[Path | None, str]:
        """Write the workbook as the ledger stands; where it really is, or None and why not."""
        try:
            report = self.report(_with_path(run, self.path))  # its next steps name the workbook itself
            self.path = self._write(run, report)
            carry_over(Path(run.source_path), self.path)
        except BulkOrdersError as error:
            return None, str(error)
        except Exception:
            logger.exception("writing the results workbook failed")
            return None, "Something inside the program went wrong. Try `bulk-orders report {run_id}`.".format(
                run_id=run.run_id
            )
        return self.path, ""

    def report(self, run: RunRecord) -> RunReport:
        """Return what the workbook says as the ledger stands."""
        report = build_report(self._ledger, run, self._checked, now=self._clock.now(), profile=self._profile)
        return replace(report, made_new_because=self.made_new_because)

    def _write(self, run: RunRecord, report: RunReport) -> Path:
        """Write into a copy of the user's own workbook; where that is not safe, a new workbook that says why."""
        source = self._ledger.source(run.run_id)
        if not source:
            self.made_new_because = (
                "its cells were erased with the data about people; each row's outcome stays"
            )
        if not self.made_new_because:
            try:
                return write_results_into(self.path, source, report)
            except UnsafeToPatch as unsafe:
                self.made_new_because = unsafe.reason
            except BulkOrdersError:
                raise
            except Exception:
                logger.exception("adding the results to a copy of the workbook failed")
                self.made_new_because = "something inside the program went wrong while it was copied"
        return write_results(self.path, replace(report, made_new_because=self.made_new_because))

    @contextlib.contextmanager
    def refreshing(self) -> Iterator[None]:
        """Write the workbook beside the block, at once and again from time to time: no order waits for it."""
        done = threading.Event()

        def keep_refreshing() -> None:
            is_over = False
            while not is_over:
                took_s = self._refresh()
                is_over = done.wait(max(REFRESH_S, took_s / SHARE_OF_TIME))

        thread = threading.Thread(target=keep_refreshing, name="refresher", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _refresh(self) -> float:
        """Write it as a run that goes on, and return how many seconds that took."""
        started_s = self._clock.monotonic()
        path, problem = self.publish(self._run)
        if path is not None:
            with contextlib.suppress(BulkOrdersError):
                self._ledger.finish_run(_with_path(self._run, path))
        else:
            logger.warning("the results workbook is not written yet: %s", problem)
        return self._clock.monotonic() - started_s


def resolve_target(run: RunRecord, target: Path | None) -> Path:
    """Return the file that the results go to: beside the input, in a named folder, or a named file."""
    source = Path(run.source_path or f"{run.run_id}.xlsx")  # the name of an erased one is gone
    beside = results_path(source, run.started_at).absolute()
    if target is None:
        return Path(run.results_path) if run.results_path else beside
    return (target / beside.name if target.is_dir() else target).absolute()


def _with_path(run: RunRecord, path: Path) -> RunRecord:
    return replace(run, results_path=str(path))
