"""Marks on cells that have a problem, and how they look."""

from dataclasses import dataclass
from typing import Final

from bulk_orders.core.model import Severity
from bulk_orders.writing import palette

CHECK_FIELDS: Final = frozenset({"check", "customer_check"})
"""Columns that say how a row stands."""
MARK_LOOKS: Final = {
    Severity.ERROR: (palette.BAD, palette.ERROR_BORDER),
    Severity.WARNING: (palette.DOUBT, palette.WARNING_BORDER),
    Severity.INFO: (palette.WAITING, palette.INFO_BORDER),
}
"""Colours and border of a cell that has a problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is wrong with a cell."""

    sentence: str
    severity: Severity = Severity.ERROR
