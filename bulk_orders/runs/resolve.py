"""`resolve` and `audit`: what became of orders in doubt, and what people say of them."""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.errors import GuardStopped, UsageError
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.marketplace.interface import PlatformOrder, ReadFailed
from bulk_orders.runs.accounts import check_account
from bulk_orders.runs.follow import end_of
from bulk_orders.runs.run import RunEnd
from bulk_orders.sending.alike import look_alikes, pairs
from bulk_orders.sending.audit import AuditFindings
from bulk_orders.sending.decisions import (
    NEEDS_REASON,
    NEEDS_REASON_FIX,
    Doubt,
    confirm,
    doubts,
    drop,
    resendable,
    say_absent,
    say_present,
    waiting_words,
)
from bulk_orders.sending.engine import COMPARISON, Engine
from bulk_orders.sending.services import Services
from bulk_orders.sending.waits import waiting


class DecisionKind(enum.StrEnum):
    """What can be said of a doubtful or held row."""

    PRESENT = "present"
    PRESENT_ALL = "present-all"
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
    even_cancelled: bool = False
    """For PRESENT: that order may be a cancelled one."""
    reason: str = ""


Decide = Callable[[Doubt, str, str], Decision | None]
"""Asks a person about one doubt, told how far it is from being called absent and what was wrong with the last answer.

None leaves the row as it is."""
Pair = tuple[OrderRecord, PlatformOrder]
ConfirmPairs = Callable[[Sequence[Pair]], bool]
"""Shows held rows with the orders that they equal, and asks whether they are those."""


def resolve_run(
    services: Services,
    run: RunRecord,
    *,
    decision: Decision | None = None,
    decide: Decide | None = None,
    confirm_pairs: ConfirmPairs = lambda _: False,
) -> RunEnd:
    """Look again for each of the run's orders whose outcome nobody knows, then do what people say. Nothing is sent."""
    look_and_decide(services, run, decision=decision, decide=decide, confirm_pairs=confirm_pairs)
    return end_of(services, run)


def look_and_decide(
    services: Services,
    run: RunRecord,
    *,
    decision: Decision | None = None,
    decide: Decide | None = None,
    confirm_pairs: ConfirmPairs = lambda _: False,
) -> None:
    """Do it, and leave the results workbook as it is.

    Rows whose settle window is not over are read once: nothing can be decided on them yet. An order said to be absent,
    or confirmed, waits for `resume`. Raises `UsageError` and `GuardStopped` for words that do not fit the facts.
    """
    check_account(services, run)
    services.marketplace.sign_in()
    with services.ledger.hold(run.account):
        engine = Engine(services, run)
        engine.recover()
        unknown = [order for order in _waiting(services, run) if order.state is State.UNKNOWN]
        engine.resolver.look_up_all(unknown, settle_s=0.0, stop=services.stop)
        engine.resolver.look_until_absent(unknown, stop=services.stop)
        if decision is not None and decision.kind is DecisionKind.PRESENT_ALL:
            _say_all_present(services, run, engine, decision, confirm_pairs)
        elif decision is not None:
            _carry_out(services, run, engine, decision)
        elif decide is not None:
            _ask_about_each(services, run, engine, decide)


def _ask_about_each(services: Services, run: RunRecord, engine: Engine, decide: Decide) -> None:
    rows = {row.key: row.sheet_row for row in services.ledger.rows(run.run_id)}
    found = doubts(
        _waiting(services, run),
        engine.resolver,
        marketplace=services.marketplace,
        ledger=services.ledger,
    )
    for doubt in found:
        problem = ""
        # A later run may have found the order in another row; people have this run's workbook before them.
        row = rows[doubt.order.key]
        shown = replace(doubt, order=replace(doubt.order, sheet_row=row))
        while said := decide(shown, waiting_words(doubt.order, engine.window_s), problem):
            try:
                _carry_out(services, run, engine, replace(said, sheet_rows=(row,)))
                break
            except (GuardStopped, ReadFailed, UsageError) as error:
                problem = str(error)


