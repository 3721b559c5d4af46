"""The judgement after any story: the platform has each order once, and the results name the right one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from books.order_books import result_rows
from processes import Practice

FOUND = {"accepted", "ordered", "ordered_before"}
OPEN = {"unknown"}


def assert_each_placed_once(practice: Practice, told: Mapping[str, Any], rows: int) -> None:
    """`told` is the last run's --json: every one of `rows` rows is ordered."""
    assert Counter(row["outcome"] in FOUND for row in told["rows"]) == {True: rows}
    assert_nothing_twice_and_nothing_lost(practice, told, rows)


def assert_nothing_twice_and_nothing_lost(practice: Practice, told: Mapping[str, Any], rows: int) -> None:
    """Rows in doubt are allowed, if they are said so and the platform does not have them."""
    orders = practice.orders()
    times = Counter(order["poNumber"] for order in orders)
    assert [po for po, count in times.items() if count > 1] == []

    found = {row["po_sent"]: row["order_id"] for row in told["rows"] if row["outcome"] in FOUND}
    assert found == {order["poNumber"]: order["id"] for order in orders}
    in_doubt = [row["po_sent"] for row in told["rows"] if row["outcome"] in OPEN]
    assert len(found) + len(in_doubt) == len(told["rows"]) == rows
    assert not set(in_doubt) & set(times)

    written = result_rows(Path(told["files"]["results"]))
    assert [row["Order ID"] for row in written] == [row["order_id"] for row in told["rows"]]
    assert [row["outcome_code"] for row in written] == [row["outcome"] for row in told["rows"]]


def wrong_bodies(practice: Practice, rows: Sequence[Mapping[str, str]], told: Mapping[str, Any]) -> list[Any]:
    """Rows whose order on the platform is for another customer, product or quantity than the workbook's."""
    by_id = {order["id"]: order["sent"] for order in practice.orders()}
    return [
        (row["reference"], sent)
        for row, given in zip(told["rows"], rows, strict=True)
        if (sent := by_id.get(row["order_id"]))
        and (sent["customerId"], sent["products"][0]["mpn"], str(sent["products"][0]["quantity"]))
        != (given["customerId"], given["mpn"], given["quantity"])
    ]
