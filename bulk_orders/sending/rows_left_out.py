"""Rows that a run leaves out, because they are hidden or say Skip, and what the ledger knows of them all the same.

People filter a results workbook down to what failed, correct it and run it. The rows that they do not see were ordered,
and the next results workbook must not call them "not sent". Nothing of this sends or looks up anything.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bulk_orders.core.identity import Account, order_key
from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.model import SheetTable
from bulk_orders.core.summary import LEFT_OUT, MAY_EXIST, Disposition
from bulk_orders.ledger.interface import Ledger, RowRecord
from bulk_orders.sending.planning import ORDER_TYPE

_TOLD_BY: Final = ("reference", "customer_id", "mpn", "quantity")
"""What has to be as it was ordered: a row that was edited since may be meant as another order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Tells of each row that is left out whether it is an order that the ledger knows."""

    account: Account
    ledger: Ledger
    orders: SheetTable
    row_keys: Mapping[int, str]
    """Order keys that a results workbook brought back, by sheet row."""

    def told(self, not_ready: Collection[RowRecord], besides: Collection[str]) -> list[RowRecord]:
        """Return the rows that gave no order, with what is known of those left out; `besides` are the keys of all others."""
        keys = self._keys({row.sheet_row for row in not_ready if row.disposition in LEFT_OUT})
        known = self.ledger.orders_by_key(sorted({key for key, _ in keys.values()} - set(besides)))
        used: set[str] = set()
        told = []
        for row in not_ready:
            key, values = keys.get(row.sheet_row, ("", ()))
            order = known.get(key)
            if order is None or key in used or order.account != str(self.account) or _said(order) != values:
                told.append(row)
                continue
            used.add(key)
            told.append(_with(row, order))
        return told

    def _keys(self, wanted: Collection[int]) -> dict[int, tuple[str, tuple[str, ...]]]:
        """Return, by sheet row, the key that the row would have and the values that tell orders apart."""
        if not wanted:
            return {}
        places = {found.field: place for place, found in enumerate(self.orders.columns) if found.field}
        found = {}
        for sheet_row, cells in zip(self.orders.sheet_rows, self.orders.cells, strict=True):
            if sheet_row in wanted:
                values = tuple(cells[places[name]].strip() if name in places else "" for name in _TOLD_BY)
                if key := self.row_keys.get(sheet_row) or self._key_of(values[0]):
                    found[sheet_row] = key, values
        return found

    def _key_of(self, reference: str) -> str:
        if not reference:
            return ""
        return order_key(
            self.account,
            order_type=ORDER_TYPE,
            reference=reference,
            po_number="",
            fingerprint="",
            occurrence=1,
        )


def _said(order: OrderRecord) -> tuple[str, ...]:
    return order.reference, order.customer_id, order.mpn, order.quantity


def _with(row: RowRecord, order: OrderRecord) -> RowRecord:
    if order.state is State.ACCEPTED:
        return replace(row, disposition=Disposition.ORDERED_BEFORE, key=order.key)
    # NOTE: one in doubt is told and is none of the run's own, which would be sent once somebody called them absent.
    return replace(row, key=order.key) if order.state in MAY_EXIST else row
