"""From checked rows to what a run will do: which orders are new, which were ordered before, which are in doubt.

It reads the ledger and writes nothing: `runs` hands the plan to `Ledger.enlist`, which takes all of it or nothing.
"""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from bulk_orders.core.body import fill
from bulk_orders.core.identity import (
    PO_NAMES,
    Account,
    canonical,
    canonical_json,
    fingerprint,
    marker,
    order_key,
)
from bulk_orders.core.lifecycle import DROPPED, OrderRecord, State, Step, held_because, step
from bulk_orders.core.model import Order, Row
from bulk_orders.core.order_types import USUAL, target_of, type_of_key
from bulk_orders.core.recognition import LOOKALIKE_PERIOD, Recognised
from bulk_orders.core.summary import Disposition
from bulk_orders.ledger.interface import Ledger, RowRecord
from bulk_orders.sending.doubles import hold_doubles
from bulk_orders.sending.recognised_orders import adopted, compare

_MAY_EXIST = frozenset({State.ACCEPTED, State.UNKNOWN, State.IN_FLIGHT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a workbook asks for, when its run begins."""

    orders: tuple[Order, ...]
    not_ready: tuple[RowRecord, ...] = ()
    """Rows that gave no order."""
    brought: frozenset[str] = frozenset()
    """Order keys that a results workbook brought back."""
    in_doubt: tuple[OrderRecord, ...] = ()
    """The account's orders in doubt. A row that equals one of them was perhaps made because of the doubt: that it is found
    later is no reason to send the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run will do with each row."""

    rows: tuple[RowRecord, ...]
    """One for each row of the workbook, by sheet row."""
    new: tuple[OrderRecord, ...]
    again: tuple[tuple[OrderRecord, OrderRecord], ...]
    """(as read, as it shall be) for orders taken up again."""
    doubtful: tuple[OrderRecord, ...]
    """Sent by an earlier run, with an outcome nobody knows: to be looked up, not sent."""
    recognised: tuple[tuple[OrderRecord, Recognised], ...] = ()
    """Orders that the ledger knows and that the marketplace has, or may have, made by another ledger or by hand: to be told
    to the ledger, and planned again."""

    def only_first(self, number: int) -> "Plan":
        """Return the same with only the first `number` orders to be sent; the others are not taken up."""
        return self.only(frozenset(order.key for order in self.to_send[:number]))

    def only(self, chosen: frozenset[str]) -> "Plan":
        """Return the same with only the orders of these keys to be sent; the others are not taken up."""
        left = {order.key for order in self.to_send} - chosen
        return Plan(
            rows=tuple(
                replace(row, disposition=Disposition.NOT_CHOSEN)
                if row.key in left and row.disposition is Disposition.TO_SEND
                else row
                for row in self.rows
            ),
            new=tuple(order for order in self.new if order.key not in left),
            again=tuple(pair for pair in self.again if pair[1].key not in left),
            doubtful=self.doubtful,
            recognised=self.recognised,
        )

    @property
    def in_question(self) -> tuple[OrderRecord, ...]:
        """All orders to send, and those that wait for a person, as they would be recorded."""
        return (*self.new, *(after for _, after in self.again))

    @property
    def to_send(self) -> tuple[OrderRecord, ...]:
        """All orders to send, in row order."""
        pending = (order for order in self.in_question if order.state is State.PENDING)
        return tuple(sorted(pending, key=lambda order: order.sheet_row))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    row: Row
    sheet_row: int
    reference: str
    po_number: str
    fingerprint: str
    body: dict[str, Any]
    """Whole but for the PO number, which follows from the key."""


def build_orders(
    rows: Iterable[Row],
    *,
    templates: Mapping[str, Mapping[str, Any]],
    account: Account,
    row_keys: Mapping[int, str] | None = None,
    known: Mapping[str, OrderRecord] | None = None,
    longest_po: int | None = None,
) -> list[Order]:
    """Return the order of each row; PO numbers that we make are no longer than `longest_po`.

    `row_keys` are the keys that a results workbook brought back, by sheet row, and `known` the orders they name: such a
    row is that order, however it was sorted or edited since. Of rows that bring the same key (a copied row) the one
    with the order's own content is the order, else the first.
    """
    drafts = [_draft(row, templates) for row in rows]
    named = {_key(draft, account, 1) for draft in drafts if draft.reference}
    kept = _kept_keys(drafts, row_keys or {}, known or {}, named)
    used = set(kept.values())
    orders = []
    for draft in drafts:
        key = kept.get(draft.sheet_row) or _fresh_key(draft, account, used)
        used.add(key)
        orders.append(_order(draft, key, longest_po))
    return orders


def _fresh_key(draft: _Draft, account: Account, used: set[str]) -> str:
    """Return the key by reference or content; identical rows without a reference are numbered in their order."""
    for occurrence in itertools.count(1):
        key = _key(draft, account, occurrence)
        if key not in used or draft.reference:
            return key
    raise AssertionError("counting does not end")


def _key(draft: _Draft, account: Account, occurrence: int) -> str:
    return order_key(
        account,
        order_type=draft.row.values.get("order_type", USUAL.key),
        reference=draft.reference,
        po_number=draft.po_number,
        fingerprint=draft.fingerprint,
        occurrence=occurrence,
    )


def _draft(row: Row, templates: Mapping[str, Mapping[str, Any]]) -> _Draft:
    order_type = type_of_key(row.values.get("order_type", ""))
    body = fill(templates[order_type.template], row, po_number="to come")
    return _Draft(
        row=row,
        sheet_row=row.sheet_row,
        reference=row.values.get("reference", ""),
        po_number=row.values.get("po_number", ""),
        fingerprint=fingerprint(body),
        body=body,
    )


def _kept_keys(
    drafts: Sequence[_Draft],
    row_keys: Mapping[int, str],
    known: Mapping[str, OrderRecord],
    named: Collection[str],
) -> dict[int, str]:
    """Return the keys that rows brought back and may keep; `named` are those that the references of others make.

    A record that was erased does not tell its reference any more, but its key was made from it.
    """
    references = {draft.reference for draft in drafts}
    claims: dict[str, list[_Draft]] = defaultdict(list)
    for draft in drafts:
        key = row_keys.get(draft.sheet_row, "")
        if key not in known or (not draft.reference and key in named):
            continue
        reference = known[key].reference
        if draft.reference == reference or (not draft.reference and reference not in references):
            claims[key].append(draft)
    return {
        next(
            (draft for draft in rivals if draft.fingerprint == known[key].fingerprint), rivals[0]
        ).sheet_row: key
        for key, rivals in claims.items()
    }


def _order(draft: _Draft, key: str, longest_po: int | None) -> Order:
    po_number = draft.po_number or marker(key, longest_po)
    body = draft.body | {name: po_number for name in PO_NAMES if name in draft.body}
    values = draft.row.values
    return Order(
        key=key,
        sheet_row=draft.sheet_row,
        reference=draft.reference,
        customer_id=values.get("customer_id", ""),
        mpn=values.get("mpn", ""),
        quantity=values.get("quantity", ""),
        domain=values.get("domain", "") if values.get("tenant") == "new" else "",
        marker=po_number,
        body=canonical_json(canonical(body)),
        fingerprint=draft.fingerprint,
    )


def plan(
    wanted: Wanted,
    *,
    run_id: str,
    account: Account,
    ledger: Ledger,
    now: datetime,
    read_at: datetime | None = None,
) -> Plan:
    """Compare what is wanted with what the ledger remembers of itself and of the marketplace.

    `read_at` is when the account was read, by the marketplace's clock; None where that was not told, or it was not read.
    """
    known = ledger.orders_by_key([order.key for order in wanted.orders])
    rows: list[RowRecord] = list(wanted.not_ready)
    new: list[OrderRecord] = []
    again: list[tuple[OrderRecord, OrderRecord]] = []
    doubtful: list[OrderRecord] = []
    for order in wanted.orders:
        before = known.get(order.key)
        disposition = _disposition(order, before)
        rows.append(_row(run_id, order, before, disposition))
        if disposition is Disposition.DOUBTFUL_BEFORE and before is not None:
            doubtful.append(before)
        if disposition is Disposition.TO_SEND:
            fresh = OrderRecord(**_asked_for(order), account=str(account), run_id=run_id, enlisted_at=read_at)
            if before is None:
                new.append(fresh)
            else:
                again.append((before, _taken_up(before, fresh, now)))
    rows.sort(key=lambda row: row.sheet_row)
    # A new row was not known before it was read; only the workbook can say so.
    candidates = [replace(order, enlisted_at=None) for order in new] + [after for _, after in again]
    found = compare(candidates, ledger, brought=wanted.brought, now=read_at or now)
    new = [adopted(order, found[order.key], now) if order.key in found else order for order in new]
    new = _held_lookalikes(new, account=account, ledger=ledger, now=now)
    doubted = {order.key for order in (*wanted.in_doubt, *ledger.unsettled(str(account)))}
    return Plan(
        rows=tuple(rows),
        new=tuple(hold_doubles(new, ledger.orders_by_key(sorted(doubted)).values(), now)),
        again=tuple(again),
        doubtful=tuple(doubtful),
        recognised=tuple((before, found[before.key]) for before, _ in again if before.key in found),
    )


def _held_lookalikes(
    new: Sequence[OrderRecord], *, account: Account, ledger: Ledger, now: datetime
) -> list[OrderRecord]:
    """Hold new orders without a reference that ask for what was bought, or may have been, within the last 30 days.

    A row that was edited after it was ordered looks new; only a person can tell it from a second order of the same.
    """
    nameless = {order.customer_id for order in new if not order.reference}
    recent: dict[tuple[str, str, str], OrderRecord] = {}
    for customer_id in nameless:
        for old in ledger.orders_of_customer(str(account), customer_id):
            is_alike = old.state in _MAY_EXIST and not target_of(old.body)
            if is_alike and old.sent_at is not None and now - old.sent_at <= LOOKALIKE_PERIOD:
                recent[old.customer_id, old.mpn, old.quantity] = old
    return [_held(order, recent, now) for order in new]


def _held(
    order: OrderRecord, recent: Mapping[tuple[str, str, str], OrderRecord], now: datetime
) -> OrderRecord:
    old = recent.get((order.customer_id, order.mpn, order.quantity))
    if order.reference or old is None or order.state is not State.PENDING:
        return order
    name = (
        old.order_number
        or old.order_id
        or "row {row} of run {run_id}".format(row=old.sheet_row, run_id=old.run_id)
    )
    why = (
        "the same product and quantity went to this customer on {day:%d-%b-%Y} ({order}).".format(
            day=old.sent_at, order=name
        )
        if old.sent_at
        else "the same product and quantity went to this customer ({order}).".format(order=name)
    )
    return replace(order, state=State.HELD, **held_because(why, now))


def _disposition(order: Order, before: OrderRecord | None) -> Disposition:
    if before is None:
        return Disposition.TO_SEND
    match before.state:
        case State.ACCEPTED:
            is_same = before.fingerprint == order.fingerprint
            return Disposition.ORDERED_BEFORE if is_same else Disposition.CONFLICT
        case State.IN_FLIGHT | State.UNKNOWN:
            return Disposition.DOUBTFUL_BEFORE
        case _:
            return Disposition.TO_SEND


def _row(run_id: str, order: Order, before: OrderRecord | None, disposition: Disposition) -> RowRecord:
    row = RowRecord(run_id=run_id, sheet_row=order.sheet_row, disposition=disposition, key=order.key)
    if disposition is Disposition.CONFLICT and before is not None:
        who = order.reference or "This row"
        name = before.name
        return replace(
            row,
            code="E-ORDERED-BEFORE",
            message=(
                "{row} was ordered on {day:%d-%b-%Y} as {order}, with different content. "
                "It will not be sent again."
            ).format(row=who, day=before.accepted_at, order=name)
            if before.accepted_at
            else "{row} was ordered as {order}, with different content. It will not be sent again.".format(
                row=who, order=name
            ),
            fix="Give the changed row a reference of its own, or restore what was ordered.",
        )
    return row


def _asked_for(order: Order) -> dict[str, Any]:
    return {field.name: getattr(order, field.name) for field in fields(Order)}


def _taken_up(before: OrderRecord, fresh: OrderRecord, now: datetime) -> OrderRecord:
    # Its reference stays: a row whose reference was removed since is still its order.
    asked_for = _asked_for(fresh) | {"reference": before.reference}
    return step(
        before,
        Step.SUBMITTED_AGAIN,
        run_id=fresh.run_id,
        **asked_for,
        held_for=before.held_for if before.fingerprint == fresh.fingerprint else "",
        not_before=None,
        **_explanation(before, now),
    )


def _explanation(before: OrderRecord, now: datetime) -> dict[str, Any]:
    """Return what changes in what the record says of its state: only what will be sent again has nothing left to explain."""
    match before.state:
        case State.HELD:
            return {}
        case State.DROPPED:
            is_told = before.code == DROPPED and before.message
            by = " ({why})".format(why=before.message) if is_told else ""
            may_exist = "; it was sent before that, and may exist" if before.attempts else ""
            return held_because(
                "it was dropped before{by}{may_exist}.".format(by=by, may_exist=may_exist), now
            )
        case _:
            return {"code": "", "message": "", "http_status": None, "correlation_id": ""}
