"""Every shape that an account can want keeps the guide's order valid against the published API description (1.15)."""

from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
from published_description import MISSING, SPECIFICATION, described, undeclared

from bulk_orders.core.acting import for_subscription, with_line
from bulk_orders.core.body import fill
from bulk_orders.core.body_shape import BodyShape, shaped, shapes
from bulk_orders.core.model import Row
from bulk_orders.core.order_types import AUTO_RENEW_OFF, TEMPLATES
from bulk_orders.core.subscriptions import PlatformSubscription, ProductLine
from bulk_orders.sending.account_facts import SPELLINGS
from bulk_orders.wiring import load_templates

pytestmark = pytest.mark.skipif(not SPECIFICATION.exists(), reason=MISSING)

GUIDES = {
    "customerId": "1000105563",
    "type": "sales",
    "ponumber": "00-0000",
    "subscriptionPeriod": {"type": "year", "duration": 1},
    "products": [
        {
            "mpn": "CFQ7TTC0LH16:0001",
            "quantity": 1,
            "billingPeriod": {"type": "month", "duration": 1},
            "parameters": [{"name": "tenant_preference", "value": "new"}],
        }
    ],
}
FOUND = PlatformSubscription(
    subscription_id="1000054",
    term=("year", "1"),
    billing=("month", "1"),
    lines=(ProductLine(mpn="CFQ7TTC0LH16:0001", vendor="Microsoft", seats=10),),
)
ROWS: Mapping[str, Mapping[str, str]] = {
    "import": {
        "order_type": "import",
        "quantity": "5",
        "commitment": "year",
        "billing": "month",
        "tenant": "existing",
        "domain": "acme.onmicrosoft.com",
        "tenant_id": "a94c2acd-f6e7-4ff5-cd6c-7d03fa8aa02c",
        "microsoft_subscription": "3f2b",
        "microsoft_order": "a1b2",
        "partner_attestation": "yes",
        "offer_attestation": "no",
    },
    "cancellation": {"order_type": "cancel", "subscription": "1000054"},
    "change": {"order_type": "change_now", "quantity": "12", "subscription": "1000054"},
}
"""By the name of the template, what a row says beside customer and product."""
SHAPES = [shape for name in SPELLINGS for shape in shapes(name, "Microsoft")]


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return described()


def body_of(template: str) -> dict[str, Any]:
    """As it is sent: filled from a row, with what its subscription tells."""
    values = {"customer_id": "1000105563", "mpn": "CFQ7TTC0LH16:0001", **ROWS[template]}
    body = fill(load_templates()[template], Row(sheet_row=4, values=values), po_number="PO-1")
    return for_subscription(body, FOUND)


def test_every_template_is_held_to_the_description() -> None:
    assert {"sales", AUTO_RENEW_OFF.template, *ROWS} == set(TEMPLATES)  # what is set is sent by the client


@pytest.mark.parametrize("path", ["/orders", "/orders/estimate"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("template", ROWS)
def test_an_order_on_a_subscription_is_valid_in_each_shape(
    template: str, shape: BodyShape, path: str, description: dict[str, Any]
) -> None:
    body = shaped(body_of(template), shape)
    schema = body_schema(description, path)
    jsonschema.validate(body, {**schema, "components": description["components"]})
    allowed = {".ponumber"} if shape.po_name == "ponumber" else set()
    assert set(undeclared(body, schema, description, kept_for="readOnly")) == allowed


@pytest.mark.parametrize("path", ["/orders", "/orders/estimate"])
def test_a_cancellation_that_names_its_product_is_valid(path: str, description: dict[str, Any]) -> None:
    (line,) = FOUND.lines or ()
    body = shaped(with_line(body_of("cancellation"), line, "one"), BodyShape(po_name="poNumber"))
    schema = body_schema(description, path)
    jsonschema.validate(body, {**schema, "components": description["components"]})
    assert undeclared(body, schema, description, kept_for="readOnly") == []


@pytest.mark.parametrize("path", ["/orders", "/orders/estimate"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_body_in_each_shape_is_valid(shape: BodyShape, path: str, description: dict[str, Any]) -> None:
    body = shaped(GUIDES, shape)
    schema = body_schema(description, path)
    jsonschema.validate(body, {**schema, "components": description["components"]})
    allowed = {".ponumber"} if shape.po_name == "ponumber" else set()
    assert set(undeclared(body, schema, description, kept_for="readOnly")) == allowed


def body_schema(description: dict[str, Any], path: str) -> dict[str, Any]:
    body = description["paths"][path]["post"]["requestBody"]
    if "$ref" in body:
        body = description["components"]["requestBodies"][body["$ref"].rpartition("/")[2]]
    return dict(body["content"]["application/json"]["schema"])
