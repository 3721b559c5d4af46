"""A marketplace of raw bytes that a test can spoil, with the real client before it.

The marketplace keeps real orders: whether one was taken and what is answered are told apart, so that every lost answer
is played both ways, and the test asks what became of the row, how many orders were sent, and what was looked up.
"""

import json
import socket
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from engine_runs import Runs, live_profile
from fake_clock import FakeClock
from scripted_server import Play, ScriptedServer, _read_head, _shut, http, http_bytes, raw


@dataclass(kw_only=True)
class Taken:
    """An order that the marketplace has."""

    order_id: str
    customer_id: str
    po_number: str | None
    products: list[dict[str, Any]]
    created_at: datetime
    status: str = "submitted"
    is_listed: bool = True
    is_readable: bool = True

    def show(self) -> None:
        """From now on it is seen."""
        self.is_listed = self.is_readable = True

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.order_id,
            "orderNumber": f"SO{self.order_id}",
            "type": "sales",
            "customerId": self.customer_id,
            "status": self.status,
            "creationDate": self.created_at.isoformat(),
            "products": self.products,
            **({"poNumber": self.po_number} if self.po_number is not None else {}),
        }


@dataclass(frozen=True, kw_only=True)
class Spoilt:
    """What happens to one order that is sent."""

    play: Callable[[dict[str, Any]], Play]
    """From the order as it would be shown to the bytes that are played."""
    is_taken: bool = True
    is_read: bool = True
    """False leaves the order's bytes where they are."""
    times: int = 1
    """How many orders the marketplace makes of it."""


def created(shown: Mapping[str, Any]) -> Play:
    return raw(http_bytes("201 Created", json.dumps(shown).encode()))


FINE = Spoilt(play=created)
LOST = Spoilt(play=lambda shown: http("504 Gateway Time-out", b"<html>", Content_Type="text/html"))
"""The order is taken, and no answer that says so comes back."""
NEVER = Spoilt(play=LOST.play, is_taken=False)
"""The same answer, and no order was taken."""
BROKEN = {"message": "Broken.", "path": "/orders"}


def failing(status: str, **headers: str) -> Play:
    return http(status, json.dumps(BROKEN).encode(), **headers)


