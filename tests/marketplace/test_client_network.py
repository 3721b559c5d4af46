"""What happens before an order can leave: names, connections, certificates, proxies. Nothing has been sent then."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from pydantic import SecretStr
from scripted_server import BODY, PLACED, ScriptedServer, World, answer, granted, http_bytes

from bulk_orders.errors import MarketplaceDown, SetupError
from bulk_orders.marketplace.interface import FailureKind, NoReply, Reply
from bulk_orders.marketplace.transport import Transport


def sent_straight(
    url: str, *, deadline_s: float = 2.0, proxy: SecretStr | None = None, may_leave: bool = True
) -> Reply | NoReply:
    """One order without a sign-in before it, for what can only be seen without one."""
    world = World()
    transport = Transport(
        connections=1,
        connect_timeout_s=0.3,
        ca_file=None,
        proxy=proxy,
        monotonic=world.monotonic,
        now=world.now,
    )
    found = transport.exchange(
        "POST",
        url,
        headers={},
        body=b"{}",
        deadline_s=deadline_s,
        body_cap=1000,
        may_leave=lambda: may_leave,
    )
    transport.close()
    return found


@contextmanager
def listener(answer_bytes: bytes | None) -> Iterator[int]:
    """A port that sends the bytes to whoever connects, and closes; with None it lets nobody get an answer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(answer_bytes or b"")

        thread = threading.Thread(target=serve, daemon=True)
        if answer_bytes is not None:
            thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        return gone.getsockname()[1]


def test_a_refused_connection_has_sent_nothing() -> None:
    port = free_port()
    refused = sent_straight(f"http://127.0.0.1:{port}/orders")
    assert isinstance(refused, NoReply)
    assert (refused.kind, refused.bytes_sent) == (FailureKind.NO_CONNECTION, 0)
    assert f"127.0.0.1:{port}" in refused.detail
    assert "refused" in refused.detail


def test_what_must_not_leave_any_more_is_held_back_when_the_connection_stands_already() -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen() -> None:
            connection, _ = listening.accept()
            with connection:
                heard.append(connection.recv(1000))

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        late = sent_straight(f"http://127.0.0.1:{listening.getsockname()[1]}/orders", may_leave=False)
        thread.join(10)
    assert isinstance(late, NoReply)
    assert (late.kind, late.bytes_sent) == (FailureKind.TAKEN_OVER, 0)
    assert heard == [b""]


def test_a_host_that_does_not_exist_has_got_nothing() -> None:
    lost = sent_straight("http://no-such-host.invalid/orders")
    assert isinstance(lost, NoReply)
    assert (lost.kind, lost.bytes_sent) == (FailureKind.NO_CONNECTION, 0)


