"""A week of nights, each killed at a random moment: every order once, every file in its folder, every message to the right people."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from nightly.week import Week
from processes import Desk


@pytest.mark.long
@pytest.mark.parametrize("seed", [1])
def test_a_week(desk: Desk, seed: int) -> None:
    play(desk, seed)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(2, 22))
def test_more_weeks(desk: Desk, seed: int) -> None:
    play(desk, seed)


def play(desk: Desk, seed: int) -> None:
    with ExitStack() as opened:
        week = Week(desk, seed, opened)
        kills = [evening_and_night(week) for evening_and_night in NIGHTS]
        assert sum(kills) >= 3, "the kills came too late to mean anything"
        assert set(week.placed().values()) == {1}
        assert week.placed().total() == sum(week.sent.values())
        assert set(week.where().items()) == {
            *((name, "processed") for name in week.sent),
            ("tuesday-bad.xlsx", "needs-attention"),
            ("wednesday.xlsx", "needs-attention"),
        }
        assert list((week.root / "work").iterdir()) == []
        assert week.metric("bulk_orders_unknown_rows") == 0
        assert desk.run("verify").code == 0


def all_is_sent(week: Week) -> None:
    placed = week.placed()
    assert set(placed.values()) <= {1}
    assert placed.total() == sum(week.sent.values())


def monday(week: Week) -> bool:
    week.evening()
    week.drop("monday.xlsx")
    night = week.night()
    all_is_sent(week)
    assert night.files()["monday.xlsx"] in {0, 5}
    return night.was_killed


def tuesday(week: Week) -> bool:
    week.evening()
    week.drop("tuesday-bad.xlsx", subscriptionPeriod="a decade")
    week.drop("tuesday.xlsx")
    night = week.night()
    all_is_sent(week)
    assert night.has_told("finance", "tuesday-bad.xlsx")
    assert not night.has_told("operator", "tuesday-bad.xlsx")
    return night.was_killed


def wednesday(week: Week) -> bool:
    week.evening()
    week.drop("wednesday.xlsx", 2, says=3)
    night = week.night()
    all_is_sent(week)
    assert night.has_told("finance", "Control totals say 3 orders; the workbook has 2 orders.")
    return night.was_killed


def thursday(week: Week) -> bool:
    week.evening()
    plan_id = week.plan("unapproved.xlsx", is_approved=False)
    week.drop("thursday.xlsx")
    refused = week.desk.run("apply", plan_id, "--json")
    assert (refused.code, "Nobody has approved" in refused.json["error"]["message"]) == (9, True)
    night = week.night()
    all_is_sent(week)
    return night.was_killed


def friday(week: Week) -> bool:
    week.evening()
    plan_id = week.plan("moved.xlsx", is_approved=True)
    week.drop("friday.xlsx")
    week.gateway.surcharge = 1
    refused = week.desk.run("apply", plan_id, "--json")
    week.gateway.surcharge = 0
    assert (refused.code, "was planned at USD" in refused.json["error"]["message"]) == (9, True)
    night = week.night()
    all_is_sent(week)
    return night.was_killed


def saturday(week: Week) -> bool:
    week.evening()
    week.drop("saturday.xlsx")
    before = week.simulator.order_count
    week.down_until(3)
    night = week.night(at=timedelta(hours=2, minutes=50))
    all_is_sent(week)
    assert week.simulator.order_count == before + 3
    assert week.clock.now().hour >= 3
    return night.was_killed


def sunday(week: Week) -> bool:
    week.evening()
    week.drop("sunday.xlsx")
    night = week.night()
    all_is_sent(week)
    assert night.passes[-1]["exit_code"] in {
        0,
        9,
    }  # the two files that need attention have been there for days
    return night.was_killed


NIGHTS = (monday, tuesday, wednesday, thursday, friday, saturday, sunday)
