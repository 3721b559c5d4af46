"""The settle window: how long an order that was sent may still appear, and when *absent* may be said.

An order commits within D of its last byte or never, and is listed within L of its commit; neither is documented.
W = max(15 min, the gateway's 300 s + 10 times the greatest lag seen). Absent means: W is over, and three complete
readings after it did not show the order. Even then it is said to a person; nothing is resent by itself.
"""

from datetime import datetime, timedelta
from typing import Final

from bulk_orders.core.lifecycle import OrderRecord, State

GATEWAY_TIMEOUT_S: Final = 300.0
SHORTEST_S: Final = 900.0
LAG_MARGIN: Final = 10.0
COMPLETE_READS: Final = 3
READ_AT_S: Final = (0.0, 5.0, 15.0, 30.0, 60.0, 120.0, 240.0, 480.0, 900.0)
"""When a doubtful order is looked for, in seconds from the beginning of the doubt."""


def window_s(lag_s: float) -> float:
    """Return the settle window in seconds, from the greatest lag ever seen between an order's answer and its listing."""
    return max(SHORTEST_S, GATEWAY_TIMEOUT_S + LAG_MARGIN * lag_s)


def window_ends(order: OrderRecord, window: float) -> datetime | None:
    """Return when the order can no longer appear by itself, in the marketplace's time; None while the window has not begun."""
    return None if order.doubtful_at is None else order.doubtful_at + timedelta(seconds=window)


def is_settled(order: OrderRecord, now: datetime, window: float) -> bool:
    """Return True once the order can no longer appear by itself. `now` is the marketplace's time, as `doubtful_at` is."""
    return order.doubtful_at is not None and now - order.doubtful_at > timedelta(seconds=window)


def is_absent(order: OrderRecord) -> bool:
    """Return True when enough complete readings after the window did not show it."""
    return order.state is State.UNKNOWN and order.absent_reads >= COMPLETE_READS
