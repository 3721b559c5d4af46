"""The real engine without workbooks: runs of given rows over one ledger, what each told, and a copy of the ledger as a backup has it."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fake_clock import FakeClock
from sending_parts import run_record, services

from bulk_orders.core.lifecycle import OrderRecord, State
from bulk_orders.core.model import Order, Row
from bulk_orders.core.summary import Outcome, exit_code
from bulk_orders.errors import ExitCode
from bulk_orders.ledger.interface import Ledger, RunRecord
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.marketplace.interface import Marketplace
from bulk_orders.runs.run import run_counts
from bulk_orders.sending.engine import Engine, EngineEnd
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.pace import LocalPace
from bulk_orders.sending.planning import Wanted, build_orders
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


def orders_of(
    rows: Sequence[Mapping[str, str]], profile: Profile, longest_po: int | None = None
) -> list[Order]:
    made = [Row(sheet_row=n, values=dict(values), parameters=()) for n, values in enumerate(rows, 2)]
    return build_orders(made, templates={"sales": TEMPLATE}, account=profile.account, longest_po=longest_po)


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


@dataclass
class Runs:
    """Everything for runs over one ledger."""

    marketplace: Marketplace
    profile: Profile
    clock: FakeClock = field(default_factory=FakeClock)
    ledger: Ledger = field(default_factory=MemoryLedger)
    stop: threading.Event = field(default_factory=threading.Event)
    is_first_ever: bool = True
    events: list[Any] = field(default_factory=list)
    number: int = 0

    def services(self) -> Services:
        """As a new process has them."""
        self.stop = threading.Event()
        return services(
            profile=self.profile,
            ledger=self.ledger,
            marketplace=self.marketplace,
            limiter=Limiter(LocalPace(self.profile.rate_per_s, self.clock), self.clock),
            clock=self.clock,
            observer=self.events.append,
            templates={"sales": TEMPLATE},
            stop=self.stop,
        )

    def run(self, rows: Sequence[Mapping[str, str]], *, row_keys: Mapping[int, str] | None = None) -> "Told":
        """As `runs.prepare_run` and `PreparedRun.send` do it, without the workbook."""
        new = self.services()
        self.number += 1
        run = run_record(
            self.number, account=self.profile.account, started_at=self.clock.now(), rows_in=len(rows)
        )
        with self.ledger.hold():
            engine = Engine(new, run, is_first_ever=self.is_first_ever)
            engine.recover()
            wanted = Wanted(
                orders=tuple(orders_of(rows, self.profile, engine.facts.longest_po)),
                brought=frozenset((row_keys or {}).values()),
                in_doubt=self.ledger.unsettled(str(self.profile.account)),
            )
            planned = engine.wait_for_others(wanted, engine.plan(wanted))
            return self._end(new, run, engine, engine.enlist(planned, b"workbook"))

    def resume(self, run_id: str) -> "Told":
        """As `runs.resume_run` does it."""
        new = self.services()
        run = self.ledger.run(run_id)
        assert run is not None
        with self.ledger.hold():
            engine = Engine(new, run)
            engine.recover()
            to_send = engine.take_up()
            return self._end(new, replace(run, stopped_by="", ended_at=None, exit_code=None), engine, to_send)

    def _end(self, its: Services, run: RunRecord, engine: Engine, to_send: Sequence[OrderRecord]) -> "Told":
        end = engine.carry_out(to_send)
        counted = run_counts(its, run)
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


def copied(ledger: Any, file: str = "copy") -> MemoryLedger:
    """As a backup has it, put back as another file."""
    made = MemoryLedger(file)
    names = ("_runs", "_rows", "_sources", "_orders", "_attempts", "_accounts", "_foreign")
    for name in names:
        setattr(made, name, dict(getattr(ledger, name)))
    made._learnt = {account: dict(told) for account, told in ledger._learnt.items()}
    made._events = list(ledger._events)
    return made
