"""After the run: `status` follows accepted orders to their end, `resolve` looks again for those in doubt.

*Accepted* (the marketplace took the order) and *completed* (it is set up) are never mixed up.
"""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.core.report import RunReport
from bulk_orders.core.summary import BROKEN, DONE, Outcome, exit_code
from bulk_orders.errors import ExitCode, UsageError
from bulk_orders.ledger.interface import RunRecord, Superseded
from bulk_orders.marketplace.interface import PlatformOrder, PlatformSubscription, ReadFailed
from bulk_orders.runs.check import check_again
from bulk_orders.runs.live_results import LiveResults
from bulk_orders.runs.report import build_report
from bulk_orders.sending.audit import AuditFindings
from bulk_orders.sending.decisions import (
    Doubt,
    confirm,
    doubts,
    drop,
    resendable,
    say_absent,
    say_present,
    waiting_words,
)
from bulk_orders.sending.engine import Engine
from bulk_orders.sending.services import Services
from bulk_orders.texts import doubts as words

FIRST_GAP_S: Final = 2.0
LONGEST_GAP_S: Final = 60.0
"""New orders are set up within minutes, some take days: asking more often tells nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowEnd:
    """What asking told."""

    report: RunReport
    exit_code: ExitCode
    results_path: Path | None
    results_problem: str
    failed_reads: int
    """Orders whose question got no usable answer, the last time they were asked about."""


def follow_run(services: Services, run: RunRecord, *, wait_s: float) -> FollowEnd:
    """Ask what became of the run's accepted orders, again and again for up to `wait_s`, and refresh the results workbook."""
    started_s = services.clock.monotonic()
    gap_s = FIRST_GAP_S
    services.marketplace.sign_in()
    while True:
        failed = _ask(services, _to_ask(services, run))
        unfinished = [order for order in _to_ask(services, run) if not _is_over(order)]
        left_s = wait_s - (services.clock.monotonic() - started_s)
        if not unfinished or left_s <= 0 or services.clock.wait(min(gap_s, left_s), services.stop):
            break
        gap_s = min(gap_s * 2, LONGEST_GAP_S)
    return _end(services, run, failed)


class DecisionKind(enum.StrEnum):
    """What can be said of a doubtful or held row."""

    PRESENT = "present"
    ABSENT = "absent"
    CONFIRM = "confirm"
    DROP = "drop"
    RESEND_ABSENT = "resend-absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person says of some rows of a run, with the reason that is kept."""

    kind: DecisionKind
    sheet_rows: tuple[int, ...] = ()
    """Of the run; empty for all that wait for such a word."""
    order_id: str = ""
    """For PRESENT: the marketplace's order id."""
    reason: str = ""


Decide = Callable[[Doubt, str], Decision | None]
"""Asks a person about one doubt, told how far it is from being called absent; None leaves the row as it is."""


def resolve_run(
    services: Services, run: RunRecord, *, decision: Decision | None = None, decide: Decide | None = None
) -> FollowEnd:
    """Look again for each of the run's orders whose outcome nobody knows, then do what people say. Nothing is sent.

    An order said to be absent, or confirmed, waits for `resume`. Raises `UsageError` and `GuardStopped` for words that
    do not fit the facts.
    """
    services.marketplace.sign_in()
    with services.ledger.hold():
        engine = Engine(services, run)
        engine.recover()
        unknown = [order for order in _waiting(services, run) if order.state is State.UNKNOWN]
        engine.resolver.look_up_all(unknown, settle_s=services.profile.settle_s, stop=services.stop)
        if decision is not None:
            _carry_out(services, run, engine, decision)
        elif decide is not None:
            rows = _rows_by_key(services, run)
            for doubt in doubts(_waiting(services, run), engine.resolver):
                # A later run may have found the order in another row; people have this run's workbook before them.
                row = rows[doubt.order.key]
                shown = replace(doubt, order=replace(doubt.order, sheet_row=row))
                said = decide(shown, waiting_words(doubt.order, engine.window_s))
                if said is not None:
                    _carry_out(services, run, engine, replace(said, sheet_rows=(row,)))
    return _end(services, run, 0)


def _waiting(services: Services, run: RunRecord) -> list[OrderRecord]:
    orders = services.ledger.orders_of_run(run.run_id).values()
    return sorted(
        (order for order in orders if order.state in {State.UNKNOWN, State.HELD}),
        key=lambda order: order.sheet_row,
    )


def _rows_by_key(services: Services, run: RunRecord) -> dict[str, int]:
    return {row.key: row.sheet_row for row in services.ledger.rows(run.run_id)}


