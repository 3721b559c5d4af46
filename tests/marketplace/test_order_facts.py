"""What an order's own page tells besides its status, and what is not taken for it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_orders.marketplace.parsing import order_of

LINK = "https://admin.example/mca/accept?request=1f"


def page(*parameters: dict[str, Any], **fields: Any) -> dict[str, Any]:
    products = [{"mpn": "M", "quantity": 1, "parameters": list(parameters)}]
    return {"id": "1", "status": "processing", "statusCode": "LO", "products": products, **fields}


@pytest.mark.parametrize(
    "parameter",
    [
        {"name": "mca_attestation_link", "value": LINK},
        {"name": "link", "value": f"The customer has to accept the agreement: {LINK}."},
        {"name": "mca_attestation", "structured_value": {"state": "open", "url": LINK}},
        {"name": "mca_attestation", "value": [{"url": LINK}]},
    ],
)
def test_the_link_for_the_customer_is_found_where_it_may_be(parameter: dict[str, Any]) -> None:
    assert order_of(page(parameter)).acceptance_link == LINK


def test_it_is_found_in_the_details_and_the_attributes_too() -> None:
    described = page(details=[{"description": f"Waiting for acceptance ({LINK})"}])
    attributed = page(attributes={"attestation": LINK})
    assert (order_of(described).acceptance_link, order_of(attributed).acceptance_link) == (LINK, LINK)


@pytest.mark.parametrize(
    "parameter",
    [
        {"name": "relationship_url", "value": LINK.replace("accept", "x").replace("mca", "y")},
        {"name": "mca_acceptance", "value": "yes"},
        {"name": "mca_attestation_link", "value": "http://admin.example/mca/accept"},
        {"name": "mca_attestation_link", "value": "javascript:alert(1)"},
        {"name": "mca_attestation_link", "value": f"https://x.example/{'a' * 500}"},
        {"name": "mca_attestation_link", "value": None},
    ],
)
def test_no_other_text_is_taken_for_it(parameter: dict[str, Any]) -> None:
    assert order_of(page(parameter)).acceptance_link == ""


def test_a_row_of_a_list_says_nothing_of_a_link() -> None:
    assert order_of({"id": "1", "status": "processing"}).acceptance_link is None


def test_a_scheduled_order_names_its_day() -> None:
    details = [
        {"description": "Exchange Online Recurring, from 2027-03-01 through 2028-02-29"},
        {"description": "Setup, from 2027-13-45 through 2027-14-01"},
        {"description": None},
    ]
    found = order_of(page(statusCode="AS", details=details))
    assert (found.status, found.scheduled_for) == ("scheduled", "2027-03-01")
    assert order_of(page(details=details)).scheduled_for == ""
    assert order_of(page(statusCode="AS")).scheduled_for == ""


def test_microsofts_ids_are_read_each_once_and_in_one_order() -> None:
    found = page(
        {"name": "subscription_id", "value": "3c4d-5e6f"},
        {"name": "csp_order_id", "value": "1a2b3c"},
        {"name": "subscription_id", "value": "3c4d-5e6f"},
        {"name": "initial_password", "value": "secret-123"},
        {"name": "ms_customer_id", "value": "not an id"},
    )
    assert order_of(found).microsoft_ids == "csp_order_id 1a2b3c, subscription_id 3c4d-5e6f"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(_JSON, _JSON, _JSON)
def test_whatever_stands_there_an_order_is_read(products: Any, details: Any, attributes: Any) -> None:
    fields = {"products": products, "details": details, "attributes": attributes}
    found = order_of({"id": "1", "status": "processing", "statusCode": "AS", **fields})
    assert (found.scheduled_for, found.microsoft_ids) == ("", "")
    assert found.acceptance_link in {None, ""}
