"""A check names red cells only where there are some that can be fixed, and ticks nothing where nothing is ready."""

from books.order_books import order_row, write_book
from processes import Desk


def test_an_empty_workbook_is_to_be_filled_in_itself(desk: Desk) -> None:
    desk.run("template", "-o", desk.folder / "empty.xlsx")

    ended = desk.run("check", desk.folder / "empty.xlsx")

    assert ended.code == 3
    assert "– 0 ready" in ended.out
    assert "Nothing was sent. Correct your file, then:  bulk-orders check " in ended.err
    assert "red cells" not in ended.words
    assert not (desk.folder / "empty.checked.xlsx").exists()


def test_a_workbook_of_orders_to_cancel_says_that_it_is_not_to_be_run(desk: Desk) -> None:
    row = order_row(1) | {"order type": "cancellation"}
    book = write_book(desk.folder / "undo.xlsx", [row])

    checked, ran = desk.run("check", book), desk.run("run", book, "--practice")

    for ended in (checked, ran):
        assert ended.code == 3
        assert "This workbook lists orders to cancel, and is not to be run" in ended.err
        assert "red cells" not in ended.words
    assert not (desk.folder / "undo.checked.xlsx").exists()
