"""A newcomer's first two runs: everything is ordered once, and running again sends nothing."""

from collections import Counter
from pathlib import Path

import pytest
from books.order_books import order_rows, result_rows, write_book
from processes import Desk

DEMO = Path(__file__).parents[2] / "sample_data" / "orders-demo.xlsx"


@pytest.mark.long
def test_the_sample_is_ordered_once_and_running_it_again_sends_nothing(desk: Desk) -> None:
    book = desk.folder / "orders-demo.xlsx"
    book.write_bytes(DEMO.read_bytes())

    first = desk.run("run", book, "--practice", "--json")
    placed = (desk.home / "practice" / "marketplace.jsonl").read_bytes()
    second = desk.run("run", book, "--practice", "--json")

    assert (first.code, first.json["counts"]["accepted"]) == (0, 40)
    assert (second.code, second.json["counts"]["ordered_before"]) == (0, 40)
    assert len(placed.splitlines()) == 40
    assert (desk.home / "practice" / "marketplace.jsonl").read_bytes() == placed
    results = Path(first.json["files"]["results"])
    assert results.parent == book.parent
    assert {row["Outcome"] for row in result_rows(results)} == {"○ Accepted, being set up"}


@pytest.mark.long
def test_rows_that_were_ordered_before_are_compared_once_more_and_not_sent(desk: Desk) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", order_rows(12, customers=5))

    first = desk.run("run", book, "--practice-at", practice.base_url, "--json")
    requests = practice.stats()["requests"]
    second = desk.run("run", book, "--practice-at", practice.base_url, "--json")

    assert (first.code, second.code) == (0, 0)
    assert (requests["POST /token"], requests["POST /orders"]) == (1, 12)
    more = Counter(practice.stats()["requests"]) - Counter(requests)
    assert more == {"POST /token": 1, "GET /orders": 2}  # their time, and the list
    assert {row["outcome"] for row in second.json["rows"]} == {"ordered_before"}
    assert [row["order_id"] for row in second.json["rows"]] == [row["order_id"] for row in first.json["rows"]]


def test_a_run_says_the_same_to_people_and_to_machines_and_the_next_one_sends_nothing(desk: Desk) -> None:
    book = write_book(desk.folder / "orders.xlsx", order_rows(3))
    journal = desk.home / "practice" / "marketplace.jsonl"

    told = desk.run("run", book)
    placed = journal.read_bytes()

    assert "3 accepted, being set up" in told.out
    assert "Results: " in told.out
    assert "PRACTICE   nothing is billed" in told.err
    shown = desk.run("report", "last", "--json").json
    assert shown["counts"]["accepted"] == 3
    assert {row["Outcome"] for row in result_rows(Path(shown["files"]["results"]))} == {
        "○ Accepted, being set up"
    }
    second = desk.run("run", book, "--json")
    assert (second.code, second.json["counts"]["ordered_before"]) == (0, 3)
    assert (len(placed.splitlines()), journal.read_bytes()) == (3, placed)


@pytest.mark.long
@pytest.mark.parametrize("name", ["orders.csv", "My Orders 2026 (final).xlsx"])
def test_csv_and_odd_names_run_too(desk: Desk, name: str) -> None:
    rows = order_rows(2)
    book = desk.folder / name
    lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
    write = {"csv": lambda: book.write_text("\n".join(lines), encoding="utf-8")}
    write.get(name.rpartition(".")[2], lambda: write_book(book, rows))()

    ended = desk.run("run", book, "--practice", "--json")

    assert (ended.code, ended.json["counts"]["accepted"]) == (0, 2)
