"""What the platform refuses in the body of POST /orders and POST /orders/estimate.

Knows no HTTP beyond the status of a refusal, keeps nothing, and does not read the clock.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NoReturn

from bulk_orders.sandbox.ageing import Fate
from bulk_orders.sandbox.catalogue import Catalogue, Offer, Period
from bulk_orders.sandbox.customers import Customer
from bulk_orders.sandbox.messages import RefusedError
from bulk_orders.sandbox.orders import Line
from bulk_orders.sandbox.parameters import by_name, new_tenant_domain, problems

PoSpelling = Literal["either", "poNumber", "ponumber"]
PeriodPlace = Literal["either", "line", "line-only"]
VendorPlace = Literal["optional", "line"]

_UNITS: Final = frozenset({"day", "month", "year", "statement_day"})
_PARAMETER_KEYS: Final = ("name", "value", "structured_value")
NO_CUSTOMER: Final = "Customer '{customer_id}' is not found."
PRODUCT_NO_OBJECT: Final = "Each of products must be an object."
WRONG_QUANTITY: Final = "quantity must be a whole number, not {quantity}."
PARAMETERS_NO_ARRAY: Final = "parameters must be an array."
NO_PRODUCTS: Final = "products is required and must be a non-empty array."


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An order that may be placed, not placed yet."""

    customer: Customer
    lines: tuple[Line, ...]
    po_number: str | None
    attributes: dict[str, str]
    order_type: str = "sales"
    target: str = ""
    """The subscription that it acts on."""
    before: int = 0
    """Seats of that subscription when it was placed."""
    due: date | None = None
    """The day for which it is scheduled."""
    fate: Fate = "completed"
    """What becomes of it, if nothing else goes wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules with what they are held against."""

    customers: Mapping[str, Customer]
    catalogue: Catalogue
    po_spelling: PoSpelling
    period_place: PeriodPlace
    vendor_place: VendorPlace = "optional"
    po_kept: int | None = None
    po_limit: int | None = None

    def check(self, body: dict[str, Any], taken: Collection[str]) -> Draft:
        """Return the order the body asks for; raises `RefusedError` with the first rule it breaks.

        `taken` are the domains of the tenants that earlier orders create.
        """
        order_type = body.get("type")
        if order_type != "sales":
            raise RefusedError(
                400,
                "Orders of type '{order_type}' are not available in the practice marketplace.".format(
                    order_type=order_type
                ),
            )
        customer = self.active_customer(body.get("customerId"))
        if self.period_place == "line-only" and "subscriptionPeriod" in body:
            raise RefusedError(
                400, "subscriptionPeriod is not allowed here; specify it for each of products."
            )
        lines = tuple(self._line(line, body.get("subscriptionPeriod")) for line in _products(body))
        domains: list[str] = []
        for line in lines:
            self._check_parameters(line, {*taken, *domains} if domains else taken)
            if domain := new_tenant_domain(by_name(line.parameters)):
                domains.append(domain)
        return Draft(
            customer=customer,
            lines=lines,
            po_number=self.po_number(body),
            attributes=self.attributes(body),
        )

    def active_customer(self, customer_id: Any) -> Customer:
        """Return the customer, if it exists and may order. Raises `RefusedError`."""
        if not isinstance(customer_id, str) or not customer_id:
            raise RefusedError(400, "customerId is required and must be a string.")
        customer = self.customers.get(customer_id)
        if customer is None:
            raise RefusedError(404, NO_CUSTOMER.format(customer_id=customer_id))
        if customer.status != "active":
            raise RefusedError(
                400,
                "Customer '{customer_id}' is not able to order: its status is '{status}'.".format(
                    customer_id=customer_id, status=customer.status
                ),
            )
        return customer

    def offer(self, line: Mapping[str, Any], order_period: Any) -> Offer:
        """Return the one offer a product line means: by MPN, then vendor, subscription period, billing period.

        Raises `RefusedError`.
        """
        mpn = line.get("mpn")
        known = self.catalogue.by_mpn.get(mpn, []) if isinstance(mpn, str) else []
        if not known:
            raise RefusedError(400, "Product with MPN '{mpn}' is not found.".format(mpn=mpn))
        term = line.get("subscriptionPeriod")
        if term is None and self.period_place == "either":
            term = order_period
        found: Iterable[Offer] = known
        if "vendor" in line:
            found = (offer for offer in found if offer.product.vendor == line["vendor"])
        wanted_term = None if term is None else _period("subscriptionPeriod", term)
        wanted_billing = (
            None if line.get("billingPeriod") is None else _period("billingPeriod", line["billingPeriod"])
        )
        has_vendor = "vendor" in line or self.vendor_place == "optional"
        matches = [
            offer
            for offer in found
            if wanted_term in {None, offer.term} and wanted_billing in {None, offer.billing}
        ]
        if len(matches) == 1 and has_vendor:
            return matches[0]
        if matches:
            raise RefusedError(
                400,
                (
                    "MPN '{mpn}' is not unique: {number} products match. "
                    "Specify vendor, subscriptionPeriod and billingPeriod of the product."
                ).format(mpn=mpn, number=max(len(matches), 2)),
            )
        raise RefusedError(
            400,
            "Product with MPN '{mpn}' is not offered with this subscriptionPeriod and billingPeriod.".format(
                mpn=mpn
            ),
        )

    def _line(self, line: Any, order_period: Any) -> Line:
        if not isinstance(line, dict):
            raise RefusedError(400, PRODUCT_NO_OBJECT)
        offer = self.offer(line, order_period)
        quantity = line.get("quantity")
        # The description types quantity as a double: 2.0 is two; true is not a number here although Python says so.
        if isinstance(quantity, float) and quantity.is_integer():
            quantity = int(quantity)
        if not isinstance(quantity, int) or isinstance(quantity, bool):
            raise RefusedError(400, WRONG_QUANTITY.format(quantity=json.dumps(quantity)))
        count: int = quantity
        if not 1 <= count <= offer.product.maximum:
            raise RefusedError(
                400,
                (
                    "Quantity {quantity} of product '{mpn}' is out of range: "
                    "minimum 1.0, maximum {maximum}.0."
                ).format(quantity=count, mpn=offer.product.mpn, maximum=offer.product.maximum),
            )
        given = line.get("parameters") or []
        if not isinstance(given, list) or len(by_name(given)) > len(given):
            raise RefusedError(400, PARAMETERS_NO_ARRAY)
        return Line(offer=offer, quantity=count, parameters=_clean(given))

    @staticmethod
    def _check_parameters(line: Line, taken: Collection[str]) -> None:
        found = list(problems(line.offer.product, by_name(line.parameters), taken))
        if found:
            message = "; ".join("{name}: {what}".format(name=name, what=what) for name, what in found)
            raise RefusedError(
                400, "Activation parameters are not valid. {parameters}.".format(parameters=message)
            )

    def change_line(self, body: Mapping[str, Any], offer: Offer) -> Line:
        """Return the product line of an order that changes a subscription of this offer. Raises `RefusedError`."""
        (line, *more) = _products(body)
        if more:
            raise RefusedError(400, "One product at a time can be changed.")
        found = self._line(line, body.get("subscriptionPeriod"))
        if found.offer.product.mpn != offer.product.mpn:
            raise RefusedError(
                400,
                "The subscription has no product with MPN '{mpn}'.".format(mpn=found.offer.product.mpn),
            )
        return found

    @staticmethod
    def attributes(body: Mapping[str, Any]) -> dict[str, str]:
        """Return the custom attributes. Raises `RefusedError`."""
        return _attributes(body.get("attributes"))

    def po_number(self, body: Mapping[str, Any]) -> str | None:
        """Return what is kept of the PO number. Raises `RefusedError`."""
        keys = ("poNumber", "ponumber") if self.po_spelling == "either" else (self.po_spelling,)
        value = next((body[key] for key in keys if body.get(key) is not None), None)
        if value is not None and not isinstance(value, str):
            raise RefusedError(400, "poNumber must be a string.")
        if value and self.po_limit is not None and len(value) > self.po_limit:
            raise RefusedError(
                400, "poNumber is too long: at most {longest} characters.".format(longest=self.po_limit)
            )
        return value[: self.po_kept] if value else None


