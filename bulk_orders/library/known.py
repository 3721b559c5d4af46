"""What `check` finds beside the workbook: in the ledger, where there is one, and on the marketplace, where it is asked."""

from dataclasses import replace

from bulk_orders.checking.result import CheckResult, RowState
from bulk_orders.checking.told_later import with_told
from bulk_orders.core.money import Estimate, bills_of, excesses, is_priced
from bulk_orders.ledger.interface import Ledger
from bulk_orders.library.sources import Ask
from bulk_orders.machine.clock import SystemClock
from bulk_orders.runs.ask_marketplace import Said, meet_account
from bulk_orders.runs.ask_marketplace import ask as ask_marketplace
from bulk_orders.runs.control_totals import estimated_problems
from bulk_orders.runs.kept_answers import KeptAnswers
from bulk_orders.runs.known_rows import KnownRows, known_rows
from bulk_orders.runs.money_limits import guard_reasons, limits_of, too_dear
from bulk_orders.runs.questions import Tell
from bulk_orders.sending.services import Services
from bulk_orders.settings.folders import Folders
from bulk_orders.settings.profiles import Profile
from bulk_orders.wiring import load_templates, open_ledger


def with_ledger(profile: Profile, folders: Folders, checked: CheckResult) -> CheckResult:
    """Return the result with what the profile's ledger knows of its rows."""
    with open_ledger(profile, folders) as ledger:
        return _with_known(checked, _known(ledger, profile, checked))


def with_answers(
    services: Services, folders: Folders, checked: CheckResult, ask: Ask, on_answer: Tell | None
) -> CheckResult:
    """Return the same with what the marketplace says of the rows to send, and what they would cost. Nothing is placed."""
    profile = services.profile
    known = _known(services.ledger, profile, checked)
    checked = _with_known(checked, known)
    if not known.to_send:
        return checked
    services.marketplace.sign_in()
    meet_account(services, known.to_send)
    kept = KeptAnswers(
        folders.answers(is_practice=profile.is_practice),
        account=str(profile.account),
        now=services.clock.now,
    )
    tell = on_answer or (lambda _done, _total: None)
    said = ask_marketplace(services, known.to_send, checked, kept=kept, tell=tell, is_online=ask.online)
    checked = with_told(checked, said.problems)
    return _estimated(checked, said, ask) if ask.is_priced else checked


def _estimated(checked: CheckResult, said: Said, ask: Ask) -> CheckResult:
    """Hold what the orders cost against the limits; a row that costs more than it may is a row to fix."""
    limits = limits_of(checked, said.orders, in_all=ask.max_amount, per_customer=ask.max_per_customer)
    bills = bills_of(said.orders, said.prices)
    rows = replace(limits, in_all=None, per_customer=None)
    checked = with_told(checked, (too_dear(checked, excess) for excess in excesses(bills, rows)))
    checked = with_told(checked, estimated_problems(checked, said.orders, said.prices))
    unpriced = [
        order.sheet_row
        for order in said.orders
        if order.key not in said.prices
        and is_priced(order)
        and checked.row_states[order.sheet_row] is RowState.READY
    ]
    reasons = guard_reasons(bills, replace(limits, of_rows={}), unpriced=len(unpriced))
    estimate = Estimate(bills=tuple(bills), unpriced=tuple(unpriced), reasons=tuple(reasons))
    return replace(checked, estimate=estimate)


def _known(ledger: Ledger, profile: Profile, checked: CheckResult) -> KnownRows:
    return known_rows(ledger, profile, checked, templates=load_templates(profile), now=SystemClock().now())


def _with_known(checked: CheckResult, known: KnownRows) -> CheckResult:
    return with_told(checked, known.problems, ordered=known.ordered)
