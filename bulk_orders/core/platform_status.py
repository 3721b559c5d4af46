"""The marketplace's words for how an order stands."""

from typing import Final

UNDER_WAY: Final = ("submitted", "processing")
"""Not carried out yet. What is scheduled is listed among those in process, and has a word of its own here."""
DONE: Final = frozenset({"completed"})
SCHEDULED: Final = "scheduled"
"""Not carried out before a day that the marketplace names: it may rest so for months."""
CANCELLED: Final = frozenset({"cancelled", "canceled"})
"""Undone."""
BROKEN: Final = CANCELLED | {"error"}
"""Not carried out, or undone."""


_ACTIVATION_IS_SCHEDULED: Final = "as"
"""The internal code of an order that rests; its status says `processing`, like that of one being set up."""


def platform_status(said: str, code: str = "") -> str:
    """Return the word as these sets and the ledger spell it, however a platform writes it and its internal code."""
    word = said.strip().casefold()
    is_scheduled = word == "processing" and code.strip().casefold() == _ACTIVATION_IS_SCHEDULED
    return SCHEDULED if is_scheduled else word
