"""Rules between the cells of an order row, between order rows, and with the sheets Customers and Products."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from bulk_orders.checking.frame import PARAMETER_PREFIX, BoolArray, IntArray, SheetFrame
from bulk_orders.checking.rule import Explanation, Repeats, Rule, all_of, any_of, keys_of, nearest_of
from bulk_orders.checking.rules.products import Products
from bulk_orders.checking.values.choices import label_of
from bulk_orders.checking.values.part_numbers import mpn_doubt
from bulk_orders.core.columns.table import column, columns_of
from bulk_orders.core.model import SheetRole
from bulk_orders.core.rule_constants import EXAMPLE_REFERENCES, LARGEST_QUANTITY, TOO_LONG_BILLING
from bulk_orders.texts import checking_rules as words

_CONTENT = ("customer_id", "mpn", "quantity", "commitment", "billing")
_SENT = tuple(entry.name for entry in columns_of(SheetRole.ORDERS) if entry.placeholders)
_MANY = 300
_SOME = 50
_ROWS_WITH_A_MIDDLE = 5


def order_rules(
    frame: SheetFrame, products: Products | None, customer_ids: Sequence[str] | None, tenants: IntArray
) -> list[Rule]:
    """Return the rules of the orders.

    `customer_ids` are those on the sheet Customers, `None` in the flat form. `tenants` has one number per row: rows
    with the same number ask for the same new tenant, -1 for none.
    """
    return [
        *_single_row_rules(frame),
        *([_unknown_customer(customer_ids)] if customer_ids is not None and "customer_id" in frame else []),
        *(_product_rules(frame, products) if products and "mpn" in frame else [_unusual_mpn()]),
        *_repeat_rules(frame, tenants),
    ]


def _single_row_rules(frame: SheetFrame) -> list[Rule]:
    rules = [Rule(code="F-EXAMPLE-ROWS", field="reference", broken=_is_an_example)]
    if "commitment" in frame and "billing" in frame:
        rules.append(
            Rule(code="E-TERM-BILLING", field="billing", broken=_too_long_billing, explain=_explain_billing)
        )
    return rules


def _is_an_example(frame: SheetFrame) -> BoolArray:
    return frame.where("reference", lambda text: text.upper() in EXAMPLE_REFERENCES)


def _too_long_billing(frame: SheetFrame) -> BoolArray:
    pairs = [
        frame.equals("commitment", term) & frame.equals("billing", billed)
        for term, billed in TOO_LONG_BILLING
    ]
    return any_of(pairs)


def _explain_billing(frame: SheetFrame, position: int) -> Explanation:
    term, billed = frame.value("commitment", position), frame.value("billing", position)
    entry = column(SheetRole.ORDERS, "billing")
    possible = [choice.label for choice in entry.choices if (term, choice.key) not in TOO_LONG_BILLING]
    return Explanation(
        parts={
            "commitment": label_of(column(SheetRole.ORDERS, "commitment"), term),
            "billing": words.BILLED[billed],
            "todo": words.CHOOSE.format(choices=_either(possible)),
        },
        proposal=possible[0] if len(possible) == 1 else None,
    )


def _either(labels: Sequence[str]) -> str:
    quoted = [f'"{label}"' for label in labels]
    return reduce(lambda first, last: words.OR.format(first=first, last=last), quoted)


def _unknown_customer(customer_ids: Sequence[str]) -> Rule:
    known, nearest = frozenset(customer_ids), nearest_of(customer_ids)

    def explain(frame: SheetFrame, position: int) -> Explanation:
        near = nearest.of(frame.value("customer_id", position))
        return _not_listed(near, words.ADD_CUSTOMER)

    return Rule(
        code="E-CUSTOMER",
        field="customer_id",
        broken=lambda frame: frame.where("customer_id", lambda customer: customer not in known),
        explain=explain,
    )


def _unusual_mpn() -> Rule:
    """Without a catalogue only the form of an MPN can be looked at."""
    return Rule(
        code="W-MPN",
        field="mpn",
        broken=lambda frame: frame.where("mpn", lambda text: bool(mpn_doubt(text))),
        explain=lambda frame, position: Explanation(parts={"why": mpn_doubt(frame.value("mpn", position))}),
    )


def _not_listed(near: str | None, otherwise: str) -> Explanation:
    """Name the nearest, but never propose it: another customer or product is another order."""
    if not near:
        return Explanation(parts={"reason": "", "todo": otherwise})
    todo = words.TYPE_IF_MEANT.format(proposal=near)
    return Explanation(parts={"reason": words.NEAREST.format(near=near), "todo": todo})


def _product_rules(frame: SheetFrame, products: Products) -> list[Rule]:
    product = products.positions(frame)
    is_listed = product >= 0

    def explain_unknown(frame: SheetFrame, position: int) -> Explanation:
        near = products.nearest.of(frame.value("mpn", position))
        return _not_listed(near, words.ADD_PRODUCT)

    rules = [
        Rule(
            code="E-PRODUCT",
            field="mpn",
            broken=lambda frame: frame.filled("mpn") & ~is_listed,
            explain=explain_unknown,
        )
    ]
    if "offer_attestation" in frame:
        needed = products.needs_attestation[product] & is_listed
        rules.append(
            Rule(
                code="E-ATTEST-OFFER",
                field="offer_attestation",
                broken=lambda frame: frame.equals("offer_attestation", "no") & needed,
                explain=lambda frame, position: Explanation(
                    parts={"product": _product_name(products, frame, position)}
                ),
            )
        )
    lists = {"commitment": "commitments_offered", "billing": "billing_offered"}
    rules += [
        _offered(name, list_name, products, product)
        for name, list_name in lists.items()
        if name in frame and list_name in products.frame
    ]
    return rules


def _product_name(products: Products, frame: SheetFrame, position: int) -> str:
    listed = int(products.positions(frame)[position])
    return products.frame.value("product_name", listed) or frame.value("mpn", position)


def _offered(name: str, list_name: str, products: Products, product: IntArray) -> Rule:
    """The catalogue's own pairs, as far as the sheet Products has them."""
    entry = column(SheetRole.ORDERS, name)

    def broken(frame: SheetFrame) -> BoolArray:
        found = frame.everywhere(broken=False)
        for choice in entry.choices:
            found |= (
                frame.equals(name, choice.key)
                & products.refuses(list_name, choice.key)[product]
                & (product >= 0)
            )
        return found & ~_too_long_billing(frame) if name == "billing" else found

    def explain(frame: SheetFrame, position: int) -> Explanation:
        keys = products.offered(list_name, int(product[position]))
        labels = [choice.label for choice in entry.choices if choice.key in keys]
        todo = words.CHOOSE.format(choices=_either(labels)) if labels else words.CHOOSE_PRODUCT
        proposal = labels[0] if len(labels) == 1 else None
        return Explanation(
            parts={
                "product": frame.value("mpn", position),
                "value": frame.typed(name, position),
                "todo": todo,
            },
            proposal=proposal,
        )

    return Rule(code="E-OFFERED", field=name, broken=broken, explain=explain)


