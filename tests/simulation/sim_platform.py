"""A small marketplace that misbehaves, behind the program's own port: what it holds is the truth that the judge reads.

Nothing here is shared with the program or its practice marketplace but the values of the port. Each order remembers
which row it came from (the hidden `tag` in its body), what was posted, and when; the program cannot see that.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sim_faults import PostFault
from sim_kernel import EPOCH, Crashed, Kernel, Process

from bulk_orders.core.reply import FailureKind, NoReply, Reply
from bulk_orders.marketplace.interface import (
    Marketplace,
    OrderList,
    ParameterFinding,
    PlatformOrder,
    PlatformSubscription,
    ReadFailed,
)

JSON: Final = {"content-type": "application/json", "x-correlation-id": "sim"}
HTML: Final = {"content-type": "text/html"}
LATEST_COMMIT_S: Final = 300.0
"""The gateway's own time-out: an order is made by then, or never."""
LONGEST_LAG_S: Final = 240.0
"""From being made to being listed."""


@dataclass(slots=True, kw_only=True)
class Held:
    """One order as the platform holds it."""

    order_id: str
    order_number: str
    tag: str
    customer_id: str
    po_number: str
    products: tuple[Mapping[str, Any], ...]
    created_at: datetime
    received_s: float
    """When the request that made it was received."""
    committed_s: float
    listed_s: float
    readable_s: float
    status: str
    is_foreign: bool = False
    """Entered by hand in the panel."""
    is_replay: bool = False
    """The gateway sent our request twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How this marketplace is, for a whole history."""

    po_mode: str = "kept"
    lists_po: bool = True
    lists_products: bool = False
    listing_lag_s: float = 0.0
    """At the most."""
    commit_lag_s: float = 0.0
    """At the most, for late commits."""
    skew_s: float = 0.0
    error_share: float = 0.0
    """Orders that end in status error."""
    replay_share: float = 0.0
    """Requests that the gateway sends twice."""
    replay_after_s: float = 0.0
    """So much later, at the most: perhaps after the run."""
    tells_time: bool = True


@dataclass(slots=True)
class Platform:
    """What the marketplace holds, and how it is doing."""

    kernel: Kernel
    habits: Habits
    fraction: Callable[[], float]
    """From 0 up to, not including, 1; all that is left to chance."""
    orders: dict[str, Held] = field(default_factory=dict)
    posts: int = 0
    last_post_s: float = -1e9
    partition_until_s: float = 0.0
    is_healing: bool = False
    """No more faults: so that progress can be judged."""

    @property
    def is_cut_off(self) -> bool:
        return self.kernel.now_s < self.partition_until_s

    def now(self) -> datetime:
        return EPOCH + timedelta(microseconds=int((self.kernel.now_s + self.habits.skew_s) * 1e6))

    def stored_po(self, body: Mapping[str, Any]) -> str:
        """The PO number as this marketplace keeps it."""
        mode = self.habits.po_mode
        names = {"only_poNumber": ("poNumber",), "only_ponumber": ("ponumber",)}.get(
            mode, ("poNumber", "ponumber")
        )
        text = next((str(body[name]) for name in names if body.get(name)), "")
        if mode == "dropped":
            return ""
        if mode == "upper":
            return text.upper()
        return text[: int(mode.removeprefix("cut "))] if mode.startswith("cut ") else text

    def make(self, body: Mapping[str, Any], *, received_s: float, is_replay: bool = False) -> Held:
        """Commit an order."""
        number = len(self.orders) + 1
        lag_s = 0.0 if self.is_healing else self.fraction() * self.habits.listing_lag_s
        held = Held(
            order_id=f"id-{number}",
            order_number=f"SO{number:06d}",
            tag=tag_of(body),
            customer_id=str(body.get("customerId", "")),
            po_number=self.stored_po(body),
            products=tuple(
                {"mpn": line.get("mpn", ""), "quantity": line.get("quantity")}
                for line in body.get("products", [])
            ),
            created_at=self.now(),
            received_s=received_s,
            committed_s=self.kernel.now_s,
            listed_s=self.kernel.now_s + lag_s,
            readable_s=self.kernel.now_s + lag_s / 2,
            status="error" if self.fraction() < self.habits.error_share else "processing",
            is_replay=is_replay,
        )
        self.orders[held.order_id] = held
        self.kernel.tell(f"platform made {held.order_id} for {held.tag}")
        return held

    def enter_by_hand(
        self, customer_id: str, po_number: str, mpn: str, quantity: int, *, tag: str = ""
    ) -> None:
        """Somebody uses the panel; with a tag it is what that row asks for, else another purchase."""
        body = {
            "customerId": customer_id,
            "poNumber": po_number,
            "products": [{"mpn": mpn, "quantity": quantity}],
        }
        held = self.make(body, received_s=self.kernel.now_s)
        self.orders[held.order_id] = replace(held, is_foreign=not tag, tag=tag, po_number=po_number)

    def shown(self, held: Held, *, in_list: bool) -> PlatformOrder:
        tells_po = not in_list or self.habits.lists_po
        return PlatformOrder(
            order_id=held.order_id,
            order_number=held.order_number,
            customer_id=held.customer_id,
            order_type="sales",
            status=held.status,
            created_at=held.created_at,
            po_number=held.po_number if tells_po else None,
            products=held.products if not in_list or self.habits.lists_products else None,
        )


