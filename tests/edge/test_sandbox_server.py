"""The practice marketplace as a client meets it: over real sockets, and through its front door when time must move."""

import base64
import copy
import json
import os
import random
import select
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from bulk_orders.errors import SetupError, UsageError
from bulk_orders.sandbox import (
    ADMIN_HOLD_CUSTOMER,
    BASE_PATH,
    CREDIT_HOLD_CUSTOMER,
    PRACTICE_KEY,
    PRACTICE_PASSWORD,
    PRACTICE_USER,
    Behaviour,
    FaultPlan,
    JournalFile,
    PracticeServer,
    Request,
    Simulator,
    practice_customers,
    serve,
)

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = {"X-Subscription-Key": PRACTICE_KEY}
BASIC = base64.b64encode(f"{PRACTICE_USER}:{PRACTICE_PASSWORD}".encode()).decode()
WINDOWS_365 = {"mpn": "CFQ7TTC0HX99:0001", "subscriptionPeriod": {"type": "month", "duration": 1}}


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - dice, no secret


def parameter(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, "value": value}


def attestation(name: str, accepted: Any) -> dict[str, Any]:
    return {"name": name, "structured_value": {"attestation_accepted": accepted}}


def an_order(
    *, parameters: dict[str, Any] | None = None, line: dict[str, Any] | None = None, **top: Any
) -> dict[str, Any]:
    """The vendor's example order, changed: a parameter, a field of the line or of the order set to None is left out."""
    given = {
        "tenant_preference": parameter("tenant_preference", "new"),
        "partner_on_record_attestation_accepted": attestation("partner_on_record_attestation_accepted", True),
        "microsoft_domain": parameter("microsoft_domain", "ringsjewelers.onmicrosoft.com"),
        "mca_acceptance": parameter("mca_acceptance", "yes"),
        "agreement_date": parameter("agreement_date", "04-09-2022"),
        "first_name_agreement": parameter("first_name_agreement", "John"),
        "last_name_agreement": parameter("last_name_agreement", "Doe"),
        "email_address_agreement": parameter("email_address_agreement", "john@doe.com"),
        "effective_country": parameter("effective_country", "US"),
        "customer_company_name": parameter("customer_company_name", "27 Rings Jewelers"),
        "customer_email": parameter("customer_email", "john@doe.com"),
        "special_qualifications": parameter("special_qualifications", "None"),
        "offer_attestation": attestation("offer_attestation", False),
        **(parameters or {}),
    }
    product = {
        "mpn": "CFQ7TTC0LH16:0001",
        "quantity": 1,
        "billingPeriod": {"type": "month", "duration": 1},
        "parameters": [one for one in given.values() if one is not None],
        **(line or {}),
    }
    body = {
        "customerId": "1000105563",
        "type": "sales",
        "ponumber": "00-0000",
        "subscriptionPeriod": {"type": "year", "duration": 1},
        "products": [{key: value for key, value in product.items() if value is not None}],
        **top,
    }
    return {key: value for key, value in body.items() if value is not None}


def an_existing_tenant(**top: Any) -> dict[str, Any]:
    parameters = {
        "tenant_preference": parameter("tenant_preference", "existing"),
        "mca_acceptance": None,
        "agreement_date": None,
    }
    return an_order(parameters=parameters, **top)


class Counter:
    """A counter assistant: asks the simulator in process, with a clock that is moved by hand."""

    def __init__(self, faults: str = "", behaviour: Behaviour | None = None, **more: Any) -> None:
        self.now = START
        self.simulator = Simulator(
            now=lambda: self.now,
            rng=dice(3),
            behaviour=behaviour,
            faults=FaultPlan.parse(faults),
            **more,
        )
        self.headers: dict[str, str] = {}
        self.sign_in()

    def sign_in(self) -> int:
        self.headers = {"x-subscription-key": PRACTICE_KEY, "authorization": f"Basic {BASIC}"}
        status, body = self.ask("POST", "/token", {"marketplace": "us"})
        self.headers["authorization"] = f"Bearer {body.get('token')}"
        return status

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> tuple[int, Any]:
        answer = self.answer(method, path, body, **query)
        return answer.status, answer.json()

    def answer(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.simulator.handle(
            Request(
                method=method,
                path=path,
                query=query,
                headers=self.headers,
                body=raw if body is not None else b"",
            )
        )

    def place(self, **changes: Any) -> dict[str, Any]:
        status, body = self.ask("POST", "/orders", an_existing_tenant(**changes))
        assert status == 201, body
        return dict(body)

    def listed(self, **query: str) -> list[str]:
        return [row["orderNumber"] for row in self.ask("GET", "/orders", **query)[1]["data"]]

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    simulator = Simulator(
        now=lambda: datetime.now(UTC), rng=dice(5), faults=FaultPlan.parse("hang=0.2,slow=0.05@0")
    )
    with PracticeServer(simulator) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: PracticeServer) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.headers.update(KEY)
        answer = session.post(
            f"{server.base_url}/token",
            json={"marketplace": "us"},
            auth=(PRACTICE_USER, PRACTICE_PASSWORD),
            timeout=5,
        )
        session.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield session


