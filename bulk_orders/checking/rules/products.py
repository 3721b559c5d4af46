"""Rules for those rows of Products that orders use; they warn and never stop an order."""

from bulk_orders.checking.catalogue import LISTS
from bulk_orders.checking.frame import BoolArray
from bulk_orders.checking.rows import Rows
from bulk_orders.checking.rule import Explanation, Rule, repeats_rule
from bulk_orders.checking.values.choices import keys_in_list
from bulk_orders.core.columns.table import column
from bulk_orders.core.model import SheetRole

_FIGURES = ("quantity_min", "quantity_max", "offer_attestation_required")


def product_rules() -> list[Rule]:
    """Return the rules of the products."""
    return [
        *map(_unreadable, _FIGURES),
        *(_unreadable_list(name, target) for name, target in LISTS.items()),
        repeats_rule("W-DUP-PRODUCT", "mpn", lambda rows: rows.repeats("mpn")),
    ]


def _is_unreadable(rows: Rows, name: str) -> BoolArray:
    return ~rows.frame.filled(name) & ~rows.frame.blank(name)


def _unreadable(name: str) -> Rule:
    return Rule(
        code="W-PRODUCT",
        field=name,
        broken=lambda rows: _is_unreadable(rows, name),
        explain=lambda _rows, _position: Explanation(
            parts={"todo": "Correct it, or leave it blank if it is not known."}
        ),
    )


def _unreadable_list(name: str, target: str) -> Rule:
    choices = column(SheetRole.ORDERS, target)
    todo = 'Write them like "{example}".'.format(
        example="; ".join(choice.label for choice in choices.choices)
    )
    return Rule(
        code="W-PRODUCT",
        field=name,
        broken=lambda rows: (
            rows.frame.where(name, lambda text: bool(keys_in_list(choices, text)[1]))
            | _is_unreadable(rows, name)
        ),
        explain=lambda _rows, _position: Explanation(parts={"todo": todo}),
    )
