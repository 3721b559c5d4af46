"""Figures of the summary: sums by currency, by outcome and by customer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from bulk_orders.core.model import SheetTable
from bulk_orders.core.report import ResultRow, RunReport
from bulk_orders.core.summary import Outcome

DONE: Final = (
    Outcome.ORDERED,
    Outcome.ACCEPTED,
    Outcome.SCHEDULED,
    Outcome.WAITING_FOR_CUSTOMER,
    Outcome.ORDERED_BEFORE,
)
FAILED: Final = (Outcome.REJECTED, Outcome.INVALID, Outcome.CONFLICT, Outcome.GAVE_UP)
DOUBTFUL: Final = (
    Outcome.UNKNOWN,
    Outcome.HELD,
    Outcome.ORDER_IN_ERROR,
    Outcome.ORDER_CANCELLED,
    Outcome.DUPLICATE,
)
_PLACED: Final = (*DONE, Outcome.DUPLICATE)


class Money:
    """Sums by currency."""

    def __init__(self) -> None:
        self._sums: dict[str, Decimal] = defaultdict(Decimal)

    def add(self, amount: str, currency: str) -> None:
        """Add a plain decimal; what is none is left out."""
        try:
            self._sums[currency] += Decimal(amount)
        except InvalidOperation:
            return

    def add_all(self, other: "Money") -> None:
        """Add other sums."""
        for currency, total in other._sums.items():  # noqa: SLF001 - of the same class
            self._sums[currency] += total

    @property
    def currencies(self) -> set[str]:
        """Of everything added."""
        return set(self._sums)

    @property
    def only(self) -> float | None:
        """The sum, if there is one currency."""
        return float(next(iter(self._sums.values()))) if len(self._sums) == 1 else None

    @property
    def text(self) -> str:
        """All sums: `USD 1,230.00; EUR 50.00`."""
        return "; ".join(f"{currency} {total:,.2f}" for currency, total in sorted(self._sums.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLine:
    """What was placed for one customer."""

    customer_id: str
    name: str
    orders: int
    money: Money


def sum_of(sums: Iterable[Money]) -> Money:
    """Add all sums up."""
    total = Money()
    for money in sums:
        total.add_all(money)
    return total


def money_by_outcome(rows: Iterable[ResultRow]) -> dict[Outcome, Money]:
    """Sum the amounts by outcome."""
    found: dict[Outcome, Money] = defaultdict(Money)
    for row in rows:
        if row.amount:
            found[row.outcome].add(row.amount, row.currency)
    return found


def customer_lines(report: RunReport) -> list[CustomerLine]:
    """List customers with orders placed, the largest amount first."""
    names = company_names(report.customers or report.orders)
    orders: dict[str, int] = defaultdict(int)
    money: dict[str, Money] = defaultdict(Money)
    for row in report.rows:
        if row.outcome in _PLACED and row.customer_id:
            orders[row.customer_id] += 1
            if row.amount:
                money[row.customer_id].add(row.amount, row.currency)
    lines = [
        CustomerLine(customer_id=key, name=names.get(key, ""), orders=count, money=money[key])
        for key, count in orders.items()
    ]
    return sorted(lines, key=lambda line: (-(line.money.only or 0), -line.orders, line.customer_id))


def company_names(table: SheetTable) -> dict[str, str]:
    """Return the customers' names as a sheet has them, by customer ID; none where it has no names."""
    positions = {found.field: position for position, found in enumerate(table.columns)}
    if not {"customer_id", "company_name"} <= positions.keys():
        return {}
    return {row[positions["customer_id"]].strip(): row[positions["company_name"]] for row in table.cells}
