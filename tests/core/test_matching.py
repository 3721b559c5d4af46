"""Is an order on the platform ours? By PO number; by content only where the platform kept no PO number."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.matching import matches_content, matches_marker
from bulk_orders.marketplace.interface import PlatformOrder

SENT_AT = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
LINES = ({"mpn": "A:1", "quantity": 5},)
ORDER = OrderRecord(
    key="k1:1",
    account="a",
    run_id="r",
    sheet_row=4,
    reference="",
    customer_id="100",
    mpn="A:1",
    quantity="5",
    domain="",
    marker="BO1",
    body=json.dumps({"products": LINES}),
    fingerprint="f",
    sent_at=SENT_AT,
)
SEEN = PlatformOrder(
    order_id="9",
    customer_id="100",
    order_type="sales",
    created_at=SENT_AT + timedelta(seconds=1),
    po_number="BO1",
    products=LINES,
)


def test_our_po_number_on_our_customers_order_is_ours() -> None:
    assert matches_marker(ORDER, SEEN)


@pytest.mark.parametrize(
    "change",
    [
        {"po_number": "BO2"},
        {"po_number": None},
        {"customer_id": "200"},
        {"order_type": "renewal"},
        {"created_at": SENT_AT - timedelta(minutes=6)},
        {"products": ({"mpn": "A:1", "quantity": 6},)},
    ],
    ids=[
        "other PO",
        "PO not told",
        "other customer",
        "a renewal inherits the PO",
        "older than the attempt",
        "other quantity",
    ],
)
def test_one_thing_that_differs_makes_it_somebody_elses(change: dict) -> None:
    assert not matches_marker(ORDER, replace(SEEN, **change))


@pytest.mark.parametrize(
    "told", [{"products": None}, {"customer_id": ""}, {"created_at": None}, {"order_type": ""}]
)
def test_what_the_platform_does_not_tell_does_not_count_against_it(told: dict) -> None:
    assert matches_marker(ORDER, replace(SEEN, **told))


@pytest.mark.parametrize("quantity", [5, 5.0, "5", "5.0"])
def test_a_quantity_is_compared_as_a_number(quantity: object) -> None:
    assert matches_content(
        ORDER, replace(SEEN, po_number="", products=({"mpn": "A:1", "quantity": quantity},))
    )


def test_products_that_the_platform_added_do_not_count_against_it() -> None:
    assert matches_content(
        ORDER, replace(SEEN, po_number=None, products=(*LINES, {"mpn": "ADDON", "quantity": 5}))
    )


@pytest.mark.parametrize(
    "change", [{"po_number": "BO1"}, {"po_number": "x"}, {"products": None}, {"products": ()}]
)
def test_content_decides_only_where_there_is_no_po_number_and_the_products_are_told(change: dict) -> None:
    assert not matches_content(ORDER, replace(SEEN, **({"po_number": ""} | change)))
