"""The world of one history: the real program's verbs as processes that can die, and what each of them tells the user.

It does not know what happens in which order: `sim_histories` does.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sim_disk import Disk, ledger_port
from sim_fate import Fate
from sim_kernel import Kernel, Machine, Process, SimClock, SimCrew, SimLock, Stop
from sim_platform import Platform, SimMarketplace
from sim_plot import PROFILE, Line, Plot, tags_of

from bulk_orders.core.lifecycle import State, Step, step
from bulk_orders.core.model import Order, Row
from bulk_orders.core.pacing import Pacer
from bulk_orders.core.summary import exit_code, outcome
from bulk_orders.errors import BulkOrdersError
from bulk_orders.ledger.interface import RunRecord, Superseded
from bulk_orders.runs.run import run_counts
from bulk_orders.sending.audit import AuditFindings
from bulk_orders.sending.decisions import resendable, say_absent
from bulk_orders.sending.engine import Engine
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.planning import build_orders
from bulk_orders.sending.services import Services

TEMPLATE: Final = {
    "type": "sales",
    "customerId": "{customer_id}",
    "ponumber": "{po_number}",
    "products": [{"mpn": "{mpn}", "quantity": "{quantity:int}"}],
}
ACCOUNT: Final = PROFILE.account
_IDS: Final = re.compile(r"\(id ([^)]+)\)")


@dataclass(slots=True)
class World:
    """One history while it happens."""

    plot: Plot
    rng: random.Random
    kernel: Kernel
    disk: Disk
    platform: Platform
    fate: Fate
    machine: Machine
    lines: tuple[Line, ...] = ()
    processes: int = 0
    enlisted: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    """By run id, the workbook it was made from."""
    tellings: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[frozenset[str]] = field(default_factory=list)
    """Ids that were named together to the user as too many."""
    broken: list[str] = field(default_factory=list)
    expects_forgetting: bool = False
    days_passed: float = 0.0

    def process(self) -> Process:
        self.processes += 1
        made = Process(name=f"p{self.processes}", machine=self.machine)
        made.stop = Stop(self.kernel)
        return made

    def services(self, process: Process) -> Services:
        clock = SimClock(self.kernel, process)
        return Services(
            profile=self.plot.profile,
            ledger=ledger_port(self.disk, process, self.fate),
            marketplace=SimMarketplace(self.kernel, process, self.platform, self.fate),
            limiter=Limiter(Pacer(rate_per_s=0.0), clock),
            clock=clock,
            jitter=self.rng.random,
            observer=lambda event: None,
            template=TEMPLATE,
            operator="sim",
            host="sim",
            workers=SimCrew(self.kernel, process),
            adopting=SimLock(self.kernel),
            stop=process.stop,  # type: ignore[arg-type]
        )

    def start(self, what: Callable[[Services, Process], None], *, after_s: float = 0.0) -> None:
        """A process does `what`; whatever ends it, the others go on."""
        process = self.process()

        def live() -> None:
            try:
                what(self.services(process), process)
            except BulkOrdersError as error:
                self.fate.counted[f"ended by {type(error).__name__}"] += 1
                self.kernel.tell(f"{process.name} ends: {error}")
            except Superseded:
                # Only without a lock can two processes hold one order; then one of them has to give way.
                self.fate.counted["ended by Superseded"] += 1
                if self.disk.lock_works:
                    self.broken.append(f"{process.name}: Superseded although the lock works")
            except Exception as error:  # noqa: BLE001 - a bug of the program is a finding
                self.broken.append(f"{process.name}: {type(error).__name__}: {error}")

        self.kernel.spawn(process, live, after_s=after_s)

    def run_workbook(self, *, is_last: bool = False) -> Callable[[Services, Process], None]:
        """As `runs.run.run_workbook` does, without files."""
        lines = self.lines

        def work(services: Services, process: Process) -> None:
            with services.ledger.hold():
                run = _new_run(process, services.clock.now(), len(lines))
                engine = Engine(
                    services, run, is_first_ever=self.plot.is_first_ever and not self.expects_forgetting
                )
                engine.recover()
                services.marketplace.sign_in()
                orders = _orders(lines, engine.canary.longest_po)
                planned = engine.plan(engine.draft(orders, [], account=ACCOUNT))
                planned = engine.wait_for_others(planned)
                self.enlisted[run.run_id] = lines
                engine.enlist(planned, b"workbook")
                self._work_through(services, run, engine, is_last=is_last)

        return work

    def resume(self, run_id: str) -> Callable[[Services, Process], None]:
        """As `runs.run.resume_run` does."""

        def work(services: Services, process: Process) -> None:
            run = services.ledger.run(run_id)
            if run is None:
                return
            with services.ledger.hold():
                engine = Engine(services, run)
                engine.recover()
                services.marketplace.sign_in()
                run = replace(run, stopped_by="", ended_at=None, exit_code=None)
                services.ledger.finish_run(run)
                self._work_through(services, run, engine, is_last=False)

        return work

    def decide(self, run_id: str = "") -> Callable[[Services, Process], None]:
        """As `resolve --resend-absent` does: what may be called absent is called so. By default of the newest run by then."""

        def work(services: Services, process: Process) -> None:
            run = services.ledger.run(run_id or self.newest_run())
            if run is None:
                return
            with services.ledger.hold():
                engine = Engine(services, run)
                engine.recover()
                unknown = _unknown(services, run)
                engine.resolver.look_up_all(unknown, settle_s=0.0, stop=services.stop)
                engine.resolver.look_until_absent(unknown, stop=services.stop)
                for order in resendable(_unknown(services, run)):
                    say_absent(services, order, engine.resolver, reason="not there")
                    self.fate.counted["said absent"] += 1

        return work

    def audit(self, run_id: str) -> Callable[[Services, Process], None]:
        """As `audit` does: the net under everything, asked for when a run could not make it whole."""

        def work(services: Services, process: Process) -> None:
            run = services.ledger.run(run_id)
            if run is None:
                return
            with services.ledger.hold():
                self._hear_alarms(Engine(services, run).audit())

        return work

    def confirm_held(self, run_id: str) -> None:
        """A person who knows what exists says of held rows whose order does not that they are meant."""
        ledger = self.disk.ledger
        rows_of = Counter(line.tag for line in self.lines)
        made = Counter(held.tag for held in self.platform.orders.values())
        by_key = {order.key: line.tag for line, order in zip(self.lines, _orders(self.lines), strict=True)}
        for order in ledger.orders_of_run(run_id).values():
            tag = by_key.get(order.key, "")
            if order.state is State.HELD and tag and made[tag] == 0 and rows_of[tag] == 1:
                self.fate.counted["a held row is confirmed"] += 1
                ledger.advance(
                    order,
                    step(order, Step.CONFIRMED, code="", message=""),
                    Step.CONFIRMED,
                    at=SimClock(self.kernel, self.process()).now(),
                )

    def _work_through(self, services: Services, run: RunRecord, engine: Engine, *, is_last: bool) -> None:
        sent = engine.carry_out()
        self._hear_alarms(sent.findings)
        code = exit_code(run_counts(services, run), stopped=sent.exit_code)
        ended = replace(run, ended_at=services.clock.now(), stopped_by=sent.reason, exit_code=int(code))
        services.ledger.finish_run(ended)
        # Without a lock another process may write between the counting and the telling.
        self.hear(run.run_id, exit_code=int(code) if self.disk.lock_works else None, is_last=is_last)

    def _hear_alarms(self, findings: AuditFindings | None) -> None:
        if findings is not None:
            self.alarms += [frozenset(_IDS.findall(alarm)) for alarm in findings.alarms]

    def hear(self, run_id: str, *, exit_code: int | None, is_last: bool = False) -> None:
        """What a report of that run tells now."""
        ledger = self.disk.ledger
        orders = ledger.orders_of_run(run_id)
        rows = []
        for row in ledger.rows(run_id):
            order = orders.get(row.key)
            told = str(outcome(row.disposition, order))
            rows.append(
                {"sheet_row": row.sheet_row, "outcome": told, "order_id": order.order_id if order else ""}
            )
            self.fate.counted[f"told {told}"] += 1
            ids = _IDS.findall(order.message) if order else []
            if told == "duplicate" or (told == "held" and len(ids) > 1):
                self.alarms.append(frozenset(ids))
        self.tellings.append(
            {
                "at_s": self.kernel.now_s,
                "name": f"report of {run_id} at {self.kernel.now_s:.0f} s",
                "exit_code": exit_code,
                "is_last": is_last,
                "untold": self._untold(run_id),
                "expected": tags_of(self.enlisted[run_id]),
                "rows": rows,
            }
        )

    def _untold(self, run_id: str) -> list[str]:
        """Ids of orders that the gateway made once too often, listed for a while, and told to nobody."""
        told = set().union(*self.alarms) if self.alarms else set()
        tags = set(tags_of(self.enlisted[run_id]).values())
        return sorted(
            held.order_id
            for held in self.platform.orders.values()
            if held.is_replay
            and held.tag in tags
            and held.listed_s < self.kernel.now_s - 60.0
            and held.order_id not in told
        )

    def newest_run(self) -> str:
        runs = self.disk.ledger.runs()
        return runs[0].run_id if runs else ""


def _unknown(services: Services, run: RunRecord) -> list[Any]:
    orders = services.ledger.orders_of_run(run.run_id).values()
    return sorted(
        (order for order in orders if order.state is State.UNKNOWN),
        key=lambda order: (order.sheet_row, order.key),
    )


@lru_cache(maxsize=64)
def _orders(lines: tuple[Line, ...], longest_po: int | None = None) -> tuple[Order, ...]:
    rows = [
        Row(
            sheet_row=number,
            values={
                name: text
                for name, text in (
                    ("reference", line.reference),
                    ("po_number", line.po_number),
                    ("customer_id", line.customer_id),
                    ("mpn", line.mpn),
                    ("quantity", str(line.quantity)),
                )
                if text
            },
            parameters=(("tag", line.tag),),
        )
        for number, line in enumerate(lines, 2)
    ]
    return tuple(build_orders(rows, template=TEMPLATE, account=ACCOUNT, longest_po=longest_po))


def _new_run(process: Process, now: datetime, rows: int) -> RunRecord:
    return RunRecord(
        run_id=f"run-{process.name}",
        account=str(ACCOUNT),
        environment="LIVE",
        profile="sim",
        marketplace="us",
        source_name="sim.xlsx",
        source_path="sim.xlsx",
        source_sha256="0" * 64,
        operator="sim",
        host="sim",
        program_version="0",
        started_at=now,
        rows_in=rows,
        options=json.dumps({}),
    )
