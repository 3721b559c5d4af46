"""What the catalogue of the marketplace says of a product: how it is sold, how many of it, and what it brings along.

GET /products has an entry for each combination of vendor, commitment and billing; amounts and quantities are texts there.
What an entry does not say limits nothing: the marketplace itself has the last word.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from bulk_orders.core.json_values import number_of, text_of

Period: TypeAlias = tuple[str, str]
"""Type and duration in the API's words, as in `core.columns`: `("year", "1")`; two empty texts where nothing is said."""

NOT_SAID: Period = ("", "")

_AMBIGUOUS: Final = ("not unique", "ambiguous", "more than one product", "multiple products")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One entry of the catalogue."""

    mpn: str
    name: str = ""
    vendor: str = ""
    term: Period = NOT_SAID
    billing: Period = NOT_SAID
    smallest: int | None = None
    """Smallest quantity; None where the entry names none that makes sense, as for `largest`."""
    largest: int | None = None
    prices: tuple[tuple[Decimal, str], ...] = ()
    """Amount and currency of one licence for one billing period."""
    depends_on: tuple[str, ...] = ()
    """MPNs of products that the marketplace adds where they are not there yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an order wants of a product, as it is sent."""

    mpn: str
    vendor: str
    quantity: int
    term: Period
    billing: Period


def offer_of(entry: Mapping[str, Any]) -> Offer:
    """Read an entry as the marketplace gives it."""
    return Offer(
        mpn=text_of(entry.get("mpn")),
        name=text_of(entry.get("name")),
        vendor=text_of(entry.get("vendor")),
        term=period_of(entry.get("subscriptionPeriod")),
        billing=period_of(entry.get("billingPeriod")),
        smallest=_limit(entry.get("minimumQuantity")),
        largest=_limit(entry.get("maximumQuantity")),
        prices=tuple(_prices(entry.get("prices"))),
        depends_on=tuple(
            mpn for other in _objects(entry.get("dependsOn")) if (mpn := text_of(other.get("mpn")))
        ),
    )


def matching(offers: Sequence[Offer], asked: Asked) -> list[Offer]:
    """Return the offers that an order may mean; what an offer does not say, fits."""
    return [
        offer
        for offer in of_vendor(offers, asked.vendor)
        if _fits(offer.term, asked.term) and _fits(offer.billing, asked.billing)
    ]


def is_ambiguous(said: str) -> bool:
    """Return whether a refusal says that an MPN alone does not tell the product: it wants vendor, commitment and billing with it."""
    return any(sign in said.casefold() for sign in _AMBIGUOUS)


def _fits(offered: Period, asked: Period) -> bool:
    return offered == asked or NOT_SAID in {offered, asked}


def of_vendor(offers: Iterable[Offer], vendor: str) -> list[Offer]:
    """Return the offers of a vendor; all where none is named."""
    return [offer for offer in offers if not vendor or offer.vendor in {"", vendor}]


def limits(offers: Iterable[Offer]) -> tuple[int | None, int | None]:
    """Return the smallest and the largest quantity that one of the offers allows; None where one sets no limit."""
    found = list(offers)
    least = [offer.smallest for offer in found if offer.smallest is not None]
    most = [offer.largest for offer in found if offer.largest is not None]
    return (
        min(least) if least and len(least) == len(found) else None,
        max(most) if most and len(most) == len(found) else None,
    )


def period_of(period: Any) -> Period:
    """Return a period such as `{"type": "year", "duration": 1}` in the API's words."""
    if not isinstance(period, Mapping) or not text_of(period.get("type")):
        return NOT_SAID
    duration = number_of(period.get("duration", 1))
    return text_of(period.get("type")).lower(), "" if duration is None else f"{duration.normalize():f}"


def _limit(value: Any) -> int | None:
    number = number_of(value)
    return int(number) if number is not None and number >= 1 and number == int(number) else None


def _prices(prices: Any) -> Iterable[tuple[Decimal, str]]:
    for price in _objects(prices):
        if text_of(price.get("type")) in {"", "recurring"}:
            amount = number_of(price.get("amount"))
            if amount is not None:
                yield amount, text_of(price.get("currency"))


def _objects(value: Any) -> Iterable[Mapping[str, Any]]:
    return (entry for entry in value if isinstance(entry, Mapping)) if isinstance(value, list) else ()
