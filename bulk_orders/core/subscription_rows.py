"""The rows of the sheet Subscriptions, and what becomes of a difference in one: a `WantedChange`."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final, TypeAlias

from bulk_orders.core.columns import subscriptions as columns
from bulk_orders.core.columns.subscriptions import AUTO_RENEW_AFTER, SEATS_AFTER
from bulk_orders.core.model import CellNote, SheetTable
from bulk_orders.core.order_types import OrderType

PULLED_AT: Final = "%Y-%m-%d %H:%M"
"""How a sheet says when it was pulled, in UTC."""
_DIGEST_LETTERS: Final = 12
"""48 bits: two of a thousand wishes of a subscription share a reference with a chance of one in five hundred million."""
RowKey: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsPulled:
    """What a workbook says of a subscription, to be compared with the marketplace before anything is sent."""

    had: int | bool
    """Seats, or whether it is renewed."""
    renewal_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedChange:
    """One difference between what a subscription has and what it shall have."""

    action: OrderType
    subscription_id: str
    customer_id: str
    mpn: str
    vendor: str
    product_name: str
    now: int | bool
    """Seats, or whether it is renewed: as pulled, to be compared with what the marketplace says before anything is sent."""
    after: int | bool
    """The new total of seats, never how many more; or whether it shall be renewed."""
    renewal_date: date | None
    sheet_row: int
    """Of the sheet Subscriptions, as Excel numbers it."""
    read_at: str = ""
    """When the sheet was pulled, as it says."""

    @property
    def reference(self) -> str:
        """Return the reference under which this is ordered once, in whatever workbook it stands.

        The same difference before the same renewal is the same order, also after another pull. A setting is a new one with
        each pull: to set again what is set already costs nothing, and not to set it again could cost a year.
        """
        told = [self.mpn, self.action.key, str(self.now), str(self.after), str(self.renewal_date or "")]
        if not self.action.api:
            told.append(self.read_at)
        digest = hashlib.sha256(json.dumps([self.subscription_id, *told]).encode()).hexdigest()
        return f"{self.subscription_id}-{digest[:_DIGEST_LETTERS]}"

    @property
    def pulled_at(self) -> datetime | None:
        """Return when the sheet was pulled, aware UTC; None where it does not say."""
        try:
            return datetime.strptime(self.read_at, PULLED_AT).replace(tzinfo=UTC)
        except ValueError:
            return None

    @property
    def pulled(self) -> AsPulled:
        """Return what has to be as it was pulled."""
        return AsPulled(had=self.now, renewal_date=self.renewal_date)

    @property
    def is_of_seats(self) -> bool:
        """Whether the number of seats changes, and not what is set."""
        return not isinstance(self.after, bool)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRow:
    """One row of the sheet Subscriptions."""

    sheet_row: int
    texts: Mapping[str, str]
    """By the names of `core.columns.subscriptions`."""
    cells: Mapping[str, str]
    """Excel's address of each."""
    notes: Mapping[str, CellNote] = field(default_factory=dict)
    is_hidden: bool = False

    def text(self, name: str) -> str:
        """Return what a cell says, trimmed; empty where there is no such column."""
        return self.texts.get(name, "").strip()

    @property
    def has_wish(self) -> bool:
        """Whether somebody wrote that something shall be otherwise; When alone is no wish."""
        return any(self.text(name) or name in self.notes for name in (SEATS_AFTER, AUTO_RENEW_AFTER))


def keys_of(rows: Iterable[Mapping[str, str]]) -> list[RowKey]:
    """Return what makes each row the same row in every pull: subscription, product, and which of several such rows it is."""
    seen: Counter[tuple[str, ...]] = Counter()
    found: list[RowKey] = []
    for row in rows:
        named = tuple(row.get(name, "").strip() for name in columns.KEY)
        found.append((*named, seen[named]))
        seen[named] += 1
    return found


def rows_of(table: SheetTable) -> list[SubscriptionRow]:
    """Return the rows of a sheet whose columns have the names of `core.columns.subscriptions`."""
    places = {column.field: index for index, column in enumerate(table.columns) if column.field}
    letters = {name: table.columns[index].letter for name, index in places.items()}
    rows = []
    for number, cells in zip(table.sheet_rows, table.cells, strict=True):
        notes = {name: table.notes.get((number, letter)) for name, letter in letters.items()}
        rows.append(
            SubscriptionRow(
                sheet_row=number,
                texts={name: cells[index] for name, index in places.items()},
                cells={name: f"{letter}{number}" for name, letter in letters.items()},
                notes={name: note for name, note in notes.items() if note is not None},
                is_hidden=number in table.hidden_rows,
            )
        )
    return rows
