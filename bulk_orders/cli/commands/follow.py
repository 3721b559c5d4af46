"""`status`, `resolve` and `audit`: what became of orders after the run."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import bulk_orders
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.progress import wait_lines
from bulk_orders.cli.report_told import asked_audit_json, audit_code, audit_lines, report_json, report_lines
from bulk_orders.cli.session import Session, find_run, profiles_to_search
from bulk_orders.cli.terminal import Ask, Terminal, ask_for, say_next_steps, say_results
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.night_rules import riskiest
from bulk_orders.core.problem_texts import PROBLEM_TEXTS
from bulk_orders.core.summary import Outcome
from bulk_orders.core.wording import counted
from bulk_orders.errors import BulkOrdersError, ExitCode, UsageError
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.machine.clock import SystemClock
from bulk_orders.marketplace.interface import PlatformOrder
from bulk_orders.runs.follow import is_to_follow
from bulk_orders.runs.own_orders import own_order_ids
from bulk_orders.runs.resolve import Decision, DecisionKind, Pair, audit_run, resolve_run
from bulk_orders.runs.run import RunEnd
from bulk_orders.sending.decisions import Doubt
from bulk_orders.sending.events import LookedUp
from bulk_orders.settings.profiles import Profile
from bulk_orders.wiring import open_ledger


def status(
    session: Session, run_id: str, *, profile_name: str | None, wait_s: float, as_json: bool
) -> ExitCode:
    """Ask what became of accepted orders."""
    run_record, profile = find_run(session, run_id, profile_name)
    end = _asked(session, run_record, profile, wait_s=wait_s, as_json=as_json)
    return _say_follow(session.terminal, end, as_json=as_json)


def status_all(session: Session, *, profile_name: str | None, wait_s: float, as_json: bool) -> ExitCode:
    """Ask what became of the orders of all runs that are open, the oldest first; how the riskiest stands.

    A run that cannot be asked, for example because its profile is gone, is reported, and the next one has its turn.
    """
    terminal = session.terminal
    ends: list[RunEnd] = []
    not_asked: list[tuple[str, BulkOrdersError]] = []
    for run_id in _open_run_ids(session, profile_name):
        if session.stop.is_set():
            break
        try:
            ends.append(_followed(session, run_id, profile_name, wait_s=wait_s, as_json=as_json))
        except BulkOrdersError as error:
            not_asked.append((run_id, error))
            terminal.fail(
                "Run {run_id} cannot be asked: {message}".format(run_id=run_id, message=error.message),
                error.fix,
            )
    code = riskiest([*(end.exit_code for end in ends), *(error.exit_code for _, error in not_asked)])
    if as_json:
        runs = [report_json(end.report, end.exit_code, _path_text(end)) for end in ends]
        terminal.json(answer(code, runs=runs, not_asked=[_not_asked_json(*entry) for entry in not_asked]))
    elif not ends and not not_asked:
        terminal.say("No run is open: every order is set up, failed or decided on.")
    return code


def _followed(
    session: Session, run_id: str, profile_name: str | None, *, wait_s: float, as_json: bool
) -> RunEnd:
    """Ask about one run; say what became of its orders, unless JSON is wanted."""
    run_record, profile = find_run(session, run_id, profile_name)
    end = _asked(session, run_record, profile, wait_s=wait_s, as_json=as_json)
    if not as_json:
        name = run_record.source_name or "(erased)"
        head = "Run {run_id}   {name}   {environment}".format(
            run_id=run_id, name=name, environment=profile.environment
        )
        session.terminal.result(head)
        _say_follow(session.terminal, end, as_json=False)
    return end


def _asked(session: Session, run: RunRecord, profile: Profile, *, wait_s: float, as_json: bool) -> RunEnd:
    given = session.given(*wait_lines(session, as_json=as_json))
    return bulk_orders.status(run.run_id, profile, wait_s=wait_s, **given)


def _not_asked_json(run_id: str, error: BulkOrdersError) -> dict[str, object]:
    return {
        "run_id": run_id,
        "exit_code": int(error.exit_code),
        "message": error.message,
        "fix": error.fix or None,
    }


def _open_run_ids(session: Session, profile_name: str | None) -> list[str]:
    found: dict[str, datetime] = {}
    now = SystemClock().now()
    for profile in profiles_to_search(session, profile_name):
        with open_ledger(profile, session.folders) as ledger:
            found |= {run.run_id: run.started_at for run in ledger.runs() if is_to_follow(ledger, run, now)}
    return sorted(found, key=found.__getitem__)


def decision_from(
    flags: Mapping[str, bool],
    rows: Sequence[int],
    order_id: str,
    reason: str,
    *,
    even_cancelled: bool = False,
) -> Decision | None:
    """Return the decision that the flags name, or None. Raises `UsageError` if they name several."""
    said = [name for name, is_said in flags.items() if is_said]
    if not said:
        if rows or reason or even_cancelled:
            raise UsageError(
                "No decision was given.",
                fix="Add --present, --present-all, --absent, --confirm, --drop or --resend-absent.",
            )
        return None
    if len(said) > 1:
        raise UsageError(
            "--{one} and --{other} cannot be combined.".format(one=said[0], other=said[1]),
            fix="Decide on one thing at a time.",
        )
    kind = DecisionKind(said[0])
    if not rows and kind in {DecisionKind.ABSENT, DecisionKind.PRESENT}:
        raise UsageError(
            "--{kind} needs a row.".format(kind=kind),
            fix="Name it with --row N; `bulk-orders resolve RUN` shows the rows.",
        )
    return Decision(
        kind=kind, sheet_rows=tuple(rows), order_id=order_id, reason=reason, even_cancelled=even_cancelled
    )


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
                "  row {row}: found ({note})".format(row=row, note=note)
                if event.is_found
                else "  row {row}: not found yet ({note})".format(row=row, note=note)
            )

    def ask(doubt: Doubt, waiting: str, problem: str) -> Decision | None:
        for line in [f"    ✖ {problem}"] if problem else doubt_lines(doubt, waiting):
            terminal.say(line)
        return asked(doubt, terminal.say, session.ask) if session.ask else None

    def confirm(found: Sequence[Pair]) -> bool:
        for line in pair_lines(found):
            terminal.say(line)
        question = counted(
            len(found),
            "  Type {number} to confirm that this row is that order, or Enter to stop:",
            "  Type {number} to confirm that these {number} rows are those orders, or Enter to stop:",
        )
        expected = "  Type {number}, or Enter to stop:".format(number=len(found))
        return session.ask is not None and bool(
            ask_for(session.ask, question, expected=expected, is_answer=str(len(found)).__eq__)
        )

    with session.open_services(profile, (show, *wait_lines(session, as_json=as_json))) as services:
        end = resolve_run(
            services, run_record, decision=decision, decide=None if as_json else ask, confirm_pairs=confirm
        )
    return _say_follow(terminal, end, as_json=as_json)


_UTC: Final = "{moment:%Y-%m-%d %H:%M:%S} UTC"
_ROW: Final = "  Row {row}  {reference}"
_NO_REFERENCE: Final = "without a reference"
_READ: Final = "    reading   {note}"


def doubt_lines(doubt: Doubt, waiting: str) -> list[str]:
    """Return lines with what was sent and what the marketplace lists around that minute."""
    order = doubt.order
    sent = _UTC.format(moment=order.sent_at) if order.sent_at else "never"
    lines = [
        "",
        _ROW.format(row=order.sheet_row, reference=order.reference or _NO_REFERENCE),
        "    sent      {sent}   customer {customer_id}   {mpn} × {quantity}   PO {po_number}".format(
            sent=sent,
            customer_id=order.customer_id,
            mpn=order.mpn,
            quantity=order.quantity,
            po_number=order.marker,
        ),
    ]
    if order.state is State.HELD:
        lines += _why_held(order)
    elif doubt.since:
        lines.append(
            "    known     {message} (since {moment:%Y-%m-%d %H:%M:%S} UTC)".format(
                message=order.message or "-", moment=doubt.since
            )
        )
    else:
        lines.append("    known     {message}".format(message=order.message or "-"))
    if waiting and order.state is State.UNKNOWN:
        lines.append(_READ.format(note=waiting))
    if doubt.note:
        lines.append(_READ.format(note=doubt.note))
    lines += [there_line(entry) for entry in doubt.there]
    if not doubt.there and not doubt.note:
        is_held = order.state is State.HELD
        lines.append(
            "    there     no order of the last 30 days that looks like it and belongs to no row"
            if is_held
            else "    there     no order of this customer around that time"
        )
    return lines


_TIME_UNKNOWN: Final = "time unknown"


def _why_held(order: OrderRecord) -> list[str]:
    since = _UTC.format(moment=order.held_at) if order.held_at else _TIME_UNKNOWN
    return [
        "    held      since {since}   {code}".format(since=since, code=order.code),
        "    why       {message}".format(message=order.message),
        "    to do     {fix}".format(fix=PROBLEM_TEXTS[order.code].fix),
    ]


def there_line(entry: PlatformOrder) -> str:
    """Return one order as the marketplace lists it."""
    made = _UTC.format(moment=entry.created_at) if entry.created_at else _TIME_UNKNOWN
    products = ", ".join(f"{line.get('mpn')} × {line.get('quantity')}" for line in entry.products or ())
    return "    there     {made}   {number}   {products}   PO {po_number}   {status}".format(
        made=made,
        number="{order_number} (id {order_id})".format(
            order_number=entry.order_number or "-", order_id=entry.order_id
        ),
        products=products or "products unknown",
        po_number=entry.po_number or "-",
        status=entry.status,
    )


def pair_lines(found: Sequence[Pair]) -> list[str]:
    """List held rows, each with the order that it equals."""
    lines = []
    for order, entry in found:
        lines.append(_ROW.format(row=order.sheet_row, reference=order.reference or _NO_REFERENCE))
        lines.append(there_line(entry))
    return lines


_HELD_KEYS = {"c": DecisionKind.CONFIRM, "d": DecisionKind.DROP}
_DOUBT_KEYS = {"a": DecisionKind.ABSENT, "d": DecisionKind.DROP}


def asked(doubt: Doubt, say: Callable[[str], None], ask: Ask) -> Decision | None:
    """Ask a person about one row until there is an answer; Enter leaves the row as it is."""
    is_held = doubt.order.state is State.HELD
    keys = _HELD_KEYS if is_held else _DOUBT_KEYS
    question = (
        (
            "    Type its order id if it exists, c to confirm that another "
            "order is wanted, d to drop it, or Enter to leave it:"
        )
        if is_held
        else (
            "    Type its order id if it exists, a if it does not "
            "(send again), d to drop it, or Enter to leave it:"
        )
    )
    while typed := ask(question).strip():
        kind = keys.get(typed.casefold())
        if kind is None and not _may_be_id(typed, doubt):
            say('    "{typed}" is none of these.'.format(typed=typed))
            continue
        why = "    What is the reason for row {row}? It is kept in the log.".format(row=doubt.order.sheet_row)
        if reason := ask(why).strip():
            order_id = "" if kind else typed
            return Decision(kind=kind or DecisionKind.PRESENT, order_id=order_id, reason=reason)
        say("    Every decision needs a reason.")
    return None


def _may_be_id(typed: str, doubt: Doubt) -> bool:
    """Tell whether that can be an order's id: one that is shown, or one word with a digit in it."""
    is_shown = any(typed == entry.order_id for entry in doubt.there)
    return is_shown or (len(typed.split()) == 1 and any(letter.isdigit() for letter in typed))


