"""A text that a spreadsheet program could take for a formula carries Excel's mark for text, in every workbook of ours."""

from pathlib import Path

import pytest
from books.order_books import order_rows, write_book
from books.written_books import formula_parts, load, order, report, result, table

from bulk_orders.core.model import SheetRole
from bulk_orders.core.summary import Outcome
from bulk_orders.writing.cells import is_like_a_formula
from bulk_orders.writing.new_book.results import write_results
from bulk_orders.writing.own_copy.copy import write_results_into
from bulk_orders.writing.template.write import write_template

LIKE = ["=1+1", "+1", "-1 x", "@SUM(1)", "\t=1", " =1", "\n+1", "\r@x", "＝1", "\u00a0=1", "\t \n-1"]


def unmarked(path: Path) -> list[tuple[str, str, str]]:
    """Cells that look like a formula and are not marked."""
    return [
        (sheet.title, cell.coordinate, cell.value)
        for sheet in load(path)
        if sheet.title != "Examples"  # texts of our own, a phone number with + among them
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
        and is_like_a_formula(cell.value)
        and cell.data_type != "f"
        and not cell.quotePrefix
    ]


def marked(path: Path) -> int:
    return sum(
        bool(cell.quotePrefix)
        for sheet in load(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.value
    )


@pytest.mark.parametrize("text", LIKE)
def test_a_text_like_a_formula_is_recognised(text: str) -> None:
    assert is_like_a_formula(text)


@pytest.mark.parametrize("text", ["", "a=1", "1-1", "'=1", "(=1)", " ", "\t"])
def test_other_text_is_not(text: str) -> None:
    assert not is_like_a_formula(text)


def test_new_results_mark_cells_headers_and_what_the_marketplace_said(tmp_path: Path) -> None:
    given = dict(enumerate(LIKE, start=4))
    orders = table(
        SheetRole.ORDERS,
        {row: order(reference=text, **{text: text}) for row, text in given.items()},
        extra=LIKE,
    )
    rows = [
        result(row, Outcome.REJECTED, message=text, order_number=text, marked_cells=(f"Orders!C{row}",))
        for row, text in given.items()
    ]

    path = write_results(
        tmp_path / "results.xlsx", report(orders, rows, source_name=LIKE[0], operator=LIKE[4])
    )

    assert marked(path) >= 5 * len(LIKE)
    assert unmarked(path) == []
    assert formula_parts(path) == []


@pytest.mark.long
def test_a_template_marks_what_the_marketplace_calls_its_products_and_customers(tmp_path: Path) -> None:
    path = write_template(
        tmp_path / "orders.xlsx",
        rows=3,
        catalogue=[
            {"mpn": f"CFQ7TTC0LH{number}:0001", "product_name": text}
            for number, text in enumerate(LIKE, start=10)
        ],
        customers=[
            {"customer_id": f"10001055{number}", "company_name": text}
            for number, text in enumerate(LIKE, start=10)
        ],
    )

    assert marked(path) >= 2 * len(LIKE)
    assert unmarked(path) == []


@pytest.mark.long
@pytest.mark.parametrize("text", ["=1+1", "\t=1", "＝1"])
def test_a_copy_of_the_user_s_workbook_marks_what_we_add(tmp_path: Path, text: str) -> None:
    source = tmp_path / "orders.xlsx"
    write_book(source, order_rows(1))
    orders = table(SheetRole.ORDERS, {2: order()}, name="Orders", header_row=1)
    rows = [result(2, Outcome.REJECTED, message=text, order_number=text, how_to_fix=text)]

    path = write_results_into(tmp_path / "results.xlsx", source.read_bytes(), report(orders, rows))

    assert marked(path) >= 3
    assert unmarked(path) == []
