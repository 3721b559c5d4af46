"""What `check` finds beside the workbook: in the ledger, where there is one, and on the marketplace, where it is asked."""

from dataclasses import replace
from pathlib import Path

from bulk_orders.checking.result import CheckResult, RowState
from bulk_orders.checking.told_later import with_told
from bulk_orders.cli.money import AskedFor, Estimate
from bulk_orders.cli.progress import AskingLine, wait_lines
from bulk_orders.cli.session import Session
from bulk_orders.core.money import bills_of, excesses
from bulk_orders.errors import AnotherRunActive, LedgerUnusable
from bulk_orders.ledger.interface import Ledger
from bulk_orders.machine.clock import SystemClock
from bulk_orders.runs.ask_marketplace import Said, ask
from bulk_orders.runs.control_totals import estimated_problems
from bulk_orders.runs.kept_answers import KeptAnswers
from bulk_orders.runs.known_rows import KnownRows, known_rows
from bulk_orders.runs.money_limits import guard_reasons, limits_of, too_dear
from bulk_orders.settings.profiles import Profile
from bulk_orders.texts import commands as words
from bulk_orders.wiring import load_template, open_ledger


def look_into_ledger(session: Session, profile: Profile, checked: CheckResult) -> CheckResult:
    """Return the result with what the profile's ledger knows of its rows; the same where there is no ledger yet."""
    if checked.has_file_errors or not ledger_path(session, profile).exists():
        return checked
    try:
        with open_ledger(profile, session.folders, session.ledger_file) as ledger:
            return _with_known(checked, _known(ledger, profile, checked))
    except (LedgerUnusable, AnotherRunActive) as error:
        session.terminal.say(words.LEDGER_NOT_LOOKED_INTO.format(reason=error.message))
        return checked


def ask_marketplace(
    session: Session, profile: Profile, checked: CheckResult, asked_for: AskedFor
) -> tuple[CheckResult, Estimate]:
    """Return the result with what the marketplace says of the rows to send, and what they would cost. Nothing is placed."""
    if checked.has_file_errors:
        return checked, Estimate()
    with session.open_services(profile, wait_lines(session, as_json=asked_for.is_silent)) as services:
        known = _known(services.ledger, profile, checked)
        checked = _with_known(checked, known)
        if not known.to_send:
            return checked, Estimate()
        services.marketplace.sign_in()
        kept = KeptAnswers(
            session.folders.answers(is_practice=profile.is_practice),
            account=str(profile.account),
            now=services.clock.now,
        )
        with AskingLine(session.terminal, services.clock, is_silent=asked_for.is_silent) as line:
            said = ask(
                services,
                known.to_send,
                checked,
                kept=kept,
                tell=line.show,
                is_online=asked_for.is_online,
            )
    return _estimated(with_told(checked, said.problems), said, asked_for)


def _estimated(checked: CheckResult, said: Said, asked_for: AskedFor) -> tuple[CheckResult, Estimate]:
    """Hold what the orders cost against the limits; a row that costs more than it may is a row to fix."""
    if not asked_for.is_estimate:
        return checked, Estimate()
    limits = limits_of(
        checked, said.orders, in_all=asked_for.max_amount, per_customer=asked_for.max_per_customer
    )
    bills = bills_of(said.orders, said.prices)
    rows = replace(limits, in_all=None, per_customer=None)
    checked = with_told(checked, (too_dear(checked, excess) for excess in excesses(bills, rows)))
    checked = with_told(checked, estimated_problems(checked, said.orders, said.prices))
    unpriced = [
        order.sheet_row
        for order in said.orders
        if order.key not in said.prices and checked.row_states[order.sheet_row] is RowState.READY
    ]
    reasons = guard_reasons(bills, replace(limits, of_rows={}), unpriced=len(unpriced))
    return checked, Estimate(bills=tuple(bills), unpriced=tuple(unpriced), reasons=tuple(reasons))


def ledger_path(session: Session, profile: Profile) -> Path:
    """Return where the profile's ledger is, if there is one."""
    folders = session.folders
    return session.ledger_file or (folders.practice_ledger if profile.is_practice else folders.ledger)


def _known(ledger: Ledger, profile: Profile, checked: CheckResult) -> KnownRows:
    return known_rows(ledger, profile, checked, template=load_template(profile), now=SystemClock().now())


def _with_known(checked: CheckResult, known: KnownRows) -> CheckResult:
    return with_told(checked, known.problems, ordered=known.ordered)
