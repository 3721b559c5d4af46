"""From an answer's bytes to the port's values. Pure: no IO, no clock.

Tolerant where tolerance cannot mislead (numbers for texts, either spelling, a `data` wrapper), strict where it could:
a body that is not one JSON value in UTF-8, with each key once and no NaN, is `Unreadable`.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any

from bulk_orders.core.json_values import number_of, text_of
from bulk_orders.core.offers import period_of
from bulk_orders.core.platform_status import SCHEDULED, platform_status
from bulk_orders.core.subscriptions import ProductLine
from bulk_orders.marketplace.interface import (
    Estimate,
    ParameterFinding,
    ParameterValidation,
    PlatformOrder,
    PlatformSubscription,
)
from bulk_orders.marketplace.order_facts import acceptance_link, microsoft_ids, scheduled_day

_LONGEST_MESSAGE = 300


class Unreadable(ValueError):
    """An answer is not what was asked for. The text says what was expected, and quotes nothing."""


def read_json(content: bytes) -> Any:
    """Return the one JSON value in the bytes, whatever charset was declared. Raises `Unreadable`."""
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=_once_each,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except (ValueError, RecursionError):
        # Not chained: the library's error carries the whole document.
        raise Unreadable("the answer is not usable JSON") from None


def looks_like_html(headers: Mapping[str, str], content: bytes) -> bool:
    """Return whether a person was meant to read this in a browser: a portal's, a proxy's or a gateway's page."""
    return "html" in headers.get("content-type", "").lower() or content.lstrip()[:1] == b"<"


def server_message(value: Any) -> str:
    """Return the server's words from an error body, at most 300 characters; empty when there are none."""
    if not isinstance(value, dict):
        return ""
    said = next((value[key] for key in ("message", "error", "title") if isinstance(value.get(key), str)), "")
    return " ".join(said.split())[:_LONGEST_MESSAGE]


def unwrapped(value: Any) -> Mapping[str, Any]:
    """Return a single object, at the top or under `data`. Raises `Unreadable`."""
    if isinstance(value, dict) and "id" not in value and isinstance(value.get("data"), dict):
        value = value["data"]
    if not isinstance(value, dict):
        raise Unreadable("the answer is not one JSON object")
    return value


def rows_of(value: Any) -> list[Any]:
    """Return the rows of a list answer; a bare list will do. Raises `Unreadable`."""
    rows = value.get("data") if isinstance(value, dict) else value
    if not isinstance(rows, list):
        raise Unreadable("the answer has no list of rows")
    return rows


def total_of(value: Any) -> int | None:
    """Return the platform's own count of a list, or None."""
    pagination = value.get("pagination") if isinstance(value, dict) else None
    total = pagination.get("total") if isinstance(pagination, dict) else None
    digits = text_of(total)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < len(str(2**63)) else None


def order_of(found: Mapping[str, Any]) -> PlatformOrder:
    """Return an order, whole or as a row. Raises `Unreadable` when it has no id."""
    order_id = text_of(found.get("id"))
    if not order_id:
        raise Unreadable("an order has no id")
    amount, currency = price_of(found.get("total"))
    products = found.get("products")
    status = platform_status(text_of(found.get("status")), text_of(found.get("statusCode")))
    return PlatformOrder(
        order_id=order_id,
        order_number=text_of(found.get("orderNumber")),
        customer_id=text_of(found.get("customerId")),
        order_type=text_of(found.get("type")),
        status=status,
        status_code=text_of(found.get("statusCode")),
        created_at=moment_of(found.get("creationDate")),
        po_number=_po_number_of(found),
        subscription_id=text_of(found.get("subscriptionId")),
        scheduled_for=scheduled_day(found) if status == SCHEDULED else "",
        acceptance_link=acceptance_link(found),
        microsoft_ids=microsoft_ids(found),
        amount=amount,
        currency=currency,
        products=tuple(line for line in products if isinstance(line, dict))
        if isinstance(products, list)
        else None,
    )


def estimate_of(value: Any) -> Estimate:
    """Return what an order would cost. Raises `Unreadable` for what is not an object."""
    found = unwrapped(value)
    amount, currency = price_of(found.get("total"))
    return Estimate(amount=amount, currency=currency, po_number=_po_number_of(found))


