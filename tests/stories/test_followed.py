"""Two hundred orders that become everything an order can become, followed through faults and kills: each is told right."""

import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from books.order_books import order_row, result_rows, write_book
from processes import Desk, Ended, Practice
from test_faults import QUICK
from to_the_end import killed, settled

pytestmark = pytest.mark.long

ROWS = 200
FATES = (
    "provisioning-error=every:11,provisioning-cancelled=every:13,provisioning-slow=every:7,"
    "provisioning-scheduled=every:9,provisioning-acceptance=every:8"
)
FAULTS = "429=0.04,500-after-commit=0.03,reset-after-commit=0.03,read-500=0.06,read-429=0.04,retry-after=0"
"""One request in ten goes wrong."""
NEW_TENANT = {
    "tenant_preference": "new",
    "mca_acceptance": "Yes",
    "agreement_date": "2026-11-02",
    "first_name_agreement": "Ann",
    "last_name_agreement": "Example",
    "email_address_agreement": "ann@kites.example.com",
    "customer_email": "ann@kites.example.com",
    "effective_country": "US",
}
"""Whose agreement the customer may have to accept."""
ASKINGS = 5
OUTCOMES = {
    "completed": "ordered",
    "error": "order_in_error",
    "cancelled": "order_cancelled",
    "slow": "accepted",
    "scheduled": "scheduled",
    "acceptance": "waiting_for_customer",
}


def reads(practice: Practice) -> Counter[str]:
    """Requests that ask what became of orders, by kind."""
    asked: Mapping[str, int] = practice.stats()["requests"]
    return Counter({name: number for name, number in asked.items() if name.startswith("GET ")})


def truth(practice: Practice) -> dict[str, str]:
    """What each order on the marketplace is by now, by its id."""
    return {order["id"]: OUTCOMES[order["fate"]] for order in practice.orders()}


def assert_each_is_told_right(practice: Practice, ended: Ended) -> None:
    rows: list[dict[str, Any]] = ended.json["rows"]
    assert {row["order_id"]: row["outcome"] for row in rows} == truth(practice)
    assert Counter(row["outcome"] for row in rows).keys() == set(OUTCOMES.values())
    for row in rows:
        kind = row["outcome"]
        assert bool(row["subscription_id"]) is (kind == "ordered")
        assert bool(row["acceptance_link"]) is (kind == "waiting_for_customer")
        assert bool(row["scheduled_for"]) is (kind == "scheduled")
    written = result_rows(Path(ended.json["files"]["results"]))
    assert [row["outcome_code"] for row in written] == [row["outcome"] for row in rows]
    assert [row["Acceptance link"] or None for row in written] == [row["acceptance_link"] for row in rows]


def test_200_orders_are_followed_until_they_rest_through_faults_and_five_kills(desk: Desk) -> None:
    desk.settings.update(QUICK, BULK_ORDERS_WORKERS="8", BULK_ORDERS_WINDOW_S="0")
    dice = random.Random(14)  # noqa: S311 - dice, no secret
    practice = desk.practice(
        *("--faults", f"{FATES},{FAULTS}", "--seed", 14, "--latency-ms", 10),
        *("--slow-after-s", 1e6, "--accepted-after-s", 1e6, "--scheduled-days", 30),
    )
    rows = [order_row(number, **NEW_TENANT) for number in range(1, ROWS + 1)]
    book = write_book(desk.folder / "orders.xlsx", rows)

    killed(desk, dice, "run", book, "--practice-at", practice.base_url, says="new Microsoft tenants")
    for _ in range(2):
        killed(desk, dice, "resume", "last", says="")
    settled(desk)
    assert len(practice.orders()) == ROWS

    before = reads(practice)
    for _ in range(2):
        killed(desk, dice, "status", "last", "--wait", "5m", says="Waiting for")
    for _ in range(ASKINGS):
        desk.run("status", "last", "--wait", "30s")
    asked = reads(practice) - before
    ended = desk.run("report", "last", "--json")

    assert_each_is_told_right(practice, ended)
    # An own page for each order that is completed, scheduled or linked, some twice; the rest is pages of the list.
    assert asked.total() <= 2.5 * ROWS
