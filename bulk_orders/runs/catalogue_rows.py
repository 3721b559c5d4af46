"""What the marketplace lists becomes rows of the template: products with their limits, customers with their names.

It fills what the marketplace knows and states nothing: tenants, agreements and attestations are left to people.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from bulk_orders.core.columns.table import column
from bulk_orders.core.json_values import text_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.offers import Offer, Period, offer_of
from bulk_orders.core.vendors import is_microsofts
from bulk_orders.writing.template.sheets import LIVE_ROWS

Row = dict[str, str]

_ACTIVE: Final = "active"
_ATTESTED_NAME: Final = ("windows 365 business", "hybrid benefit")
"""The guide: these products need the offer attestation."""


def product_rows(entries: Iterable[Mapping[str, Any]], refreshed_on: date) -> list[Row]:
    """Return one row per part number of Microsoft's, by name; the catalogue has an entry for each term and billing."""
    by_mpn: dict[str, list[Offer]] = {}
    for offer in map(offer_of, entries):
        if offer.mpn and is_microsofts(offer.vendor):
            by_mpn.setdefault(offer.mpn, []).append(offer)
    rows = [_product_row(mpn, offers, refreshed_on) for mpn, offers in by_mpn.items()]
    return sorted(rows, key=lambda row: (row["product_name"].casefold(), row["mpn"]))[:LIVE_ROWS]


def customer_rows(entries: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return number and name of each customer that may order, by name."""
    rows = [
        {"customer_id": text_of(entry.get("id")), "company_name": text_of(entry.get("name"))}
        for entry in entries
        if text_of(entry.get("id")) and text_of(entry.get("status")).casefold() in {"", _ACTIVE}
    ]
    return sorted(rows, key=lambda row: (row["company_name"].casefold(), row["customer_id"]))[:LIVE_ROWS]


def _product_row(mpn: str, offers: Sequence[Offer], refreshed_on: date) -> Row:
    name = offers[0].name
    amount, currency = _price(offers)
    needs_attestation = all(words in name.casefold() for words in _ATTESTED_NAME)
    return {
        "mpn": mpn,
        "product_name": name,
        "commitments_offered": _labels("commitment", [offer.term for offer in offers]),
        "billing_offered": _labels("billing", [offer.billing for offer in offers]),
        "quantity_min": _text(min((offer.smallest for offer in offers if offer.smallest), default=None)),
        "quantity_max": _text(max((offer.largest for offer in offers if offer.largest), default=None)),
        "unit_price": amount,
        "currency": currency,
        "offer_attestation_required": "Yes" if needs_attestation else "",
        "refreshed_on": refreshed_on.isoformat(),
    }


def _labels(name: str, periods: Sequence[Period]) -> str:
    """Return the drop-down's words for periods of the API; nothing if one is not among them."""
    words = {choice.api: choice.label for choice in column(SheetRole.ORDERS, name).choices}
    found = [words.get(period, "") for period in periods]
    return "; ".join(dict.fromkeys(found)) if all(found) else ""


def _price(offers: Sequence[Offer]) -> tuple[str, str]:
    """Return amount and currency of one licence, of a monthly bill if there is one, the cheapest of several."""
    prices = [
        (offer.billing[0] != "month", amount, currency)
        for offer in offers
        for amount, currency in offer.prices
    ]
    if not prices:
        return "", ""
    _, amount, currency = min(prices)
    return f"{amount.normalize():f}", currency


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
