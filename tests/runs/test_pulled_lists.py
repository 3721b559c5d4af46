"""Customers and catalogue as workbooks: what is in a row, and that a catalogue is read again as it was written."""

from pathlib import Path

import pytest
from runs.pull_parts import NOW, PullDesk

from bulk_orders.core.columns.pulled import CATALOG_COLUMNS, CUSTOMER_COLUMNS
from bulk_orders.core.columns.table import recognised
from bulk_orders.core.model import SheetRole
from bulk_orders.errors import InputError
from bulk_orders.runs.listed_workbook import read_listed
from bulk_orders.runs.pulled_lists import (
    CATALOG,
    catalog_records,
    customer_records,
    listing_of_catalog,
    listing_of_customers,
)
from bulk_orders.runs.subscription_sheet import sheet_rows
from bulk_orders.writing.new_book.listing import write_listings
from bulk_orders.writing.new_book.subscriptions_book import write_subscriptions


def test_each_customer_is_a_row_with_its_address_and_its_first_contact() -> None:
    market = PullDesk().services.marketplace

    records = customer_records(market.list_customers(), NOW)

    by_id = {record["customer_id"]: record for record in records}
    assert by_id["1000105563"] == {
        "customer_id": "1000105563",
        "company_name": "27 Rings Jewelers",
        "status": "active",
        "external_id": "EXT-1000105563",
        "address": "1759 Wehrle Dr",
        "city": "Williamsville",
        "state": "NY",
        "postal_code": "14221",
        "country": "US",
        "contact": "Sam Specimen",
        "email": "office@27ringsjewelers.example.com",
        "phone": "+1 5550105563",
        "tax_number": "",
        "read_at": "2026-11-30 09:30",
    }
    assert {record["status"] for record in records} == {"active", "creditHold", "adminHold"}
    assert len(by_id) == len(records) == 1041


def test_the_administrator_comes_first_and_what_is_missing_is_blank() -> None:
    entries = [
        {
            "id": 7,
            "name": "A",
            "contactPersons": [
                {"type": "technical", "firstName": "T", "phoneNumber": "+49 30 1"},
                {"type": "admin", "firstName": "Ada", "lastName": "Min", "phoneNumber": "81##18881234567#"},
            ],
        },
        {"id": "8", "name": "B", "contactPersons": None, "address": "somewhere"},
        {"name": "no id"},
    ]
    first, second = customer_records(entries, NOW)
    assert (first["contact"], first["phone"]) == ("Ada Min", "+81 18881234567")
    assert set(second.values()) == {"8", "B", "", "2026-11-30 09:30"}


def test_columns_that_the_orders_workbook_has_too_are_called_as_there() -> None:
    names = ("customer_id", "company_name", "address", "city", "state", "postal_code", "country")
    headers = {entry.name: entry.header for entry in CUSTOMER_COLUMNS}
    found = {name: recognised(SheetRole.CUSTOMERS, headers[name]) for name in (*names, "email", "phone")}
    assert all(found.values()), found


def test_a_catalogue_is_read_again_as_it_was_written(tmp_path: Path) -> None:
    records = catalog_records(PullDesk().services.marketplace.list_products(), NOW)
    path = write_listings(tmp_path / "c.xlsx", [listing_of_catalog(records, "PRACTICE")], mark="c", at=NOW)

    assert read_listed(path, CATALOG).records() == records
    assert len(records) == 49
    assert records[0] | {"read_at": ""} == {
        **dict.fromkeys((entry.name for entry in CATALOG_COLUMNS), ""),
        "mpn": "CFQ7TTC0LH16:0001",
        "product_name": "Exchange Online (Plan 1)",
        "vendor": "Microsoft",
        "commitment": "1 month",
        "billing": "Monthly",
        "unit_price": "4.8",
        "unit_cost": "3.84",
        "currency": "USD",
        "quantity_min": "1",
        "quantity_max": "10000",
        "product_id": "PRD326501",
    }


def test_a_workbook_of_customers_or_subscriptions_is_no_catalogue(tmp_path: Path) -> None:
    desk = PullDesk()
    customers = customer_records(desk.services.marketplace.list_customers(), NOW)
    listing = listing_of_customers(customers[:3], "PRACTICE")
    rows = sheet_rows(desk.pull().found, NOW)
    for path in (
        write_listings(tmp_path / "c.xlsx", [listing], mark="c", at=NOW),
        write_subscriptions(tmp_path / "s.xlsx", rows, environment="PRACTICE", pulled_at=NOW),
    ):
        with pytest.raises(InputError, match="no sheet Catalog"):
            read_listed(path, CATALOG)
