"""Pulled subscriptions as rows of the sheet Subscriptions, with what people had written beside them in an earlier workbook."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bulk_orders.core.columns.subscriptions import NO, WISHES, YES
from bulk_orders.core.columns.table import column
from bulk_orders.core.json_values import number_of
from bulk_orders.core.model import CellNote, SheetRole
from bulk_orders.core.offers import Period
from bulk_orders.core.subscription_rows import PULLED_AT, SubscriptionRow, keys_of
from bulk_orders.core.subscriptions import PlatformSubscription, ProductLine
from bulk_orders.runs.pull_subscriptions import PulledSubscription
from bulk_orders.runs.pulled_workbook import PulledSheet
from bulk_orders.writing.new_book.subscription_formulas import Row
from bulk_orders.writing.new_book.subscriptions_book import OwnColumn

_NOTHING: Final[tuple[str, CellNote | None]] = ("", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Rows with what an earlier workbook had beside them."""

    rows: tuple[Row, ...]
    own: tuple[OwnColumn, ...] = ()
    lost: tuple[str, ...] = ()
    """Subscriptions with a wish, or a text in an own column, that were not pulled any more, or whose wish has no value."""


def sheet_rows(found: Iterable[PulledSubscription], at: datetime) -> list[dict[str, str]]:
    """Return one row for each product of each subscription; `at` is when they were pulled, aware UTC."""
    return [
        _row(pulled, line, at)
        for pulled in found
        for line in pulled.subscription.lines or (ProductLine(mpn="", name=pulled.subscription.name),)
    ]


def carry(rows: Sequence[dict[str, str]], earlier: PulledSheet) -> Carried:
    """Return the rows with the wishes of an earlier workbook, and its own columns in the order of these rows."""
    by_key = dict(zip(keys_of(rows), rows, strict=True))
    for key, row in by_key.items():
        if before := earlier.rows.get(key):
            row.update({name: before.text(name) for name in WISHES if _has_value(before, name)})
    own = tuple(
        OwnColumn(header=found.header, values=[found.values.get(key, _NOTHING) for key in by_key])
        for found in earlier.own
    )
    lost = [
        row.text("subscription_id") or "row {row}".format(row=row.sheet_row)
        for key, row in earlier.rows.items()
        if key not in by_key and (row.has_wish or any(key in found.values for found in earlier.own))
    ]
    without = [
        "{subscription} ({cell} has no value)".format(
            subscription=row.text("subscription_id"), cell=row.cells[name]
        )
        for key, row in earlier.rows.items()
        if key in by_key
        for name in WISHES
        if name in row.notes and not _has_value(row, name)
    ]
    return Carried(rows=tuple(rows), own=own, lost=(*lost, *without))


def _has_value(row: SubscriptionRow, name: str) -> bool:
    """Tell whether somebody wrote something into the cell, and a result of its formula is stored."""
    return bool(row.text(name)) and row.notes.get(name) is not CellNote.FORMULA_STALE


def period_label(name: str, period: Period) -> str:
    """Return the word of the drop-down for a period, such as `1 year` or `Monthly`; the platform's own where there is none."""
    choices = column(SheetRole.ORDERS, name).choices
    known = next((choice.label for choice in choices if choice.api == period), None)
    return known if known is not None else " ".join(filter(None, reversed(period)))


def plain_amount(text: str) -> str:
    """Return an amount without zeros at its end, as a cell takes it for a number."""
    number = number_of(text)
    return text if number is None else f"{number.normalize():f}"


def _row(pulled: PulledSubscription, line: ProductLine, at: datetime) -> dict[str, str]:
    entry = pulled.subscription
    return {
        "subscription_id": entry.subscription_id,
        "customer_name": pulled.customer_name,
        "product_name": line.name or entry.name,
        "renewal_date": str(entry.renewal_date or ""),
        "seats": "" if line.seats is None else str(line.seats),
        "auto_renew": {True: YES, False: NO, None: ""}[entry.auto_renew],
        "unit_price": plain_amount(line.unit_price),
        "currency": line.currency,
        "commitment": period_label("commitment", entry.term),
        "billing": period_label("billing", entry.billing),
        "cancel_before": _window(entry, at),
        "status": entry.status,
        "under_way": pulled.under_way,
        "customer_id": entry.customer_id,
        "mpn": line.mpn,
        "vendor": line.vendor,
        "read_at": at.strftime(PULLED_AT),
    }


def _window(entry: PlatformSubscription, at: datetime) -> str:
    until = entry.cancel_before
    return str(until) if until is not None and until > at.date() else ""
