"""A small marketplace that misbehaves, behind the program's own port: what it holds is the truth that the judge reads.

Nothing here is shared with the program or its practice marketplace but the values of the port. Each order remembers
which row it came from (the hidden `tag` in its body), what was posted, and when; the program cannot see that.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sim_answers import answer_to, conflict_with
from sim_bodies import makes_tenant, tag_of
from sim_faults import FINE
from sim_kernel import EPOCH, Crashed, Kernel, Process

from bulk_orders.core.reply import NoReply, Reply
from bulk_orders.core.subscriptions import ProductLine
from bulk_orders.marketplace.interface import (
    Estimate,
    Marketplace,
    OrderList,
    ParameterValidation,
    PlatformOrder,
    PlatformSubscription,
    ReadFailed,
)

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
    makes_tenant: bool = False
    subscription: str = ""
    """The one whose seats it changes; empty for a purchase."""
    sent_by: str = ""
    """The process whose request made it."""
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
    completes_after_s: float = 1e12
    """From being made to being set up."""
    busy_share: float = 0.0
    """Changes of ours before which somebody changes the same subscription in the panel."""


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
    in_flight: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Requests of a process for a customer that wait for their answer."""
    on_their_way: Counter[str] = field(default_factory=Counter)
    """Requests for a row that were taken, and whose order is made later."""
    broken: list[str] = field(default_factory=list)
    """Rules of the protocol that a request broke."""

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

    def make(
        self, body: Mapping[str, Any], *, received_s: float, is_replay: bool = False, sent_by: str = ""
    ) -> Held:
        """Commit an order."""
        number = len(self.orders) + 1
        lag_s = 0.0 if self.is_healing else self.fraction() * self.habits.listing_lag_s
        held = Held(
            order_id=f"id-{number}",
            order_number=f"{'CH' if body.get('type') == 'change' else 'SO'}{number:06d}",
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
            makes_tenant=makes_tenant(body),
            subscription=str(body.get("subscriptionId", "")),
            sent_by=sent_by,
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

    def change_by_hand(self, body: Mapping[str, Any]) -> None:
        """Somebody changes the subscription of our change a moment before it arrives."""
        if self.in_the_way(body) is None:
            (line,) = body["products"]
            theirs = {**body, "poNumber": "BY-HAND", "products": [{"mpn": line["mpn"], "quantity": 5}]}
            held = self.make(theirs, received_s=self.kernel.now_s)
            self.orders[held.order_id] = replace(held, is_foreign=True, po_number="BY-HAND")

    def shown(self, held: Held, *, in_list: bool) -> PlatformOrder:
        tells_po = not in_list or self.habits.lists_po
        is_done = self.is_done(held)
        return PlatformOrder(
            order_id=held.order_id,
            order_number=held.order_number,
            customer_id=held.customer_id,
            order_type="change" if held.subscription else "sales",
            status="completed" if is_done else held.status,
            subscription_id=held.subscription or (f"sub-{held.order_id}" if is_done and not in_list else ""),
            created_at=held.created_at,
            po_number=held.po_number if tells_po else None,
            products=held.products if not in_list or self.habits.lists_products else None,
        )

    def in_the_way(self, body: Mapping[str, Any]) -> Held | None:
        """An order for the same subscription that is being carried out: there is one at a time."""
        named = body.get("subscriptionId")
        there = (held for held in self.orders.values() if named and held.subscription == named)
        return next((held for held in there if held.status == "processing" and not self.is_done(held)), None)

    def subscription(self, subscription_id: str) -> PlatformSubscription:
        """As it is now: ten seats, or what the last change made of them."""
        customer_id, mpn, _ = subscription_id.split("/")
        changes = [held for held in self.orders.values() if held.subscription == subscription_id]
        done = [int(held.products[0]["quantity"]) for held in changes if self.is_done(held)]
        line = ProductLine(mpn=mpn, seats=[10, *done][-1], unit_price="1.00", currency="USD")
        return PlatformSubscription(
            subscription_id=subscription_id, customer_id=customer_id, status="active", lines=(line,)
        )

    def is_done(self, held: Held) -> bool:
        over_s = held.committed_s + self.habits.completes_after_s
        return held.status == "processing" and (over_s <= self.kernel.now_s or self.is_healing)

    def check_protocol(self, process: Process, body: Mapping[str, Any]) -> None:
        """One request of a customer at a time, and nothing for a new tenant while a process is making it."""
        customer_id = str(body.get("customerId", ""))
        if self.in_flight[process.name, customer_id]:
            self.broken.append(f"{process.name}: two orders of {customer_id} in flight at once")
        if makes_tenant(body) and any(
            held.makes_tenant
            and (held.sent_by, held.customer_id) == (process.name, customer_id)
            and held.status == "processing"
            and not self.is_done(held)
            for held in self.orders.values()
        ):
            self.broken.append(f"{process.name}: the tenant of {customer_id} is made by two orders")


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
        platform.check_protocol(self._process, body)
        held, conflict = None, False
        is_busy = platform.habits.busy_share if body.get("type") == "change" else 0.0
        if is_busy and platform.fraction() < is_busy:
            platform.change_by_hand(body)
        if (busy := platform.in_the_way(body)) is not None and kind.commits == "yes":
            kind, held = FINE, busy
            conflict = True
        elif kind.commits == "yes":
            held = platform.make(body, received_s=sent_s, sent_by=self._process.name)
            if held.subscription:
                # The gateway's second request is answered, and in its way is what the first one made.
                conflict = self._fate.is_replayed(platform)
            elif self._fate.is_replayed(platform):
                after_s = platform.fraction() * platform.habits.replay_after_s
                kernel.call_later(
                    after_s, lambda: platform.make(body, received_s=sent_s, is_replay=True) and None
                )
        elif kind.commits == "late":
            platform.on_their_way[tag_of(body)] += 1
            delay_s = kind.after_s + platform.fraction() * platform.habits.commit_lag_s
            kernel.call_later(min(delay_s, LATEST_COMMIT_S), lambda: _commit(platform, body, sent_s))
        self._fate.after_post(self._process, kind)
        customer = (self._process.name, str(body.get("customerId", "")))
        platform.in_flight[customer] += 1
        try:
            kernel.sleep(kind.after_s)
        finally:
            platform.in_flight[customer] -= 1
        if conflict and held is not None:
            return conflict_with(held, sent_at=self._sent_at(sent_s))
        return answer_to(kind, body, held, sent_at=self._sent_at(sent_s))

    def set_auto_renewal(self, subscription_id: str, *, is_on: bool) -> Reply | NoReply:
        raise AssertionError(f"no history renews {subscription_id}: {is_on}")

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
        status: str = "",
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

    def get_subscription(self, subscription_id: str) -> PlatformSubscription | None:
        if self._read("subscription") in {"incomplete", "drift"}:
            raise ReadFailed("The answer was HTTP 502.", status=502)
        return self._platform.subscription(subscription_id)

    def list_products(self, *, mpn: str = "", name: str = "") -> tuple[Mapping[str, Any], ...]:
        self._read("products")
        return ()

    def list_customers(self) -> tuple[Mapping[str, Any], ...]:
        self._read("customers")
        return ()

    def get_customer(self, customer_id: str) -> Mapping[str, Any] | None:
        self._read("customer")
        return {"id": customer_id}

    def validate_parameters(self, request: Mapping[str, Any]) -> ParameterValidation:
        self._read("validate")
        return ParameterValidation()

    def estimate(self, body: Mapping[str, Any]) -> Estimate:
        self._read("estimate")
        if body.get("type") != "change":
            return Estimate()
        (line,) = self._platform.subscription(str(body["subscriptionId"])).lines or ()
        return Estimate(amount=str(int(body["products"][0]["quantity"]) - (line.seats or 0)), currency="USD")

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
    platform.on_their_way[tag_of(body)] -= 1
    if platform.in_the_way(body) is None:
        platform.make(body, received_s=sent_s)