def audit(session: Session, run_id: str, *, profile_name: str | None, as_json: bool) -> ExitCode:
    """Compare a run's orders with the marketplace's."""
    run_record, profile = find_run(session, run_id, profile_name)
    with session.open_services(profile, wait_lines(session, as_json=as_json)) as services:
        findings = audit_run(services, run_record)
        own = own_order_ids(services.ledger, run_record)
    code = audit_code(findings)
    if as_json:
        session.terminal.json(answer(code, **asked_audit_json(findings, run_record.run_id)))
        return code
    for line in audit_lines(findings, run_record.run_id, own):
        session.terminal.result(line)
    return code


def _say_follow(terminal: Terminal, end: RunEnd, *, as_json: bool) -> ExitCode:
    if as_json:
        terminal.json(report_json(end.report, end.exit_code, _path_text(end)))
        return end.exit_code
    for line in report_lines(end.report):
        terminal.result(line)
    if end.failed_reads:
        orders = counted(end.failed_reads, "{number} order", "{number} orders")
        terminal.say(
            "⚠ The marketplace gave no usable answer about {orders}; ask again later.".format(orders=orders)
        )
    if end.report.counts[Outcome.UNKNOWN]:
        terminal.say(
            "  Look in the Control Panel for the rows to check by hand. "
            "They are never sent again automatically."
        )
    say_results(terminal, end.results_path, end.results_problem)
    say_next_steps(terminal, end.report.next_steps)
    return end.exit_code


def _path_text(end: RunEnd) -> str | None:
    return str(end.results_path) if end.results_path else None