def _po_number_of(found: Mapping[str, Any]) -> str | None:
    """Return the PO number under either spelling; None where there is none of them."""
    spellings = [text_of(found[key]) for key in ("poNumber", "ponumber") if found.get(key) is not None]
    return max(spellings, key=bool, default=None)


def subscription_of(found: Mapping[str, Any]) -> PlatformSubscription:
    """Return a subscription, whole or as a row. Raises `Unreadable` when it has no id."""
    subscription_id = text_of(found.get("id"))
    if not subscription_id:
        raise Unreadable("a subscription has no id")
    orders = found.get("orderIds", found.get("orders"))
    ids = (
        [order.get("id") if isinstance(order, dict) else order for order in orders]
        if isinstance(orders, list)
        else []
    )
    renews, products = found.get("renewalStatus"), found.get("products")
    return PlatformSubscription(
        subscription_id=subscription_id,
        customer_id=text_of(found.get("customerId")),
        name=text_of(found.get("name")),
        status=text_of(found.get("status")).casefold(),
        created_at=moment_of(found.get("creationDate")),
        order_ids=tuple(text for text in map(text_of, [*ids, found.get("orderId")]) if text),
        term=period_of(found.get("subscriptionPeriod")),
        billing=period_of(found.get("billingPeriod")),
        renewal_date=_day_of(found.get("renewalDate")),
        expires_on=_day_of(found.get("expirationDate")),
        modified_on=_day_of(found.get("lastModifiedDate")),
        auto_renew=renews if isinstance(renews, bool) else None,
        lines=tuple(_line_of(line) for line in products if isinstance(line, dict))
        if isinstance(products, list)
        else None,
    )


def _line_of(found: Mapping[str, Any]) -> ProductLine:
    seats = number_of(found.get("quantity"))
    amount, currency = price_of(found.get("unitPrice"))
    return ProductLine(
        mpn=text_of(found.get("mpn")),
        name=text_of(found.get("name")),
        vendor=text_of(found.get("vendor")),
        seats=int(seats) if seats is not None and seats == int(seats) and seats >= 0 else None,
        unit_price=amount,
        currency=currency,
    )


def validation_of(value: Any) -> ParameterValidation:
    """Return what was said of each parameter; both the shape by product and the older flat one. Raises `Unreadable`."""
    findings: list[ParameterFinding] = []
    drafts: list[str] = []
    for row in rows_of(value):
        if not isinstance(row, dict):
            raise Unreadable("a validation result is not a JSON object")
        drafts.append(text_of(row.get("draftRequestId")))
        parameters = row["parameters"] if isinstance(row.get("parameters"), list) else [row]
        findings += [
            _finding(text_of(row.get("mpn")), found) for found in parameters if isinstance(found, dict)
        ]
    return ParameterValidation(
        findings=tuple(finding for finding in findings if finding.name),
        draft_ids=tuple(draft_id for draft_id in drafts if draft_id),
    )


def _finding(mpn: str, found: Mapping[str, Any]) -> ParameterFinding:
    return ParameterFinding(
        mpn=mpn,
        name=text_of(found.get("name")),
        # Whatever is not plainly a success is for a person to see.
        is_error=text_of(found.get("result")).lower() != "success" or bool(found.get("valueError")),
        message=text_of(found.get("message")) or text_of(found.get("valueError")),
    )


def price_of(found: Any) -> tuple[str, str]:
    """Return amount and currency as texts; empty where the platform did not say."""
    if not isinstance(found, dict):
        return text_of(found), ""
    return text_of(found.get("amount")), text_of(found.get("currency"))


def moment_of(value: Any) -> datetime | None:
    """Read an ISO 8601 moment or day as aware UTC, or None; without a zone it is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day_of(value: Any) -> date | None:
    """Read the day of an ISO 8601 day or moment as it is written there, or None."""
    try:
        return date.fromisoformat(text_of(value)[: len("2020-06-12")])
    except ValueError:
        return None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise ValueError("a number is too large")
    return number
