"""How long the server asked us to wait: the Retry-After header, in both its forms (RFC 9110 sections 10.2.3 and 5.6.7).

Dates are measured against the answer's own Date header, so that a wrong clock on either side does no harm.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT_S = 900.0
"""No header makes the program wait longer than this; beyond it a person should decide."""

_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds to wait, 0 to 900; None if the server did not say, or said nothing that makes sense.

    Header names are in lower case. `now` is aware, and used only when the answer has no readable Date header.
    A moment that has passed is 0. Of a repeated header the longest wait counts.
    """
    text = headers.get("retry-after", "").strip()
    parts = [part.strip() for part in text.split(",")]
    if all(_SECONDS.fullmatch(part) for part in parts):
        # However many digits: too large a number is infinite.
        return min(max(map(float, parts)), LONGEST_WAIT_S)
    until = http_date(text)
    if until is None:
        return None
    counted_from = http_date(headers.get("date", "")) or now
    return min(max((until - counted_from).total_seconds(), 0.0), LONGEST_WAIT_S)


def http_date(text: str) -> datetime | None:
    """Return an HTTP date in any of its three forms as aware UTC, or None."""
    try:
        moment = parsedate_to_datetime(text)
        # "-0000" and asctime dates come without a zone; HTTP dates are UTC by definition.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
