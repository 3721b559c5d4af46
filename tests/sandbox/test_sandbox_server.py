"""The practice marketplace over real sockets: its answers, its faults as they look on the wire, and where it listens."""

import json
import logging
import re
import select
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from practice_counter import KEY, Counter, an_existing_tenant, dice, sign_in

from bulk_orders.errors import UsageError
from bulk_orders.sandbox import BASE_PATH, PRACTICE_KEY, FaultPlan, PracticeServer, Simulator, serve

JUDGE = "a-token-of-this-test"


class Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What the program itself logs, whatever another test made of its log."""
    kept, program = Kept(), logging.getLogger("bulk_orders")
    program.addHandler(kept)
    yield kept.said
    program.removeHandler(kept)


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    simulator = Simulator(
        now=lambda: datetime.now(UTC), rng=dice(5), faults=FaultPlan.parse("hang=0.2,slow=0.05@0")
    )
    with PracticeServer(simulator, judge_token=JUDGE) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: PracticeServer) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        sign_in(session, server.base_url)
        yield session


def post(server: PracticeServer, client: requests.Session, body: Any = None) -> requests.Response:
    return client.post(f"{server.base_url}/orders", json=body or an_existing_tenant(), timeout=5)


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

    judge = {"Authorization": f"Bearer {JUDGE}"}
    orders = requests.get(f"{server.origin}/_practice/orders", headers=judge, timeout=5).json()
    stats = requests.get(f"{server.origin}/_practice/stats", headers=judge, timeout=5).json()

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


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1"])  # noqa: S104 - must be refused
def test_only_the_loopback_interface_is_served(host: str) -> None:
    def served(base_url: str) -> None:
        raise AssertionError(base_url)

    with pytest.raises(UsageError, match=rf"does not listen on {re.escape(host)}\."):
        serve(Counter().simulator, host=host, on_ready=served)


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
        f"Host: {host}:{port}",
        f"X-Subscription-Key: {PRACTICE_KEY}",
        f"Authorization: {client.headers.get('Authorization', '')}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    connection = socket.create_connection((host, int(port)), timeout=5)
    message = "\r\n".join(head).encode() + b"\r\n\r\n" + body
    connection.sendall(message[: len(message) - keep_back])
    return connection


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost.evil.example:{port}",
        "127.0.0.1:{port}.evil.example",
        "",
    ],
)
def test_who_asks_for_another_host_gets_nothing(server: PracticeServer, logged: list[str], host: str) -> None:
    port = server.origin.rpartition(":")[2]
    asked = {"Host": host.format(port=port), "Authorization": f"Bearer {JUDGE}"}

    for path in ("/_practice/orders", f"{BASE_PATH}/orders"):
        assert requests.get(f"{server.origin}{path}", headers=asked, timeout=5).status_code == 421
    assert logged == ["practice marketplace: refused a request for another host"] * 2


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_its_own_names_are_let_in(server: PracticeServer, name: str) -> None:
    port = server.origin.rpartition(":")[2]
    asked = {"Host": f"{name}:{port}", "Authorization": f"Bearer {JUDGE}"}

    assert requests.get(f"{server.origin}/_practice/orders", headers=asked, timeout=5).status_code == 200


@pytest.mark.parametrize("token", [None, "", "Bearer ", "Bearer wrong", JUDGE, f"Basic {JUDGE}"])
def test_who_has_no_token_sees_no_orders(
    server: PracticeServer, logged: list[str], token: str | None
) -> None:
    for page in ("orders", "stats"):
        answer = requests.get(
            f"{server.origin}/_practice/{page}", headers={"Authorization": token}, timeout=5
        )
        assert (answer.status_code, set(answer.json())) == (401, {"message"})
    assert logged == ["practice marketplace: refused a request without the judge's token"] * 2


def test_without_a_token_the_judges_pages_are_not_there() -> None:
    simulator = Simulator(now=lambda: datetime.now(UTC), rng=dice(5))
    with PracticeServer(simulator) as plain:
        for token in ("None", ""):
            asked = {"Authorization": f"Bearer {token}"}
            for page in ("orders", "stats"):
                answer = requests.get(f"{plain.origin}/_practice/{page}", headers=asked, timeout=5)
                assert answer.status_code == 404
