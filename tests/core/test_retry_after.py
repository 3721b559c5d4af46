"""Every form in which a server says when to come back, and every way of saying it wrong."""

from datetime import UTC, datetime

import pytest

from bulk_orders.core.retry_after import http_date, retry_after_s

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
DATE = "Wed, 01 Jul 2026 08:00:00 GMT"
"""The server's clock is four hours behind ours."""


def test_a_wait_is_what_the_header_says_and_never_over_a_quarter_of_an_hour() -> None:
    said: list[tuple[dict[str, str], float | None]] = [
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 7 "}, 7),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "007"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "900"}, 900),
        ({"retry-after": "901"}, 900),
        ({"retry-after": "1" + "0" * 20}, 900),
        ({"retry-after": "9" * 5000}, 900),
        ({"retry-after": "7, 30"}, 30),
        ({"retry-after": "30, 7"}, 30),
        ({"retry-after": "7, 1000"}, 900),
        ({"retry-after": "7, soon"}, None),
        ({"retry-after": "0." + "0" * 400 + "1"}, 0),
        ({"retry-after": "Wed, 01 Jul 2026 08:00:57 GMT", "date": DATE}, 57),
        ({"retry-after": "Wednesday, 01-Jul-26 08:00:57 GMT", "date": DATE}, 57),
        ({"retry-after": "Wed Jul  1 08:00:57 2026", "date": DATE}, 57),
        ({"retry-after": "Wed, 01 Jul 2026 12:00:57 GMT"}, 57),
        ({"retry-after": "Wed, 01 Jul 2026 12:00:57 GMT", "date": "yesterday"}, 57),
        ({"retry-after": "Wed, 01 Jul 2026 07:00:00 GMT", "date": DATE}, 0),
        ({"retry-after": "Thu, 01 Jan 2099 00:00:00 GMT", "date": DATE}, 900),
        ({"retry-after": "Wed, 32 Jul 2026 08:00:57 GMT", "date": DATE}, None),
        ({"retry-after": "Wed, 01 Jul 99999999999 08:00:57 GMT", "date": DATE}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "+5"}, None),
        ({"retry-after": "1e3"}, None),
        ({"retry-after": "٧"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": ","}, None),
        ({"retry-after": "nan"}, None),
        ({"x-ratelimit-reset": "1782907200"}, None),
        ({}, None),
    ]
    assert [(headers, retry_after_s(headers, NOON)) for headers, _ in said] == said


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 01 Jul 2026 08:00:00 GMT",
        "Wed, 01 Jul 2026 08:00:00 -0000",
        "Wed Jul  1 08:00:00 2026",
        "Wed, 01 Jul 2026 10:00:00 +0200",
    ],
)
def test_an_http_date_is_utc(text: str) -> None:
    found = http_date(text)
    assert found == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert found.tzinfo is UTC