def post(server: PracticeServer, client: requests.Session, body: Any = None) -> requests.Response:
    return client.post(f"{server.base_url}/orders", json=body or an_existing_tenant(), timeout=5)


# Over HTTP


def test_an_order_is_placed_and_read_back_over_http(server: PracticeServer, client: requests.Session) -> None:
    placed = post(server, client, an_existing_tenant(ponumber="PO Ü-1"))
    read = client.get(f"{server.base_url}/orders/{placed.json()['id']}", timeout=5)

    assert (placed.status_code, read.status_code) == (201, 200)
    assert placed.headers["X-Correlation-ID"].startswith("a8n-")
    assert read.json()["poNumber"] == "PO Ü-1"
    assert server.simulator.orders[-1]["sent"]["ponumber"] == "PO Ü-1"


def test_filters_arrive_through_the_query_string(server: PracticeServer, client: requests.Session) -> None:
    order = post(server, client, an_existing_tenant(customerId="1000106001")).json()

    query = {"customerId": "1000106001", "creationTimeFrom": order["creationDate"], "limit": "1"}
    listed = client.get(f"{server.base_url}/orders", params=query, timeout=5).json()

    assert [row["id"] for row in listed["data"]] == [order["id"]]


def test_a_path_outside_the_base_path_is_not_the_api(
    server: PracticeServer, client: requests.Session
) -> None:
    answer = client.get(f"{server.origin}/marketplace/eu/orders", timeout=5)

    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (404, "text/plain")


def test_judges_see_orders_and_counters(server: PracticeServer, client: requests.Session) -> None:
    order_id = post(server, client).json()["id"]

    orders = requests.get(f"{server.origin}/_practice/orders", timeout=5).json()
    stats = requests.get(f"{server.origin}/_practice/stats", timeout=5).json()

    assert orders[-1]["id"] == order_id
    assert (
        stats["orders"]
        == len(orders)
        == stats["answers"]["POST /orders 201"]
        + sum(
            count
            for name, count in stats["faults"].items()
            if name not in {"reset-before-commit", "hang-before-commit"}
        )
    )


@pytest.mark.parametrize(
    ("fault", "status", "starts"),
    [
        ("500-after-commit", 500, b'{"timeStamp"'),
        ("504-html", 504, b"<html>"),
        ("html-200", 200, b"<!DOCTYPE html>"),
        ("empty-200", 200, b""),
    ],
)
def test_an_answer_is_lost_after_the_order_was_taken(
    server: PracticeServer, client: requests.Session, fault: str, status: int, starts: bytes
) -> None:
    before = len(server.simulator.orders)
    server.simulator.fail_next(fault)

    answer = post(server, client)

    assert (answer.status_code, answer.content[: len(starts)]) == (status, starts)
    assert len(server.simulator.orders) == before + 1


@pytest.mark.parametrize(("fault", "taken"), [("reset-after-commit", 1), ("reset-before-commit", 0)])
def test_a_reset_is_a_reset_on_the_wire(
    server: PracticeServer, client: requests.Session, fault: str, taken: int
) -> None:
    before = len(server.simulator.orders)
    server.simulator.fail_next(fault)

    with raw_order(server, client) as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)

    assert len(server.simulator.orders) == before + taken


@pytest.mark.parametrize(("fault", "taken"), [("hang-after-commit", 1), ("hang-before-commit", 0)])
def test_a_hang_holds_the_connection_without_a_byte_while_others_are_served(
    server: PracticeServer, client: requests.Session, fault: str, taken: int
) -> None:
    before = len(server.simulator.orders)
    server.simulator.fail_next(fault)

    with raw_order(server, client) as connection:
        assert select.select([connection], [], [], 0.1)[0] == []
        assert client.get(f"{server.base_url}/orders", timeout=5).status_code == 200
        assert connection.recv(1) == b""

    assert len(server.simulator.orders) == before + taken


def test_a_truncated_answer_announces_more_than_it_sends(
    server: PracticeServer, client: requests.Session
) -> None:
    before = len(server.simulator.orders)
    server.simulator.fail_next("truncated-body")

    with raw_order(server, client) as connection:
        received = b"".join(iter(lambda: connection.recv(65536), b""))

    head, _, body = received.partition(b"\r\n\r\n")
    announced = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    assert head.startswith(b"HTTP/1.1 201")
    assert 0 < len(body) < announced
    assert len(server.simulator.orders) == before + 1


