"""All pages of a list as one reading, and whether it is proven to be all of it. Pure but for the `fetch` it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

PAGE_SIZE: Final = 500
"""The most that was seen to work; no maximum is documented. Where fewer come than were asked for, the next page begins there."""
MOST_PAGES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer to one list request."""

    rows: list[Any]
    total: int | None
    """The platform's own count; None when it did not say."""
    server_time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """All that the pages held, each row once, in the order in which it first came."""

    rows: tuple[Mapping[str, Any], ...]
    is_complete: bool
    """True only if there are as many different rows as the platform counts, on the first page and on the last."""
    is_counted: bool
    """True if as many rows came as the platform counts on the last page, repeated rows included."""
    server_time: datetime | None
    """From the first page: whatever was there by then is listed."""


def collect(fetch: Callable[[int], Page], identity: Callable[[Mapping[str, Any]], str]) -> Listing:
    """Read page after page with `fetch(offset)`, stepping by what came: a limit may be lowered without a word.

    A row whose `identity` is empty cannot be told from others and is not counted, so the listing is not complete then.
    Ends at the platform's total, at an empty page, at a page without news, or after 500 pages.
    """
    found: dict[str, Mapping[str, Any]] = {}
    first = last = fetch(0)
    offset = 0
    for _ in range(MOST_PAGES):
        known = len(found)
        for row in last.rows:
            if isinstance(row, dict) and (name := identity(row)):
                found.setdefault(name, row)
        offset += len(last.rows)
        is_at_end = not last.rows or (last.total is not None and offset >= last.total)
        if is_at_end or len(found) == known:
            break
        last = fetch(offset)
    return Listing(
        rows=tuple(found.values()),
        is_complete=first.total == last.total == len(found),
        is_counted=last.total == offset,
        server_time=first.server_time,
    )
