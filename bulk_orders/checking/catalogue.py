"""What the sheet Products says of each product, for the rules of the orders. The first row of a product counts."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from bulk_orders.checking.frame import BoolArray, IntArray, SheetFrame
from bulk_orders.checking.normalise import ReadValue
from bulk_orders.checking.proposals import nearest_of
from bulk_orders.checking.values.choices import keys_in_list
from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetRole

LISTS: Mapping[str, str] = {"commitments_offered": "commitment", "billing_offered": "billing"}


class Catalogue:
    """The products by MPN; figures that are blank or unreadable do not limit anything."""

    def __init__(self, frame: SheetFrame) -> None:
        self.frame = frame
        self._by_mpn: dict[str, int] = {}
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for position, (mpn, name) in enumerate(
            zip(frame.series("mpn"), frame.series("product_name"), strict=True)
        ):
            if mpn:
                self._by_mpn.setdefault(str(mpn), position)
                self._by_name[str(name).casefold()].add(str(mpn))
        folded = Counter(mpn.casefold() for mpn in self._by_mpn)
        self._by_folded = {mpn.casefold(): mpn for mpn in self._by_mpn if folded[mpn.casefold()] == 1}
        self.nearest = nearest_of(list(self._by_mpn))

    def positions(self, orders: SheetFrame) -> IntArray:
        """Return each order row's product as a position of `frame`; -1 where it is not listed."""
        entry = orders.columns["mpn"]
        found = np.array([self._by_mpn.get(str(mpn), -1) for mpn in entry.canonical], dtype=np.int64)
        return found[entry.codes]

    def spelling(self, mpn: str) -> str:
        """Return an MPN as the catalogue spells it, where only capital and small letters differ."""
        known = self._by_mpn
        return mpn if mpn in known else self._by_folded.get(mpn.casefold(), mpn)

    def mpn_of(self, name: str) -> str | None:
        """Return the MPN of the only product that is called so, without regard to case."""
        mpns = self._by_name.get(name.casefold(), ())
        return next(iter(mpns)) if len(mpns) == 1 else None

    def refuses(self, list_name: str, key: str) -> BoolArray:
        """Return the products that are not offered with this commitment or billing, as far as they say."""
        offered = LISTS[list_name]
        return self.frame.where(list_name, lambda text: self._is_refused(offered, text, key))

    @staticmethod
    def _is_refused(name: str, text: str, key: str) -> bool:
        keys, unread = keys_in_list(column(SheetRole.ORDERS, name), text)
        return key not in keys and not unread

    def offered(self, list_name: str, position: int) -> frozenset[str]:
        """Return the keys that a product is offered with."""
        keys, _ = keys_in_list(
            column(SheetRole.ORDERS, LISTS[list_name]), self.frame.value(list_name, position)
        )
        return keys


def catalogue_of(products: SheetFrame) -> Catalogue | None:
    """Return what a sheet Products says; an empty one says nothing about any product."""
    return Catalogue(products) if "mpn" in products and products.filled("mpn").any() else None


def in_catalogue_spelling(orders: SheetFrame, catalogue: Catalogue) -> SheetFrame:
    """Return the orders with MPNs as the catalogue spells them: one that differs in case alone means the same product."""
    if "mpn" not in orders:
        return orders
    entry = orders.columns["mpn"]
    canonical, readings = entry.canonical.copy(), dict(entry.readings)
    for place, mpn in enumerate(entry.canonical):
        listed = catalogue.spelling(str(mpn))
        if listed != mpn:
            canonical[place] = listed
            infos = dict.fromkeys((*(readings[place].infos if place in readings else ()), "I-CASE"))
            readings[place] = ReadValue(value=listed, infos=tuple(infos), parts={"canonical": listed})
    changed = replace(entry, canonical=canonical, readings=readings)
    return replace(orders, columns={**orders.columns, "mpn": changed})
