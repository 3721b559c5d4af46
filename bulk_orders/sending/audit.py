"""The audit: our accepted orders and the marketplace's of the same time match one to one, or somebody hears of it.

It is the last net: a duplicate that happens anyway (a gateway that replays, two ledgers at once) is found here,
while it can still be undone. It reads the account as it is read before sending, and records what it finds; it sends nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter

from bulk_orders.core.identity import is_marker
from bulk_orders.core.lifecycle import DUPLICATE, OrderRecord, State, Step, step
from bulk_orders.core.matching import (
    age,
    carries_marker,
    has_own_marker,
    is_said_to_be_another,
    matches_marker,
    may_be,
)
from bulk_orders.core.order_types import is_purchase, target_of
from bulk_orders.core.platform_status import CANCELLED
from bulk_orders.core.wording import counted
from bulk_orders.ledger.interface import Ledger, Superseded
from bulk_orders.marketplace.interface import PlatformOrder, ReadFailed
from bulk_orders.sending.account_look import AccountLook, AccountReading
from bulk_orders.sending.before_sending import LIST_INCOMPLETE
from bulk_orders.sending.lookup import Resolver
from bulk_orders.sending.purchases import (
    as_duplicate,
    cancel_before,
    duplicate_words,
    order_names,
    purchase_among,
    with_platform_facts,
)
from bulk_orders.sending.recognised_orders import hold_for_more


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """An order that the marketplace has more than once and not cancelled."""

    key: str
    sheet_row: int
    run_id: str
    orders: tuple[PlatformOrder, ...]
    cancel_before: datetime | None
    """Until when all of them can be cancelled; None where no moment is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFindings:
    """What the comparison told."""

    is_whole: bool
    """False when the marketplace could not be read whole, or does not list yet what it accepted: then nothing is proven, and
    it should be made again."""
    matched: int = 0
    """Accepted orders that are there, once."""
    duplicates: tuple[Duplicate, ...] = ()
    """Of whatever run."""
    alarms: tuple[str, ...] = ()
    """For each of them its sheet row and run, and all order numbers with the moment until which one can be cancelled; and
    the same for more orders than rows in doubt, and for orders under one PO number of ours whose row this ledger lost or did not send."""
    found: tuple[str, ...] = ()
    """Order keys that were in doubt or not sent and turned out to exist; adopted."""
    missing: tuple[str, ...] = ()
    """Order keys that are accepted and not on the marketplace's list."""
    seen: tuple[PlatformOrder, ...] = ()
    """Accepted orders as the marketplace lists them now."""
    others: int = 0
    """Orders that are not ours."""
    note: str = ""
    """Why it is incomplete."""
    read_at: datetime | None = None
    """The marketplace's time of the reading; None when it was not told."""
    in_doubt: tuple[str, ...] = ()
    """Where one run was asked about: its order keys of which nobody knows yet whether they were ordered."""


