"""Who may approve a plan, and whether a profile sends without one: two pairs of eyes, or control totals by somebody else."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.order_types import type_of
from bulk_orders.core.our_marks import PLAN_NO, PLAN_YES
from bulk_orders.errors import GuardStopped
from bulk_orders.ledger.interface import Ledger, PlanRecord, RunRecord, Superseded
from bulk_orders.runs.approved_plan import ApprovedPlan, plan_told
from bulk_orders.runs.frozen import Frozen, digest_of, page_of
from bulk_orders.settings.profiles import Profile
from bulk_orders.writing.new_book.plan_page import plan_id_in, what_changed

_CELLS_NAMED: Final = 3
PLAN_AGAIN_FIX: Final = "Plan the workbook again: bulk-orders plan FILE, and have the new plan approved."


def refuse_without_plan(profile: Profile, plan: ApprovedPlan | None) -> None:
    """Raise `GuardStopped` where the profile sends only approved plans and there is none."""
    if profile.policy == "approval" and plan is None:
        raise GuardStopped(
            "The profile {profile} sends only approved plans.".format(profile=profile.name),
            fix=(
                "Make one with `bulk-orders plan FILE --profile {profile}`; "
                "when it is approved, send it with `bulk-orders apply PLAN`."
            ).format(profile=profile.name),
        )


def refuse_to_resume(profile: Profile, run: RunRecord) -> None:
    """Raise `GuardStopped` where the profile sends only approved plans and the run began without one."""
    if profile.policy == "approval" and not plan_told(json.loads(run.options)):
        raise GuardStopped(
            "Run {run_id} began without an approved plan, and the profile {profile} asks for one now.".format(
                run_id=run.run_id, profile=profile.name
            ),
            fix=PLAN_AGAIN_FIX,
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


_NO_APPROVERS_FIX: Final = 'Write approvers = ["NAME", …] under [profiles.{profile}] in settings.toml.'


def refuse_unapproved(plan: PlanRecord, profile: Profile) -> None:
    """Raise `GuardStopped` for a plan without an approval, and for one that the settings of today would not allow."""
    if not plan.approved_by:
        approvers = who_may(plan, profile)
        fix = _NO_APPROVERS_FIX.format(profile=profile.name)
        if approvers:
            fix = (
                "Ask {approvers} to run `bulk-orders approve "
                "{plan_id}`, or to save the plan workbook with Yes."
            ).format(approvers=approvers, plan_id=plan.plan_id)
        elif is_anybodys(profile):
            fix = (
                "On practice you may do it yourself: run `bulk-orders approve {plan_id}`, then apply it."
            ).format(plan_id=plan.plan_id)
        raise GuardStopped("Nobody has approved the plan {plan_id}.".format(plan_id=plan.plan_id), fix=fix)
    _refuse_approver(plan, profile, plan.approved_by)


def _refuse_approver(plan: PlanRecord, profile: Profile, approver: str) -> None:
    if is_anybodys(profile):
        return
    approvers = who_may(plan, profile)
    named = "Ask {approvers}.".format(approvers=approvers)
    no_approvers = _NO_APPROVERS_FIX.format(profile=profile.name)
    fix = named if approvers else no_approvers
    if approver.casefold() == plan.maker.casefold():
        raise GuardStopped(
            "{who} made the plan {plan_id} and cannot approve it.".format(who=approver, plan_id=plan.plan_id),
            fix=fix,
        )
    if not profile.approvers:
        raise GuardStopped(
            "The profile {profile} names nobody who may approve plans.".format(profile=profile.name),
            fix=no_approvers,
        )
    if approver.casefold() not in {name.casefold() for name in profile.approvers}:
        raise GuardStopped(
            "{who} may not approve plans of the profile {profile}.".format(
                who=approver, profile=profile.name
            ),
            fix=fix,
        )


def is_anybodys(profile: Profile) -> bool:
    """Tell whether anybody may approve, the plan's maker, too: to try it alone on practice, where nothing is rehearsed."""
    return profile.is_practice and profile.policy != "approval" and not profile.approvers


