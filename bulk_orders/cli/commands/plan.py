"""`plan`, `approve` and `apply`: freeze a workbook's orders, have them approved by somebody else, send exactly those."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import bulk_orders
from bulk_orders.cli.commands.check import counts_line, source_of, take_source
from bulk_orders.cli.commands.refusing import refuse_workbook
from bulk_orders.cli.commands.run import as_planned, say_end
from bulk_orders.cli.json_objects import answer
from bulk_orders.cli.money import shown_lines
from bulk_orders.cli.options import WORKBOOK_ENDING
from bulk_orders.cli.progress import ProgressLine, wait_lines
from bulk_orders.cli.proposal_told import proposal_lines
from bulk_orders.cli.session import Session, practice_address, profiles_to_search
from bulk_orders.cli.terminal import Terminal, shown_path, warning_lines
from bulk_orders.core.asked_actions import actions_counted, warnings_of
from bulk_orders.core.money import Limits
from bulk_orders.core.wording import counted
from bulk_orders.errors import ExitCode, GuardStopped, InputError, UsageError
from bulk_orders.ledger.interface import PlanRecord
from bulk_orders.machine.clock import SystemClock
from bulk_orders.machine.logins import Ownership, login_name, ownership
from bulk_orders.machine.shell import quoted
from bulk_orders.reading.input_file import read_file
from bulk_orders.reading.sheet_texts import SheetTexts, read_sheet_texts
from bulk_orders.reading.source import Source
from bulk_orders.runs.approval import answer_in, approve, is_anybodys, refuse_unsound, who_may
from bulk_orders.runs.frozen import Frozen
from bulk_orders.runs.money_limits import estimate_of
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.plans import PlanMoved, PlanOptions, make_plan, prepare_plan
from bulk_orders.runs.proposal import Proposal
from bulk_orders.runs.purge import keep_no_longer
from bulk_orders.settings.profiles import Profile
from bulk_orders.wiring import open_ledger
from bulk_orders.writing.new_book.plan_page import actions, bill, committed, credited, headline, plan_id_in


def plan_file(
    session: Session,
    path: Path,
    profile: Profile,
    options: RunOptions,
    *,
    expires_s: float,
    target: Path | None,
    as_json: bool,
) -> ExitCode:
    """Check a workbook, freeze its orders and prices, write the plan workbook. Nothing is sent."""
    source, checked = take_source(session, path, profile, include_hidden=options.include_hidden)
    refuse_workbook(session, checked, profile, options, as_json=as_json, verb="plan")

    def show(proposal: Proposal) -> None:
        session.terminal.say(counts_line(as_planned(checked, proposal)))

    wanted = PlanOptions(maker=login_name(), expires_s=expires_s, target=target)
    with session.open_services(profile, wait_lines(session, as_json=as_json)) as services:
        plan = make_plan(services, source, checked, options, wanted, on_proposal=show)
    if as_json:
        session.terminal.json(answer(ExitCode.OK, plan=_json(plan) if plan else None))
    elif plan is None:
        session.terminal.result("  Nothing to plan: no row gives a new order.")
    else:
        _say_plan(session.terminal, plan, profile)
    return ExitCode.OK


_NEXT_APPLY: Final = "Next:    bulk-orders apply {plan}     (sends exactly these orders)"


def _say_what_is_done(terminal: Terminal, plan: PlanRecord) -> None:
    shown = [order.shown for order in Frozen.read(plan.content).orders]
    terminal.result(f"  {headline(shown)}")
    terminal.result(f"  {actions(shown)}")
    for line in warning_lines(warnings_of(order.asked for order in shown)):
        terminal.result(line)


def _say_plan(terminal: Terminal, plan: PlanRecord, profile: Profile) -> None:
    terminal.result(
        "Plan {plan_id}   {environment}   expires {at:%d-%b-%Y %H:%M} UTC".format(
            plan_id=plan.plan_id, environment=plan.environment, at=plan.expires_at
        )
    )
    _say_what_is_done(terminal, plan)
    workbook = shown_path(Path(plan.workbook_path))
    terminal.result("Plan workbook: {path}".format(path=workbook))
    approvers = who_may(plan, profile)
    if approvers:
        terminal.say(
            (
                "Next:    {approvers} saves the plan workbook with Approved? "
                "= Yes, or runs `bulk-orders approve {plan_id}`"
            ).format(approvers=approvers, plan_id=plan.plan_id)
        )
    elif is_anybodys(profile):
        terminal.say(
            (
                "Next:    bulk-orders approve {plan_id}     (somebody else must do this; on practice you may, too)"
            ).format(plan_id=plan.plan_id)
        )
    else:
        terminal.say(
            (
                "⚠ The profile {profile} names nobody else who may approve it: "
                "add approvers in settings.toml."
            ).format(profile=profile.name)
        )
    terminal.say(_NEXT_APPLY.format(plan=quoted(workbook)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """The plan that was named, and its workbook where that was how it was named."""

    plan: PlanRecord
    profile: Profile
    path: Path | None = None
    texts: SheetTexts | None = None
    owned: Ownership | None = None


def approve_plan(session: Session, named: str, *, profile_name: str | None, as_json: bool) -> ExitCode:
    """Approve a plan as whoever runs this command."""
    found = _find(session, named, profile_name)
    now = SystemClock().now()
    refuse_unsound(found.plan, found.profile, now)
    if found.path is not None and found.texts is not None:
        answer_in(found.plan, found.texts, found.path.name)
    with open_ledger(found.profile, session.folders) as ledger:
        plan = approve(ledger, found.profile, found.plan, approver=login_name(), now=now)
    if as_json:
        session.terminal.json(answer(ExitCode.OK, plan=_json(plan)))
        return ExitCode.OK
    session.terminal.result(
        "  ✔ Plan {plan_id}: approved by {by} on {at:%d-%b-%Y at %H:%M} UTC".format(
            plan_id=plan.plan_id, by=plan.approved_by, at=plan.approved_at or now
        )
    )
    _say_what_is_done(session.terminal, plan)
    session.terminal.say(_NEXT_APPLY.format(plan=plan.plan_id))
    return ExitCode.OK


def apply_plan(
    session: Session,
    named: str,
    file: Path | None,
    options: RunOptions,
    *,
    profile_name: str | None,
    as_json: bool,
) -> ExitCode:
    """Send exactly the orders of an approved plan, or say what moved and send nothing."""
    terminal = session.terminal
    found = _find(session, named, profile_name)
    profile = found.profile
    plan = _approved_by_workbook(session, found)
    source = _source_of(plan, profile, file)
    try:
        with (
            ProgressLine(0, is_quiet=terminal.is_quiet or as_json, is_plain=terminal.is_plain) as progress,
            session.open_services(profile, (progress,)) as services,
        ):
            with prepare_plan(services, plan.plan_id, source, options) as prepared:
                proposal = prepared.proposal
                if proposal.orders:
                    estimate = estimate_of(prepared.plan.to_send, Frozen.read(plan.content).prices, Limits())
                    told = proposal_lines(proposal, prepared.checked.changes)
                    for line in (*told, *shown_lines(estimate, prepared.checked.tables)):
                        terminal.say(line)
                if left := plan.orders - proposal.orders:
                    terminal.say(
                        counted(
                            left,
                            "  {number} planned order is not sent: "
                            "it exists, is held or is in doubt; the results say which.",
                            "  {number:,} planned orders are not sent: "
                            "they exist, are held or are in doubt; the results say which.",
                        )
                    )
                progress.expect(proposal.orders)
                end = prepared.send(proposal.orders)
            end = replace(end, erased=keep_no_longer(services))
    except PlanMoved as refused:
        for what in refused.moved:
            terminal.say(f"  ✖ {what}")
        raise
    return say_end(terminal, end, profile, as_json=as_json)


def _find(session: Session, named: str, profile_name: str | None) -> _Named:
    """Return the plan of this id, or of this plan workbook, as it is read now. Raises `UsageError`, `InputError`."""
    path = Path(named)
    if path.suffix.lower() != WORKBOOK_ENDING and not path.is_file():
        plan, profile = _known(session, named, profile_name)
        return _Named(plan=plan, profile=profile)
    content, owned = _read_owned(path)
    texts = read_sheet_texts(content, path.name)
    plan_id = plan_id_in(texts)
    if not plan_id:
        raise InputError(
            "{name} is not a plan workbook.".format(name=path.name),
            fix="Name the workbook that `bulk-orders plan` wrote, or the plan's id.",
        )
    plan, profile = _known(session, plan_id, profile_name)
    return _Named(plan=plan, profile=profile, path=path, texts=texts, owned=owned)


def _known(session: Session, plan_id: str, profile_name: str | None) -> tuple[PlanRecord, Profile]:
    for profile in profiles_to_search(session, profile_name):
        with open_ledger(profile, session.folders) as ledger:
            plan = ledger.plan(plan_id)
        if plan is not None:
            return plan, session.profile(profile_name or plan.profile, base_url=practice_address(plan))
    raise UsageError(
        "There is no plan {plan}.".format(plan=plan_id),
        fix="Use the id that `bulk-orders plan` printed, or its workbook.",
    )


def _read_owned(path: Path) -> tuple[bytes, Ownership | None]:
    """Read a file, and say whose it was meanwhile; None where it changed hands or content."""
    try:
        before = ownership(path)
        content = read_file(path)
        return content, before if ownership(path) == before else None
    except OSError:
        return read_file(path), None  # it says why it cannot be read


def _approved_by_workbook(session: Session, found: _Named) -> PlanRecord:
    """Return the plan; a plan workbook that says Yes is the approval of whoever owns it, and is recorded as such.

    Raises `GuardStopped` when the workbook was changed, says No, or does not prove who saved it.
    """
    plan, now = found.plan, SystemClock().now()
    refuse_unsound(plan, found.profile, now)
    if found.path is None or found.texts is None:
        return plan
    says_yes = answer_in(plan, found.texts, found.path.name)
    if not says_yes or plan.approved_by:
        return plan
    approver = _owner(found.path, found.owned, plan)
    with open_ledger(found.profile, session.folders) as ledger:
        return approve(ledger, found.profile, plan, approver=approver, now=now)


def _owner(path: Path, owned: Ownership | None, plan: PlanRecord) -> str:
    if owned is None:
        raise GuardStopped("{name} was replaced while it was read.".format(name=path.name), fix="Try again.")
    if not owned.owner:
        raise GuardStopped(
            "This system does not say who saved {name}.".format(name=path.name),
            fix="The approver can run `bulk-orders approve {plan_id}` instead.".format(plan_id=plan.plan_id),
        )
    if not owned.is_theirs_alone:
        raise GuardStopped(
            "Others than {owner} can change {name}, so it does not prove who approved it.".format(
                owner=owned.owner, name=path.name
            ),
            fix=(
                "{owner} runs `chmod go-w {path}` and saves it again, "
                "or runs `bulk-orders approve {plan_id}`."
            ).format(owner=owned.owner, path=quoted(path), plan_id=plan.plan_id),
        )
    return owned.owner


def _source_of(plan: PlanRecord, profile: Profile, file: Path | None) -> Source:
    """Return the workbook, read by its mapping if it has one; what it says is compared with the plan later."""
    path = file or Path(plan.source_path)
    try:
        return source_of(bulk_orders.check(path, own_domain=profile.partner_domain))
    except InputError as error:
        raise PlanMoved(
            plan.plan_id,
            ["the workbook that was planned cannot be read ({reason})".format(reason=error.message)],
        ) from error


def _json(plan: PlanRecord) -> dict[str, Any]:
    shown = [order.shown for order in Frozen.read(plan.content).orders]
    return {
        "id": plan.plan_id,
        "digest": plan.digest,
        "environment": plan.environment,
        "profile": plan.profile,
        "orders": plan.orders,
        "rows": [order.sheet_row for order in shown],
        "actions": actions_counted(order.asked for order in shown),
        "first_bill": {currency: str(amount) for currency, amount in bill(shown).items()},
        "credited": {currency: str(amount) for currency, amount in credited(shown).items()},
        "committed": {currency: str(amount) for currency, amount in committed(shown).items()},
        "without_price": sum(1 for order in shown if order.lacks_price),
        "workbook": plan.source_name,
        "workbook_sha256": plan.source_sha256,
        "plan_workbook": plan.workbook_path,
        "made_by": plan.maker,
        "made_at": plan.made_at.isoformat(),
        "expires_at": plan.expires_at.isoformat(),
        "approved_by": plan.approved_by or None,
        "approved_at": plan.approved_at.isoformat() if plan.approved_at else None,
    }
