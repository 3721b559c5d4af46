"""The rows of the sheet Subscriptions, and what becomes of a difference in one: a `WantedChange`."""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from bulk_orders.core.columns import subscriptions as columns
from bulk_orders.core.columns.subscriptions import AUTO_RENEW_AFTER, SEATS_AFTER
from bulk_orders.core.model import CellNote

RowKey: TypeAlias = tuple[str | int, ...]


class ChangeKind(enum.StrEnum):
    """What is changed about a subscription, and when."""

    SEATS_NOW = "change seats now"
    SEATS_AT_RENEWAL = "change seats at renewal"
    AUTO_RENEW_ON = "turn auto-renew on"
    AUTO_RENEW_OFF = "turn auto-renew off"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedChange:
    """One difference between what a subscription has and what it shall have."""

    kind: ChangeKind
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