def tag_of(body: Mapping[str, Any]) -> str:
    """The row that a body came from: a parameter that means nothing to anybody but the judge."""
    for line in body.get("products", []):
        for parameter in line.get("parameters", []):
            if parameter.get("name") == "tag":
                return str(parameter.get("value", ""))
    return ""


class SimMarketplace(Marketplace):
    """One process's way to the platform; every call may be its last."""

    def __init__(self, kernel: Kernel, process: Process, platform: Platform, fate: Any) -> None:
        """`fate` decides what goes wrong (`sim_fate.Fate`)."""
        self._kernel = kernel
        self._process = process
        self._platform = platform
        self._fate = fate

    def sign_in(self) -> None:
        self._fate.step(self._process, "sign in")

    def renew_token(self) -> None:
        self._fate.step(self._process, "renew token")

    def place(self, body: Mapping[str, Any]) -> Reply | NoReply:
        """The request leaves at once: what was on disk before is what counts."""
        self._alive()
        platform, kernel = self._platform, self._kernel
        body = json.loads(json.dumps(body))  # bytes on the wire: nothing is shared with the sender
        platform.posts += 1
        sent_s = platform.last_post_s = kernel.now_s
        kind = self._fate.post(platform)
        kernel.tell(f"{self._process.name} posts {tag_of(body)}: {kind.name}")
        held = None
        if kind.commits == "yes":
            held = platform.make(body, received_s=sent_s)
            if self._fate.is_replayed(platform):
                after_s = platform.fraction() * platform.habits.replay_after_s
                kernel.call_later(
                    after_s, lambda: platform.make(body, received_s=sent_s, is_replay=True) and None
                )
        elif kind.commits == "late":
            delay_s = kind.after_s + platform.fraction() * platform.habits.commit_lag_s
            kernel.call_later(min(delay_s, LATEST_COMMIT_S), lambda: _commit(platform, body, sent_s))
        self._fate.after_post(self._process, kind)
        kernel.sleep(kind.after_s)
        return _answer(kind, body, held, sent_s=sent_s, sent_at=self._sent_at(sent_s), platform=platform)

    def get_order(self, order_id: str) -> PlatformOrder | None:
        fault = self._read("get")
        if fault in {"incomplete", "drift"}:
            raise ReadFailed("The answer was HTTP 502.", status=502)
        held = self._platform.orders.get(order_id)
        if held is None or held.readable_s > self._kernel.now_s:
            return None
        return self._platform.shown(held, in_list=False)

    def list_orders(
        self,
        *,
        customer_id: str = "",
        created_from: datetime | None = None,
        created_to: datetime | None = None,
    ) -> OrderList:
        fault = self._read("list")
        now_s = self._kernel.now_s
        rows = [
            self._platform.shown(held, in_list=True)
            for held in self._platform.orders.values()
            if held.listed_s <= now_s
            and (not customer_id or held.customer_id == customer_id)
            and (created_from is None or held.created_at >= created_from)
            and (created_to is None or held.created_at <= created_to)
        ]
        if fault == "incomplete":
            rows = [row for row in rows if self._platform.fraction() < 0.4]
        elif fault == "drift" and rows:
            rows = rows[1:]  # one came twice and is given once, another one not at all
        return OrderList(
            orders=tuple(rows),
            is_complete=fault is None,
            server_time=self._platform.now() if self._platform.habits.tells_time else None,
        )

    def list_subscriptions(
        self, *, customer_id: str, created_from: datetime | None = None
    ) -> tuple[PlatformSubscription, ...]:
        self._read("subscriptions")
        return ()

    def list_products(self) -> tuple[Mapping[str, Any], ...]:
        self._read("products")
        return ()

    def list_customers(self) -> tuple[Mapping[str, Any], ...]:
        self._read("customers")
        return ()

    def get_customer(self, customer_id: str) -> Mapping[str, Any] | None:
        self._read("customer")
        return {"id": customer_id}

    def validate_parameters(self, body: Mapping[str, Any]) -> tuple[ParameterFinding, ...]:
        self._read("validate")
        return ()

    def estimate(self, body: Mapping[str, Any]) -> tuple[str, str]:
        self._read("estimate")
        return "", ""

    def _read(self, what: str) -> str | None:
        """Time passes, and perhaps it fails; what spoils a list without failing it is returned."""
        self._fate.step(self._process, what)
        fault: str | None = self._fate.read(self._platform, what)
        if fault == "read_failed":
            raise ReadFailed("The answer was HTTP 503.", status=503)
        if fault == "read_unauthorised":
            raise ReadFailed("The answer was HTTP 401.", status=401)
        if fault == "read_timeout":
            self._kernel.sleep(60.0)
            raise ReadFailed("No answer in time.")
        return fault

    def _sent_at(self, sent_s: float) -> datetime:
        return EPOCH + timedelta(seconds=sent_s + self._process.machine.clock_off_s)

    def _alive(self) -> None:
        if self._process.is_dead:
            raise Crashed


