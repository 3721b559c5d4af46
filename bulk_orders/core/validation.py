"""An order as POST /validation/parameters wants it, which is another shape than the order's own.

From the published description (`ParameterValidationRequest`): the commitment stands in the product line, there is no PO
number, a quantity is a whole number, and a `draftRequestId` that came back is sent again, so that the vendor's draft is
validated anew and no second one is made.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bulk_orders.core.identity import canonical, canonical_json
from bulk_orders.core.json_values import text_of
from bulk_orders.core.offers import Asked, period_of

_MAY_CHANGE: Final = frozenset({"quantity", "parameters"})
_OF_A_LINE: Final = ("mpn", "vendor", "id", "quantity", "billingPeriod", "subscriptionPeriod")


def validation_request(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what to ask about an order body, without a draft."""
    return {
        "customerId": body.get("customerId"),
        "type": body.get("type"),
        "products": [_line(line, body) for line in body.get("products", [])],
    }


def with_drafts(request: Mapping[str, Any], draft_ids: Sequence[str]) -> dict[str, Any]:
    """Return the request with the drafts of its product lines, where there is one for each."""
    lines = request["products"]
    if len(draft_ids) != len(lines):
        return dict(request)
    drafted = [{**line, "draftRequestId": draft_id} for line, draft_id in zip(lines, draft_ids, strict=True)]
    return {**request, "products": drafted}


def drafted_for(request: Mapping[str, Any]) -> str:
    """Return one text for all requests that the same drafts serve: customer and products, however many with what parameters."""
    lines = [
        {name: value for name, value in line.items() if name not in _MAY_CHANGE}
        for line in request["products"]
    ]
    return canonical_json(canonical({**request, "products": lines}))


def asked_of(request: Mapping[str, Any]) -> tuple[Asked, ...]:
    """Return what the request wants of each product."""
    return tuple(
        Asked(
            mpn=text_of(line.get("mpn")),
            vendor=text_of(line.get("vendor")),
            quantity=int(line.get("quantity") or 0),
            term=period_of(line.get("subscriptionPeriod")),
            billing=period_of(line.get("billingPeriod")),
        )
        for line in request["products"]
    )


def _line(line: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    given = {"subscriptionPeriod": body.get("subscriptionPeriod"), **line}
    found = {name: given[name] for name in _OF_A_LINE if given.get(name) is not None}
    return {**found, "parameters": list(line.get("parameters", []))}
