"""What a workbook states about its totals, compared with its rows: a difference stops all of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bulk_orders.checking.frame import SheetFrame
from bulk_orders.core.control_totals import (
    AMOUNT,
    FIGURE,
    LABELS,
    LICENCES,
    ORDERS,
    ControlTotals,
    Difference,
    StatedTotal,
    differences,
)
from bulk_orders.core.model import Problem
from bulk_orders.core.problem_texts import problem

_A_NUMBER: Final = "a whole number"
_EXPECTED: Final[Mapping[str, str]] = {
    ORDERS: _A_NUMBER,
    LICENCES: _A_NUMBER,
    AMOUNT: "an amount such as USD 16205.00",
}


def counted_totals(active: SheetFrame) -> ControlTotals:
    """Return what the rows hold that are neither hidden nor skipped, right or wrong; a quantity that cannot be read is 0."""
    return ControlTotals(orders=len(active), licences=int(active.numbers("quantity", otherwise=0).sum()))


def total_problems(
    stated: ControlTotals, unread: Iterable[StatedTotal], counted: ControlTotals
) -> Iterator[Problem]:
    """Yield what is wrong with the totals that were typed: each that cannot be read, and what differs from the rows."""
    for entry in unread:
        expected = _EXPECTED.get(LABELS.get(entry.label.strip().casefold(), ""), "Orders, Licences or Amount")
        value = f"{entry.label} {entry.text}".strip()
        parts = {"value": value, "cell": entry.place, "reason": expected}
        yield problem("F-TOTAL-UNREAD", parts=parts, value=value)
    yield from differing(
        differences(stated, orders=counted.orders or 0, licences=counted.licences or 0, amounts=None)
    )


_AND: Final = ", "


def differing(found: Iterable[Difference]) -> Iterator[Problem]:
    """Yield one problem that names all differences, with both figures of each; none if there are none."""
    told = tuple(found)
    if told:
        stated = _AND.join(FIGURE[_kind(one)].format(what=one.what, figure=one.stated) for one in told)
        counted = _AND.join(FIGURE[_kind(one)].format(what=one.what, figure=one.found) for one in told)
        yield problem("F-TOTAL", parts={"shown": stated, "reason": counted}, value=stated)


def _kind(one: Difference) -> str:
    return one.what if one.what in FIGURE else AMOUNT
