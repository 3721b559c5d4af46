"""Who may approve what, and what a profile sends without an approval."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from plan_parts import NOW, PROFILE, a_plan, kept

from bulk_orders.errors import ExitCode, GuardStopped
from bulk_orders.runs.approval import approve, refuse_unapproved, refuse_unsound, refuse_without_plan
from bulk_orders.runs.approved_plan import ApprovedPlan, plan_told
from bulk_orders.runs.frozen import digest_of
from bulk_orders.runs.new_run import RunOptions
from bulk_orders.runs.run import PreparedRun
from bulk_orders.settings.profiles import PRACTICE_PROFILE, Profile

LATER = NOW + timedelta(hours=1)
APPROVED = {"approved_by": "Bob", "approved_at": LATER}


def profile(**changes: Any) -> Profile:
    return PROFILE.model_copy(update=changes)


@pytest.mark.parametrize("approver", ["Bob", "bob"])
def test_an_approver_approves_what_somebody_else_made(approver: str) -> None:
    ledger = kept(a_plan())
    plan = approve(ledger, PROFILE, a_plan(), approver=approver, now=LATER)
    assert (plan.approved_by, plan.approved_at) == (approver, LATER)
    assert ledger.plan(plan.plan_id) == plan
    refuse_unapproved(plan, PROFILE)


@pytest.mark.parametrize(
    ("changes", "is_allowed"),
    [({}, True), ({"approvers": ("bob",)}, False), ({"policy": "approval"}, False)],
)
def test_on_practice_its_maker_may_approve_unless_it_is_a_rehearsal(
    changes: dict[str, Any], is_allowed: bool
) -> None:
    practice = PRACTICE_PROFILE.model_copy(update=changes)
    plain = a_plan(profile="practice", account=str(practice.account))
    plan = replace(plain, digest=digest_of(plain))
    ledger = kept(plan)
    with nullcontext() if is_allowed else pytest.raises(GuardStopped):
        assert approve(ledger, practice, plan, approver=plan.maker, now=LATER).approved_by == plan.maker
    with nullcontext() if is_allowed else pytest.raises(GuardStopped):
        refuse_unapproved(ledger.plan(plan.plan_id) or plan, practice)


def test_a_second_approval_changes_nothing() -> None:
    ledger = kept(a_plan())
    first = approve(ledger, profile(approvers=("bob", "eve")), a_plan(), approver="bob", now=LATER)
    # One that read the plan before, and one that reads it now.
    for read in (a_plan(), first):
        assert approve(ledger, profile(approvers=("bob", "eve")), read, approver="eve", now=LATER) == first


@pytest.mark.parametrize(
    ("approver", "changes", "why"),
    [
        ("ann", {}, "ann made the plan"),
        ("ANN", {}, "ANN made the plan"),
        ("eve", {}, "eve may not approve plans of the profile live."),
        ("", {}, " may not approve"),
        ("bob", {"approvers": ()}, "names nobody who may approve plans."),
        ("bob", {"name": "other"}, "was made for the profile live, not for other."),
        ("bob", {"user": "you@example.com"}, "you@example.com"),
        ("bob", {"base_url": "https://elsewhere.example.com"}, "elsewhere.example.com"),
    ],
)
def test_anybody_else_is_refused_and_nothing_recorded(
    approver: str, changes: dict[str, Any], why: str
) -> None:
    ledger = kept(a_plan())
    with pytest.raises(GuardStopped) as refused:
        approve(ledger, profile(**changes), a_plan(), approver=approver, now=LATER)
    assert why in refused.value.message
    assert refused.value.exit_code is ExitCode.GUARD
    assert ledger.plans() == (a_plan(),)


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (a_plan(content=""), "were erased."),
        (a_plan(content=a_plan().content.replace("12.60", "12.6")), "is not as it was recorded."),
        (a_plan(expires_at=NOW + timedelta(days=400)), "is not as it was recorded."),
        (a_plan(maker="eve"), "is not as it was recorded."),
        (a_plan(source_sha256="6" * 64), "is not as it was recorded."),
    ],
)
def test_a_plan_that_is_not_as_it_was_recorded_is_no_plan(plan: Any, why: str) -> None:
    with pytest.raises(GuardStopped, match=why):
        refuse_unsound(plan, PROFILE, LATER)


def test_a_plan_that_an_older_version_made_is_made_anew() -> None:
    """Its workbook did not say what is done, so nobody approved that."""
    older = a_plan(content=a_plan().content.replace('"form":"p2"', '"form":"p1"'))
    with pytest.raises(
        GuardStopped, match=r"was made by another version of the program, 0\.2\.0\."
    ) as refused:
        refuse_unsound(replace(older, digest=digest_of(older)), PROFILE, LATER)
    assert "bulk-orders plan" in refused.value.fix


def test_a_plan_ends_at_the_moment_at_which_it_expires() -> None:
    end = a_plan().expires_at
    refuse_unsound(a_plan(), PROFILE, end - timedelta(microseconds=1))
    with pytest.raises(GuardStopped, match=r"expired on 30-Nov-2026 at 17:15 UTC\."):
        refuse_unsound(a_plan(), PROFILE, end)


@pytest.mark.parametrize(
    ("approval", "changes", "why"),
    [
        ({}, {}, "Nobody has approved"),
        ({}, {"approvers": ("ann",)}, "Nobody has approved"),
        ({"approved_by": "ann", "approved_at": LATER}, {}, "cannot approve it."),
        (APPROVED, {"approvers": ("eve",)}, "Bob may not approve"),
        (APPROVED, {"approvers": ()}, "names nobody"),
    ],
)
def test_an_approval_counts_by_the_settings_of_today(
    approval: dict[str, Any], changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(GuardStopped, match=why):
        refuse_unapproved(replace(a_plan(), **approval), profile(**changes))


def test_only_a_profile_that_asks_for_approval_needs_a_plan() -> None:
    plan = ApprovedPlan(plan_id="P", made_by="ann", approved_by="Bob", approved_at=LATER, keys=frozenset())
    refuse_without_plan(PROFILE, plan)
    refuse_without_plan(profile(policy="totals"), None)
    with pytest.raises(GuardStopped, match="sends only approved plans"):
        refuse_without_plan(PROFILE, None)


def test_what_a_run_says_of_its_plan_is_found_among_its_settings() -> None:
    plan = ApprovedPlan(plan_id="P", made_by="ann", approved_by="Bob", approved_at=LATER, keys=frozenset())
    settings = {**plan.told(), "plan_expires": "24h", "only_ready": "True"}
    assert plan_told(settings) == plan.told()
    assert plan_told({"plan_expires": "24h"}) == {}


def test_a_prepared_run_without_a_plan_is_not_sent_either() -> None:
    nothing: Any = SimpleNamespace(to_send=(), in_question=())
    services: Any = SimpleNamespace(profile=PROFILE)
    prepared = PreparedRun(
        services=services,
        source=nothing,
        checked=nothing,
        options=RunOptions(),
        run=nothing,
        engine=nothing,
        wanted=nothing,
        plan=nothing,
    )
    with pytest.raises(GuardStopped, match="sends only approved plans"):
        prepared.send(1)