def test_a_slow_answer_comes_late_and_whole(server: PracticeServer, client: requests.Session) -> None:
    server.simulator.fail_next("slow")

    started = time.perf_counter()
    answer = post(server, client)

    assert (answer.status_code, time.perf_counter() - started >= 0.05) == (201, True)


def test_a_client_that_leaves_in_the_middle_of_its_request_orders_nothing(
    server: PracticeServer, client: requests.Session
) -> None:
    before = len(server.simulator.orders)

    with raw_order(server, client, keep_back=10):
        pass

    assert client.get(f"{server.base_url}/orders", timeout=5).status_code == 200
    assert len(server.simulator.orders) == before


def test_a_body_over_a_mebibyte_is_refused(server: PracticeServer, client: requests.Session) -> None:
    answer = post(server, client, an_existing_tenant(attributes={"long": "x" * 1_100_000}))

    assert (answer.status_code, answer.json()["status"]) == (413, 413)


def test_stopping_does_not_wait_for_a_hang() -> None:
    simulator = Simulator(now=lambda: datetime.now(UTC), rng=dice(5), faults=FaultPlan(hang_s=400))
    simulator.fail_next("hang-before-commit")
    with PracticeServer(simulator) as server, requests.Session() as session:
        session.headers.update(KEY)
        connection = raw_order(server, session)
        assert select.select([connection], [], [], 0.05)[0] == []
        leaving = time.perf_counter()

    with connection:
        assert connection.recv(1) == b""
    assert time.perf_counter() - leaving < 2


def test_latency_delays_every_answer() -> None:
    simulator = Simulator(now=lambda: datetime.now(UTC), rng=dice(5))
    with PracticeServer(simulator, latency_s=0.05) as server:
        started = time.perf_counter()
        requests.get(f"{server.base_url}/orders", timeout=5)

        assert time.perf_counter() - started >= 0.05


def test_many_threads_get_as_many_different_orders() -> None:
    counter = Counter()
    threads = [threading.Thread(target=lambda: [counter.place() for _ in range(20)]) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({order["id"] for order in counter.simulator.orders}) == 160


def test_only_the_loopback_interface_is_served() -> None:
    with pytest.raises(UsageError, match=r"0\.0\.0\.0"):
        serve(Counter().simulator, host="0.0.0.0", on_ready=lambda _url: None)  # noqa: S104 - must be refused


def test_a_port_that_is_taken_is_said(server: PracticeServer) -> None:
    port = int(server.origin.rpartition(":")[2])

    with pytest.raises(UsageError, match=str(port)):
        serve(server.simulator, port=port, on_ready=lambda _url: None)


def raw_order(server: PracticeServer, client: requests.Session, *, keep_back: int = 0) -> socket.socket:
    """A connection on which an order was sent, all but the last bytes of it, and nothing read yet."""
    host, _, port = server.origin.removeprefix("http://").partition(":")
    body = json.dumps(an_existing_tenant()).encode()
    head = [
        f"POST {BASE_PATH}/orders HTTP/1.1",
        f"Host: {host}",
        f"X-Subscription-Key: {PRACTICE_KEY}",
        f"Authorization: {client.headers.get('Authorization', '')}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    connection = socket.create_connection((host, int(port)), timeout=5)
    message = "\r\n".join(head).encode() + b"\r\n\r\n" + body
    connection.sendall(message[: len(message) - keep_back])
    return connection


# Signing in


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "missing subscription key"),
        ({"x-subscription-key": "wrong"}, "invalid subscription key"),
    ],
)
def test_the_gateway_wants_the_subscription_key_first(headers: dict[str, str], message: str) -> None:
    counter = Counter()
    counter.headers = headers

    status, body = counter.ask("POST", "/orders", an_order())

    assert (status, body["statusCode"], message in body["message"]) == (401, 401, True)


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic !!!", "Basic " + base64.b64encode(b"practice:no").decode(), f"Bearer {BASIC}"],
)
def test_wrong_credentials_get_no_token(authorization: str) -> None:
    counter = Counter()
    counter.headers["authorization"] = authorization

    assert counter.ask("POST", "/token", {"marketplace": "us"})[0] == 401


@pytest.mark.parametrize("body", [{}, {"marketplace": ""}, {"marketplace": 1}])
def test_a_token_is_for_a_marketplace(body: dict[str, Any]) -> None:
    counter = Counter()
    counter.headers["authorization"] = f"Basic {BASIC}"

    assert counter.ask("POST", "/token", body)[0] == 400


def test_a_token_ends_when_its_time_is_up() -> None:
    counter = Counter(behaviour=Behaviour(token_lifetime_s=60))
    counter.later(59.9)
    young = counter.ask("GET", "/orders")[0]
    counter.later(0.1)
    old = counter.ask("GET", "/orders")[0]

    assert (young, old, counter.sign_in(), counter.ask("GET", "/orders")[0]) == (200, 401, 200, 200)


