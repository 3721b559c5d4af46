"""The yearly renewal as a person does it: pull, edit, check, run; and pull again."""

import signal
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from processes import Desk, Practice

NAMES = ("subscription_id", "seats", "auto_renew", "renewal_date", "status")
UP, AT_RENEWAL, ON, OFF = 10, 12, 4, 4
WISHED = UP + AT_RENEWAL + ON + OFF
SETTINGS = ON + OFF
ORDERS = UP + AT_RENEWAL


def rows_of(path: Path, sheet: str = "Subscriptions") -> tuple[openpyxl.Workbook, Worksheet, dict[str, int]]:
    book = openpyxl.load_workbook(path)
    found = book[sheet]
    assert isinstance(found, Worksheet)
    places: dict[str, int] = {}
    for cell in found[3]:
        name = str(cell.value or "").casefold().replace(" ", "_").replace("-", "_")
        places.setdefault(name, int(cell.column or 0))
    return book, found, places


def edited(path: Path) -> Mapping[str, str]:
    """Wish for thirty subscriptions, and return what was wished by subscription."""
    book, sheet, places = rows_of(path)
    soon = (date.today() + timedelta(days=3)).isoformat()  # noqa: DTZ011 - as the person's calendar
    wished: dict[str, str] = {}

    def write(row: int, kind: str, **cells: object) -> None:
        for name, value in cells.items():
            sheet.cell(row, places[name]).value = value
        wished[str(sheet.cell(row, places["subscription_id"]).value)] = kind

    left = {"now": UP, "renewal": AT_RENEWAL, "on": ON, "off": OFF}
    for row in range(4, sheet.max_row + 1):
        said = {name: sheet.cell(row, places[name]).value for name in NAMES}
        renewal = str(said["renewal_date"])[:10]
        if said["status"] != "active" or renewal <= soon:
            continue
        seats = int(str(said["seats"]))
        if said["auto_renew"] == "No":
            if left["on"]:
                left["on"] -= 1
                write(row, "on", auto_renew_after="Yes")
        elif left["now"]:
            left["now"] -= 1
            write(row, "now", seats_after=seats + 5, when="Now")
        elif left["renewal"]:
            left["renewal"] -= 1
            write(row, "renewal", seats_after=seats + 2)
        elif left["off"]:
            left["off"] -= 1
            write(row, "off", auto_renew_after="No")
    assert not any(left.values())
    book.save(path)
    return wished


def told(path: Path) -> Mapping[str, Mapping[str, str]]:
    """What a workbook says of each subscription."""
    _, sheet, places = rows_of(path)
    found = {}
    for row in sheet.iter_rows(min_row=4, values_only=True):
        texts = {name: str("" if row[at - 1] is None else row[at - 1]) for name, at in places.items() if name}
        found[texts["subscription_id"]] = texts
    return found


def pulled_and_edited(desk: Desk) -> tuple[Practice, tuple[str, str], Path, Mapping[str, str]]:
    """Two hundred subscriptions with thirty wishes, and the marketplace that they are of."""
    desk.settings["BULK_ORDERS_RATE_PER_S"] = "0"
    practice = desk.practice("--account", "subscriptions=210")
    at = ("--practice-at", practice.base_url)
    pulled = desk.run("subscriptions", "pull", "-o", "renewals.xlsx", *at, "--json")
    assert (pulled.code, pulled.json["counts"]["subscriptions"]) == (0, 200)
    path = desk.folder / "renewals.xlsx"
    return practice, at, path, edited(path)


@pytest.mark.long
def test_two_hundred_subscriptions_are_pulled_thirty_edited_checked_with_money_and_run_once(
    desk: Desk,
) -> None:
    practice, at, path, wished = pulled_and_edited(desk)
    before = told(path)

    checked = desk.run("check", path, "--online", "--estimate", *at, "--json")
    assert (checked.code, checked.json["counts"]["ready"], len(checked.json["changes"])) == (
        0,
        WISHED,
        WISHED,
    )
    assert checked.json["money"]["all"]["orders"] == ORDERS
    assert practice.posts() == 0

    ran = desk.run("run", path, "--estimate", "--yes", *at, "--json")
    assert (ran.code, len(ran.json["rows"])) == (0, WISHED)
    assert practice.posts() == ORDERS
    followed = desk.run("status", "last", "--wait", "2m", "--json")
    outcomes = {row["subscription_id"]: row for row in followed.json["rows"]}
    scheduled = {name for name, kind in wished.items() if kind == "renewal"}
    assert {name for name, row in outcomes.items() if row["outcome"] == "scheduled"} == scheduled
    assert {row["outcome"] for name, row in outcomes.items() if name not in scheduled} == {"ordered"}
    results = told(desk.folder / followed.json["files"]["results"])
    for name in scheduled:
        assert results[name]["scheduled_for"] == before[name]["renewal_date"][:10]
        assert results[name]["outcome"].endswith("Scheduled")

    again = desk.run("run", path, "--yes", *at, "--json")
    assert (again.code, {row["outcome"] for row in again.json["rows"]}) == (0, {"ordered_before"})
    assert practice.posts() == ORDERS

    assert desk.run("subscriptions", "pull", "-o", "renewals.xlsx", *at).code == 0
    after = told(path)
    for name, kind in wished.items():
        seats = int(before[name]["seats"]) + (5 if kind == "now" else 0)
        renews = {"on": "Yes", "off": "No"}.get(kind, before[name]["auto_renew"])
        assert (after[name]["seats"], after[name]["auto_renew"]) == (str(seats), renews)
        assert ("is scheduled for" in after[name]["under_way"]) is (kind == "renewal")
    third = desk.run("run", path, "--yes", *at, "--json")
    assert (third.code, len(third.json["rows"]), practice.posts()) == (0, AT_RENEWAL, ORDERS)


@pytest.mark.long
def test_a_run_of_renewals_that_is_killed_goes_on_and_places_each_once(desk: Desk) -> None:
    practice, at, path, _ = pulled_and_edited(desk)
    run = desk.start("run", path, "--yes", *at)
    practice.has_taken(ORDERS // 3)
    run.signal(signal.SIGKILL)
    run.wait()

    resumed = desk.run("resume", "last", "--json")

    outcomes = Counter(row["outcome"] for row in resumed.json["rows"])
    unknown = outcomes.pop("unknown", 0)  # begun when it was killed, and not sent: only a person may say so
    assert (resumed.code, outcomes.keys() <= {"ordered", "accepted", "scheduled"}) == (
        5 if unknown else 0,
        True,
    )
    changed = [order["sent"]["subscriptionId"] for order in practice.orders()]
    assert len(set(changed)) == len(changed)
    assert ORDERS - unknown <= len(changed) <= ORDERS
    again = desk.run("run", path, "--yes", *at, "--json")
    assert Counter(row["outcome"] for row in again.json["rows"]) == {
        "ordered_before": WISHED - unknown,
        **({"unknown": unknown} if unknown else {}),
    }
    assert practice.count() == len(changed)
