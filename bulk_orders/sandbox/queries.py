"""How the platform reads query strings: known filters strictly, unknown ones not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar

from bulk_orders.sandbox.messages import RefusedError

DEFAULT_LIMIT: Final = 10
MAX_LIMIT: Final = 500
"""Larger limits are lowered without a word; no maximum is documented, 500 was seen to work."""

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The part of a list that was asked for."""

    offset: int
    limit: int

    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        """Return the items of this page."""
        return items[self.offset : self.offset + self.limit]

    def newest_first(self, oldest_first: Sequence[Item]) -> Sequence[Item]:
        """Return the items of this page of the reversed list, without reversing it all."""
        end = max(len(oldest_first) - self.offset, 0)
        return oldest_first[max(end - self.limit, 0) : end][::-1]

    def listing(self, data: list[dict[str, Any]], total: int) -> dict[str, Any]:
        """Return the answer's body."""
        return {"data": data, "pagination": {"offset": self.offset, "limit": self.limit, "total": total}}


def page(query: Mapping[str, str]) -> Page:
    """Return the page that `offset` and `limit` ask for. Raises `RefusedError`."""
    offset, limit = _number(query, "offset", 0), _number(query, "limit", DEFAULT_LIMIT)
    if offset < 0:
        raise RefusedError(400, "offset must be greater than or equal to 0.")
    if limit < 1:
        raise RefusedError(400, "limit must be greater than or equal to 1.")
    return Page(offset=offset, limit=min(limit, MAX_LIMIT))


def moment(query: Mapping[str, str], name: str) -> datetime | None:
    """Read a date and time in ISO 8601; without an offset it is UTC. Raises `RefusedError`."""
    value = query.get(name)
    if not value:
        return None
    try:
        # A plus sign that the client did not escape arrives as a blank.
        parsed = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
    except ValueError as error:
        raise RefusedError(
            400, "{name} must be a date-time such as 2019-12-11T17:32:28Z.".format(name=name)
        ) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def day(query: Mapping[str, str], name: str) -> date | None:
    """Read a date in ISO 8601. Raises `RefusedError`."""
    value = query.get(name)
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise RefusedError(400, "{name} must be a date such as 2019-12-30.".format(name=name)) from error


def one_of(query: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str | None:
    """Read one value of a closed list; a comma list is refused, as the platform was seen to do.

    Raises `RefusedError`.
    """
    value = query.get(name)
    if not value:
        return None
    if value not in allowed:
        raise RefusedError(
            400, "{name} must be one of {allowed}.".format(name=name, allowed=", ".join(allowed))
        )
    return value


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    value = query.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise RefusedError(400, "{name} must be an integer.".format(name=name)) from error
