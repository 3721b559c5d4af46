"""What the marketplace lists becomes rows of the template: products with their limits, customers with their names.

It fills what the marketplace knows and states nothing: tenants, agreements and attestations are left to people.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetRole

Row = dict[str, str]

MOST_ROWS: Final = 5_000
"""Rows that lists and formulas of the template reach."""
_VENDOR: Final = "microsoft"
_ACTIVE: Final = "active"
_ATTESTED_NAME: Final = ("windows 365 business", "hybrid benefit")
"""The guide: these products need the offer attestation."""


def product_rows(entries: Iterable[Mapping[str, Any]], refreshed_on: date) -> list[Row]:
    """Return one row per part number of Microsoft's, by name; the catalogue has an entry for each term and billing."""
    by_mpn: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        mpn, vendor = _text(entry.get("mpn")), _text(entry.get("vendor"))
        if mpn and (not vendor or _VENDOR in vendor.casefold()):
            by_mpn.setdefault(mpn, []).append(entry)
    rows = [_product_row(mpn, offers, refreshed_on) for mpn, offers in by_mpn.items()]
    return sorted(rows, key=lambda row: (row["product_name"].casefold(), row["mpn"]))[:MOST_ROWS]


def customer_rows(entries: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return number and name of each customer that may order, by name."""
    rows = [
        {"customer_id": _text(entry.get("id")), "company_name": _text(entry.get("name"))}
        for entry in entries
        if _text(entry.get("id")) and _text(entry.get("status")).casefold() in {"", _ACTIVE}
    ]
    return sorted(rows, key=lambda row: (row["company_name"].casefold(), row["customer_id"]))[:MOST_ROWS]


def _product_row(mpn: str, offers: Sequence[Mapping[str, Any]], refreshed_on: date) -> Row:
    name = _text(offers[0].get("name"))
    amount, currency = _price(offers)
    needs_attestation = all(words in name.casefold() for words in _ATTESTED_NAME)
    return {
        "mpn": mpn,
        "product_name": name,
        "commitments_offered": _labels("commitment", [offer.get("subscriptionPeriod") for offer in offers]),
        "billing_offered": _labels("billing", [offer.get("billingPeriod") for offer in offers]),
        "quantity_min": _limit(min(_numbers(offers, "minimumQuantity"), default=None)),
        "quantity_max": _limit(max(_numbers(offers, "maximumQuantity"), default=None)),
        "unit_price": amount,
        "currency": currency,
        "offer_attestation_required": "Yes" if needs_attestation else "",
        "refreshed_on": refreshed_on.isoformat(),
    }


def _labels(name: str, periods: Sequence[Any]) -> str:
    """Return the drop-down's words for periods such as `{"type": "year", "duration": 1}`; nothing if one is not among them."""
    words = {choice.api: choice.label for choice in column(SheetRole.ORDERS, name).choices}
    found = [words.get(_period(period), "") for period in periods]
    return "; ".join(dict.fromkeys(found)) if all(found) else ""


def _period(period: Any) -> tuple[str, str]:
    if not isinstance(period, Mapping):
        return "", ""
    duration = _number(period.get("duration", 1))
    return _text(period.get("type")).lower(), "" if duration is None else f"{duration.normalize():f}"


def _price(offers: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return amount and currency of one licence, of a monthly bill if there is one, the cheapest of several."""
    prices = [
        (_period(offer.get("billingPeriod"))[0] != "month", amount, _text(price.get("currency")))
        for offer in offers
        for price in offer.get("prices") or ()
        if isinstance(price, Mapping)
        and _text(price.get("type")) in {"", "recurring"}
        and (amount := _number(price.get("amount"))) is not None
    ]
    if not prices:
        return "", ""
    _, amount, currency = min(prices)
    return f"{amount.normalize():f}", currency


def _numbers(offers: Sequence[Mapping[str, Any]], name: str) -> list[Decimal]:
    found = (_number(offer.get(name)) for offer in offers)
    return [number for number in found if number is not None]


def _limit(number: Decimal | None) -> str:
    """Return a whole number from 1; what is none, or not said, does not limit anything."""
    return f"{int(number)}" if number is not None and number >= 1 and number == int(number) else ""


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(_text(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, bool | dict | list) else str(value).strip()
