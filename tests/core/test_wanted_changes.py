"""What a sheet Subscriptions asks for, and what is wrong with a wish before anybody is asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.core.columns.listed import by_spelling
from bulk_orders.core.columns.subscriptions import SUBSCRIPTION_COLUMNS
from bulk_orders.core.columns.table import folded
from bulk_orders.core.model import CellNote
from bulk_orders.core.order_types import (
    AUTO_RENEW_OFF,
    AUTO_RENEW_ON,
    CHANGE_AT_RENEWAL,
    CHANGE_NOW,
    OrderType,
)
from bulk_orders.core.subscription_rows import SubscriptionRow
from bulk_orders.core.wanted_changes import WantedChanges, wanted_changes
from bulk_orders.ooxml.addresses import column_letters

TODAY = date(2026, 11, 30)
PULLED = {
    "subscription_id": "1100001",
    "customer_id": "1000105563",
    "customer_name": "27 Rings Jewelers",
    "product_name": "Exchange Online (Plan 1)",
    "mpn": "CFQ7TTC0LH16:0001",
    "vendor": "Microsoft",
    "renewal_date": "2027-03-12",
    "seats": "12",
    "auto_renew": "Yes",
    "status": "active",
}
LETTERS = {entry.name: column_letters(index) for index, entry in enumerate(SUBSCRIPTION_COLUMNS)}


def row(number: int = 4, **texts: str) -> SubscriptionRow:
    return SubscriptionRow(
        sheet_row=number,
        texts={**PULLED, **texts},
        cells={name: f"{letters}{number}" for name, letters in LETTERS.items()},
    )


def read(*rows: SubscriptionRow, include_hidden: bool = False) -> WantedChanges:
    return wanted_changes(rows, sheet="Subscriptions", today=TODAY, include_hidden=include_hidden)


def told(found: WantedChanges) -> list[tuple[str, str]]:
    return [(problem.code, problem.cells[0]) for problem in found.problems]


def test_a_sheet_as_it_was_pulled_asks_for_nothing() -> None:
    assert read(row(4), row(5, status="hold"), row(6, renewal_date="", seats="")) == WantedChanges(
        changes=(), problems=(), rows=3
    )


@pytest.mark.parametrize(
    ("wish", "action", "now", "after"),
    [
        ({"seats_after": "10"}, CHANGE_AT_RENEWAL, 12, 10),
        ({"seats_after": "10", "when": "at renewal"}, CHANGE_AT_RENEWAL, 12, 10),
        ({"seats_after": "15", "when": "Now"}, CHANGE_NOW, 12, 15),
        ({"seats_after": "1 500", "when": "Now"}, CHANGE_NOW, 12, 1500),
        (
            {"seats_after": "10", "when": "Now", "cancel_before": "2026-12-01"},
            *(CHANGE_NOW, 12, 10),
        ),
        ({"auto_renew": "No", "auto_renew_after": "on"}, AUTO_RENEW_ON, False, True),
        ({"auto_renew_after": "FALSE"}, AUTO_RENEW_OFF, True, False),
    ],
)
def test_a_difference_is_a_change(wish: dict[str, str], action: OrderType, now: int, after: int) -> None:
    (change,) = read(row(**wish)).changes
    assert (change.action, change.now, change.after) == (action, now, after)
    assert (change.subscription_id, change.customer_id, change.mpn) == (
        *("1100001", "1000105563", "CFQ7TTC0LH16:0001"),
    )
    assert (change.renewal_date, change.sheet_row, change.vendor) == (date(2027, 3, 12), 4, "Microsoft")


@pytest.mark.parametrize(
    "wish", [{"seats_after": "12"}, {"auto_renew_after": "Yes"}, {"when": "Now"}, {"seats_after": " "}]
)
def test_what_is_as_it_is_wanted_is_no_change(wish: dict[str, str]) -> None:
    assert read(row(**wish)) == WantedChanges(changes=(), problems=(), rows=1)


def test_of_two_wishes_in_a_row_auto_renew_comes_first_and_the_seats_are_told_of() -> None:
    found = read(row(auto_renew="No", auto_renew_after="Yes", seats_after="9"))
    assert [change.action for change in found.changes] == [AUTO_RENEW_ON]
    assert told(found) == [("W-NEXT-RUN", "F4")]


def reference(**texts: str) -> str:
    (change,) = read(row(**texts)).changes
    return change.reference


def test_the_same_wish_before_the_same_renewal_is_the_same_order_in_every_pull() -> None:
    first = reference(seats_after="9", read_at="2026-11-30 09:30")
    assert first == reference(seats_after="9", read_at="2026-12-24 10:00", under_way="CH1 is scheduled")
    others = [
        reference(seats_after="9", renewal_date="2028-03-12"),
        reference(seats_after="10"),
        reference(seats_after="9", seats="11"),
        reference(seats_after="9", mpn="CFQ7TTC0LH16:0002"),
        reference(seats_after="9", subscription_id="1100002"),
        reference(seats_after="13"),
        reference(seats_after="13", when="Now"),
    ]
    assert len({first, *others}) == 8
    assert all(len(found) <= 40 for found in others)


@pytest.mark.parametrize(
    ("said", "moment"),
    [("2026-11-30 09:30", datetime(2026, 11, 30, 9, 30, tzinfo=UTC)), ("", None), ("yesterday", None)],
)
def test_when_the_sheet_was_pulled_is_known_where_it_says_so(said: str, moment: datetime | None) -> None:
    (change,) = read(row(seats_after="9", read_at=said)).changes
    assert change.pulled_at == moment


def test_a_setting_is_a_new_wish_with_each_pull() -> None:
    off = [reference(auto_renew_after="No", read_at=f"2026-1{month}-01 09:30") for month in (1, 1, 2)]
    assert (off[0] == off[1], off[1] == off[2]) == (True, False)


@pytest.mark.parametrize(
    ("texts", "code", "field"),
    [
        ({"seats_after": "+5"}, "E-SEATS", "seats_after"),
        ({"seats_after": "0"}, "E-SEATS", "seats_after"),
        ({"seats_after": "4.5"}, "E-SEATS", "seats_after"),
        ({"seats_after": "1.000"}, "E-SEATS", "seats_after"),
        ({"seats_after": "99999999999"}, "E-SEATS", "seats_after"),
        ({"auto_renew_after": "maybe"}, "E-WISH", "auto_renew_after"),
        ({"seats_after": "9", "when": "tomorrow"}, "E-WISH", "when"),
        ({"seats_after": "9", "subscription_id": ""}, "E-NOT-PULLED", "subscription_id"),
        ({"seats_after": "9", "mpn": ""}, "E-NOT-PULLED", "mpn"),
        ({"seats_after": "9", "seats": ""}, "E-NOT-PULLED", "seats"),
        ({"auto_renew_after": "No", "auto_renew": ""}, "E-NOT-PULLED", "auto_renew"),
        ({"seats_after": "9", "status": "hold"}, "E-INACTIVE", "status"),
        ({"seats_after": "9", "renewal_date": ""}, "E-TOO-LATE", "seats_after"),
        ({"seats_after": "9", "renewal_date": "2026-11-29"}, "E-TOO-LATE", "seats_after"),
        ({"seats_after": "9", "renewal_date": "2026-12-01"}, "E-TOO-LATE", "seats_after"),
        ({"seats_after": "9", "auto_renew": "No"}, "E-NO-RENEWAL", "seats_after"),
        ({"seats_after": "9", "auto_renew_after": "No"}, "E-NO-RENEWAL", "seats_after"),
    ],
)
def test_a_wish_that_cannot_be_had_is_told_of_on_its_cell_and_is_no_change(
    texts: dict[str, str], code: str, field: str
) -> None:
    found = read(row(7, **texts), row(8, seats_after="20", subscription_id="1100002"))
    assert (code, f"{LETTERS[field]}7") in told(found)
    assert {problem.code for problem in found.errors} == {code}
    assert [change.sheet_row for change in found.changes] == [8]


def test_two_days_before_the_renewal_is_early_enough() -> None:
    assert read(row(seats_after="9", renewal_date="2026-12-02")).problems == ()


@pytest.mark.parametrize("note", [CellNote.ERROR, CellNote.FORMULA_STALE, CellNote.MERGED, CellNote.DATE])
def test_a_cell_that_does_not_show_what_it_holds_is_no_wish(note: CellNote) -> None:
    found = read(replace(row(), notes={"seats_after": note}))
    assert told(found) == [("E-WISH-CELL", f"{LETTERS['seats_after']}4")]


def test_the_end_of_a_subscription_is_warned_of_with_its_day() -> None:
    found = read(row(auto_renew_after="No"))
    assert [(problem.code, "12-Mar-2027" in problem.message) for problem in found.problems] == [
        ("W-WISH-ENDS", True)
    ]
    assert (found.errors, len(found.changes)) == ((), 1)


@pytest.mark.parametrize("window", ["", "2026-11-30"])
def test_a_cut_after_the_window_is_warned_of_for_only_the_marketplace_knows_when_seats_were_added(
    window: str,
) -> None:
    wish = {"seats_after": "9", "when": "Now", "cancel_before": window}
    found = read(row(**wish))
    assert (told(found), len(found.changes)) == ([("W-CUT-NOW", f"{LETTERS['seats_after']}4")], 1)
    assert told(read(row(**wish, vendor="Acronis"))) == []


@pytest.mark.parametrize(
    ("renewal", "auto_renew"),
    [("2026-12-01", "Yes"), ("2027-03-12", "No"), ("", "Yes"), ("2026-11-29", "Yes")],
)
def test_a_cut_is_never_sent_from_now_to_the_renewal_and_back(renewal: str, auto_renew: str) -> None:
    wish = {"seats_after": "9", "renewal_date": renewal, "auto_renew": auto_renew}
    (late,) = read(row(**wish)).problems
    (cut,) = read(row(**wish, when="Now")).problems
    assert ("Now" in late.fix, "At renewal" in cut.fix) == (False, False)
    (open_window,) = read(row(**wish, cancel_before="2026-12-01")).problems
    assert ("Now" in open_window.fix) == (renewal != "2026-11-29")


def test_who_is_too_late_to_cut_seats_hears_when_it_can_be_done() -> None:
    (late,) = read(row(seats_after="9", renewal_date="2026-12-01")).problems
    can = "mpty Seats after, pull again after the renewal, and cut them in its first 7 days."
    assert late.fix == f"E{can}"
    (cut,) = read(row(seats_after="9", renewal_date="2026-12-01", when="Now")).problems
    assert cut.fix == f"Go on if you added them in the last 7 days. Otherwise e{can}"


def test_what_cannot_be_had_leaves_nothing_for_the_next_run() -> None:
    found = read(row(seats_after="60", auto_renew_after="No"))
    assert sorted(problem.code for problem in found.problems) == ["E-NO-RENEWAL", "W-WISH-ENDS"]


def test_what_is_under_way_is_said_in_full() -> None:
    scheduled = "CH001 (change) is scheduled for 2027-03-12, quantity 10"
    found = read(row(seats_after="20", when="Now", under_way=scheduled))
    assert [(problem.code, problem.message, problem.fix) for problem in found.problems] == [
        ("W-UNDER-WAY", f"{scheduled}.", "A change now deletes what is scheduled. Go on if that is wanted.")
    ]


def test_different_wishes_for_one_subscription_are_held_back_all_of_them() -> None:
    found = read(
        row(4, seats_after="10"),
        row(5, seats_after="11"),
        row(6, auto_renew_after="No", mpn="ADD-ON"),
        row(7, seats_after="5", mpn="ADD-ON"),
    )
    assert [(problem.code, problem.cells) for problem in found.errors] == [
        ("E-WISHED-TWICE", (f"{LETTERS['seats_after']}4", f"{LETTERS['seats_after']}5"))
    ]
    assert [change.sheet_row for change in found.changes] == [6, 7]


def test_the_same_wish_in_two_rows_is_one_change() -> None:
    found = read(row(4, auto_renew_after="No"), row(5, auto_renew_after="No", mpn="ADD-ON"))
    assert [change.sheet_row for change in found.changes] == [4]
    assert found.errors == ()


def test_wishes_in_hidden_rows_do_not_count_unless_it_is_said() -> None:
    hidden = replace(row(4, seats_after="10"), is_hidden=True)
    found = read(hidden, row(5))
    assert told(found) == [("W-HIDDEN-WISH", f"{LETTERS['seats_after']}4")]
    assert found.changes == ()
    assert len(read(hidden, include_hidden=True).changes) == 1


def test_each_header_is_known_by_its_words_and_by_its_name() -> None:
    known = by_spelling(SUBSCRIPTION_COLUMNS)
    for entry in SUBSCRIPTION_COLUMNS:
        assert known[folded(f" {entry.header.upper()} ")] is known[folded(entry.name)] is entry


@given(
    now=st.integers(1, 60),
    after=st.integers(1, 60),
    is_now=st.booleans(),
    days=st.integers(-3, 400),
    window=st.integers(-3, 9),
)
def test_seats_change_now_or_with_notice_and_never_otherwise(
    now: int, after: int, is_now: bool, days: int, window: int
) -> None:
    found = read(
        row(
            seats=str(now),
            seats_after=str(after),
            when="Now" if is_now else "",
            renewal_date=str(TODAY + timedelta(days=days)),
            cancel_before=str(TODAY + timedelta(days=window)),
        )
    )
    is_allowed = is_now or days >= 2
    assert bool(found.changes) is (now != after and is_allowed)
    assert bool(found.errors) is (now != after and not is_allowed)
    is_warned = is_now and after < now and window <= 0
    assert [found.code for found in found.problems if found.code == "W-CUT-NOW"] == ["W-CUT-NOW"] * is_warned
    assert all(change.after == after and change.now == now for change in found.changes)