def audit(
    orders: Sequence[OrderRecord],
    *,
    account: str,
    since: datetime,
    window_s: float,
    ledger: Ledger,
    look: AccountLook,
    resolver: Resolver,
    now: datetime,
) -> AuditFindings:
    """Compare `orders` (of one account) with what the account holds since `since`, record duplicates, adopt what was in doubt.

    All that the ledger has for these customers is compared, of whatever run. An accepted order younger than `window_s` that
    is not listed makes the audit incomplete.
    """
    try:
        reading = look.read(orders[0].customer_id if orders else "", since=since)
        strangers = look.strangers(reading)
        known = _orders_of(ledger, account, orders, strangers)
        opened, is_whole = look.opened([entry for entry in strangers if _may_be_ours(entry, known)])
    except ReadFailed as error:
        return AuditFindings(is_whole=False, note=error.message)
    for rows in known.values():
        hold_for_more(rows, ledger, now)
    # Nothing was ordered, and there is no id, where a subscription was as it should be already.
    ours = {order.order_id: order for order in orders if order.state is State.ACCEPTED and order.order_id}
    by_id = {entry.order_id: entry for entry in reading.listed}
    orders_known = [_by_their_time(order, by_id) for rows in known.values() for order in rows]
    window = timedelta(seconds=window_s)
    twins, contested = _twins(orders_known, opened, window)
    if reading.is_whole and is_whole:
        twins |= {order.key: [] for order in orders if _is_settled(ledger, order, by_id, twins)}
    made_twice = {key: _compare(ledger, key, entries, by_id, now) for key, entries in twins.items()}
    duplicates = tuple(_duplicate(ledger, key, alive) for key, alive in made_twice.items() if alive)
    found = tuple(
        key
        for key, entries in twins.items()
        if not made_twice[key] and _adopt(ledger, resolver, key, entries)
    )
    missing = tuple(order.key for order_id, order in ours.items() if order_id not in by_id)
    young = _young(missing, ours.values(), reading, window, resolver.marketplace_now())
    return AuditFindings(
        is_whole=reading.is_whole and is_whole and not young,
        matched=len(ours) - len(missing),
        duplicates=duplicates,
        alarms=(
            *(_alarm(ledger.order(duplicate.key)) for duplicate in duplicates),
            *_surplus(contested),
            *_unclaimed(opened, strangers, orders_known),
        ),
        found=found,
        missing=missing,
        seen=tuple(by_id[order_id] for order_id in ours if order_id in by_id),
        others=len(strangers) - sum(len(entries) for entries in (*twins.values(), *contested.values())),
        note=_note(reading, young, is_whole=is_whole),
        read_at=reading.read_at,
    )


def _note(reading: AccountReading, young: int, *, is_whole: bool) -> str:
    if not reading.is_whole or not is_whole:
        return LIST_INCOMPLETE
    if not young:
        return ""
    return counted(
        young,
        "{number} order that was accepted is not on the marketplace's list yet.",
        "{number} orders that were accepted are not on the marketplace's list yet.",
    )


def _young(
    missing: Sequence[str],
    ours: Iterable[OrderRecord],
    reading: AccountReading,
    window: timedelta,
    now: datetime,
) -> int:
    """Return how many of the missing were sent so short a time ago that the list may only be late."""
    late = set(missing)
    begun = (reading.read_at or now) - window
    return sum(order.key in late and order.sent_at is not None and order.sent_at > begun for order in ours)


def _may_be_ours(entry: PlatformOrder, known: Mapping[str, Sequence[OrderRecord]]) -> bool:
    """Return True where the list leaves open that it is one of our customers' orders, sent by us."""
    rows = known.get(entry.customer_id, ())
    if not rows:
        return False
    return not entry.po_number or any(carries_marker(order, entry) for order in rows)


def _alarm(order: OrderRecord | None) -> str:
    return (
        "row {row} of run {run_id}: {message}".format(
            row=order.sheet_row, run_id=order.run_id, message=order.message
        )
        if order
        else ""
    )


def _unclaimed(
    opened: Sequence[PlatformOrder], strangers: Sequence[PlatformOrder], known: Sequence[OrderRecord]
) -> list[str]:
    """Return an alarm for each PO number of ours that is on several orders and on none that this ledger sent or recognised.

    A gateway may repeat a request whose row was edited and whose ledger was lost before anybody compared, or one that another
    copy of the ledger sent. Renewals and changes inherit PO numbers, so only purchases count.
    """
    by_id = {entry.order_id: entry for entry in (*strangers, *opened)}
    sent = {order.marker for order in known if _is_sent(order)}
    not_sent = {order.marker: order for order in known}
    by_marker: dict[str, list[PlatformOrder]] = {}
    for entry in by_id.values():
        po_number = entry.po_number or ""
        is_alive = entry.status not in CANCELLED and is_purchase(entry.order_type)
        if is_alive and is_marker(po_number) and po_number not in sent:
            by_marker.setdefault(po_number, []).append(entry)
    return [
        "{whose}: {message}".format(
            whose=_whose_number(po_number, not_sent.get(po_number)), message=duplicate_words(entries)
        )
        for po_number, entries in sorted(by_marker.items())
        if len(entries) > 1
    ]


