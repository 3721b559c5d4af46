"""The workbook of subscriptions: written, edited by people, read again, and pulled again with what they wrote in it."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from runs.pull_parts import NOW, PullDesk

from bulk_orders.core.columns.subscriptions import SUBSCRIPTION_COLUMNS
from bulk_orders.core.columns.table import RESULT_COLUMNS
from bulk_orders.core.model import CellNote
from bulk_orders.errors import InputError
from bulk_orders.runs.pulled_workbook import read_pulled
from bulk_orders.runs.subscription_sheet import carry, sheet_rows
from bulk_orders.writing.new_book.subscriptions_book import write_subscriptions

NAMES = {entry.header: entry.name for entry in SUBSCRIPTION_COLUMNS}
FILLED = [
    entry.name for entry in SUBSCRIPTION_COLUMNS if not entry.is_wanted and "difference" not in entry.name
]


def rows_of_a_pull(**wanted: Any) -> list[dict[str, str]]:
    return sheet_rows(PullDesk().pull(**wanted).found, NOW)


def written(path: Path, rows: list[dict[str, str]], **more: Any) -> Path:
    return write_subscriptions(path, rows, environment="PRACTICE", pulled_at=NOW, **more)


def edited(path: Path, cells: dict[tuple[int, str], object], *, also: tuple[str, ...] = ()) -> None:
    """Write into cells by row and header, as a person does; `also` are headers of further columns."""
    book = openpyxl.load_workbook(path)
    sheet = book["Subscriptions"]
    for header in also:
        sheet.cell(3, sheet.max_column + 1).value = header
    places = {cell.value: cell.column for cell in sheet[3]}
    for (row, header), value in cells.items():
        sheet.cell(row, places[header]).value = value
    book.properties.modified = datetime(2026, 12, 1)  # noqa: DTZ001 - Excel's properties have no time zone
    book.save(path)


def test_what_was_pulled_is_what_is_read(tmp_path: Path) -> None:
    rows = rows_of_a_pull()
    rows[0] |= {"customer_name": "=SUM(A1)", "mpn": "0012", "under_way": "+1"}

    read = read_pulled(written(tmp_path / "s.xlsx", rows))

    assert [{name: row.texts[name] for name in FILLED if name != "change"} for row in read.rows.values()] == [
        {name: row[name] for name in FILLED if name != "change"} for row in rows
    ]
    assert not any(row.has_wish for row in read.rows.values())
    assert (read.own, read.other_sheets) == ((), ())


def test_wishes_and_own_columns_are_there_after_the_next_pull_whatever_the_order_of_rows(
    tmp_path: Path,
) -> None:
    path = written(tmp_path / "s.xlsx", rows_of_a_pull())
    edited(
        path,
        {
            (4, "Seats after"): 10,
            (5, "Auto-renew after"): "No",
            (6, "When"): "Now",
            (4, "Account manager"): "Kim",
            (6, "Account manager"): "0012",
            (5, "Called on"): date(2026, 11, 3),
            (5, "Worth"): 12.5,
        },
        also=("Account manager", "Called on", "Worth"),
    )
    before = read_pulled(path)
    ids = [row.text("subscription_id") for row in before.rows.values()]

    again = list(reversed(rows_of_a_pull()))
    carried = carry(again, before)
    read = read_pulled(written(tmp_path / "again.xlsx", list(carried.rows), own=carried.own))

    by_id = {row.text("subscription_id"): row for row in read.rows.values()}
    assert by_id[ids[0]].text("seats_after") == "10"
    assert by_id[ids[1]].text("auto_renew_after") == "No"
    assert by_id[ids[2]].text("when") == "Now"
    own = {column.header: {key[0]: value for key, value in column.values.items()} for column in read.own}
    assert {header: {key: text for key, (text, _) in values.items()} for header, values in own.items()} == {
        "Account manager": {ids[0]: "Kim", ids[2]: "0012"},
        "Called on": {ids[1]: "2026-11-03"},
        "Worth": {ids[1]: "12.5"},
    }
    assert own["Called on"][ids[1]][1] is not None  # a real date, as it was
    assert carried.lost == ()


def test_what_was_written_beside_a_subscription_that_is_gone_is_named(tmp_path: Path) -> None:
    rows = rows_of_a_pull()
    path = written(tmp_path / "s.xlsx", rows)
    edited(path, {(4, "Seats after"): 10, (5, "Note"): "call them"}, also=("Note",))

    carried = carry(rows[3:], read_pulled(path))

    assert carried.lost == (rows[0]["subscription_id"], rows[1]["subscription_id"])


def test_a_product_that_is_in_a_subscription_twice_has_two_rows_and_keeps_them_apart(tmp_path: Path) -> None:
    rows = rows_of_a_pull()
    rows = [dict(rows[0]), dict(rows[0]), rows[1]]
    path = written(tmp_path / "s.xlsx", rows)
    edited(path, {(4, "Note"): "first", (5, "Note"): "second", (5, "Seats after"): 7}, also=("Note",))

    carried = carry(rows, read_pulled(path))

    assert [text for text, _ in carried.own[0].values] == ["first", "second", ""]
    assert [row.get("seats_after", "") for row in carried.rows] == ["", "7", ""]


def test_a_workbook_that_somebody_saved_is_moved_aside_and_one_that_nobody_touched_is_replaced(
    tmp_path: Path,
) -> None:
    rows, path, aside = rows_of_a_pull(), tmp_path / "s.xlsx", tmp_path / "before.xlsx"
    written(path, rows)
    assert written(path, rows, aside=aside) == path
    assert not aside.exists()
    edited(path, {(4, "Seats after"): 10})
    saved = path.read_bytes()

    assert written(path, rows, aside=aside) == path
    assert aside.read_bytes() == saved


def test_headers_are_found_wherever_they_are_and_hidden_rows_are_known(tmp_path: Path) -> None:
    path = written(tmp_path / "s.xlsx", rows_of_a_pull())
    book = openpyxl.load_workbook(path)
    sheet = book["Subscriptions"]
    sheet.title = "Renewals 2027"
    sheet.insert_rows(1, 2)
    sheet.insert_cols(1)
    sheet.row_dimensions[6].hidden = True
    book.create_sheet("Notes", 0)["A1"] = "Subscription ID"
    book.save(path)

    read = read_pulled(path)

    first, second, *_ = read.rows.values()
    assert (read.table.name, read.other_sheets, len(read.rows)) == ("Renewals 2027", ("Notes",), 38)
    assert (first.cells["subscription_id"], first.is_hidden, second.is_hidden) == ("B6", True, False)


@pytest.mark.parametrize(
    ("value", "number_format", "text", "note"),
    [
        (12000, "0,", "12000", CellNote.SHOWN_OTHERWISE),
        (4.6, "0", "4.6", CellNote.SHOWN_OTHERWISE),
        (0.1, "0%", "0.1", CellNote.PERCENT),
        (1500, "#,##0", "1500", None),
        ("17", "@", "17", None),
    ],
)
def test_a_wish_is_what_is_seen_or_noted(
    tmp_path: Path, value: object, number_format: str, text: str, note: CellNote | None
) -> None:
    path = written(tmp_path / "s.xlsx", rows_of_a_pull())
    book = openpyxl.load_workbook(path)
    cell = book["Subscriptions"]["F4"]
    cell.value, cell.number_format = value, number_format
    book.save(path)

    row, *_ = read_pulled(path).rows.values()

    assert (row.cells["seats_after"], row.text("seats_after")) == ("F4", text)
    assert row.notes.get("seats_after") is note


def test_another_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    shutil.copy(Path(__file__).parents[2] / "sample_data" / "orders-demo.xlsx", path)
    with pytest.raises(InputError, match="no sheet Subscriptions") as caught:
        read_pulled(path)
    assert "subscriptions pull" in caught.value.fix


def test_the_window_for_cancelling_is_shown_only_while_it_is_open() -> None:
    rows = rows_of_a_pull()
    days = [date.fromisoformat(row["cancel_before"]) for row in rows if row["cancel_before"]]
    assert days
    assert all(NOW.astimezone(UTC).date() < day for day in days)
    assert len(days) < len(rows)


def test_a_wish_whose_formula_has_no_stored_result_is_named_and_not_dropped_in_silence(
    tmp_path: Path,
) -> None:
    rows = rows_of_a_pull()
    path = written(tmp_path / "s.xlsx", rows)
    edited(path, {(4, "Seats after"): "=5+7", (5, "Seats after"): 8})
    place = next(row for row in read_pulled(path).rows.values()).cells["seats_after"]

    carried = carry(rows, read_pulled(path))

    assert [row.get("seats_after", "") for row in carried.rows[:2]] == ["", "8"]
    assert carried.lost == (f"{rows[0]['subscription_id']} ({place} has no value)",)


@pytest.mark.parametrize(
    ("is_of_a_run", "kept"), [(True, ["Note"]), (False, ["Note", "Outcome", "Attempts"])]
)
def test_the_columns_that_a_run_added_are_not_taken_for_ones_that_people_added(
    tmp_path: Path, is_of_a_run: bool, kept: list[str]
) -> None:
    path = written(tmp_path / "s.xlsx", rows_of_a_pull())
    headers = [header for _, header in RESULT_COLUMNS] if is_of_a_run else ["Outcome", "Attempts"]
    edited(
        path,
        {(4, "Note"): "call them", (4, "Outcome"): "✔ Ordered", (4, "Attempts"): 1},
        also=("Note", *headers),
    )

    assert [column.header for column in read_pulled(path).own] == kept
