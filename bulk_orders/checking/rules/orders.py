"""Rules between the cells of an order row, between order rows, and with the sheets Customers and Products."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from bulk_orders.checking.catalogue import LISTS
from bulk_orders.checking.frame import PARAMETER_PREFIX, BoolArray
from bulk_orders.checking.proposals import TYPE_IF_MEANT, Proposals, nearest_of
from bulk_orders.checking.repeats import Repeats, keys_of
from bulk_orders.checking.rows import Rows
from bulk_orders.checking.rule import Explain, Explanation, Rule, no_more, repeats_rule, stated
from bulk_orders.checking.rules.ceilings import ceiling_rules
from bulk_orders.checking.values.choices import either, label_of
from bulk_orders.checking.values.part_numbers import mpn_doubt
from bulk_orders.core.columns.table import column, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.rule_constants import LARGEST_QUANTITY, TOO_LONG_BILLING
from bulk_orders.core.stated_rules import stated_rules

_CONTENT = ("customer_id", "mpn", "quantity", "commitment", "billing")
_SENT = tuple(entry.name for entry in columns_of(SheetRole.ORDERS) if entry.placeholders)
_MANY = 300
_SOME = 50
_ROWS_WITH_A_MIDDLE = 5
TYPE_NUMBER_FROM: Final = "Type a whole number from {smallest}."
TYPE_NUMBER_BETWEEN: Final = "Type a whole number from {smallest} to {largest}."
LESS_THAN_ALLOWED: Final = "less than the {smallest} this product allows"
MORE_THAN_ALLOWED: Final = "more than the {largest} this product allows"


def order_rules() -> list[Rule]:
    """Return the rules of the orders."""
    return [
        *(
            stated(rule, _EXPLAIN.get((rule.code, rule.column), no_more))
            for rule in stated_rules(SheetRole.ORDERS)
        ),
        Rule(code="W-MPN", field="mpn", broken=_is_unusual, explain=_explain_unusual),
        Rule(code="W-OUTLIER", field="quantity", broken=_is_outlier, explain=_explain_outlier),
        repeats_rule("W-DUP-ROW", "mpn", _same_content),
        Rule(
            code="W-TENANT-REPEAT",
            field="customer_id",
            broken=lambda rows: _same_tenant(rows).is_later(),
            explain=lambda rows, position: Explanation(
                parts={"rows": str(_same_tenant(rows).first_row(position))}
            ),
        ),
        *ceiling_rules(),
    ]


_CHOOSE: Final = "Choose {choices}."
_BILLED: Final[Mapping[str, str]] = {"year": "yearly", "year3": "for 3 years"}
"""By the key of the billing: how it is billed, in a sentence."""


def _explain_billing(rows: Rows, position: int) -> Explanation:
    term, billed = rows.frame.value("commitment", position), rows.frame.value("billing", position)
    entry = column(SheetRole.ORDERS, "billing")
    possible = [choice.label for choice in entry.choices if (term, choice.key) not in TOO_LONG_BILLING]
    return Explanation(
        parts={
            "commitment": label_of(column(SheetRole.ORDERS, "commitment"), term),
            "billing": _BILLED.get(billed) or label_of(entry, billed).lower(),
            "todo": _CHOOSE.format(choices=either(possible)),
        },
        proposal=possible[0] if len(possible) == 1 else None,
    )


def _explain_customer(rows: Rows, position: int) -> Explanation:
    typed = rows.frame.value("customer_id", position)
    nearest = rows.once("nearest customers", lambda: nearest_of(rows.join.known_customers))
    told = _not_listed(nearest, typed, "Add the customer to the sheet Customers.")
    unordered = rows.once("unordered customers", lambda: rows.join.unordered_customers)
    if len(unordered) != 1:
        return told
    # An ID that was corrected here alone: the customer is still there under the wrong one. That comes before any other customer.
    too = "If {typed} is right, correct {listed} on the sheet Customers, too.".format(
        typed=typed, listed=unordered[0]
    )
    return replace(told, parts={**told.parts, "todo": f"{too} {told.parts['todo']}"})


def _explain_product(rows: Rows, position: int) -> Explanation:
    catalogue, typed = rows.beside.catalogue, rows.frame.value("mpn", position)
    if catalogue and (mpn := catalogue.mpn_of(typed)):
        return Explanation(parts={"reason": "", "todo": "Type its MPN, {mpn}.".format(mpn=mpn)})
    nearest = catalogue.nearest if catalogue else nearest_of(())
    return _not_listed(nearest, typed, "Add the product to the sheet Products, or correct the MPN.")


def _not_listed(nearest: Proposals, typed: str, otherwise: str) -> Explanation:
    """Name the nearest, but never propose it: another customer or product is another order."""
    near = nearest.of(typed)
    if not near:
        return Explanation(parts={"reason": "", "todo": otherwise})
    todo = TYPE_IF_MEANT.format(proposal=near)
    # Follows the sentence that a customer or product is not listed.
    return Explanation(parts={"reason": " Nearest: {near}.".format(near=near), "todo": todo})


def _is_unusual(rows: Rows) -> BoolArray:
    """Tell which MPNs do not look like Microsoft's; without a catalogue nothing more can be checked."""
    if rows.beside.catalogue is not None:
        return rows.frame.everywhere(broken=False)
    return rows.frame.where("mpn", lambda text: bool(mpn_doubt(text))) & rows.of_microsoft


