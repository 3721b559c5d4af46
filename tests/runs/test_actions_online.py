"""What the marketplace says before anything is sent of rows that act on subscriptions."""

import random

from runs.online_parts import NOW, Desk, book, customer
from runs.test_auto_renewal import renewal
from runs.test_changes import CUSTOMER, SUBSCRIPTION, change

from bulk_orders.ledger.interface import AccountRecord, ForeignOrder
from bulk_orders.runs.known_rows import known_rows
from bulk_orders.sandbox import Behaviour, Simulator
from bulk_orders.settings.profiles import PRACTICE_PROFILE


def simulator() -> Simulator:
    return Simulator(
        now=lambda: NOW,
        rng=random.Random(1),  # noqa: S311 - dice, no secret
        behaviour=Behaviour(earlier_subscriptions=60),
    )


def desk(*rows: list[str]) -> Desk:
    bare = customer(CUSTOMER, Company_name="Königsfurt Gerätebau", Tenant="", Domain="")
    return Desk(book(rows, [bare], also=("Action", "Subscription")), simulator=simulator())


def test_each_subscription_is_read_and_what_cannot_be_done_stands_on_its_cell() -> None:
    rows = [change(1, 50, "999"), renewal(2, "Auto-renew off")]
    said = desk(*rows).ask()
    found = {problem.code: problem for problem in said.problems}

    assert found["O-SUBSCRIPTION"].message == "It would not be sent: the marketplace has no subscription 999."
    assert found["O-SUBSCRIPTION"].cells == ("I2",)
    assert found["W-ENDS-ON"].message.startswith(
        "Without auto-renew subscription 1100033 ends on 07-Jun-2026"
    )
    assert set(found) == {"O-SUBSCRIPTION", "W-ENDS-ON"}


def test_a_change_is_priced_with_its_subscription_and_a_setting_is_not_asked_about() -> None:
    at = desk(change(1, 50), renewal(2, "Auto-renew on", "1100034"))
    said = at.ask()

    (price,) = said.prices.values()
    assert price.amount > 0
    assert at.simulator.requests["POST /validation/parameters"] == 0


def test_a_change_now_says_what_scheduled_order_it_deletes() -> None:
    at = desk(change(1, 50), change(2, 7, "1100034"))
    account = str(PRACTICE_PROFILE.account)
    scheduled = ForeignOrder(
        account=account,
        order_id="12",
        order_number="CH000012",
        customer_id=CUSTOMER,
        order_type="change",
        status="scheduled",
        subscription_id=SUBSCRIPTION,
    )
    at.ledger.record_reading(AccountRecord(account=account, read_up_to=NOW), [scheduled])

    known = known_rows(at.ledger, PRACTICE_PROFILE, at.checked, templates=at.services.templates, now=NOW)

    assert [(problem.code, problem.sheet_row) for problem in known.problems] == [("W-SCHEDULED", 2)]
    for action, is_warned in (("Auto-renew off", True), ("Auto-renew on", False)):
        checked = desk(renewal(1, action)).checked
        told = known_rows(at.ledger, PRACTICE_PROFILE, checked, templates=at.services.templates, now=NOW)
        assert [problem.code for problem in told.problems] == ["W-SCHEDULED"] * is_warned
    assert known.problems[0].message == (
        "What is scheduled for the renewal of subscription 1100033 is deleted by this: CH000012."
    )
