"""Told to slow down, and tokens that end: the run goes on by itself."""

import pytest
from books.order_books import order_rows, write_book
from placed_once import assert_each_placed_once
from processes import Desk

pytestmark = pytest.mark.long


@pytest.mark.long
def test_a_run_that_is_told_to_slow_down_waits_as_long_as_asked_and_ends_well(desk: Desk) -> None:
    desk.settings["BULK_ORDERS_RATE_PER_S"] = "0"
    practice = desk.practice("--faults", "429=every:8,retry-after=1")
    book = write_book(desk.folder / "orders.xlsx", order_rows(12))

    ended = desk.run("run", book, "--practice-at", practice.base_url, "--json")

    assert ended.code == 0
    assert practice.stats()["throttled"] >= 1
    assert_each_placed_once(practice, ended.json, 12)
    assert sum(row["attempts"] for row in ended.json["rows"]) == practice.posts()


@pytest.mark.long
def test_the_date_form_of_retry_after_is_understood(desk: Desk) -> None:
    practice = desk.practice("--faults", "429-date=every:3,retry-after=1")
    book = write_book(desk.folder / "orders.xlsx", order_rows(4))

    ended = desk.run("run", book, "--practice-at", practice.base_url, "--json")

    assert ended.code == 0
    assert_each_placed_once(practice, ended.json, 4)


@pytest.mark.long
def test_a_platform_with_a_limit_is_kept_to(desk: Desk) -> None:
    practice = desk.practice("--limit", 20)
    book = write_book(desk.folder / "orders.xlsx", order_rows(30))

    ended = desk.run("run", book, "--practice-at", practice.base_url, "--rate", "18/s", "--json")

    assert (ended.code, practice.stats()["throttled"]) == (0, 0)
    assert_each_placed_once(practice, ended.json, 30)


def test_tokens_that_end_early_are_renewed_and_nothing_is_sent_twice(desk: Desk) -> None:
    desk.settings["BULK_ORDERS_WORKERS"] = "1"  # so that no order meets two of them
    practice = desk.practice("--faults", "token-expiry=every:5")
    book = write_book(desk.folder / "orders.xlsx", order_rows(16))

    ended = desk.run("run", book, "--practice-at", practice.base_url, "--json")

    stats = practice.stats()
    assert ended.code == 0
    assert stats["faults"]["token-expiry"] >= 3
    assert stats["requests"]["POST /token"] >= 2
    assert_each_placed_once(practice, ended.json, 16)


@pytest.mark.long
def test_tokens_with_a_short_life_are_enough(desk: Desk) -> None:
    practice = desk.practice("--token-lifetime-s", 1)
    book = write_book(desk.folder / "orders.xlsx", order_rows(40))

    ended = desk.run("run", book, "--practice-at", practice.base_url, "--json")

    assert ended.code == 0
    assert practice.stats()["requests"]["POST /token"] >= 2
    assert_each_placed_once(practice, ended.json, 40)
