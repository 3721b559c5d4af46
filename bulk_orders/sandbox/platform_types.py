"""The types of orders that the platform takes, one entry each: what they are called by, and what they leave behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformType:
    """A type of order, as the platform knows it."""

    letters: str
    """What the numbers of its orders begin with."""
    leaves: str = ""
    """The status that its subscription has afterwards; empty where that stays as it is."""
    has_window: bool = False
    """Microsoft carries it out only for some days after a purchase or a renewal."""


SALES: Final = "sales"
CHANGE: Final = "change"
PLATFORM_TYPES: Final[Mapping[str, PlatformType]] = {
    SALES: PlatformType(letters="SO"),
    CHANGE: PlatformType(letters="CH"),
    "cancellation": PlatformType(letters="CL", leaves="terminated", has_window=True),
}
ACTING: Final = frozenset(PLATFORM_TYPES) - {SALES}
"""Types that act on a subscription."""
