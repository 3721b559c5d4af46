"""Whose product an order is for: what Microsoft's need (a tenant, attestations) no other vendor's does."""

from typing import Final

MICROSOFT_NAME: Final = "microsoft"
"""In small letters; part of every spelling of the vendor."""


def is_microsofts(vendor: str) -> bool:
    """Return whether a product of this vendor is Microsoft's, as the catalogue may spell it; blank means that it is."""
    return not vendor.strip() or MICROSOFT_NAME in vendor.casefold()
