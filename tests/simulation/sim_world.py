"""The world of one history: the real program's verbs as processes that can die, and what each of them tells the user.

It does not know what happens in which order: `sim_histories` does.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import sim_machines
import sim_people
import sim_runs
from sim_actions import wish_of
from sim_disk import Disk, ledger_port
from sim_fate import Fate
from sim_kernel import EPOCH, Kernel, Machine, Process, SimClock, SimCrew, SimLock, Stop
from sim_marketplace import SimMarketplace
from sim_orders import TEMPLATES
from sim_platform import Platform
from sim_plot import Line, Plot, tags_of
from sim_reports import RESULTS, SimResults, checked, printed, report_now
from sim_subscriptions import Wish

from bulk_orders.checking.result import CheckResult
from bulk_orders.cli.json_objects import answer as answer_of
from bulk_orders.cli.report_told import asked_audit_json, audit_code, report_json
from bulk_orders.core.lifecycle import DUPLICATE, OrderRecord, State
from bulk_orders.core.summary import Disposition
from bulk_orders.errors import BulkOrdersError
from bulk_orders.ledger.interface import RunRecord, Superseded
from bulk_orders.runs.follow import ask_until_over, refreshed
from bulk_orders.runs.resolve import Decision, DecisionKind, audit_run, look_and_decide
from bulk_orders.runs.run import RunEnd, work_through
from bulk_orders.sending.audit import AuditFindings
from bulk_orders.sending.engine import Engine
from bulk_orders.sending.limiter import Limiter
from bulk_orders.sending.services import Services

COMPARE: Final = frozenset({"run", "resume", "audit"})
"""Commands that compare with the marketplace; what a gateway repeats later is told by the next of them."""
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
    wishes: dict[str, tuple[float, list[Wish]]] = field(default_factory=dict)
    """By tag, since when a row that acts on a subscription is known, and what it wants."""
    enlisted: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    """By run id, the workbook it was made from."""
    shown: list[tuple[Line, ...]] = field(default_factory=list)
    """Workbooks whose rows somebody else saw, and may have ordered."""
    tellings: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[frozenset[str]] = field(default_factory=list)
    """Ids that were named together to the user as too many."""
    broken: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    """What ended a process before its end, as the user read it."""
    blind_until_s: float = 0.0
    """So long a copy of an older ledger cannot read what the newer one sent; what sends waits for it, what only tells does not."""
    followed: list[dict[str, Any]] = field(default_factory=list)
    """Next steps that somebody followed while nothing went wrong."""
    is_renamed: bool = False
    """Two references stand for one order: nobody says that one of them is absent."""
    expects_forgetting: bool = False
    has_other_workbook: bool = False
    """One was run after the ledger was put back."""
    days_passed: float = 0.0
    commands: list[Process] = field(default_factory=list)
    """People's, that are not over."""
    paces: list[Any] = field(default_factory=list)
    """Of the one credential: one for all machines."""

    def process(self) -> Process:
        self.processes += 1
        machine = Machine(name=f"m{self.processes}") if self.plot.machines else self.machine
        made = Process(name=f"p{self.processes}", machine=machine)
        made.stop = Stop(self.kernel)
        return made

    def services(self, process: Process) -> Services:
        clock = SimClock(self.kernel, process)
        return Services(
            profile=self.plot.profile,
            ledger=ledger_port(self.disk, process, self.fate),
            marketplace=SimMarketplace(self.kernel, process, self.platform, self.fate),
            limiter=Limiter(sim_machines.pace_of(self, clock), clock),
            clock=clock,
            jitter=self.rng.random,
            observer=lambda event: None,
            templates=TEMPLATES,
            operator="sim",
            host="sim",
            workers=SimCrew(self.kernel, process),
            adopting=SimLock(self.kernel),
            elsewhere=sim_machines.leaving(self),
            stop=process.stop,  # type: ignore[arg-type]
        )

    def start(
        self, what: Callable[[Services, Process], None], *, after_s: float = 0.0, is_worker: bool = False
    ) -> None:
        """A process does `what`; whatever ends it, the others go on."""
        process = self.process()
        if not is_worker:
            self.commands.append(process)

        def live() -> None:
            try:
                what(self.services(process), process)
            except BulkOrdersError as error:
                self.fate.counted[f"ended by {type(error).__name__}"] += 1
                self.kernel.tell(f"{process.name} ends: {error}")
                self.refusals.append(f"{type(error).__name__}: {error}")
            except Superseded:
                # Only without a lock can two processes hold one order; then one of them has to give way.
                self.fate.counted["ended by Superseded"] += 1
                if self.disk.lock_works or self.plot.machines:
                    self.broken.append(f"{process.name}: Superseded although the lock works")
            except Exception as error:  # noqa: BLE001 - a bug of the program is a finding
                self.broken.append(f"{process.name}: {type(error).__name__}: {error}")
            finally:
                if process in self.commands:
                    self.commands.remove(process)

        self.kernel.spawn(process, live, after_s=after_s)

    def run_workbook(
        self, *, is_last: bool = False, is_begun: bool = True
    ) -> Callable[[Services, Process], None]:
        """As `runs.run.prepare_run` and `PreparedRun.send` do, without files; as with `--dry-run` where it is not begun."""
        lines = self.lines

        def work(services: Services, process: Process) -> None:
            self._want(lines)
            with services.ledger.hold():
                run = sim_runs.new_run(process, services.clock.now(), len(lines))
                engine = Engine(
                    services, run, is_first_ever=self.plot.is_first_ever and not self.expects_forgetting
                )
                engine.recover()
                wanted, planned = sim_runs.proposed(services, engine, lines, self.fate.counted)
                if not is_begun or sim_people.give_up(self):
                    self.fate.counted["a run is prepared and not begun"] += 1
                    return
                planned = sim_people.confirmed(self, process, planned)
                planned = engine.wait_for_others(wanted, planned)
                self.enlisted[run.run_id] = lines
                to_send = engine.enlist(planned, b"workbook")
                engine.facts.note_doubted(())
                self._work_through("run", services, run, engine, to_send, is_last=is_last)

        return work

    def _want(self, lines: tuple[Line, ...]) -> None:
        """Whose is what names no row, and what each row wants."""
        for line in lines:
            wish = wish_of(line)
            if wish is None:
                continue
            wanted = self.wishes.setdefault(line.tag, (self.kernel.now_s, []))[1]
            if wish not in wanted:
                wanted.append(wish)
            self.platform.tags[line.subscription, line.action] = line.tag

    def run_to_the_end(self, lines: tuple[Line, ...]) -> None:
        """Run another workbook, and nothing beside it."""
        own, self.lines = self.lines, lines
        self.start(self.run_workbook())
        self.kernel.run()
        self.lines = own

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
                to_send = engine.take_up()
                run = replace(run, stopped_by="", ended_at=None, exit_code=None)
                services.ledger.finish_run(run)
                self._work_through("resume", services, run, engine, to_send, is_last=False)

        return work

    def decide(self, run_id: str = "") -> Callable[[Services, Process], None]:
        """As `resolve --resend-absent` does: what may be called absent is called so. By default of the newest run by then."""

        def work(services: Services, process: Process) -> None:
            run = services.ledger.run(run_id or self.newest_run())
            if run is None:
                return
            said = None if self.is_renamed else Decision(kind=DecisionKind.RESEND_ABSENT)
            look_and_decide(services, run, decision=said)
            results = SimResults(self.kernel, self.fate)
            self._followed("resolve", refreshed(services, run, self._checked(run), results, 0), results)

        return work

    def audit(self, run_id: str) -> Callable[[Services, Process], None]:
        """As `audit` does: the net under everything, asked for when a run could not make it whole."""

        def work(services: Services, process: Process) -> None:
            run = services.ledger.run(run_id)
            if run is None:
                return
            findings = audit_run(services, run)
            self._hear_alarms(findings)
            code = int(audit_code(findings))
            answer = answer_of(code, **asked_audit_json(findings, run_id))
            self._told("audit", run_id, answer, exit_code=code, expected={})

        return work

    def status(self, run_id: str) -> Callable[[Services, Process], None]:
        """As `status` does."""

        def work(services: Services, process: Process) -> None:
            run = services.ledger.run(run_id)
            if run is None:
                return
            failed = ask_until_over(services, run, wait_s=60.0)
            results = SimResults(self.kernel, self.fate)
            self._followed("status", refreshed(services, run, self._checked(run), results, failed), results)

        return work

    def _work_through(
        self,
        command: str,
        services: Services,
        run: RunRecord,
        engine: Engine,
        to_send: Sequence[OrderRecord],
        *,
        is_last: bool,
    ) -> None:
        results: Any = SimResults(self.kernel, self.fate)
        end: RunEnd = work_through(services, run, self._checked(run), results, engine, to_send)
        self._hear_alarms(end.findings)
        path = str(end.results_path) if end.results_path else None
        answer = report_json(end.report, end.exit_code, path, end.findings)
        began_s = self.kernel.now_s - end.took_s
        self._told(
            command,
            run.run_id,
            answer,
            exit_code=int(end.exit_code),
            at_s=results.published_s,
            is_last=is_last,
            has_read=results.published_s >= self.blind_until_s and self.disk.freed_s < began_s,
        )

    def _followed(self, command: str, end: RunEnd, results: SimResults) -> None:
        path = str(end.results_path) if end.results_path else None
        answer = report_json(end.report, end.exit_code, path)
        run_id = end.report.run_id
        self._told(command, run_id, answer, exit_code=int(end.exit_code), at_s=results.published_s)

    def _checked(self, run: RunRecord) -> CheckResult:
        return checked(self.enlisted[run.run_id])

    def _hear_alarms(self, findings: AuditFindings | None) -> None:
        if findings is not None:
            self.alarms += [frozenset(_IDS.findall(alarm)) for alarm in findings.alarms]

    def hear(self, run_id: str, *, has_read: bool = False) -> Any:
        """What `report` tells now of that run, asked of the disk: nothing goes wrong on the way.

        `has_read`: all that is on the marketplace was read before.
        """
        run = self.disk.ledger.run(run_id)
        if run is None:
            raise KeyError(run_id)
        told = replace(run, results_path=str(RESULTS))
        clock = SimClock(self.kernel, self.process())
        answer = report_now(self.disk.ledger, told, self.enlisted[run_id], self.plot.profile, clock)
        self._told("report", run_id, answer, exit_code=None, has_read=has_read)
        return answer

    def _told(
        self,
        command: str,
        run_id: str,
        answer: Mapping[str, Any],
        *,
        exit_code: int | None,
        at_s: float | None = None,
        is_last: bool = False,
        has_read: bool = False,
        expected: Mapping[int, str] | None = None,
    ) -> None:
        """Keep what was told, with what the ledger keeps of it, for the judge."""
        ledger = self.disk.ledger
        orders = ledger.orders_of_run(run_id)
        rows = ledger.rows(run_id)
        run = ledger.run(run_id)
        keys = {row.sheet_row: row.key for row in rows}
        given = printed(answer)
        now_s = self.kernel.now_s if at_s is None else at_s
        self.fate.counted[f"answer of {command}"] += 1
        for row in given.get("rows", ()):
            self.fate.counted[f"told {row['outcome']}"] += 1
        for step_told in given.get("next", ()):
            self.fate.counted[f"next step {step_told.split()[1]}"] += 1
        for order in orders.values():
            ids = _IDS.findall(order.message)
            if order.code == DUPLICATE or (order.state is State.HELD and len(ids) > 1):
                self.alarms.append(frozenset(ids))
        self.tellings.append(
            {
                "at_s": now_s,
                "told_s": self.kernel.now_s,
                "name": f"{command} of {run_id} at {now_s:.0f} s",
                # Without a lock another process may write between the counting and the telling.
                "exit_code": exit_code if self.disk.lock_works else None,
                "json": given if self.disk.lock_works else None,
                "ledger": {row.sheet_row: str(orders[row.key].state) for row in rows if row.key in orders},
                "left_out": [row.sheet_row for row in rows if row.disposition is Disposition.NOT_CHOSEN],
                "runs": [run.run_id for run in ledger.runs()],
                "users": self.disk.users,
                "is_last": is_last,
                "has_read": has_read,
                "audit_whole": run.audit_whole if run else None,
                "untold": self._untold(run_id) if command in COMPARE else [],
                "expected": tags_of(self.enlisted[run_id]) if expected is None else expected,
                "rows": [
                    {
                        "sheet_row": row["row"],
                        "outcome": row["outcome"],
                        "order_id": row["order_id"] or "",
                        "ended_s": self.disk.ended_s.get(keys.get(row["row"], ""), now_s),
                        "is_unread": row.get("code") == "S-GAVE-UP" and not row.get("attempts"),
                    }
                    for row in given.get("rows", ())
                ],
            }
        )

    def _untold(self, run_id: str) -> list[str]:
        """Ids of orders that the gateway made once too often, listed a while before the last comparison, and told to nobody.

        One that an equal row of the run took as its own is not one too many, nor is a change of a forgotten ledger, once more.
        """
        compared = self.disk.ledger.account(str(self.plot.profile.account)).audited_up_to
        if compared is None:
            return []
        compared_s = (compared - EPOCH).total_seconds() - self.plot.habits.skew_s
        told = {order.order_id for order in self.disk.ledger.orders_of_run(run_id).values()}.union(
            *self.alarms
        )
        tags = set(tags_of(self.enlisted[run_id]).values())
        tags -= {held.tag for held in self.platform.orders.values() if held.deleted_s is not None}
        return sorted(
            held.order_id
            for held in self.platform.orders.values()
            if held.is_replay
            and (held.sent_by in self.disk.users or not held.subscription)
            and held.tag in tags
            and held.listed_s < compared_s - 60.0
            and held.order_id not in told
        )

    def newest_run(self) -> str:
        runs = self.disk.ledger.runs()
        return runs[0].run_id if runs else ""
