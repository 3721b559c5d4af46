"""The pull from Python: what is taken over from the workbook that is there."""

from pathlib import Path

import openpyxl

import bulk_orders
from bulk_orders.runs.pulled_workbook import read_pulled


def test_wishes_that_are_saved_while_a_pull_goes_on_are_in_the_new_workbook(tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    profile = bulk_orders.PRACTICE_PROFILE
    wanted = {"home": tmp_path / "home", "customers": ["1000105596"], "workbook": path}
    bulk_orders.pull_subscriptions(profile, **wanted)

    def save_a_wish(done: int, _total: int) -> None:
        if done == 1:
            book = openpyxl.load_workbook(path)
            sheet = book["Subscriptions"]
            place = next(cell.column for cell in sheet[3] if cell.value == "Seats after")
            sheet.cell(4, place).value = 99
            book.save(path)

    bulk_orders.pull_subscriptions(profile, **wanted, on_answer=save_a_wish, is_fresh=True)

    assert [row.text("seats_after") for row in read_pulled(path).rows.values() if row.has_wish] == ["99"]
