"""What an order's own page tells besides its status: a day, a link for the customer, Microsoft's ids. Pure.

None of this is in the published description; it is what the platform under it is documented to show (its Microsoft
connector, "Scheduled subscription changes", and the agreement step of January 2026). So it is looked for where it may be,
and whatever is not exactly of the expected form is not taken.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from bulk_orders.core.json_values import text_of

_FROM_DAY: Final = re.compile(r"\bfrom (\d{4}-\d{2}-\d{2})\b", re.ASCII | re.IGNORECASE)
_LINK: Final = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?(?:/[!-~]*)?", re.ASCII)
_OF_AGREEMENT: Final = re.compile("accept|attest|agreement", re.IGNORECASE)
_ENDS_NO_LINK: Final = ".,;:!?)]}>\"'"
_LONGEST_LINK: Final = 500
_MICROSOFT_IDS: Final = ("ms_customer_id", "csp_order_id", "subscription_id")
"""Parameters that Microsoft's connector fills in; the last one is Microsoft's subscription, not the marketplace's."""
_ID: Final = re.compile(r"[A-Za-z0-9-]{4,64}", re.ASCII)


def scheduled_day(found: Mapping[str, Any]) -> str:
    """Return the first ISO day of the details' "from … through …"; empty where there is none."""
    days = [
        day
        for detail in _dicts(found.get("details"))
        for day in _FROM_DAY.findall(text_of(detail.get("description")))
        if _is_day(day)
    ]
    return min(days, default="")


def acceptance_link(found: Mapping[str, Any]) -> str | None:
    """Return the first https link that comes with a word for accepting an agreement; None for an order without products.

    A row of a list has no products, so that it says nothing about a link; an order's own page without one says that
    nobody is waited for.
    """
    if not isinstance(found.get("products"), list):
        return None
    for where, text in _said(found):
        link = _LINK.search(text)
        if link and len(link[0]) <= _LONGEST_LINK and _OF_AGREEMENT.search(f"{where} {text}"):
            return link[0].rstrip(_ENDS_NO_LINK)
    return ""


def microsoft_ids(found: Mapping[str, Any]) -> str:
    """Return Microsoft's ids as `csp_order_id 1a2b, subscription_id 3c4d`, each once; empty where none is shown."""
    told = [
        f"{name} {value}"
        for name in _MICROSOFT_IDS
        for parameter in _parameters(found)
        if parameter.get("name") == name and _ID.fullmatch(value := text_of(parameter.get("value")))
    ]
    return ", ".join(dict.fromkeys(told))


def _said(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each text that may hold a link, with the name under which it stands."""
    for parameter in _parameters(found):
        name = text_of(parameter.get("name"))
        for key in ("value", "structured_value"):
            yield from ((name, text) for text in _texts(parameter.get(key)))
    for detail in _dicts(found.get("details")):
        yield "", text_of(detail.get("description"))
    attributes = found.get("attributes")
    for name, value in attributes.items() if isinstance(attributes, dict) else ():
        yield name, text_of(value)


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a value and of what is directly in it."""
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, dict):
            yield from (inner for inner in entry.values() if isinstance(inner, str))
        elif isinstance(entry, str):
            yield entry


def _parameters(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for line in _dicts(found.get("products")):
        yield from _dicts(line.get("parameters"))


def _dicts(value: Any) -> Iterator[Mapping[str, Any]]:
    return (entry for entry in value if isinstance(entry, dict)) if isinstance(value, list) else iter(())


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) is not None
    except ValueError:
        return False
