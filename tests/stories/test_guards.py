"""What is sent when only a part may be: --only-ready, --first, --dry-run, the limits, and the order of a customer's rows."""

from collections import defaultdict
from pathlib import Path

import openpyxl
import pytest
from books.order_books import E3, order_row, order_rows, result_rows, write_book
from processes import Desk


@pytest.mark.long
def test_rows_of_one_customer_are_sent_in_the_order_of_the_workbook(desk: Desk) -> None:
    desk.settings["BULK_ORDERS_RATE_PER_S"] = "0"
    practice = desk.practice("--faults", "429=every:10,retry-after=0")
    rows = order_rows(36, customers=6)
    book = write_book(desk.folder / "orders.xlsx", rows)

    ended = desk.run("run", book, "--practice-at", practice.base_url, "--json")

    assert ended.code == 0
    by_id = {row["order_id"]: row["row"] for row in ended.json["rows"]}
    sent: dict[str, list[int]] = defaultdict(list)
    for order in practice.orders():
        sent[order["customerId"]].append(by_id[order["id"]])
    assert len(sent) == 6
    assert sent == {customer: sorted(numbers) for customer, numbers in sent.items()}


def test_nothing_is_sent_while_a_row_is_wrong(desk: Desk) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", [*order_rows(3), order_row(4, quantity="")])

    ended = desk.run("run", book, "--practice-at", practice.base_url)

    assert (ended.code, practice.posts()) == (3, 0)
    assert "Orders!" in ended.err
    assert "--only-ready" in ended.err


@pytest.mark.long
def test_only_ready_sends_the_good_rows_and_tells_of_the_others(desk: Desk) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", [*order_rows(3), order_row(4, quantity="")])

    ended = desk.run("run", book, "--only-ready", "--practice-at", practice.base_url, "--json")

    assert (ended.code, practice.posts()) == (3, 3)
    assert (ended.json["counts"]["accepted"], ended.json["counts"]["invalid"]) == (3, 1)
    written = result_rows(Path(ended.json["files"]["results"]))
    assert written[3]["Outcome"] == "✖ To fix"


@pytest.mark.long
def test_the_first_n_are_sent_and_the_rest_by_the_next_run(desk: Desk) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", order_rows(7))

    first = desk.run("run", book, "--first", 3, "--practice-at", practice.base_url, "--json")
    sent = practice.count()
    rest = desk.run("run", book, "--practice-at", practice.base_url, "--json")

    assert (first.code, sent) == (0, 3)
    summary = openpyxl.load_workbook(first.json["files"]["results"])["Summary"]
    said = " ".join(str(cell.value) for row in summary for cell in row)
    assert ("Run the workbook again to send them" in said, "bulk-orders resume" in said) == (True, False)
    assert [row["outcome"] for row in first.json["rows"]] == ["accepted"] * 3 + ["not_sent"] * 4
    assert [row["outcome"] for row in rest.json["rows"]] == ["ordered_before"] * 3 + ["accepted"] * 4
    assert practice.posts() == 7
    told_again = desk.run("report", first.json["run_id"], "--json").json["rows"]
    assert [row["outcome"] for row in told_again] == ["accepted"] * 7
    assert [row["order_id"] for row in told_again] == [row["order_id"] for row in rest.json["rows"]]


@pytest.mark.long
def test_a_dry_run_does_everything_but_the_sending(desk: Desk) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", order_rows(3))

    dry = desk.run("run", book, "--dry-run", "--practice-at", practice.base_url)
    real = desk.run("run", book, "--practice-at", practice.base_url)
    files = set(desk.folder.iterdir())
    again = desk.run("run", book, "--dry-run", "--practice-at", practice.base_url, "--json")

    assert dry.code == 0
    assert "3 orders for 3 customers" in dry.err
    assert (real.code, practice.posts()) == (0, 3)
    assert (again.code, again.json["proposal"]["orders"]) == (0, 0)
    assert set(desk.folder.iterdir()) == files
    assert len(desk.run("history", "--json").json["runs"]) == 1


@pytest.mark.long
@pytest.mark.parametrize(("limit", "code"), [(2, 9), (3, 0)])
def test_more_orders_than_allowed_are_not_sent(desk: Desk, limit: int, code: int) -> None:
    practice = desk.practice()
    book = write_book(desk.folder / "orders.xlsx", order_rows(3))

    ended = desk.run("run", book, "--max-orders", limit, "--practice-at", practice.base_url)

    assert (ended.code, practice.posts()) == (code, 0 if code else 3)


@pytest.mark.long
@pytest.mark.parametrize(("limit", "code"), [("75.59", 9), ("75.60", 0)])
def test_a_greater_bill_than_allowed_is_not_run_up(desk: Desk, limit: str, code: int) -> None:
    practice = desk.practice()
    rows = [order_row(1, mpn=E3, quantity="1"), order_row(2, mpn=E3, quantity="1")]
    book = write_book(desk.folder / "orders.xlsx", rows)

    ended = desk.run("run", book, "--max-amount", limit, "--practice-at", practice.base_url)

    assert (ended.code, practice.posts()) == (code, 0 if code else 2)
    assert "USD 75.60" in ended.err


@pytest.mark.long
def test_the_same_reference_with_other_content_is_not_sent_again(desk: Desk) -> None:
    practice = desk.practice()
    write_book(desk.folder / "orders.xlsx", order_rows(2))
    desk.run("run", desk.folder / "orders.xlsx", "--practice-at", practice.base_url)
    changed = [order_row(1), order_row(2, quantity="49")]
    write_book(desk.folder / "orders.xlsx", changed)

    again = desk.run("run", desk.folder / "orders.xlsx", "--practice-at", practice.base_url, "--json")

    assert (again.code, practice.posts()) == (4, 2)
    assert [row["outcome"] for row in again.json["rows"]] == ["ordered_before", "conflict"]
    assert "SO000002" in again.json["rows"][1]["message"]
