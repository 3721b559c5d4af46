"""Rules between rows and sheets: each, broken once in a good workbook, marks the rows it is about; dates settle their column."""

from collections.abc import Mapping

import pytest
from checking_tables import CONTEXT, CUSTOMER, EXISTING, ORDER, PRODUCT, Cells, found, found_in, three_sheets

from bulk_orders.checking.check import check
from bulk_orders.core.columns.table import Column, columns_of
from bulk_orders.core.model import SheetRole

OTHER = CUSTOMER | {
    "customer_id": "1000105564",
    "company_name": "Acme Dental",
    "domain": "acme.onmicrosoft.com",
}

ROW_CASES: Mapping[str, tuple[dict[str, list[Cells]], list[tuple[str, str]]]] = {
    "the same reference twice": (
        {"orders": [ORDER, ORDER | {"quantity": "6"}], "customers": [EXISTING]},
        [("E-DUP-REF", "Orders!C4, C5")],
    ),
    "the same order twice": (
        {"orders": [ORDER, ORDER | {"reference": ""}], "customers": [EXISTING]},
        [("W-DUP-ROW", "Orders!F4, F5")],
    ),
    "a new tenant needed twice": (
        {"orders": [ORDER, ORDER | {"reference": "", "quantity": "6"}]},
        [("W-TENANT-REPEAT", "Orders!D5")],
    ),
    "a customer described twice": (
        {"customers": [CUSTOMER, CUSTOMER]},
        [("E-DUP-CUSTOMER", "Customers!B4, B5")],
    ),
    "a new domain for two customers": (
        {
            "orders": [ORDER, ORDER | {"reference": "", "customer_id": "1000105564"}],
            "customers": [CUSTOMER, OTHER | {"domain": CUSTOMER["domain"]}],
        },
        [("E-DOMAIN-DUP", "Customers!E4, E5")],
    ),
    "a new tenant whose agreement is said to be on file": (
        {"customers": [CUSTOMER | {"mca_accepted": "Already on file"}]},
        [("E-MCA", "Customers!G4")],
    ),
    "company details for an existing tenant": (
        {"customers": [EXISTING | {"send_company_details": "Yes"}]},
        [("W-EXISTING-DETAILS", "Customers!M4")],
    ),
    "company details of a new tenant, and nothing said about sending them": (
        {"customers": [CUSTOMER | {"send_company_details": ""}]},
        [("W-NOT-SENT", "Customers")],
    ),
    "a quantity far from the others": (
        {
            "orders": [ORDER | {"reference": "", "quantity": quantity} for quantity in "34567"]
            + [ORDER | {"quantity": "56"}],
            "customers": [EXISTING],
        },
        [("W-OUTLIER", "Orders!H9")],
    ),
    "an agreement date without the statement": (
        {"customers": [EXISTING | {"mca_accepted": ""}]},
        [("W-NOT-SENT", "Customers!H4")],
    ),
    "an offer attestation that the product needs": (
        {"products": [PRODUCT | {"offer_attestation_required": "Yes"}]},
        [("E-ATTEST-OFFER", "Orders!L4")],
    ),
    "billing that the product does not have": (
        {"products": [PRODUCT | {"billing_offered": "Yearly, upfront"}]},
        [("E-OFFERED", "Orders!J4")],
    ),
    "a product figure that cannot be read": (
        {"products": [PRODUCT | {"quantity_max": "many"}]},
        [("W-PRODUCT", "Products!F4")],
    ),
    "an offer that cannot be read": (
        {"products": [PRODUCT | {"commitments_offered": "1 year; weekly"}]},
        [("W-PRODUCT", "Products!C4")],
    ),
    "a product described twice": (
        {"products": [PRODUCT, PRODUCT]},
        [("W-DUP-PRODUCT", "Products!A4, A5")],
    ),
    "a Canadian postal code": (
        {"customers": [CUSTOMER | {"country": "CA", "state": "ON", "postal_code": "14221"}]},
        [("E-POSTAL", "Customers!Q4")],
    ),
}


SENT = [entry for entry in columns_of(SheetRole.ORDERS) if entry.placeholders and entry.in_template]


def changed(entry: Column) -> str:
    """Another entry than the good row's, which is not what its blank cell means either."""
    now = ORDER.get(entry.name, "")
    others = (
        choice.label for choice in entry.choices if choice.label != now and choice.key != entry.blank_means
    )
    return next(others, f"{now}1")


@pytest.mark.parametrize("entry", SENT, ids=lambda entry: str(entry.name))
def test_rows_that_differ_in_anything_that_is_sent_are_two_orders(entry: Column) -> None:
    orders = [ORDER, ORDER | {"reference": "", entry.name: changed(entry)}]
    problems = found(three_sheets(orders=orders, customers=[EXISTING]))
    assert "W-DUP-ROW" not in [code for code, _ in problems]


@pytest.mark.parametrize("name", ROW_CASES)
def test_a_rule_between_rows_marks_the_rows_it_is_about(name: str) -> None:
    sheets, expected = ROW_CASES[name]
    assert found(three_sheets(**sheets)) == expected


def test_a_date_that_proves_month_before_day_settles_its_column() -> None:
    orders = [ORDER, ORDER | {"reference": "NOV-0002", "customer_id": "1000105564"}]
    customers = [CUSTOMER | {"agreement_date": "04-09-2022"}, OTHER | {"agreement_date": "04-13-2022"}]
    checked = check(three_sheets(orders, customers), CONTEXT)
    assert found_in(checked) == []
    assert [row.values["agreement_date"] for row in checked.rows()] == ["2022-04-09", "2022-04-13"]


def test_a_date_that_proves_day_before_month_is_not_read_either_way() -> None:
    orders = [ORDER, ORDER | {"reference": "NOV-0002", "customer_id": "1000105564"}]
    customers = [CUSTOMER | {"agreement_date": "04-09-2022"}, OTHER | {"agreement_date": "13-04-2022"}]
    assert found(three_sheets(orders, customers)) == [
        ("E-DATE-TEXT", "Customers!H4"),
        ("E-DATE-IMPOSSIBLE", "Customers!H5"),
    ]


def test_a_customer_id_that_was_corrected_in_the_order_alone_is_to_be_corrected_on_customers_too() -> None:
    order = ORDER | {"customer_id": "1000105999"}
    (told,) = [
        found
        for found in check(three_sheets(orders=[order], customers=[CUSTOMER]), CONTEXT).problems
        if found.code == "E-CUSTOMER"
    ]
    assert told.fix.startswith(
        f"If 1000105999 is right, correct {CUSTOMER['customer_id']} on the sheet Customers, too."
    )
    of_another = [ORDER | {"reference": "R-2"}, order]
    told = check(three_sheets(orders=of_another, customers=[CUSTOMER]), CONTEXT).problems[0]
    assert "too." not in told.fix
