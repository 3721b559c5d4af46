"""Every request that the program makes, held against the published API description (1.15).

The requests are those of the program's own commands and of every call of the port, written down by the practice
marketplace that they reach.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from books.order_books import BASIC, TOO_MANY, order_row, order_rows, write_book
from processes import Desk
from published_description import MISSING, SPECIFICATION, described, undeclared
from pydantic import SecretStr

from bulk_orders.marketplace.client import HttpMarketplace
from bulk_orders.marketplace.client_settings import ClientSettings
from bulk_orders.sandbox import Ageing, Answer, Behaviour, FaultPlan, PracticeServer, Request, Simulator

pytestmark = [pytest.mark.long, pytest.mark.skipif(not SPECIFICATION.exists(), reason=MISSING)]

# What the vendor's guide has in an order's body and the description has not. Bodies follow the guide.
OF_THE_GUIDE = {
    ".ponumber": "the guide's spelling; the description's is poNumber",
}

EXPECTED = {
    ("POST", "/token"),
    ("POST", "/orders"),
    ("GET", "/orders"),
    ("GET", "/orders/{id}"),
    ("POST", "/orders/estimate"),
    ("POST", "/validation/parameters"),
    ("GET", "/customers/{id}"),
    ("GET", "/products"),
    ("GET", "/subscriptions"),
    ("GET", "/subscriptions/{id}"),
    ("PATCH", "/subscriptions/{id}"),
}


class Recorder(Simulator):
    """A practice marketplace that keeps every request."""

    def __init__(self) -> None:
        self.seen: list[Request] = []
        super().__init__(
            now=lambda: datetime.now(UTC),
            rng=random.Random(1),  # noqa: S311 - dice, no secret
            behaviour=Behaviour(
                list_shows_po=False, ageing=Ageing(processing_after_s=0, completed_after_s=0)
            ),
            faults=FaultPlan.parse(
                "500-after-commit=every:4,429=every:7,token-expiry=every:11,retry-after=0"
            ),
        )

    def handle(self, request: Request) -> Answer:
        self.seen.append(request)
        return super().handle(request)


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return described()


@pytest.fixture(scope="module")
def recorder() -> Iterator[PracticeServer]:
    with PracticeServer(Recorder()) as server:
        yield server


@pytest.fixture(scope="module")
def requests(
    recorder: PracticeServer, starter: Any, tmp_path_factory: pytest.TempPathFactory
) -> list[Request]:
    """Of all commands that talk to a marketplace, then of each call of the port."""
    folder: Path = tmp_path_factory.mktemp("desk")
    at = ("--practice-at", recorder.base_url)
    with Desk(starter, folder) as desk:
        desk.settings.update(BULK_ORDERS_WINDOW_S="0", BULK_ORDERS_SETTLE_S="0")
        rows = [*order_rows(9), order_row(10, mpn=BASIC, quantity=TOO_MANY), new_tenant(11)]
        book = write_book(folder / "orders.xlsx", [{**blank(rows), **row} for row in rows])
        ended = [
            desk.run("doctor", *at),
            desk.run("check", book, "--online", "--estimate", *at),
            desk.run("run", book, *at),
            desk.run("status", "last"),
            desk.run("resolve", "last"),
        ]
    assert [end.code for end in ended if end.code not in {0, 3, 4}] == []
    ask_everything(recorder.base_url)
    assert isinstance(recorder.simulator, Recorder)
    return list(recorder.simulator.seen)


def new_tenant(number: int) -> dict[str, str]:
    return order_row(
        number,
        tenant_preference="new",
        microsoft_domain="brandnewtenant.onmicrosoft.com",
        mca_acceptance="yes",
        agreement_date="2026-01-15",
        first_name_agreement="Robin",
        last_name_agreement="Sample",
        email_address_agreement="robin@company.example.com",
        ponumber="PO-11",
    )


def blank(rows: list[dict[str, str]]) -> dict[str, str]:
    return dict.fromkeys((name for row in reversed(rows) for name in row), "")


def ask_everything(base_url: str) -> None:
    settings = ClientSettings(
        base_url=base_url,
        marketplace="us",
        user="practice",
        password=SecretStr("practice"),
        subscription_key=SecretStr("practice"),
    )
    client = HttpMarketplace(
        settings,
        connections=1,
        monotonic=lambda: 0.0,
        now=lambda: datetime.now(UTC),
        sleep=lambda seconds: None,
        jitter=lambda: 0.5,
        pace=lambda: None,
    )
    yesterday = datetime.now(UTC) - timedelta(days=1)
    found = client.list_orders(customer_id="1000106000", created_from=yesterday, created_to=datetime.now(UTC))
    client.get_order(found.orders[0].order_id)
    client.list_subscriptions(customer_id="1000106000")
    client.list_subscriptions(customer_id="")
    client.get_subscription("1200001")
    client.set_auto_renewal("1200001", is_on=False)
    client.list_products()
    client.get_customer("1000106000")
    client.close()


def route(request: Request, description: dict[str, Any]) -> str:
    """The path as the description names it, or what was asked for if it does not."""
    if request.path in description["paths"]:
        return request.path
    parent, _, _ = request.path.rpartition("/")
    return f"{parent}/{{id}}" if f"{parent}/{{id}}" in description["paths"] else request.path


def operation(request: Request, description: dict[str, Any]) -> dict[str, Any]:
    found = description["paths"].get(route(request, description), {}).get(request.method.lower(), {})
    return dict(found)


def body_schema(request: Request, description: dict[str, Any]) -> dict[str, Any]:
    body = operation(request, description)["requestBody"]
    if "$ref" in body:
        body = description["components"]["requestBodies"][body["$ref"].rpartition("/")[2]]
    return dict(body["content"]["application/json"]["schema"])


def with_body(requests: list[Request]) -> list[Request]:
    return [request for request in requests if request.body]


def test_every_kind_of_request_was_made(requests: list[Request], description: dict[str, Any]) -> None:
    assert {(request.method, route(request, description)) for request in requests} == EXPECTED


def test_every_request_is_an_operation_of_the_description(
    requests: list[Request], description: dict[str, Any]
) -> None:
    assert [request for request in requests if not operation(request, description)] == []


def test_every_query_parameter_is_in_the_description(
    requests: list[Request], description: dict[str, Any]
) -> None:
    unknown = {
        (route(request, description), name)
        for request in requests
        for name in request.query
        if name not in query_names(request, description)
    }

    assert unknown == set()
    assert {name for request in requests for name in request.query} >= {
        "customerId",
        "creationTimeFrom",
        "creationTimeTo",
        "offset",
        "limit",
    }


def query_names(request: Request, description: dict[str, Any]) -> set[str]:
    return {named["name"] for named in parameters(request, description) if named["in"] == "query"}


def parameters(request: Request, description: dict[str, Any]) -> list[dict[str, Any]]:
    given = operation(request, description).get("parameters", [])
    shared = description["paths"][route(request, description)].get("parameters", [])
    named = description["components"].get("parameters", {})
    return [
        named[parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
        for parameter in [*given, *shared]
    ]


def test_every_query_value_is_valid(requests: list[Request], description: dict[str, Any]) -> None:
    for request in requests:
        by_name = {named["name"]: named["schema"] for named in parameters(request, description)}
        for name, value in request.query.items():
            is_number = by_name[name].get("type") in {"integer", "number"}
            jsonschema.validate(
                int(value) if is_number else value,
                by_name[name],
                format_checker=jsonschema.FormatChecker(),
            )


def test_every_required_header_is_sent(requests: list[Request], description: dict[str, Any]) -> None:
    missing = [
        (request.path, named["name"])
        for request in requests
        for named in parameters(request, description)
        if named["in"] == "header" and named.get("required") and named["name"].lower() not in request.headers
    ]

    assert missing == []
    assert {request.headers["x-subscription-key"] for request in requests} == {"practice"}
    schemes = {request.path: request.headers["authorization"].split()[0] for request in requests}
    assert {path: scheme for path, scheme in schemes.items() if scheme != "Bearer"} == {"/token": "Basic"}


def test_every_body_is_valid_against_its_schema(requests: list[Request], description: dict[str, Any]) -> None:
    for request in with_body(requests):
        schema = body_schema(request, description)
        jsonschema.validate(json.loads(request.body), {**schema, "components": description["components"]})


def test_every_key_of_a_body_is_in_the_description(
    requests: list[Request], description: dict[str, Any]
) -> None:
    unknown = {
        place
        for request in with_body(requests)
        for place in undeclared(
            json.loads(request.body), body_schema(request, description), description, kept_for="readOnly"
        )
    }

    assert unknown == set(OF_THE_GUIDE)


def test_only_what_sends_has_a_body_and_each_body_is_json(requests: list[Request]) -> None:
    assert {request.method for request in with_body(requests)} == {"POST", "PATCH"}
    assert {request.headers["content-type"] for request in with_body(requests)} == {"application/json"}
