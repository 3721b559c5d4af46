"""People's data: erased on demand, while everything that depends on the orders goes on working."""

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from books.order_books import result_rows
from processes import Desk, Ended
from stories.people import (
    ANNA,
    BORIS,
    found_in_ledger,
    found_in_package,
    rows_of,
    three_rows,
    told_by,
    words_of,
    workbook_of_people,
)


@pytest.mark.long
def test_after_a_purge_nobody_is_named_and_nothing_is_ordered_again(desk: Desk) -> None:
    practice = desk.practice()
    at = ("--practice-at", practice.base_url, "--json")
    book = workbook_of_people(desk.folder / "quillfeather.xlsx", *three_rows())
    ran = desk.run("run", book, *at, "--only-ready")
    before = {row["row"]: row for row in ran.json["rows"]}
    assert [row["outcome"] for row in before.values()] == ["accepted", "rejected", "invalid", "accepted"]
    results = Path(ran.json["files"]["results"])
    assert set(found_in_ledger(desk, words_of(ANNA, BORIS))) >= set(words_of(ANNA, BORIS))

    refused = desk.run("purge", "--customer", ANNA)
    assert (refused.code, "Nothing was erased" in refused.words) == (9, True)
    for told in ("of 2 orders", "of 1 run", str(results)):
        assert told in refused.words
    assert "Quillfeather" in " ".join(found_in_ledger(desk, words_of(ANNA)))
    purged = desk.run("purge", "--customer", ANNA, "--yes", "--json")

    assert (purged.code, purged.json["ledgers"][0]["orders"]) == (0, 2)
    assert purged.json["ledgers"][0]["runs"] == [ran.json["run_id"]]
    assert found_in_ledger(desk, words_of(ANNA)) == []
    assert purge_finds_nothing(desk, ANNA)
    # Boris's order is another one; the workbook with his cells was the same.
    assert "Thistlewood" in " ".join(found_in_ledger(desk, words_of(BORIS)))
    assert desk.run("purge", "--older-than", "0d", "--yes").code == 0
    assert found_in_ledger(desk, words_of(ANNA, BORIS)) == []

    assert desk.run("verify", results).code == 0
    listed = desk.run("history", "--json").json["runs"][0]
    assert (listed["run_id"], listed["workbook"]) == (ran.json["run_id"], None)
    assert "(erased)" in desk.run("history").words
    assert desk.run("audit", "last", "--json").json["matched"] == 2
    assert_reported(desk, before)
    assert desk.run("status", "last", "--wait", "60s", "--json").json["counts"]["ordered"] == 2
    again = desk.run("run", book, *at, "--only-ready")
    assert again.json["counts"]["ordered_before"] == 2
    assert (practice.count(), practice.posts()) == (2, 4)


def results_of(ran: Ended) -> Path:
    return Path(ran.json["files"]["results"])


def purge_finds_nothing(desk: Desk, customer_id: str) -> bool:
    found = desk.run("purge", "--customer", customer_id, "--json").json["ledgers"][0]
    return (found["orders"], found["runs"], found["copies"], found["waiting"]) == (0, [], [], [])


def assert_reported(desk: Desk, before: dict[int, dict[str, object]]) -> None:
    """The report tells each outcome as before, names nobody, and says why its cells are not there."""
    written = desk.run("report", "last", "-o", "again.xlsx", "--json")
    told = {row["row"]: row for row in written.json["rows"]}
    for name in ("outcome", "order_id", "order_number", "po_sent", "row_key"):
        assert {row: one[name] for row, one in told.items()} == {
            row: one[name] for row, one in before.items()
        }
    assert "erased" in written.json["files"]["made_new_because"]
    assert "a new workbook, not a copy of yours: its cells were erased" in desk.run("report", "last").words
    again = desk.folder / "again.xlsx"
    assert found_in_package(again, words_of(ANNA, BORIS)) == []
    assert [row["Customer ID"] for row in result_rows(again)] == [ANNA, ANNA, None, BORIS]


@pytest.mark.long
def test_what_is_not_settled_stays_and_is_named(desk: Desk) -> None:
    practice = desk.practice("--faults", "reset-before-commit=every:2")
    desk.settings.update(BULK_ORDERS_SETTLE_S="0", BULK_ORDERS_WINDOW_S="3600")
    book = workbook_of_people(desk.folder / "orders.xlsx", rows_of(ANNA, 1), rows_of(ANNA, 2))
    ran = desk.run("run", book, "--practice-at", practice.base_url, "--json")
    doubtful = [row["row"] for row in ran.json["rows"] if row["outcome"] == "unknown"]

    purged = desk.run("purge", "--customer", ANNA, "--yes", "--json")

    waiting = purged.json["ledgers"][0]["waiting"]
    assert purged.code == 7
    assert len(doubtful) == 1
    assert [one["row"] for one in waiting] == [*doubtful, None]
    assert {one["todo"] for one in waiting} == {f"bulk-orders resolve {ran.json['run_id']}"}
    assert desk.run("verify").code == 0
    assert desk.run("resolve", "last", "--row", doubtful[0], "--drop", "--reason", "Annabella").code == 0
    assert desk.run("purge", "--customer", ANNA, "--yes").code == 0
    assert found_in_ledger(desk, words_of(ANNA)) == []
    assert desk.run("verify").code == 0


