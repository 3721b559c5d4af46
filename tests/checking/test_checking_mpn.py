"""MPNs: doubted by their form where there is no catalogue, and spelt as the catalogue spells them where there is one."""

import pytest
from checking_tables import CONTEXT, EXISTING, ORDER, PRODUCT, Cells, found, three_sheets

from bulk_orders.checking.check import check


def _told(mpn: str, products: list[Cells]) -> list[tuple[str, str]]:
    return found(three_sheets([ORDER | {"mpn": mpn}], customers=[EXISTING], products=products))


def _sent(mpn: str, products: list[Cells]) -> str:
    tables = three_sheets([ORDER | {"mpn": mpn}], customers=[EXISTING], products=products)
    (row,) = check(tables, CONTEXT).rows()
    return row.values["mpn"]


@pytest.mark.parametrize(
    "mpn",
    [
        *("Microsoft 365 Business Basic", "12345", "CFQ7TTC0LCHC", "CFQ7TTC0LCHC-0002", "CFQ7TTC0LCHC:2"),
        *("Exchange", "cfq7ttc0lchc", "DZH318Z0BXXX", "0001"),
    ],
)
def test_a_text_that_is_hardly_an_mpn_is_doubted_where_there_is_no_catalogue(mpn: str) -> None:
    assert _told(mpn, []) == [("W-MPN", "Orders!F4")]


@pytest.mark.parametrize(
    "mpn",
    [
        "CFQ7TTC0LCHC:0002",
        "CFQ7TTC0LH16:0001_P1Y:Annual",
        "DZH318Z0BXXX:000B",
        "BKP-365-USER",
        "SKU.7",
        "AB12",
    ],
)
def test_an_mpn_of_any_vendor_is_not_doubted(mpn: str) -> None:
    assert not _told(mpn, [])


def test_small_letters_of_an_mpn_of_microsofts_are_mended() -> None:
    assert _told("cfq7ttc0lchc:0002", []) == [("I-CASE", "Orders!F4")]
    assert _sent("cfq7ttc0lchc:0002", []) == "CFQ7TTC0LCHC:0002"
    assert _sent("cfq7ttc0lh16:0001_P1Y:Annual", []) == "CFQ7TTC0LH16:0001_P1Y:Annual"


@pytest.mark.parametrize("listed", ["CFQ7TTC0LH16:0001", "Backup-365-user"])
def test_an_mpn_is_sent_as_the_catalogue_spells_it(listed: str) -> None:
    products = [PRODUCT | {"mpn": listed}]
    assert _told(listed.lower(), products) == [("I-CASE", "Orders!F4")]
    assert _sent(listed.swapcase(), products) == listed


def test_of_two_products_that_differ_in_case_alone_none_is_chosen() -> None:
    products = [PRODUCT | {"mpn": "AbC-1"}, PRODUCT | {"mpn": "aBc-1"}]
    assert _sent("AbC-1", products) == "AbC-1"
    assert _told("ABC-1", products) == [("E-PRODUCT", "Orders!F4")]


def test_an_mpn_that_the_catalogue_does_not_have_is_unknown_whatever_its_form() -> None:
    assert _told("CFQ7TTC0LCHC:0009", [PRODUCT]) == [("E-PRODUCT", "Orders!F4")]


@pytest.mark.parametrize(
    ("others", "todo"),
    [
        ([], f"Type its MPN, {PRODUCT['mpn']}."),
        (
            [PRODUCT | {"mpn": "CFQ7TTC0LH16:0002"}],
            "Add the product to the sheet Products, or correct the MPN.",
        ),
    ],
)
def test_who_types_a_product_s_name_is_told_its_mpn(others: list[Cells], todo: str) -> None:
    name = PRODUCT["product_name"].upper()
    tables = three_sheets([ORDER | {"mpn": name}], customers=[EXISTING], products=[PRODUCT, *others])
    (problem,) = check(tables, CONTEXT).problems
    assert (problem.code, problem.fix, problem.proposal) == ("E-PRODUCT", todo, None)
