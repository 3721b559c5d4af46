"""Control totals as they are stated: on the sheet Start here, and in the file NAME.ctl beside a CSV file."""

from pathlib import Path

import pytest
from books.input_books import book, read

from bulk_orders.errors import InputError
from bulk_orders.reading.control_totals import MAX_BYTES, totals_beside


def beside(folder: Path, content: bytes, name: str = "orders.csv") -> list[tuple[str, str, str]]:
    (folder / "orders.ctl").write_bytes(content)
    return [(one.label, one.text, one.place) for one in totals_beside(folder / name)]


def test_each_line_is_a_total(tmp_path: Path) -> None:
    content = "\ufeff# from the ERP\r\norders = 12\r\n\r\nAmount=USD 5\r\nnonsense\r\n".encode()
    assert beside(tmp_path, content) == [
        ("orders", "12", "line 2 of orders.ctl"),
        ("Amount", "USD 5", "line 4 of orders.ctl"),
        ("nonsense", "", "line 5 of orders.ctl"),
    ]


def test_beside_a_workbook_it_is_read_too_and_without_the_file_nothing_is_stated(tmp_path: Path) -> None:
    assert totals_beside(tmp_path / "orders.csv") == ()
    stated = [("orders", "1", "line 1 of orders.ctl")]
    assert beside(tmp_path, b"orders = 1", "orders.xlsx") == stated
    for made in ("orders.csv.checked.xlsx", "orders.fixed.xlsx", "orders.results-20261129-1847.xlsx"):
        assert beside(tmp_path, b"orders = 1", made) == stated


@pytest.mark.parametrize("content", [b"", b"orders = \xff", b"orders = 1\n" * MAX_BYTES])
def test_a_file_that_is_no_list_of_totals_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match=r"orders\.ctl"):
        beside(tmp_path, content)


def test_control_totals_are_read_below_their_title_until_a_label_is_blank() -> None:
    start = [
        ["", "Order in bulk"],
        ["", "Orders", "not below the title"],
        ["", "Control totals", "Optional."],
        ["", "Orders", 120],
        ["", "Licences", None],
        ["", "Amount", "USD 16,205.00"],
        ["", None, "7"],
        ["", "Orders", "9"],
    ]
    stated = read(book(**{"Start here": start})).stated_totals
    assert [(one.label, one.text, one.place) for one in stated] == [
        ("Orders", "120", "Start here!C4"),
        ("Amount", "USD 16,205.00", "Start here!C6"),
    ]
    assert read(book(**{"Start here": [["", "Start"], *start[2:]]})).stated_totals == ()
    assert read(book()).stated_totals == ()


def test_a_control_total_that_was_never_calculated_is_stated_and_says_nothing() -> None:
    start = [["", "Order in bulk"], ["", "Control totals"], ["", "Orders", "=SUM(1)"]]
    (stated,) = read(book(**{"Start here": start})).stated_totals
    assert (stated.label, stated.text) == ("Orders", "")
