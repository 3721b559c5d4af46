"""The ledger's contract, over every implementation: a plan is kept as it was made, approved once, and told by the log."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from ledger_contract import ACCOUNT, LONE_SURROGATE, NAIVE, NOW, RUN, enlist, order

from bulk_orders.ledger.chain import first_break
from bulk_orders.ledger.interface import Ledger, PlanRecord, Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.verification import verify

PLAN = PlanRecord(
    plan_id="PLAN-20261122-0215-K7QX",
    digest="d" * 64,
    account=ACCOUNT,
    environment="LIVE",
    profile="live",
    marketplace="us",
    source_name="orders.xlsx",
    source_path="/in/orders.xlsx",
    source_sha256="5" * 64,
    workbook_path="/in/orders.plan.xlsx",
    maker="ann",
    host="host",
    program_version="0.2.0",
    orders=2,
    content='{"orders":["Annabella"]}',
    made_at=NOW,
    expires_at=NOW + timedelta(hours=24),
)
LATER = NOW + timedelta(hours=1)


def test_a_plan_is_given_back_as_it_was_recorded(ledger: Ledger) -> None:
    ledger.record_plan(PLAN)
    later = replace(PLAN, plan_id="PLAN-later", made_at=LATER)
    ledger.record_plan(later)
    at_once = replace(later, plan_id="PLAN-at-once")
    ledger.record_plan(at_once)
    assert ledger.plan(PLAN.plan_id) == PLAN
    assert ledger.plans() == (at_once, later, PLAN)
    assert (ledger.plan("PLAN-nobody-made"), ledger.plan("")) == (None, None)


def test_a_plan_is_recorded_once(ledger: Ledger) -> None:
    ledger.record_plan(PLAN)
    with pytest.raises(ValueError, match="already recorded"):
        ledger.record_plan(replace(PLAN, maker="eve"))
    assert ledger.plans() == (PLAN,)
    assert ledger.last_event() == next(ledger.events())


def test_a_plan_is_approved_once_and_says_by_whom_and_when(ledger: Ledger) -> None:
    ledger.record_plan(PLAN)
    ledger.approve_plan(PLAN.plan_id, by="bob", at=LATER)
    with pytest.raises(Superseded):
        ledger.approve_plan(PLAN.plan_id, by="eve", at=LATER)
    assert ledger.plan(PLAN.plan_id) == replace(PLAN, approved_by="bob", approved_at=LATER)
    with pytest.raises(KeyError):
        ledger.approve_plan("PLAN-nobody-made", by="bob", at=LATER)
    assert len(list(ledger.events())) == 2


def test_what_becomes_of_a_plan_is_in_the_log_between_what_becomes_of_runs(ledger: Ledger) -> None:
    ledger.record_plan(PLAN)
    enlist(ledger, order())
    ledger.approve_plan(PLAN.plan_id, by="bob", at=LATER)
    ledger.erase([], [], at=LATER + timedelta(hours=1), plans=ledger.plans())
    told = [(event.step, event.key, event.run_id, event.at) for event in ledger.events()]
    assert (told[0], told[3:]) == (
        ("plan recorded", "", PLAN.plan_id, NOW),
        [
            ("plan approved", "", PLAN.plan_id, LATER),
            ("plan erased", "", PLAN.plan_id, LATER + timedelta(hours=1)),
        ],
    )
    assert {run for _, _, run, _ in told[1:3]} == {RUN}
    assert first_break(ledger.events()) is None
    assert verify(ledger).findings == ()


def test_an_erased_plan_names_nobody_and_is_still_known_by_its_digest(ledger: Ledger) -> None:
    ledger.record_plan(PLAN)
    ledger.approve_plan(PLAN.plan_id, by="bob", at=LATER)
    ledger.erase([], [], at=LATER, plans=[PLAN])
    bare = replace(PLAN, content="", source_name="", source_path="", workbook_path="")
    assert ledger.plan(PLAN.plan_id) == replace(bare, approved_by="bob", approved_at=LATER)
    assert verify(ledger).findings == ()


def test_moments_without_a_zone_are_refused_and_texts_are_made_keepable(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="no zone"):
        ledger.record_plan(replace(PLAN, expires_at=NAIVE))
    ledger.record_plan(replace(PLAN, maker=LONE_SURROGATE))
    with pytest.raises(ValueError, match="no zone"):
        ledger.approve_plan(PLAN.plan_id, by="bob", at=NAIVE)
    ledger.approve_plan(PLAN.plan_id, by=LONE_SURROGATE, at=LATER)
    kept = ledger.plan(PLAN.plan_id)
    assert kept is not None
    assert kept.maker == kept.approved_by == "caf\ufffd"
    assert verify(ledger).findings == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda plans: plans.update({PLAN.plan_id: replace(PLAN, maker="eve")}), "not as the program wrote"),
        (
            lambda plans: plans.update({PLAN.plan_id: replace(PLAN, approved_by="bob", approved_at=LATER)}),
            "not as the program wrote",
        ),
        (lambda plans: plans.clear(), "in the log and nowhere else"),
    ],
)
def test_a_plan_that_was_changed_or_removed_behind_the_ledger_is_found(
    change: Callable[[dict[str, PlanRecord]], None], said: str
) -> None:
    ledger = MemoryLedger()
    ledger.record_plan(PLAN)
    change(ledger._plans)
    (finding,) = verify(ledger).findings
    assert PLAN.plan_id in finding
    assert said in finding