def _carry_out(services: Services, run: RunRecord, engine: Engine, said: Decision) -> None:
    waiting = _waiting(services, run)
    rows = _rows_by_key(services, run)
    chosen = [order for order in waiting if not said.sheet_rows or rows.get(order.key) in said.sheet_rows]
    strange = set(said.sheet_rows) - {rows[order.key] for order in chosen}
    if strange:
        raise UsageError(
            words.NOTHING_TO_DECIDE.format(row=min(strange)),
            fix=words.NOTHING_TO_DECIDE_FIX.format(run_id=run.run_id),
        )
    if said.kind is DecisionKind.PRESENT and len(chosen) != 1:
        raise UsageError(words.ONE_ROW_ONLY, fix=words.ONE_ROW_ONLY_FIX)
    if said.kind is DecisionKind.RESEND_ABSENT:
        chosen = list(resendable(chosen))
    for order in chosen:
        _say(services, engine, order, said)


def _say(services: Services, engine: Engine, order: OrderRecord, said: Decision) -> None:
    match said.kind:
        case DecisionKind.PRESENT:
            say_present(services, order, said.order_id, reason=said.reason)
        case DecisionKind.ABSENT:
            say_absent(services, order, engine.resolver, reason=said.reason)
        case DecisionKind.RESEND_ABSENT:
            say_absent(services, order, engine.resolver, reason=said.reason or "--resend-absent")
        case DecisionKind.CONFIRM:
            confirm(services, order, reason=said.reason)
        case DecisionKind.DROP:
            drop(services, order, reason=said.reason)


def audit_run(services: Services, run: RunRecord) -> AuditFindings:
    """Compare the run's orders with the marketplace's, record duplicates, adopt what was in doubt."""
    services.marketplace.sign_in()
    with services.ledger.hold():
        findings = Engine(services, run).audit()
        services.ledger.finish_run(replace(run, audit_whole=findings.is_whole))
    return findings


def _end(services: Services, run: RunRecord, failed_reads: int) -> FollowEnd:
    checked = check_again(services.ledger, run)
    path, problem = LiveResults(
        services.ledger, services.profile, services.clock, run, checked, None
    ).publish(run)
    told = replace(run, results_path=str(path or ""))
    report = build_report(
        services.ledger, told, checked, now=services.clock.now(), settings=services.profile.described()
    )
    stopped = ExitCode.TRY_AGAIN_LATER if failed_reads else ExitCode.OK
    code = exit_code({**report.counts, Outcome.INVALID: 0}, stopped=stopped, is_written=path is not None)
    return FollowEnd(
        report=report, exit_code=code, results_path=path, results_problem=problem, failed_reads=failed_reads
    )


def _is_over(order: OrderRecord) -> bool:
    return order.platform_status in DONE | BROKEN


def _to_ask(services: Services, run: RunRecord) -> list[OrderRecord]:
    """Accepted orders that are not over, and completed ones whose subscription is not known yet."""
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
    """Ask once about each order; how many questions got no usable answer."""
    failed = 0
    subscriptions: dict[str, tuple[PlatformSubscription, ...]] = {}
    for order in orders:
        if services.stop.is_set():
            break
        try:
            seen = services.marketplace.get_order(order.order_id)
            if seen is None:
                continue  # the id is proof of purchase; some platforms show an order only a while later
            subscription_id = seen.subscription_id or order.subscription_id
            if seen.status in DONE and not subscription_id:
                subscription_id = _subscription_of(services, order, subscriptions)
        except ReadFailed:
            failed += 1
            continue
        _refresh(services, order, seen, subscription_id)
    return failed


def _subscription_of(
    services: Services, order: OrderRecord, known: dict[str, tuple[PlatformSubscription, ...]]
) -> str:
    """The one subscription that names the order, if the order itself does not name it."""
    if order.customer_id not in known:
        known[order.customer_id] = services.marketplace.list_subscriptions(customer_id=order.customer_id)
    named = [entry.subscription_id for entry in known[order.customer_id] if order.order_id in entry.order_ids]
    return named[0] if len(named) == 1 else ""


def _refresh(services: Services, order: OrderRecord, seen: PlatformOrder, subscription_id: str) -> None:
    fresh = replace(
        order,
        order_number=seen.order_number or order.order_number,
        platform_status=seen.status or order.platform_status,
        subscription_id=subscription_id,
        amount=seen.amount or order.amount,
        currency=seen.currency or order.currency,
    )
    if fresh == order:
        return
    after = replace(
        step(order, Step.REFRESHED),
        **{
            name: getattr(fresh, name)
            for name in ("order_number", "platform_status", "subscription_id", "amount", "currency")
        },
    )
    try:
        services.ledger.advance(
            order, after, Step.REFRESHED, at=services.clock.now(), note=after.platform_status
        )
    except Superseded:
        return  # somebody else refreshed it meanwhile