def _whose_number(po_number: str, order: OrderRecord | None) -> str:
    if order is None:
        return "PO number {number}, which bulk-orders made for a row that this ledger does not know".format(
            number=po_number
        )
    return "row {row} of run {run_id}, which was not sent with this ledger".format(
        row=order.sheet_row, run_id=order.run_id
    )


def _by_their_time(order: OrderRecord, by_id: Mapping[str, PlatformOrder]) -> OrderRecord:
    """Return the order, sent no later than the marketplace made it.

    Our clock may have been a day wrong when it was noted, and an order that was recognised after its ledger was lost has no
    such note at all.
    """
    entry = by_id.get(order.order_id)
    if entry is None or entry.created_at is None:
        return order
    return replace(order, sent_at=min(order.sent_at or entry.created_at, entry.created_at))


def _is_sent(order: OrderRecord) -> bool:
    """Tell whether it was sent from here, or recognised there."""
    return order.attempts > 0 or order.state is State.ACCEPTED


def _may_be_there(order: OrderRecord, entry: PlatformOrder, window: timedelta) -> bool:
    """Tell whether it was sent from here, or recognised there after its ledger was lost, so that `entry` may be it or its double.

    A change under a user's own PO number is known by its subscription alone, and what is done to that by hand inherits the
    number: only what was made while it was on its way may be it.
    """
    if has_own_marker(order) or not target_of(order.body):
        return _is_sent(order)
    moments = [moment for moment in (order.sent_at, order.accepted_at, order.doubtful_at) if moment]
    is_in_time = not moments or entry.created_at is None or entry.created_at <= max(moments) + window
    return order.attempts > 0 and is_in_time


def _orders_of(
    ledger: Ledger, account: str, orders: Sequence[OrderRecord], strangers: Sequence[PlatformOrder]
) -> dict[str, tuple[OrderRecord, ...]]:
    """Return, by customer, all that the ledger knows of them, of whatever run: one whose own audit never came is compared too.

    The customers of the run itself come first.
    """
    theirs = {entry.customer_id for entry in strangers}
    first = [order.customer_id for order in orders if order.customer_id in theirs]
    customers = dict.fromkeys((*first, *sorted(theirs)))
    return {customer_id: ledger.orders_of_customer(account, customer_id) for customer_id in customers}


def _twins(
    orders: Sequence[OrderRecord], strangers: Sequence[PlatformOrder], window: timedelta
) -> tuple[dict[str, list[PlatformOrder]], dict[tuple[OrderRecord, ...], list[PlatformOrder]]]:
    """Return, by order key, the orders on the platform that carry its PO number although the ledger does not know them.

    Where rows share a PO number and their content, an order too many is told of the first of them; but while one of
    them is in doubt, it may be that one, and a person has to look: those come by the rows in doubt. So do orders that are
    older than a row in doubt says it was sent: our clock may have been wrong.
    """
    by_customer: dict[str, list[OrderRecord]] = {}
    for order in orders:
        by_customer.setdefault(order.customer_id, []).append(order)
    found: dict[str, list[PlatformOrder]] = {}
    contested: dict[tuple[OrderRecord, ...], list[PlatformOrder]] = {}
    for entry in sorted(strangers, key=age):
        theirs = by_customer.get(entry.customer_id, [])
        candidates = [
            order for order in theirs if _may_be_there(order, entry, window) and matches_marker(order, entry)
        ]
        doubtful = tuple(order for order in candidates if order.state is not State.ACCEPTED)
        if len(candidates) == 1 or (candidates and not doubtful):
            found.setdefault(candidates[0].key, []).append(entry)
        elif doubtful := doubtful or tuple(order for order in theirs if _is_perhaps(order, entry)):
            contested.setdefault(doubtful, []).append(entry)
    return found, contested


def _is_perhaps(order: OrderRecord, entry: PlatformOrder) -> bool:
    """Tell whether it may be what an order in doubt asked for, whenever it was made, and nobody said that it is not."""
    is_unsaid = not is_said_to_be_another(order, entry)
    return order.state is State.UNKNOWN and is_unsaid and bool(entry.po_number) and may_be(order, entry)


