"""What the sheet Products says of each product, for the rules of the orders. The first row of a product counts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from bulk_orders.checking.frame import BoolArray, IntArray, SheetFrame
from bulk_orders.checking.normalise import Reading
from bulk_orders.checking.rule import Explanation, Repeats, Rule, keys_of, nearest_of
from bulk_orders.checking.values.choices import keys_in_list
from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetRole
from bulk_orders.core.rule_constants import LARGEST_QUANTITY
from bulk_orders.texts import checking_rules as words

_LISTS: Mapping[str, str] = {"commitments_offered": "commitment", "billing_offered": "billing"}
_FIGURES = ("quantity_min", "quantity_max", "offer_attestation_required")


class Products:
    """The products by MPN; figures that are blank or unreadable do not limit anything."""

    def __init__(self, frame: SheetFrame) -> None:
        self.frame = frame
        self._by_mpn: dict[str, int] = {}
        for position, mpn in enumerate(frame.series("mpn")):
            if mpn:
                self._by_mpn.setdefault(str(mpn), position)
        folded = Counter(mpn.casefold() for mpn in self._by_mpn)
        self._by_folded = {mpn.casefold(): mpn for mpn in self._by_mpn if folded[mpn.casefold()] == 1}
        self.nearest = nearest_of(list(self._by_mpn))
        self.smallest = self._numbers("quantity_min", otherwise=1)
        self.largest = self._numbers("quantity_max", otherwise=LARGEST_QUANTITY)
        self.needs_attestation = frame.equals("offer_attestation_required", "yes")

    def __bool__(self) -> bool:
        """An empty sheet Products says nothing about any product."""
        return bool(self._by_mpn)

    def positions(self, orders: SheetFrame) -> IntArray:
        """Return each order row's product as a position of `frame`; -1 where it is not listed."""
        entry = orders.columns["mpn"]
        found = np.array([self._by_mpn.get(str(mpn), -1) for mpn in entry.canonical], dtype=np.int64)
        return found[entry.codes]

    def spelling(self, mpn: str) -> str:
        """Return an MPN as the catalogue spells it, where only capital and small letters differ."""
        known = self._by_mpn
        return mpn if mpn in known else self._by_folded.get(mpn.casefold(), mpn)

    def refuses(self, list_name: str, key: str) -> BoolArray:
        """Return the products that are not offered with this commitment or billing, as far as they say."""
        offered = _LISTS[list_name]
        return self.frame.where(list_name, lambda text: self._is_refused(offered, text, key))

    @staticmethod
    def _is_refused(name: str, text: str, key: str) -> bool:
        keys, unread = keys_in_list(column(SheetRole.ORDERS, name), text)
        return key not in keys and not unread

    def offered(self, list_name: str, position: int) -> frozenset[str]:
        """Return the keys that a product is offered with."""
        keys, _ = keys_in_list(
            column(SheetRole.ORDERS, _LISTS[list_name]), self.frame.value(list_name, position)
        )
        return keys

    def _numbers(self, name: str, otherwise: int) -> IntArray:
        if name not in self.frame:
            return np.full(len(self.frame), otherwise, dtype=np.int64)
        entry = self.frame.columns[name]
        numbers = [int(value) if value else otherwise for value in entry.canonical]
        return np.array(numbers, dtype=np.int64)[entry.codes]


def in_catalogue_spelling(orders: SheetFrame, products: Products) -> SheetFrame:
    """Return the orders with MPNs as the catalogue spells them: one that differs in case alone means the same product."""
    if "mpn" not in orders:
        return orders
    entry = orders.columns["mpn"]
    canonical, readings = entry.canonical.copy(), dict(entry.readings)
    for place, mpn in enumerate(entry.canonical):
        listed = products.spelling(str(mpn))
        if listed != mpn:
            canonical[place] = listed
            infos = dict.fromkeys((*(readings[place].infos if place in readings else ()), "I-CASE"))
            readings[place] = Reading(value=listed, infos=tuple(infos), parts={"canonical": listed})
    changed = replace(entry, canonical=canonical, readings=readings)
    return replace(orders, columns={**orders.columns, "mpn": changed})


def product_rules(frame: SheetFrame) -> list[Rule]:
    """Return the rules for those rows of Products that orders use; they warn and never stop an order."""
    rules = [_unreadable(name) for name in _FIGURES if name in frame]
    rules += [_unreadable_list(name, target) for name, target in _LISTS.items() if name in frame]
    repeats = Repeats(frame.sheet_rows, keys_of(frame, ["mpn"]), frame.filled("mpn"))
    rules.append(
        Rule(
            code="W-DUP-PRODUCT",
            field="mpn",
            broken=lambda _frame: repeats.mask,
            explain=repeats.explain,
            mistake_of=repeats.group,
        )
    )
    return rules


def _unreadable(name: str) -> Rule:
    return Rule(
        code="W-PRODUCT",
        field=name,
        broken=lambda frame: ~frame.filled(name) & ~frame.blank(name),
        explain=lambda _frame, _position: Explanation(parts={"todo": words.CORRECT_OR_BLANK}),
    )


def _unreadable_list(name: str, target: str) -> Rule:
    choices = column(SheetRole.ORDERS, target)
    todo = words.WRITE_LIKE.format(example="; ".join(choice.label for choice in choices.choices))
    return Rule(
        code="W-PRODUCT",
        field=name,
        broken=lambda frame: (
            frame.where(name, lambda text: bool(keys_in_list(choices, text)[1]))
            | (~frame.filled(name) & ~frame.blank(name))
        ),
        explain=lambda _frame, _position: Explanation(parts={"todo": todo}),
    )
