"""Before anything is sent the account is read, and what is there already is not sent: the same for new runs and resumed ones.

Read, tell the ledger what was recognised, and where another ledger's orders may still be on their way wait, and read again.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord, State, Step
from bulk_orders.core.recognition import Recognised, sign_of_another
from bulk_orders.errors import MarketplaceDown
from bulk_orders.ledger.interface import Superseded
from bulk_orders.marketplace.interface import ReadFailed
from bulk_orders.sending.account_look import AccountLook
from bulk_orders.sending.lookup import Resolver
from bulk_orders.sending.other_ledgers import OtherLedgers
from bulk_orders.sending.recognised_orders import concerned, foreign_of, held_back, known_beside, purchase
from bulk_orders.sending.services import Services

FRESH_S: Final = 30.0
"""What was read so long ago is read once more before anything is sent: somebody may have ordered while a person thought."""


CANNOT_READ_FIX: Final = "Nothing was sent; run again later."
LIST_INCOMPLETE: Final = "the marketplace's list of orders is not complete."


class BeforeSending:
    """One account, for one run. The caller holds the ledger."""

    def __init__(
        self, services: Services, *, look: AccountLook, resolver: Resolver, others: OtherLedgers
    ) -> None:
        """Read nothing yet."""
        self._services = services
        self._look = look
        self._resolver = resolver
        self._others = others
        self.read_at: datetime | None = None
        """The marketplace's time of the newest reading; None where it was not told."""
        self._read_s = float("-inf")
        """Our monotonic clock's time of its end."""

    def read(self, orders: Sequence[OrderRecord], *, brought: Collection[str] = ()) -> None:
        """Read the account for `orders`, which should be sent: what is not ours of their customers is in the ledger then.

        Raises `MarketplaceDown` when it cannot be read whole.
        """
        try:
            now = self._read(orders)
        except ReadFailed as error:
            raise MarketplaceDown(
                "The account's orders so far cannot be read: {reason}".format(reason=error.message),
                fix=CANNOT_READ_FIX,
            ) from None
        ledger = self._services.ledger
        foreign = foreign_of(orders, ledger)
        known = known_beside(concerned(orders, foreign), ledger, brought=brought, now=now)
        window = timedelta(seconds=self._others.window_s)
        self._others.saw(sign_of_another(orders, foreign, known, window))
        self._read_s = self._services.clock.monotonic()

    def _read(self, orders: Sequence[OrderRecord]) -> datetime:
        self._look_for_doubtful(orders)
        reading = self._look.read(orders[0].customer_id)
        if not reading.is_whole:
            raise ReadFailed(LIST_INCOMPLETE)
        self.read_at = reading.read_at
        now = self._resolver.marketplace_now()
        self._look.open_for(orders, now)
        return now

    def _look_for_doubtful(self, orders: Sequence[OrderRecord]) -> None:
        """Look for these customers' orders in doubt first: what is theirs is nobody else's."""
        customers = {order.customer_id for order in orders}
        for order in self._services.ledger.unsettled(orders[0].account):
            if order.state is State.UNKNOWN and order.customer_id in customers:
                self._resolver.look_up(order, beside=orders)

    def wait(self) -> bool:
        """Wait until nothing that another ledger sent can be on its way; True where the account has to be read once more.

        That is after a wait, and where the last reading is no longer fresh. Raises `Interrupted` when it is stopped meanwhile;
        nothing was sent.
        """
        has_waited = self._others.wait(self._services.stop)
        if has_waited or self._services.clock.monotonic() - self._read_s >= FRESH_S:
            return True
        self._others.have_arrived()
        return False

    def tell(self, order: OrderRecord, found: Recognised) -> None:
        """Record that an order which the ledger believed not to be made is there, or seems to be."""
        if found.is_certain:
            name = found.seen[0].order_number or found.seen[0].order_id
            self._resolver.record_purchase(
                purchase(order, found), note="recognised as {order}".format(order=name)
            )
            return
        now = self._services.clock.now()
        held = held_back(order, found, now)
        with suppress(Superseded):  # whoever wrote in between decided on it, or said the same
            self._services.ledger.advance(order, held, Step.HELD_BACK, at=now, note=held.message)
