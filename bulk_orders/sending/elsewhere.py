"""Having a run's orders sent by workers elsewhere: chunks are handed out, and watched until the last was worked through.

Whoever watches can go away without harm: the workers go on, and `resume` finishes the run.
"""

import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.core.wording import spoken
from bulk_orders.errors import AnotherRunActive, ExitCode
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.ledger.sharing import Content, SharedRuns
from bulk_orders.machine.shell import command
from bulk_orders.sending.events import OrderSettled, Stopping
from bulk_orders.sending.run_control import STOPPED_BY_YOU, RunControl
from bulk_orders.sending.services import Leaving, Services
from bulk_orders.sending.waits import waiting

POLL_S: Final = 0.5
NOBODY_S: Final = 10.0
"""After so long without anybody who sends it is said that a worker is missing."""
LEFT: Final = "Workers go on with the run."


def send_elsewhere(
    services: Services,
    shared: SharedRuns,
    run: RunRecord,
    chunks: Sequence[Sequence[OrderRecord]],
    control: RunControl,
    *,
    pulled: Mapping[str, AsPulled],
    leaves: Leaving,
) -> None:
    """Return when each chunk was worked through, the run was stopped (`control` has why), or it was left to the workers.

    No two chunks may have orders of one customer or one new tenant; `pulled` is the workbook's, by order key. The caller holds the
    account. Raises what the ledger raises, and `AnotherRunActive` when somebody else took the account meanwhile.
    """
    newest = services.ledger.last_event()
    shared.hand_out(run.run_id, run.account, [_content(chunk, pulled) for chunk in chunks])
    watch = _Watch(services, shared, run, control, after=0 if newest is None else newest.number)
    with watch.waiting_for_a_worker:
        while not (watch.is_over() or control.is_left):
            if control.stop.is_set() and not watch.is_stopped:
                watch.stop_or_leave(leaves)
            services.clock.wait(POLL_S, threading.Event())


def _content(chunk: Sequence[OrderRecord], pulled: Mapping[str, AsPulled]) -> Content:
    keys = tuple(order.key for order in chunk)
    return Content(keys=keys, pulled={key: pulled[key] for key in keys if key in pulled})


class _Watch:
    """What became of one run so far."""

    def __init__(
        self, services: Services, shared: SharedRuns, run: RunRecord, control: RunControl, *, after: int
    ) -> None:
        self._services = services
        self._shared = shared
        self._run = run
        self._control = control
        self._after = after
        """The log's event up to which all is told."""
        self._busy_s = services.clock.monotonic()
        """When somebody was last seen to send, on our monotonic clock."""
        self._is_alone = False
        self.waiting_for_a_worker = ExitStack()
        self.is_stopped = False

    def is_over(self) -> bool:
        """Tell what came to rest since, and return whether nobody sends the run's orders any more."""
        found = self._shared.run(self._run.run_id)
        has_news = self._tell()
        if found is None:
            raise AnotherRunActive(
                "Another process took over the run {run_id}.".format(run_id=self._run.run_id),
                fix="Look for other runs with: bulk-orders history.",
            )
        if found.exit_code is not None:
            self._note_stop(found.stopped_because, ExitCode(found.exit_code))
            return not found.claimed
        self._note_busy(is_busy=has_news or bool(found.claimed))
        return found.done == found.chunks

    def _tell(self) -> bool:
        """Tell what came to rest; return whether anything did."""
        before = self._after
        while news := self._shared.settled(self._run.run_id, self._after):
            for order in news:
                self._services.observer(OrderSettled(sheet_row=order.sheet_row, state=order.state))
            self._after = news[-1].event
        return self._after > before

    def _note_stop(self, because: str, code: ExitCode) -> None:
        if not self.is_stopped:
            self.is_stopped = True
            self._control.break_off(because, code)
            self._services.observer(Stopping(reason=because))

    def _note_busy(self, *, is_busy: bool) -> None:
        now_s, patience_s = self._services.clock.monotonic(), self._services.profile.patience_s
        if is_busy:
            self._busy_s, self._is_alone = now_s, False
            self.waiting_for_a_worker.close()
        elif now_s - self._busy_s > patience_s:
            because = "No worker took up its orders for {duration}.".format(
                duration=spoken(now_s - self._busy_s)
            )
            self._shared.stop(self._run.run_id, because, int(ExitCode.TRY_AGAIN_LATER))
        elif not self._is_alone:
            self._is_alone = True
            self.waiting_for_a_worker.enter_context(self._told_to_start_one(patience_s))

    def _told_to_start_one(self, patience_s: float) -> AbstractContextManager[None]:
        what = "a worker; start one with: {command}".format(
            command=command("bulk-orders", "worker", "--profile", self._services.profile.name)
        )
        services = self._services
        return waiting(services.observer, services.clock, what, for_s=patience_s, told_after_s=NOBODY_S)

    def stop_or_leave(self, leaves: Leaving) -> None:
        """Ask what becomes of the run when this process ends."""
        self._control.stop.clear()
        if leaves():
            self._shared.leave()
            self._control.break_off(LEFT, ExitCode.INTERRUPTED)
            self._control.is_left = True
        else:
            self._shared.stop(self._run.run_id, STOPPED_BY_YOU, int(ExitCode.INTERRUPTED))
