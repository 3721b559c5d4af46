"""One order on the wire: what is sent, and what is made of every way in which the answer can come or not come."""

import gzip
import json
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from scripted_server import (
    BODY,
    PASSWORD,
    PLACED,
    SUBSCRIPTION_KEY,
    TOKEN,
    Play,
    ScriptedServer,
    World,
    answer,
    drip,
    http,
    http_bytes,
    raw,
    reset,
    silence,
)

from bulk_orders import __version__
from bulk_orders.marketplace.interface import FailureKind, NoReply, Reply

CREATED = json.dumps(PLACED).encode()
CHUNKED = b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (
    16,
    CREATED[:16],
    len(CREATED) - 16,
    CREATED[16:],
)


def placed(*script: Play, **changes: object) -> tuple[Reply | NoReply, ScriptedServer]:
    """One order to a server that plays the script; the server is gone afterwards, its memory is not."""
    with ScriptedServer(*script) as server:
        return server.client(**changes).place(BODY), server


def test_an_order_goes_out_once_with_the_headers_the_platform_wants() -> None:
    reply, server = placed()
    (request,) = server.sent_to("/orders")
    assert isinstance(reply, Reply)
    assert (reply.status, reply.is_complete, json.loads(reply.body)) == (201, True, PLACED)
    assert (request.method, request.target) == ("POST", "/marketplace/na/orders")
    assert json.loads(request.body) == BODY
    assert request.headers | {"host": ""} == {
        "host": "",
        "accept": "application/json",
        "accept-encoding": "identity",
        "authorization": f"Bearer {TOKEN}",
        "content-length": str(len(request.body)),
        "content-type": "application/json",
        "user-agent": f"bulk-orders/{__version__}",
        "x-subscription-key": SUBSCRIPTION_KEY,
    }


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Müller & 株式会社", '{"name":"Müller & 株式会社"}'.encode()),
        ("half \ud83d", b'{"name":"half \\ud83d"}'),
    ],
    ids=["utf-8", "lone surrogate"],
)
def test_a_body_is_compact_json_in_utf_8_whatever_is_in_it(name: str, sent: bytes) -> None:
    with ScriptedServer() as server:
        server.client().place({"name": name})
    assert server.sent_to("/orders")[0].body == sent


