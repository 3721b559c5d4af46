"""`status` and `resolve`: what became of orders after the run."""

import sys
from collections.abc import Callable, Sequence

from bulk_orders.cli.session import Session, find_run
from bulk_orders.cli.terminal import (
    JSON_SCHEMA,
    Terminal,
    audit_code,
    audit_json,
    audit_lines,
    report_json,
    report_lines,
    say_results,
)
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.problem_texts import PROBLEM_TEXTS
from bulk_orders.core.summary import Outcome
from bulk_orders.errors import ExitCode, UsageError
from bulk_orders.runs.follow import Decision, DecisionKind, FollowEnd, audit_run, follow_run, resolve_run
from bulk_orders.sending.decisions import Doubt
from bulk_orders.sending.events import LookedUp
from bulk_orders.texts import commands as words
from bulk_orders.wiring import open_services


def status(
    session: Session, run_id: str, *, profile_name: str | None, wait_s: float, as_json: bool
) -> ExitCode:
    """Ask what became of accepted orders."""
    run_record, profile = find_run(session, run_id, profile_name)
    with open_services(
        profile,
        session.folders,
        environment=session.environment,
        ledger_file=session.ledger_file,
        stop=session.stop,
    ) as services:
        end = follow_run(services, run_record, wait_s=wait_s)
    return _say_follow(session.terminal, end, as_json=as_json)


def decision_from(said: Sequence[str], rows: Sequence[int], order_id: str, reason: str) -> Decision | None:
    """What the flags say; None when they decide nothing. Raises `UsageError` when they say several things."""
    if not said:
        if rows or reason:
            raise UsageError(words.NO_DECISION, fix=words.NO_DECISION_FIX)
        return None
    if len(said) > 1:
        raise UsageError(words.TWO_DECISIONS.format(one=said[0], other=said[1]), fix=words.TWO_DECISIONS_FIX)
    kind = DecisionKind(said[0])
    if not rows and kind in {DecisionKind.ABSENT, DecisionKind.PRESENT}:
        raise UsageError(words.NEEDS_ROW.format(kind=kind), fix=words.NEEDS_ROW_FIX)
    return Decision(kind=kind, sheet_rows=tuple(rows), order_id=order_id, reason=reason)


def resolve(
    session: Session, run_id: str, *, profile_name: str | None, as_json: bool, decision: Decision | None
) -> ExitCode:
    """Look again for the rows to check by hand, and do what people say of them."""
    run_record, profile = find_run(session, run_id, profile_name)
    terminal = session.terminal

    def show(event: object) -> None:
        if isinstance(event, LookedUp) and not as_json:
            row, note = event.sheet_row, event.note
            terminal.say(
                words.ROW_FOUND.format(row=row, note=note)
                if event.is_found
                else words.ROW_NOT_FOUND.format(row=row, note=note)
            )

    def ask(doubt: Doubt, waiting: str) -> Decision | None:
        for line in doubt_lines(doubt, waiting):
            terminal.say(line)
        return asked(doubt, session.read_line) if session.read_line else None

    with open_services(
        profile,
        session.folders,
        environment=session.environment,
        ledger_file=session.ledger_file,
        observers=(show,),
        stop=session.stop,
    ) as services:
        end = resolve_run(services, run_record, decision=decision, decide=None if as_json else ask)
    return _say_follow(terminal, end, as_json=as_json)


def doubt_lines(doubt: Doubt, waiting: str) -> list[str]:
    """What was sent and what the marketplace shows around that minute, side by side."""
    order = doubt.order
    sent = words.UTC.format(moment=order.sent_at) if order.sent_at else words.NEVER
    lines = [
        "",
        words.ROW.format(row=order.sheet_row, reference=order.reference or words.NO_REFERENCE),
        words.SENT.format(
            sent=sent,
            customer_id=order.customer_id,
            mpn=order.mpn,
            quantity=order.quantity,
            po_number=order.marker,
        ),
    ]
    if order.state is State.HELD:
        return lines + _why_held(order)
    lines.append(words.KNOWN.format(message=order.message or "-"))
    if waiting:
        lines.append(words.READ.format(note=waiting))
    if doubt.note:
        lines.append(words.READ.format(note=doubt.note))
    for entry in doubt.there:
        made = words.UTC.format(moment=entry.created_at) if entry.created_at else words.TIME_UNKNOWN
        products = ", ".join(f"{line.get('mpn')} × {line.get('quantity')}" for line in entry.products or ())
        number = words.ORDER_NAME.format(order_number=entry.order_number or "-", order_id=entry.order_id)
        lines.append(
            words.THERE.format(
                made=made,
                number=number,
                products=products or words.NO_PRODUCTS,
                po_number=entry.po_number or "-",
                status=entry.status,
            )
        )
    if not doubt.there:
        lines.append(words.NOTHING_THERE)
    return lines


def _why_held(order: OrderRecord) -> list[str]:
    since = words.UTC.format(moment=order.held_at) if order.held_at else words.TIME_UNKNOWN
    return [
        words.HELD.format(since=since, code=order.code),
        words.WHY_HELD.format(message=order.message),
        words.TO_DO.format(fix=PROBLEM_TEXTS[order.code].fix),
    ]


def asked(doubt: Doubt, read: Callable[[], str]) -> Decision | None:
    """A person's word on one row; Enter leaves it as it is."""
    if doubt.order.state is State.HELD:
        typed = _typed(words.IS_IT_MEANT, read)
        kind = {"c": DecisionKind.CONFIRM, "d": DecisionKind.DROP}.get(typed)
        order_id = ""
    else:
        typed = _typed(words.DOES_IT_EXIST, read)
        kind = {"a": DecisionKind.ABSENT, "d": DecisionKind.DROP}.get(
            typed, DecisionKind.PRESENT if typed else None
        )
        order_id = typed if kind is DecisionKind.PRESENT else ""
    if kind is None:
        return None
    return Decision(kind=kind, order_id=order_id, reason=_typed(words.WHY, read))


def _typed(question: str, read: Callable[[], str]) -> str:
    sys.stderr.write(f"{question} ")
    sys.stderr.flush()
    return read().strip()


def audit(session: Session, run_id: str, *, profile_name: str | None, as_json: bool) -> ExitCode:
    """Compare a run's orders with the marketplace's."""
    run_record, profile = find_run(session, run_id, profile_name)
    with open_services(
        profile,
        session.folders,
        environment=session.environment,
        ledger_file=session.ledger_file,
        stop=session.stop,
    ) as services:
        findings = audit_run(services, run_record)
    code = audit_code(findings)
    if as_json:
        session.terminal.json(
            {
                "schema": JSON_SCHEMA,
                "run_id": run_record.run_id,
                "exit_code": int(code),
                **audit_json(findings),
            }
        )
        return code
    for line in audit_lines(findings):
        session.terminal.result(line)
    return code


def _say_follow(terminal: Terminal, end: FollowEnd, *, as_json: bool) -> ExitCode:
    if as_json:
        terminal.json(
            report_json(end.report, end.exit_code, str(end.results_path) if end.results_path else None)
        )
        return end.exit_code
    for line in report_lines(end.report):
        terminal.result(line)
    if end.failed_reads:
        terminal.say(words.FAILED_READS.format(number=end.failed_reads))
    if end.report.counts[Outcome.UNKNOWN]:
        terminal.say(words.LOOK_BY_HAND)
    say_results(terminal, end.results_path, end.results_problem)
    for command, what in end.report.next_steps:
        terminal.say(words.NEXT.format(command=command, what=what))
    return end.exit_code
