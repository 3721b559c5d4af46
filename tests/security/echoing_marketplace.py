"""A marketplace that tells everything it was sent back in every answer, in many spellings, with signs that steer terminals."""

import base64
import html
import json
import threading
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
    """How a secret could stand somewhere; without the ends of base64, which depend on what stands around it."""
    found = {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        html.escape(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }
    for before in range(3):
        packed = base64.b64encode(bytes(before) + secret.encode())
        found.add(packed.decode()[4:-4])
        found.add(packed.decode()[4:-4].replace("+", "-").replace("/", "_"))
    return found


SECRETS = frozenset(
    spelling
    for secret in (PASSWORD, f"{USER}:{PASSWORD}", KEY, TOKEN, PROXY_PASSWORD, f"proxy-user:{PROXY_PASSWORD}")
    for spelling in spellings(secret)
)


def echo(headers: dict[str, str], body: str) -> str:
    """What was sent, as servers put it into messages."""
    plain = f"{headers} {body}"
    values = [*headers.values(), *(value.partition(" ")[2] for value in headers.values()), PASSWORD]
    packed = " ".join(base64.b64encode(value.encode()).decode() for value in (*values, plain))
    return " ".join(
        [
            STEERING,
            *values,
            packed,
            quote(packed, safe=""),
            quote(plain, safe=""),
            html.escape(plain),
            json.dumps(plain),
            STEERING,
        ]
    )


class EchoingMarketplace:
    """Answers POST /orders, other questions and POST /token each with its own status."""

    def __init__(self, *, post: int = 201, read: int = 200, token: int = 200) -> None:
        self.statuses = {"post": post, "read": read, "token": token}
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
        content = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        line = said.encode("latin-1", "replace").replace(b"\r", b"").replace(b"\n", b"")[:2000]
        head = b"HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n" % (
            status,
            line,
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
