"""POST /validation/parameters: a dry check of the activation parameters of each product, told parameter by parameter.

It takes the shape that the published description has (`ParameterValidationRequest`) and no other: what a client sends besides
is refused here, because elsewhere it would be passed over in silence. A product without a `draftRequestId` makes a draft at the
vendor; its id is sent again, or else a second draft is made.
"""

import hashlib
import random
from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from bulk_orders.sandbox.catalogue import Offer, period
from bulk_orders.sandbox.messages import RefusedError
from bulk_orders.sandbox.parameters import by_name, problems
from bulk_orders.sandbox.rules import (
    NO_PRODUCTS,
    PARAMETERS_NO_ARRAY,
    PRODUCT_NO_OBJECT,
    WRONG_QUANTITY,
    Rulebook,
)

_KEYS: Final = frozenset({"customerId", "type", "products"})
_LINE_KEYS: Final = frozenset(
    {
        *("mpn", "vendor", "id", "quantity", "billingPeriod", "subscriptionPeriod"),
        *("draftRequestId", "parameters"),
    }
)
_SALT_BYTES: Final = 8


class Validator:
    """Validates, and makes drafts. An id of a draft says itself whose it is, so that it is known after a new start."""

    def __init__(self, rules: Rulebook, rng: random.Random) -> None:
        self._rules = rules
        self._rng = rng
        self.drafts_made = 0

    def validate(self, body: Mapping[str, Any], taken: Collection[str]) -> dict[str, Any]:
        """Return the answer's body; raises `RefusedError` for another shape, an unknown customer, product or draft."""
        _only(body, _KEYS)
        self._rules.active_customer(body.get("customerId"))
        products = body.get("products")
        if not isinstance(products, list) or not products:
            raise RefusedError(400, NO_PRODUCTS)
        data = [self._checked(line, body, taken) for line in products]
        return {"data": data, "pagination": {"offset": 0, "limit": len(data), "total": len(data)}}

    def _checked(self, line: Any, body: Mapping[str, Any], taken: Collection[str]) -> dict[str, Any]:
        if not isinstance(line, dict):
            raise RefusedError(400, PRODUCT_NO_OBJECT)
        _only(line, _LINE_KEYS)
        if not isinstance(line.get("parameters"), list):
            raise RefusedError(400, PARAMETERS_NO_ARRAY)
        quantity = line.get("quantity", 1)
        if not isinstance(quantity, int) or isinstance(quantity, bool):
            raise RefusedError(400, WRONG_QUANTITY.format(quantity=quantity))
        offer = self._rules.offer(line, None)
        given = by_name(line["parameters"])
        wrong = dict(problems(offer.product, given, taken)) if body.get("type", "sales") == "sales" else {}
        missing = [{"name": name, **_failed(what)} for name, what in wrong.items() if name not in given]
        return {
            "id": offer.id,
            "mpn": offer.product.mpn,
            "vendor": offer.product.vendor,
            "billingPeriod": period(offer.billing),
            "subscriptionPeriod": period(offer.term),
            "draftRequestId": self._draft(line.get("draftRequestId"), body["customerId"], offer),
            "parameters": [_parameter(parameter, wrong.get(name)) for name, parameter in given.items()]
            + missing,
        }

    def _draft(self, given: Any, customer_id: str, offer: Offer) -> str:
        if given is None:
            self.drafts_made += 1
            return _draft_id(self._rng.randbytes(_SALT_BYTES), customer_id, offer)
        try:
            salt = UUID(str(given)).bytes[:_SALT_BYTES]
        except ValueError:
            salt = b""
        if str(given) != _draft_id(salt, customer_id, offer):
            raise RefusedError(404, "Draft request '{draft_id}' is not found.".format(draft_id=given))
        return str(given)


def _draft_id(salt: bytes, customer_id: str, offer: Offer) -> str:
    proof = hashlib.sha256(salt + f"{customer_id} {offer.id}".encode()).digest()
    return str(UUID(bytes=salt.ljust(_SALT_BYTES, b"\0") + proof[: 16 - _SALT_BYTES]))


def _only(given: Mapping[str, Any], known: Collection[str]) -> None:
    if unknown := sorted(given.keys() - set(known)):
        raise RefusedError(
            400, "Not in the description of this request: {keys}.".format(keys=", ".join(unknown))
        )


def _parameter(parameter: Mapping[str, Any], problem: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {"name": parameter["name"], "phase": "ordering", "reconciliation": False}
    if isinstance(parameter.get("value"), str):
        told.update(type="text", value=parameter["value"])
    if isinstance(parameter.get("structured_value"), dict):
        told.update(type="object", structured_value=parameter["structured_value"])
    return {
        **told,
        **(_failed(problem) if problem else {"result": "success", "message": "The value is accepted."}),
    }


def _failed(problem: str) -> dict[str, Any]:
    return {
        "result": "error",
        "message": "The parameter {problem}.".format(problem=problem),
        "valueError": problem,
    }