def test_a_session_that_dies_early_needs_a_new_token() -> None:
    counter = Counter()
    counter.simulator.fail_next("token-expiry")

    died = counter.ask("POST", "/orders", an_order())[0]
    again = counter.ask("POST", "/orders", an_order())[0]
    counter.sign_in()

    assert (died, again, counter.ask("POST", "/orders", an_order())[0]) == (401, 401, 201)


# What is refused


def test_the_example_order_of_the_guide_is_taken() -> None:
    status, body = Counter().ask("POST", "/orders/", an_order())

    assert (status, body["orderNumber"], body["poNumber"]) == (201, "SO000001", "00-0000")


def changed(name: str, value: Any) -> dict[str, Any]:
    return an_order(parameters={name: parameter(name, value)})


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "no type": (an_order(type=None), 400, "type"),
    "a change order": (an_order(type="change"), 400, "change"),
    "no customer": (an_order(customerId=None), 400, "customerId"),
    "a customer as number": (an_order(customerId=1000105563), 400, "customerId"),
    "an unknown customer": (an_order(customerId="1"), 404, "'1' is not found"),
    "a customer on credit hold": (an_order(customerId=CREDIT_HOLD_CUSTOMER), 400, "creditHold"),
    "a suspended customer": (an_order(customerId=ADMIN_HOLD_CUSTOMER), 400, "adminHold"),
    "no products": (an_order(products=[]), 400, "products"),
    "a product that is none": (an_order(products=["x"]), 400, "products"),
    "an unknown MPN": (an_order(line={"mpn": "CFQ7TTC0LH16:9999"}), 400, "CFQ7TTC0LH16:9999"),
    "an MPN in lower case": (an_order(line={"mpn": "cfq7ttc0lh16:0001"}), 400, "not found"),
    "another vendor's MPN": (an_order(line={"vendor": "Inkwell"}), 400, "not offered"),
    "no quantity": (an_order(line={"quantity": None}), 400, "whole number"),
    "no units": (an_order(line={"quantity": 0}), 400, "out of range"),
    "too many units": (an_order(line={"quantity": 10_001}), 400, "maximum 10000.0"),
    "half a unit": (an_order(line={"quantity": 1.5}), 400, "whole number"),
    "a quantity as text": (an_order(line={"quantity": "1"}), 400, "whole number"),
    "a quantity as boolean": (an_order(line={"quantity": True}), 400, "whole number"),
    "an unknown unit of time": (
        an_order(subscriptionPeriod={"type": "decade", "duration": 1}),
        400,
        "decade",
    ),
    "a term that is not sold": (
        an_order(subscriptionPeriod={"type": "year", "duration": 3}),
        400,
        "not offered",
    ),
    "a billing that is not sold": (
        an_order(line={"billingPeriod": {"type": "month", "duration": 3}}),
        400,
        "offered",
    ),
    "an ambiguous MPN": (an_order(subscriptionPeriod=None), 400, "not unique"),
    "parameters that are no list": (an_order(line={"parameters": {"a": 1}}), 400, "parameters"),
    "no parameters": (an_order(line={"parameters": None}), 400, "tenant_preference: is required"),
    "an unknown preference": (changed("tenant_preference", "New"), 400, "tenant_preference"),
    "a misspelt name": (
        an_order(parameters={"microsoft_domain": parameter("Microsoft_Domain", "a.onmicrosoft.com")}),
        400,
        "microsoft_domain: is required",
    ),
    "a domain without its ending": (changed("microsoft_domain", "ringsjewelers"), 400, ".onmicrosoft.com"),
    "a domain of its own": (changed("microsoft_domain", "ringsjewelers.com"), 400, ".onmicrosoft.com"),
    "a domain that is taken": (changed("microsoft_domain", "Taken.onmicrosoft.com"), 400, "already used"),
    "no agreement": (an_order(parameters={"mca_acceptance": None}), 400, "mca_acceptance"),
    "an agreement in capitals": (changed("mca_acceptance", "YES"), 400, "mca_acceptance"),
    "no date of agreement": (an_order(parameters={"agreement_date": None}), 400, "agreement_date"),
    "a date in ISO": (changed("agreement_date", "2022-04-09"), 400, "MM-DD-YYYY"),
    "a date with day first": (changed("agreement_date", "31-01-2022"), 400, "MM-DD-YYYY"),
    "nobody who agreed": (an_order(parameters={"first_name_agreement": None}), 400, "first_name_agreement"),
    "no partner of record": (
        an_order(parameters={"partner_on_record_attestation_accepted": None}),
        400,
        "partner_on_record",
    ),
    "a partner's attestation as text": (
        an_order(
            parameters={
                "partner_on_record_attestation_accepted": attestation(
                    "partner_on_record_attestation_accepted", "True"
                )
            }
        ),
        400,
        "partner_on_record",
    ),
    "no offer attestation": (an_order(parameters={"offer_attestation": None}), 400, "offer_attestation"),
    "hybrid benefit not attested": (an_order(line=WINDOWS_365), 400, "Hybrid Benefit"),
    "one character as company": (changed("customer_company_name", "aaa"), 400, "customer_company_name"),
    "a bare legal form as company": (changed("customer_company_name", "LLC"), 400, "customer_company_name"),
    "a mail address at Microsoft": (changed("customer_email", "a@microsoft.com"), 400, "customer_email"),
    "a mail address that is none": (
        changed("email_address_agreement", "a@b"),
        400,
        "email_address_agreement",
    ),
    "a country in words": (changed("effective_country", "USA"), 400, "effective_country"),
    "an unknown qualification": (changed("special_qualifications", "none"), 400, "special_qualifications"),
    "a PO as number": (an_order(ponumber=7), 400, "poNumber"),
    "attributes that are no text": (an_order(attributes={"a": 1}), 400, "attributes"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("path", ["/orders", "/orders/estimate"])
def test_what_is_wrong_is_refused_with_its_reason(name: str, path: str) -> None:
    counter = Counter()
    body, expected, words = REFUSED[name]

    status, answer = counter.ask("POST", path, body)

    assert (status, words in answer["message"]) == (expected, True), answer["message"]
    assert counter.simulator.orders == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'{"a": NaN}', b'{"a": "\xff"}', b"[" * 200_000])
