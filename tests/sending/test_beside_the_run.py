"""What happens beside a run: another account's profile is named, others order while a person thinks."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sending_parts import ACCOUNT, NOW, PROFILE, RUN, Parts, brought, doubtful, enlist, order, seen

from bulk_orders.core.lifecycle import State, Step
from bulk_orders.core.model import Order
from bulk_orders.core.platform_status import CANCELLED
from bulk_orders.core.summary import Disposition, Outcome, outcome
from bulk_orders.errors import BulkOrdersError, UsageError
from bulk_orders.ledger.interface import RunRecord
from bulk_orders.marketplace.parsing import order_of
from bulk_orders.runs.follow import follow_run
from bulk_orders.runs.resolve import Decision, DecisionKind, audit_run, resolve_run
from bulk_orders.sending.engine import Engine
from bulk_orders.sending.planning import Wanted
from bulk_orders.sending.services import Services

ABSENT = Decision(kind=DecisionKind.ABSENT, sheet_rows=(2,), reason="not there")


def asked(number: int = 1) -> Order:
    return Order(**{field.name: getattr(order(number), field.name) for field in fields(Order)})


def elsewhere(made: Parts) -> Services:
    """The services of another account's profile."""
    return made.services(profile=PROFILE.model_copy(update={"user": "somebody-else"}))


def follow(services: Services, run: RunRecord) -> object:
    return follow_run(services, run, wait_s=0.0)


@pytest.mark.parametrize("verb", [resolve_run, audit_run, follow], ids=["resolve", "audit", "status"])
def test_another_accounts_marketplace_is_not_asked_about_a_run(
    made: Parts, verb: Callable[[Services, RunRecord], object]
) -> None:
    enlist(made.ledger, order())
    brought(made.ledger, order(), Step.BEGUN, Step.ACCEPTED, order_id="9001", accepted_at=NOW)
    made.market.orders = [seen(order(), "9001", customer_id="somebody else's", status="cancelled")]
    with pytest.raises(UsageError, match="belongs to another account") as refused:
        verb(elsewhere(made), RUN)
    assert "--profile" in refused.value.fix
    assert made.fresh(order()).platform_status == ""
    assert made.ledger.account(str(ACCOUNT)).audited_up_to is None


def test_a_row_is_not_called_absent_by_what_another_account_shows(made: Parts) -> None:
    lost = doubtful(made.ledger)
    made.market.orders = []
    for _ in range(2):
        with suppress(BulkOrdersError):
            resolve_run(elsewhere(made), RUN, decision=ABSENT)
        made.clock.advance(2000.0)
        made.market.server_time = NOW + timedelta(seconds=2000)
    assert made.state(lost) is State.UNKNOWN


@pytest.mark.parametrize(("thought_s", "is_seen"), [(3600.0, True), (31.0, True), (5.0, False)])
def test_what_was_ordered_while_a_person_thought_is_not_ordered_again(
    made: Parts, thought_s: float, is_seen: bool
) -> None:
    engine = Engine(made.services(), RUN, is_first_ever=True)
    wanted = Wanted(orders=(asked(),))
    planned = engine.plan(wanted)
    assert len(planned.to_send) == 1
    made.clock.advance(thought_s)
    made.market.orders = [seen(order(), created_at=NOW + timedelta(seconds=thought_s / 2))]
    made.market.server_time = NOW + timedelta(seconds=thought_s)
    planned = engine.wait_for_others(wanted, planned)
    assert (planned.to_send == ()) is is_seen


@pytest.mark.parametrize("status", ["Cancelled", "canceled", " CANCELLED "])
def test_a_cancelled_order_is_cancelled_however_the_marketplace_spells_it(status: str) -> None:
    told = order_of({"id": "9001", "status": status}).status
    gone = replace(order(), state=State.ACCEPTED, order_id="9001", platform_status=told)
    assert outcome(Disposition.TO_SEND, gone) is Outcome.ORDER_CANCELLED
    assert told in CANCELLED
