"""The account is read: what the marketplace lists since this ledger last read it, and which of those orders are not ours.

The same reading serves before the first order is sent, for an order in doubt, and for the audit. Each order that is not
ours is opened once, ever: what it says is kept in the ledger.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from bulk_orders.core.identity import is_marker
from bulk_orders.core.lifecycle import OrderRecord
from bulk_orders.core.matching import resembles
from bulk_orders.core.order_types import target_of
from bulk_orders.core.platform_status import SCHEDULED, UNDER_WAY
from bulk_orders.core.recognition import LOOKALIKE_PERIOD, customers_of
from bulk_orders.ledger.interface import AccountRecord, ForeignOrder, Ledger
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import Marketplace, PlatformOrder, ReadFailed
from bulk_orders.sending.events import Observer, Opening
from bulk_orders.sending.waits import AGAIN_AFTER_S

FIRST_LOOK: Final = LOOKALIKE_PERIOD
"""A ledger that never read the account reads so far back."""
CLOCK_DOUBT: Final = timedelta(hours=48)
"""Our own clock may have been a day wrong when it noted a moment."""
AFTER_THEIR_TIME: Final = timedelta(seconds=2)
"""The marketplace tells its time in whole seconds: an order made just now is not to be cut off by that."""


_ON_ITS_WAY: Final = {*UNDER_WAY, SCHEDULED}
CANNOT_OPEN: Final = "order {order_id} is listed but cannot be opened."


class TheirTime(Protocol):
    """The marketplace's clock (`lookup.Resolver`)."""

    def learn_their_time(self, customer_id: str) -> datetime | None:
        """Ask for it; None when it is not told. Raises `ReadFailed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReading:
    """What one reading of the account showed."""

    listed: tuple[PlatformOrder, ...]
    is_whole: bool
    """True only if nothing of that time can be missing from `listed`."""
    read_at: datetime | None
    """The marketplace's time of the reading; None when it was not told."""


class ForeignOrders:
    """Orders that are not ours: opened when they matter, and remembered."""

    def __init__(self, ledger: Ledger, marketplace: Marketplace) -> None:
        """Read nothing yet."""
        self._ledger = ledger
        self._marketplace = marketplace

    def among(self, account: str, listed: Sequence[PlatformOrder]) -> list[PlatformOrder]:
        """Return those of `listed` that no order of this ledger is."""
        ours = self._ledger.orders_by_id(account, [entry.order_id for entry in listed])
        return [entry for entry in listed if entry.order_id not in ours]

    def opened(self, account: str, entries: Sequence[PlatformOrder]) -> dict[str, PlatformOrder]:
        """Return `entries` (none of them ours) by order id, as the orders themselves say; without those that cannot be opened.

        Raises `ReadFailed`.
        """
        known = self.remembered(account, entries)
        wholes = [self.whole(account, entry, known) for entry in entries]
        return {whole.order_id: whole for whole in wholes if whole is not None}

    def remembered(self, account: str, entries: Sequence[PlatformOrder]) -> Mapping[str, ForeignOrder]:
        """Return, by order id, those of the customers of `entries` that were opened once."""
        customers = sorted({entry.customer_id for entry in entries})
        there = self._ledger.foreign_orders(account, customers) if entries else ()
        return {order.order_id: order for order in there if order.is_opened}

    def whole(
        self, account: str, entry: PlatformOrder, known: Mapping[str, ForeignOrder]
    ) -> PlatformOrder | None:
        """Return one of them, from memory where it was opened once; None when it cannot be opened. Raises `ReadFailed`."""
        remembered = known.get(entry.order_id)
        if remembered is not None:
            return replace(seen(remembered), status=entry.status or remembered.status)
        return self._open(account, entry)

    def _open(self, account: str, entry: PlatformOrder) -> PlatformOrder | None:
        is_whole = entry.products is not None and entry.po_number is not None
        return entry if is_whole else self.ask(account, entry)

    def ask(self, account: str, entry: PlatformOrder) -> PlatformOrder | None:
        """Read one of them whole, however well it is known, and remember it; None when it cannot be opened. Raises `ReadFailed`."""
        whole = self._marketplace.get_order(entry.order_id)
        if whole is None:
            return None
        whole = replace(whole, customer_id=whole.customer_id or entry.customer_id)
        record = self._ledger.account(account)
        self._ledger.record_reading(record, [foreign(account, whole, is_opened=True)])
        return whole


