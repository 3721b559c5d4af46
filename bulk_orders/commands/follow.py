"""`status` and `resolve`: what became of orders after the run."""

import sys
from collections.abc import Callable, Sequence

from bulk_orders.commands.setting import Setting, find_run
from bulk_orders.core.lifecycle import State
from bulk_orders.core.summary import Outcome
from bulk_orders.deciding import Doubt
from bulk_orders.errors import ExitCode, UsageError
from bulk_orders.following import (
    Decision,
    DecisionKind,
    FollowEnd,
    audit_run,
    follow_run,
    resolve_run,
)
from bulk_orders.observe import LookedUp
from bulk_orders.terminal import (
    JSON_SCHEMA,
    Terminal,
    audit_code,
    audit_json,
    audit_lines,
    report_json,
    report_lines,
    say_results,
)
from bulk_orders.wiring import open_parts


def status(
    setting: Setting, run_id: str, *, profile_name: str | None, wait_s: float, as_json: bool
) -> ExitCode:
    """Ask what became of accepted orders."""
    run_record, profile = find_run(setting, run_id, profile_name)
    with open_parts(
        profile,
        setting.places,
        environment=setting.environment,
        ledger_file=setting.ledger_file,
        stop=setting.stop,
    ) as parts:
        end = follow_run(parts, run_record, wait_s=wait_s)
    return _say_follow(setting.terminal, end, as_json=as_json)


def decision_from(words: Sequence[str], rows: Sequence[int], order_id: str, reason: str) -> Decision | None:
    """What the flags say; None when they decide nothing. Raises `UsageError` when they say several things."""
    if not words:
        if rows or reason:
            raise UsageError(
                "No decision is named.", fix="Add --present, --absent, --confirm, --drop or --resend-absent."
            )
        return None
    if len(words) > 1:
        raise UsageError(
            f"--{words[0]} and --{words[1]} exclude each other.", fix="Decide on one thing at a time."
        )
    kind = DecisionKind(words[0])
    if not rows and kind in {DecisionKind.ABSENT, DecisionKind.PRESENT}:
        raise UsageError(
            f"--{kind} needs a row.", fix="Name it with --row N; `bulk-orders resolve RUN` shows the rows."
        )
    return Decision(kind=kind, sheet_rows=tuple(rows), order_id=order_id, reason=reason)


def resolve(
    setting: Setting, run_id: str, *, profile_name: str | None, as_json: bool, decision: Decision | None
) -> ExitCode:
    """Look again for the rows to check by hand, and do what people say of them."""
    run_record, profile = find_run(setting, run_id, profile_name)
    terminal = setting.terminal

    def show(event: object) -> None:
        if isinstance(event, LookedUp) and not as_json:
            found = "found" if event.is_found else "not found yet"
            terminal.say(f"  row {event.sheet_row}: {found} ({event.note})")

    def ask(doubt: Doubt, waiting: str) -> Decision | None:
        for line in doubt_lines(doubt, waiting):
            terminal.say(line)
        return asked(doubt, setting.read_line) if setting.read_line else None

    with open_parts(
        profile,
        setting.places,
        environment=setting.environment,
        ledger_file=setting.ledger_file,
        observers=(show,),
        stop=setting.stop,
    ) as parts:
        end = resolve_run(parts, run_record, decision=decision, decide=None if as_json else ask)
    return _say_follow(terminal, end, as_json=as_json)


def doubt_lines(doubt: Doubt, waiting: str) -> list[str]:
    """What was sent and what the marketplace shows around that minute, side by side."""
    order = doubt.order
    sent = f"{order.sent_at:%Y-%m-%d %H:%M:%S} UTC" if order.sent_at else "never"
    lines = [
        "",
        f"  Row {order.sheet_row}  {order.reference or 'without a reference'}",
        f"    sent      {sent}   customer {order.customer_id}   {order.mpn} × {order.quantity}   PO {order.marker}",
        f"    known     {order.message or '-'}",
    ]
    if order.state is State.HELD:
        return lines
    if waiting:
        lines.append(f"    reading   {waiting}")
    if doubt.note:
        lines.append(f"    reading   {doubt.note}")
    for entry in doubt.there:
        made = f"{entry.created_at:%Y-%m-%d %H:%M:%S} UTC" if entry.created_at else "time unknown"
        products = ", ".join(f"{line.get('mpn')} × {line.get('quantity')}" for line in entry.products or ())
        number = f"{entry.order_number or '-'} (id {entry.order_id})"
        lines.append(
            f"    there     {made}   {number}   {products or 'products not told'}   PO {entry.po_number or '-'}   {entry.status}"
        )
    if not doubt.there:
        lines.append("    there     no order of this customer around that time")
    return lines


def asked(doubt: Doubt, read: Callable[[], str]) -> Decision | None:
    """A person's word on one row; Enter leaves it as it is."""
    if doubt.order.state is State.HELD:
        typed = _typed("    Type c to confirm that it is meant, d to drop it, or Enter to leave it:", read)
        kind = {"c": DecisionKind.CONFIRM, "d": DecisionKind.DROP}.get(typed)
        order_id = ""
    else:
        typed = _typed(
            "    Type its order id if it exists, a if it does not (send again), d to drop it, or Enter to leave it:",
            read,
        )
        kind = {"a": DecisionKind.ABSENT, "d": DecisionKind.DROP}.get(
            typed, DecisionKind.PRESENT if typed else None
        )
        order_id = typed if kind is DecisionKind.PRESENT else ""
    if kind is None:
        return None
    return Decision(kind=kind, order_id=order_id, reason=_typed("    Why? (kept in the log)", read))


def _typed(question: str, read: Callable[[], str]) -> str:
    sys.stderr.write(f"{question} ")
    sys.stderr.flush()
    return read().strip()


def audit(setting: Setting, run_id: str, *, profile_name: str | None, as_json: bool) -> ExitCode:
    """Compare a run's orders with the marketplace's."""
    run_record, profile = find_run(setting, run_id, profile_name)
    with open_parts(
        profile,
        setting.places,
        environment=setting.environment,
        ledger_file=setting.ledger_file,
        stop=setting.stop,
    ) as parts:
        findings = audit_run(parts, run_record)
        orders = parts.ledger.orders_of_run(run_record.run_id)
    code = audit_code(findings)
    if as_json:
        setting.terminal.json(
            {
                "schema": JSON_SCHEMA,
                "run_id": run_record.run_id,
                "exit_code": int(code),
                **audit_json(findings),
            }
        )
        return code
    for line in audit_lines(findings):
        setting.terminal.result(line)
    for key in findings.duplicates:
        setting.terminal.result(f"  ⚠ row {orders[key].sheet_row}: {orders[key].message}")
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
        terminal.say(
            f"⚠ The marketplace gave no usable answer about {end.failed_reads} orders; ask again later."
        )
    if end.report.counts[Outcome.UNKNOWN]:
        terminal.say(
            "  Look in the Control Panel for the rows to check by hand. They are never sent again by themselves."
        )
    say_results(terminal, end.results_path, end.results_problem)
    for command, what in end.report.next_steps:
        terminal.say(f"Next:    {command}     ({what})")
    return end.exit_code
