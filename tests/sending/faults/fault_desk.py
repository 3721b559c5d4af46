"""The real engine at a desk: runs of given rows over one ledger, what each of them told, and a copy of the ledger as a backup has it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from quick_clock import QuickClock

from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.model import Order, Row
from bulk_orders.core.pacing import Pacer
from bulk_orders.core.summary import Outcome, exit_code
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.marketplace.interface import Marketplace
from bulk_orders.runs.run import may_have_forgotten, run_counts
from bulk_orders.sending.engine import Engine, EngineEnd
from bulk_orders.sending.ledger_age import LedgerAge
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.planning import build_orders
from bulk_orders.sending.services import Services
from bulk_orders.settings.profiles import Profile

TEMPLATE = {
    "type": "sales",
    "customerId": "{customer_id}",
    "ponumber": "{po_number}",
    "products": [{"mpn": "{mpn}", "quantity": "{quantity:int}"}],
}


def line(number: int = 1, **changes: str) -> dict[str, str]:
    """A row as it comes from the check."""
    return {
        "reference": f"R{number}",
        "customer_id": f"c{number}",
        "mpn": "M1",
        "quantity": str(number),
        **changes,
    }


ROWS = [line(n) for n in range(1, 6)]
"""Five orders of five customers."""


def orders_of(rows: Sequence[Mapping[str, str]], profile: Profile) -> list[Order]:
    made = [Row(sheet_row=n, values=dict(values), parameters=()) for n, values in enumerate(rows, 2)]
    return build_orders(made, template=TEMPLATE, account=profile.account)


def live_profile(base_url: str, **changes: Any) -> Profile:
    return Profile(
        **{
            "name": "live",
            "base_url": base_url,
            "user": "u",
            "rate_per_s": 0.0,
            "workers": 1,
            "settle_s": 0.0,
            "window_s": 900.0,
            **changes,
        }
    )


class MemoryBeacon:
    """How old the ledger was, kept apart from it."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def age(self, account: str) -> int:
        return self.numbers.get(account, 0)

    def record(self, account: str, age: Callable[[], int]) -> None:
        self.numbers[account] = max(age(), self.age(account))


@dataclass
class Desk:
    """Everything for runs over one ledger."""

    marketplace: Marketplace
    profile: Profile
    clock: QuickClock = field(default_factory=QuickClock)
    ledger: Ledger = field(default_factory=MemoryLedger)
    ledger_age: LedgerAge = field(default_factory=MemoryBeacon)
    stop: threading.Event = field(default_factory=threading.Event)
    is_first_ever: bool = True
    events: list[Any] = field(default_factory=list)
    number: int = 0

    def services(self) -> Services:
        """As a new process has them."""
        self.stop = threading.Event()
        return Services(
            profile=self.profile,
            ledger=self.ledger,
            marketplace=self.marketplace,
            limiter=Limiter(Pacer(rate_per_s=self.profile.rate_per_s), self.clock),
            clock=self.clock,
            jitter=lambda: 0.5,
            observer=self.events.append,
            template=TEMPLATE,
            operator="somebody",
            host="here",
            ledger_age=self.ledger_age,
            stop=self.stop,
        )

    def run(self, rows: Sequence[Mapping[str, str]], *, row_keys: Mapping[int, str] | None = None) -> "Told":
        """As `runs.run.run_workbook` does it, without the workbook."""
        services = self.services()
        self.number += 1
        run = RunRecord(
            run_id=f"run-{self.number}",
            account=str(self.profile.account),
            environment="LIVE",
            profile="live",
            marketplace="us",
            source_name="orders.xlsx",
            source_path="orders.xlsx",
            source_sha256="0" * 64,
            operator="somebody",
            host="here",
            program_version="0",
            started_at=self.clock.now(),
            rows_in=len(rows),
        )
        with self.ledger.hold():
            engine = Engine(services, run)
            checked: Any = SimpleNamespace(row_keys=dict(row_keys or {}))
            options: Any = SimpleNamespace(is_first_ever=self.is_first_ever)
            forgets = engine.lost_ledger.is_suspected or may_have_forgotten(services, checked, options)
            engine.recover()
            planned = engine.plan(
                orders_of(rows, self.profile), [], account=self.profile.account, forgets=forgets
            )
            if forgets:
                planned = engine.look_again(planned)
            engine.enlist(planned, b"workbook")
            return self._end(services, run, engine)

    def resume(self, run_id: str) -> "Told":
        """As `runs.run.resume_run` does it."""
        services = self.services()
        run = self.ledger.run(run_id)
        assert run is not None
        with self.ledger.hold():
            engine = Engine(services, run)
            engine.recover()
            return self._end(services, replace(run, stopped_by="", ended_at=None, exit_code=None), engine)

    def _end(self, services: Services, run: RunRecord, engine: Engine) -> "Told":
        end = engine.carry_out()
        counted = run_counts(services, run)
        code = exit_code(counted, stopped=end.exit_code)
        self.ledger.finish_run(
            replace(run, ended_at=self.clock.now(), stopped_by=end.reason, exit_code=int(code))
        )
        orders = self.ledger.orders_of_run(run.run_id)
        by_row = [orders[row.key] for row in self.ledger.rows(run.run_id) if row.key in orders]
        return Told(run_id=run.run_id, end=end, code=code, counts=counted, orders=by_row, engine=engine)


@dataclass
class Told:
    """What a run told."""

    run_id: str
    end: EngineEnd
    code: ExitCode
    counts: Mapping[Outcome, int]
    orders: list[OrderRecord]
    engine: Engine

    @property
    def states(self) -> list[State]:
        return [order.state for order in self.orders]


def copied(ledger: Any) -> MemoryLedger:
    """As a backup has it."""
    made = MemoryLedger()
    for name in ("_runs", "_rows", "_sources", "_orders", "_attempts", "_learnt"):
        setattr(
            made,
            name,
            {
                key: dict(value) if isinstance(value, dict) else value
                for key, value in getattr(ledger, name).items()
            },
        )
    made._events = list(ledger._events)
    return made