class AccountLook:
    """Reads one account for one ledger. The caller holds the ledger."""

    def __init__(
        self,
        *,
        account: str,
        ledger: Ledger,
        marketplace: Marketplace,
        clock: Clock,
        observer: Observer,
        their_time: TheirTime,
        window_s: float,
    ) -> None:
        """Take `window_s`, the settle window: what was made so long ago is listed."""
        self._account = account
        self._ledger = ledger
        self._marketplace = marketplace
        self._clock = clock
        self._tell = observer
        self._their_time = their_time
        self._window = timedelta(seconds=window_s)
        self._orders = ForeignOrders(ledger, marketplace)

    def read(self, customer_id: str, *, since: datetime | None = None) -> AccountReading:
        """List what was ordered since this ledger last read the account, and since `since`; remember what is not ours.

        `customer_id` is any customer, for a small question. A reading that is complete moves the place up to which the
        account is known; one that is not moves nothing. Raises `ReadFailed`.
        """
        now = self._their_time.learn_their_time(customer_id)
        record = self._ledger.account(self._account)
        begin = min(filter(None, (since, self._begin(record, now or self._clock.now()))))
        listed = self._marketplace.list_orders(
            created_from=begin, created_to=None if now is None else now + AFTER_THEIR_TIME
        )
        if listed.is_complete:
            strangers = self._orders.among(self._account, listed.orders)
            record = replace(record, read_up_to=now or record.read_up_to)
            self._ledger.record_reading(record, [foreign(self._account, entry) for entry in strangers])
        return AccountReading(listed=listed.orders, is_whole=listed.is_complete, read_at=now)

    def _begin(self, record: AccountRecord, now: datetime) -> datetime:
        """Return the moment from which on the account may hold what this ledger does not know."""
        if record.read_up_to is not None:
            return min(record.read_up_to, now) - self._window
        # A ledger of an older version noted no place, and knew all that was ordered before its newest run.
        newest = next((run for run in self._ledger.runs() if run.account == self._account), None)
        begun = now if newest is None else newest.started_at - CLOCK_DOUBT
        return min(begun, now - FIRST_LOOK)

    def strangers(self, reading: AccountReading) -> list[PlatformOrder]:
        """Return what the reading listed and no order of this ledger is."""
        return self._orders.among(self._account, reading.listed)

    def open_for(self, orders: Sequence[OrderRecord], now: datetime) -> None:
        """Open what is not ours of the customers of `orders` (to be sent), as far as it may be one of them or look like one.

        What is remembered as about to change a subscription of theirs is asked about again: it may be older than what is listed.
        Raises `ReadFailed`, when one of them cannot be opened too.
        """
        po_numbers = {order.marker for order in orders}
        acting = [order for order in orders if target_of(order.body)]
        there = self._ledger.foreign_orders(self._account, customers_of(orders))
        for entry in there:
            if entry.status in _ON_ITS_WAY and any(resembles(order, entry) for order in acting):
                self._orders.ask(self._account, seen(entry))
        shut = [seen(order) for order in there if _matters(order, po_numbers, now)]
        opened, is_whole = self.opened(shut)
        if not is_whole:
            missing = {entry.order_id for entry in shut} - {entry.order_id for entry in opened}
            raise ReadFailed(CANNOT_OPEN.format(order_id=min(missing)))

    def opened(self, entries: Sequence[PlatformOrder]) -> tuple[list[PlatformOrder], bool]:
        """Open `entries` (none of them ours); also says whether all could be opened. Reports progress every half minute.

        Raises `ReadFailed`.
        """
        told_s = self._clock.monotonic()
        known = self._orders.remembered(self._account, entries)
        found: list[PlatformOrder] = []
        for number, entry in enumerate(entries):
            if self._clock.monotonic() - told_s >= AGAIN_AFTER_S:
                told_s = self._clock.monotonic()
                self._tell(Opening(opened=number, total=len(entries)))
            whole = self._orders.whole(self._account, entry, known)
            found += [] if whole is None else [whole]
        return found, len(found) == len(entries)


def _matters(order: ForeignOrder, po_numbers: Collection[str], now: datetime) -> bool:
    """Return True while an order that was not opened may be one of ours, or look like one."""
    if order.is_opened or (order.products is not None and order.po_number is not None):
        return False
    if order.po_number is None or order.created_at is None or now - order.created_at <= LOOKALIKE_PERIOD:
        return True
    return is_marker(order.po_number) or order.po_number in po_numbers


_FACTS: Final = tuple(
    field.name for field in fields(ForeignOrder) if field.name not in {"account", "is_opened"}
)


def foreign(account: str, entry: PlatformOrder, *, is_opened: bool = False) -> ForeignOrder:
    """Return what is remembered of an order on the marketplace."""
    facts: dict[str, Any] = {name: getattr(entry, name) for name in _FACTS}
    return ForeignOrder(account=account, is_opened=is_opened, **facts)


def seen(order: ForeignOrder) -> PlatformOrder:
    """Return a remembered order, as the marketplace would show it."""
    return PlatformOrder(**{name: getattr(order, name) for name in _FACTS})