def test_malformed_json_is_refused(raw: bytes) -> None:
    assert Counter().ask("POST", "/orders", raw)[0] == 400


def test_a_form_is_not_json() -> None:
    counter = Counter()
    counter.headers["content-type"] = "application/x-www-form-urlencoded"

    assert counter.ask("POST", "/orders", an_order())[0] == 415


def test_unknown_names_are_ignored() -> None:
    body = an_order(parameters={"nonsense": parameter("nonsense", 1)}, line={"colour": "red"}, surprise=True)

    assert Counter().ask("POST", "/orders", body)[0] == 201


def test_a_domain_serves_one_new_tenant_only() -> None:
    counter = Counter()

    statuses = [counter.ask("POST", "/orders", an_order())[0] for _ in range(2)]

    assert (statuses, counter.simulator.taken_domains) == ([201, 400], {"ringsjewelers.onmicrosoft.com"})


def test_one_order_cannot_create_the_same_tenant_twice() -> None:
    line = an_order()["products"][0]

    assert Counter().ask("POST", "/orders", an_order(products=[line, line]))[0] == 400


def test_an_existing_tenant_may_be_named_by_its_id() -> None:
    parameters = {
        "tenant_preference": parameter("tenant_preference", "existing"),
        "microsoft_domain": parameter("microsoft_tenant_id", "2fb1b5c8-6c3a-4a39-9a3f-0d7d8f0f6a11"),
    }

    assert Counter().ask("POST", "/orders", an_order(parameters=parameters))[0] == 201


def test_the_hybrid_benefit_is_sold_to_who_attests() -> None:
    parameters = {"offer_attestation": attestation("offer_attestation", True)}

    assert Counter().ask("POST", "/orders", an_order(parameters=parameters, line=WINDOWS_365))[0] == 201


def test_other_vendors_want_no_parameters() -> None:
    body = an_order(
        subscriptionPeriod={"type": "month", "duration": 1},
        line={"mpn": "INKWELL-SIGN-TEAM", "parameters": None},
    )

    status, answer = Counter().ask("POST", "/orders", body)

    assert (status, answer["total"]["amount"]) == (201, "14.40")


# Spellings and places


@pytest.mark.parametrize(
    ("understood", "sent", "kept"),
    [
        ("either", "poNumber", "PO-1"),
        ("either", "ponumber", "PO-1"),
        ("poNumber", "poNumber", "PO-1"),
        ("poNumber", "ponumber", None),
        ("ponumber", "ponumber", "PO-1"),
        ("ponumber", "poNumber", None),
    ],
)
def test_the_other_spelling_of_the_po_number_is_dropped_silently(
    understood: Any, sent: str, kept: str | None
) -> None:
    counter = Counter(behaviour=Behaviour(po_spelling=understood))

    order = counter.place(**{"ponumber": None, sent: "PO-1"})

    assert (order.get("poNumber"), "ponumber" in order) == (kept, False)


def test_a_platform_may_want_the_term_on_the_line() -> None:
    counter = Counter(behaviour=Behaviour(period_place="line"))

    at_the_top = counter.ask("POST", "/orders", an_order())
    on_the_line = counter.ask(
        "POST", "/orders", an_order(line={"subscriptionPeriod": {"type": "year", "duration": 1}})
    )

    assert (at_the_top[0], "not unique" in at_the_top[1]["message"], on_the_line[0]) == (400, True, 201)


