"""Every shape that an account can want keeps the guide's order valid against the published API description (1.15)."""

from typing import Any

import jsonschema
import pytest
from published_description import MISSING, SPECIFICATION, described, undeclared

from bulk_orders.core.body_shape import BodyShape, shaped, shapes
from bulk_orders.sending.account_facts import SPELLINGS

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
SHAPES = [shape for name in SPELLINGS for shape in shapes(name, "Microsoft")]


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return described()


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
