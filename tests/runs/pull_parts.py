"""The practice marketplace in process, and the services of a pull before it."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contract.in_process_marketplace import InProcessMarketplace
from runs.practice_office import services_of

from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.machine.clock import SystemClock
from bulk_orders.runs.kept_answers import KeptAnswers
from bulk_orders.runs.pull_subscriptions import Pulled, Wanted, pull_subscriptions
from bulk_orders.sandbox import Behaviour, Simulator

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
        self.services = services_of(self.market(self.simulator, password="practice"), clock, MemoryLedger())

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
