"""What a ledger holds about people that should be erased: found first, shown, and only then erased."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Final

from bulk_orders.core.lifecycle import TRANSITIONS, OrderRecord, State, Step
from bulk_orders.errors import BulkOrdersError, InputError
from bulk_orders.ledger.erasure import bare_plan, bare_run, names_people
from bulk_orders.ledger.interface import Ledger, PlanRecord, RunRecord, Superseded
from bulk_orders.ooxml.zip_package import open_package
from bulk_orders.sending.services import Services
from bulk_orders.settings.profiles import Profile

logger = logging.getLogger("bulk_orders")

_ZIP: Final = b"PK"
_ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose data, or how old; both narrow it down."""

    customer_id: str = ""
    before: datetime | None = None
    """Only what ended before."""
    account: str = ""
    """Only of this account; empty for all accounts of the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StillNeeded:
    """What cannot be erased yet."""

    run_id: str
    sheet_row: int | None
    """None for the run itself, whose workbook is still needed."""
    why: str
    todo: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What to erase in one ledger, and what is not yet."""

    orders: tuple[OrderRecord, ...]
    runs: tuple[RunRecord, ...]
    """Newest first."""
    still_needed: tuple[StillNeeded, ...]
    plans: tuple[PlanRecord, ...]
    """Newest first."""

    @property
    def has_any(self) -> bool:
        """Whether there is anything to erase."""
        return bool(self.orders or self.runs or self.plans)


def find(ledger: Ledger, scope: Scope) -> Findings:
    """Look for what to erase; nothing is changed."""
    runs = {run.run_id: run for run in ledger.runs()}
    orders = [order for order in ledger.orders() if _is_of(order.account, scope)]
    theirs = [order for order in orders if names_people(order) and _is_wanted(order, runs, scope)]
    settled = [order for order in theirs if (order.state, Step.ERASED) in TRANSITIONS]
    chosen = [run for run in runs.values() if _is_of(run.account, scope)]
    chosen = list(_chosen(ledger, chosen, scope))
    waiting = {order.run_id for order in orders if (order.state, Step.ERASED) not in TRANSITIONS}
    needed = [run for run in chosen if run.ended_at is None or run.run_id in waiting]
    return Findings(
        orders=tuple(settled),
        runs=tuple(run for run in chosen if run not in needed),
        still_needed=(
            *(_order_needed(order) for order in theirs if order not in settled),
            *map(_run_needed, needed),
        ),
        plans=tuple(plan for plan in ledger.plans() if _is_plan_wanted(plan, scope)),
    )


def account_of(profile: Profile) -> str:
    """Return the account to erase of; empty, which is all, for practice: its marketplace has another port each time."""
    return "" if profile.is_practice else str(profile.account)


def erase_what_is_too_old(ledger: Ledger, profile: Profile, now: datetime) -> Findings | None:
    """Erase what is older than the profile's `keep_personal_days`; None where it says nothing, or nothing is so old."""
    if profile.keep_personal_days is None:
        return None
    before = now - timedelta(days=profile.keep_personal_days)
    account = account_of(profile)
    with ledger.hold(account):
        found = find(ledger, Scope(before=before, account=account))
        if not found.has_any:
            return None
        ledger.erase(found.orders, found.runs, at=now, plans=found.plans)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What became of what is older than the profile keeps it."""

    findings: Findings | None = None
    """What was erased; None for nothing."""
    problem: str = ""
    """Why nothing was."""


def keep_no_longer(services: Services) -> Erased:
    """Erase, after a run, what is older than the profile's `keep_personal_days`. It never fails the run."""
    try:
        return Erased(findings=erase_what_is_too_old(services.ledger, services.profile, services.clock.now()))
    except (BulkOrdersError, Superseded) as error:
        logger.warning("what is older than keep_personal_days was not erased: %s", type(error).__name__)
        return Erased(problem=str(error))


def _is_plan_wanted(plan: PlanRecord, scope: Scope) -> bool:
    """Return True for a plan with orders of the customer, or that is over since long enough, and was not erased yet."""
    if bare_plan(plan) == plan or not _is_of(plan.account, scope):
        return False
    if scope.before is not None and max(plan.made_at, plan.expires_at) >= scope.before:
        return False
    return not scope.customer_id or _stands_in(plan.content.encode(), scope.customer_id)


def _is_of(account: str, scope: Scope) -> bool:
    return not scope.account or account == scope.account


def _is_wanted(order: OrderRecord, runs: Mapping[str, RunRecord], scope: Scope) -> bool:
    if scope.customer_id and order.customer_id != scope.customer_id:
        return False
    if scope.before is None:
        return True
    last = [moment for moment in (order.sent_at, order.accepted_at) if moment is not None]
    return max([_end_of(runs[order.run_id]), *last]) < scope.before


def _end_of(run: RunRecord) -> datetime:
    return run.ended_at or run.started_at


def _chosen(ledger: Ledger, runs: Sequence[RunRecord], scope: Scope) -> Iterator[RunRecord]:
    for run in runs:
        if scope.before is not None and _end_of(run) >= scope.before:
            continue
        if bare_run(run) == run:  # it was erased: a run has names of files as long as it has its workbook
            continue
        if not scope.customer_id or _has_customer(ledger, run, scope.customer_id):
            yield run


def _has_customer(ledger: Ledger, run: RunRecord, customer_id: str) -> bool:
    """Return True when a row's order is the customer's, or the workbook says the id anywhere: also in a row with errors."""
    orders = ledger.orders_of_run(run.run_id).values()
    is_theirs = any(order.customer_id == customer_id for order in orders)
    return is_theirs or says(ledger.source(run.run_id), customer_id)


def says(source: bytes, text: str) -> bool:
    """Return True when the workbook has the text, not within a longer word. What cannot be read may have it."""
    if not source.startswith(_ZIP):
        return _stands_in(source, text)
    try:
        package = open_package(source)
        return any(
            _stands_in(b"".join(package.chunks(name)), text)
            for name in package.parts
            if name.endswith((".xml", ".vml"))
        )
    except InputError:
        return True


def _stands_in(content: bytes, text: str) -> bool:
    spellings = {text, escape(text, quote=False), escape(text)}
    return any(
        re.search(rb"(?<![0-9A-Za-z])" + re.escape(spelling.encode(code)) + rb"(?![0-9A-Za-z])", content)
        for code in _ENCODINGS
        for spelling in spellings
    )


def _order_needed(order: OrderRecord) -> StillNeeded:
    is_unsent = order.state is State.PENDING
    return StillNeeded(
        run_id=order.run_id,
        sheet_row=order.sheet_row,
        why="is not sent yet" if is_unsent else "is held" if order.state is State.HELD else "is in doubt",
        todo=f"bulk-orders {'resume' if is_unsent else 'resolve'} {order.run_id}",
    )


def _run_needed(run: RunRecord) -> StillNeeded:
    return StillNeeded(
        run_id=run.run_id,
        sheet_row=None,
        why="has not ended, and its workbook is still needed"
        if run.ended_at is None
        else "has rows that are not settled, and its workbook is still needed",
        todo=f"bulk-orders {'resume' if run.ended_at is None else 'resolve'} {run.run_id}",
    )
