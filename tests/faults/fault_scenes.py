"""The real client, engine and ledger before a marketplace of raw bytes that a test can spoil.

The marketplace keeps real orders: whether one was taken and what is answered are told apart, so that every lost answer
is played both ways, and the test asks what became of the row, how many orders were sent, and what was looked up.
"""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from scripted_server import Play, ScriptedServer, _read_head, _shut, http_bytes, raw

from bulk_orders.beacon import Beacon
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.model import Order, Row
from bulk_orders.core.pacing import Pacer
from bulk_orders.core.summary import Outcome, exit_code
from bulk_orders.engine import Engine, EngineEnd
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.marketplace.interface import Marketplace
from bulk_orders.pace import Limiter
from bulk_orders.parts import Parts
from bulk_orders.planning import build_orders
from bulk_orders.runs import may_have_forgotten, run_counts
from bulk_orders.settings import Profile

TEMPLATE = {
    "type": "sales",
    "customerId": "{customer_id}",
    "ponumber": "{po_number}",
    "products": [{"mpn": "{mpn}", "quantity": "{quantity:int}"}],
}


class QuickClock:
    """Time that passes when somebody waits; what jumps is told from outside."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = datetime(2026, 11, 22, 2, 15, tzinfo=UTC)
        self._monotonic_s = 1000.0
        self._later: list[tuple[float, Callable[[], object]]] = []

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        with self._lock:
            return self._monotonic_s

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._now += timedelta(seconds=seconds)
            self._monotonic_s += seconds
            due = [act for at_s, act in self._later if at_s <= self._monotonic_s]
            self._later = [(at_s, act) for at_s, act in self._later if at_s > self._monotonic_s]
        for act in due:
            act()

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Do it once so much time has passed."""
        with self._lock:
            self._later.append((self._monotonic_s + seconds, act))

    def jump(self, seconds: float) -> None:
        """Somebody sets the wall clock; the other one goes on."""
        with self._lock:
            self._now += timedelta(seconds=seconds)

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        if not stop.is_set():
            self.advance(max(0.0, seconds))
            time.sleep(0.0002)  # let the others run
        return stop.is_set()

    def rest(self, changed: threading.Condition, seconds: float) -> None:
        if not changed.wait(min(seconds, 0.002)):
            self.advance(seconds)


def line(number: int = 1, **changes: str) -> dict[str, str]:
    """A row as it comes from the check."""
    return {
        "reference": f"R{number}",
        "customer_id": f"c{number}",
        "mpn": "M1",
        "quantity": str(number),
        **changes,
    }


def orders_of(rows: Sequence[Mapping[str, str]], profile: Profile) -> list[Order]:
    made = [Row(sheet_row=n, values=dict(values), parameters=()) for n, values in enumerate(rows, 2)]
    return build_orders(made, template=TEMPLATE, account=profile.account)


def live_profile(base_url: str, **changes: Any) -> Profile:
    return Profile(
        **{
            "name": "live",
            "base_url": base_url,
            "user": "u",
            "rate_per_s": 0.0,
            "workers": 1,
            "settle_s": 0.0,
            "window_s": 900.0,
            **changes,
        }
    )


class MemoryBeacon:
    """How old the ledger was, kept apart from it."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def age(self, account: str) -> int:
        return self.numbers.get(account, 0)

    def raise_to(self, account: str, age: Callable[[], int]) -> None:
        self.numbers[account] = max(age(), self.age(account))


@dataclass
class Desk:
    """Everything for runs over one ledger."""

    marketplace: Marketplace
    profile: Profile
    clock: QuickClock = field(default_factory=QuickClock)
    ledger: Ledger = field(default_factory=MemoryLedger)
    beacon: Beacon = field(default_factory=MemoryBeacon)
    stop: threading.Event = field(default_factory=threading.Event)
    is_first_ever: bool = True
    events: list[Any] = field(default_factory=list)
    number: int = 0

    def parts(self) -> Parts:
        """As a new process has them."""
        self.stop = threading.Event()
        return Parts(
            profile=self.profile,
            ledger=self.ledger,
            marketplace=self.marketplace,
            limiter=Limiter(Pacer(rate_per_s=self.profile.rate_per_s), self.clock),
            clock=self.clock,
            jitter=lambda: 0.5,
            observer=self.events.append,
            template=TEMPLATE,
            operator="somebody",
            host="here",
            beacon=self.beacon,
            stop=self.stop,
        )

    def run(self, rows: Sequence[Mapping[str, str]], *, row_keys: Mapping[int, str] | None = None) -> "Told":
        """As `runs.run_workbook` does it, without the workbook."""
        parts = self.parts()
        self.number += 1
        run = RunRecord(
            run_id=f"run-{self.number}",
            account=str(self.profile.account),
            environment="LIVE",
            profile="live",
            marketplace="us",
            source_name="orders.xlsx",
            source_path="orders.xlsx",
            source_sha256="0" * 64,
            operator="somebody",
            host="here",
            program_version="0",
            started_at=self.clock.now(),
            rows_in=len(rows),
        )
        with self.ledger.hold():
            engine = Engine(parts, run)
            intake: Any = SimpleNamespace(row_keys=dict(row_keys or {}))
            options: Any = SimpleNamespace(is_first_ever=self.is_first_ever)
            forgets = engine.forgetting.is_suspected or may_have_forgotten(parts, intake, options)
            engine.recover()
            planned = engine.plan(
                orders_of(rows, self.profile), [], account=self.profile.account, forgets=forgets
            )
            if forgets:
                planned = engine.look_again(planned)
            engine.enlist(planned, b"workbook")
            return self._end(parts, run, engine)

    def resume(self, run_id: str) -> "Told":
        """As `runs.resume_run` does it."""
        parts = self.parts()
        run = self.ledger.run(run_id)
        assert run is not None
        with self.ledger.hold():
            engine = Engine(parts, run)
            engine.recover()
            return self._end(parts, replace(run, stopped_by="", ended_at=None, exit_code=None), engine)

    def _end(self, parts: Parts, run: RunRecord, engine: Engine) -> "Told":
        end = engine.carry_out()
        counted = run_counts(parts, run)
        code = exit_code(counted, stopped=end.exit_code)
        self.ledger.finish_run(
            replace(run, ended_at=self.clock.now(), stopped_by=end.reason, exit_code=int(code))
        )
        orders = self.ledger.orders_of_run(run.run_id)
        by_row = [orders[row.key] for row in self.ledger.rows(run.run_id) if row.key in orders]
        return Told(run_id=run.run_id, end=end, code=code, counts=counted, orders=by_row, engine=engine)


@dataclass
class Told:
    """What a run told."""

    run_id: str
    end: EngineEnd
    code: ExitCode
    counts: Mapping[Outcome, int]
    orders: list[OrderRecord]
    engine: Engine

    @property
    def states(self) -> list[State]:
        return [order.state for order in self.orders]


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


class RawMarket(ScriptedServer):
    """A marketplace on a raw socket; `spoils` has what happens to the orders, the last one for ever."""

    def __init__(self, *spoils: Spoilt, clock: QuickClock | None = None, **how: Any) -> None:
        super().__init__(raw(b""), **how)
        self.clock = clock or QuickClock()
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

    def desk(self, **changes: Any) -> Desk:
        """A desk with a client of this server; its deadlines are short."""
        settings = {
            name: changes.pop(name)
            for name in ("order_deadline_s", "read_deadline_s", "ca_file", "proxy")
            if name in changes
        }
        profile = live_profile(changes.pop("base_url", self.base_url), **changes.pop("profile", {}))
        return Desk(
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
