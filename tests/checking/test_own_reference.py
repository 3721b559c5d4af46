"""A column of the workbook's own that names the rows, where no reference is read."""

from collections.abc import Sequence

import pytest
from checking_tables import EXISTING, ORDER, found, three_sheets

from bulk_orders.core.model import SheetColumn
from bulk_orders.reading.workbook_tables import WorkbookTables


def _book(header: str, texts: Sequence[str], reference: str = "") -> WorkbookTables:
    orders = [
        {**ORDER, "quantity": str(number), "reference": reference and f"{reference}{number}", header: text}
        for number, text in enumerate(texts, 1)
    ]
    return three_sheets(orders, customers=[EXISTING], extra=[SheetColumn(letter="Z", header=header)])


@pytest.mark.parametrize(
    "header",
    [
        "Ref",
        "REF.",
        "Our ref",
        "orderRef",
        "Ref. no.",
        "Reference (ERP)",
        "Ticket",
        "Line ID",
        "Order number",
        "ID",
    ],
)
def test_a_column_that_names_each_row_is_told(header: str) -> None:
    assert found(_book(header, ["R-1", "R-2", ""])) == [("W-NOT-SENT", "Orders!Z3")]


@pytest.mark.parametrize(
    "header", ["Preference", "Refund", "Colour", "Salesperson", "Refurbished", "Customer name"]
)
def test_a_column_that_names_something_else_is_not_told(header: str) -> None:
    assert not found(_book(header, ["R-1", "R-2"]))


def test_a_column_with_one_text_on_two_rows_names_no_rows() -> None:
    assert not found(_book("Ref", ["North", "North"]))


def test_numbers_of_lines_name_nothing_but_numbers_under_ref_do() -> None:
    assert not found(_book("Line", ["1", "2"]))
    assert found(_book("Ref", ["1", "2"])) == [("W-NOT-SENT", "Orders!Z3")]


def test_nothing_is_told_where_a_reference_is_read() -> None:
    assert not found(_book("Ref", ["R-1", "R-2"], reference="NOV-"))


def test_texts_that_are_too_long_for_a_reference_are_not_told() -> None:
    assert not found(_book("Ref", ["x" * 41, "y" * 41]))