# Lists and life


def test_lists_are_newest_first_and_ten_long_unless_asked_otherwise() -> None:
    counter = Counter()
    for _ in range(12):
        counter.place()

    status, body = counter.ask("GET", "/orders")

    assert (status, [row["orderNumber"] for row in body["data"]]) == (
        200,
        [f"SO{n:06d}" for n in range(12, 2, -1)],
    )
    assert body["pagination"] == {"offset": 0, "limit": 10, "total": 12}


def test_pages_meet_without_gap() -> None:
    counter = Counter()
    for _ in range(7):
        counter.place()

    pages = [counter.listed(offset=str(offset), limit="3") for offset in (0, 3, 6, 9)]

    assert [number for page in pages for number in page] == [f"SO{n:06d}" for n in range(7, 0, -1)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]


def test_a_limit_over_500_is_lowered_silently() -> None:
    assert Counter().ask("GET", "/orders", limit="9999")[1]["pagination"]["limit"] == 500


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "x"},
        {"offset": "-1"},
        {"status": "submitted,error"},
        {"creationTimeFrom": "yesterday"},
    ],
)
def test_known_filters_are_read_strictly(query: dict[str, str]) -> None:
    assert Counter().ask("GET", "/orders", **query)[0] == 400


def test_unknown_filters_change_nothing() -> None:
    counter = Counter()
    counter.place()

    assert counter.listed(createdAfter="2030-01-01", poNumber="other") == ["SO000001"]


def test_orders_are_found_by_every_documented_filter() -> None:
    counter = Counter()
    counter.place(customerId="1000105564")
    counter.later(60)
    counter.place(customerId="1000105565")

    assert counter.listed(customerId="1000105564") == ["SO000001"]
    assert counter.listed(orderNumber="SO000002") == ["SO000002"]
    assert counter.listed(status="completed") == counter.listed(statusCode="CP") == ["SO000001"]
    assert counter.listed(subscriptionId="1200001") == ["SO000001"]
    assert counter.listed(creationTimeFrom="2026-03-02T09:31:00Z") == ["SO000002"]
    assert counter.listed(creationTimeTo="2026-03-02T10:30:59+01:00") == ["SO000001"]
    assert counter.listed(creationTimeFrom="2026-03-02T09:30:00Z", creationTimeTo="2026-03-02T09:31:00Z") == [
        "SO000002",
        "SO000001",
    ]


def test_creation_times_are_compared_in_whole_seconds() -> None:
    counter = Counter()
    counter.later(0.7)
    counter.place()

    assert counter.listed(creationTimeTo="2026-03-02T09:30:00Z") == ["SO000001"]
    assert counter.listed(creationTimeFrom="2026-03-02T09:30:00.5Z") == []


def test_a_clock_that_is_set_back_keeps_orders_in_their_order() -> None:
    counter = Counter()
    counter.place()
    counter.later(-30)
    counter.place()

    assert counter.listed() == ["SO000002", "SO000001"]


def test_an_order_ages_from_submitted_to_completed_and_then_has_a_subscription() -> None:
    counter = Counter()
    order_id = counter.place()["id"]

    seen = []
    for seconds in (0, 1.9, 0.1, 2.9, 0.1):
        counter.later(seconds)
        order = counter.ask("GET", f"/orders/{order_id}")[1]
        subscriptions = counter.ask("GET", "/subscriptions", customerId="1000105563")[1]["data"]
        seen.append((order["status"], order.get("subscriptionId"), len(subscriptions)))

    assert seen == [
        ("submitted", None, 0),
        ("submitted", None, 0),
        ("processing", None, 0),
        ("processing", None, 0),
        ("completed", "1200001", 1),
    ]


def test_subscriptions_are_filtered_by_day_and_status() -> None:
    counter = Counter()
    counter.place()
    counter.later(60)

    totals = [
        counter.ask("GET", "/subscriptions", **query)[1]["pagination"]["total"]
        for query in (
            {"creationDateFrom": "2026-03-02"},
            {"creationDateFrom": "2026-03-03"},
            {"status": "hold"},
        )
    ]

    assert totals == [1, 0, 0]
    assert counter.ask("GET", "/subscriptions", status="active,hold")[0] == 400


def test_customers_and_products_are_found() -> None:
    counter = Counter()

    assert counter.ask("GET", "/customers", name="27 rings")[1]["data"][0]["id"] == "1000105563"
    assert counter.ask("GET", "/customers", externalId="EXT-1000105564")[1]["pagination"]["total"] == 1
    assert counter.ask("GET", "/customers/1000105563")[1]["name"] == "27 Rings Jewelers"
    assert counter.ask("GET", "/products", mpn="CFQ7TTC0LH16:0001")[1]["pagination"]["total"] == 3
    assert counter.ask("GET", "/products", vendor="Inkwell")[1]["pagination"]["total"] == 1


