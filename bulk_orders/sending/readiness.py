"""Whether an order may be sent now, and as what: what it builds on, a new tenant or a subscription, has to be there first."""

import json
import threading
from collections.abc import Mapping
from typing import Any, Final

from bulk_orders.core.acting import as_done_before, wants_renewal
from bulk_orders.core.body import for_existing_tenant
from bulk_orders.core.body_shape import BodyShape, shaped
from bulk_orders.core.lifecycle import OrderRecord, State, Step
from bulk_orders.core.order_types import is_setting, target_of
from bulk_orders.core.reply import NoReply, Reply
from bulk_orders.core.subscription_rows import AsPulled
from bulk_orders.core.verdict import Verdict
from bulk_orders.ledger.interface import Ledger, Superseded
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import Marketplace
from bulk_orders.sending.attempts import gave_up
from bulk_orders.sending.customer_queues import CustomerQueues
from bulk_orders.sending.events import Observer, OrderSettled
from bulk_orders.sending.lookup import Resolver
from bulk_orders.sending.subscriptions import Doubted, Fulfilled, Go, Later, OnSilence, Subscriptions, Unfit
from bulk_orders.sending.tenants import GAPS_S, Standing, Tenants

_NO_TENANT: Final = "S-TENANT"


class Readiness:
    """What the orders of one run build on; safe between threads."""

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

        `on_silence` is called with an order and the reason where nothing said what it builds on: the marketplace may be away.
        `pulled` is what the workbook says that each order's subscription has, by order key.
        """
        self._ledger = ledger
        self._marketplace = marketplace
        self._resolver = resolver
        self._clock = clock
        self._tell = observer
        self._tenants = Tenants(ledger=ledger, marketplace=marketplace, clock=clock, observer=observer)
        self._subscriptions = Subscriptions(
            ledger=ledger,
            marketplace=marketplace,
            resolver=resolver,
            clock=clock,
            observer=observer,
            on_silence=on_silence,
            stop=stop,
            pulled=pulled,
        )

    def may_go(self, order: OrderRecord, queues: CustomerQueues) -> bool:
        """Return whether the order may be sent now; if not, it is put back, left for `resume`, given up, or done already.

        Raises `ReadFailed` where nothing can be read before a person does something about it.
        """
        if target_of(order.body):
            return self._may_act(order, queues)
        return not order.domain or self._may_use_tenant(order, queues)

    def _may_use_tenant(self, order: OrderRecord, queues: CustomerQueues) -> bool:
        match self._tenants.standing(order):
            case Standing.WAITS:
                queues.again(order, GAPS_S[0])
            case Standing.TOO_LATE:
                queues.settled(order)
            case Standing.FAILED:
                self._give_up(order, queues, code=_NO_TENANT)
            case _:
                return True
        return False

    def _may_act(self, order: OrderRecord, queues: CustomerQueues) -> bool:
        match self._subscriptions.standing(order):
            case Go():
                return True
            case Later(gap_s=gap_s):
                queues.again(order, gap_s)
            case Doubted(held=held):
                self._hold(order, held, queues)
            case Unfit(code=code, why=why):
                self._give_up(order, queues, code=code, message=why)
            case Fulfilled(found=found):
                self._resolver.record_purchase(
                    as_done_before(order, self._resolver.marketplace_now(), found),
                    note="the subscription is so already",
                )
                self._settle(order, State.ACCEPTED, queues)
        return False

    def _give_up(self, order: OrderRecord, queues: CustomerQueues, **why: str) -> None:
        if gave_up(self._ledger, order, self._clock.now(), **why):
            self._settle(order, State.GAVE_UP, queues)
        else:
            queues.settled(order)  # somebody else took it up; the ledger tells what came of it

    def _hold(self, order: OrderRecord, held: OrderRecord, queues: CustomerQueues) -> None:
        try:
            self._ledger.advance(order, held, Step.HELD_BACK, at=self._clock.now(), note=held.message)
        except Superseded:
            queues.settled(order)
        else:
            self._settle(order, State.HELD, queues)

    def _settle(self, order: OrderRecord, state: State, queues: CustomerQueues) -> None:
        self._tell(OrderSettled(sheet_row=order.sheet_row, state=state))
        queues.settled(order)

    def sent(self, order: OrderRecord, shape: BodyShape) -> Reply | NoReply:
        """Send the order once, as the account wants it, and return what came back."""
        if is_setting(order.body):
            target = target_of(order.body)
            return self._marketplace.set_auto_renewal(target, is_on=wants_renewal(order))
        body: dict[str, Any] = json.loads(order.body)
        if self._tenants.is_existing(order):
            body = for_existing_tenant(body)
        return self._marketplace.place(shaped(self._subscriptions.body(order, body), shape))

    def weighed(self, order: OrderRecord, answer: Reply | NoReply | None, verdict: Verdict) -> Verdict:
        """Return what an answer means, where it is about a subscription."""
        return self._subscriptions.weighed(order, answer, verdict) if target_of(order.body) else verdict

    def settled(self, order: OrderRecord) -> None:
        """Note that the order needs no more sending."""
        self._subscriptions.waits_no_more(order)

    def close(self) -> None:
        """Let nobody wait any more."""
        self._tenants.close()
        self._subscriptions.close()
