"""The program's log of what the ledger was made to record: runs as they begin and end, and every step of an order.

It is written where a step is already on disk, so that whatever takes the step is heard. The marketplace's own words stay
out: they may repeat what the workbook says about a customer.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import datetime

from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, State, Step
from bulk_orders.core.summary import Disposition, outcome
from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.machine.log_lines import log

_DETAILS = frozenset({Step.BEGUN, Step.LOOKED, Step.ERASED})
"""What only a talkative log says: what follows says more, or nothing became of the order."""
_OWN_REASONS = frozenset({"not processed", "no verdict"})
"""Verdicts whose reason is in our words."""


class LedgerLog:
    """Writes the lines of one open ledger; safe between threads."""

    def __init__(self, run_of: Callable[[str], RunRecord | None]) -> None:
        """Take `run_of`, which reads a run's record: steps of runs that began elsewhere are named after their file, too."""
        self._run_of = run_of
        self._lock = threading.Lock()
        self._files: dict[str, str] = {}
        self._under_way: dict[str, tuple[datetime | None, int | None]] = {}
        """Runs that this process began or resumed, with the end that was last written."""

    def enlisted(self, run: RunRecord, orders: Iterable[OrderRecord]) -> None:
        """Write that a run began, and which of its orders are held."""
        self._begun("run-begun", run)
        for order in orders:
            if order.state is State.HELD:
                self.stepped(order, Step.HELD_BACK, None)

    def replaced(self, run: RunRecord) -> None:
        """Write that a run was resumed or ended; once, however often its record is replaced."""
        if run.run_id not in self._under_way:
            if run.ended_at is None:
                self._begun("run-resumed", run)
            return
        end = run.ended_at, run.exit_code
        if run.ended_at is None or self._under_way[run.run_id] == end:
            return
        self._under_way[run.run_id] = end
        log(
            "run-ended",
            run=run.run_id,
            file=run.source_name,
            exit_code=run.exit_code,
            stopped=True if run.stopped_by else None,
            audit_whole=run.audit_whole,
            ms=_ms(run.started_at, run.ended_at),
        )

    def stepped(self, after: OrderRecord, what: Step, attempt: AttemptRecord | None) -> None:
        """Write what became of an order."""
        is_told = attempt is not None and attempt.ended_at is not None
        log(
            "order",
            level=logging.DEBUG if what in _DETAILS else logging.INFO,
            run=after.run_id,
            file=self._file(after.run_id),
            row=after.sheet_row,
            reference=after.reference,
            step=what.value,
            outcome=outcome(Disposition.TO_SEND, after, is_on_its_way=what is Step.BEGUN).value,
            order=after.order_number or after.order_id,
            http_status=attempt.http_status if attempt else None,
            attempt=attempt.number if attempt else None,
            ms=_ms(attempt.begun_at, attempt.ended_at) if attempt else None,
            correlation_id=attempt.correlation_id if attempt else None,
            code=after.code,
            reason=attempt.reason if is_told and attempt and attempt.verdict in _OWN_REASONS else None,
        )

    def _begun(self, event: str, run: RunRecord) -> None:
        with self._lock:
            self._files[run.run_id] = run.source_name
            self._under_way[run.run_id] = None, None
        log(
            event,
            run=run.run_id,
            file=run.source_name,
            profile=run.profile,
            environment=run.environment,
            rows=run.rows_in,
            version=run.program_version,
        )

    def _file(self, run_id: str) -> str:
        """Return the name of a run's workbook; nothing where that cannot be read, for a log is not worth a failure."""
        if run_id not in self._files:
            try:
                run = self._run_of(run_id)
            except LedgerUnusable:
                run = None
            with self._lock:
                self._files[run_id] = run.source_name if run else ""
        return self._files[run_id]


def _ms(begun: datetime, ended: datetime | None) -> int | None:
    return None if ended is None else round((ended - begun).total_seconds() * 1000)
