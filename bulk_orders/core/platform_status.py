"""The marketplace's words for how an order stands."""

from typing import Final

DONE: Final = frozenset({"completed"})
CANCELLED: Final = frozenset({"cancelled", "canceled"})
"""Undone."""
BROKEN: Final = CANCELLED | {"error"}
"""Not carried out, or undone."""


def platform_status(said: str) -> str:
    """Return the word as these sets and the ledger spell it, however a platform writes it."""
    return said.strip().casefold()
