"""What the commands print that read the marketplace's subscriptions, customers and catalogue."""

from collections.abc import Sequence
from typing import Any, Final

from schema_shapes import ENVIRONMENT, NUMBER, TEXT_OR_NULL, TEXTS, a_list, an_object, ended

from bulk_orders.core.catalog_prices import Move
from bulk_orders.core.columns.listed import ListedColumn
from bulk_orders.core.columns.pulled import (
    CATALOG_COLUMNS,
    CUSTOMER_COLUMNS,
    PRICE_CHANGE_COLUMNS,
    RENEWAL_COLUMNS,
)
from bulk_orders.core.columns.shapes import Kind
from bulk_orders.core.columns.subscriptions import SUBSCRIPTION_COLUMNS
from bulk_orders.core.order_types import ORDER_TYPES
from bulk_orders.core.records import CHANGE_FIELDS


def texts_of(columns: Sequence[ListedColumn], may_lack: tuple[str, ...] = ()) -> dict[str, Any]:
    """A row of a pulled sheet, by the names of its columns."""
    return an_object(may_lack, **{entry.name: TEXT_OR_NULL for entry in columns})


def pulled(name: str, columns: Sequence[ListedColumn]) -> dict[str, Any]:
    return ended(
        environment=ENVIRONMENT,
        counts=an_object(rows=NUMBER),
        rows=a_list(texts_of(columns)),
        next=TEXTS,
        files=an_object(**{name: TEXT_OR_NULL}),
    )


FILLED_BY_EXCEL: Final = tuple(
    entry.name for entry in SUBSCRIPTION_COLUMNS if entry.is_wanted or entry.kind is Kind.FORMULA
)
"""What a row has only where somebody wished something."""
WISHED: Final = an_object(
    row=NUMBER,
    action={"enum": [known.label for known in ORDER_TYPES if known.acts_on_subscription]},
    **{name: TEXT_OR_NULL for name in CHANGE_FIELDS if name not in {"row", "action"}},
)


def pulled_definitions() -> dict[str, Any]:
    """The objects by name."""
    return {
        "subscriptions": ended(
            environment=ENVIRONMENT,
            counts=an_object(subscriptions=NUMBER, rows=NUMBER, ended=NUMBER, not_due=NUMBER),
            unread=TEXTS,
            lost=TEXTS,
            rows=a_list(texts_of(SUBSCRIPTION_COLUMNS, may_lack=FILLED_BY_EXCEL)),
            next=TEXTS,
            files=an_object(subscriptions=TEXT_OR_NULL, earlier=TEXT_OR_NULL),
        ),
        "customers": pulled("customers", CUSTOMER_COLUMNS),
        "catalog": pulled("catalog", CATALOG_COLUMNS),
        "price_changes": ended(
            counts=an_object(**{str(move): NUMBER for move in Move}),
            changes=a_list(texts_of(PRICE_CHANGE_COLUMNS)),
            renewals={"anyOf": [{"type": "null"}, a_list(texts_of(RENEWAL_COLUMNS))]},
            files=an_object(comparison=TEXT_OR_NULL),
        ),
    }
