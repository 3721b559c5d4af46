"""Equal failures in a row, and what an outage is in their midst."""

from bulk_orders.sending.streak import Streak


def test_all_that_were_in_flight_when_an_outage_began_are_one_failure() -> None:
    streak = Streak(5)
    for number in range(16):
        streak.begin(f"k{number}")
    assert {streak.count_doubt(f"k{number}", "lost") for number in range(16)} == {""}


def test_orders_whose_answers_are_lost_one_after_the_other_are_a_streak() -> None:
    streak = Streak(3)
    told = []
    for number in range(3):
        streak.begin(f"k{number}")
        told.append(streak.count_doubt(f"k{number}", "lost"))
    assert told == ["", "", "3 identical failures in a row: lost"]


def test_outages_with_orders_between_them_are_no_streak() -> None:
    streak = Streak(2)
    for number in range(10):
        streak.begin(f"k{number}")
        assert streak.count_doubt(f"k{number}", "lost") == ""
        assert streak.count("") == ""


def test_refusals_count_however_many_were_in_flight() -> None:
    streak = Streak(2)
    assert (streak.count("no"), streak.count("no")) == ("", "2 identical failures in a row: no")
