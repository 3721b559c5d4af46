"""The platform's own words for why it does nothing to a subscription, whatever HTTP status they come with.

It was seen to refuse with HTTP 500, in the shape of an error of its own. In that shape alone these words are a refusal: what a
gateway or a proxy says proves nothing.
"""

import re
from dataclasses import dataclass
from typing import Final

from bulk_orders.core.reply import NoReply, Reply
from bulk_orders.core.verdict import json_object, platform_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """Another order for the subscription is under way; what was sent was not taken."""

    order_number: str
    """Empty where the platform names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The subscription cannot be changed so."""


_ORDER_UNDER_WAY: Final = re.compile(
    r"there is already an? .{0,80}?order #(?P<number>[A-Z]{2}\d+)", re.IGNORECASE
)
_RENEWAL_UNDER_WAY: Final = re.compile(r"there is a renewal order for subscription", re.IGNORECASE)
_FINAL: Final = re.compile(
    r"next billing date is in the past|is not active\. upgrades/downgrades|exceeds the new limit"
    r"|asset is in suspended state|item quantities are not changed",
    re.IGNORECASE,
)


def is_no_change(said: str) -> bool:
    """Tell whether these words say that there is nothing to change."""
    return "not changed" in said.casefold()


def is_not_active(said: str) -> bool:
    """Tell whether these words say that the subscription is not active, which it is not any more once it was cancelled."""
    return "is not active" in said.casefold()


def is_final(said: str) -> bool:
    """Tell whether these words, where they are the platform's own, say no for good: asked again it says the same."""
    return bool(_FINAL.search(said))


def is_busy(said: str) -> bool:
    """Tell whether these words, where they are the platform's own, say that another order for the subscription is in the way."""
    return bool(_ORDER_UNDER_WAY.search(said) or _RENEWAL_UNDER_WAY.search(said))


def refusal(answer: Reply | NoReply | None) -> Busy | Refused | None:
    """Return what the platform says no with; None for whatever is not known to be a refusal."""
    if not isinstance(answer, Reply) or "path" not in (json_object(answer) or {}):
        return None
    said = platform_words(answer)
    if under_way := _ORDER_UNDER_WAY.search(said):
        return Busy(order_number=under_way["number"].upper())
    if _RENEWAL_UNDER_WAY.search(said):
        return Busy(order_number="")
    return Refused() if is_final(said) else None
