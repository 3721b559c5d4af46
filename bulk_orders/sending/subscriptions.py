"""What acts on a subscription: the subscription is read before it is sent, and an order that is in its way is waited for.

A conflict comes as a failure of the server. Neither it nor any other refusal says that nothing was made, unless no order there may
be this one: behind a gateway that repeats requests it may be about the very order that we sent.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bulk_orders.core.acting import (
    changed_since,
    for_subscription,
    line_of,
    may_be_own_doing,
    needs_nothing,
    placed,
    why_not,
    with_line,
)
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.matching import CLOCK_SKEW, carries_marker, is_about, resembles
from bulk_orders.core.order_types import Shown, is_purchase, is_setting, target_of, type_of
from bulk_orders.core.platform_status import BROKEN, DONE, SCHEDULED, UNDER_WAY
from bulk_orders.core.recognition import Recognised, carried_out_unseen
from bulk_orders.core.refusals import Busy, refusal
from bulk_orders.core.reply import NoReply, Reply
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.core.subscriptions import PlatformSubscription, ProductLine
from bulk_orders.core.verdict import Accepted, NotProcessed, NoVerdict, Rejected, Verdict
from bulk_orders.ledger.interface import Ledger
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import Marketplace, PlatformOrder, ReadFailed
from bulk_orders.sending.account_look import seen
from bulk_orders.sending.before_sending import LIST_INCOMPLETE
from bulk_orders.sending.change_contact import ChangeContact
from bulk_orders.sending.doubles import held_again
from bulk_orders.sending.events import Observer, WaitBegun, WaitOver
from bulk_orders.sending.lookup import Resolver
from bulk_orders.sending.recognised_orders import held_back
from bulk_orders.sending.waits import AT_ONCE_S

BUSY: Final = "S-BUSY"
UNFIT: Final = "S-SUBSCRIPTION"
CHANGED: Final = "S-CHANGED"
GAP_S: Final = 15.0
"""Between two questions about an order that is in the way."""
PATIENCE_S: Final = 900.0
"""Orders are carried out within minutes; what is in the way for longer is left for a later run."""
READ_BACK_AFTER_S: Final = (0.0, 1.0, 2.0, 7.0)
"""So long is waited before each reading of a subscription whose setting was taken: at once, and 1, 3 and 10 s after the answer."""
MOST_READS: Final = 6
"""So often a subscription that cannot be read is asked for, with `GAP_S` in between, while the marketplace answers other questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """The order may be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """It has to wait for so long."""

    gap_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilled:
    """The subscription is as the order asks already; there is nothing to send."""

    found: PlatformSubscription


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """It cannot be sent in this run."""

    code: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubted:
    """A person has to say whether it is wanted: another order for the subscription is in doubt, or may be this one."""

    held: OrderRecord


OnSilence = Callable[[OrderRecord, str], None]
Standing = Go | Later | Fulfilled | Unfit | Doubted


class Subscriptions:
    """The subscriptions of one run's orders; safe between threads."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        marketplace: Marketplace,
        resolver: Resolver,
        clock: Clock,
        observer: Observer,
        on_silence: OnSilence,
        stop: threading.Event,
        pulled: Mapping[str, AsPulled],
    ) -> None:
        """Ask nothing yet.

        `on_silence` is called with an order and the reason where its subscription could not be read; `pulled` is what the workbook
        says that each order's subscription has, by order key.
        """
        self._on_silence = on_silence
        self._stop = stop
        self._ledger = ledger
        self._pulled = pulled
        self._contact = ChangeContact(ledger=ledger, marketplace=marketplace)
        self._marketplace = marketplace
        self._resolver = resolver
        self._clock = clock
        self._tell = observer
        self._lock = threading.Lock()
        self._read: dict[str, PlatformSubscription] = {}
        """By order key, its subscription as it was before the order was sent."""
        self._failures: dict[str, int] = {}
        self._in_the_way: dict[str, tuple[str, float]] = {}
        """By order key, the id of an order that is in its way, where it is known, and since when."""
        self._wait: WaitBegun | None = None

    def standing(self, order: OrderRecord) -> Standing:
        """Return what the order may do now. Raises `ReadFailed` where asking again would change nothing."""
        standing = self._standing(order)
        if isinstance(standing, Later):
            with self._lock:
                self._tell_wait()
        else:
            self.waits_no_more(order)
        return standing

    def waits_no_more(self, order: OrderRecord) -> None:
        """Note that nothing is in the order's way any more, or that it is settled all the same."""
        with self._lock:
            self._in_the_way.pop(order.key, None)
            self._tell_wait()

    def _standing(self, order: OrderRecord) -> Standing:
        if held := held_again(order, self._ledger.unsettled(order.account), self._clock.now()):
            return Doubted(held=held)
        try:
            return self._behind(order) or self._compared(order)
        except ReadFailed as failure:
            if failure.needs_setup:
                raise
            return self._kept_waiting(order, failure) if failure.is_busy else self._unread(order, failure)

    def _compared(self, order: OrderRecord) -> Standing:
        found = self._marketplace.get_subscription(target_of(order.body))
        today = self._resolver.marketplace_now().date()
        why = why_not(order, found, today)
        if found is None or why:
            return Unfit(code=UNFIT, why=why)
        if not needs_nothing(order, found):
            if changed := changed_since(order, found, self._pulled.get(order.key)):
                return Unfit(code=CHANGED, why=changed)
            return self._doubted(order, found) or self._understood(order, found)
        if type_of(order.body).shown_by is Shown.SEATS and (other := self._under_way(order)):
            self._wait_for(order, other.order_id)
            return self._for_a_while(order, _not_yet(other))
        return Fulfilled(found=found)

    def _doubted(self, order: OrderRecord, found: PlatformSubscription) -> Doubted | None:
        """Return the order as it is held where somebody else's may have done at a renewal what it asks for; None where none has."""
        foreign = self._ledger.foreign_orders(order.account, (order.customer_id,))
        alike = carried_out_unseen(order, foreign, found, self._resolver.marketplace_now())
        if not alike:
            return None
        recognised = Recognised(seen=tuple(alike), is_certain=False)
        return Doubted(held=held_back(order, recognised, self._clock.now()))

    def _under_way(self, order: OrderRecord) -> PlatformOrder | None:
        """Return an order that is about to change the seats that there are; None where there is none. Raises `ReadFailed`.

        Its own page says whether it is scheduled, which a list may call processing.
        """
        target = target_of(order.body)
        for status in UNDER_WAY:
            for entry in self._listed(order, status):
                is_bought = bool(entry.order_type) and is_purchase(entry.order_type)
                is_of_another = bool(entry.subscription_id) and not is_about(target, entry)
                if entry.status not in UNDER_WAY or is_bought or is_of_another:
                    continue
                whole = self._marketplace.get_order(entry.order_id) or entry
                is_ours = is_about(target, whole) or is_about(target, entry)
                if is_ours and (whole.status or entry.status) in UNDER_WAY:
                    return whole
        return None

    def _listed(self, order: OrderRecord, status: str) -> tuple[PlatformOrder, ...]:
        listed = self._marketplace.list_orders(customer_id=order.customer_id, status=status)
        if not listed.is_complete:
            raise ReadFailed(LIST_INCOMPLETE)
        return listed.orders

    def _wait_for(self, order: OrderRecord, other_id: str) -> None:
        with self._lock:
            self._in_the_way.setdefault(order.key, (other_id, self._clock.monotonic()))

    def _understood(self, order: OrderRecord, found: PlatformSubscription) -> Go | Unfit:
        """Return whether the account is known to understand what is sent."""
        line = line_of(order, found)
        if line is not None and (why := self._why_not_understood(order, found, line)):
            return Unfit(code=UNFIT, why=why)
        self._read[order.key] = found
        return Go()

    def _why_not_understood(self, order: OrderRecord, found: PlatformSubscription, line: ProductLine) -> str:
        body = json.loads(order.body)
        match type_of(order.body).shown_by:
            case Shown.SEATS:
                return self._contact.why_not(order, for_subscription(body, found), line)
            case Shown.ENDED:
                return self._contact.why_no_cancellation(order, body, line)
            case Shown.AUTO_RENEW | Shown.ORDER:
                return ""

    def body(self, order: OrderRecord, body: dict[str, Any]) -> dict[str, Any]:
        """Return the body with the product named as the subscription has it, which stands where the account looks for it."""
        found = self._read.get(order.key)
        line = line_of(order, found) if found else None
        if found is None or line is None:
            return body
        match type_of(order.body).shown_by:
            case Shown.ENDED:
                return with_line(body, line, self._contact.lines(order))
            case Shown.SEATS | Shown.AUTO_RENEW | Shown.ORDER:
                return placed(for_subscription(body, found), self._contact.place(order))

    def weighed(self, order: OrderRecord, answer: Reply | NoReply | None, verdict: Verdict) -> Verdict:
        """Return what an answer means that is without a verdict, in the platform's words for what acts on subscriptions."""
        if is_setting(order.body):
            return verdict if isinstance(verdict, NotProcessed) else self._read_back(order, verdict)
        said = refusal(answer)
        if not isinstance(verdict, Rejected) and not (said and isinstance(verdict, NoVerdict)):
            return verdict
        # A gateway may have repeated the request: our own order is in the way then, or has left nothing to do.
        others = None if may_be_own_doing(order, verdict.words) else self._others(order)
        number = said.order_number if isinstance(said, Busy) else ""
        other_id = others.get(number) or self._from_before(order, number) if others is not None else ""
        if others is None or (number and not other_id):
            return NoVerdict(
                reason="It was refused, perhaps because it was carried out before.", words=verdict.words
            )
        if not isinstance(said, Busy):
            return Rejected(words=verdict.words)
        self._wait_for(order, other_id)
        return NotProcessed(reason=verdict.words, code=BUSY, wait_s=GAP_S)

    def _read_back(self, order: OrderRecord, verdict: Verdict) -> Verdict:
        """Return what a reading of the subscription says, whatever was answered to its setting; what was taken may show a little later."""
        is_taken = isinstance(verdict, Accepted)
        for wait_s in READ_BACK_AFTER_S if is_taken else READ_BACK_AFTER_S[:1]:
            if wait_s and self._clock.wait(wait_s, self._stop):
                break
            try:
                if self._resolver.is_set(order):
                    (done,) = DONE
                    return Accepted(order_id="", platform_status=done)
            except ReadFailed as failure:
                return NoVerdict(reason="Its subscription cannot be read.", words=failure.message)
        if not is_taken:
            return verdict
        return NoVerdict(reason="It was answered, but the subscription does not show it yet.")

    def close(self) -> None:
        """Let nobody wait any more."""
        with self._lock:
            self._in_the_way.clear()
            self._tell_wait()

    def _others(self, order: OrderRecord) -> dict[str, str] | None:
        """Return the customer's orders of late, id by number; None where one may be this one, or not all can be read.

        Surely none is another row's, one under another PO number, and one without any from before this one was sent.
        """
        try:
            reading = self._resolver.read(order)
        except ReadFailed:
            return None
        known = self._ledger.orders_by_id(order.account, [entry.order_id for entry in reading.entries])
        may_be_this = any(
            known[entry.order_id].key == order.key
            if entry.order_id in known
            else _may_be_made_now(order, entry)
            for entry in reading.entries
        )
        if may_be_this or not reading.is_complete:
            return None
        return {entry.order_number: entry.order_id for entry in reading.entries}

    def _from_before(self, order: OrderRecord, number: str) -> str:
        """Return the id of the order of that number, older than what is listed of late: another row's, or there before this was sent.

        Empty where it may be this one, or nobody knows it.
        """
        if not number:
            return ""
        for row in self._ledger.orders_of_customer(order.account, order.customer_id):
            if row.order_number == number:
                return row.order_id if row.key != order.key else ""
        foreign = self._ledger.foreign_orders(order.account, (order.customer_id,))
        remembered = [seen(entry) for entry in foreign]
        try:
            under_way = [entry for status in UNDER_WAY for entry in self._listed(order, status)]
        except ReadFailed:
            under_way = []
        known = [entry for entry in (*remembered, *under_way) if entry.order_number == number]
        return next((entry.order_id for entry in known if _is_from_before(order, entry)), "")

    def _behind(self, order: OrderRecord) -> Later | Unfit | None:
        """Return what the order has to do while another one is in its way; None once it is not."""
        with self._lock:
            order_id, _ = self._in_the_way.get(order.key, ("", 0.0))
        if not order_id:
            return None
        other = self._marketplace.get_order(order_id)
        if other is None or other.status in DONE | BROKEN | {SCHEDULED}:
            return None
        return self._for_a_while(order, _not_yet(other))

    def _kept_waiting(self, order: OrderRecord, failure: ReadFailed) -> Later | Unfit:
        """Return what the order has to do where an estimate was refused because another order is in its way."""
        try:
            other = self._under_way(order)
        except ReadFailed as unread:
            return self._unread(order, unread)
        self._wait_for(order, other.order_id if other else "")
        return self._for_a_while(order, failure.said)

    def _for_a_while(self, order: OrderRecord, why: str) -> Later | Unfit:
        with self._lock:
            _, since_s = self._in_the_way[order.key]
        is_over = self._clock.monotonic() - since_s >= PATIENCE_S
        return Unfit(code=BUSY, why=why) if is_over else Later(gap_s=GAP_S)

    def _unread(self, order: OrderRecord, failure: ReadFailed) -> Later | Unfit:
        with self._lock:
            self._failures[order.key] = self._failures.get(order.key, 0) + 1
            is_last = self._failures[order.key] >= MOST_READS
        self._on_silence(order, failure.message)
        if not is_last:
            return Later(gap_s=max(GAP_S, failure.retry_after_s or 0.0))
        return Unfit(code="S-GAVE-UP", why=failure.message)

    def _tell_wait(self) -> None:
        """Report one wait, from the first order that has another one in its way to the last one that goes."""
        if self._in_the_way and self._wait is None:
            self._wait = WaitBegun(
                what="other orders for the same subscriptions to be carried out",
                since=self._clock.now(),
                until=None,
                told_after_s=AT_ONCE_S,
            )
            self._tell(self._wait)
        elif not self._in_the_way and self._wait is not None:
            self._tell(WaitOver(wait=self._wait))
            self._wait = None


def _not_yet(other: PlatformOrder) -> str:
    return "{order} is not carried out yet.".format(order=other.order_number or other.order_id)


def _may_be_made_now(order: OrderRecord, entry: PlatformOrder) -> bool:
    """Tell whether an order that no row has may be what was just sent: by its PO number, or where it tells none by its time."""
    if entry.po_number:
        return carries_marker(order, entry)
    return resembles(order, entry) and not _is_older(order, entry)


def _is_from_before(order: OrderRecord, entry: PlatformOrder) -> bool:
    """Tell whether an order that no row has surely was there before this one was sent."""
    return _is_older(order, entry) and not carries_marker(order, entry)


def _is_older(order: OrderRecord, entry: PlatformOrder) -> bool:
    return bool(entry.created_at and order.sent_at and entry.created_at < order.sent_at - CLOCK_SKEW)
