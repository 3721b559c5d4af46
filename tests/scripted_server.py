"""A server on this machine that plays byte-exact answers, and remembers what it was sent."""

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from pydantic import SecretStr

from bulk_orders.marketplace.client import HttpMarketplace
from bulk_orders.marketplace.client_settings import ClientSettings

PASSWORD = "pässwort-canary-1"
SUBSCRIPTION_KEY = "key-canary-2"
TOKEN = "token-canary-3"
SECRETS = (PASSWORD, SUBSCRIPTION_KEY, TOKEN)

BODY = {
    "type": "sales",
    "customerId": "1000001",
    "ponumber": "PO-1",
    "products": [{"mpn": "CFQ7", "quantity": 5}],
}
PLACED = {"id": "77", "orderNumber": "SO000012", "customerId": "1000001", "poNumber": "PO-1"}


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Play:
    """What to do with one request until the event says that the test is over; False ends the connection."""

    act: Callable[[socket.socket, threading.Event], bool]
    reads_body: bool = True


def raw(content: bytes, *, closes: bool = False) -> Play:
    def act(connection: socket.socket, _: threading.Event) -> bool:
        connection.sendall(content)
        return not closes

    return Play(act)


def http(status: str, body: bytes = b"", *, closes: bool = False, **headers: str) -> Play:
    return raw(http_bytes(status, body, **headers), closes=closes)


def http_bytes(status: str, body: bytes = b"", **headers: str) -> bytes:
    named = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def answer(status: str, value: Any, **headers: str) -> Play:
    return http(status, json.dumps(value).encode(), **headers)


def granted(token: str = TOKEN, life_s: Any = 1500) -> Play:
    return answer("200 OK", {"token": token, "expiresInSeconds": life_s})


def page(rows: Sequence[Any], total: Any, **headers: str) -> Play:
    return answer(
        "200 OK", {"data": list(rows), "pagination": {"offset": 0, "limit": 1, "total": total}}, **headers
    )


def drip(content: bytes, *, every_s: float) -> Play:
    def act(connection: socket.socket, _: threading.Event) -> bool:
        for byte in content:
            connection.sendall(bytes([byte]))
            time.sleep(every_s)
        return True

    return Play(act)


def reset(*, reads_body: bool = True) -> Play:
    def act(connection: socket.socket, _: threading.Event) -> bool:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    return Play(act, reads_body=reads_body)


def silence(*, reads_body: bool = True) -> Play:
    return Play(lambda _, over: over.wait(10) and False, reads_body=reads_body)


class ScriptedServer:
    """Plays one of `script` per request that is not for a token, the last one for ever; `tokens` likewise."""

    def __init__(
        self,
        *script: Play,
        tokens: Sequence[Play] = (),
        token_delay_s: float = 0,
        tls: ssl.SSLContext | None = None,
        is_tunnel: bool = False,
    ) -> None:
        self._script = list(script) or [answer("201 Created", PLACED)]
        self._tokens = list(tokens) or [granted()]
        self._token_delay_s = token_delay_s
        self._tls = tls
        self._is_tunnel = is_tunnel
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._clients: list[HttpMarketplace] = []
        self.connections = 0
        self.requests: list[Request] = []
        self.base_url = (
            f"{'https' if tls else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}/marketplace/na"
        )

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for client in self._clients:
            client.close()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                _shut(connection)
        for thread in self._threads:
            thread.join(5)

    def client(self, world: "World | None" = None, **changes: Any) -> HttpMarketplace:
        made = (world or World()).client(**{"base_url": self.base_url, **changes})
        self._clients.append(made)
        return made

    def sent_to(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.target.partition("?")[0].endswith(path)]

    def _start(self, work: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.append(connection)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._is_tunnel:
                _read_head(connection)
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            connection = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
        except OSError:
            connection.close()
            return
        with connection:
            with self._lock:
                self._open.append(connection)
            try:
                while self._serve_one(connection):
                    pass
            except OSError:
                pass

    def _serve_one(self, connection: socket.socket) -> bool:
        head = _read_head(connection)
        if not head:
            return False
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        method, target, _ = first.split(" ")
        play = self._next(self._tokens if target.endswith("/token") else self._script)
        size = int(headers.get("content-length", 0)) if play.reads_body else 0
        body = b""
        while len(body) < size:
            body += connection.recv(size - len(body))
        self.requests.append(Request(method, target, headers, body))
        if target.endswith("/token"):
            time.sleep(self._token_delay_s)
        return play.act(connection, self._over)

    def _next(self, plays: list[Play]) -> Play:
        with self._lock:
            return plays.pop(0) if len(plays) > 1 else plays[0]


def _read_head(connection: socket.socket) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = connection.recv(1)
        if not piece:
            return b""
        head += piece
    return head


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


@dataclass
class World:
    """A clock that can be moved on, and a sleep that only takes notes."""

    ahead_s: float = 0
    slept: list[float] = field(default_factory=list)
    paced: list[None] = field(default_factory=list)
    throttled: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead_s

    def now(self) -> datetime:
        return datetime.now(UTC)

    def client(self, base_url: str, **changes: Any) -> HttpMarketplace:
        settings = ClientSettings(
            **{
                "base_url": base_url,
                "marketplace": "us",
                "user": "reseller.API",
                "password": SecretStr(PASSWORD),
                "subscription_key": SecretStr(SUBSCRIPTION_KEY),
                "order_deadline_s": 5.0,
                "read_deadline_s": 5.0,
                "connect_timeout_s": 2.0,
                **changes,
            }
        )
        return HttpMarketplace(
            settings,
            connections=16,
            monotonic=self.monotonic,
            now=self.now,
            sleep=self.slept.append,
            jitter=lambda: 0.5,
            pace=lambda: self.paced.append(None),
            throttled=self.throttled.append,
        )
