"""The rows of a sheet, and what the rules may ask of them: of their cells, of one another, and of what stands beside the sheet."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, TypeVar, cast

import numpy as np

from bulk_orders.checking.catalogue import Catalogue
from bulk_orders.checking.frame import BoolArray, IntArray, SheetFrame
from bulk_orders.checking.repeats import Repeats, keys_of
from bulk_orders.checking.result import OrderJoin
from bulk_orders.core.order_types import ON_SUBSCRIPTIONS
from bulk_orders.core.rule_constants import LARGEST_QUANTITY
from bulk_orders.core.vendors import is_microsofts

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the rules of a sheet know besides the sheet."""

    today: date = date.max
    own_domain: str = ""
    """The partner's e-mail domain, in small letters; empty when it is not known."""
    customers: SheetFrame | None = None
    """For the orders: the sheet Customers."""
    catalogue: Catalogue | None = None
    """For the orders: the sheet Products; none when it is missing or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A frame with what is beside it. What several rules need is worked out once."""

    frame: SheetFrame
    beside: Beside
    _known: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: str, work_out: Callable[[], Found]) -> Found:
        """Return what goes by this name, worked out when it is first asked for."""
        if name not in self._known:
            self._known[name] = work_out()
        return cast("Found", self._known[name])

    @property
    def codes_read(self) -> Mapping[str, frozenset[str]]:
        """By column, what the readings and notes of its cells say; most columns have none."""
        return self.once("codes read", lambda: dict(_codes_read(self.frame)))

    @property
    def join(self) -> OrderJoin:
        """The customer of each order."""
        return self.once("join", lambda: OrderJoin(self.frame, self.beside.customers))

    @property
    def product(self) -> IntArray:
        """Each order's product as a position of the catalogue, -1 where it is not listed."""
        return self.once("product", self._product)

    def _product(self) -> IntArray:
        catalogue = self.beside.catalogue
        if catalogue is None or "mpn" not in self.frame:
            return np.full(len(self.frame), -1, dtype=np.int64)
        return catalogue.positions(self.frame)

    @property
    def of_microsoft(self) -> BoolArray:
        """The purchases of Microsoft's products: those that name no other vendor, and all of a sheet without vendors.

        What is done to a subscription needs nothing of its customer's.
        """
        return self.once("of microsoft", self._of_microsoft)

    def _of_microsoft(self) -> BoolArray:
        acts = self.frame.where("order_type", ON_SUBSCRIPTIONS.__contains__)
        return ~self.frame.where("vendor", lambda name: not is_microsofts(name)) & ~acts

    @property
    def numbers(self) -> IntArray:
        """Each order's quantity; 1 where there is none."""
        return self.once("numbers", lambda: self.frame.numbers("quantity", otherwise=1))

    @property
    def tenants(self) -> IntArray:
        """One number per new tenant for each order, -1 for those that ask for none."""
        return self.once("tenants", self._tenants)

    def _tenants(self) -> IntArray:
        frame, customers = self.frame, self.beside.customers
        if "tenant" in frame:
            is_new = frame.equals("tenant", "new") & frame.filled("domain") & self.of_microsoft
            return np.where(is_new, keys_of(frame, ["domain"]), -1)
        if customers is None or not len(customers):
            return np.full(len(frame), -1, dtype=np.int64)
        customer = self.join.positions
        is_new = customers.equals("tenant", "new")[customer] & (customer >= 0) & self.of_microsoft
        return np.where(is_new, customer, -1)

    @property
    def limits(self) -> tuple[IntArray, IntArray]:
        """The smallest and the largest quantity that each order may have."""
        return self.once("limits", self._limits)

    def _limits(self) -> tuple[IntArray, IntArray]:
        smallest = np.ones(len(self.frame), dtype=np.int64)
        largest = np.full(len(self.frame), LARGEST_QUANTITY, dtype=np.int64)
        catalogue, is_listed = self.beside.catalogue, self.product >= 0
        if catalogue is None:
            return smallest, largest
        least = catalogue.frame.numbers("quantity_min", otherwise=1)[self.product]
        most = catalogue.frame.numbers("quantity_max", otherwise=LARGEST_QUANTITY)[self.product]
        return np.where(is_listed, np.maximum(least, 1), smallest), np.where(is_listed, most, largest)

    def repeats(self, *names: str, among: BoolArray | None = None) -> Repeats:
        """Return which rows have the same values in these columns; without `among`, of those in which the first is filled."""

        def compared() -> Repeats:
            chosen = self.frame.filled(names[0]) if among is None else among
            return Repeats(self.frame.sheet_rows, keys_of(self.frame, names), chosen)

        return self.once(f"repeats {names}", compared)


def _codes_read(frame: SheetFrame) -> Iterator[tuple[str, frozenset[str]]]:
    for name, entry in frame.columns.items():
        if entry.readings or entry.damaged:
            read = chain.from_iterable((found.fault, *found.infos) for found in entry.readings.values())
            yield name, frozenset((*read, *(damage.code for damage in entry.damaged.values())))
