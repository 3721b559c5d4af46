"""The marketplace's customers and catalogue as rows of the sheets that pulls make. Nothing is changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from bulk_orders.core import sheet_names
from bulk_orders.core.catalog_prices import Move, PriceChange, RenewalPrice
from bulk_orders.core.columns.pulled import (
    CATALOG_COLUMNS,
    CUSTOMER_COLUMNS,
    PRICE_CHANGE_COLUMNS,
    RENEWAL_COLUMNS,
)
from bulk_orders.core.json_values import number_of, text_of
from bulk_orders.core.offers import offer_of
from bulk_orders.runs.listed_workbook import ListedKind
from bulk_orders.runs.subscription_sheet import period_label
from bulk_orders.sending.services import Services
from bulk_orders.sending.waits import waiting
from bulk_orders.writing import palette
from bulk_orders.writing.new_book.listing import Listing

CATALOG: Final = ListedKind(
    sheet=sheet_names.CATALOG,
    columns=CATALOG_COLUMNS,
    telling=frozenset({"mpn", "commitment", "billing", "unit_price", "unit_cost", "product_id"}),
    command="bulk-orders catalog pull",
)
_ADMINISTRATOR: Final = "admin"
_COLOURS: Final = {
    str(Move.RISES): palette.BAD,
    str(Move.GONE): palette.DOUBT,
    str(Move.FALLS): palette.GOOD,
    str(Move.NEW): palette.WAITING,
}

Record: TypeAlias = dict[str, str]
Listed: TypeAlias = tuple[list[Record], datetime]
"""Rows, and when they were read, aware UTC."""


def read_customers(services: Services) -> Listed:
    """Read the customers. Raises `MarketplaceDown`, `CredentialsRefused`, `ReadFailed`."""
    services.marketplace.sign_in()
    with waiting(services.observer, services.clock, "the list of customers"):
        entries = services.marketplace.list_customers()
    at = services.clock.now()
    return customer_records(entries, at), at


def read_catalog(services: Services) -> Listed:
    """Read the catalogue. Raises `MarketplaceDown`, `CredentialsRefused`, `ReadFailed`."""
    services.marketplace.sign_in()
    with waiting(services.observer, services.clock, "the catalogue"):
        entries = services.marketplace.list_products()
    at = services.clock.now()
    return catalog_records(entries, at), at


def customer_records(entries: Iterable[Mapping[str, Any]], at: datetime) -> list[Record]:
    """Return one row for each customer, whatever its status, by name; `at` is when they were pulled, aware UTC."""
    records = [_customer(entry, at) for entry in entries if text_of(entry.get("id"))]
    return sorted(records, key=lambda record: (record["company_name"].casefold(), record["customer_id"]))


def catalog_records(entries: Iterable[Mapping[str, Any]], at: datetime) -> list[Record]:
    """Return one row for each entry of the catalogue, by product and by how it is sold."""
    records = [_entry(entry, at) for entry in entries if text_of(entry.get("mpn"))]
    names = ("product_name", "mpn", "vendor", "commitment", "billing", "product_id")
    return sorted(records, key=lambda record: [record[name].casefold() for name in names])


def listing_of_customers(records: Sequence[Record], environment: str) -> Listing:
    """Return the sheet Customers of a pull."""
    return Listing(
        sheet=sheet_names.CUSTOMERS,
        legend="{environment}. As the marketplace has them. Columns with the same header can be copied into orders.xlsx.".format(
            environment=environment
        ),
        columns=CUSTOMER_COLUMNS,
        rows=records,
    )


def listing_of_catalog(records: Sequence[Record], environment: str) -> Listing:
    """Return the sheet Catalog of a pull."""
    return Listing(
        sheet=sheet_names.CATALOG,
        legend="{environment}. Each row is one way in which a product is sold. Prices are for one seat and billing period.".format(
            environment=environment
        ),
        columns=CATALOG_COLUMNS,
        rows=records,
    )


def listings_of_comparison(
    changes: Iterable[PriceChange], renewals: Iterable[RenewalPrice] | None, names: tuple[str, str]
) -> list[Listing]:
    """Return the sheets that say what differs between two pulls, named first the earlier one, and what renewals cost."""
    found = [
        Listing(
            sheet=sheet_names.PRICE_CHANGES,
            legend="From {before} to {after}. What is as it was is left out.".format(
                before=names[0], after=names[1]
            ),
            columns=PRICE_CHANGE_COLUMNS,
            rows=[change_of_price(change) for change in changes],
            colours=_COLOURS,
        )
    ]
    if renewals is not None:
        legend = "Subscriptions that are renewed at another price than now, by {after}. The marketplace has the last word."
        found.append(
            Listing(
                sheet=sheet_names.RENEWALS,
                legend=legend.format(after=names[1]),
                columns=RENEWAL_COLUMNS,
                rows=[price_of_renewal(renewal) for renewal in renewals],
                colours=_COLOURS,
            )
        )
    return found


def change_of_price(change: PriceChange) -> Record:
    """Return a changed price as texts by the names of the columns."""
    return {entry.name: _text(getattr(change, entry.name)) for entry in PRICE_CHANGE_COLUMNS}


def price_of_renewal(renewal: RenewalPrice) -> Record:
    """Return a renewal's price as texts by the names of the columns."""
    return {entry.name: _text(getattr(renewal, entry.name)) for entry in RENEWAL_COLUMNS}


