"""Rows that a run leaves out, because they are hidden or say Skip, and what the ledger knows of them anyway.

People filter a results workbook down to what failed, correct it and run it. The rows that they do not see were ordered,
and the next results workbook must not call them "not sent". Nothing of this sends or looks up anything.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from bulk_orders.core.identity import Account, order_key
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.model import SheetTable
from bulk_orders.core.order_types import type_named
from bulk_orders.core.summary import LEFT_OUT, TOLD_ALL_THE_SAME, Disposition
from bulk_orders.ledger.interface import Ledger, RowRecord

_TOLD_BY: Final = ("reference", "customer_id", "mpn", "quantity")
"""What has to be as it was ordered: a row that was edited since may be meant as another order."""


def recognise(
    not_ready: Collection[RowRecord],
    *,
    account: Account,
    ledger: Ledger,
    orders: SheetTable,
    row_keys: Mapping[int, str],
    exclude: Collection[str],
) -> list[RowRecord]:
    """Return the rows that gave no order, each of those left out with the order of the ledger that it is.

    `row_keys` are the order keys that a results workbook brought back, by sheet row; `exclude` are the keys of the
    rows that did give an order.
    """
    left_out = {row.sheet_row for row in not_ready if row.disposition in LEFT_OUT}
    keys = _keys(left_out, account, orders, row_keys)
    known = ledger.orders_by_key(sorted({key for key, _ in keys.values()} - set(exclude)))
    used: set[str] = set()
    rows = []
    for row in not_ready:
        key, values = keys.get(row.sheet_row, ("", ()))
        order = known.get(key)
        if order is None or key in used or order.account != str(account) or _said(order) != values:
            rows.append(row)
            continue
        used.add(key)
        rows.append(_with(row, order))
    return rows


def _keys(
    wanted: Collection[int], account: Account, orders: SheetTable, row_keys: Mapping[int, str]
) -> dict[int, tuple[str, tuple[str, ...]]]:
    """Return, by sheet row, the key that the row would have and the values that tell orders apart."""
    if not wanted:
        return {}
    places = {found.field: place for place, found in enumerate(orders.columns) if found.field}
    found = {}
    for sheet_row, cells in zip(orders.sheet_rows, orders.cells, strict=True):
        if sheet_row in wanted:
            values = tuple(cells[places[name]].strip() if name in places else "" for name in _TOLD_BY)
            typed = cells[places["order_type"]] if "order_type" in places else ""
            if key := row_keys.get(sheet_row) or _key_of(values[0], type_named(typed).key, account):
                found[sheet_row] = key, values
    return found


def _key_of(reference: str, order_type: str, account: Account) -> str:
    if not reference:
        return ""
    return order_key(
        account, order_type=order_type, reference=reference, po_number="", fingerprint="", occurrence=1
    )


def _said(order: OrderRecord) -> tuple[str, ...]:
    return order.reference, order.customer_id, order.mpn, order.quantity


def _with(row: RowRecord, order: OrderRecord) -> RowRecord:
    if order.state is State.ACCEPTED:
        return replace(row, disposition=Disposition.ORDERED_BEFORE, key=order.key)
    # NOTE: one in doubt is told and is none of the run's own, which would be sent once somebody called them absent.
    return replace(row, key=order.key) if order.state in TOLD_ALL_THE_SAME else row
