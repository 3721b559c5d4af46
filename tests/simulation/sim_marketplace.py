"""The program's own port to the simulated marketplace: every call may be its process's last."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sim_answers import answer_to, refused_with, setting_answer_to
from sim_bodies import subscription_of
from sim_faults import FINE, PostFault
from sim_kernel import EPOCH, Crashed, Kernel, Process
from sim_met import on_placing, on_reading, on_refusal, on_setting
from sim_platform import LATEST_COMMIT_S, Held, Platform
from sim_subscriptions import ACTING

from bulk_orders.core.reply import NoReply, Reply
from bulk_orders.marketplace.interface import (
    Estimate,
    Marketplace,
    OrderList,
    ParameterValidation,
    PlatformOrder,
    PlatformSubscription,
    ReadFailed,
)

CANCELLED_SHARE: Final = 0.2
"""Of the subscriptions that somebody changes in the panel a moment before."""


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
        platform = self._platform
        body = json.loads(json.dumps(body))  # bytes on the wire: nothing is shared with the sender
        kind, sent_s = self._posted(platform.tag_of(body), body)
        self._disturb(body)
        held, refused = None, platform.refusal(body) if kind.commits == "yes" else None
        if kind.commits == "yes" and refused is None:
            held = platform.make(body, received_s=sent_s, sent_by=self._process.name)
        elif kind.commits == "late":
            self._commit_late(kind, platform.tag_of(body), lambda: self._commit(body, sent_s))
        self._fate.counted.update(on_placing(kind, body, held, refused))
        is_answered_twice = held is not None and self._is_repeated(body, held, sent_s)
        self._wait_for_answer(kind, str(body.get("customerId", "")))
        if is_answered_twice and held is not None:
            kind, held, refused = self._repeated(kind, body, held, sent_s)
        if isinstance(refused, tuple):
            platform.in_the_way[self._process.name, subscription_of(body)] = refused[1]
        if refused is not None:
            return refused_with(refused, subscription_of(body), sent_at=self._sent_at(sent_s))
        return answer_to(kind, body, held, sent_at=self._sent_at(sent_s))

    def _posted(self, tag: str, body: Mapping[str, Any]) -> tuple[PostFault, float]:
        """Return what comes of a request that changes something, and when it left."""
        platform = self._platform
        platform.posts += 1
        sent_s = platform.last_post_s = self._kernel.now_s
        platform.post_times.append(sent_s)
        kind = self._fate.post(platform)
        self._kernel.tell(f"{self._process.name} posts {tag}: {kind.name}")
        platform.check_protocol(self._process, body)
        return kind, sent_s

    def _disturb(self, body: Mapping[str, Any]) -> None:
        """Somebody changes the subscription a moment before our order arrives, or cancels it."""
        platform = self._platform
        share = platform.habits.busy_share if body.get("type") in ACTING else 0.0
        chance = platform.fraction() if share else 1.0
        if chance >= share:
            return
        is_cancelled = chance < share * CANCELLED_SHARE
        how = "cancellation" if is_cancelled else "change"
        if platform.change_by_hand(subscription_of(body), 15, order_type=how):
            done = "cancelled" if is_cancelled else "changed"
            self._fate.counted[f"a subscription is {done} by hand a moment before"] += 1

    def _commit_late(self, kind: PostFault, tag: str, commit: Any) -> None:
        platform = self._platform
        platform.on_their_way[tag] += 1
        delay_s = kind.after_s + platform.fraction() * platform.habits.commit_lag_s

        def arrive() -> None:
            platform.on_their_way[tag] -= 1
            commit()

        self._kernel.call_later(min(delay_s, LATEST_COMMIT_S), arrive)

    def _commit(self, body: Mapping[str, Any], sent_s: float, *, is_replay: bool = False) -> None:
        """Make what arrives when nobody waits for it any more."""
        if self._platform.refusal(body) is None:
            self._platform.make(body, received_s=sent_s, is_replay=is_replay, sent_by=self._process.name)

    def _wait_for_answer(self, kind: PostFault, customer_id: str) -> None:
        self._fate.after_post(self._process, kind)
        customer = (self._process.name, customer_id)
        self._platform.in_flight[customer] += 1
        try:
            self._kernel.sleep(kind.after_s)
        finally:
            self._platform.in_flight[customer] -= 1

    def _is_repeated(self, body: Mapping[str, Any], held: Held, sent_s: float) -> bool:
        """The gateway may send it once more; True where the answer to that is the one that comes back."""
        platform = self._platform
        if not self._fate.is_replayed(platform):
            return False
        if held.subscription and platform.fraction() < 0.5:
            return True
        after_s = platform.fraction() * platform.habits.replay_after_s
        self._kernel.call_later(after_s, lambda: self._commit(body, sent_s, is_replay=True))
        return False

    def _repeated(
        self, kind: PostFault, body: Mapping[str, Any], held: Held, sent_s: float
    ) -> tuple[PostFault, Held, Any]:
        """The second request arrives, and what is answered is about that one."""
        platform = self._platform
        after_s = platform.fraction() * platform.habits.replay_after_s
        if kind.after_s + after_s < LATEST_COMMIT_S:
            self._kernel.sleep(after_s)
        self._fate.counted["the second request is answered"] += 1
        refused = platform.refusal(body)
        self._fate.counted["the second request is refused"] += refused is not None
        self._fate.counted.update(on_refusal(refused))
        if refused is None:
            held = platform.make(body, received_s=sent_s, is_replay=True, sent_by=self._process.name)
        return FINE, held, refused

    def set_auto_renewal(self, subscription_id: str, *, is_on: bool) -> Reply | NoReply:
        self._alive()
        platform = self._platform
        customer_id = subscription_id.split("/", maxsplit=1)[0]
        tag = platform.tags.get((subscription_id, f"auto_renew_{'on' if is_on else 'off'}"), "")
        kind, sent_s = self._posted(tag, {"customerId": customer_id})

        def commit() -> bool:
            return platform.set_renewal(subscription_id, is_on=is_on, tag=tag, sent_by=self._process.name)

        is_set, settings = True, len(platform.settings)
        if kind.commits == "yes":
            is_set = commit()
        elif kind.commits == "late":
            self._commit_late(kind, tag, commit)
        is_changed = len(platform.settings) > settings
        self._fate.counted.update(on_setting(kind, is_set=is_set, is_changed=is_changed))
        self._wait_for_answer(kind, customer_id)
        return setting_answer_to(kind, subscription_id, is_set=is_set, sent_at=self._sent_at(sent_s))

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
            and (not status or self._platform.status_of(held) == status)
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
        self._fate.counted.update(on_reading(self._platform, subscription_id))
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
        if body.get("type") not in ACTING:
            return Estimate()
        platform = self._platform
        if not platform.is_in_its_place(body):
            self._fate.counted["an estimate finds the subscription in another place"] += 1
            raise ReadFailed(
                "The answer was HTTP 400.", status=400, said="subscriptionId is not expected there."
            )
        if body.get("type") == "cancellation":
            return Estimate(amount="0", currency="USD")
        self._fate.counted["an account that adds seats is asked"] += platform.habits.adds_seats
        asked = int(body["products"][0]["quantity"])
        seats = 0 if platform.habits.adds_seats else platform.state(subscription_of(body)).seats
        return Estimate(amount=str(asked - seats), currency="USD")

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
