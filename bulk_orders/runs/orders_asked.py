"""What became of accepted orders, asked by pages of the list, and of one alone only where a list says too little."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bulk_orders.core.acting import is_fulfilled, may_hide, without_effect
from bulk_orders.core.following import done_by, is_over, is_slow, to_open
from bulk_orders.core.lifecycle import NO_EFFECT, OrderRecord, State, Step, step
from bulk_orders.core.order_types import target_of, type_of
from bulk_orders.core.platform_status import DONE
from bulk_orders.ledger.interface import Ledger, RunRecord, Superseded
from bulk_orders.marketplace.interface import PlatformOrder, ReadFailed
from bulk_orders.sending.purchases import refreshed
from bulk_orders.sending.services import Services

MARGIN: Final = timedelta(days=1)
"""Orders are listed from so long before the first of them was noted, to so long after the last: our clock may be wrong."""
OPENED_AT_ONCE: Final = 10
"""Completed orders that are opened for their subscription, each time that is asked, and others for what no list tells."""
OPENED_AFTER_A_LIST: Final = 4
"""So many where subscriptions were just listed in vain: asking about 2,000 orders takes 25 requests at the most."""
OPENED_AGAIN_AFTER_S: Final = 300.0
"""An order that waits for its customer or takes long is opened again so much later, in one command."""
_NEVER_S: Final = float("-inf")
_NAMES_ORDERS: Final = "subscriptions_name_orders"


class OrdersAsked:
    """The accepted orders of one run, and what the marketplace says of them."""

    def __init__(self, services: Services, run: RunRecord) -> None:
        self._services = services
        self._run_id = run.run_id
        self._opened_s: dict[str, float] = {}
        """When each order was last opened, by its key."""
        self._read_at: datetime | None = None
        """The marketplace's time of the newest list; None where it was not told."""

    def orders(self) -> list[OrderRecord]:
        """Return accepted orders that are not over, and completed ones whose subscription is not known or not as asked for, by row."""
        orders = self._services.ledger.orders_of_run(self._run_id).values()
        open_ones = [
            order
            for order in orders
            if order.state is State.ACCEPTED
            and (not is_over(order) or is_lacking(order) or order.code == NO_EFFECT)
        ]
        return sorted(open_ones, key=lambda order: order.sheet_row)

    def ask(self) -> int:
        """Ask once about these orders and record what is new; return how many questions got no usable answer."""
        orders = self.orders()
        if not orders:
            return 0
        try:
            listed = self._listed(orders)
        except ReadFailed:
            return len(orders)
        seen, failed = self._open(order for order in orders if not _is_told(listed.get(order.order_id)))
        for order in orders:
            if _is_told(entry := listed.get(order.order_id)) and entry is not None:
                seen[order.key] = entry
        lacking = _lacking(orders, seen)
        subscriptions: Mapping[str, str] = {}
        unanswered = 0
        at_once = OPENED_AT_ONCE
        if self._is_worth_a_list(lacking):
            subscriptions, unanswered = self._subscriptions(lacking)
            at_once = OPENED_AFTER_A_LIST
        if lacking and not self._is_worth_a_list(lacking):
            pages, unanswered = self._open(self._in_turn(lacking)[:at_once])
            seen |= {key: _completed(seen[key], page) for key, page in pages.items()}
        after = [
            refresh(
                self._services,
                order,
                seen[order.key],
                subscription_id=subscriptions.get(order.order_id, ""),
                read_at=self._read_at,
            )
            if order.key in seen
            else order
            for order in orders
        ]
        opened, unopened = self._open(self._worth_opening(after))
        for order in after:
            if order.key in opened:
                refresh(self._services, order, opened[order.key], read_at=self._read_at)
        return failed + unanswered + unopened

    def _listed(self, orders: Sequence[OrderRecord]) -> Mapping[str, PlatformOrder]:
        """Return, by order id, what the marketplace lists between the first of the orders and the last."""
        moments = _moments(orders)
        found = self._services.marketplace.list_orders(
            customer_id=_customer_of(orders),
            created_from=min(moments) - MARGIN if moments else None,
            created_to=max(moments) + MARGIN if moments else None,
        )
        self._read_at = found.server_time
        return {entry.order_id: entry for entry in found.orders}

    def _open(self, orders: Iterable[OrderRecord]) -> tuple[dict[str, PlatformOrder], int]:
        """Return, by key, the orders' own pages, and how many could not be read."""
        seen: dict[str, PlatformOrder] = {}
        failed = 0
        for order in orders:
            if self._services.stop.is_set():
                break
            self._opened_s[order.key] = self._services.clock.monotonic()
            try:
                found = self._services.marketplace.get_order(order.order_id)
            except ReadFailed:
                failed += 1
                continue
            # The id is proof of purchase; some platforms show an order only a while later.
            if found is not None:
                seen[order.key] = found
        return seen, failed

    def _worth_opening(self, orders: Sequence[OrderRecord]) -> list[OrderRecord]:
        """Return a few of those of which a list says too little."""
        now, now_s = self._services.clock.now(), self._services.clock.monotonic()
        found = [
            order
            for order in to_open(orders, now)
            if now_s - self._opened_s.get(order.key, _NEVER_S) >= OPENED_AGAIN_AFTER_S
        ]
        return self._in_turn(found)

    def _in_turn(self, orders: Sequence[OrderRecord]) -> list[OrderRecord]:
        """Return as many as are opened at once, those first that were not opened for longest."""
        # A command that asks once remembers nothing: from minute to minute others come first.
        minute = int(self._services.clock.now().timestamp() / 60)
        first = minute * OPENED_AT_ONCE % len(orders) if orders else 0
        turned = [*orders[first:], *orders[:first]]
        turned.sort(key=lambda order: self._opened_s.get(order.key, _NEVER_S))
        return turned[:OPENED_AT_ONCE]

    def _is_worth_a_list(self, lacking: Sequence[OrderRecord]) -> bool:
        """Return whether subscriptions are listed for orders that lack theirs; a few orders are opened one by one.

        Some platforms do not say in that list which order made a subscription: then a few orders are opened each time.
        """
        account = str(self._services.profile.account)
        return (
            len(lacking) > OPENED_AT_ONCE and self._services.ledger.learnt(account).get(_NAMES_ORDERS) != "no"
        )

    def _subscriptions(self, lacking: Sequence[OrderRecord]) -> tuple[Mapping[str, str], int]:
        """Return, by order id, the subscriptions of orders that lack theirs, and how many questions got no answer."""
        services, moments = self._services, _moments(lacking)
        try:
            listed = services.marketplace.list_subscriptions(
                customer_id=_customer_of(lacking), created_from=min(moments) - MARGIN if moments else None
            )
        except ReadFailed:
            return {}, len(lacking)
        if listed and not any(entry.order_ids for entry in listed):
            services.ledger.remember(str(services.profile.account), **{_NAMES_ORDERS: "no"})
        naming: dict[str, list[str]] = {}
        for entry in listed:
            for order_id in entry.order_ids:
                naming.setdefault(order_id, []).append(entry.subscription_id)
        return {order_id: found[0] for order_id, found in naming.items() if len(found) == 1}, 0