def test_header_names_are_in_lower_case_and_repeated_headers_are_joined() -> None:
    reply, _ = placed(
        raw(b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 0\r\n\r\n")
    )
    assert isinstance(reply, Reply)
    assert (reply.headers["retry-after"], reply.headers["x-a"]) == ("7", "1, 2")


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_a_redirect_comes_back_as_a_reply_and_is_not_followed(status: str) -> None:
    with ScriptedServer() as other:
        reply, server = placed(http(status, Location=f"{other.base_url}/orders"))
    assert isinstance(reply, Reply)
    assert reply.status == int(status[:3])
    assert (len(server.sent_to("/orders")), other.requests) == (1, [])


@pytest.mark.parametrize(
    "status", ["401 No", "408 Slow", "425 Early", "429 Later", "500 Oh", "502 Oh", "503 Oh", "504 Oh"]
)
def test_no_status_makes_the_order_go_out_again(status: str) -> None:
    reply, server = placed(http(status, b"{}", Retry_After="0"))
    assert isinstance(reply, Reply)
    assert (reply.status, len(server.sent_to("/orders"))) == (int(status[:3]), 1)


@pytest.mark.parametrize("reads_body", [True, False])
def test_a_reset_after_the_order_left_is_a_lost_connection_and_not_a_second_order(reads_body: bool) -> None:
    lost, server = placed(reset(reads_body=reads_body))
    assert isinstance(lost, NoReply)
    assert lost.kind is FailureKind.CONNECTION_LOST
    assert lost.bytes_sent > len(json.dumps(BODY))
    assert len(server.sent_to("/orders")) == 1


def test_a_close_without_an_answer_is_a_lost_connection() -> None:
    lost, server = placed(raw(b"", closes=True))
    assert isinstance(lost, NoReply)
    assert (lost.kind, len(server.sent_to("/orders"))) == (FailureKind.CONNECTION_LOST, 1)
    assert lost.bytes_sent > 0


def test_a_server_that_never_answers_is_given_up_at_the_deadline() -> None:
    started = time.monotonic()
    late, server = placed(silence(), order_deadline_s=0.3)
    assert isinstance(late, NoReply)
    assert (late.kind, len(server.sent_to("/orders"))) == (FailureKind.TIMEOUT, 1)
    assert late.bytes_sent > 0
    assert 0.3 <= time.monotonic() - started < 2


def test_a_server_that_never_reads_is_given_up_at_the_deadline() -> None:
    started = time.monotonic()
    with ScriptedServer(silence(reads_body=False)) as server:
        late = server.client(order_deadline_s=0.4).place({"large": "x" * 20_000_000})
    assert isinstance(late, NoReply)
    assert late.kind is FailureKind.TIMEOUT
    assert late.bytes_sent > 20_000_000
    assert 0.4 <= time.monotonic() - started < 2


def test_a_head_that_drips_ends_at_the_deadline() -> None:
    started = time.monotonic()
    late, _ = placed(drip(http_bytes("201 Created", CREATED), every_s=0.05), order_deadline_s=0.4)
    assert isinstance(late, NoReply)
    assert late.kind is FailureKind.TIMEOUT
    assert 0.4 <= time.monotonic() - started < 2


def test_a_body_that_drips_ends_at_the_deadline_and_what_came_is_kept() -> None:
    head = http_bytes("201 Created", CREATED)[: -len(CREATED)]
    slow = drip(CREATED, every_s=0.05)
    play = Play(lambda connection, over: connection.sendall(head) or slow.act(connection, over))
    started = time.monotonic()
    late, _ = placed(play, order_deadline_s=0.4)
    assert isinstance(late, Reply)
    assert (late.status, late.is_complete) == (201, False)
    assert CREATED.startswith(late.body)
    assert late.body
    assert 0.4 <= time.monotonic() - started < 2


@pytest.mark.long
@pytest.mark.parametrize("recorded", [http_bytes("201 Created", CREATED), CHUNKED], ids=["length", "chunked"])
def test_an_answer_that_breaks_off_at_any_byte_is_never_taken_for_whole(recorded: bytes) -> None:
    cuts = [raw(recorded[:size], closes=True) for size in range(len(recorded))]
    with ScriptedServer(*cuts, raw(recorded)) as server:
        client = server.client()
        seen = [client.place(BODY) for _ in cuts]
        whole = client.place(BODY)
    head = recorded.index(b"\r\n\r\n") + 4
    assert all(isinstance(broken, NoReply) and broken.bytes_sent for broken in seen[:head])
    assert [reply.is_complete for reply in seen[head:] if isinstance(reply, Reply)] == [False] * (
        len(seen) - head
    )
    assert isinstance(whole, Reply)
    assert (whole.is_complete, whole.body) == (True, CREATED)
    assert len(server.sent_to("/orders")) == len(cuts) + 1


@pytest.mark.parametrize(
    "extra",
    [
        {"Content_Length": "5, 5"},
        {"Content_Length": "abc"},
        {"Content_Length": "-1"},
        {"Transfer_Encoding": "gzip"},
        {"Content_Length": "9", "Transfer_Encoding": "chunked"},
    ],
    ids=str,
)
def test_a_length_that_can_be_read_in_two_ways_is_not_believed(extra: dict[str, str]) -> None:
    reply, _ = placed(http("201 Created", b"5\r\n{}   \r\n0\r\n\r\n", closes=True, **extra))
    assert not isinstance(reply, Reply) or not reply.is_complete


def test_a_body_that_ends_with_the_connection_is_whole() -> None:
    reply, _ = placed(raw(b"HTTP/1.1 201 Created\r\n\r\n" + CREATED, closes=True))
    assert isinstance(reply, Reply)
    assert (reply.is_complete, reply.body) == (True, CREATED)


def test_a_page_in_html_comes_back_as_it_is() -> None:
    html = b"<html><h1>504 Gateway Time-out</h1></html>"
    reply, _ = placed(http("504 Gateway Time-out", html, Content_Type="text/html"))
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body, reply.is_complete) == (504, html, True)


@pytest.mark.parametrize("size", [1024 * 1024, 1024 * 1024 + 1])
def test_a_body_is_read_up_to_one_mebibyte(size: int) -> None:
    with ScriptedServer(http("201 Created", b"x" * size), answer("201 Created", PLACED)) as server:
        client = server.client()
        reply, following = client.place(BODY), client.place(BODY)
    assert isinstance(reply, Reply)
    assert isinstance(following, Reply)
    assert (len(reply.body), reply.is_complete) == (1024 * 1024, size == 1024 * 1024)
    assert json.loads(following.body) == PLACED


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [(gzip.compress(CREATED), "gzip"), (zlib.compress(CREATED), "deflate")],
    ids=["gzip", "deflate"],
)
def test_an_answer_packed_without_being_asked_for_is_unpacked(packed: bytes, encoding: str) -> None:
    reply, _ = placed(http("201 Created", packed, Content_Encoding=encoding))
    assert isinstance(reply, Reply)
    assert (reply.body, reply.is_complete) == (CREATED, True)


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(bytes(8_000_000)), "gzip"),
        (gzip.compress(CREATED)[:-1], "gzip"),
        (gzip.compress(CREATED) + b"more", "gzip"),
        (b"not packed", "gzip"),
        (b"whatever", "br"),
    ],
    ids=["bomb", "broken off", "more behind it", "not packed", "unknown"],
)
def test_a_packed_answer_that_cannot_be_unpacked_whole_is_not_complete(packed: bytes, encoding: str) -> None:
    reply, _ = placed(http("201 Created", packed, Content_Encoding=encoding))
    assert isinstance(reply, Reply)
    assert not reply.is_complete
    assert len(reply.body) <= 1024 * 1024