def test_every_offer_is_unique_by_mpn_term_and_billing() -> None:
    offers = Counter().simulator.catalogue.offers

    assert len({(offer.product.mpn, offer.term, offer.billing) for offer in offers}) == len(offers)


def test_customers_are_the_same_at_every_start() -> None:
    assert practice_customers() == practice_customers()
    assert {"1000105563", "1000106000", "1000106999", CREDIT_HOLD_CUSTOMER} <= practice_customers().keys()


# Misbehaviour


@pytest.mark.parametrize(
    ("fault", "status"),
    [("429", 429), ("429-date", 429), ("500-before-commit", 500), ("503-before-commit", 503)],
)
def test_an_order_is_refused_before_it_is_read(fault: str, status: int) -> None:
    counter = Counter()
    counter.simulator.fail_next(fault)

    assert (counter.ask("POST", "/orders", an_order())[0], counter.simulator.orders) == (status, [])


def test_a_proxy_may_give_up_before_the_order_is_taken() -> None:
    counter = Counter()
    counter.simulator.fail_next("504-html-before-commit")

    answer = counter.answer("POST", "/orders", an_order())

    assert (answer.status, answer.header("Content-Type"), counter.simulator.orders) == (504, "text/html", [])


@pytest.mark.parametrize(("fault", "header"), [("429", "5"), ("429-date", "Mon, 02 Mar 2026 09:30:05 GMT")])
def test_a_429_says_when_to_come_back(fault: str, header: str) -> None:
    counter = Counter(faults="retry-after=5")
    counter.simulator.fail_next(fault)

    answer = counter.answer("POST", "/orders", an_order())

    assert (answer.header("Retry-After"), counter.simulator.throttled) == (header, 1)


@pytest.mark.parametrize(
    ("fault", "read_back"),
    [
        ("po-dropped", {}),
        ("po-renamed", {"ponumber": "00-0000"}),
        ("provisioning-error", {"poNumber": "00-0000"}),
    ],
)
def test_the_po_number_may_not_survive(fault: str, read_back: dict[str, str]) -> None:
    counter = Counter()
    counter.simulator.fail_next(fault)
    order_id = counter.place()["id"]

    order = counter.ask("GET", f"/orders/{order_id}")[1]

    assert {key: value for key, value in order.items() if key.lower() == "ponumber"} == read_back


def test_provisioning_may_fail() -> None:
    counter = Counter(faults="provisioning-error=1")
    order_id = counter.place()["id"]
    counter.later(5)

    assert counter.ask("GET", f"/orders/{order_id}")[1]["status"] == "error"
    assert counter.ask("GET", "/subscriptions")[1]["data"] == []


def test_an_order_may_stay_out_of_sight_for_a_while() -> None:
    counter = Counter(faults="list-lag=3")
    order_id = counter.place()["id"]
    counter.later(2.9)
    early = (counter.listed(), counter.ask("GET", f"/orders/{order_id}")[0])
    counter.later(0.1)

    assert (early, counter.listed(), counter.ask("GET", f"/orders/{order_id}")[0]) == (
        ([], 404),
        ["SO000001"],
        200,
    )


@pytest.mark.parametrize(
    "counter", [Counter(behaviour=Behaviour(list_shows_po=False)), Counter(faults="list-without-po=1")]
)
def test_lists_may_leave_the_po_number_out(counter: Counter) -> None:
    order = counter.place()

    assert "poNumber" not in counter.ask("GET", "/orders")[1]["data"][0]
    assert counter.ask("GET", f"/orders/{order['id']}")[1]["poNumber"] == "00-0000"


@pytest.mark.parametrize(("fault", "status"), [("read-500", 500), ("read-429", 429)])
def test_reading_may_fail_while_ordering_works(fault: str, status: int) -> None:
    counter = Counter(faults=f"{fault}=1")

    assert (counter.ask("GET", "/orders")[0], counter.ask("POST", "/orders", an_order())[0]) == (status, 201)


def test_a_planned_fault_strikes_every_nth_time() -> None:
    counter = Counter(faults="500-after-commit=every:3")

    assert [counter.ask("POST", "/orders", an_existing_tenant())[0] for _ in range(6)] == [
        201,
        201,
        500,
        201,
        201,
        500,
    ]


def test_two_faults_on_the_same_occasion_strike_one_after_the_other() -> None:
    counter = Counter(faults="500-after-commit=every:4,504-html=every:4")
    for _ in range(9):
        counter.answer("POST", "/orders", an_existing_tenant())

    assert counter.simulator.faults == {"500-after-commit": 2, "504-html": 2}


