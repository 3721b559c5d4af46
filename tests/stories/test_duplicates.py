"""A gateway makes duplicates, while others order on the same account: every one is reported, in time to cancel it."""

from pathlib import Path

import pytest
from books.order_books import order_rows, result_rows, write_book
from gateway import gateway_before
from processes import Desk

DUPLICATES = 66
FOREIGN = 60


@pytest.mark.long
def test_every_duplicate_is_reported_however_many_orders_of_others_there_are(desk: Desk) -> None:
    practice = desk.practice()
    desk.settings.update(BULK_ORDERS_RATE_PER_S="0")
    others = write_book(desk.folder / "others.xlsx", order_rows(FOREIGN, reference=""))
    elsewhere = ("--ledger", desk.folder / "others.sqlite", "run", others)
    assert desk.run(*elsewhere, "--practice-at", practice.base_url, "--json").code == 0
    mine = write_book(desk.folder / "mine.xlsx", order_rows(FOREIGN + 100)[FOREIGN:])

    with gateway_before(practice, twice=DUPLICATES) as gateway:
        ended = desk.run("run", mine, "--practice-at", gateway.base_url, "--json")

    assert practice.count() == FOREIGN + 100 + DUPLICATES
    twice = [row for row in ended.json["rows"] if row["outcome"] == "duplicate"]
    assert (ended.code, ended.json["exit_code"], len(twice)) == (5, 5, DUPLICATES)
    made: dict[str, set[str]] = {}
    for order in practice.orders():
        made.setdefault(order["customerId"], set()).add(order["id"])
    told = ended.json["audit"]["duplicates"]
    assert sorted(sorted(duplicate["order_ids"]) for duplicate in told) == sorted(
        sorted(ids) for ids in made.values() if len(ids) == 2
    )
    assert all(duplicate["cancel_before"] for duplicate in told)
    assert {duplicate["row"] for duplicate in told} == {row["row"] for row in twice}
    assert all(row["cancel_before"] for row in twice)
    results = result_rows(Path(ended.json["files"]["results"]))
    assert sum(row["outcome_code"] == "duplicate" for row in results) == DUPLICATES
