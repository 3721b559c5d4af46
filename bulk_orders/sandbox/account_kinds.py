"""Kinds of account, as text: how accounts of this kind of marketplace differ, for a practice marketplace to play strictly.

`po=poNumber,po-kept=20,period=line,vendor=line,sign-in=oauth2`: each name once, in any order.
"""

from collections.abc import Callable
from typing import Any, Final

from bulk_orders.errors import UsageError

_Read = Callable[[str], Any]

_MOST: Final = 20_000
"""Subscriptions that are there from the beginning."""


def _one_of(*choices: str) -> _Read:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError("it takes one of {choices}".format(choices=", ".join(choices)))
        return text

    return read


def _length(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError("it takes a number of characters")
    return int(text)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _MOST:
        raise ValueError("it takes a number up to {most:,}".format(most=_MOST))
    return int(text)


def _yes(text: str) -> bool:
    return {"yes": True, "no": False}[_one_of("yes", "no")(text)]


_NAMES: Final[dict[str, tuple[str, _Read]]] = {
    "po": ("po_spelling", _one_of("either", "poNumber", "ponumber")),
    "po-kept": ("po_kept", _length),
    "po-limit": ("po_limit", _length),
    "estimate-po": ("estimate_shows_po", _yes),
    "period": ("period_place", _one_of("either", "line", "line-only")),
    "vendor": ("vendor_place", _one_of("optional", "line")),
    "sign-in": ("sign_in", _one_of("basic", "oauth2")),
    "client-id": ("client_id", str),
    "subscription-id": ("subscription_place", _one_of("either", "order", "line")),
    "change": ("change_means", _one_of("total", "delta")),
    "subscriptions": ("earlier_subscriptions", _count),
}
"""Names in the text, with the field of `Behaviour` each fills and how it is read."""


def account_kind(text: str) -> dict[str, Any]:
    """Return the fields of `Behaviour` that the text fills. Raises `UsageError` for what it does not know."""
    found: dict[str, Any] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = entry.partition("=")
        field, read = _NAMES.get(name, ("", None))
        if read is None:
            raise UsageError(
                "Accounts do not differ in '{name}'.".format(name=name),
                fix="Known names: {names}.".format(names=", ".join(_NAMES)),
            )
        try:
            found[field] = read(value)
        except ValueError as error:
            raise UsageError(
                "'{entry}' is not understood: {reason}.".format(entry=entry, reason=error),
                fix="Correct it, or leave it out.",
            ) from None
    return found