class RawMarket(ScriptedServer):
    """A marketplace on a raw socket; `spoils` has what happens to the orders, the last one for ever."""

    def __init__(self, *spoils: Spoilt, clock: FakeClock | None = None, **how: Any) -> None:
        super().__init__(raw(b""), **how)
        self.clock = clock or FakeClock()
        self.spoils = list(spoils) or [FINE]
        self.orders: list[Taken] = []
        self.keeps_po: Callable[[dict[str, Any]], str | None] = lambda body: (
            body.get("ponumber") or body.get("poNumber")
        )
        self.lists: Callable[[dict[str, str]], Play] = self.list_page
        self.shows: Callable[[str], Play] = self.show_order
        self.skew_s = 0.0
        self.on_post: Callable[[], object] = lambda: None
        self.on_take: Callable[[Taken], object] = lambda order: None
        self.lists_po = True
        self._port = 0

    def hang_up(self) -> None:
        """Nobody listens any more; the port stays ours."""
        self._port = self._listener.getsockname()[1]
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for connection in self._open:
                _shut(connection)

    def __exit__(self, *why: object) -> None:
        if self._listener.fileno() < 0:
            self.listen_again()
        super().__exit__(*why)

    def listen_again(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=64)
        self._start(self._accept)

    def runs(self, **changes: Any) -> Runs:
        """Runs with a client of this server; its deadlines are short."""
        settings = {
            name: changes.pop(name)
            for name in ("order_deadline_s", "read_deadline_s", "ca_file", "proxy")
            if name in changes
        }
        profile = live_profile(changes.pop("base_url", self.base_url), **changes.pop("profile", {}))
        return Runs(
            marketplace=self.client(changes.pop("world", None), base_url=profile.base_url, **settings),
            profile=profile,
            clock=self.clock,
            **changes,
        )

    @property
    def posts(self) -> int:
        return sum(request.method == "POST" for request in self.sent_to("/orders"))

    @property
    def asked(self) -> Counter[str]:
        """What was read: `list`, and `one` for single orders."""
        paths = [request.target.partition("?")[0] for request in self.requests if request.method == "GET"]
        return Counter("list" if path.endswith("/orders") else "one" for path in paths)

    def body(self, number: int) -> dict[str, Any]:
        """Of the order that was sent as the number-th, from 0."""
        sent = [request for request in self.sent_to("/orders") if request.method == "POST"]
        return dict(json.loads(sent[number].body))

    def take(self, body: dict[str, Any]) -> Taken:
        made = Taken(
            order_id=str(9000 + len(self.orders)),
            customer_id=body["customerId"],
            po_number=self.keeps_po(body),
            products=body["products"],
            created_at=self.now(),
        )
        self.orders.append(made)
        self.on_take(made)
        return made

    def now(self) -> datetime:
        return self.clock.now() + timedelta(seconds=self.skew_s)

    def listed(self, query: Mapping[str, str]) -> list[Taken]:
        """What the filters let through, newest first."""
        since = query.get("creationTimeFrom")
        return [
            order
            for order in reversed(self.orders)
            if order.is_listed
            and query.get("customerId") in {None, order.customer_id}
            and (since is None or order.created_at >= datetime.fromisoformat(since))
        ]

    def list_page(self, query: dict[str, str]) -> Play:
        found = self.listed(query)
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 10))
        rows = [order.shown() for order in found[offset : offset + limit]]
        hidden = set() if self.lists_po else {"poNumber", "products"}
        return self.page_of([{key: row[key] for key in row.keys() - hidden} for row in rows], len(found))

    def page_of(self, rows: Sequence[Any], total: Any) -> Play:
        value = {"data": list(rows), "pagination": {"offset": 0, "limit": len(rows), "total": total}}
        return self.told(value)

    def show_order(self, order_id: str) -> Play:
        found = next(
            (order for order in self.orders if order.order_id == order_id and order.is_readable), None
        )
        if found is None:
            return raw(
                http_bytes("404 Not Found", json.dumps({"message": "not found", "path": "/orders"}).encode())
            )
        return self.told(found.shown())

    def told(self, value: Any) -> Play:
        date = format_datetime(self.now(), usegmt=True)
        return raw(http_bytes("200 OK", json.dumps(value).encode(), Date=date))

    def _serve_one(self, connection: socket.socket) -> bool:
        head = _read_head(connection)
        if not head:
            return False
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        headers = {name.lower(): value for name, _, value in (text.partition(": ") for text in lines)}
        method, target, _ = first.split(" ")
        path, _, query = target.partition("?")
        is_order = method == "POST" and path.endswith("/orders")
        spoilt = self._next(self.spoils) if is_order else FINE  # type: ignore[arg-type]
        if is_order:
            self.on_post()
        body = b""
        while spoilt.is_read and len(body) < int(headers.get("content-length", 0)):
            body += connection.recv(65536)
        self.requests.append(_request(method, target, headers, body))
        return self._play(path, dict(parse_qsl(query)), body, spoilt, is_order=is_order).act(
            connection, self._over
        )

    def _play(self, path: str, query: dict[str, str], body: bytes, spoilt: Spoilt, *, is_order: bool) -> Play:
        if path.endswith("/token"):
            return self._next(self._tokens)
        if not is_order:
            return self.lists(query) if path.endswith("/orders") else self.shows(path.rpartition("/")[2])
        if not spoilt.is_read:
            return spoilt.play({})
        sent = json.loads(body)
        made = [self.take(sent) for _ in range(spoilt.times if spoilt.is_taken else 0)]
        shown = made[0].shown() if made else {"id": "never", "customerId": sent["customerId"]}
        return spoilt.play(shown)


def _request(method: str, target: str, headers: dict[str, str], body: bytes) -> Any:
    return SimpleNamespace(method=method, target=target, headers=headers, body=body)


def first_post(market: Any) -> Any:
    """The first order that the marketplace was sent; questions may come before it."""
    return next(request for request in market.sent_to("/orders") if request.method == "POST")
