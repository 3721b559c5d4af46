"""What the terminal says at the end of a run of orders that it did not send."""

import pytest
from books.written_books import order, report, result, table

from bulk_orders.cli.report_told import report_lines
from bulk_orders.core.model import SheetRole
from bulk_orders.core.summary import Outcome


@pytest.mark.parametrize(
    ("attempts", "lines"),
    [
        ([1, 2], []),
        ([1, 0], ["  1 order was already on the marketplace, so it was not sent."]),
        ([0, 0], ["  2 orders were already on the marketplace, so they were not sent."]),
    ],
)
def test_orders_that_were_there_already_are_counted(attempts: list[int], lines: list[str]) -> None:
    rows = [
        result(2, Outcome.ORDERED, attempts=attempts[0]),
        result(3, Outcome.ACCEPTED, attempts=attempts[1]),
        result(4, Outcome.ORDERED_BEFORE),
        result(5, Outcome.SKIPPED),
    ]
    orders = table(SheetRole.ORDERS, {row: order() for row in range(2, 6)})
    assert report_lines(report(orders, rows))[1:] == lines