def range_rule(frame: SheetFrame, products: Products | None) -> list[Rule]:
    """Quantities: from 1, or from and to what the product allows."""
    if "quantity" not in frame:
        return []
    entry = frame.columns["quantity"]
    numbers = np.array([int(value) if value else 1 for value in entry.canonical], dtype=np.int64)[entry.codes]
    smallest, largest = np.ones_like(numbers), np.full_like(numbers, LARGEST_QUANTITY)
    if products and "mpn" in frame:
        product = products.positions(frame)
        smallest = np.where(product >= 0, np.maximum(products.smallest[product], 1), smallest)
        largest = np.where(product >= 0, products.largest[product], largest)

    def explain(_frame: SheetFrame, position: int) -> Explanation:
        low, high = int(smallest[position]), int(largest[position])
        if numbers[position] < low:
            why = words.LESS_THAN_ALLOWED.format(smallest=low) if low > 1 else words.LESS_THAN_ONE
        elif (low, high) == (1, LARGEST_QUANTITY):
            why = words.MORE_THAN_POSSIBLE.format(largest=high)
        else:
            why = words.MORE_THAN_ALLOWED.format(largest=high)
        todo = words.TYPE_NUMBER_FROM.format(smallest=low)
        if high < LARGEST_QUANTITY:
            todo = words.TYPE_NUMBER_BETWEEN.format(smallest=low, largest=high)
        return Explanation(parts={"why": why, "todo": todo})

    is_allowed = frame.filled("quantity") & (numbers >= smallest) & (numbers <= largest)
    return [
        Rule(
            code="E-RANGE",
            field="quantity",
            broken=lambda frame: frame.filled("quantity") & ~is_allowed,
            explain=explain,
        ),
        _outlier(numbers, is_allowed),
    ]


def _outlier(numbers: IntArray, is_allowed: BoolArray) -> Rule:
    """A digit too many is seen best beside the other rows; few rows have no middle worth the name."""
    middle = float(np.median(numbers[is_allowed])) if is_allowed.sum() >= _ROWS_WITH_A_MIDDLE else np.inf
    from_here = min(_MANY, max(_SOME, 10 * middle))

    def explain(_frame: SheetFrame, position: int) -> Explanation:
        is_many = numbers[position] > _MANY
        often = words.OVER_TEN_TIMES.format(middle=middle)
        return Explanation(parts={"why": words.MORE_THAN.format(number=_MANY) if is_many else often})

    return Rule(
        code="W-OUTLIER",
        field="quantity",
        broken=lambda _frame: is_allowed & (numbers > from_here),
        explain=explain,
    )


def _repeat_rules(frame: SheetFrame, tenants: IntArray) -> list[Rule]:
    rules: list[Rule] = []
    if "reference" in frame:
        references = Repeats(frame.sheet_rows, keys_of(frame, ["reference"]), frame.filled("reference"))
        rules.append(
            Rule(
                code="E-DUP-REF",
                field="reference",
                broken=lambda _frame: references.mask,
                explain=references.explain,
                mistake_of=references.group,
            )
        )
    if "mpn" in frame and "customer_id" in frame:
        complete = all_of([frame.filled(name) for name in _CONTENT if name in frame])
        parameters = [name for name in frame.columns if name.startswith(PARAMETER_PREFIX)]
        orders = Repeats(frame.sheet_rows, keys_of(frame, [*_SENT, *parameters]), complete)
        rules.append(
            Rule(
                code="W-DUP-ROW",
                field="mpn",
                broken=lambda _frame: orders.mask,
                explain=orders.explain,
                mistake_of=orders.group,
            )
        )
    if "customer_id" in frame:
        same_tenant = Repeats(frame.sheet_rows, tenants, tenants >= 0)
        rules.append(
            Rule(
                code="W-TENANT-REPEAT",
                field="customer_id",
                broken=lambda _frame: same_tenant.is_later(),
                explain=lambda _frame, position: Explanation(
                    parts={"rows": str(same_tenant.first_row(position))}
                ),
            )
        )
    return rules
