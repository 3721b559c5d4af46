"""A results workbook fed back is recognised by its keys, whatever was edited since."""

import openpyxl
import pytest
from processes import Desk

pytestmark = pytest.mark.long

HEADERS = (
    "Customer ID;Product (MPN);Quantity;Commitment;Billing;Offer attestation;Company name;Tenant;"
    "Microsoft domain;Partner of record attested;MCA accepted"
)
ROWS = (
    "1000105564;CFQ7TTC0LH16:0001;3;1 year;Monthly;No;Alder Street Bakery;Existing tenant;alder.onmicrosoft.com;Yes;Already on file",
    "1000105565;CFQ7TTC0LH16:0001;2;1 year;Monthly;No;Blue Heron Kayaks;Existing tenant;heron.onmicrosoft.com;Yes;Already on file",
)


def test_an_ordered_row_without_a_reference_is_not_sent_again_after_its_quantity_was_edited(
    desk: Desk,
) -> None:
    (desk.folder / "orders.csv").write_text("\n".join((HEADERS, *ROWS)), encoding="utf-8")
    first = desk.run("run", desk.folder / "orders.csv", "--json").json
    book = openpyxl.load_workbook(first["files"]["results"])
    sheet = book["orders"]
    sheet["C2"] = 9
    book.save(desk.folder / "edited.xlsx")

    again = desk.run("run", desk.folder / "edited.xlsx", "--json").json

    assert [row["outcome"] for row in again["rows"]] == ["conflict", "ordered_before"]
    assert "SO000001" in again["rows"][0]["message"]
