"""What the sheet Subscriptions works out: LibreOffice comes to what Python shows before it does."""

from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from test_template_verdicts import needs_office, recalculated

from bulk_orders.core.columns.subscriptions import SUBSCRIPTION_COLUMNS, WISHES
from bulk_orders.ooxml.addresses import column_letters
from bulk_orders.writing import palette
from bulk_orders.writing.new_book.subscription_formulas import (
    PLACE,
    change_of,
    cost_difference_of,
    difference_of,
)
from bulk_orders.writing.new_book.subscriptions_book import FIRST_ROW, write_subscriptions

SEATS = ("12", "")
AFTER = ("", "12", "10", "15", "0", "many")
RENEWS = ("Yes", "No")
RENEWS_AFTER = ("", "Yes", "No")
WHEN = ("", "Now", "At renewal")
ROWS = [
    {
        "subscription_id": str(number),
        "seats": seats,
        "seats_after": after,
        "auto_renew": renews,
        "auto_renew_after": renews_after,
        "when": when,
        "unit_price": "" if number % 5 == 0 else "4.2",
    }
    for number, (seats, after, renews, renews_after, when) in enumerate(
        product(SEATS, AFTER, RENEWS, RENEWS_AFTER, WHEN)
    )
    if seats or not after
]


def test_a_change_is_said_in_a_few_words() -> None:
    row = {
        "seats": "12",
        "seats_after": "10",
        "auto_renew": "No",
        "auto_renew_after": "Yes",
        "unit_price": "4.2",
    }
    assert change_of(row) == "12 → 10 seats (-2) at renewal, auto-renew No → Yes"
    assert change_of(row | {"when": "Now", "auto_renew_after": ""}) == "12 → 10 seats (-2) now"
    assert (difference_of(row), cost_difference_of(row)) == (-2, -8.4)
    assert change_of(row | {"seats_after": "12", "auto_renew_after": "No"}) == ""
    assert change_of(row | {"seats_after": "many", "auto_renew_after": ""}) == "? many"


def test_a_mark_is_seen_for_no_live_colour_but_red_fills_a_cell_that_people_write(tmp_path: Path) -> None:
    at = datetime(2026, 11, 30, tzinfo=UTC)
    path = write_subscriptions(tmp_path / "s.xlsx", ROWS, environment="PRACTICE", pulled_at=at)
    formats = openpyxl.load_workbook(path)["Subscriptions"].conditional_formatting
    letters = {column_letters(PLACE[name]) for name in WISHES}
    fills = {
        letter: [rule.dxf.fill.bgColor.rgb for rule in ranges.rules if rule.dxf.fill]
        for ranges in formats
        if (letter := str(ranges.sqref).partition(str(FIRST_ROW))[0]) in letters
    }
    assert {fill for found in fills.values() for fill in found} == {"FF" + palette.BAD.fill[1:]}
    assert len(fills) > 1


@needs_office
@pytest.mark.long
def test_the_formulas_come_to_what_is_shown(tmp_path: Path) -> None:
    at = datetime(2026, 11, 30, tzinfo=UTC)
    path = write_subscriptions(tmp_path / "s.xlsx", ROWS, environment="PRACTICE", pulled_at=at)
    sheet = recalculated(path, tmp_path)["Subscriptions"]
    places = {entry.name: index for index, entry in enumerate(SUBSCRIPTION_COLUMNS, start=1)}

    for number, row in enumerate(ROWS, start=FIRST_ROW):
        change, difference, cost = (
            sheet.cell(number, places[name]).value or ""
            for name in ("change", "difference", "cost_difference")
        )
        assert change == change_of(row), row
        assert difference == (difference_of(row) or ""), row
        assert cost == pytest.approx(cost_difference_of(row)) if cost else not cost_difference_of(row), row
    changed = sum(bool(change_of(row)) for row in ROWS)
    seats = sum(difference_of(row) or 0 for row in ROWS)
    assert sheet["C1"].value == f"{changed} to change  ·  {seats:+d} seats"
