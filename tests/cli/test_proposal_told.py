"""Before a number is typed, a run says what is done: by action, with what has to be known of it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from runs.online_parts import book, checked_book
from runs.online_parts import order as order_of_book

from bulk_orders.cli.commands.check import check_json, has_unverified
from bulk_orders.cli.proposal_told import proposal_json, proposal_lines
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.order_types import CHANGE_NOW
from bulk_orders.core.subscription_rows import WantedChange
from bulk_orders.errors import ExitCode
from bulk_orders.runs.proposal import Proposal
from bulk_orders.sending.planning import Plan
from bulk_orders.settings.profiles import PRACTICE_PROFILE, Profile

CHANGE = {"type": "change", "subscriptionId": "11", "products": [{"mpn": "M", "quantity": 50}]}
ENDS = {"subscriptionId": "12", "renewalStatus": False}
CANCEL = {"type": "cancellation", "subscriptionId": "13"}
NEW = {"type": "sales", "products": [{"mpn": "M", "quantity": 3}]}


def order(row: int, body: dict[str, Any], quantity: str = "") -> OrderRecord:
    return OrderRecord(
        key=f"k1:{row}",
        sheet_row=row,
        reference=f"R-{row}",
        customer_id="1",
        mpn="M",
        quantity=quantity,
        domain="",
        marker=f"BO{row}",
        body=json.dumps(body),
        fingerprint="f",
        account="a",
        run_id="r",
    )


def proposed(*orders: OrderRecord) -> Proposal:
    plan = Plan(rows=(), new=orders, again=(), doubtful=())
    return Proposal(plan=plan, environment="LIVE", marketplace="us", seconds=0.0)


def test_what_is_done_is_told_by_action_and_what_ends_is_repeated() -> None:
    """Auto-renew off and Cancel read as orders of 0 licences, and a change to 50 seats as 50 licences."""
    proposal = proposed(order(4, NEW, "3"), order(5, CHANGE, "50"), order(6, ENDS), order(7, CANCEL))
    lines = proposal_lines(proposal)

    assert [line.split() for line in lines[3:7]] == [
        ["M", "New", "1", "3"],
        ["M", "Change", "seats", "now", "1", "to", "50"],
        ["M", "Auto-renew", "off", "1"],
        ["M", "Cancel", "1"],
    ]
    assert lines[12].startswith(
        "  3 orders and 1 setting for 1 customer: 1 new order, 1 change of seats now, "
        "1 subscription set not to renew, 1 subscription cancelled now; "
    )
    assert [line.split()[1] for line in lines if "⚠" in line] == ["W-ENDS", *["W-UNVERIFIED"] * 2]
    assert proposal_json(proposal)["actions"] == {
        "sales": 1,
        "change_now": 1,
        "auto_renew_off": 1,
        "cancel": 1,
    }


def test_of_purchases_alone_nothing_is_warned_of() -> None:
    assert not any("⚠" in line for line in proposal_lines(proposed(order(4, NEW, "3"))))


def test_new_tenants_are_counted_where_something_is_bought() -> None:
    bought, changed = (
        " ".join(proposal_lines(proposed(one))) for one in (order(4, NEW, "3"), order(5, CANCEL))
    )
    assert ("new Microsoft tenant" in bought, "new Microsoft tenant" in changed) == (True, False)


def test_a_few_actions_on_subscriptions_are_listed_with_what_there_is_now_and_after() -> None:
    wish = WantedChange(
        action=CHANGE_NOW,
        subscription_id="11",
        customer_id="1",
        mpn="M",
        vendor="",
        product_name="A product",
        now=20,
        after=50,
        renewal_date=date(2027, 3, 1),
        sheet_row=5,
    )
    lines = proposal_lines(proposed(order(4, NEW, "3"), order(5, CHANGE, "50"), order(7, CANCEL)), [wish])

    (header,) = [place for place, line in enumerate(lines) if "Subscription" in line]
    assert lines[header].split() == [
        *("Row", "Customer", "Subscription", "Product", "Action", "Now", "After", "Renewal")
    ]
    assert [line.split() for line in lines[header + 2 : header + 4]] == [
        ["5", "1", "11", "A", "product", "Change", "seats", "now", "20", "50", "2027-03-01"],
        ["7", "1", "13", "M", "Cancel"],
    ]
    many = proposal_lines(proposed(*(order(row, CANCEL) for row in range(4, 25))))
    assert not any("Subscription" in line for line in many)


@pytest.mark.parametrize(
    ("is_allowed", "is_practice", "is_told"),
    [(False, False, True), (True, False, False), (False, True, False)],
)
def test_the_next_command_of_a_check_allows_what_the_run_has_to_be_allowed(
    is_allowed: bool, is_practice: bool, is_told: bool
) -> None:
    live = Profile(name="live", base_url="https://a.example.com", user="u", allow_unverified=is_allowed)
    also = ("Action", "Subscription")
    rows = [
        order_of_book(1, Action="", Subscription=""),
        order_of_book(2, Action="Auto-renew off", Subscription="12", Quantity=""),
    ]
    checked = checked_book(book(rows, also=also))

    told = check_json(
        checked, ExitCode.OK, None, {}, Path("o.xlsx"), PRACTICE_PROFILE if is_practice else live
    )

    assert checked.error_row_count == 0
    assert [step.endswith(" --allow-unverified") for step in told["next"]] == [is_told]
    assert not has_unverified(checked_book(book(rows[:1], also=also)))