def _customer(entry: Mapping[str, Any], at: datetime) -> Record:
    address = entry.get("address")
    place = address if isinstance(address, Mapping) else {}
    person = _contact(entry.get("contactPersons"))
    return {
        "customer_id": text_of(entry.get("id")),
        "company_name": text_of(entry.get("name")),
        "status": text_of(entry.get("status")),
        "external_id": text_of(entry.get("externalId")),
        "address": text_of(place.get("streetAddress")),
        "city": text_of(place.get("city")),
        "state": text_of(place.get("state")),
        "postal_code": text_of(place.get("postalCode")),
        "country": text_of(place.get("countryCode")),
        "contact": " ".join(filter(None, (text_of(person.get(name)) for name in ("firstName", "lastName")))),
        "email": text_of(person.get("email")),
        "phone": _phone(text_of(person.get("phoneNumber"))),
        "tax_number": text_of(entry.get("taxRegId")),
        "read_at": _moment(at),
    }


def _contact(persons: Any) -> Mapping[str, Any]:
    """Return the administrator, or else the first contact."""
    found = [person for person in persons if isinstance(person, Mapping)] if isinstance(persons, list) else []
    administrators = [person for person in found if text_of(person.get("type")) == _ADMINISTRATOR]
    return next(iter([*administrators, *found]), {})


def _phone(text: str) -> str:
    """Return a number as people write it; the platform keeps country, area, number and extension between signs `#`."""
    country, *rest = [part for part in text.split("#") if part] or [""]
    return f"+{country} {' '.join(rest)}" if "#" in text and rest and country.isdigit() else text


def _entry(entry: Mapping[str, Any], at: datetime) -> Record:
    offer = offer_of(entry)
    amount, currency = min(offer.prices, default=("", ""))
    cost = min((money for money, _ in offer_of({"prices": entry.get("costs")}).prices), default="")
    return {
        "mpn": offer.mpn,
        "product_name": offer.name,
        "vendor": offer.vendor,
        "commitment": period_label("commitment", offer.term),
        "billing": period_label("billing", offer.billing),
        "unit_price": _text(amount),
        "unit_cost": _text(cost),
        "currency": currency,
        "quantity_min": _text(offer.smallest),
        "quantity_max": _text(offer.largest),
        "depends_on": ", ".join(offer.depends_on),
        "product_id": text_of(entry.get("id")),
        "read_at": _moment(at),
    }


def _text(value: object) -> str:
    if value is None:
        return ""
    number = number_of(str(value)) if not isinstance(value, str) else None
    return str(value) if number is None else f"{number.normalize():f}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