def is_lacking(order: OrderRecord) -> bool:
    """Tell whether the order is completed, and its subscription not known."""
    return order.platform_status in DONE and not order.subscription_id


def refresh(
    services: Services,
    order: OrderRecord,
    seen: PlatformOrder,
    *,
    subscription_id: str = "",
    read_at: datetime | None,
) -> OrderRecord:
    """Record what the marketplace tells of an accepted order by now; return it as it is in the ledger then.

    `subscription_id` is what is known from elsewhere, `read_at` the marketplace's time, None where it does not tell it.
    Somebody else's newer record stays.
    """
    after = refreshed(order, seen, subscription_id)
    if seen.status in DONE and (not is_over(order) or order.code == NO_EFFECT):
        after = _shown(services, order, after, seen.created_at, read_at or services.clock.now())
    if after is None:
        return order
    try:
        services.ledger.advance(
            order, after, Step.REFRESHED, at=services.clock.now(), note=after.platform_status
        )
    except Superseded:
        return services.ledger.order(order.key) or order
    return after


def _shown(
    services: Services,
    order: OrderRecord,
    told: OrderRecord | None,
    created_at: datetime | None,
    now: datetime,
) -> OrderRecord | None:
    """Return what to record of an order that says completed, where its subscription has to show it; `told` for others.

    The subscription may be a little late. What it does not show after a while was without effect, until it shows it after all,
    or nobody can tell any more: another order changed it later.
    """
    target = target_of(order.body)
    if not target:
        return told
    try:
        found = services.marketplace.get_subscription(target)
    except ReadFailed:
        return told
    (done,) = DONE
    asked = told or step(order, Step.REFRESHED)
    completed = replace(asked, platform_status=done, scheduled_for="")
    if is_fulfilled(order, found) or _is_overtaken(services, order, target):
        return replace(completed, code="", message="") if order.code == NO_EFFECT else completed
    if order.code == NO_EFFECT:
        return told
    if type_of(order.body).scheduled_on and not asked.scheduled_for:
        # Nobody told its day, which came before it was first seen to be completed.
        return replace(asked, scheduled_for=now.date().isoformat())
    is_late = is_slow(replace(order, accepted_at=created_at or order.accepted_at), now)
    return replace(completed, code=NO_EFFECT, message=without_effect(order, found)) if is_late else told


