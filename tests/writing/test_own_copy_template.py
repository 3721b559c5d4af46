"""Copies of the template: how results in them are printed, and what their sheet Problems says of the column Check."""

from pathlib import Path

import pytest
from books.own_books import checked, results, rich_book, sheet_part, with_parts
from test_own_copy import load

from bulk_orders.writing.template.write import write_template

pytestmark = pytest.mark.long

ORDERS = (
    {
        "reference": "A1",
        "customer_id": "1000105563",
        "mpn": "CFQ7TTC0LH16:0001",
        "quantity": "1",
        "commitment": "1 year",
        "billing": "Monthly",
        "offer_attestation": "No",
    },
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("printed")


@pytest.fixture(scope="module")
def template(folder: Path) -> bytes:
    return write_template(folder / "orders.xlsx", rows=20, orders=ORDERS).read_bytes()


def test_results_in_the_template_are_printed_on_a_second_page_beside_the_references(
    folder: Path, template: bytes
) -> None:
    once = results(folder, template, "once.xlsx")
    twice = results(folder, once, "twice.xlsx")
    for made in (once, twice):
        sheet = load(made)["Orders"]
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)
        assert (sheet.print_title_cols, sheet.print_title_rows) == ("$A:$D", "$1:$3")
        assert not sheet.print_area


def test_results_in_the_template_say_what_the_column_check_is_about(folder: Path, template: bytes) -> None:
    once = results(folder, template, "about.xlsx")
    twice = results(folder, once, "about-again.xlsx")
    assert "Red cell = to fix" in load(template)["Orders"]["A2"].value
    for made in (once, twice):
        sheet = load(made)["Orders"]
        assert sheet["A2"].value.startswith(
            "Check, and its counts above, say only whether a row is well filled in."
        )
        assert str(sheet["A4"].value).startswith("=")


def test_other_sheets_of_the_template_are_printed_as_before(folder: Path, template: bytes) -> None:
    before, after = load(template), load(results(folder, template, "others.xlsx"))
    for name in ("Customers", "Products", "Examples"):
        assert after[name].page_setup.fitToWidth == before[name].page_setup.fitToWidth
        assert after[name].print_title_cols == before[name].print_title_cols


def test_the_page_of_somebody_s_own_workbook_stays_as_it_was_set_up(folder: Path) -> None:
    source = rich_book(folder)
    fitted = with_parts(
        source,
        {
            sheet_part(source, "Orders"): lambda xml: xml.replace(
                b"<pageSetup ", b'<pageSetup fitToHeight="0" '
            )
        },
    )
    before, after = load(fitted)["Orders"], load(results(folder, fitted, "own.xlsx"))["Orders"]
    assert before.page_setup.fitToHeight == after.page_setup.fitToHeight == 0
    assert after.page_setup.fitToWidth == before.page_setup.fitToWidth
    assert after.print_title_cols == before.print_title_cols


def test_the_list_of_problems_says_that_the_column_check_may_see_less(folder: Path, template: bytes) -> None:
    once = checked(folder, template, "checked.xlsx")
    twice = checked(folder, once, "checked-twice.xlsx")
    other = checked(folder, rich_book(folder), "checked-own.xlsx")
    said = [
        "This list is complete; the column Check shows only what a formula can see."
        in load(made)["Problems"]["A2"].value
        for made in (once, twice, other)
    ]
    assert said == [True, True, False]
