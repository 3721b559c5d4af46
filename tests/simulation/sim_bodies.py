"""What the simulated marketplace reads of a body that nobody else does."""

from collections.abc import Mapping
from typing import Any


def makes_tenant(body: Mapping[str, Any]) -> bool:
    return any(
        (parameter.get("name"), parameter.get("value")) == ("tenant_preference", "new")
        for line in body.get("products", [])
        for parameter in line.get("parameters", [])
    )


def tag_of(body: Mapping[str, Any]) -> str:
    """The row that a body came from: a parameter that means nothing to anybody but the judge."""
    for line in body.get("products", []):
        for parameter in line.get("parameters", []):
            if parameter.get("name") == "tag":
                return str(parameter.get("value", ""))
    return ""


def subscription_of(body: Mapping[str, Any]) -> str:
    """The one that it acts on, at whatever level it is named; empty for a purchase."""
    named = [body.get("subscriptionId"), *(line.get("subscriptionId") for line in body.get("products", []))]
    return next((str(subscription) for subscription in named if subscription), "")


def is_at_renewal(body: Mapping[str, Any]) -> bool:
    return body.get("scheduledOn") == "renewal"
