"""The template filled from the marketplace: products with their limits, customers with their names, and nothing stated."""

from datetime import date
from typing import Any

import openpyxl
import pytest
from books.written_books import load
from processes import Desk

from bulk_orders.runs.catalogue_rows import customer_rows, product_rows
from bulk_orders.sandbox.catalogue import PRODUCTS
from bulk_orders.sandbox.customers import practice_customers

pytestmark = pytest.mark.long

DAY = date(2026, 11, 22)
OFFER: dict[str, Any] = {
    "mpn": "CFQ7TTC0LH16:0001",
    "vendor": "Microsoft",
    "name": "Exchange Online (Plan 1)",
    "minimumQuantity": "1.0",
    "maximumQuantity": "5000.0",
    "prices": [{"amount": "4.20", "currency": "USD", "type": "recurring"}],
    "billingPeriod": {"type": "month", "duration": 1},
    "subscriptionPeriod": {"type": "year", "duration": 1},
}


def row(*changes: dict[str, Any]) -> dict[str, str]:
    (found,) = product_rows([{**OFFER, **change} for change in changes or ({},)], DAY)
    return found


def test_a_product_has_its_name_limits_price_and_the_day_of_the_catalogue() -> None:
    assert row() == {
        "mpn": "CFQ7TTC0LH16:0001",
        "product_name": "Exchange Online (Plan 1)",
        "commitments_offered": "1 year",
        "billing_offered": "Monthly",
        "quantity_min": "1",
        "quantity_max": "5000",
        "unit_price": "4.2",
        "currency": "USD",
        "offer_attestation_required": "",
        "refreshed_on": "2026-11-22",
    }


def test_the_entries_of_a_product_become_one_row_with_the_price_of_a_monthly_bill() -> None:
    yearly = {
        "billingPeriod": {"type": "year", "duration": 1},
        "prices": [{"amount": "3.00", "currency": "USD"}],
        "maximumQuantity": "10000",
    }
    found = row({}, {"subscriptionPeriod": {"type": "month"}}, yearly)
    assert found["commitments_offered"] == "1 year; 1 month"
    assert found["billing_offered"] == "Monthly; Yearly, upfront"
    assert (found["unit_price"], found["quantity_max"]) == ("4.2", "10000")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"subscriptionPeriod": {"type": "year", "duration": 5}}, "commitments_offered"),
        ({"subscriptionPeriod": None}, "commitments_offered"),
        ({"billingPeriod": {"type": "week"}}, "billing_offered"),
        ({"minimumQuantity": "0.0"}, "quantity_min"),
        ({"maximumQuantity": "-1"}, "quantity_max"),
        ({"maximumQuantity": "unlimited"}, "quantity_max"),
        ({"maximumQuantity": "NaN"}, "quantity_max"),
        ({"prices": []}, "unit_price"),
        ({"prices": [{"amount": True}, None]}, "unit_price"),
    ],
)
def test_what_the_catalogue_does_not_say_in_our_words_is_left_blank(
    changes: dict[str, Any], name: str
) -> None:
    assert row(changes)[name] == ""


def test_products_of_other_vendors_are_left_out() -> None:
    assert product_rows([{**OFFER, "vendor": "Acronis"}, {**OFFER, "mpn": ""}], DAY) == []


def test_only_windows_365_with_hybrid_benefit_asks_for_the_attestation() -> None:
    name = "Windows 365 Business 2 vCPU (with Windows Hybrid Benefit)"
    assert row({"name": name})["offer_attestation_required"] == "Yes"
    assert row({"name": "Windows 365 Business"})["offer_attestation_required"] == ""


def test_customers_that_may_order_are_listed_by_name() -> None:
    entries = [
        {"id": 7, "name": "beta", "status": "active"},
        {"id": "8", "name": "Alpha"},
        {"id": "9", "name": "Held", "status": "creditHold"},
        {"name": "without a number"},
    ]
    assert customer_rows(entries) == [
        {"customer_id": "8", "company_name": "Alpha"},
        {"customer_id": "7", "company_name": "beta"},
    ]


def test_the_command_fills_products_and_customers_from_the_practice_marketplace(desk: Desk) -> None:
    ended = desk.run("template", "--with-catalog", "--practice", "-o", "filled.xlsx", "--rows", "5")

    assert (ended.code, ended.out) == (0, "filled.xlsx\n")
    active = [customer for customer in practice_customers().values() if customer.status == "active"]
    microsoft = [product for product in PRODUCTS if product.vendor == "Microsoft"]
    assert f"It contains {len(microsoft)} Microsoft products and {len(active)} customers." in ended.err
    book = load(desk.folder / "filled.xlsx")
    assert len([cell for cell in book["Products"]["A"][3:] if cell.value]) == len(microsoft)
    assert len([cell for cell in book["Customers"]["B"][3:] if cell.value]) == len(active)
    said = openpyxl.load_workbook(desk.folder / "filled.xlsx", data_only=True)["Customers"]
    assert (said["C1"].value, said["A4"].value) == ("0 ready  ·  0 to fix", "○ No order yet")


def test_without_the_flag_it_is_empty_and_nobody_is_asked(desk: Desk) -> None:
    assert desk.run("template", "-o", "empty.xlsx").code == 0
    assert load(desk.folder / "empty.xlsx")["Products"]["A4"].value is None
    assert not (desk.home / "practice").exists()


def test_a_live_profile_that_does_not_exist_is_said_so(desk: Desk) -> None:
    ended = desk.run("template", "--with-catalog", "--profile", "live", "-o", "filled.xlsx")
    assert ended.code == 6
    assert not (desk.folder / "filled.xlsx").exists()
