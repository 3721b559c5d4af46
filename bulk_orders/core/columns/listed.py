"""What can be said about a column of a sheet that a pull fills: subscriptions, customers, the catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bulk_orders.core.columns.shapes import Kind
from bulk_orders.core.columns.table import folded


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedColumn:
    """One column of such a sheet."""

    name: str
    header: str
    help: str
    """What it is; shown as the note of the header."""
    width: int
    kind: Kind = Kind.TEXT
    is_wanted: bool = False
    """Whether people fill it; what they wrote is kept when the sheet is pulled again."""


def by_spelling(columns: Iterable[ListedColumn]) -> Mapping[str, ListedColumn]:
    """Return the columns by what is compared of a header: its words, or the column's name."""
    return {folded(spelling): entry for entry in columns for spelling in (entry.header, entry.name)}
