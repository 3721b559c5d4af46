"""A small marketplace that misbehaves: what it holds is the truth that the judge reads.

Nothing here is shared with the program or its practice marketplace but the values of the port. Each order remembers
which row it came from (the hidden `tag` in its body), what was posted, and when; the program cannot see that.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sim_answers import IN_USE, NOT_ACTIVE, RENEWING, UNDER_WAY, WRONG_PLACE
from sim_bodies import is_at_renewal, makes_tenant, subscription_of, tag_of
from sim_kernel import EPOCH, Kernel, Process
from sim_subscriptions import ACTING, NEVER_S, Setting, State, state_at, timeline

from bulk_orders.core.subscriptions import ProductLine
from bulk_orders.marketplace.interface import PlatformOrder, PlatformSubscription

LATEST_COMMIT_S: Final = 300.0
"""The gateway's own time-out: an order is made by then, or never."""
LONGEST_LAG_S: Final = 240.0
"""From being made to being listed."""
RENEWING_S: Final = 600.0
"""So long the marketplace's own renewal order is in the way of everything else."""
A_YEAR_S: Final = 365 * 86400.0
FEWEST_SEATS: Final = 9
"""So many are in use."""
_NUMBERS: Final = {"change": "CH", "cancellation": "CL", "renewal": "RN"}


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
    order_type: str = "sales"
    subscription: str = ""
    """The one that it acts on; empty for a purchase."""
    is_scheduled: bool = False
    """It is carried out when the subscription is renewed."""
    has_effect: bool = True
    """Carrying it out changes something."""
    deleted_s: float | None = None
    """When it was scheduled, and something else was done to the subscription before its day."""
    sent_by: str = ""
    """The process whose request made it; empty where another ledger or a person did."""
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
    """What acts on a subscription and finds that somebody changed it in the panel a moment ago."""
    renews_at_s: float = 1e12
    """When the term of every subscription ends."""
    shows_after_s: float = 0.0
    """So much later a subscription shows what was done to it."""
    no_effect_share: float = 0.0
    """What is answered well and carried out, and changes nothing."""
    adds_seats: bool = False
    """The quantity of a change is added to the seats that there are."""
    subscription_place: str = "both"
    """Where it looks for the subscription: with the `order`, in the `line`, or wherever it stands."""
    cancellation_lines: str = "none"
    """A cancellation names its product (`one`), or must not."""