def _is_overtaken(services: Services, order: OrderRecord, target: str) -> bool:
    """Tell whether an order of ours that the subscription shows may hide what this one did.

    It was carried out later, and was not begun after this one had been said to be without effect.
    """
    since = done_by(order)
    if since is None:
        return False
    ours = services.ledger.orders_of_customer(order.account, order.customer_id)
    return any(
        target_of(other.body) == target
        and other.order_id
        and other.platform_status in DONE
        and other.code != NO_EFFECT
        and may_hide(other, order)
        and other.placed_at is not None
        and other.placed_at > since
        and not _was_known(services.ledger, order, other)
        for other in ours
    )


def _was_known(ledger: Ledger, order: OrderRecord, other: OrderRecord) -> bool:
    """Tell whether an order had been said to be without effect before the other one was begun: the log knows, whatever clocks say."""
    if order.code != NO_EFFECT:
        return False
    (done,) = DONE
    said = min((event.number for event in ledger.events(order.key) if event.note == done), default=0)
    begun = [event.number for event in ledger.events(other.key) if event.step == Step.BEGUN]
    return bool(begun) and said < begun[-1]


def _is_told(entry: PlatformOrder | None) -> bool:
    return entry is not None and bool(entry.status)


def _completed(entry: PlatformOrder, page: PlatformOrder) -> PlatformOrder:
    """Return the completed order of a list with what only its own page tells."""
    return replace(entry, subscription_id=page.subscription_id, microsoft_ids=page.microsoft_ids)


def _lacking(orders: Sequence[OrderRecord], seen: Mapping[str, PlatformOrder]) -> list[OrderRecord]:
    """Return completed orders whose subscription is not known."""
    done = [order for order in orders if order.key in seen and seen[order.key].status in DONE]
    return [order for order in done if not (seen[order.key].subscription_id or order.subscription_id)]


def _moments(orders: Iterable[OrderRecord]) -> list[datetime]:
    return [moment for order in orders for moment in (order.sent_at, order.accepted_at) if moment]


def _customer_of(orders: Sequence[OrderRecord]) -> str:
    """Return the customer of all of them, or an empty text where they are of several."""
    customers = {order.customer_id for order in orders}
    return customers.pop() if len(customers) == 1 else ""
