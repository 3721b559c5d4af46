"""THE table of columns: header recognition, checks, template, column reference and body mapping are made from it.

It has every column once. It does not know how cells are read or how a workbook is written.
The shapes are in `core.columns.shapes`, the entries in a module for each sheet; everybody else takes both from here.
"""

import unicodedata
from collections.abc import Mapping

from bulk_orders.core.columns.customers import AGREEMENT_COLUMNS, DETAIL_COLUMNS, IDENTITY_COLUMNS
from bulk_orders.core.columns.helper_columns import WORK_COLUMNS
from bulk_orders.core.columns.orders import ORDER_COLUMNS
from bulk_orders.core.columns.products import PRODUCT_COLUMNS
from bulk_orders.core.columns.shapes import Choice, Column, Kind, Need
from bulk_orders.core.model import SheetRole

__all__ = [
    "COLUMNS",
    "RESULT_COLUMNS",
    "RESULT_HEADERS",
    "TEXT_KINDS",
    "Choice",
    "Column",
    "Kind",
    "Need",
    "column",
    "columns_of",
    "folded",
    "kind_of",
    "recognised",
]

COLUMNS: tuple[Column, ...] = (
    *ORDER_COLUMNS,
    *IDENTITY_COLUMNS,
    *AGREEMENT_COLUMNS,
    *DETAIL_COLUMNS,
    *PRODUCT_COLUMNS,
    *WORK_COLUMNS,
)
"""Every column; those that people see sheet by sheet in template order, then the hidden ones."""

RESULT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("outcome", "Outcome"),
    ("message", "Message"),
    ("how_to_fix", "How to fix"),
    ("order_number", "Order number"),
    ("order_id", "Order ID"),
    ("subscription_id", "Subscription ID"),
    ("platform_status", "Marketplace status"),
    ("amount", "Amount"),
    ("currency", "Currency"),
    ("po_sent", "PO sent"),
    ("ordered_at", "Ordered at (UTC)"),
    ("cancel_before", "Cancel before (UTC)"),
    ("scheduled_for", "Scheduled for"),
    ("acceptance_link", "Acceptance link"),
    ("microsoft_ids", "Microsoft IDs"),
    ("attempts", "Attempts"),
    ("support_reference", "Support reference"),
    ("row_key", "row_key"),
    ("outcome_code", "outcome_code"),
    ("error_code", "error_code"),
    ("http_status", "http_status"),
    ("run_id", "run_id"),
    ("source_row", "source_row"),
    ("body_sha256", "body_sha256"),
)
"""(name, header) of what the results workbook adds on the right of the orders; the last seven are for machines."""

RESULT_HEADERS: frozenset[str] = frozenset(header for _, header in RESULT_COLUMNS)
"""Headers that a results workbook, read again, has on its Orders (or flat) sheet; Products has a Currency of its own."""


def folded(header: str) -> str:
    """Return what is compared of a header: letters and digits without case, so `PO number *` is `ponumber`."""
    return "".join(
        character for character in unicodedata.normalize("NFKC", header).casefold() if character.isalnum()
    )


TEXT_KINDS: frozenset[Kind] = frozenset({Kind.TEXT, Kind.DIGITS, Kind.EMAIL, Kind.DOMAIN, Kind.COUNTRY})
"""Of columns whose cells are read letter by letter."""


def kind_of(name: str) -> Kind | None:
    """Return how a column of this name is read, on whatever sheet; None for one that is not in the table."""
    return _KINDS.get(name)


def columns_of(role: SheetRole) -> tuple[Column, ...]:
    """Return a sheet's columns in template order, hidden ones after those to be seen, those outside the template last."""
    return _BY_ROLE[role]


def column(role: SheetRole, name: str) -> Column:
    """Return one column; a name that the sheet does not have is a `KeyError`."""
    return _BY_NAME[role, name]


def recognised(role: SheetRole, header: str) -> Column | None:
    """Return the column a typed header stands for: its header, name or an alias, compared as `folded`."""
    return _BY_SPELLING.get((role, folded(header)))


_BY_ROLE: Mapping[SheetRole, tuple[Column, ...]] = {
    role: tuple(
        sorted((entry for entry in COLUMNS if entry.sheet is role), key=lambda entry: not entry.in_template)
    )
    for role in SheetRole
}
_KINDS: Mapping[str, Kind] = {entry.name: entry.kind for entry in COLUMNS}
_BY_NAME: Mapping[tuple[SheetRole, str], Column] = {(entry.sheet, entry.name): entry for entry in COLUMNS}
_BY_SPELLING: Mapping[tuple[SheetRole, str], Column] = {
    (entry.sheet, folded(spelling)): entry
    for entry in COLUMNS
    for spelling in (entry.header, entry.name, *entry.aliases)
}
