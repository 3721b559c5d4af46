"""The canary: the first order of a run is placed alone and read back, to prove that orders can be found again.

If its PO number did not survive, a lost answer could not be told from an order never made. Then the run stops before a
second order, and what was learnt (the other spelling of the PO number's key) is used from then on.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bulk_orders.core.identity import is_cut
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.order_types import is_setting
from bulk_orders.errors import ExitCode
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import Marketplace, OrderList, PlatformOrder, ReadFailed
from bulk_orders.sending.account_facts import SPELLINGS, AccountFacts

PROOF_LASTS: Final = timedelta(hours=24)
READ_BACK_AT_S: Final = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
LOOK_BACK: Final = timedelta(minutes=5)


FIRST_ORDER_TO_SHOW_UP: Final = "the first order to show up on the marketplace"
PO_NUMBER_CHANGED: Final = 'The marketplace changed our PO number "{sent}" to "{came_back}".'
NO_LOOKING_UP: Final = (
    "{what} Lost answers could not be looked up. To go on anyway, set allow_unmarked = true in the profile."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What reading the first order back told."""

    is_good: bool
    reason: str = ""
    exit_code: ExitCode = ExitCode.TRY_AGAIN_LATER


def is_shown(before: OrderRecord, after: OrderRecord) -> bool:
    """Tell whether a setting was sent, and its subscription shows it: one whose answer is lost is found in the same way."""
    is_sent = after.attempts > before.attempts and is_setting(after.body)
    return is_sent and after.state is State.ACCEPTED


class Canary:
    """Knows what is proven about an account, and proves it."""

    def __init__(
        self, *, facts: AccountFacts, marketplace: Marketplace, clock: Clock, allow_unmarked: bool
    ) -> None:
        """Take `allow_unmarked`: the user goes on although PO numbers do not survive."""
        self._facts = facts
        self._marketplace = marketplace
        self._clock = clock
        self._allow_unmarked = allow_unmarked

    def is_proven(self, longest: int) -> bool:
        """Return True when an order with a PO number of `longest` characters or more was read back within the last day.

        Where the account cuts PO numbers, one that was long enough to be cut proves it for all.
        """
        learnt = self._facts.learnt()
        if learnt.get("proven_name") == self._facts.po_name:
            is_long_enough = int(learnt["proven_length"]) >= min(longest, self._facts.longest_po or longest)
            proven_at = datetime.fromisoformat(learnt["proven_at"])
            if is_long_enough and self._clock.now() - proven_at < PROOF_LASTS:
                return True
        return self._allow_unmarked and learnt.get("po_lost") == "yes"

    def prove(self, order: OrderRecord, stop: threading.Event) -> Proof:
        """Read an accepted order back and remember what that tells."""
        seen = self._read_back(order, stop)
        if seen is None:
            return Proof(
                is_good=False,
                reason="Order {order} was accepted but cannot be read back yet.".format(
                    order=order.order_number or order.order_id
                ),
            )
        if seen.po_number and is_cut(seen.po_number, order.marker):
            self._remember_lag(order, stop)
            kept = len(seen.po_number)
            learnt = {} if kept == len(order.marker) else {"longest_po": str(kept)}
            self._facts.remember(
                proven_name=self._facts.po_name,
                proven_at=self._clock.now().isoformat(),
                proven_length=str(kept),
                **learnt,
            )
            return Proof(is_good=True)
        if seen.po_number:
            return self._changed(order, seen.po_number)
        return self._dropped(order)

    def _changed(self, order: OrderRecord, came_back: str) -> Proof:
        return self._lost(PO_NUMBER_CHANGED.format(sent=order.marker, came_back=came_back))

    def _dropped(self, order: OrderRecord) -> Proof:
        tried = self._facts.po_name
        dropped = {*self._facts.learnt().get("dropped", "").split(), tried}
        self._facts.remember(dropped=" ".join(sorted(dropped)))
        other = next((name for name in SPELLINGS if name not in dropped), "")
        if not other:
            return self._lost("The marketplace keeps no PO number, whichever spelling is used.")
        self._facts.remember(po_name=other)
        name = order.order_number or order.order_id
        return Proof(
            is_good=False,
            reason=(
                "Order {order} came back without its PO number: "
                'this account does not read "{tried}". The next order uses "{other}".'
            ).format(order=name, tried=tried, other=other),
        )

    def _lost(self, what: str) -> Proof:
        self._facts.remember(po_lost="yes")
        if self._allow_unmarked:
            return Proof(is_good=True)
        return Proof(
            is_good=False,
            reason=NO_LOOKING_UP.format(what=what),
            exit_code=ExitCode.SETUP_WRONG,
        )

    def _read_back(self, order: OrderRecord, stop: threading.Event) -> PlatformOrder | None:
        started_s = self._clock.monotonic()
        for at_s in READ_BACK_AT_S:
            if self._clock.wait(started_s + at_s - self._clock.monotonic(), stop):
                return None
            try:
                seen = self._marketplace.get_order(order.order_id)
            except ReadFailed:
                continue
            if seen is not None:
                return seen
        return None

    def _remember_lag(self, order: OrderRecord, stop: threading.Event) -> None:
        """Remember how late the list shows the order; what is not listed after a minute counts as that late."""
        started_s = self._clock.monotonic()
        for at_s in READ_BACK_AT_S:
            if self._clock.wait(started_s + at_s - self._clock.monotonic(), stop):
                return
            if any(entry.order_id == order.order_id for entry in self._listed(order)):
                break
        lag_s = self._clock.monotonic() - started_s
        if lag_s > self._facts.lag_s:
            self._facts.remember(lag_s=f"{lag_s:.1f}")

    def _listed(self, order: OrderRecord) -> tuple[PlatformOrder, ...]:
        since = (order.sent_at or self._clock.now()) - LOOK_BACK
        try:
            listed: OrderList = self._marketplace.list_orders(
                customer_id=order.customer_id, created_from=since
            )
        except ReadFailed:
            return ()
        return listed.orders