def _surplus(contested: Mapping[tuple[OrderRecord, ...], Sequence[PlatformOrder]]) -> list[str]:
    """Return an alarm where more orders are there than rows in doubt that could be theirs: some are too many."""
    alarms = []
    for doubtful, entries in contested.items():
        alive = [entry for entry in entries if entry.status not in CANCELLED]
        if len(alive) > len(doubtful):
            moment = cancel_before(alive)
            alarms.append(
                (
                    "there are more orders than rows in doubt (row {rows}): "
                    "{orders}. Cancel the extra orders{until}."
                ).format(
                    rows=", ".join(str(order.sheet_row) for order in doubtful),
                    orders=order_names(alive),
                    until=" before {moment:%Y-%m-%d %H:%M} UTC".format(moment=moment) if moment else "",
                )
            )
    return alarms


def _is_settled(
    ledger: Ledger,
    order: OrderRecord,
    by_id: Mapping[str, PlatformOrder],
    twins: Mapping[str, Sequence[PlatformOrder]],
) -> bool:
    """Tell whether the order that was too many is another row's by now: one with the same PO number and content."""
    asked = attrgetter("marker", "mpn", "quantity")
    is_alone = order.code == DUPLICATE and order.key not in twins and order.order_id in by_id
    return is_alone and any(
        other.key != order.key and other.order_id in by_id and asked(other) == asked(order)
        for other in ledger.orders_of_customer(order.account, order.customer_id)
    )


def _compare(
    ledger: Ledger,
    key: str,
    entries: Sequence[PlatformOrder],
    by_id: Mapping[str, PlatformOrder],
    now: datetime,
) -> tuple[PlatformOrder, ...]:
    """Record what became of an order that was made more than once; return those of them that are not cancelled, if several."""
    current = ledger.order(key)
    if current is None or current.state is not State.ACCEPTED:
        return ()
    # What was found to be so already has no order, until one that was sent before shows up late.
    named = current if current.order_id or not entries else with_platform_facts(current, entries[0])
    told = PlatformOrder(
        order_id=named.order_id,
        order_number=named.order_number,
        status=named.platform_status,
        created_at=named.accepted_at,
    )
    # Whoever read the list before the order was found, and writes after, has it among the others.
    others = [entry for entry in entries if entry.order_id != told.order_id]
    made = (replace(told, status=by_id.get(told.order_id, told).status), *others)
    alive = tuple(entry for entry in made if entry.status not in CANCELLED)
    marked = named
    if len(alive) > 1:
        marked = as_duplicate(named, made)
    elif alive and alive[0].order_id != named.order_id:
        # The one that is left is the order: of two, or where the next one made the platform delete what was scheduled.
        marked = with_platform_facts(named, alive[0])
    elif named.code == DUPLICATE:
        marked = replace(named, code="", message="")
    several = alive if len(alive) > 1 else ()
    if marked == current:
        return several
    after = replace(marked, version=step(current, Step.REFRESHED).version)
    note = "one is left: the others are cancelled, or another row's"
    if marked.code:
        note = "DUPLICATE: {message}".format(message=marked.message)
    elif named is not current:
        note = "found as {order}".format(order=named.name)
    try:
        ledger.advance(current, after, Step.REFRESHED, at=now, note=note)
    except Superseded:
        return _compare(ledger, key, entries, by_id, now)
    return several


def _duplicate(ledger: Ledger, key: str, alive: tuple[PlatformOrder, ...]) -> Duplicate:
    order = ledger.order(key)
    return Duplicate(
        key=key,
        sheet_row=order.sheet_row if order else 0,
        run_id=order.run_id if order else "",
        orders=alive,
        cancel_before=cancel_before(alive),
    )


def _adopt(ledger: Ledger, resolver: Resolver, key: str, entries: Sequence[PlatformOrder]) -> bool:
    current = ledger.order(key)
    if current is None or current.state is State.ACCEPTED:
        return False
    proof = purchase_among(current, entries)
    resolver.record_purchase(
        proof, note="found by the audit as {order}".format(order=proof.order_number or proof.order_id)
    )
    return True
