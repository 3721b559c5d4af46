"""Control totals, as people and machines read them."""

from collections.abc import Iterator
from typing import Any

from bulk_orders.checking.result import CheckResult
from bulk_orders.texts import control_totals as words


def total_lines(checked: CheckResult, priced: int) -> Iterator[str]:
    """Yield what agrees with the control totals, and amounts that nobody has compared; `priced` orders have a price."""
    if checked.has_file_errors or any(problem.code == "F-TOTAL" for problem in checked.problems):
        return
    stated = checked.control_totals
    agreed = [
        words.FIGURE[what].format(figure=f"{number:,}")
        for what, number in (("orders", stated.orders), ("licences", stated.licences))
        if number is not None
    ]
    amounts = [
        words.FIGURE["amount"].format(what=currency, figure=f"{amount:,.2f}")
        for currency, amount in stated.amounts.items()
    ]
    if priced == checked.ready_count:
        agreed += amounts
    elif amounts:
        yield words.AMOUNT_NOT_COMPARED.format(amount=words.AND.join(amounts))
    if agreed:
        yield words.AGREE.format(totals=words.AND.join(agreed))


def totals_json(checked: CheckResult) -> dict[str, Any] | None:
    """Return the control totals as machines read them; None where none are stated."""
    stated = checked.control_totals
    if not stated.is_stated:
        return None
    amounts = {currency: str(amount) for currency, amount in stated.amounts.items()}
    return {"orders": stated.orders, "licences": stated.licences, "amounts": amounts}
