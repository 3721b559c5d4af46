"""Unknown orders: looked for on the marketplace, adopted when found, else named for a person. Never sent again from here.

An order is ours when it carries our PO number; or, where the platform kept no PO number at all, when customer, product,
quantity and time agree and nothing else could be meant. Not finding it proves nothing here: a person decides.
"""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bulk_orders.clock import Clock
from bulk_orders.core.lifecycle import OrderRecord, State, Step, step
from bulk_orders.core.matching import matches_content, matches_marker
from bulk_orders.ledger.interface import Ledger, Superseded
from bulk_orders.marketplace.interface import Marketplace, PlatformOrder, ReadFailed
from bulk_orders.observe import LookedUp, Observer

WINDOW_BEFORE: Final = timedelta(minutes=5)
"""Clocks disagree: orders are looked for from so long before the attempt began."""
MAX_DETAIL_READS: Final = 50
"""List rows may lack the PO number; so many of them are opened for one look-up."""
LOOK_AGAIN_S: Final = (0.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0)
"""When a doubtful order is looked for again, counted from the end of sending."""


class Resolver:
    """Looks doubtful orders up and tells the ledger what it found."""

    def __init__(self, *, ledger: Ledger, marketplace: Marketplace, clock: Clock, observer: Observer) -> None:
        """Collaborators only; it keeps nothing of its own but a lock."""
        self._ledger = ledger
        self._marketplace = marketplace
        self._clock = clock
        self._tell = observer
        self._adopting = threading.Lock()

    def recover(self, account: str, *, run_id: str = "") -> int:
        """Attempts without an end become UNKNOWN; how many there were. Only for the holder of the ledger's lock."""
        found = [order for order in self._ledger.unsettled(account) if order.state is State.IN_FLIGHT]
        for order in found:
            after = step(
                order,
                Step.INTERRUPTED,
                code="S-NO-ANSWER",
                message="The run was interrupted while it was being sent.",
            )
            self._ledger.advance(
                order,
                after,
                Step.INTERRUPTED,
                at=self._clock.now(),
                note=f"noticed by run {run_id}" if run_id else "",
            )
        return len(found)

    def look_up_all(
        self, orders: Sequence[OrderRecord], *, settle_s: float, stop: threading.Event
    ) -> tuple[OrderRecord, ...]:
        """Look for each of `orders` until found, with growing gaps up to `settle_s`; those still unknown come back."""
        missing = list(orders)
        started_s = self._clock.monotonic()
        for at_s in LOOK_AGAIN_S:
            if not missing or at_s > settle_s:
                break
            if self._clock.wait(started_s + at_s - self._clock.monotonic(), stop):
                break
            missing = [order for order in missing if not self.look_up(order)]
        return tuple(missing)

    def look_up(self, order: OrderRecord) -> bool:
        """Read the marketplace once; True if the order was found and adopted. A failed read is no evidence of anything."""
        try:
            candidates, note = self._candidates(order)
        except ReadFailed as error:
            self._tell(LookedUp(sheet_row=order.sheet_row, is_found=False, note=error.message))
            return False
        found = self._adopt(order, candidates) if candidates else False
        self._tell(LookedUp(sheet_row=order.sheet_row, is_found=found, note=note))
        return found

    def candidates(self, order: OrderRecord) -> tuple[PlatformOrder, ...]:
        """The customer's orders around the attempt, opened where the list said too little. Raises `ReadFailed`."""
        sent_at = order.sent_at or self._clock.now()
        listed = self._marketplace.list_orders(
            customer_id=order.customer_id, created_from=sent_at - WINDOW_BEFORE
        )
        opened: list[PlatformOrder] = []
        for entry in listed.orders:
            lacks = entry.po_number is None or (entry.po_number == "" and entry.products is None)
            whole = (
                self._marketplace.get_order(entry.order_id)
                if lacks and len(opened) < MAX_DETAIL_READS
                else None
            )
            opened.append(whole or entry)
        return tuple(opened)

    def _candidates(self, order: OrderRecord) -> tuple[list[PlatformOrder], str]:
        found = self.candidates(order)
        by_marker = [entry for entry in found if matches_marker(order, entry)]
        if by_marker:
            return by_marker, f"{len(by_marker)} with our PO number"
        by_content = [entry for entry in found if matches_content(order, entry)]
        return by_content, f"{len(by_content)} with our content and no PO number"

    def _adopt(self, order: OrderRecord, candidates: Sequence[PlatformOrder]) -> bool:
        """Adopt the one candidate that no other order of ours has; two are for a person to tell apart."""
        with self._adopting:
            ours = self._ledger.orders_of_customer(order.account, order.customer_id)
            taken = {other.order_id for other in ours if other.order_id and other.key != order.key}
            free = [entry for entry in candidates if entry.order_id not in taken]
            rivals = [
                other
                for other in ours
                if other.key != order.key
                and other.state in {State.UNKNOWN, State.IN_FLIGHT}
                and any(matches_marker(other, entry) or matches_content(other, entry) for entry in free)
            ]
            if len(free) != 1 or rivals:
                return False
            self.record_purchase(
                with_platform_facts(order, free[0]),
                note=f"found as {free[0].order_number or free[0].order_id}",
            )
            return True

    def record_purchase(self, proof: OrderRecord, *, note: str) -> OrderRecord:
        """Proof of purchase is recorded whatever the order's state is by now; the record as written."""
        while True:
            current = self._ledger.order(proof.key)
            if current is None or (current.state is State.ACCEPTED and current.order_id == proof.order_id):
                return current or proof
            after = step(current, Step.FOUND, **_proof_fields(proof), code="", message="", not_before=None)
            try:
                self._ledger.advance(current, after, Step.FOUND, at=self._clock.now(), note=note)
            except Superseded:
                continue
            return after


def with_platform_facts(order: OrderRecord, found: PlatformOrder) -> OrderRecord:
    """The order with what the platform says of it."""
    return replace(
        order,
        order_id=found.order_id,
        order_number=found.order_number,
        subscription_id=found.subscription_id,
        platform_status=found.status,
        amount=found.amount,
        currency=found.currency,
        accepted_at=found.created_at or order.sent_at,
    )


def _proof_fields(proof: OrderRecord) -> dict[str, Any]:
    names = (
        "order_id",
        "order_number",
        "subscription_id",
        "platform_status",
        "amount",
        "currency",
        "accepted_at",
        "http_status",
        "correlation_id",
    )
    return {name: getattr(proof, name) for name in names}
