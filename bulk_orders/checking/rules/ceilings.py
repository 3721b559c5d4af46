"""Rules for the most that a row may cost: the amount has to be readable, or else it would limit nothing."""

from bulk_orders.checking.rule import Rule, Seen, is_sent
from bulk_orders.core.money import amount_of


def ceiling_rules() -> list[Rule]:
    """Return the rules of the column Maximum price."""
    return [
        Rule(
            code="E-MAX-PRICE",
            field="max_price",
            seen=Seen.PART,
            broken=lambda rows: rows.frame.where(
                "max_price", lambda text: amount_of(text) is None, is_sent(rows, "max_price")
            ),
        )
    ]
