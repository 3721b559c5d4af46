"""The concrete parts that a command works with, handed around as one value. Only `wiring` makes one."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from bulk_orders.ledger.interface import Ledger
from bulk_orders.machine.clock import Clock
from bulk_orders.marketplace.interface import Marketplace
from bulk_orders.sending.events import Observer
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.workers import ThreadWorkers, Workers
from bulk_orders.settings.profiles import Profile

Leaving = Callable[[], bool]
"""Asked when a run that workers send is stopped from outside: whether it is left to them, or stopped for them, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Ports with their implementations, and who is asking."""

    profile: Profile
    ledger: Ledger
    marketplace: Marketplace
    limiter: Limiter
    clock: Clock
    jitter: Callable[[], float]
    observer: Observer
    templates: Mapping[str, Mapping[str, Any]]
    """The order bodies with placeholders, by the name of the file (`core.order_types.OrderType.template`)."""
    operator: str
    host: str
    workers: Workers = field(default_factory=ThreadWorkers)
    adopting: AbstractContextManager[Any] = field(default_factory=threading.Lock)
    """Held while an order found on the marketplace is matched to a row."""
    elsewhere: Leaving | None = None
    """Where workers send in place of this process; None where it sends itself."""
    stop: threading.Event = field(default_factory=threading.Event)
    """Set from outside (Ctrl-C, SIGTERM): begin no more orders."""
