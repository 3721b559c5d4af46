"""After a run: corrected rows, orders followed to their end, the workbook made again."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books.order_books import BASIC, TOO_MANY, correct, order_row, order_rows, result_rows, write_book
from processes import Desk

pytestmark = pytest.mark.long


def test_corrected_rows_of_the_results_workbook_are_sent_and_only_those(desk: Desk) -> None:
    practice = desk.practice()
    rows = [*order_rows(5), order_row(6, mpn=BASIC, quantity=TOO_MANY), order_row(7, customerId="999")]
    book = write_book(desk.folder / "orders.xlsx", rows)

    first = desk.run("run", book, "--practice-at", practice.base_url, "--json")
    results = Path(first.json["files"]["results"])
    correct(results, {"ROW-0006": {"quantity": "40"}, "ROW-0007": {"customerId": "1000106400"}})
    second = desk.run("run", results, "--practice-at", practice.base_url, "--json")

    assert (first.code, first.json["counts"]["accepted"], first.json["counts"]["rejected"]) == (4, 5, 2)
    assert (second.code, second.json["counts"]["ordered_before"]) == (0, 5)
    assert (practice.count(), practice.posts()) == (7, 9)
    sent = [
        (order["customerId"], order["sent"]["products"][0]["quantity"]) for order in practice.orders()[5:]
    ]
    assert sorted(sent) == [("1000106005", 40), ("1000106400", 8)]
    assert Path(second.json["files"]["results"]) != results


def test_what_the_marketplace_refused_is_shown_with_its_words_on_the_cell(desk: Desk) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", [order_row(1, mpn=BASIC, quantity=TOO_MANY)])

    ended = desk.run("run", book, "--practice-at", practice.base_url)

    assert ended.code == 4
    assert "out of range: minimum 1.0, maximum 300.0" in ended.out
    assert "Next:    bulk-orders run " in ended.err


def test_a_sorted_results_workbook_is_still_recognised_row_by_row(desk: Desk) -> None:
    practice = desk.practice()
    rows = [{**row, "reference": ""} for row in order_rows(4)]
    book = write_book(desk.folder / "orders.xlsx", rows)
    first = desk.run("run", book, "--practice-at", practice.base_url, "--json")
    results = Path(first.json["files"]["results"])
    turn_upside_down(results)

    second = desk.run("run", results, "--practice-at", practice.base_url, "--json")

    assert (second.code, second.json["counts"]["ordered_before"], practice.posts()) == (0, 4, 4)
    assert [row["order_id"] for row in second.json["rows"]] == [
        row["order_id"] for row in reversed(first.json["rows"])
    ]


def turn_upside_down(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Orders"]
    header = next(row for row in range(1, 20) if "row_key" in [cell.value for cell in sheet[row]])
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=header + 1)]
    filled = [row for row in values if any(row)]
    for place, row in enumerate(reversed(filled)):
        for column, value in enumerate(row, 1):
            sheet.cell(header + 1 + place, column).value = value
    book.save(path)


def test_status_follows_orders_to_completed_with_their_subscriptions(desk: Desk) -> None:
    practice = desk.practice("--processing-after-s", 0.3, "--completed-after-s", 0.6)
    book = write_book(desk.folder / "orders.xlsx", order_rows(5, customers=2))
    run = desk.run("run", book, "--practice-at", practice.base_url, "--json")

    followed = desk.run("status", "last", "--wait", "20s", "--json")

    assert (run.code, run.json["counts"]["ordered"]) == (0, 0)
    assert (followed.code, followed.json["counts"]["ordered"]) == (0, 5)
    subscriptions = {order["id"]: order["subscriptionId"] for order in practice.orders()}
    assert {row["order_id"]: row["subscription_id"] for row in followed.json["rows"]} == subscriptions
    written = result_rows(Path(followed.json["files"]["results"]))
    assert {row["Outcome"] for row in written} == {"✔ Ordered"}
    assert [row["Subscription ID"] for row in written] == [
        subscriptions[row["order_id"]] for row in followed.json["rows"]
    ]


def test_status_asks_only_about_orders_that_are_not_over(desk: Desk) -> None:
    practice = desk.practice("--processing-after-s", 0, "--completed-after-s", 0.1)
    book = write_book(desk.folder / "orders.xlsx", order_rows(3))
    desk.run("run", book, "--practice-at", practice.base_url)
    desk.run("status", "last", "--wait", "20s")
    before = practice.stats()["requests"].get("GET /orders/{id}")

    again = desk.run("status", "last", "--wait", "20s", "--json")

    assert again.json["counts"]["ordered"] == 3
    assert practice.stats()["requests"].get("GET /orders/{id}") == before


def test_orders_that_end_in_error_are_told_and_never_sent_again(desk: Desk) -> None:
    practice = desk.practice(
        "--faults", "provisioning-error=every:2", "--processing-after-s", 0, "--completed-after-s", 0.1
    )
    book = write_book(desk.folder / "orders.xlsx", order_rows(4))
    desk.run("run", book, "--practice-at", practice.base_url)

    followed = desk.run("status", "last", "--wait", "20s", "--json")
    again = desk.run("run", book, "--practice-at", practice.base_url, "--json")

    assert (followed.code, followed.json["counts"]["order_in_error"]) == (4, 2)
    assert (again.code, again.json["counts"]["order_in_error"], practice.posts()) == (4, 2, 4)


def test_report_makes_a_deleted_results_workbook_again_with_the_same_content(desk: Desk) -> None:
    practice = desk.practice()
    rows = [*order_rows(4), order_row(5, mpn=BASIC, quantity=TOO_MANY)]
    book = write_book(desk.folder / "orders.xlsx", rows)
    run = desk.run("run", book, "--practice-at", practice.base_url, "--json")
    results = Path(run.json["files"]["results"])
    before = every_cell(results)
    results.unlink()
    book.unlink()

    made = desk.run("report", run.json["run_id"])

    assert made.code == 0
    assert f"Results: {results.name}" in made.out
    assert every_cell(results) == before
    assert f"bulk-orders run {results}" in before.values()


def test_report_writes_elsewhere_when_told(desk: Desk) -> None:
    book = write_book(desk.folder / "orders.xlsx", order_rows(2))
    run = desk.run("run", book, "--practice", "--json")
    elsewhere = desk.folder / "elsewhere"
    elsewhere.mkdir()

    made = desk.run("report", "last", "-o", elsewhere, "--json")

    written = Path(made.json["files"]["results"])
    assert written.parent == elsewhere
    assert every_cell(written) == every_cell(Path(run.json["files"]["results"]))


def test_report_from_another_folder_still_writes_beside_the_input(desk: Desk) -> None:
    write_book(desk.folder / "orders.xlsx", order_rows(2))
    run = desk.run("run", "orders.xlsx", "--json")
    results = Path(run.json["files"]["results"])
    results.unlink()
    elsewhere = desk.folder / "elsewhere"
    elsewhere.mkdir()

    made = Desk(desk.starter, elsewhere, {"BULK_ORDERS_HOME": str(desk.home)}).run("report", "last")

    assert made.code == 0
    assert f"Results: {results}" in made.out
    assert results.exists()


def every_cell(path: Path) -> dict[tuple[str, str], Any]:
    """All but the moment of writing, and how far the ledger's log had come."""
    book = openpyxl.load_workbook(path)
    found = {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    book.close()
    later = ("Written", "Events in its log", "Hash of the newest")
    places = [
        address.replace("A", "B")
        for (sheet, address), value in found.items()
        if sheet == "Run info" and str(value).startswith(later)
    ]
    assert len(places) == len(later)
    return {
        place: value for place, value in found.items() if place not in {("Run info", at) for at in places}
    }


def test_a_run_whose_results_cannot_be_written_loses_no_order_and_says_how_to_write_them(desk: Desk) -> None:
    practice = desk.practice("--faults", "slow=0.5")
    desk.settings["BULK_ORDERS_WORKERS"] = "4"
    book = write_book(desk.folder / "orders.xlsx", [*order_rows(4), order_row(5, quantity="none")])
    place = desk.folder / "results"
    place.mkdir()
    command = ("run", book, "--only-ready", "--practice-at", practice.base_url, "--json", "-o", place)
    running = desk.start(*command)
    practice.has_taken(1)
    put_a_file_in_the_way(place)

    ended = running.wait()
    listed = desk.run("history", "--json").json["runs"][0]
    made = desk.run("report", "last", "-o", desk.folder, "--json")

    assert (ended.code, practice.count(), ended.json["counts"]["accepted"]) == (7, 4, 4)
    assert (ended.json["exit_code"], listed["exit_code"], ended.json["files"]["results"]) == (7, 7, None)
    assert ended.json["next"][0] == f"bulk-orders report {ended.json['run_id']}"
    assert made.code == 0
    assert [row["Outcome"] for row in result_rows(Path(made.json["files"]["results"]))] == [
        *["○ Accepted, being set up"] * 4,
        "✖ To fix",
    ]


def test_a_status_whose_results_cannot_be_written_says_how_to_write_them(desk: Desk) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", order_rows(2))
    place = desk.folder / "results"
    place.mkdir()
    first = desk.run("run", book, "--practice-at", practice.base_url, "-o", place)
    put_a_file_in_the_way(place)

    followed = desk.run("status", "last")
    told = desk.run("report", "last", "--json")

    assert (first.code, followed.code, told.code) == (0, 7, 7)
    assert "The results workbook was not written" in followed.err
    assert "Next:    bulk-orders report " in followed.err
    assert (told.json["exit_code"], told.json["files"]["results"]) == (7, None)


def put_a_file_in_the_way(folder: Path) -> None:
    folder.rename(folder.with_name("moved away"))
    folder.write_text("in the way")
