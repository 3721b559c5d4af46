"""`status`: accepted orders are followed to their end.

*Accepted* (the marketplace took the order) and *completed* (it is set up) are never mixed up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.core.platform_status import BROKEN, DONE
from bulk_orders.core.summary import Outcome, exit_code, outcome
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.interface import Ledger, RunRecord, Superseded
from bulk_orders.marketplace.interface import PlatformOrder, ReadFailed
from bulk_orders.runs.accounts import check_account
from bulk_orders.runs.check import check_again
from bulk_orders.runs.live_results import LiveResults
from bulk_orders.runs.next_steps import to_resume
from bulk_orders.runs.report import build_report
from bulk_orders.runs.run import RunEnd
from bulk_orders.sending.services import Services
from bulk_orders.sending.waits import waiting
from bulk_orders.texts import sending as words

FIRST_GAP_S: Final = 2.0
LONGEST_GAP_S: Final = 60.0
"""New orders are set up within minutes, some take days: asking more often tells nothing more."""
MARGIN: Final = timedelta(days=1)
"""Orders are listed from so long before the first of them was noted: our clock may have been wrong."""

OPENED_AT_ONCE: Final = 10
"""Completed orders that are opened for their subscription, each time that is asked."""
_OPEN: Final = frozenset({Outcome.ACCEPTED, Outcome.SENDING, Outcome.UNKNOWN, Outcome.HELD})
_NAMES_ORDERS: Final = "subscriptions_name_orders"


def follow_run(services: Services, run: RunRecord, *, wait_s: float) -> RunEnd:
    """Ask what became of the run's accepted orders, again and again for up to `wait_s`, and refresh the results workbook."""
    return end_of(services, run, ask_until_over(services, run, wait_s=wait_s))


def ask_until_over(services: Services, run: RunRecord, *, wait_s: float) -> int:
    """Ask until all is over or `wait_s` is; return how many orders got no usable answer, the last time they were asked about."""
    check_account(services, run)
    started_s = services.clock.monotonic()
    gap_s = FIRST_GAP_S
    services.marketplace.sign_in()
    with waiting(services.observer, services.clock, words.ORDERS_TO_COMPLETE, for_s=wait_s):
        while True:
            failed = _ask(services, _to_ask(services, run))
            unfinished = [order for order in _to_ask(services, run) if not _is_over(order)]
            left_s = wait_s - (services.clock.monotonic() - started_s)
            if not unfinished or left_s <= 0 or services.clock.wait(min(gap_s, left_s), services.stop):
                break
            gap_s = min(gap_s * 2, LONGEST_GAP_S)
    return failed


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


def is_to_follow(ledger: Ledger, run: RunRecord) -> bool:
    """Tell whether something of a run is still to come: orders not sent, being set up, in doubt or held, or its end."""
    rows, orders = ledger.rows(run.run_id), ledger.orders_of_run(run.run_id)
    if run.ended_at is None or to_resume(run, rows, orders):
        return True
    return any(outcome(row.disposition, orders.get(row.key)) in _OPEN for row in rows)


def _is_over(order: OrderRecord) -> bool:
    return order.platform_status in DONE | BROKEN


def _to_ask(services: Services, run: RunRecord) -> list[OrderRecord]:
    """Return accepted orders that are not over, and completed ones whose subscription is not known yet."""
    accepted = [
        order for order in services.ledger.orders_of_run(run.run_id).values() if order.state is State.ACCEPTED
    ]
    lacking = [
        order
        for order in accepted
        if not _is_over(order) or (order.platform_status in DONE and not order.subscription_id)
    ]
    return sorted(lacking, key=lambda order: order.sheet_row)


