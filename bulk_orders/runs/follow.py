"""`status`: accepted orders are followed until they rest.

*Accepted* (the marketplace took the order) and *completed* (it is set up) are never mixed up.
"""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.following import is_dayless, is_slow, is_to_ask, rests
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.summary import PLACED, Outcome, exit_code, outcome
from bulk_orders.core.wording import counted, plural
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.runs.accounts import check_account
from bulk_orders.runs.check import check_again
from bulk_orders.runs.live_results import LiveResults
from bulk_orders.runs.next_steps import to_resume
from bulk_orders.runs.orders_asked import OPENED_AT_ONCE, OrdersAsked, is_lacking
from bulk_orders.runs.report import build_report
from bulk_orders.runs.run import RunEnd
from bulk_orders.sending.services import Services
from bulk_orders.sending.waits import waiting

FIRST_GAP_S: Final = 2.0
LONGEST_GAP_S: Final = 60.0
"""New orders are set up within minutes, some take days: asking more often tells nothing more."""
FEW_SUBSCRIPTIONS: Final = 10 * OPENED_AT_ONCE
"""Maximum completed orders whose subscriptions are waited for, where each order has to be opened for its own."""
_OPEN: Final = frozenset({Outcome.SENDING, Outcome.UNKNOWN, Outcome.HELD})


def follow_run(services: Services, run: RunRecord, *, wait_s: float) -> RunEnd:
    """Ask what became of the run's accepted orders, again and again for up to `wait_s`, and refresh the results workbook."""
    return end_of(services, run, ask_until_over(services, run, wait_s=wait_s))


def ask_until_over(services: Services, run: RunRecord, *, wait_s: float) -> int:
    """Ask until all orders rest or `wait_s` is over; return how many questions got no usable answer, the last time.

    An order that is scheduled for a day to come rests; one that waits for its customer does not. Days of scheduled orders and
    subscription ids of completed ones come a few at a time, and are asked for as long as there are more of them each time:
    each order is opened once for its day, but for subscriptions only if few are left.
    """
    check_account(services, run)
    clock = services.clock
    ends_s = clock.monotonic() + wait_s
    gap_s = FIRST_GAP_S
    services.marketplace.sign_in()
    asked = OrdersAsked(services, run)
    lacking = sys.maxsize
    with _telling(services, wait_s) as tell:
        while True:
            failed = asked.ask()
            left = asked.orders()
            unfinished = [order for order in left if not rests(order, clock.now())]
            ids, days = sum(map(is_lacking, left)), sum(map(is_dayless, left))
            lacking, before = ids + days, lacking
            left_s = ends_s - clock.monotonic()
            is_coming = 0 < lacking < before and ids <= FEW_SUBSCRIPTIONS
            if left_s <= 0 or not (unfinished or is_coming):
                return failed
            tell.waits_for(_what_is_left(unfinished, ids, days, clock.now()), left_s)
            if clock.wait(min(gap_s, left_s), services.stop):
                return failed
            gap_s = min(gap_s * 2, LONGEST_GAP_S) if unfinished else FIRST_GAP_S


class _Telling:
    """Says what is waited for, from its beginning until something else is."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._what = ""
        self._wait = contextlib.ExitStack()

    def waits_for(self, what: str, left_s: float) -> None:
        """Say so, unless it is the same as before."""
        if what != self._what:
            self.close()
            services = self._services
            self._wait.enter_context(waiting(services.observer, services.clock, what, for_s=left_s))
            self._what = what

    def close(self) -> None:
        """Wait for nothing any more."""
        self._wait.close()


@contextlib.contextmanager
def _telling(services: Services, wait_s: float) -> Iterator[_Telling]:
    tell = _Telling(services)
    tell.waits_for("the marketplace to say what became of the orders", wait_s)
    try:
        yield tell
    finally:
        tell.close()


def _what_is_left(orders: Sequence[OrderRecord], ids: int, days: int, now: datetime) -> str:
    """Return what is waited for: how many orders, and which of them wait for a customer or take longer than usual.

    Where all rest it is the `ids` of subscriptions, or the `days` for which orders are scheduled.
    """
    if not orders and not ids:
        return counted(days, "the day of {number} scheduled order", "the days of {number} scheduled orders")
    if not orders:
        return counted(
            ids,
            "the subscription of {number} completed order",
            "the subscriptions of {number} completed orders",
        )
    for_customers = sum(1 for order in orders if order.acceptance_link)
    slow = sum(1 for order in orders if not order.acceptance_link and is_slow(order, now))
    told = counted(len(orders), "{number} order to be completed", "{number} orders to be completed")
    if for_customers:
        told = plural(
            for_customers,
            "{orders}; {number} of them needs its customer's acceptance",
            "{orders}; {number} of them need their customers' acceptance",
        ).format(orders=told, number=for_customers)
    return "{orders}; {number} longer than usual".format(orders=told, number=slow) if slow else told


def end_of(services: Services, run: RunRecord, failed_reads: int = 0) -> RunEnd:
    """Return the run as it stands now, its results workbook refreshed."""
    checked = check_again(services.ledger, run)
    live_results = LiveResults(services.ledger, services.profile, services.clock, run, checked, None)
    return refreshed(services, run, checked, live_results, failed_reads)


def refreshed(
    services: Services, run: RunRecord, checked: CheckResult, live_results: LiveResults, failed_reads: int
) -> RunEnd:
    """Return the same from a workbook that was read and checked."""
    path, problem = live_results.publish(run)
    told = replace(run, results_path=str(path or ""))
    report = build_report(services.ledger, told, checked, now=services.clock.now(), profile=services.profile)
    is_stopped = services.stop.is_set()
    unanswered = ExitCode.TRY_AGAIN_LATER if failed_reads else ExitCode.OK
    stopped = ExitCode.INTERRUPTED if is_stopped else unanswered
    code = exit_code({**report.counts, Outcome.INVALID: 0}, stopped=stopped, is_written=path is not None)
    if code is ExitCode.OK and (report.to_resume or report.audit_whole is False):
        code = (
            ExitCode.TRY_AGAIN_LATER
        )  # rows wait to be sent, or nobody compared yet: that is not "all done"
    return RunEnd(
        report=report, exit_code=code, results_path=path, results_problem=problem, failed_reads=failed_reads
    )


def is_to_follow(ledger: Ledger, run: RunRecord, now: datetime) -> bool:
    """Tell whether something of a run is still to come: orders not sent, to be asked about, in doubt or held, or its end."""
    rows, orders = ledger.rows(run.run_id), ledger.orders_of_run(run.run_id)
    if run.ended_at is None or to_resume(run, rows, orders):
        return True
    kinds = [(outcome(row.disposition, orders.get(row.key)), orders.get(row.key)) for row in rows]
    return any(
        kind in _OPEN or (kind in PLACED and order is not None and is_to_ask(order, now))
        for kind, order in kinds
    )