def test_a_seed_makes_the_faults_fall_the_same_again() -> None:
    runs = [
        [counter.answer("POST", "/orders", an_existing_tenant()).status for _ in range(50)]
        for counter in (Counter("429=0.3,seed=7"), Counter("429=0.3,seed=7"), Counter("429=0.3,seed=8"))
    ]

    assert runs[0] == runs[1] != runs[2]
    assert 5 < runs[0].count(429) < 25


@pytest.mark.parametrize(
    "plan", ["nonsense=1", "429=2", "429=x", "429", "slow=-1", "500-after-commit=every:0", "seed=x"]
)
def test_a_plan_that_is_not_understood_is_said(plan: str) -> None:
    with pytest.raises(UsageError, match=plan.partition("=")[0]):
        FaultPlan.parse(plan)


def test_an_unknown_fault_cannot_be_asked_for() -> None:
    with pytest.raises(UsageError, match="nonsense"):
        Counter().simulator.fail_next("nonsense")


def test_no_second_has_more_requests_than_the_limit() -> None:
    counter = Counter(behaviour=Behaviour(limit_per_s=3))
    statuses = []
    for seconds in (0.1, 0.1, 0.1, 0.6, 0.1):
        counter.later(seconds)
        statuses.append(counter.ask("GET", "/orders")[0])

    # The token, at 0.0, was the first of the first three.
    assert statuses == [200, 200, 429, 429, 200]
    assert counter.answer("GET", "/orders").header("Retry-After") == "1"


# Memory


def test_orders_survive_a_restart_with_their_domains(tmp_path: Path) -> None:
    path = tmp_path / "practice.jsonl"
    first = JournalFile(path)
    before = Counter(faults="po-renamed=every:2", journal=first)
    before.ask("POST", "/orders", an_order(attributes={"reference": "A-1"}))
    before.place()
    first.close()

    second = JournalFile(path)
    after = Counter(journal=second, records=second.records)

    assert after.simulator.orders == before.simulator.orders
    assert after.ask("POST", "/orders", an_order())[0] == 400
    assert after.place()["orderNumber"] == "SO000003"
    second.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_journal_is_for_its_owner_only(tmp_path: Path) -> None:
    journal = JournalFile(tmp_path / "practice.jsonl")
    journal.close()

    assert stat.S_IMODE((tmp_path / "practice.jsonl").stat().st_mode) == 0o600


@pytest.mark.parametrize("torn", [b'{"number": 2', b'{"number": 2}'])
def test_a_torn_last_line_is_cut_off(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "practice.jsonl"
    path.write_bytes(b'{"number":1}\n' + torn)

    journal = JournalFile(path)
    journal.append({"number": 3})
    journal.close()

    assert (journal.records, path.read_bytes()) == ([{"number": 1}], b'{"number":1}\n{"number":3}\n')


def test_a_file_that_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear customer,\nwe\n")

    with pytest.raises(SetupError, match=r"letter\.txt"):
        JournalFile(path)
    assert path.read_text() == "Dear customer,\nwe\n"


class BrokenJournal:
    """A disk that is full."""

    def append(self, record: dict[str, Any]) -> None:
        raise OSError(28, "No space left on device")


def test_an_order_that_cannot_be_noted_is_not_taken() -> None:
    counter = Counter(journal=BrokenJournal())

    with pytest.raises(OSError, match="No space left"):
        counter.ask("POST", "/orders", an_order())
    assert (counter.simulator.orders, counter.simulator.taken_domains) == ([], set())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to be polite with")
def test_as_a_process_it_says_where_it_listens_remembers_and_ends_politely(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "bulk_orders.sandbox",
        "--state",
        str(tmp_path / "orders.jsonl"),
        "--seed",
        "1",
    ]
    found = []
    for last_signal in (signal.SIGKILL, signal.SIGTERM):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            url = process.stdout.readline().removeprefix("listening on ").strip()
            order_over(url)
            found.append(len(requests.get(url.replace(BASE_PATH, "/_practice/orders"), timeout=5).json()))
            process.send_signal(last_signal)
            rest = process.communicate(timeout=5)

    assert found == [1, 2]
    assert (process.returncode, rest) == (0, ("", ""))


def test_as_a_process_it_says_what_it_does_not_understand() -> None:
    command = [sys.executable, "-m", "bulk_orders.sandbox", "--faults", "nonsense=1"]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)

    assert (ended.returncode, ended.stdout, "nonsense" in ended.stderr) == (2, "", True)


def order_over(url: str) -> None:
    with requests.Session() as session:
        session.headers.update(KEY)
        answer = session.post(
            f"{url}/token", json={"marketplace": "us"}, auth=(PRACTICE_USER, PRACTICE_PASSWORD), timeout=5
        )
        session.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        assert (
            session.post(f"{url}/orders", json=copy.deepcopy(an_existing_tenant()), timeout=5).status_code
            == 201
        )
