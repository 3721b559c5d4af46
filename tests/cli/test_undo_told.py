"""`undo` names the step that helps: subscriptions that are not known yet are asked for before the workbook is run."""

import pytest
from books.order_books import order_rows, write_book
from processes import Desk


def test_orders_without_a_subscription_are_asked_about_before_the_workbook_is_run(desk: Desk) -> None:
    book = write_book(desk.folder / "orders.xlsx", order_rows(2))
    run_id = desk.run("run", book, "--practice", "--json").json["run_id"]

    ended = desk.run("undo", "last", "-o", desk.folder / "undo.xlsx")

    assert "2 orders have no subscription yet" in ended.err
    assert f"Next:    bulk-orders status {run_id} --wait 30m" in ended.err
    assert "bulk-orders run " not in ended.err


@pytest.mark.long
def test_with_their_subscriptions_the_workbook_is_run(desk: Desk) -> None:
    desk.run("run", write_book(desk.folder / "orders.xlsx", order_rows(2)), "--practice")
    desk.run("status", "last", "--wait", "1m")

    told = desk.run("undo", "last", "-o", desk.folder / "undo.xlsx", "--json").json

    assert told["next"] == [f"bulk-orders run {desk.folder / 'undo.xlsx'}"]
