"""What a report says of orders that are not completed, and of those behind an order that makes their tenant."""

from datetime import timedelta
from typing import Any

import pytest
from sending.sending_parts import NOW, order

from bulk_orders.core.following import SLOW_AFTER, STUCK_AFTER
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.summary import Outcome
from bulk_orders.runs.followed_rows import (
    tenant_makers,
    which_made_no_tenant,
    why_behind_its_tenant,
    words_of_followed,
)

DOMAIN = "Kites.onmicrosoft.com"
BEHIND = order(2, domain=DOMAIN)


def first(state: State = State.ACCEPTED, **changes: Any) -> OrderRecord:
    return order(1, domain=DOMAIN.lower(), state=state, order_number="SO1", **changes)


@pytest.mark.parametrize(
    ("maker", "waits_for"),
    [
        (
            first(platform_status="processing"),
            "its Microsoft tenant is created by order SO1 (row 2), which is still",
        ),
        (first(acceptance_link="https://a.example/accept"), "needs the customer's acceptance"),
        (first(platform_status="scheduled"), "is scheduled for later"),
        (first(State.UNKNOWN), "its Microsoft tenant is created by row 2, which is in doubt"),
    ],
)
def test_a_row_says_which_order_has_to_make_its_tenant_first(maker: OrderRecord, waits_for: str) -> None:
    makers = tenant_makers([BEHIND, order(3), maker])
    assert waits_for in why_behind_its_tenant(BEHIND, makers)
    assert which_made_no_tenant(BEHIND, makers) == ""


@pytest.mark.parametrize(
    ("maker", "how"),
    [
        (first(platform_status="error"), "order SO1 (row 2), which ended in error"),
        (first(platform_status="cancelled"), "order SO1 (row 2), which was cancelled"),
        (first(State.REJECTED), "row 2, which was not ordered"),
        (first(State.DROPPED), "row 2, which was not ordered"),
    ],
)
def test_a_row_that_was_skipped_says_which_order_failed(maker: OrderRecord, how: str) -> None:
    skipped = order(3, domain=DOMAIN, state=State.GAVE_UP, code="S-TENANT")
    makers = tenant_makers([skipped, BEHIND, maker])
    assert how in which_made_no_tenant(BEHIND, makers)
    assert why_behind_its_tenant(BEHIND, makers) == ""


def test_a_tenant_that_is_there_and_another_tenants_order_hold_nobody_up() -> None:
    other = order(3, domain="other.onmicrosoft.com", state=State.ACCEPTED, platform_status="processing")
    makers = tenant_makers([first(platform_status="completed"), other, BEHIND])
    assert (why_behind_its_tenant(BEHIND, makers), which_made_no_tenant(BEHIND, makers)) == ("", "")
    assert why_behind_its_tenant(order(4), makers) == ""


@pytest.mark.parametrize(
    ("changes", "kind", "code", "says"),
    [
        ({}, Outcome.ACCEPTED, "", ""),
        ({"age": SLOW_AFTER}, Outcome.ACCEPTED, "", "longer than usual"),
        ({"age": STUCK_AFTER}, Outcome.ACCEPTED, "S-STUCK", "still not completed"),
        (
            {"age": STUCK_AFTER, "acceptance_link": "https://a.example/accept"},
            Outcome.WAITING_FOR_CUSTOMER,
            "S-ACCEPTANCE",
            "accepted the Microsoft Customer Agreement",
        ),
        ({"platform_status": "scheduled"}, Outcome.SCHEDULED, "S-SCHEDULED", "has not named the day"),
        (
            {"platform_status": "scheduled", "scheduled_for": "2099-03-01"},
            Outcome.SCHEDULED,
            "S-SCHEDULED",
            "for 01-Mar-2099",
        ),
        (
            {"platform_status": "scheduled", "scheduled_for": "2001-03-01"},
            Outcome.SCHEDULED,
            "S-STUCK",
            "was scheduled for 01-Mar-2001",
        ),
    ],
)
def test_slow_is_told_from_stuck_and_from_what_waits_for_somebody(
    changes: dict[str, Any], kind: Outcome, code: str, says: str
) -> None:
    told = {**changes, "accepted_at": NOW - changes.get("age", timedelta())}
    told.pop("age", None)
    message, fix, found = words_of_followed(order(1, state=State.ACCEPTED, **told), kind, NOW)
    assert (found, bool(fix)) == (code, bool(code))
    assert says in message
