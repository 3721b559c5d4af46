"""Every kind of answer the practice marketplace gives, held against the published API description (1.15)."""

import base64
import copy
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest
from published_description import MISSING, SPECIFICATION, described, undeclared

from bulk_orders.sandbox import Request, Simulator
from bulk_orders.sandbox.behaviour import Behaviour

pytestmark = pytest.mark.skipif(not SPECIFICATION.exists(), reason=MISSING)

# Version 1.1 of the description has the body of a refusal, which 1.15 left out.
PLATFORM_REFUSAL = {
    "type": "object",
    "required": ["timeStamp", "status", "message", "path", "correlationId"],
    "additionalProperties": False,
    "properties": {
        "timeStamp": {"type": "string"},
        "status": {"type": "integer"},
        "message": {"type": "string"},
        "path": {"type": "string"},
        "correlationId": {"type": "string", "pattern": "^a8n-[0-9a-f-]{36}$"},
    },
}
GATEWAY_REFUSAL = {
    "type": "object",
    "required": ["statusCode", "message"],
    "additionalProperties": False,
    "properties": {"statusCode": {"type": "integer"}, "message": {"type": "string"}},
}

NOW = datetime(2026, 3, 2, 9, 30, 0, 250_000, tzinfo=UTC)
KEY = {"x-subscription-key": "practice", "content-type": "application/json"}
BASIC = {**KEY, "authorization": "Basic " + base64.b64encode(b"practice:practice").decode()}


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - dice, no secret


def parameter(name: str, value: str) -> dict[str, Any]:
    return {"name": name, "value": value}


def attestation(name: str, *, accepted: bool) -> dict[str, Any]:
    return {"name": name, "structured_value": {"attestation_accepted": accepted}}


ORDER = {
    "customerId": "1000105563",
    "type": "sales",
    "poNumber": "00-0000",
    "attributes": {"reference": "A-1"},
    "subscriptionPeriod": {"type": "year", "duration": 1},
    "products": [
        {
            "mpn": "CFQ7TTC0LH16:0001",
            "quantity": 3,
            "billingPeriod": {"type": "month", "duration": 1},
            "parameters": [
                parameter("tenant_preference", "new"),
                attestation("partner_on_record_attestation_accepted", accepted=True),
                parameter("microsoft_domain", "ringsjewelers.onmicrosoft.com"),
                parameter("mca_acceptance", "yes"),
                parameter("agreement_date", "04-09-2022"),
                parameter("first_name_agreement", "John"),
                parameter("last_name_agreement", "Doe"),
                attestation("offer_attestation", accepted=False),
            ],
        }
    ],
}


class Marketplace:
    """A simulator with one order in it, whose clock is moved by hand."""

    def __init__(self, *, earlier_subscriptions: int = 0) -> None:
        self.now = NOW
        self.simulator = Simulator(
            now=lambda: self.now,
            rng=dice(1),
            behaviour=Behaviour(earlier_subscriptions=earlier_subscriptions),
        )
        token = self.ask("POST", "/token", {"marketplace": "us"}, headers=BASIC)[1]["token"]
        self.headers = {**KEY, "authorization": f"Bearer {token}"}

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        raw = b"" if body is None else json.dumps(body).encode()
        answer = self.simulator.handle(
            Request(method=method, path=path, body=raw, query=query or {}, headers=headers or self.headers)
        )
        assert answer.header("X-Correlation-ID").startswith("a8n-")
        assert answer.header("Date").endswith(" GMT")
        return answer.status, answer.json()


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return described()


@pytest.fixture
def market() -> Marketplace:
    return Marketplace()


def check(path: str, method: str, body: Any, description: dict[str, Any]) -> None:
    answer = description["paths"][path][method]["responses"]["default"]
    schema = answer["content"]["application/json"]["schema"]

    jsonschema.validate(body, {**schema, "components": description["components"]})
    assert undeclared(body, schema, description) == []


def placed(market: Marketplace) -> dict[str, Any]:
    status, body = market.ask("POST", "/orders", ORDER)
    assert status == 201
    return dict(body)


def test_a_token_is_described(market: Marketplace, description: dict[str, Any]) -> None:
    status, body = market.ask("POST", "/token", {"marketplace": "us"}, headers=BASIC)

    assert (status, body["expiresInSeconds"]) == (200, 1500)
    check("/token", "post", body, description)


def test_a_placed_order_is_described(market: Marketplace, description: dict[str, Any]) -> None:
    body = placed(market)

    check("/orders", "post", body, description)
    assert (body["poNumber"], body["orderNumber"], body["status"]) == ("00-0000", "SO000001", "submitted")
    assert body["total"] == {"currency": "USD", "amount": "12.60"}


@pytest.mark.parametrize(
    ("age_s", "status", "code"), [(0, "submitted", "WP"), (2, "processing", "LO"), (5, "completed", "CP")]
)
def test_an_order_is_described_at_every_age(
    market: Marketplace, description: dict[str, Any], age_s: int, status: str, code: str
) -> None:
    order_id = placed(market)["id"]
    market.now += timedelta(seconds=age_s)

    _, body = market.ask("GET", f"/orders/{order_id}")

    check("/orders/{id}", "get", body, description)
    assert (body["status"], body["statusCode"]) == (status, code)


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("provisioning-error", "error", "PF"),
        ("provisioning-cancelled", "cancelled", "CL"),
        ("provisioning-slow", "processing", "LO"),
        ("provisioning-scheduled", "processing", "AS"),
        ("provisioning-acceptance", "processing", "LO"),
    ],
)
def test_an_order_that_does_not_complete_is_described(
    market: Marketplace, description: dict[str, Any], fault: str, status: str, code: str
) -> None:
    market.simulator.fail_next(fault)
    order_id = placed(market)["id"]
    market.now += timedelta(seconds=5)

    _, body = market.ask("GET", f"/orders/{order_id}")
    _, listed = market.ask("GET", "/orders")

    check("/orders/{id}", "get", body, description)
    check("/orders", "get", listed, description)
    assert (body["status"], body["statusCode"], "subscriptionId" in body) == (status, code, False)
    assert (listed["data"][0]["status"], listed["data"][0]["statusCode"]) == (status, code)


