"""POST /validation/parameters: a dry check of the activation parameters of each product, told parameter by parameter."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from bulk_orders.sandbox.catalogue import period
from bulk_orders.sandbox.messages import RefusedError
from bulk_orders.sandbox.parameters import by_name, problems
from bulk_orders.sandbox.rules import Rulebook
from bulk_orders.texts import sandbox_answers as words


def validate_parameters(body: Mapping[str, Any], rules: Rulebook, taken: Collection[str]) -> dict[str, Any]:
    """Return the answer's body; raises `RefusedError` for an unknown customer or product."""
    rules.active_customer(body.get("customerId"))
    products = body.get("products")
    if not isinstance(products, list) or not products:
        raise RefusedError(400, words.NO_PRODUCTS)
    data = [_checked(line, body, rules, taken) for line in products]
    return {"data": data, "pagination": {"offset": 0, "limit": len(data), "total": len(data)}}


def _checked(line: Any, body: Mapping[str, Any], rules: Rulebook, taken: Collection[str]) -> dict[str, Any]:
    if not isinstance(line, dict):
        raise RefusedError(400, words.PRODUCT_NO_OBJECT)
    offer = rules.offer(line, body.get("subscriptionPeriod"))
    given = by_name(line.get("parameters"))
    wrong = dict(problems(offer.product, given, taken)) if body.get("type", "sales") == "sales" else {}
    missing = [{"name": name, **_failed(what)} for name, what in wrong.items() if name not in given]
    # The draft is named after what was asked, so that asking again changes nothing.
    draft_id = line.get("draftRequestId") or str(uuid5(NAMESPACE_OID, f"{body['customerId']} {offer.id}"))
    return {
        "id": offer.id,
        "mpn": offer.product.mpn,
        "vendor": offer.product.vendor,
        "billingPeriod": period(offer.billing),
        "subscriptionPeriod": period(offer.term),
        "draftRequestId": str(draft_id),
        "parameters": [_parameter(parameter, wrong.get(name)) for name, parameter in given.items()] + missing,
    }


def _parameter(parameter: Mapping[str, Any], problem: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {"name": parameter["name"], "phase": "ordering", "reconciliation": False}
    if isinstance(parameter.get("value"), str):
        told.update(type="text", value=parameter["value"])
    if isinstance(parameter.get("structured_value"), dict):
        told.update(type="object", structured_value=parameter["structured_value"])
    return {
        **told,
        **(_failed(problem) if problem else {"result": "success", "message": words.ACCEPTED}),
    }


def _failed(problem: str) -> dict[str, Any]:
    return {"result": "error", "message": words.PARAMETER.format(problem=problem), "valueError": problem}