@dataclass(slots=True)
class Platform:
    """What the marketplace holds, and how it is doing."""

    kernel: Kernel
    habits: Habits
    fraction: Callable[[], float]
    """From 0 up to, not including, 1; all that is left to chance."""
    orders: dict[str, Held] = field(default_factory=dict)
    settings: list[Setting] = field(default_factory=list)
    tags: dict[tuple[str, str], str] = field(default_factory=dict)
    """By subscription and action, the row that wants it: what is cancelled or set does not say."""
    posts: int = 0
    last_post_s: float = -1e9
    post_times: list[float] = field(default_factory=list)
    partition_until_s: float = 0.0
    heals_at_s: float = NEVER_S
    """No more faults from then on: so that progress can be judged."""
    in_flight: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Requests of a process for a customer that wait for their answer."""
    on_their_way: Counter[str] = field(default_factory=Counter)
    """Requests for a row that were taken, and whose order is made later."""
    in_the_way: dict[tuple[str, str], Held] = field(default_factory=dict)
    """By process and subscription, the order that it was told to be in the way."""
    broken: list[str] = field(default_factory=list)
    """Rules of the protocol that a request broke."""

    @property
    def is_healing(self) -> bool:
        return self.kernel.now_s >= self.heals_at_s

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

    def tag_of(self, body: Mapping[str, Any]) -> str:
        """Return the row that a body came from, by its hidden parameter or by what was wanted."""
        is_cancelled = body.get("type") == "cancellation"
        return self.tags.get((subscription_of(body), "cancel"), "") if is_cancelled else tag_of(body)

    def make(
        self, body: Mapping[str, Any], *, received_s: float, is_replay: bool = False, sent_by: str = ""
    ) -> Held:
        """Commit an order."""
        number = len(self.orders) + 1
        lag_s = 0.0 if self.is_healing else self.fraction() * self.habits.listing_lag_s
        order_type = str(body.get("type", "sales"))
        status = "error" if self.fraction() < self.habits.error_share else "processing"
        held = Held(
            order_id=f"id-{number}",
            order_number=f"{_NUMBERS.get(order_type, 'SO')}{number:06d}",
            tag=self.tag_of(body),
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
            status=status,
            makes_tenant=makes_tenant(body),
            order_type=order_type,
            sent_by=sent_by,
            is_replay=is_replay,
        )
        if order_type in ACTING:
            held = self._on_subscription(held, body)
        self.orders[held.order_id] = held
        self.kernel.tell(f"platform made {held.order_id} for {held.tag}")
        return held

    def _on_subscription(self, held: Held, body: Mapping[str, Any]) -> Held:
        """Whatever is done to a subscription, what was scheduled for its renewal is deleted."""
        subscription, is_scheduled = subscription_of(body), is_at_renewal(body)
        for other in self.orders.values():
            is_open = self.kernel.now_s < self.habits.renews_at_s
            if other.subscription == subscription and other.status == "scheduled" and is_open:
                other.status, other.has_effect, other.deleted_s = "cancelled", False, self.kernel.now_s
        return replace(
            held,
            subscription=subscription,
            is_scheduled=is_scheduled,
            has_effect=held.status == "processing" and self._has_effect(),
            status="scheduled" if is_scheduled and held.status == "processing" else held.status,
        )

    def _has_effect(self) -> bool:
        share = self.habits.no_effect_share
        return not share or self.fraction() >= share

    def set_renewal(self, subscription: str, *, is_on: bool, tag: str = "", sent_by: str = "") -> bool:
        """Set whether it is renewed; False where it is over."""
        if not self.state(subscription).is_active:
            return False
        if self._has_effect() or not tag:
            made = Setting(
                at_s=self.kernel.now_s, subscription=subscription, is_on=is_on, tag=tag, sent_by=sent_by
            )
            self.settings.append(made)
        self.kernel.tell(f"platform sets renewal of {subscription} to {is_on} for {tag}")
        return True

    def enter_by_hand(
        self, customer_id: str, po_number: str, mpn: str, quantity: int, *, tag: str = "", **more: Any
    ) -> None:
        """Somebody uses the panel; with a tag it is what that row asks for, else another order. `more` is of its body.

        What is done to a subscription stays somebody else's: the row may be said to be it, or find that it is so already.
        """
        body = {
            "customerId": customer_id,
            "poNumber": po_number,
            "products": [{"mpn": mpn, "quantity": quantity}],
            **more,
        }
        held = self.make(body, received_s=self.kernel.now_s)
        self.orders[held.order_id] = replace(
            held,
            is_foreign=not tag or bool(held.subscription),
            tag=tag,
            po_number=po_number,
            has_effect=held.status != "error",
        )

    def change_by_hand(
        self,
        subscription: str,
        seats: int,
        po_number: str = "BY-HAND",
        tag: str = "",
        order_type: str = "change",
    ) -> bool:
        """Somebody changes its seats in the panel, or cancels it; False where that cannot be done now."""
        customer_id, mpn, _ = subscription.split("/")
        more = {"type": order_type, "subscriptionId": subscription}
        if self.hindrance(more) is not None:
            return False
        self.enter_by_hand(customer_id, po_number, mpn, seats, tag=tag, **more)
        return True

    def shown(self, held: Held, *, in_list: bool) -> PlatformOrder:
        tells_po = not in_list or self.habits.lists_po
        is_done, status = self.is_done(held), self.status_of(held)
        day = self._day(self._renewal_of(held)) if status == "scheduled" and not in_list else ""
        return PlatformOrder(
            order_id=held.order_id,
            order_number=held.order_number,
            customer_id=held.customer_id,
            order_type=held.order_type,
            status=status,
            subscription_id=held.subscription or (f"sub-{held.order_id}" if is_done and not in_list else ""),
            scheduled_for=str(day),
            created_at=held.created_at,
            po_number=held.po_number if tells_po else None,
            products=held.products if not in_list or self.habits.lists_products else None,
        )

    def status_of(self, held: Held) -> str:
        if held.status == "scheduled" and self.kernel.now_s >= self._renewal_of(held):
            return "completed" if self.state(held.subscription).is_active else "cancelled"
        return "completed" if self.is_done(held) else held.status

    def _renewal_of(self, held: Held) -> float:
        """When a scheduled order is carried out: at the next renewal."""
        return self.habits.renews_at_s + (A_YEAR_S if held.committed_s >= self.habits.renews_at_s else 0.0)

    def _day(self, at_s: float) -> Any:
        return (EPOCH + timedelta(seconds=at_s + self.habits.skew_s)).date()

    def refusal(self, body: Mapping[str, Any]) -> Any:
        """Why nothing is done to a subscription: words, an order that is in the way, or None where it can be done."""
        if body.get("type") in ACTING and not self.is_in_its_place(body):
            return WRONG_PLACE
        return self.hindrance(body)

    def hindrance(self, body: Mapping[str, Any]) -> Any:
        """Why not, wherever the body names its subscription: people in the panel, and other ledgers, know where it belongs."""
        if body.get("type") not in ACTING:
            return None
        subscription = subscription_of(body)
        if not self.state(subscription).is_active:
            return NOT_ACTIVE
        if 0.0 <= self.kernel.now_s - self.habits.renews_at_s < RENEWING_S:
            return RENEWING
        there = (held for held in self.orders.values() if held.subscription == subscription)
        busy = next((held for held in there if held.status == "processing" and not self.is_done(held)), None)
        if busy is not None:
            return UNDER_WAY, busy
        is_fewer = any(
            int(line.get("quantity") or FEWEST_SEATS) < FEWEST_SEATS for line in body.get("products", ())
        )
        return IN_USE if is_fewer and body.get("type") == "change" else None

    def is_in_its_place(self, body: Mapping[str, Any]) -> bool:
        """Whether the subscription stands where this marketplace looks for it, and a cancellation names its product, or does not."""
        lines = body.get("products", [])
        if body.get("type") == "cancellation":
            return bool(lines) is (self.habits.cancellation_lines == "one")
        place = self.habits.subscription_place
        if place == "order":
            return "subscriptionId" in body and not any("subscriptionId" in line for line in lines)
        return place == "both" or (
            "subscriptionId" not in body and all("subscriptionId" in line for line in lines)
        )

    def states(self, subscription: str) -> list[tuple[float, State]]:
        """From when on it was what, up to now."""
        own = [held for held in self.orders.values() if held.subscription == subscription and held.has_effect]
        renews_at_s = self.habits.renews_at_s
        return timeline(
            subscription,
            [held for held in own if not held.is_scheduled or held.committed_s < renews_at_s],
            self.settings,
            done_s={held.order_id: self.done_s(held) for held in own},
            renewal_s=renews_at_s,
            adds=self.habits.adds_seats,
            until_s=self.kernel.now_s,
        )

    def state(self, subscription: str, *, ago_s: float = 0.0) -> State:
        return state_at(self.states(subscription), self.kernel.now_s - ago_s)

    def subscription(self, subscription_id: str) -> PlatformSubscription:
        """As it is shown now."""
        customer_id, mpn, _ = subscription_id.split("/")
        state = self.state(subscription_id, ago_s=self.habits.shows_after_s)
        renews_at_s = self.habits.renews_at_s
        next_s = renews_at_s if self.kernel.now_s < renews_at_s else renews_at_s + A_YEAR_S
        return PlatformSubscription(
            subscription_id=subscription_id,
            customer_id=customer_id,
            status="active" if state.is_active else "terminated",
            auto_renew=state.renews,
            renewal_date=self._day(next_s) if renews_at_s < NEVER_S else None,
            lines=(ProductLine(mpn=mpn, seats=state.seats, unit_price="1.00", currency="USD"),),
        )

    def done_s(self, held: Held) -> float:
        """When it is carried out."""
        over_s = held.committed_s + self.habits.completes_after_s
        return min(over_s, max(held.committed_s, self.heals_at_s))

    def is_done(self, held: Held) -> bool:
        return held.status == "processing" and self.done_s(held) <= self.kernel.now_s

    def made(self) -> Counter[str]:
        """How often what each row asks for was done."""
        found = Counter(held.tag for held in self.orders.values())
        found.update(setting.tag for setting in self.settings)
        return found

    def check_protocol(self, process: Process, body: Mapping[str, Any]) -> None:
        """One request of a customer at a time, nothing for a new tenant while a process is making it, nor while it was told to wait."""
        customer_id = str(body.get("customerId", ""))
        busy = self.in_the_way.pop((process.name, subscription_of(body)), None)
        if busy and busy.readable_s <= self.kernel.now_s and not self.is_done(busy):
            self.broken.append(f"{process.name}: sent while {busy.order_id} is in its way, as it was told")
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
