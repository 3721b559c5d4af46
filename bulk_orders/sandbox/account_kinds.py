"""Kinds of account, as text: how accounts of this kind of marketplace differ, for a practice marketplace to play strictly.

`po=poNumber,po-kept=20,period=line,vendor=line,sign-in=oauth2`: each name once, in any order.
"""

from collections.abc import Callable
from typing import Any, Final

from bulk_orders.errors import UsageError
from bulk_orders.texts import sandbox as words

_Read = Callable[[str], Any]


def _one_of(*choices: str) -> _Read:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(words.ONE_OF.format(choices=", ".join(choices)))
        return text

    return read


def _length(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError(words.NO_LENGTH)
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
                words.NO_KIND.format(name=name), fix=words.NO_KIND_FIX.format(names=", ".join(_NAMES))
            )
        try:
            found[field] = read(value)
        except ValueError as error:
            raise UsageError(
                words.BAD_KIND.format(entry=entry, reason=error), fix=words.BAD_KIND_FIX
            ) from None
    return found