def test_a_tls_handshake_that_fails_does_not_count_as_sending() -> None:
    with listener(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        failed = sent_straight(f"https://127.0.0.1:{port}/orders")
    assert isinstance(failed, NoReply)
    assert (failed.kind, failed.bytes_sent) == (FailureKind.NO_CONNECTION, 0)


def test_a_tls_handshake_that_hangs_ends_with_the_time_for_connecting() -> None:
    started = time.monotonic()
    with listener(None) as port:
        hung = sent_straight(f"https://127.0.0.1:{port}/orders")
    assert isinstance(hung, NoReply)
    assert (hung.kind, hung.bytes_sent) == (FailureKind.NO_CONNECTION, 0)
    assert "too long" in hung.detail
    assert time.monotonic() - started < 1


def test_after_the_deadline_nothing_is_sent() -> None:
    with listener(http_bytes("201 Created")) as port:
        late = sent_straight(f"http://127.0.0.1:{port}/orders", deadline_s=0.0)
    assert isinstance(late, NoReply)
    assert (late.kind, late.bytes_sent) == (FailureKind.NO_CONNECTION, 0)


def test_without_a_server_the_sign_in_names_the_host_and_what_to_check() -> None:
    port = free_port()
    client = World().client(f"http://127.0.0.1:{port}/marketplace")
    with pytest.raises(MarketplaceDown, match=rf"127\.0\.0\.1:{port}.*Check base_url"):
        client.sign_in()
    unsent = client.place(BODY)
    assert isinstance(unsent, NoReply)
    assert (unsent.kind, unsent.bytes_sent) == (FailureKind.NO_SIGN_IN, 0)


@pytest.mark.parametrize("status", ["407", "502"])
def test_a_proxy_that_refuses_to_connect_has_got_nothing_of_the_order(status: str) -> None:
    with listener(f"HTTP/1.1 {status} No\r\n\r\n".encode()) as port:
        refused = sent_straight(
            "https://marketplace.invalid/orders", proxy=SecretStr(f"http://u:canary@127.0.0.1:{port}")
        )
    assert isinstance(refused, NoReply)
    assert (refused.kind, refused.bytes_sent) == (FailureKind.NO_CONNECTION, 0)
    assert (
        refused.detail
        == f"No connection to marketplace.invalid through the proxy: the proxy answered {status}."
    )


def test_a_proxy_of_the_settings_gets_the_whole_address() -> None:
    with ScriptedServer() as proxy:
        client = proxy.client(
            base_url="http://marketplace.invalid/na", proxy=SecretStr(proxy.base_url), allow_http=True
        )
        reply = client.place(BODY)
    assert isinstance(reply, Reply)
    assert reply.status == 201
    assert [request.target for request in proxy.requests] == [
        "http://marketplace.invalid/na/token",
        "http://marketplace.invalid/na/orders",
    ]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of 127.0.0.1, signed by nobody but itself."""
    openssl = shutil.which("openssl") or pytest.skip("openssl is not installed")
    pem = tmp_path_factory.mktemp("tls") / "server.pem"
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1"
    named = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(pem), "-out", f"{pem}.crt"]
    subprocess.run([openssl, *options.split(), *named], check=True, capture_output=True)
    pem.write_bytes(pem.read_bytes() + Path(f"{pem}.crt").read_bytes())
    return pem


def tls_context(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def test_an_unknown_certificate_is_for_a_person_to_look_at(certificate: Path) -> None:
    with ScriptedServer(tls=tls_context(certificate)) as server:
        client = server.client()
        with pytest.raises(SetupError, match=r"certificate of 127\.0\.0\.1.*not trusted.*ca_file"):
            client.sign_in()
        straight = sent_straight(f"{server.base_url}/orders")
    assert isinstance(straight, NoReply)
    assert (straight.kind, straight.bytes_sent) == (FailureKind.CERTIFICATE, 0)
    assert server.requests == []


def test_a_trusted_certificate_of_another_host_is_not_taken(certificate: Path) -> None:
    with ScriptedServer(tls=tls_context(certificate)) as server:
        client = server.client(
            ca_file=f"{certificate}.crt", base_url=server.base_url.replace("127.0.0.1", "localhost")
        )
        with pytest.raises(SetupError, match=r"certificate of localhost.*not trusted"):
            client.sign_in()
    assert server.requests == []


def test_with_its_authority_in_the_settings_orders_go_out_encrypted(certificate: Path) -> None:
    with ScriptedServer(tls=tls_context(certificate)) as server:
        client = server.client(ca_file=f"{certificate}.crt")
        replies = [client.place(BODY) for _ in range(3)]
    assert [type(reply) for reply in replies] == [Reply] * 3
    assert (len(server.sent_to("/orders")), server.connections) == (3, 1)


def test_a_tunnel_through_a_proxy_is_used_again_and_its_talk_is_not_counted(certificate: Path) -> None:
    script = [
        answer("201 Created", PLACED),
        answer("201 Created", PLACED, Connection="close"),
        answer("500 Oh", {}),
    ]
    with ScriptedServer(*script, tokens=[granted()], tls=tls_context(certificate), is_tunnel=True) as server:
        client = server.client(
            ca_file=f"{certificate}.crt", proxy=SecretStr(server.base_url.replace("https", "http"))
        )
        replies = [client.place(BODY) for _ in range(3)]
    assert [reply.status for reply in replies if isinstance(reply, Reply)] == [201, 201, 500]
    assert server.connections == 2
