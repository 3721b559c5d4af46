"""Control totals: what the sender of a workbook says that it holds, compared with what it does hold.

They are the batch totals of bookkeeping: counted apart from the rows, so that a row lost, doubled or mistyped on the way
shows. Totals that agree can stand in for the number that a person types; totals that differ stop the workbook whole.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

ORDERS: Final = "orders"
LICENCES: Final = "licences"
AMOUNT: Final = "amount"
LABELS: Final[Mapping[str, str]] = {
    "orders": ORDERS,
    "licences": LICENCES,
    "licenses": LICENCES,
    "amount": AMOUNT,
}
"""What is counted, by the words people may type for it, folded."""

_WHOLE: Final = re.compile(r"\d{1,12}|\d{1,3}(?:,\d{3}){1,3}")
_MONEY: Final = re.compile(r"(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.\d{1,4})?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


FIGURE: Final = {"orders": "{figure} orders", "licences": "{figure} licences", "amount": "{what} {figure}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedTotal:
    """One total as it was typed."""

    label: str
    text: str
    place: str
    """Where it was typed: `Start here!C10`, or `line 2 of orders.ctl`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTotals:
    """Totals of a workbook, stated or counted; None and no amounts where nothing is said."""

    orders: int | None = None
    licences: int | None = None
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    """First bills by currency, `USD`."""

    @property
    def is_stated(self) -> bool:
        """Whether anything is said."""
        return self.orders is not None or self.licences is not None or bool(self.amounts)


NO_TOTALS: Final = ControlTotals()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure that is not as stated."""

    what: str
    """`orders`, `licences`, or a currency."""
    stated: str
    found: str


def read_totals(stated: Iterable[StatedTotal]) -> tuple[ControlTotals, tuple[StatedTotal, ...]]:
    """Return what is stated, and those that cannot be read: not a number, or another one for the same thing."""
    counts: dict[str, int] = {}
    amounts: dict[str, Decimal] = {}
    unread: list[StatedTotal] = []
    for entry in stated:
        what = LABELS.get(entry.label.strip().casefold(), "")
        text = entry.text.strip()
        if what in {ORDERS, LICENCES} and _WHOLE.fullmatch(text) and what not in counts:
            counts[what] = int(text.replace(",", ""))
        elif what == AMOUNT and (found := _amounts(text)) and not found.keys() & amounts.keys():
            amounts |= found
        else:
            unread.append(entry)
    totals = ControlTotals(orders=counts.get(ORDERS), licences=counts.get(LICENCES), amounts=amounts)
    return totals, tuple(unread)


def _amounts(text: str) -> dict[str, Decimal]:
    """Read `USD 16,205.00; CAD 300`, the currency before or behind its number; nothing unless all of it is understood."""
    found: dict[str, Decimal] = {}
    for piece in filter(None, map(str.strip, text.split(";"))):
        words = piece.upper().split()
        currencies = [word for word in words if _CURRENCY.fullmatch(word)]
        numbers = [word for word in words if _MONEY.fullmatch(word)]
        if (
            len(words) != len(("number", "currency"))
            or not currencies
            or not numbers
            or currencies[0] in found
        ):
            return {}
        found[currencies[0]] = Decimal(numbers[0].replace(",", ""))
    return found


def differences(
    stated: ControlTotals, *, orders: int, licences: int, amounts: Mapping[str, Decimal] | None
) -> tuple[Difference, ...]:
    """Compare stated totals with all that a workbook holds; `amounts` is None while nobody knows what it costs."""
    found = [
        Difference(what=what, stated=f"{said:,}", found=f"{counted:,}")
        for what, said, counted in ((ORDERS, stated.orders, orders), (LICENCES, stated.licences, licences))
        if said is not None and said != counted
    ]
    if stated.amounts and amounts is not None:
        found += [
            Difference(what=currency, stated=f"{said:,.2f}", found=f"{counted:,.2f}")
            for currency in sorted(stated.amounts.keys() | amounts.keys())
            if (said := stated.amounts.get(currency, Decimal(0)))
            != (counted := amounts.get(currency, Decimal(0)))
        ]
    return tuple(found)


def exceeded(
    stated: ControlTotals, *, orders: int, licences: int, amounts: Mapping[str, Decimal]
) -> tuple[Difference, ...]:
    """Return where the part of a workbook that is about to be sent is more than was stated for all of it.

    A part it is when some rows were ordered before, or are left out because of their errors.
    """
    found = [
        Difference(what=what, stated=f"{said:,}", found=f"{counted:,}")
        for what, said, counted in ((ORDERS, stated.orders, orders), (LICENCES, stated.licences, licences))
        if said is not None and counted > said
    ]
    if stated.amounts:
        found += [
            Difference(what=currency, stated=f"{said:,.2f}", found=f"{counted:,.2f}")
            for currency, counted in sorted(amounts.items())
            if counted > (said := stated.amounts.get(currency, Decimal(0)))
        ]
    return tuple(found)