def _ask(services: Services, orders: Sequence[OrderRecord]) -> int:
    """Ask once about the orders, by pages of the list; how many got no usable answer."""
    if not orders:
        return 0
    try:
        listed = _listed(services, orders)
    except ReadFailed:
        return len(orders)
    failed = 0
    seen: dict[str, PlatformOrder] = {}
    for order in orders:
        if services.stop.is_set():
            break
        try:
            entry = listed.get(order.order_id)
            found = entry if entry and entry.status else services.marketplace.get_order(order.order_id)
        except ReadFailed:
            failed += 1
            continue
        if found is not None:  # the id is proof of purchase; some platforms show an order only a while later
            seen[order.key] = found
    subscriptions, unanswered = _subscriptions(services, _lacking(orders, seen))
    for order in orders:
        if order.key in seen:
            refresh(services, order, seen[order.key], subscriptions.get(order.order_id, ""))
    return failed + unanswered


def _listed(services: Services, orders: Sequence[OrderRecord]) -> Mapping[str, PlatformOrder]:
    """Return, by order id, what the marketplace lists since the first of the orders."""
    found = services.marketplace.list_orders(customer_id=_customer_of(orders), created_from=_since(orders))
    return {entry.order_id: entry for entry in found.orders}


def _lacking(orders: Sequence[OrderRecord], seen: Mapping[str, PlatformOrder]) -> list[OrderRecord]:
    """Return completed orders whose subscription is not known."""
    done = [order for order in orders if order.key in seen and seen[order.key].status in DONE]
    return [order for order in done if not (seen[order.key].subscription_id or order.subscription_id)]


def _subscriptions(services: Services, lacking: Sequence[OrderRecord]) -> tuple[Mapping[str, str], int]:
    """Return, by order id, the subscriptions of orders that lack theirs, and how many questions got no answer.

    A few orders are opened one by one; for many the subscriptions are listed, but some platforms do not say there which
    order made them: then a few are opened each time.
    """
    account = str(services.profile.account)
    try:
        if len(lacking) <= OPENED_AT_ONCE or services.ledger.learnt(account).get(_NAMES_ORDERS) == "no":
            opened = [services.marketplace.get_order(order.order_id) for order in lacking[:OPENED_AT_ONCE]]
            return {entry.order_id: entry.subscription_id for entry in opened if entry}, 0
        listed = services.marketplace.list_subscriptions(
            customer_id=_customer_of(lacking), created_from=_since(lacking)
        )
    except ReadFailed:
        return {}, len(lacking)
    if listed and not any(entry.order_ids for entry in listed):
        services.ledger.remember(account, **{_NAMES_ORDERS: "no"})
    naming: dict[str, list[str]] = {}
    for entry in listed:
        for order_id in entry.order_ids:
            naming.setdefault(order_id, []).append(entry.subscription_id)
    return {order_id: found[0] for order_id, found in naming.items() if len(found) == 1}, 0


def _since(orders: Sequence[OrderRecord]) -> datetime | None:
    moments = [moment for order in orders for moment in (order.sent_at, order.accepted_at) if moment]
    return min(moments) - MARGIN if moments else None


def _customer_of(orders: Sequence[OrderRecord]) -> str:
    """Return the customer of all of them, or an empty text where they are of several."""
    customers = {order.customer_id for order in orders}
    return customers.pop() if len(customers) == 1 else ""


def refresh(services: Services, order: OrderRecord, seen: PlatformOrder, subscription_id: str = "") -> None:
    """Record what the marketplace tells of an accepted order by now; somebody else's newer record stays."""
    told = {
        "order_number": seen.order_number or order.order_number,
        "platform_status": seen.status or order.platform_status,
        "subscription_id": seen.subscription_id or order.subscription_id or subscription_id,
        "amount": seen.amount or order.amount,
        "currency": seen.currency or order.currency,
    }
    if all(getattr(order, name) == value for name, value in told.items()):
        return
    after = step(order, Step.REFRESHED, **told)
    try:
        services.ledger.advance(
            order, after, Step.REFRESHED, at=services.clock.now(), note=after.platform_status
        )
    except Superseded:
        return  # somebody else refreshed it meanwhile