@pytest.mark.long
def test_copies_that_the_program_made_go_with_it_and_others_are_named(desk: Desk) -> None:
    practice = desk.practice()
    book = workbook_of_people(desk.folder / "orders.xlsx", rows_of(ANNA, 1))
    ran = desk.run("run", book, "--practice-at", practice.base_url, "--json")
    mine = desk.home / "practice" / "mine.sqlite"
    assert desk.run("ledger", "backup", mine, "--practice").code == 0
    assert desk.run("ledger", "restore", mine, "--practice", "--yes").code == 0
    copy = desk.home / "practice" / "ledger.sqlite.before-restore"

    purged = desk.run("purge", "--customer", ANNA, "--yes", "--json").json["ledgers"][0]

    assert purged["copies"] == [str(copy)]
    assert purged["yours"] == {"files": [str(book), str(results_of(ran))], "ledgers": [str(mine)]}
    assert (copy.exists(), mine.exists()) == (False, True)
    assert found_in_ledger(desk, words_of(ANNA)) == []
    # A copy that comes later is looked into, too.
    copy.write_bytes(mine.read_bytes())
    assert purge_finds_nothing(desk, BORIS)
    assert desk.run("purge", "--older-than", "9d", "--yes", "--json").json["ledgers"][0]["copies"] == []
    assert desk.run("purge", "--customer", ANNA, "--yes", "--json").json["ledgers"][0]["copies"] == [
        str(copy)
    ]
    assert desk.run("--ledger", mine, "purge", "--customer", ANNA, "--yes").code == 0
    assert told_by(mine.read_bytes(), words_of(ANNA)) == []


@pytest.mark.long
def test_what_is_older_than_the_setting_says_goes_at_the_end_of_a_run(desk: Desk) -> None:
    practice = desk.practice()
    at = ("--practice-at", practice.base_url)
    desk.run("run", workbook_of_people(desk.folder / "one.xlsx", rows_of(ANNA, 1)), *at)
    made_older(desk, days=3)
    (desk.home / "settings.toml").write_text(
        "[profiles.practice]\nkeep_personal_days = 2\n", encoding="utf-8"
    )
    told = desk.run("doctor")
    assert ("1 order and 1 run are older" in told.words, told.code) == (True, 0)

    ran = desk.run("run", workbook_of_people(desk.folder / "two.xlsx", rows_of(BORIS, 2)), *at)

    assert (ran.code, "Older than keep_personal_days (2)" in ran.words) == (0, True)
    assert found_in_ledger(desk, [word for word in words_of(ANNA) if word != "Nettlebed"]) == []
    assert "Thistlewood" in " ".join(found_in_ledger(desk, words_of(BORIS)))
    assert "kept for 2 days; nothing is older" in desk.run("doctor").words
    made_older(desk, days=3)
    assert desk.run("purge", "--profile", "practice", "--yes").code == 0
    assert found_in_ledger(desk, words_of(ANNA, BORIS)) == []


def made_older(desk: Desk, *, days: int) -> None:
    """As if all of it had happened earlier; `verify` would notice."""
    with closing(sqlite3.connect(desk.home / "practice" / "ledger.sqlite")) as connection, connection:
        for table, name in (
            ("runs", "started_at"),
            ("runs", "ended_at"),
            ("orders", "sent_at"),
            ("orders", "accepted_at"),
        ):
            connection.execute(
                f"UPDATE {table} SET {name} = strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', {name}, '-{days} days')"
            )


@pytest.mark.long
def test_results_without_customers_data_name_nobody_anywhere_in_the_package(desk: Desk) -> None:
    practice = desk.practice()
    rows = [{**row, "reference": f"R-{place}"} for place, row in enumerate(three_rows())]
    book = workbook_of_people(desk.folder / "nettlebed.xlsx", *rows)
    ran = desk.run("run", book, "--practice-at", practice.base_url, "--only-ready", "--json")
    whole = Path(ran.json["files"]["results"])
    before = whole.read_bytes()

    written = desk.run("report", "last", "--no-customer-data", "--json")

    path = Path(written.json["files"]["results"])
    assert (written.code, path.name) == (0, f"{ran.json['run_id']}.no-customer-data.xlsx")
    assert found_in_package(whole, words_of(ANNA, BORIS))
    assert whole.read_bytes() == before
    assert found_in_package(path, words_of(ANNA, BORIS)) == []
    assert told_by(json.dumps(written.json).encode(), words_of(ANNA, BORIS)) == []
    told = result_rows(path)
    assert [row["reference"] for row in told] == ["R-0", "R-1", "R-2", "R-3"]
    assert [row["outcome_code"] for row in told] == ["accepted", "rejected", "invalid", "accepted"]


@pytest.mark.long
def test_the_zip_for_whoever_helps_holds_no_secret_and_nobodys_data(desk: Desk) -> None:
    assert "There is no ledger yet" in desk.run("purge", "--customer", ANNA).words
    practice = desk.practice()
    book = workbook_of_people(desk.folder / "quillfeather.xlsx", *three_rows())
    desk.run("--verbose", "run", book, "--practice-at", practice.base_url, "--only-ready")
    desk.run("run", desk.folder / "Nettlebed.xlsx")

    made = desk.run("doctor", "--bundle", "help.zip")

    assert made.code == 0
    with zipfile.ZipFile(desk.folder / "help.zip") as packed:
        texts = {name: packed.read(name).decode() for name in packed.namelist()}
    assert all(name in made.out for name in texts)
    assert found_in_package(desk.folder / "help.zip", [*words_of(ANNA, BORIS), str(desk.folder)]) == []
    assert json.loads(texts["runs.json"])[0]["outcomes"] == {"accepted": 2, "invalid": 1, "rejected": 1}
    assert "CREATE TABLE" in texts["ledger-schema.sql"]
    assert "run-ended" in texts["log.txt"]
    assert (desk.folder / "help.zip").stat().st_mode & 0o077 == 0
    assert desk.run("doctor", "--bundle", "help.zip").code == 2
