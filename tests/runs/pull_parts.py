"""The practice marketplace in process, and the services of a pull before it."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contract.in_process_marketplace import InProcessMarketplace

from bulk_orders.core.pacing import Pacer
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import SystemClock
from bulk_orders.runs.kept_answers import KeptAnswers
from bulk_orders.runs.pull_subscriptions import Pulled, Wanted, pull_subscriptions
from bulk_orders.sandbox import Behaviour, Simulator
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.services import Services
from bulk_orders.settings.profiles import PRACTICE_PROFILE
from bulk_orders.wiring import load_templates

OPENED = "GET /subscriptions/{id}"
NOW = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)


class StillClock(SystemClock):
    """The day is always the same one."""

    def now(self) -> datetime:
        return NOW


@dataclass
class PullDesk:
    """Who pulls; what was asked is counted by the simulator."""

    subscriptions: int = 40
    kept_at: Path | None = None
    market: Any = InProcessMarketplace
    told: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.simulator = Simulator(
            now=lambda: NOW,
            rng=random.Random(1),  # noqa: S311 - dice, no secret
            behaviour=Behaviour(earlier_subscriptions=self.subscriptions),
        )
        clock = StillClock()
        self.services = Services(
            profile=PRACTICE_PROFILE,
            ledger=MemoryLedger(),
            marketplace=self.market(self.simulator, password="practice"),
            limiter=Limiter(Pacer(rate_per_s=0.0), clock),
            clock=clock,
            jitter=lambda: 0.0,
            observer=lambda _event: None,
            templates=load_templates(),
            operator="somebody",
            host="here",
        )

    def kept(self) -> KeptAnswers:
        return KeptAnswers(self.kept_at, account="a", now=lambda: NOW)

    def pull(self, **wanted: Any) -> Pulled:
        return pull_subscriptions(
            self.services,
            Wanted(**wanted),
            kept=self.kept(),
            tell=lambda done, total: self.told.append((done, total)),
        )

    @property
    def opened(self) -> int:
        return self.simulator.requests[OPENED]