def _explain_unusual(rows: Rows, position: int) -> Explanation:
    return Explanation(parts={"why": mpn_doubt(rows.frame.value("mpn", position))})


def _explain_attestation(rows: Rows, position: int) -> Explanation:
    catalogue, mpn = rows.beside.catalogue, rows.frame.value("mpn", position)
    name = catalogue.frame.value("product_name", int(rows.product[position])) if catalogue else ""
    return Explanation(parts={"product": name or mpn})


def _explain_offered(offers: str, rows: Rows, position: int) -> Explanation:
    name, catalogue = LISTS[offers], rows.beside.catalogue
    keys = catalogue.offered(offers, int(rows.product[position])) if catalogue else frozenset()
    choices = column(SheetRole.ORDERS, name).choices
    labels = [choice.label for choice in choices if choice.key in keys]
    todo = _CHOOSE.format(choices=either(labels)) if labels else "Choose another product."
    return Explanation(
        parts={
            "product": rows.frame.value("mpn", position),
            "value": rows.frame.typed(name, position),
            "todo": todo,
        },
        proposal=labels[0] if len(labels) == 1 else None,
    )


def _explain_range(rows: Rows, position: int) -> Explanation:
    smallest, largest = rows.limits
    low, high = int(smallest[position]), int(largest[position])
    if rows.numbers[position] < low:
        why = LESS_THAN_ALLOWED.format(smallest=low) if low > 1 else "less than 1"
    elif (low, high) == (1, LARGEST_QUANTITY):
        why = "more than the {largest}".format(largest=high)
    else:
        why = MORE_THAN_ALLOWED.format(largest=high)
    todo = TYPE_NUMBER_FROM.format(smallest=low)
    if high < LARGEST_QUANTITY:
        todo = TYPE_NUMBER_BETWEEN.format(smallest=low, largest=high)
    return Explanation(parts={"why": why, "todo": todo})


def _explain_import(rows: Rows, position: int) -> Explanation:
    return Explanation(parts={"customer": rows.frame.value("customer_id", position)})


def _is_allowed(rows: Rows) -> BoolArray:
    smallest, largest = rows.limits
    return rows.frame.filled("quantity") & (rows.numbers >= smallest) & (rows.numbers <= largest)


def _middle(rows: Rows) -> float:
    """Return the usual quantity. A digit too many is seen best beside the other rows; few rows have no middle worth the name."""
    is_allowed = _is_allowed(rows)
    return float(np.median(rows.numbers[is_allowed])) if is_allowed.sum() >= _ROWS_WITH_A_MIDDLE else np.inf


def _is_outlier(rows: Rows) -> BoolArray:
    middle = rows.once("middle", lambda: _middle(rows))
    return _is_allowed(rows) & (rows.numbers > min(_MANY, max(_SOME, 10 * middle)))


def _explain_outlier(rows: Rows, position: int) -> Explanation:
    if rows.numbers[position] > _MANY:
        return Explanation(parts={"why": "more than {number}".format(number=_MANY)})
    middle = rows.once("middle", lambda: _middle(rows))
    return Explanation(parts={"why": "over ten times the sheet's median, {middle:g}".format(middle=middle)})


def _same_content(rows: Rows) -> Repeats:
    def compared() -> Repeats:
        frame = rows.frame
        complete = frame.everywhere(broken="mpn" in frame and "customer_id" in frame)
        for name in _CONTENT:
            if name in frame:
                complete &= frame.filled(name)
        parameters = [name for name in frame.columns if name.startswith(PARAMETER_PREFIX)]
        return Repeats(frame.sheet_rows, keys_of(frame, [*_SENT, *parameters]), complete)

    return rows.once("same content", compared)


def _same_tenant(rows: Rows) -> Repeats:
    def compared() -> Repeats:
        is_new = (rows.tenants >= 0) & ("customer_id" in rows.frame)
        return Repeats(rows.frame.sheet_rows, rows.tenants, is_new)

    return rows.once("same tenant", compared)


_EXPLAIN: Final[Mapping[tuple[str, str], Explain]] = {
    ("E-CUSTOMER", "customer_id"): _explain_customer,
    ("E-PRODUCT", "mpn"): _explain_product,
    ("E-RANGE", "quantity"): _explain_range,
    ("E-OFFERED", "commitment"): partial(_explain_offered, "commitments_offered"),
    ("E-TERM-BILLING", "billing"): _explain_billing,
    ("E-OFFERED", "billing"): partial(_explain_offered, "billing_offered"),
    ("E-ATTEST-OFFER", "offer_attestation"): _explain_attestation,
    ("E-IMPORT", "order_type"): _explain_import,
}