def _commit(platform: Platform, body: Mapping[str, Any], sent_s: float) -> None:
    platform.make(body, received_s=sent_s)


def _answer(
    kind: PostFault,
    body: Mapping[str, Any],
    held: Held | None,
    *,
    sent_s: float,
    sent_at: datetime,
    platform: Platform,
) -> Reply | NoReply:
    silent = _SILENCES.get(kind.answer)
    if silent is not None:
        failure, sent_bytes = silent
        return NoReply(kind=failure, detail=failure.value, bytes_sent=sent_bytes, sent_at=sent_at)
    shape, number = kind.answer.rsplit(" ", 1)
    headers, content, is_complete = _ANSWERS[shape](_echo(body, held))
    return Reply(
        status=int(number),
        headers=headers,
        body=content,
        is_complete=is_complete,
        sent_at=sent_at,
    )


_SILENCES: Final = {
    "silence": (FailureKind.TIMEOUT, 900),
    "reset": (FailureKind.CONNECTION_LOST, 900),
    "refused": (FailureKind.NO_CONNECTION, 0),
    "connect timeout": (FailureKind.TIMEOUT, 0),
    "no sign-in": (FailureKind.NO_SIGN_IN, 0),
}

_Answer = tuple[Mapping[str, str], bytes, bool]


def _echo(body: Mapping[str, Any], held: Held | None) -> dict[str, Any]:
    return {
        "id": held.order_id if held else "id-none",
        "orderNumber": held.order_number if held else "",
        "status": "processing",
        "customerId": str(body.get("customerId", "")),
    } | ({"poNumber": held.po_number} if held and held.po_number else {})


def _json(value: Any, *, more: Mapping[str, str] | None = None, cut: int | None = None) -> _Answer:
    content = json.dumps(value).encode()
    return {**JSON, **(more or {})}, content if cut is None else content[:cut], cut is None


_ANSWERS: Final[dict[str, Callable[[dict[str, Any]], _Answer]]] = {
    "whole": _json,
    "bare": lambda echo: _json({"id": echo["id"]}),
    "data": lambda echo: _json({"data": echo}),
    "cut": lambda echo: _json(echo, cut=20),
    "nameless": lambda echo: _json({"status": "ok", "id": None}),
    "empty": lambda echo: ({**JSON}, b"", True),
    "errors": lambda echo: _json({**echo, "errors": [{"message": "it went wrong"}]}),
    "unmarked": lambda echo: ({"content-type": "text/plain"}, json.dumps({"id": echo["id"]}).encode(), True),
    "echo customer": lambda echo: _json({**echo, "id": "id-other", "customerId": "somebody-else"}),
    "echo po": lambda echo: _json({**echo, "id": "id-other", "poNumber": "another"}),
    "words": lambda echo: _json({"message": "The order is wrong."}),
    "html": lambda echo: (HTML, b"<html>no</html>", True),
    "redirect": lambda echo: ({"location": "https://example.com/"}, b"", True),
    "later": lambda echo: _json({"message": "later"}, more={"retry-after": "7"}),
    "throttle": lambda echo: _json(
        {"statusCode": 429, "message": "Rate limit is exceeded."}, more={"retry-after": "7"}
    ),
    "plain": lambda echo: ({}, b"", True),
    "behind": lambda echo: _json({"message": "busy", "path": "/orders"}, more={"retry-after": "3"}),
    "quota": lambda echo: _json(
        {"statusCode": 403, "message": "Out of call volume quota."}, more={"retry-after": "40"}
    ),
}
