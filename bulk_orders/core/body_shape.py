"""How an account wants its order bodies, where marketplaces of this kind differ; learnt by estimates, and never guessed.

An order is recorded, compared and approved as the template fills it. Only on its way out does its body take the account's
shape: the same row stays the same order, whatever is learnt about the account later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from bulk_orders.core.identity import PO_NAMES

PeriodPlace = Literal["order", "both", "line"]
"""Where the commitment stands: where the template has it, in the product line besides, or in the product line alone."""
PERIOD_PLACES: Final[tuple[PeriodPlace, ...]] = get_args(PeriodPlace)
_PERIOD: Final = "subscriptionPeriod"


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyShape:
    """What an account wants other than the template says; the defaults leave a body as it is."""

    po_name: str = ""
    """The spelling of the PO number's key; empty is the template's."""
    period_place: PeriodPlace = "order"
    vendor: str = ""
    """Named in product lines that name no vendor, which are Microsoft's; empty where no vendor is needed."""


def shapes(po_name: str, vendor: str) -> Iterator[BodyShape]:
    """Yield the shapes to try, the template's own first; those that name a vendor only where it is known."""
    for named in dict.fromkeys(("", vendor)):
        for place in PERIOD_PLACES:
            yield BodyShape(po_name=po_name, period_place=place, vendor=named)


def shaped(body: Mapping[str, Any], shape: BodyShape) -> dict[str, Any]:
    """Return the body as the account wants it."""
    named = {
        shape.po_name if shape.po_name and key in PO_NAMES else key: value for key, value in body.items()
    }
    if "products" in body:
        named["products"] = [_shaped_line(line, body.get(_PERIOD), shape) for line in body["products"]]
    if shape.period_place == "line":
        named.pop(_PERIOD, None)
    return named


def _shaped_line(line: Mapping[str, Any], period: Any, shape: BodyShape) -> dict[str, Any]:
    added: dict[str, Any] = {}
    if shape.vendor and "vendor" not in line:
        added["vendor"] = shape.vendor
    if shape.period_place != "order" and period is not None and _PERIOD not in line:
        added[_PERIOD] = period
    return {**line, **added}


def with_po_number(body: Mapping[str, Any], po_number: str | None) -> dict[str, Any]:
    """Return the body with another PO number under the same spelling; without any for None."""
    told = {key: po_number if key in PO_NAMES else value for key, value in body.items()}
    return {key: value for key, value in told.items() if value is not None}
