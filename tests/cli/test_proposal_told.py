"""Before a number is typed, a run says what is done: by action, with what has to be known of it."""

import json
from typing import Any

from bulk_orders.cli.proposal_told import proposal_json, proposal_lines
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.runs.proposal import Proposal
from bulk_orders.sending.planning import Plan

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
    assert lines[7].startswith(
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
