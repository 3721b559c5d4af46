"""Three hundred rows of all types through faults and kills: each ends as it should, by what the marketplace holds."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from books.order_books import order_row, write_book
from held_there import HeldThere
from processes import Desk, Practice
from test_faults import QUICK
from to_the_end import killed, killed_once_taken, settled

from bulk_orders.sandbox.catalogue import Catalogue
from bulk_orders.sandbox.customers import practice_customers
from bulk_orders.sandbox.earlier import EarlierSubscription, earlier_subscriptions

pytestmark = pytest.mark.long

ROWS, SUBSCRIPTIONS, IMPORTS, IN_THE_WAY = 300, 300, 25, 6
FAULTS = (
    "429=0.04,500-after-commit=0.03,reset-after-commit=0.03,read-500=0.06,read-429=0.04,"
    "renewal-ignored=every:9,retry-after=0"
)
"""One request in ten goes wrong."""
TODAY = datetime.now(UTC).date()
WINDOW, SOON = timedelta(days=7), timedelta(days=5)
ASKINGS = 6
OF_CUSTOMERS = (
    *("customer_company_name", "tenant_preference", "microsoft_domain"),
    *("partner_on_record_attestation_accepted", "mca_acceptance"),
)
API = {"Change seats now": "change", "Change seats at renewal": "change", "Cancel": "cancellation"}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One row, and how it has to end."""

    row: Mapping[str, str]
    outcome: str = "ordered"
    api: str = "sales"
    """The type of its order; empty where none may be there."""
    subscription: str = ""
    after: Mapping[str, Any] = field(default_factory=dict)
    """What of the subscription is as the row asks; everything else is as it was."""


def acting(number: int, found: EarlierSubscription) -> Asked | None:
    """Return a row about this subscription, whichever action its number says; None where no day decides."""
    action, more = (
        ("Change seats now", 3),
        ("Change seats at renewal", 2),
        ("Auto-renew off", None),
        ("Auto-renew on", None),
        ("Change seats now", -1),
        ("Cancel", None),
        ("Change seats now", 0),
        ("Change seats at renewal", 4),
    )[number % 8]
    began, renewal = found.began(TODAY), found.renewal(TODAY)
    if renewal - TODAY <= SOON or timedelta(days=4) < TODAY - began < WINDOW + SOON:
        return None
    if more == -1 and found.quantity < 4:
        return None
    is_early, is_active = TODAY - began < WINDOW, found.status == "active"
    seats = None if more is None else found.quantity + more
    blank = dict.fromkeys(("quantity", "subscriptionPeriod", "billingPeriod", "offer_attestation"), "")
    row = order_row(number, mpn=found.offer.product.mpn, **blank)
    row |= dict.fromkeys(OF_CUSTOMERS, "") | {"customerId": found.customer_id}
    row |= {"quantity": "" if seats is None else str(seats), "Action": action, "Subscription": found.id}
    may, is_so, after = is_active, False, {}
    match action:
        case "Auto-renew off" if not is_active:  # what is over is not renewed
            may = is_so = found.status == "removed"
        case "Auto-renew off" | "Auto-renew on":
            after = {"renewalStatus": action.endswith("on")}
        case "Change seats at renewal":
            may = may and found.renews
        case "Cancel":
            is_so = found.status == "removed"
            may, after = (may and is_early) or is_so, {} if is_so else {"status": "terminated"}
        case _:
            is_so = more == 0
            may, after = may and (more != -1 or is_early), {"seats": seats}
    if not may:
        return Asked(row=row, outcome="gave_up", api="", subscription=found.id)
    is_later = action == "Change seats at renewal"
    return Asked(
        row=row,
        outcome="scheduled" if is_later else "ordered",
        api="" if is_so else API.get(action, ""),
        subscription=found.id,
        after={} if is_later else after,
    )


def imported(number: int) -> Asked:
    more = {
        "Action": "Import existing",
        "Microsoft subscription": f"ms-{number}",
        "Microsoft order": f"o-{number}",
    }
    return Asked(row=order_row(number, microsoft_tenant_id="a94c2acd-f6e7-4ff5-cd6c-7d03fa8aa02c", **more))


def mixed(there: Mapping[str, EarlierSubscription]) -> Iterator[Asked]:
    """Rows about subscriptions, then imports, and purchases for the rest."""
    acts = filter(None, map(acting, itertools.count(1), there.values()))
    rows = [*itertools.islice(acts, ROWS // 2)]
    rows += [imported(number) for number in range(SUBSCRIPTIONS + 1, SUBSCRIPTIONS + 1 + IMPORTS)]
    first = SUBSCRIPTIONS + 1 + IMPORTS
    yield from rows
    yield from (Asked(row=order_row(number)) for number in range(first, first + ROWS - len(rows)))


def workbook(asked: list[Asked]) -> list[dict[str, str]]:
    headers = dict.fromkeys(header for one in asked for header in one.row)
    return [{header: one.row.get(header, "") for header in headers} for one in asked]


def state(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "seats": found["products"][0]["quantity"],
        "renewalStatus": found["renewalStatus"],
        "status": found["status"],
    }


def assert_each_is_as_it_should_be(
    practice: Practice, told: list[Mapping[str, Any]], asked: list[Asked], before: Mapping[str, Any]
) -> None:
    orders = {order["id"]: order for order in practice.orders() if order["poNumber"] != "PANEL"}
    assert [row["outcome"] for row in told] == [one.outcome for one in asked]
    assert Counter(bool(one.api) for one in asked)[True] == len(orders)
    for row, one in zip(told, asked, strict=True):
        assert bool(row["order_id"]) is bool(one.api), row
        if one.api:
            sent = orders.pop(row["order_id"])["sent"]
            assert (sent["type"], sent["customerId"]) == (one.api, one.row["customerId"])
            assert sent.get("subscriptionId", "") == one.subscription
    assert orders == {}
    wanted = {one.subscription: one.after for one in asked if one.subscription}
    after = HeldThere(practice).subscriptions(wanted)
    for subscription, found in after.items():
        assert state(found) == {**state(before[subscription]), **wanted[subscription]}, subscription


def test_300_mixed_rows_end_as_they_should_through_faults_and_five_kills(desk: Desk) -> None:
    desk.settings.update(QUICK, BULK_ORDERS_WORKERS="8", BULK_ORDERS_WINDOW_S="0")
    dice = random.Random(17)  # noqa: S311 - dice, no secret
    practice = desk.practice(
        *("--faults", FAULTS, "--seed", 17, "--latency-ms", 5, "--completed-after-s", 20),
        *("--account", f"subscriptions={SUBSCRIPTIONS}"),
    )
    there = earlier_subscriptions(SUBSCRIPTIONS, Catalogue(), practice_customers())
    asked = list(mixed(there))
    panel = HeldThere(practice)
    before = panel.subscriptions(one.subscription for one in asked if one.subscription)
    book = write_book(desk.folder / "orders.xlsx", workbook(asked))

    killed_once_taken(desk, practice, 15, "run", book, "--practice-at", practice.base_url)
    killed_once_taken(desk, practice, 60, "resume", "last")
    killed_once_taken(desk, practice, 110, "resume", "last")
    for _ in range(2):
        killed(desk, dice, "status", "last", "--wait", "5m", says="Waiting for")
    settled(desk)
    for _ in range(ASKINGS):
        desk.run("status", "last", "--wait", "20s")

    ended = desk.run("report", "last", "--json")
    assert_each_is_as_it_should_be(practice, ended.json["rows"], asked, before)
