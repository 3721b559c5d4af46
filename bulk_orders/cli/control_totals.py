"""Control totals, as people and machines read them."""

from collections.abc import Iterator
from typing import Any

from bulk_orders.checking.result import CheckResult
from bulk_orders.core.control_totals import FIGURE


def total_lines(checked: CheckResult, priced: int) -> Iterator[str]:
    """Yield what agrees with the control totals, and amounts that nobody has compared; `priced` orders have a price."""
    if checked.has_file_errors or any(problem.code == "F-TOTAL" for problem in checked.problems):
        return
    stated = checked.control_totals
    agreed = [
        FIGURE[what].format(figure=f"{number:,}")
        for what, number in (("orders", stated.orders), ("licences", stated.licences))
        if number is not None
    ]
    amounts = [
        FIGURE["amount"].format(what=currency, figure=f"{amount:,.2f}")
        for currency, amount in stated.amounts.items()
    ]
    if priced == checked.ready_count:
        agreed += amounts
    elif amounts:
        yield "  Control total {amount}: --estimate compares it with the marketplace's prices.".format(
            amount=", ".join(amounts)
        )
    if agreed:
        yield "  ✔ Control totals agree: {totals}".format(totals=", ".join(agreed))


def totals_json(checked: CheckResult) -> dict[str, Any] | None:
    """Return the control totals as machines read them; None where none are stated."""
    stated = checked.control_totals
    if not stated.is_stated:
        return None
    amounts = {currency: str(amount) for currency, amount in stated.amounts.items()}
    return {"orders": stated.orders, "licences": stated.licences, "amounts": amounts}
