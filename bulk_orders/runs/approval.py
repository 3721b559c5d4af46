"""Who may approve a plan, and whether a profile sends without one: two pairs of eyes, or control totals by somebody else."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Final

from bulk_orders.errors import GuardStopped
from bulk_orders.ledger.interface import Ledger, PlanRecord, RunRecord, Superseded
from bulk_orders.runs.approved_plan import ApprovedPlan, plan_told
from bulk_orders.runs.frozen import Frozen, digest_of, page_of
from bulk_orders.settings.profiles import Profile
from bulk_orders.texts import plan_workbook
from bulk_orders.texts import plans as words
from bulk_orders.writing.new_book.plan_page import plan_id_in, what_changed

_OR: Final = " or "
_CELLS_NAMED: Final = 3


def refuse_without_plan(profile: Profile, plan: ApprovedPlan | None) -> None:
    """Raise `GuardStopped` where the profile sends only approved plans and there is none."""
    if profile.policy == "approval" and plan is None:
        raise GuardStopped(
            words.NEEDS_A_PLAN.format(profile=profile.name),
            fix=words.NEEDS_A_PLAN_FIX.format(profile=profile.name),
        )


def refuse_to_resume(profile: Profile, run: RunRecord) -> None:
    """Raise `GuardStopped` where the profile sends only approved plans and the run began without one."""
    if profile.policy == "approval" and not plan_told(json.loads(run.options)):
        raise GuardStopped(
            words.RUN_WITHOUT_PLAN.format(run_id=run.run_id, profile=profile.name),
            fix=words.PLAN_AGAIN_FIX,
        )


def approve(
    ledger: Ledger, profile: Profile, plan: PlanRecord, *, approver: str, now: datetime
) -> PlanRecord:
    """Record the approval and return the plan with it; one that is approved stays as it is.

    Raises `GuardStopped` for a plan that cannot be applied any more or is of another account, for its own maker, and for
    somebody who is not one of the profile's approvers.
    """
    refuse_unsound(plan, profile, now)
    _refuse_approver(plan, profile, approver)
    if not plan.approved_by:
        with suppress(Superseded):  # somebody else was quicker; `refuse_unapproved` judges that approval
            ledger.approve_plan(plan.plan_id, by=approver, at=now)
    return ledger.plan(plan.plan_id) or plan


def refuse_unapproved(plan: PlanRecord, profile: Profile) -> None:
    """Raise `GuardStopped` for a plan without an approval, and for one that the settings of today would not allow."""
    if not plan.approved_by:
        approvers = who_may(plan, profile)
        fix = words.NO_APPROVERS_FIX.format(profile=profile.name)
        if approvers:
            fix = words.NOT_APPROVED_FIX.format(approvers=approvers, plan_id=plan.plan_id)
        elif is_anybodys(profile):
            fix = words.NOT_APPROVED_PRACTICE_FIX.format(plan_id=plan.plan_id)
        raise GuardStopped(words.NOT_APPROVED.format(plan_id=plan.plan_id), fix=fix)
    _refuse_approver(plan, profile, plan.approved_by)


def _refuse_approver(plan: PlanRecord, profile: Profile, approver: str) -> None:
    if is_anybodys(profile):
        return
    approvers = who_may(plan, profile)
    named = words.NOT_AN_APPROVER_FIX.format(approvers=approvers)
    no_approvers = words.NO_APPROVERS_FIX.format(profile=profile.name)
    fix = named if approvers else no_approvers
    if approver.casefold() == plan.maker.casefold():
        raise GuardStopped(words.OWN_PLAN.format(who=approver, plan_id=plan.plan_id), fix=fix)
    if not profile.approvers:
        raise GuardStopped(words.NO_APPROVERS.format(profile=profile.name), fix=no_approvers)
    if approver.casefold() not in {name.casefold() for name in profile.approvers}:
        raise GuardStopped(words.NOT_AN_APPROVER.format(who=approver, profile=profile.name), fix=fix)


def is_anybodys(profile: Profile) -> bool:
    """Tell whether anybody may approve, the plan's maker, too: to try it alone on practice, where nothing is rehearsed."""
    return profile.is_practice and profile.policy != "approval" and not profile.approvers


def who_may(plan: PlanRecord, profile: Profile) -> str:
    """Name those who may approve the plan, for a sentence; empty for nobody."""
    return _OR.join(name for name in profile.approvers if name.casefold() != plan.maker.casefold())


def refuse_unsound(plan: PlanRecord, profile: Profile, now: datetime) -> None:
    """Raise `GuardStopped` for a plan of another profile or account, an erased or changed one, and one that expired."""
    if plan.profile != profile.name:
        raise GuardStopped(
            words.OTHER_PROFILE.format(plan_id=plan.plan_id, planned=plan.profile, profile=profile.name),
            fix=words.PLAN_AGAIN_FIX,
        )
    account = str(profile.account)
    if plan.account != account:
        raise GuardStopped(
            words.OTHER_ACCOUNT.format(
                plan_id=plan.plan_id, planned=plan.account, profile=profile.name, account=account
            ),
            fix=words.PLAN_AGAIN_FIX,
        )
    if not plan.content:
        raise GuardStopped(words.ERASED.format(plan_id=plan.plan_id), fix=words.PLAN_AGAIN_FIX)
    if digest_of(plan) != plan.digest:
        raise GuardStopped(
            words.CHANGED_IN_LEDGER.format(plan_id=plan.plan_id), fix=words.CHANGED_IN_LEDGER_FIX
        )
    if now >= plan.expires_at:
        raise GuardStopped(
            words.EXPIRED.format(plan_id=plan.plan_id, at=plan.expires_at), fix=words.PLAN_AGAIN_FIX
        )


def answer_in(plan: PlanRecord, read: dict[str, list[list[str]]], name: str) -> bool:
    """Return whether a saved plan workbook says Yes; no answer is not one. The plan is sound (`refuse_unsound`).

    Raises `GuardStopped` when anything else in it was changed, and when it says No.
    """
    changed, answer = what_changed(page_of(plan, Frozen.read(plan.content)), read)
    if changed or plan_id_in(read) != plan.plan_id:
        where = ", ".join(changed[:_CELLS_NAMED]) + (", …" if len(changed) > _CELLS_NAMED else "")
        raise GuardStopped(
            words.WORKBOOK_CHANGED.format(name=name, where=where), fix=words.WORKBOOK_CHANGED_FIX
        )
    said = answer.casefold()
    if said == plan_workbook.NO.casefold():
        raise GuardStopped(words.SAID_NO.format(plan_id=plan.plan_id), fix=words.PLAN_AGAIN_FIX)
    if said not in {"", plan_workbook.YES.casefold()}:
        raise GuardStopped(
            words.ANSWER_UNCLEAR.format(name=name, answer=answer), fix=words.ANSWER_UNCLEAR_FIX
        )
    return bool(said)
