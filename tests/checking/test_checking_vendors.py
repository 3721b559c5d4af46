"""Products of other vendors: no tenant, domain or attestation is asked for or sent, and a vendor's own parameters may be JSON."""

import json
from datetime import date
from typing import Any

import pytest
from runs.online_parts import Desk, book, checked_book, customer, new_customer, order, places

from bulk_orders.checking.check import CheckContext, check
from bulk_orders.core.body import fill
from bulk_orders.reading.workbook import read_workbook
from bulk_orders.wiring import load_templates

INKWELL = {"MPN": "INKWELL-SIGN-TEAM", "Commitment": "1 month", "Offer_attestation": ""}
NOTHING = dict.fromkeys(("Tenant", "Domain", "Partner_of_record_attested", "MCA_accepted"), "")
VENDOR = ["Vendor"]


def bodies(content: bytes) -> list[dict[str, Any]]:
    checked = checked_book(content)
    assert places(checked.problems) == []
    return [fill(load_templates()["sales"], row, po_number="PO") for row in checked.rows()]


def test_an_order_for_another_vendor_needs_and_sends_nothing_of_microsofts() -> None:
    (body,) = bodies(book([[*order(1, **INKWELL), "Inkwell"]], [customer(**NOTHING)], also=VENDOR))

    (line,) = body["products"]
    assert (line["vendor"], line.get("parameters", [])) == ("Inkwell", [])


def test_of_a_customer_with_orders_of_both_kinds_each_order_gets_what_it_needs() -> None:
    rows = [[*order(1), "Microsoft"], [*order(2, **INKWELL), "Inkwell"]]
    microsofts, inkwells = bodies(book(rows, also=VENDOR))

    named = [given["name"] for given in microsofts["products"][0]["parameters"]]
    assert {"tenant_preference", "microsoft_domain", "offer_attestation"} <= {*named}
    assert "parameters" not in inkwells["products"][0]


@pytest.mark.parametrize("vendor", ["", "Microsoft", "Microsoft Corporation"])
def test_an_order_of_microsofts_needs_them_all(vendor: str) -> None:
    content = book([[*order(1, Offer_attestation=""), vendor]], [customer(**NOTHING)], also=VENDOR)

    missing = {where for _, where in places(checked_book(content).problems, "E-EMPTY")}
    assert missing == {"Customers!C2", "Customers!D2", "Customers!E2", "Orders!G2"}


def csv_of(*rows: tuple[str, ...]) -> bytes:
    return "\r\n".join(";".join(row) for row in rows).encode()


def test_in_the_flat_form_each_row_is_looked_at_by_itself() -> None:
    headers = ("customerId", "mpn", "quantity", "term", "billing", "Vendor", "Tenant", "Domain")
    rows = [
        ("1000105563", "INKWELL-SIGN-TEAM", "1", "1 month", "Monthly", "Inkwell", "", "no domain"),
        (
            "1000105563",
            "CFQ7TTC0LH16:0001",
            "1",
            "1 year",
            "Monthly",
            "",
            "Existing tenant",
            "a.onmicrosoft.com",
        ),
    ]
    checked = check(read_workbook(csv_of(headers, *rows), "orders.csv"), CheckContext(today=date(2026, 3, 2)))

    assert [row.sheet_row for row in checked.rows()] == [2]
    missing = [found.field for found in checked.problems if found.code == "E-EMPTY"]
    assert sorted(missing) == ["offer_attestation", "partner_attestation"]


def test_an_order_for_another_vendor_neither_makes_nor_waits_for_a_tenant() -> None:
    rows = [[*order(1, **INKWELL), "Inkwell"], [*order(2), ""]]
    desk = Desk(book(rows, [new_customer()], also=VENDOR))

    said = desk.ask()

    assert [(found.mpn, found.domain) for found in said.orders] == [
        ("INKWELL-SIGN-TEAM", ""),
        ("CFQ7TTC0LH16:0001", "rings.onmicrosoft.com"),
    ]
    assert places(said.problems) == []


def test_a_vendor_that_does_not_sell_the_product_is_told_on_its_cell() -> None:
    desk = Desk(book([[*order(1, **INKWELL), "Paperless"]], also=VENDOR))

    assert places(desk.ask().problems) == [("O-OFFERED", "Orders!H2, C2")]


JSON_COLUMN = ["parameter: migration_info_object (JSON)"]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ('{"ms_customer_id": "7", "seats": 3}', {"structured_value": {"ms_customer_id": "7", "seats": 3}}),
        ("[1, 2]", {"value": [1, 2]}),
        ("true", {"value": True}),
        ('"text"', {"value": "text"}),
    ],
)
def test_json_in_a_cell_is_sent_as_what_it_is(typed: str, sent: dict[str, Any]) -> None:
    (body,) = bodies(book([[*order(1), typed]], also=JSON_COLUMN))

    assert body["products"][0]["parameters"][-1] == {"name": "migration_info_object", **sent}
    assert json.dumps(body)


@pytest.mark.parametrize(
    "typed", ["{tenant: new}", '{"a": 1,}', '{"a": 1, "a": 2}', '{"a": NaN}', "{", "abc"]
)
def test_what_is_not_json_is_told_on_its_cell_and_not_sent(typed: str) -> None:
    checked = checked_book(book([[*order(1), typed]], also=JSON_COLUMN))

    assert places(checked.problems) == [("E-JSON", "Orders!H2")]
    assert [*checked.rows()] == []


def test_a_blank_cell_sends_no_parameter() -> None:
    (body,) = bodies(book([[*order(1), ""]], also=JSON_COLUMN))

    assert "migration_info_object" not in json.dumps(body)


def test_a_parameter_is_one_whether_its_column_says_json_or_not() -> None:
    content = book([[*order(1), "{}", "x"]], also=[*JSON_COLUMN, "parameter: migration_info_object"])

    assert "F-DUP-HEADER" in [code for code, _ in places(checked_book(content).problems)]
