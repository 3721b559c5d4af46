"""Values of JSON as texts and numbers. Tolerant where tolerance cannot mislead: ids, codes and amounts come as either."""

from decimal import Decimal, InvalidOperation
from typing import Any


def text_of(value: Any) -> str:
    """Return an id, code or amount as text, trimmed; numbers in plain decimals; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if isinstance(value, int):
        return f"{value:d}"
    return f"{int(value):d}" if value.is_integer() else format(Decimal(repr(value)), "f")


def number_of(value: Any) -> Decimal | None:
    """Return a number, or a text of digits, as a number; None for anything else."""
    try:
        found = Decimal(text_of(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
