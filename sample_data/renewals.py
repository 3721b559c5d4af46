"""Makes the samples about renewals: a workbook of subscriptions with wishes in it, and two pulls of the catalogue a month apart."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from bulk_orders.core.columns.subscriptions import NO, YES
from bulk_orders.core.model import CellNote
from bulk_orders.marketplace.parsing import subscription_of
from bulk_orders.runs.pull_subscriptions import PulledSubscription
from bulk_orders.runs.pulled_lists import catalog_records, listing_of_catalog
from bulk_orders.runs.subscription_sheet import sheet_rows
from bulk_orders.sandbox.catalogue import Catalogue, product_entry
from bulk_orders.sandbox.customers import practice_customers
from bulk_orders.sandbox.earlier import earlier_detail, earlier_subscriptions
from bulk_orders.writing.new_book.listing import write_listings
from bulk_orders.writing.new_book.subscriptions_book import OwnColumn, write_subscriptions

PULLED_AT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_A_MONTH_LATER: Final = datetime(2026, 12, 22, 9, 30, tzinfo=UTC)
_ENVIRONMENT: Final = "PRACTICE"
_SUBSCRIPTIONS: Final = 40
_FROM: Final = date(2027, 1, 1)
"""Earlier renewals would be over too soon."""
_READABLE: Final = 0o644
_MANAGERS: Final = ("Kim", "Noa", "Robin")
_WISHES: Final[Mapping[int, Mapping[str, str]]] = {
    0: {"seats_after": "20"},
    2: {"seats_after": "30", "when": "Now"},
    3: {"auto_renew_after": "No"},
    6: {"seats_after": "40"},
}
"""What is wished in which row, from 0; the first that is not renewed shall be."""
_DEARER: Final = {"CFQ7TTC0LH16:0001": 108, "CFQ7TTC0LFLX:0001": 105, "CFQ7TTC0HD33:0001": 110}
_CHEAPER: Final = {"CFQ7TTC0LHSF:0001": 95}
"""Per cent of the price a month before."""
_GONE: Final = "CFQ7TTC0JN4R:0002"
"""Its monthly commitment is not sold a month later."""


def make_renewals(path: Path) -> None:
    """Subscriptions that are renewed in 2027 and later, with five wishes and a column of one's own."""
    path.unlink(missing_ok=True)
    customers = practice_customers()
    found = earlier_subscriptions(_SUBSCRIPTIONS, Catalogue(), customers)
    pulled = [
        PulledSubscription(
            subscription=subscription_of(earlier_detail(entry, PULLED_AT.date())),
            customer_name=customers[entry.customer_id].name,
        )
        for entry in found.values()
        if entry.status == "active" and entry.renewal(PULLED_AT.date()) >= _FROM
    ]
    pulled.sort(key=lambda entry: (str(entry.subscription.renewal_date), entry.subscription.subscription_id))
    rows = [row | _WISHES.get(at, {}) for at, row in enumerate(sheet_rows(pulled, PULLED_AT))]
    ending = next(row for row in rows if row["auto_renew"] == NO)
    ending["auto_renew_after"] = YES
    values: list[tuple[str, CellNote | None]] = [
        (_MANAGERS[at % len(_MANAGERS)], None) for at in range(len(rows))
    ]
    own = OwnColumn(header="Account manager", values=values)
    write_subscriptions(path, rows, environment=_ENVIRONMENT, pulled_at=PULLED_AT, own=[own]).chmod(_READABLE)


def make_catalogs(earlier: Path, later: Path) -> None:
    """The practice catalogue, and the same a month later: three products cost more, one less, and one offer is gone."""
    offers = [product_entry(offer) for offer in Catalogue().offers]
    _write(earlier, offers, PULLED_AT)
    _write(later, [_moved(entry) for entry in offers if not _is_gone(entry)], _A_MONTH_LATER)


def _write(path: Path, entries: list[dict[str, Any]], at: datetime) -> None:
    path.unlink(missing_ok=True)
    listing = listing_of_catalog(catalog_records(entries, at), _ENVIRONMENT)
    write_listings(path, [listing], mark="catalog", at=at).chmod(_READABLE)


def _is_gone(entry: Mapping[str, Any]) -> bool:
    return entry["mpn"] == _GONE and entry["subscriptionPeriod"]["type"] == "month"


def _moved(entry: dict[str, Any]) -> dict[str, Any]:
    per_cent = {**_DEARER, **_CHEAPER}.get(entry["mpn"], 100)
    return entry | {name: [_priced(price, per_cent) for price in entry[name]] for name in ("prices", "costs")}


def _priced(price: Mapping[str, Any], per_cent: int) -> dict[str, Any]:
    cents = round(float(price["amount"]) * per_cent)
    return {**price, "amount": f"{cents // 100}.{cents % 100:02d}"}