def who_may(plan: PlanRecord, profile: Profile) -> str:
    """Name those who may approve the plan, for a sentence; empty for nobody."""
    return " or ".join(name for name in profile.approvers if name.casefold() != plan.maker.casefold())


def refuse_unsound(plan: PlanRecord, profile: Profile, now: datetime) -> None:
    """Raise `GuardStopped` for a plan of another profile or account, an erased or changed one, one of another version, and one that expired."""
    if plan.profile != profile.name:
        raise GuardStopped(
            "The plan {plan_id} was made for the profile {planned}, not for {profile}.".format(
                plan_id=plan.plan_id, planned=plan.profile, profile=profile.name
            ),
            fix=PLAN_AGAIN_FIX,
        )
    account = str(profile.account)
    if plan.account != account:
        raise GuardStopped(
            (
                "The plan {plan_id} was made for the account {planned}, and "
                "the profile {profile} is the account {account} now."
            ).format(plan_id=plan.plan_id, planned=plan.account, profile=profile.name, account=account),
            fix=PLAN_AGAIN_FIX,
        )
    if not plan.content:
        raise GuardStopped(
            "The orders of the plan {plan_id} were erased.".format(plan_id=plan.plan_id), fix=PLAN_AGAIN_FIX
        )
    if digest_of(plan) != plan.digest:
        raise GuardStopped(
            "The plan {plan_id} is not as it was recorded.".format(plan_id=plan.plan_id),
            fix="Run `bulk-orders verify`, and plan the workbook again.",
        )
    if not Frozen.is_readable(plan.content):
        raise GuardStopped(
            "The plan {plan_id} was made by another version of the program, {version}.".format(
                plan_id=plan.plan_id, version=plan.program_version
            ),
            fix=PLAN_AGAIN_FIX,
        )
    if now >= plan.expires_at:
        raise GuardStopped(
            "The plan {plan_id} expired on {at:%d-%b-%Y at %H:%M} UTC.".format(
                plan_id=plan.plan_id, at=plan.expires_at
            ),
            fix=PLAN_AGAIN_FIX,
        )


def answer_in(plan: PlanRecord, read: dict[str, list[list[str]]], name: str) -> bool:
    """Return whether a saved plan workbook says Yes; no answer is not one. The plan is sound (`refuse_unsound`).

    Raises `GuardStopped` when anything else in it was changed, and when it says No.
    """
    changed, answer = what_changed(page_of(plan, Frozen.read(plan.content)), read)
    if changed or plan_id_in(read) != plan.plan_id:
        where = ", ".join(changed[:_CELLS_NAMED]) + (", …" if len(changed) > _CELLS_NAMED else "")
        raise GuardStopped(
            "The plan workbook {name} was changed: {where}.".format(name=name, where=where),
            fix="Only Approved? may be filled in. Save it again from the original, or plan again.",
        )
    said = answer.casefold()
    if said == PLAN_NO.casefold():
        raise GuardStopped(
            "The plan workbook says No to the plan {plan_id}.".format(plan_id=plan.plan_id),
            fix=PLAN_AGAIN_FIX,
        )
    if said not in {"", PLAN_YES.casefold()}:
        raise GuardStopped(
            "The plan workbook {name} says “{answer}” beside Approved?; it must be Yes or No.".format(
                name=name, answer=answer
            ),
            fix="Choose Yes or No from the list, and save it.",
        )
    return bool(said)


def refuse_unverified(profile: Profile, orders: Sequence[OrderRecord]) -> None:
    """Raise `GuardStopped` for real orders of a kind that nobody is known to have placed, unless a person allows it."""
    found = [order for order in orders if type_of(order.body).is_unverified]
    if found and not (profile.is_practice or profile.allow_unverified):
        labels = {type_of(order.body).label for order in found}
        raise GuardStopped(
            "{actions}: documented, but nobody is known to have done it by this API. Nothing was sent.".format(
                actions=", ".join(sorted(labels))
            ),
            fix="To go on, add --allow-unverified."
            if len(orders) == 1
            else "Begin with row {row}: hide the other rows in Excel, save, and add --allow-unverified.".format(
                row=min(order.sheet_row for order in found)
            ),
        )
