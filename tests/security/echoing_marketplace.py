"""A marketplace that tells everything it was sent back in every answer, in many spellings, with signs that steer terminals."""

import base64
import html
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, quote_plus, urlsplit

PASSWORD = 'Pä ss"w\\ord%7&1-canary'
KEY = "0f9e8d7c-canary-6b5a4938"
TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl"
PROXY_PASSWORD = "proxy-canary-!1"
USER = "api-user"
STEERING = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e\u2066\u200b\x00\x7f"


def spellings(secret: str) -> set[str]:
    """How a server could spell a secret, but for base64."""
    mixed = enumerate(secret.encode())
    return {
        secret,
        quote(secret),
        quote(secret, safe=""),
        "".join(f"%{byte:02x}" if place % 2 else f"%{byte:02X}" for place, byte in mixed),
        quote_plus(secret),
        html.escape(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        secret.encode().hex(),
        secret.encode().hex().upper(),
    }


def cores(secret: str) -> set[str]:
    """What its base64 has in its middle; the ends depend on what stands around it."""
    packed = [base64.b64encode(bytes(before) + secret.encode()).decode()[4:-4] for before in range(3)]
    return {*packed, *(core.replace("+", "-").replace("/", "_") for core in packed)}


SECRETS = frozenset(
    spelling
    for secret in (PASSWORD, f"{USER}:{PASSWORD}", KEY, TOKEN, PROXY_PASSWORD, f"proxy-user:{PROXY_PASSWORD}")
    for spelling in spellings(secret) | cores(secret)
)


def echo(headers: dict[str, str], body: str) -> str:
    """What was sent, as servers put it into messages."""
    plain = f"{headers} {body}"
    values = [*headers.values(), *(value.partition(" ")[2] for value in headers.values()), PASSWORD]
    packed = " ".join(
        base64.b64encode(f"{'x' * before}{value}".encode()).decode()
        for value in (*values, plain)
        for before in range(3)
    )
    return " ".join(
        [
            STEERING,
            *values,
            *(spelling for value in values for spelling in sorted(spellings(value))),
            packed,
            packed.replace(" ", "\r\n").replace("c", "c\n"),
            quote(packed, safe=""),
            quote(plain, safe=""),
            html.escape(plain),
            json.dumps(plain),
            STEERING,
        ]
    )


SHAPES: dict[str, Callable[[str], bytes]] = {
    "JSON": lambda text: text.encode("utf-8", "replace"),
    "JSON in ASCII": lambda text: json.dumps(json.loads(text)).encode(),
    "JSON that breaks off": lambda text: text.encode("utf-8", "replace")[:-1],
    "JSON in Latin-1": lambda text: text.encode("latin-1", "replace"),
    "JSON in UTF-16": lambda text: text.encode("utf-16"),
    "a page": lambda text: f"<html><title>{text}</title><p>{html.escape(text)}</html>".encode(
        "utf-8", "replace"
    ),
    "a line": lambda text: f"refused: {text}".encode("utf-8", "replace"),
}
"""What a server may make of an answer."""


class EchoingMarketplace:
    """Answers POST /orders, other questions and POST /token each with its own status; but for tokens in one of `SHAPES`."""

    def __init__(self, *, post: int = 201, read: int = 200, token: int = 200, shape: str = "JSON") -> None:
        self.statuses = {"post": post, "read": read, "token": token}
        self.shape = shape
        self.seen: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.answer(self)

            def do_POST(self) -> None:
                outer.answer(self)

            def log_message(self, *args: object) -> None:
                del args

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.port = self._server.server_address[1]

    def answer(self, request: Any) -> None:
        body = request.rfile.read(int(request.headers.get("content-length", 0))).decode()
        path = urlsplit(request.path).path.partition("/marketplace/na")[2]
        said = echo(dict(request.headers), body)
        kind = (
            "token"
            if path == "/token"
            else "post"
            if (request.command, path) == ("POST", "/orders")
            else "read"
        )
        self.seen.append(f"{request.command} {path}")
        status = self.statuses[kind]
        value = self.refusal(said, path) if status >= 400 else self.content(kind, path, said)
        is_grant = kind == "token" and status < 400
        content = SHAPES["JSON" if is_grant else self.shape](json.dumps(value, ensure_ascii=False))
        line = said.encode("latin-1", "replace").replace(b"\r", b"").replace(b"\n", b"")[:2000]
        html_or_json = b"text/html" if self.shape == "a page" else b"application/json"
        head = b"HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n" % (
            status,
            line,
            html_or_json,
            len(content),
        )
        for name in (b"X-Correlation-ID", b"X-Request-Id", b"WWW-Authenticate", b"Server"):
            head += b"%s: %s\r\n" % (name, line)
        request.wfile.write(head + b"\r\n" + content)

    def refusal(self, said: str, path: str) -> dict[str, Any]:
        return {"message": said, "errors": [{"message": said, said: said}], "error": said, "path": path}

    def content(self, kind: str, path: str, said: str) -> Any:
        order = {
            "id": "77",
            "orderNumber": said,
            "type": "sales",
            "customerId": "1000001",
            "poNumber": said,
            "status": said,
            "statusCode": said,
            "creationDate": "2026-11-22T02:15:00Z",
            "products": [{"mpn": said, "quantity": 1, "name": said}],
            "total": {"amount": said, "currency": said},
        }
        if kind == "token":
            return {"token": TOKEN, "expiresInSeconds": 1500, "message": said}
        if kind == "post":
            made = {key: value for key, value in order.items() if key not in {"poNumber", "customerId"}}
            return {**made, "errors": [{"message": said}]} if self.statuses["post"] == 200 else made
        parent, _, name = path.rpartition("/")
        if parent in {"/customers", "/orders"} and name != "estimate":
            return {
                **order,
                "id": name,
                "name": said,
                **({"status": "active"} if parent == "/customers" else {}),
            }
        if path == "/orders/estimate":
            return {"total": {"amount": "12.5", "currency": said}}
        rows = self.rows(path, said, order)
        return {"data": rows, "pagination": {"total": len(rows)}, "message": said}

    def rows(self, path: str, said: str, order: dict[str, Any]) -> list[dict[str, Any]]:
        found = {"name": "domain_name", "result": "error", "message": said}
        person = {"email": said, "firstName": said}
        return {
            "/customers": [{"id": "1000001", "name": said, "status": "active", "contactPersons": [person]}],
            "/products": [{"id": "1", "mpn": said, "name": said, "vendor": f"Microsoft {said}"}],
            "/validation/parameters": [{"mpn": said, "parameters": [found]}],
            "/subscriptions": [],
        }.get(path, [order])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