@pytest.mark.parametrize("lead", ["100 Continue", "102 Processing", "103 Early Hints"])
def test_informational_answers_are_skipped(lead: str) -> None:
    reply, _ = placed(
        raw(f"HTTP/1.1 {lead}\r\nLink: x\r\n\r\n".encode() * 2 + http_bytes("201 Created", CREATED))
    )
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body, reply.is_complete) == (201, CREATED, True)


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 201 Created\r\nX: " + b"x" * 100_000 + b"\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 201 Created\r\n" + b"X: y\r\n" * 101 + b"\r\n{}",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 abc Created\r\n\r\n",
        b"HTTP/3 201 Created\r\n\r\n",
        b"\x00\xff\r\n\r\n",
    ],
    ids=["long header", "many headers", "endless 100", "ssh", "odd status", "http/3", "bytes"],
)
def test_what_is_not_http_is_unreadable_and_the_order_may_have_been_taken(content: bytes) -> None:
    odd, _ = placed(raw(content, closes=True))
    assert isinstance(odd, NoReply)
    assert odd.kind is FailureKind.UNREADABLE
    assert odd.bytes_sent > 0


def test_connections_are_kept_open_and_used_again() -> None:
    with ScriptedServer() as server:
        client = server.client()
        replies = [client.place(BODY) for _ in range(5)]
    assert [type(reply) for reply in replies] == [Reply] * 5
    assert server.connections == 1


@pytest.mark.parametrize(("idle_s", "connections"), [(1.8, 1), (2.1, 2)])
def test_a_connection_idle_for_more_than_two_seconds_is_not_used_for_an_order(
    idle_s: float, connections: int
) -> None:
    world = World()
    with ScriptedServer() as server:
        client = server.client(world)
        client.sign_in()
        world.ahead_s += idle_s
        client.place(BODY)
    assert server.connections == connections


def test_a_connection_that_the_server_closed_meanwhile_is_replaced_before_anything_is_sent() -> None:
    with ScriptedServer(http("201 Created", CREATED, closes=True), answer("201 Created", PLACED)) as server:
        client = server.client()
        client.place(BODY)
        time.sleep(0.05)
        second = client.place(BODY)
    assert isinstance(second, Reply)
    assert len(server.sent_to("/orders")) == 2


def test_a_kept_connection_that_dies_under_the_order_does_not_make_it_go_out_again() -> None:
    with ScriptedServer(answer("201 Created", PLACED), reset(), answer("201 Created", PLACED)) as server:
        client = server.client()
        seen = [client.place(BODY) for _ in range(3)]
    assert [type(found) for found in seen] == [Reply, NoReply, Reply]
    assert len(server.sent_to("/orders")) == 3


def test_an_answer_nobody_asked_for_is_not_taken_for_the_next_orders_answer() -> None:
    wrong = http_bytes("201 Created", b'{"id": "stray"}')
    with ScriptedServer(
        raw(http_bytes("201 Created", CREATED) + wrong), answer("201 Created", PLACED)
    ) as server:
        client = server.client()
        seen = [client.place(BODY) for _ in range(2)]
    assert [found.body for found in seen if isinstance(found, Reply)] == [CREATED, CREATED]
    assert server.connections == 2


def test_cookies_are_not_kept() -> None:
    with ScriptedServer(answer("201 Created", PLACED, Set_Cookie="JSESSIONID=x; Path=/")) as server:
        client = server.client()
        client.place(BODY)
        client.place(BODY)
    assert [request.headers.get("cookie") for request in server.requests] == [None] * 3


def test_threads_do_not_mix_their_byte_counts() -> None:
    bodies = [{"customerId": "x" * size} for size in range(100, 3300, 200)]
    with ScriptedServer(reset()) as server, ThreadPoolExecutor(16) as threads:
        client = server.client()
        client.sign_in()
        lost = list(threads.map(client.place, bodies))
    heads = {seen.bytes_sent - len(json.dumps(body)) for seen, body in zip(lost, bodies, strict=True)}
    assert len(heads) <= 2  # the Content-Length has three digits or four
    assert len(server.sent_to("/orders")) == 16


def test_netrc_and_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # noqa: ANN001
    netrc = tmp_path / "netrc"
    netrc.write_text("default login thief password stolen\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    reply, server = placed()
    assert isinstance(reply, Reply)
    assert server.sent_to("/orders")[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert PASSWORD not in str(server.sent_to("/orders"))