def parse_object(raw: bytes) -> dict[str, Any]:
    """Return the body as a JSON object; raises `RefusedError` otherwise. NaN and Infinity are no JSON."""
    try:
        parsed = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "Malformed JSON: {error}".format(error=error)) from error
    if not isinstance(parsed, dict):
        raise RefusedError(400, "Malformed JSON: the body must be an object.")
    return parsed


def _no_number(name: str) -> NoReturn:
    message = "{name} is not a JSON number".format(name=name)
    raise ValueError(message)


def _products(body: Mapping[str, Any]) -> list[Any]:
    products = body.get("products")
    if not isinstance(products, list) or not products:
        raise RefusedError(400, NO_PRODUCTS)
    return products


def _period(name: str, value: Any) -> Period:
    unit = value.get("type") if isinstance(value, dict) else None
    duration = value.get("duration") if isinstance(value, dict) else None
    if unit not in _UNITS or not isinstance(duration, int) or isinstance(duration, bool):
        raise RefusedError(400, "{name} is not valid: {value}.".format(name=name, value=json.dumps(value)))
    return unit, duration


def _attributes(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise RefusedError(400, "attributes must be an object of strings.")
    return value


def _clean(parameters: list[Any]) -> list[dict[str, Any]]:
    # Unknown keys of a parameter are dropped without a word, like unknown keys everywhere.
    return [
        {key: parameter[key] for key in _PARAMETER_KEYS if key in parameter}
        for parameter in parameters
        if isinstance(parameter, dict) and isinstance(parameter.get("name"), str)
    ]
