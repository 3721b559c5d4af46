"""The marketplace's customers and catalogue as workbooks and DataFrames, and two pulls of the catalogue compared."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulk_orders.checking.data_frames import Frame, frame_of_records
from bulk_orders.core.catalog_prices import PriceChange, RenewalPrice, price_changes, renewal_prices
from bulk_orders.core.columns.listed import ListedColumn
from bulk_orders.core.columns.pulled import (
    CATALOG_COLUMNS,
    CUSTOMER_COLUMNS,
    PRICE_CHANGE_COLUMNS,
    RENEWAL_COLUMNS,
)
from bulk_orders.library.opening import Home, services_of
from bulk_orders.machine.clock import SystemClock
from bulk_orders.machine.places import check_folder
from bulk_orders.runs.listed_workbook import read_listed
from bulk_orders.runs.pulled_lists import (
    CATALOG,
    Listed,
    Record,
    change_of_price,
    listing_of_catalog,
    listing_of_customers,
    listings_of_comparison,
    price_of_renewal,
    read_catalog,
    read_customers,
)
from bulk_orders.runs.pulled_workbook import read_pulled
from bulk_orders.sending.events import Observer
from bulk_orders.settings.profiles import Profile
from bulk_orders.writing.new_book.listing import Listing, write_listings

if TYPE_CHECKING:
    from bulk_orders.sending.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPulled:
    """A list of the marketplace's, as it was read."""

    records: Sequence[Record]
    """Texts by the names of the columns."""
    columns: Sequence[ListedColumn]
    at: datetime
    path: Path | None = None
    """The workbook, where one was wanted."""

    def to_frame(self) -> Frame:
        """Return one row for each customer, or for each way in which a product is sold, as texts; blanks are empty."""
        return frame_of_records(self.records, [entry.name for entry in self.columns])


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogComparison:
    """What differs between two pulls of the catalogue."""

    changes: tuple[PriceChange, ...]
    """Rising prices first."""
    renewals: tuple[RenewalPrice, ...] | None
    """The earliest first; None where no subscriptions were given."""
    path: Path | None = None

    def to_frame(self) -> Frame:
        """Return one row for each price that is not as it was, as texts; blanks are empty."""
        names = [entry.name for entry in PRICE_CHANGE_COLUMNS]
        return frame_of_records(map(change_of_price, self.changes), names)

    def renewals_to_frame(self) -> Frame:
        """Return one row for each renewal that costs something else than now, as texts; blanks are empty."""
        names = [entry.name for entry in RENEWAL_COLUMNS]
        return frame_of_records(map(price_of_renewal, self.renewals or ()), names)


def pull_customers(
    profile: Profile,
    *,
    home: Home,
    workbook: Path | None = None,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
    operator: str = "",
) -> ListPulled:
    """Read the account's customers, whatever their status, with address and first contact; write them to `workbook`.

    Raises `MarketplaceDown`, `CredentialsRefused`, `ReadFailed` when the marketplace does not answer, and
    `ResultsNotWritten`.

    >>> customers = bulk_orders.pull_customers(bulk_orders.PRACTICE_PROFILE, home=home).to_frame()
    >>> customers.set_index("customer_id").loc["1000105563", "company_name"]
    '27 Rings Jewelers'
    """
    given = {"on_event": on_event, "stop": stop, "operator": operator}
    records, at = _read(read_customers, profile, home, workbook, **given)
    path = _written(workbook, [listing_of_customers(records, profile.environment)], "customers", at)
    return ListPulled(records=records, columns=CUSTOMER_COLUMNS, at=at, path=path)


def pull_catalog(
    profile: Profile,
    *,
    home: Home,
    workbook: Path | None = None,
    on_event: Observer | None = None,
    stop: threading.Event | None = None,
    operator: str = "",
) -> ListPulled:
    """Read the catalogue: one row for each way in which a product is sold, with prices and costs; write it to `workbook`.

    Raises `MarketplaceDown`, `CredentialsRefused`, `ReadFailed` when the marketplace does not answer, and
    `ResultsNotWritten`.

    >>> catalog = bulk_orders.pull_catalog(bulk_orders.PRACTICE_PROFILE, home=home).to_frame()
    >>> catalog.query("mpn == 'CFQ7TTC0LH16:0001'")[["commitment", "billing", "unit_price"]].to_numpy().tolist()[0]
    ['1 month', 'Monthly', '4.8']
    """
    given = {"on_event": on_event, "stop": stop, "operator": operator}
    records, at = _read(read_catalog, profile, home, workbook, **given)
    path = _written(workbook, [listing_of_catalog(records, profile.environment)], "catalog", at)
    return ListPulled(records=records, columns=CATALOG_COLUMNS, at=at, path=path)


def compare_catalogs(
    before: Path,
    after: Path,
    *,
    subscriptions: Path | None = None,
    due_before: date | None = None,
    workbook: Path | None = None,
) -> CatalogComparison:
    """Compare two workbooks of `pull_catalog`, the earlier one first, and write what differs to `workbook`. Nobody is asked.

    With `subscriptions`, a workbook of `pull_subscriptions`, the renewals that cost something else than now are told too;
    `due_before` leaves out those on that day or later. Raises `InputError` where a workbook is not one of these, and
    `ResultsNotWritten`.

    >>> bulk_orders.compare_catalogs(catalog, catalog).changes
    ()
    """
    _check_place(workbook)
    old, new = (read_listed(path, CATALOG).records() for path in (before, after))
    changes = price_changes(old, new)
    renewals = None
    if subscriptions is not None:
        rows = read_pulled(subscriptions).rows.values()
        renewals = renewal_prices(({**row.texts} for row in rows), new, due_before)
    listings = listings_of_comparison(changes, renewals, (before.name, after.name))
    path = _written(workbook, listings, "comparison", SystemClock().now())
    return CatalogComparison(changes=changes, renewals=renewals, path=path)


def _read(
    read: Callable[["Services"], Listed],
    profile: Profile,
    home: Home,
    workbook: Path | None,
    **given: Any,
) -> Listed:
    """Read a list; the place of the workbook is looked at first."""
    _check_place(workbook)
    with services_of(profile, home, **given) as services:
        return read(services)


def _check_place(workbook: Path | None) -> None:
    if workbook is not None:
        check_folder(workbook.parent)


def _written(workbook: Path | None, listings: Sequence[Listing], mark: str, at: datetime) -> Path | None:
    return write_listings(workbook, listings, mark=mark, at=at) if workbook else None