def test_a_list_of_orders_is_described_and_leaves_the_products_out(
    market: Marketplace, description: dict[str, Any]
) -> None:
    placed(market)

    _, body = market.ask("GET", "/orders")

    check("/orders", "get", body, description)
    assert [sorted(row.keys() & {"poNumber", "products", "details"}) for row in body["data"]] == [
        ["poNumber"]
    ]


def test_an_estimate_is_described_and_places_nothing(
    market: Marketplace, description: dict[str, Any]
) -> None:
    status, body = market.ask("POST", "/orders/estimate", ORDER)

    assert status == 200
    check("/orders/estimate", "post", body, description)
    assert (body["total"]["amount"], market.simulator.orders) == ("12.60", [])


def test_a_validation_is_described_and_names_what_is_wrong(
    market: Marketplace, description: dict[str, Any]
) -> None:
    line = copy.deepcopy(ORDER["products"][0])
    line["parameters"][2]["value"] = "taken.onmicrosoft.com"
    del line["parameters"][3]
    request = {
        "customerId": "1000105563",
        "type": "sales",
        "products": [{**line, "subscriptionPeriod": {"type": "year", "duration": 1}}],
    }

    status, body = market.ask("POST", "/validation/parameters", request)

    assert status == 200
    check("/validation/parameters", "post", body, description)
    results = body["data"][0]["parameters"]
    assert {told["name"] for told in results if told["result"] == "error"} == {
        "microsoft_domain",
        "mca_acceptance",
    }


def test_subscriptions_are_described(market: Marketplace, description: dict[str, Any]) -> None:
    placed(market)
    market.now += timedelta(seconds=5)

    _, rows = market.ask("GET", "/subscriptions")
    _, body = market.ask("GET", f"/subscriptions/{rows['data'][0]['id']}")

    check("/subscriptions", "get", rows, description)
    check("/subscriptions/{id}", "get", body, description)
    assert (body["products"][0]["quantity"], body["renewalDate"]) == (3, "2027-03-02")


def test_subscriptions_from_before_the_practice_are_described(description: dict[str, Any]) -> None:
    market = Marketplace(earlier_subscriptions=40)

    _, rows = market.ask("GET", "/subscriptions", query={"limit": "500"})
    _, held = market.ask("GET", "/subscriptions", query={"status": "hold"})
    _, body = market.ask("GET", f"/subscriptions/{rows['data'][0]['id']}")

    check("/subscriptions", "get", rows, description)
    check("/subscriptions/{id}", "get", body, description)
    assert rows["pagination"]["total"] == len({row["id"] for row in rows["data"]}) == 40
    assert [row["status"] for row in held["data"]] == ["hold", "hold"]
    assert all(row["creationDate"] < str(NOW.date()) < row["renewalDate"] for row in rows["data"])


@pytest.mark.parametrize("path", ["/customers", "/orders", "/products", "/plans", "/subscriptions"])
def test_a_whole_list_is_described(market: Marketplace, description: dict[str, Any], path: str) -> None:
    status, body = market.ask("GET", path, query={"limit": "500"})

    assert status == 200
    check(path, "get", body, description)


@pytest.mark.parametrize(("path", "item_id"), [("/customers/{id}", "1000105563"), ("/plans/{id}", "10001")])
def test_a_single_item_is_described(
    market: Marketplace, description: dict[str, Any], path: str, item_id: str
) -> None:
    status, body = market.ask("GET", path.replace("{id}", item_id))

    assert status == 200
    check(path, "get", body, description)


REFUSALS: dict[str, Callable[[Marketplace], tuple[int, Any]]] = {
    "a wrong password": lambda market: market.ask("POST", "/token", {"marketplace": "us"}, headers=KEY),
    "no token": lambda market: market.ask("GET", "/orders", headers=KEY),
    "an unknown order": lambda market: market.ask("GET", "/orders/1"),
    "an unknown path": lambda market: market.ask("GET", "/nothing"),
    "a wrong method": lambda market: market.ask("DELETE", "/orders"),
    "an order that is none": lambda market: market.ask("POST", "/orders", []),
    "an unknown product": lambda market: market.ask("POST", "/orders", {**ORDER, "products": [{"mpn": "X"}]}),
    "a bad page": lambda market: market.ask("GET", "/orders", query={"limit": "0"}),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_the_platform_refuses_in_the_shape_of_its_description(market: Marketplace, name: str) -> None:
    status, body = REFUSALS[name](market)

    assert body["status"] == status >= 400
    jsonschema.validate(body, PLATFORM_REFUSAL)


def test_the_gateway_refuses_in_a_shape_of_its_own(market: Marketplace) -> None:
    status, body = market.ask("GET", "/orders", headers={"authorization": "Bearer x"})

    assert status == body["statusCode"] == 401
    jsonschema.validate(body, GATEWAY_REFUSAL)
