"""The ledger's keeper: backs it up, puts it back, and has it verified."""

import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from books.order_books import order_rows, write_book
from processes import Desk


def ledger_of(desk: Desk) -> Path:
    return desk.home / "practice" / "ledger.sqlite"


@pytest.mark.long
def test_after_a_restore_nothing_is_ordered_again_and_verify_says_that_the_end_is_missing(desk: Desk) -> None:
    practice = desk.practice("--completed-after-s", 600)
    at = ("--practice-at", practice.base_url, "--json")
    first = desk.run("run", write_book(desk.folder / "first.xlsx", order_rows(3)), *at)
    backup = desk.folder / "backup.sqlite"
    assert desk.run("ledger", "backup", backup, "--practice", "--json").json["runs"] == 1
    rows = [{**row, "ponumber": ""} for row in order_rows(6)[3:]]
    second = desk.run("run", write_book(desk.folder / "second.xlsx", rows), *at)
    workbooks = [Path(ended.json["files"]["results"]) for ended in (first, second)]
    assert desk.run("verify", *workbooks).code == 0

    refused = desk.run("ledger", "restore", backup, "--practice")
    assert (refused.code, "Nothing was restored" in refused.words) == (9, True)
    restored = desk.run("ledger", "restore", backup, "--practice", "--yes", "--json")

    assert restored.json["kept"] == f"{ledger_of(desk)}.before-restore"
    assert desk.run("verify", workbooks[0]).code == 0
    verified = desk.run("verify", workbooks[1], "--json")
    assert (verified.code, verified.json["exit_code"]) == (6, 6)
    assert (
        "the newest were cut off, or an older copy was put back" in verified.json["ledgers"][0]["findings"][0]
    )
    desk.settings.update(BULK_ORDERS_WINDOW_S="0")
    again = desk.run("run", desk.folder / "second.xlsx", *at)
    assert (again.code, again.json["counts"]["accepted"], practice.count()) == (0, 3, 6)
    assert {row["message"] for row in again.json["rows"]} == {
        "The marketplace already had this order, so it was not sent."
    }
    assert (
        "3 orders were already on the marketplace, so they were not sent" in desk.run("report", "last").words
    )


@pytest.mark.long
def test_a_record_changed_by_another_hand_is_named_with_row_and_run(desk: Desk) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "first.xlsx", order_rows(3))
    ended = desk.run("run", book, "--practice-at", practice.base_url, "--json")
    with closing(sqlite3.connect(ledger_of(desk))) as connection, connection:
        connection.execute("UPDATE orders SET state = 'rejected' WHERE sheet_row = 4")

    verified = desk.run("verify", ended.json["files"]["results"])

    assert verified.code == 6
    assert f"the order of row 4 of run {ended.json['run_id']}" in verified.words
    assert "bulk-orders help backups" in verified.words


@pytest.mark.long
def test_a_ledger_that_is_named_is_compared_whatever_the_workbook_says_of_its_environment(desk: Desk) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "first.xlsx", order_rows(1))
    ended = desk.run("run", book, "--practice-at", practice.base_url, "--json")
    results = Path(ended.json["files"]["results"])
    live = openpyxl.load_workbook(results)
    cell = next(row[1] for row in live["Run info"].iter_rows() if row[0].value == "Environment")
    cell.value = "LIVE"
    live.save(results)

    refused = desk.run("verify", results)
    assert (refused.code, "there is no such ledger here" in refused.words) == (3, True)
    assert desk.run("--ledger", ledger_of(desk), "verify", results).code == 0


def test_a_workbook_that_says_nothing_of_a_ledger_is_refused_by_name(desk: Desk) -> None:
    book = write_book(desk.folder / "first.xlsx", order_rows(1))
    refused = desk.run("verify", book)
    assert (refused.code, "first.xlsx has no readable sheet Run info" in refused.words) == (3, True)
