"""Throttled, answered 500 although placed, left hanging, cut off: every order is there once, and every row knows it."""

import pytest
from books.order_books import order_rows, write_book
from placed_once import assert_each_placed_once, wrong_bodies
from processes import Desk

pytestmark = pytest.mark.long

FAULTS = (
    "429=0.05,500-after-commit=every:50,hang-after-commit=every:70,reset-after-commit=every:60,hang=30,"
    "retry-after=0"
)
LOST_ANSWERS = ("500-after-commit", "hang-after-commit", "reset-after-commit")
QUICK = {
    "BULK_ORDERS_ORDER_DEADLINE_S": "1.5",
    "BULK_ORDERS_RATE_PER_S": "0",
    "BULK_ORDERS_SETTLE_S": "3",
}


@pytest.fixture
def quick(desk: Desk) -> Desk:
    desk.settings.update(QUICK)
    return desk


def test_200_rows_through_planted_faults_are_each_placed_once(quick: Desk) -> None:
    practice = quick.practice("--faults", FAULTS, "--seed", 7)
    rows = order_rows(200, customers=120)
    book = write_book(quick.folder / "orders.xlsx", rows)

    ended = quick.run("run", book, "--practice-at", practice.base_url, "--json")

    struck = practice.stats()["faults"]
    assert [struck.get(name, 0) for name in LOST_ANSWERS] == [4, 2, 3]
    assert struck["429"] >= 1
    assert (ended.code, ended.json["counts"]["accepted"]) == (0, 200)
    assert_each_placed_once(practice, ended.json, 200)
    assert wrong_bodies(practice, rows, ended.json) == []


def test_po_numbers_of_the_user_are_kept_and_found_again(quick: Desk) -> None:
    practice = quick.practice("--faults", "500-after-commit=every:4,retry-after=0", "--list-without-po")
    rows = [{**row, "ponumber": f"PO {n}"} for n, row in enumerate(order_rows(12, customers=3), 1)]
    book = write_book(quick.folder / "orders.xlsx", rows)

    ended = quick.run("run", book, "--practice-at", practice.base_url, "--json")

    assert (ended.code, ended.json["counts"]["accepted"]) == (0, 12)
    assert [row["po_sent"] for row in ended.json["rows"]] == [f"PO {n}" for n in range(1, 13)]
    assert_each_placed_once(practice, ended.json, 12)


@pytest.mark.parametrize(
    "fault",
    ["504-html", "truncated-body", "reset-after-commit", "empty-200", "html-200", "hang-after-commit"],
)
def test_an_order_whose_answer_was_lost_is_found_and_not_sent_again(quick: Desk, fault: str) -> None:
    practice = quick.practice("--faults", f"{fault}=every:2,hang=30")
    book = write_book(quick.folder / "orders.xlsx", order_rows(4))

    ended = quick.run("run", book, "--practice-at", practice.base_url, "--json")

    assert (ended.code, practice.posts()) == (0, 4)
    assert_each_placed_once(practice, ended.json, 4)


@pytest.mark.parametrize(
    "fault",
    [
        "reset-before-commit",
        "500-before-commit",
        "504-html-before-commit",
    ],
)
def test_an_order_that_never_arrived_is_named_for_a_person_and_never_sent_again(
    quick: Desk, fault: str
) -> None:
    quick.settings["BULK_ORDERS_SETTLE_S"] = "0"
    practice = quick.practice("--faults", f"{fault}=every:3")
    book = write_book(quick.folder / "orders.xlsx", order_rows(5))

    first = quick.run("run", book, "--practice-at", practice.base_url, "--json")
    again = quick.run("run", book, "--practice-at", practice.base_url, "--json")
    told = quick.run("resolve", "last")

    assert (first.code, again.code, told.code) == (5, 5, 5)
    assert (first.json["counts"]["accepted"], first.json["counts"]["unknown"]) == (4, 1)
    assert first.json["next"][0] == f"bulk-orders resolve {first.json['run_id']}"
    assert again.json["counts"]["unknown"] == 1
    assert (practice.posts(), practice.count()) == (5, 4)
    assert "1 check by hand" in told.out


def test_a_platform_that_shows_orders_late_is_waited_for(quick: Desk) -> None:
    quick.settings["BULK_ORDERS_SETTLE_S"] = "6"
    practice = quick.practice("--faults", "500-after-commit=every:3,list-lag=1.5")
    book = write_book(quick.folder / "orders.xlsx", order_rows(6))

    ended = quick.run("run", book, "--practice-at", practice.base_url, "--json")

    told = ended.json["counts"]
    assert (ended.code, told["accepted"] + told["ordered"], practice.posts()) == (0, 6, 6)


def test_lost_answers_of_look_alike_rows_are_not_mixed_up(quick: Desk) -> None:
    practice = quick.practice("--faults", "500-after-commit=every:2")
    rows = order_rows(8, customers=1, quantity="5")
    book = write_book(quick.folder / "orders.xlsx", rows)

    ended = quick.run("run", book, "--practice-at", practice.base_url, "--json")

    assert (ended.code, practice.posts()) == (0, 8)
    assert_each_placed_once(practice, ended.json, 8)