def _waiting(services: Services, run: RunRecord) -> list[OrderRecord]:
    orders = services.ledger.orders_of_run(run.run_id).values()
    return sorted(
        (order for order in orders if order.state in {State.UNKNOWN, State.HELD}),
        key=lambda order: order.sheet_row,
    )


def _carry_out(services: Services, run: RunRecord, engine: Engine, said: Decision) -> None:
    chosen = _chosen(services, run, said)
    if said.kind is DecisionKind.PRESENT and len(chosen) != 1:
        raise UsageError("An order id belongs to one row.", fix="Name the row with --row.")
    if said.kind is DecisionKind.RESEND_ABSENT:
        chosen = list(resendable(chosen))
    for order in chosen:
        _say(services, engine, order, said)


def _chosen(services: Services, run: RunRecord, said: Decision) -> list[OrderRecord]:
    waiting_for_word = _waiting(services, run)
    rows = {row.key: row.sheet_row for row in services.ledger.rows(run.run_id)}
    chosen = [
        order for order in waiting_for_word if not said.sheet_rows or rows.get(order.key) in said.sheet_rows
    ]
    strange = set(said.sheet_rows) - {rows[order.key] for order in chosen}
    if strange:
        raise UsageError(
            "Row {row} is not waiting for a decision.".format(row=min(strange)),
            fix="`bulk-orders resolve {run_id}` shows the rows that are.".format(run_id=run.run_id),
        )
    return chosen


def _say(services: Services, engine: Engine, order: OrderRecord, said: Decision) -> None:
    match said.kind:
        case DecisionKind.PRESENT:
            say_present(
                services, order, said.order_id, reason=said.reason, even_cancelled=said.even_cancelled
            )
        case DecisionKind.ABSENT:
            say_absent(services, order, engine.resolver, reason=said.reason)
        case DecisionKind.RESEND_ABSENT:
            say_absent(services, order, engine.resolver, reason=said.reason or "--resend-absent")
        case DecisionKind.CONFIRM:
            confirm(services, order, reason=said.reason)
        case DecisionKind.DROP:
            drop(services, order, reason=said.reason)
        case DecisionKind.PRESENT_ALL:
            raise AssertionError("all rows are said to be present at once")


def _say_all_present(
    services: Services, run: RunRecord, engine: Engine, said: Decision, confirm_pairs: ConfirmPairs
) -> None:
    """Record held rows that each equal exactly one order as those orders, once a person has seen the list and agreed."""
    if not said.reason.strip():
        raise UsageError(NEEDS_REASON, fix=NEEDS_REASON_FIX)
    held = [order for order in _chosen(services, run, said) if order.state is State.HELD]
    with waiting(services.observer, services.clock, COMPARISON):
        now = engine.resolver.marketplace_now()
        alike = look_alikes(held, marketplace=services.marketplace, ledger=services.ledger, now=now)
    found = pairs(held, alike)
    if not found:
        raise GuardStopped(
            "No held row matches exactly one order that could not belong to another row.",
            fix="Name each row with its order: --row N --present ORDER_ID.",
        )
    if not confirm_pairs(found):
        raise GuardStopped(
            "Nothing was decided: the rows were not confirmed.",
            fix="Run it in a terminal and type the number of rows, or name each with --row and --present.",
        )
    for order, entry in found:
        say_present(services, order, entry.order_id, reason=said.reason)


def audit_run(services: Services, run: RunRecord) -> AuditFindings:
    """Compare the run's orders with the marketplace's, record duplicates, adopt what was in doubt."""
    check_account(services, run)
    services.marketplace.sign_in()
    with services.ledger.hold(run.account):
        findings = Engine(services, run).audit()
        services.ledger.finish_run(replace(run, audit_whole=findings.is_whole))
        # Nobody else sends as long as the ledger is held: what is in flight was left behind.
        orders = services.ledger.orders_of_run(run.run_id).values()
        in_doubt = tuple(order.key for order in orders if order.state in {State.UNKNOWN, State.IN_FLIGHT})
    return replace(findings, in_doubt=in_doubt)
