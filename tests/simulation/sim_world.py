"""One history: a workbook, a marketplace with its habits, a few runs of the real program with faults, then quiet runs.

Everything is drawn from the seed. What the user was told, and what the platform holds in the end, goes to the judge.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Final

from judge import Judgement, judge
from sim_disk import Disk, SqlShelf, ledger_port
from sim_fate import AMBIGUOUS, Fate, RandomFate, Rates, ScriptedFate
from sim_kernel import Endless, Kernel, Machine, Process, SimClock, SimCrew, SimLock, Stop
from sim_platform import FINE, PO_MODES, POST_FAULTS, Habits, Platform, SimMarketplace

from bulk_orders.audit import AuditFindings
from bulk_orders.core.lifecycle import State
from bulk_orders.core.model import Order, Row
from bulk_orders.core.pacing import Pacer
from bulk_orders.core.summary import exit_code, outcome
from bulk_orders.deciding import resendable, say_absent
from bulk_orders.engine import Engine
from bulk_orders.errors import BulkOrdersError
from bulk_orders.ledger.interface import RunRecord, Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.pace import Limiter
from bulk_orders.parts import Parts
from bulk_orders.planning import build_orders
from bulk_orders.runs import may_have_forgotten, run_counts
from bulk_orders.settings import Profile

TEMPLATE: Final = {
    "type": "sales",
    "customerId": "{customer_id}",
    "ponumber": "{po_number}",
    "products": [{"mpn": "{mpn}", "quantity": "{quantity:int}"}],
}
PROFILE: Final = Profile(
    name="sim", base_url="https://sim.example/api", user="sim", rate_per_s=0.0, workers=3
)
ACCOUNT: Final = PROFILE.account
DECIDE_GAP_S = 1000.0
"""Between two looks of somebody who wants to decide, at the most."""
_IDS: Final = re.compile(r"\(id ([^)]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the workbook as the user thinks of it."""

    reference: str = ""
    po_number: str = ""
    customer_id: str
    mpn: str
    quantity: int
    tag: str = ""


def tagged(line: Line, *, by_content: bool) -> Line:
    """With the name under which the judge knows it: one for rows that nobody can tell apart on the platform."""
    content = f"{line.customer_id}/{line.mpn}/{line.quantity}"
    if by_content:
        return replace(line, tag=content)
    if line.po_number:
        return replace(line, tag=f"{line.po_number} {content}")
    return replace(line, tag=f"ref {line.reference}" if line.reference else content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What a history is about, drawn before it begins."""

    rates: Rates
    habits: Habits
    profile: Profile
    runs: int
    lines: tuple[Line, ...]
    lock_works: bool = True
    second_process: float = 0.0
    deletes: float = 0.0
    rolls_back: float = 0.0
    edits: float = 0.0
    decides: float = 0.0
    """A person says absent where the program allows it."""
    decides_meanwhile: float = 0.0
    """The same while other processes are at work, which only a lock that does not work allows."""
    by_hand: float = 0.0
    beacon_works: bool = True
    is_first_ever: bool = False


@dataclass(slots=True, kw_only=True)
class End:
    """What a history told."""

    seed: int
    judgement: Judgement
    counted: Counter[str]
    digest: str
    rows: int
    broken: list[str]
    """Errors that no user should see."""
    trace: list[str] | None = None

    @property
    def is_good(self) -> bool:
        return self.judgement.is_clean and not self.broken


class SimBeacon:
    """The count of runs, kept apart from the ledger."""

    def __init__(self, *, works: bool) -> None:
        self._works = works
        self._numbers: dict[str, int] = {}

    def age(self, account: str) -> int:
        return self._numbers.get(account, 0) if self._works else 0

    def raise_to(self, account: str, runs: Callable[[], int]) -> None:
        self._numbers[account] = max(runs(), self._numbers.get(account, 0))


def draw_plot(rng: random.Random) -> Plot:
    """Each history has its own mix: some are all crashes, some all lost answers, some almost quiet."""
    heavy = rng.random()
    kinds = tuple(POST_FAULTS.values())
    habits = Habits(
        po_mode=rng.choice(PO_MODES),
        lists_po=rng.random() < 0.7,
        lists_products=rng.random() < 0.2,
        listing_lag_s=rng.choice((0.0, 0.0, 5.0, 60.0)),
        commit_lag_s=rng.choice((5.0, 60.0, 280.0)),
        skew_s=rng.choice((0.0, 0.0, -200.0, 200.0, -3600.0, 3600.0)),
        error_share=rng.choice((0.0, 0.0, 0.1)),
        replay_share=0.05 if rng.random() < 0.05 else 0.0,
        tells_time=rng.random() < 0.9,
    )
    is_kept = habits.po_mode == "kept"
    if not is_kept:
        habits = replace(
            habits, replay_share=0.0
        )  # without a PO number nothing shows which request came twice
    rates = Rates(
        crash=rng.choice((0.0, 0.01, 0.02, 0.06, 0.12)),
        post=rng.choice((0.1, 0.45, 0.45, 0.8)),
        read=rng.choice((0.0, 0.15, 0.15, 0.4)),
        pause=rng.choice((0.0, 0.0, 0.02)),
        pause_after_intent=rng.choice((0.0, 0.0, 0.0, 0.4)),
        jump=rng.choice((0.0, 0.0, 0.0, 0.06)),
        stop=rng.choice((0.0, 0.0, 0.01)),
        disk=rng.choice((0.0, 0.0, 0.0, 0.02)),
        partition=rng.choice((0.0, 0.0, 0.05)),
        kinds=kinds if heavy < 0.6 else AMBIGUOUS if heavy < 0.8 else tuple(rng.sample(kinds, 4)),
    )
    by_content = habits.po_mode == "dropped"
    # Where the marketplace's clock may be an hour off and is not told, no window can be right.
    if not habits.tells_time and abs(habits.skew_s) > 200.0:
        habits = replace(habits, skew_s=0.0)
    plot = Plot(
        rates=rates,
        habits=habits,
        profile=PROFILE.model_copy(
            update={
                "workers": rng.randint(1, 3),
                "allow_unmarked": habits.po_mode == "dropped" and rng.random() < 0.5,
            }
        ),
        runs=rng.choice((1, 2, 2, 3, 4)),
        lines=_draw_lines(rng, by_content=by_content),
        lock_works=rng.random() < 0.8,
        second_process=rng.choice((0.0, 0.0, 0.0, 0.7)),
        deletes=rng.choice((0.0, 0.0, 0.0, 0.4)),
        rolls_back=rng.choice((0.0, 0.0, 0.0, 0.0, 0.4)),
        # An edited row whose PO number was lost cannot be known again once the ledger is lost, too.
        edits=rng.choice((0.0, 0.0, 0.5)) if is_kept else 0.0,
        decides=rng.choice((0.0, 0.0, 0.7)),
        by_hand=rng.choice((0.0, 0.0, 0.3)),
        beacon_works=rng.random() < 0.8,
        is_first_ever=rng.random() < 0.5,
    )
    is_crowded = plot.second_process and not plot.lock_works
    return replace(plot, decides_meanwhile=plot.decides if is_crowded else 0.0)


def _draw_lines(rng: random.Random, *, by_content: bool) -> tuple[Line, ...]:
    return tuple(
        tagged(_draw_line(rng, number), by_content=by_content)
        for number in range(rng.choice((1, 2, 3, 4, 5, 6)))
    )


def _draw_line(rng: random.Random, number: int) -> Line:
    return Line(
        reference=f"R{number}" if rng.random() < 0.7 else "",
        po_number=rng.choice(("PO-A", "PO-B")) if rng.random() < 0.25 else "",
        customer_id=rng.choice(("c1", "c1", "c2", "c3")),
        mpn=rng.choice(("M1", "M2")),
        quantity=rng.randint(1, 3),
    )


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
    beacon: SimBeacon
    lines: tuple[Line, ...] = ()
    processes: int = 0
    enlisted: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    """By run id, the workbook it was made from."""
    tellings: list[dict[str, Any]] = field(default_factory=list)
    alarms: list[frozenset[str]] = field(default_factory=list)
    """Ids that were named together to the user as too many."""
    broken: list[str] = field(default_factory=list)
    expects_forgetting: bool = False

    def process(self) -> Process:
        self.processes += 1
        made = Process(name=f"p{self.processes}", machine=self.machine)
        made.stop = Stop(self.kernel)
        return made

    def parts(self, process: Process) -> Parts:
        clock = SimClock(self.kernel, process)
        return Parts(
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
            beacon=self.beacon,
            crew=SimCrew(self.kernel, process),
            adopting=SimLock(self.kernel),
            stop=process.stop,  # type: ignore[arg-type]
        )

    def start(self, what: Callable[[Parts, Process], None], *, after_s: float = 0.0) -> None:
        """A process does `what`; whatever ends it, the others go on."""
        process = self.process()

        def live() -> None:
            try:
                what(self.parts(process), process)
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

    def run_workbook(self, *, is_last: bool = False) -> Callable[[Parts, Process], None]:
        """As `runs.run_workbook` does, without files."""
        lines = self.lines

        def work(parts: Parts, process: Process) -> None:
            with parts.ledger.hold():
                run = _new_run(process, parts.clock.now(), len(lines))
                engine = Engine(parts, run)
                intake: Any = SimpleNamespace(row_keys={})
                options: Any = SimpleNamespace(
                    is_first_ever=self.plot.is_first_ever and not self.expects_forgetting
                )
                forgets = engine.forgetting.is_suspected or may_have_forgotten(parts, intake, options)
                engine.recover()
                parts.marketplace.sign_in()
                planned = engine.plan(_orders(lines), [], account=ACCOUNT, forgets=forgets)
                if forgets:
                    planned = engine.look_again(planned)
                self.enlisted[run.run_id] = lines
                engine.enlist(planned, b"workbook")
                self._work_through(parts, run, engine, is_last=is_last)

        return work

    def resume(self, run_id: str) -> Callable[[Parts, Process], None]:
        """As `runs.resume_run` does."""

        def work(parts: Parts, process: Process) -> None:
            run = parts.ledger.run(run_id)
            if run is None:
                return
            with parts.ledger.hold():
                engine = Engine(parts, run)
                engine.recover()
                parts.marketplace.sign_in()
                run = replace(run, stopped_by="", ended_at=None, exit_code=None)
                parts.ledger.finish_run(run)
                self._work_through(parts, run, engine, is_last=False)

        return work

    def decide(self, run_id: str = "") -> Callable[[Parts, Process], None]:
        """As `resolve --resend-absent` does: what may be called absent is called so. By default of the newest run by then."""

        def work(parts: Parts, process: Process) -> None:
            run = parts.ledger.run(run_id or self.newest_run())
            if run is None:
                return
            with parts.ledger.hold():
                engine = Engine(parts, run)
                engine.recover()
                unknown = _unknown(parts, run)
                engine.resolver.look_up_all(unknown, settle_s=0.0, stop=parts.stop)
                for order in resendable(_unknown(parts, run)):
                    say_absent(parts, order, engine.resolver, reason="not there")
                    self.fate.counted["said absent"] += 1

        return work

    def audit(self, run_id: str) -> Callable[[Parts, Process], None]:
        """As `audit` does: the net under everything, asked for when a run could not make it whole."""

        def work(parts: Parts, process: Process) -> None:
            run = parts.ledger.run(run_id)
            if run is None:
                return
            with parts.ledger.hold():
                self._hear_alarms(Engine(parts, run).audit())

        return work

    def _work_through(self, parts: Parts, run: RunRecord, engine: Engine, *, is_last: bool) -> None:
        sent = engine.carry_out()
        self._hear_alarms(sent.findings)
        code = exit_code(run_counts(parts, run), stopped=sent.exit_code)
        ended = replace(run, ended_at=parts.clock.now(), stopped_by=sent.reason, exit_code=int(code))
        parts.ledger.finish_run(ended)
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
                "expected": tags_of(self.enlisted[run_id]),
                "rows": rows,
            }
        )

    def newest_run(self) -> str:
        runs = self.disk.ledger.runs()
        return runs[0].run_id if runs else ""


def _unknown(parts: Parts, run: RunRecord) -> list[Any]:
    orders = parts.ledger.orders_of_run(run.run_id).values()
    return sorted(
        (order for order in orders if order.state is State.UNKNOWN),
        key=lambda order: (order.sheet_row, order.key),
    )


@lru_cache(maxsize=64)
def _orders(lines: tuple[Line, ...]) -> tuple[Order, ...]:
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
    return tuple(build_orders(rows, template=TEMPLATE, account=ACCOUNT))


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


def play(
    seed: int,
    *,
    shelf: SqlShelf | None = None,
    keeps_trace: bool = False,
    change_plot: Callable[[Plot], Plot] | None = None,
    is_unsynced: bool = False,
) -> End:
    """One history from its seed; on the shelf's SQLite ledger if there is one, else on the ledger in memory."""
    rng = random.Random(seed)  # noqa: S311 - the same seed shall give the same history
    plot = draw_plot(rng)
    if change_plot is not None:
        plot = change_plot(plot)
    kernel = Kernel(keeps_trace=keeps_trace)
    disk = Disk(
        kernel=kernel,
        ledger=shelf.emptied() if shelf else MemoryLedger(),
        lock_works=plot.lock_works,
        is_unsynced=is_unsynced,
    )
    fate = RandomFate(
        kernel=kernel, rng=rng, rates=plot.rates, on_power_loss=lambda process: disk.lose_power(rng.random())
    )
    world = World(
        plot=plot,
        rng=rng,
        kernel=kernel,
        disk=disk,
        platform=Platform(kernel, plot.habits, rng.random),
        fate=fate,
        machine=Machine(name="m1"),
        beacon=SimBeacon(works=plot.beacon_works),
        lines=plot.lines,
    )
    fate.on_power_loss = lambda process: _power_loss(world, process)
    try:
        for number in range(plot.runs):
            if number:
                _between(world)
            _one_round(world)
            kernel.run()
        _heal(world, fate)
    except Endless as error:
        world.broken.append(f"Endless: {error}")
    finally:
        kernel.abandon()
    return ended(world, seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A history that is written down: one fault here, one crash there, and nothing else."""

    lines: tuple[Line, ...]
    dies_at: int | None = None
    """Counted over the steps of the first run."""
    posts: tuple[str, ...] = ()
    """Names of what comes of the placings, first to last; beyond them all is well."""
    reads: tuple[str | None, ...] = ()
    then: str = ""
    """What happens after the first run: `deletes` the ledger, a person `decides`, or nothing."""
    workers: int = 1
    resumes: bool = False
    """The second run resumes the first; else it is a new run of the workbook."""


def play_script(script: Script, *, keeps_trace: bool = False) -> End:
    """The first run as written, a second one after a while, and a quiet third; steps of the first in `counted`."""
    kernel = Kernel(keeps_trace=keeps_trace)
    disk = Disk(kernel=kernel, ledger=MemoryLedger())
    fate = ScriptedFate(
        kernel=kernel,
        dies_at=script.dies_at,
        posts=[POST_FAULTS[name] if name else FINE for name in script.posts],
        reads=script.reads,
    )
    habits = Habits(commit_lag_s=60.0)
    plot = Plot(
        rates=Rates(),
        habits=habits,
        profile=PROFILE.model_copy(update={"workers": script.workers}),
        runs=2,
        lines=script.lines,
        is_first_ever=True,
    )
    world = World(
        plot=plot,
        rng=random.Random(0),  # noqa: S311 - nothing is left to chance but the jitter of waits
        kernel=kernel,
        disk=disk,
        platform=Platform(kernel, habits, lambda: 0.5),
        fate=fate,
        machine=Machine(name="m1"),
        beacon=SimBeacon(works=True),
        lines=script.lines,
    )
    try:
        _play_scripted(world, script)
    except Endless as error:
        world.broken.append(f"Endless: {error}")
    finally:
        kernel.abandon()
    return ended(world, 0)


def _play_scripted(world: World, script: Script) -> None:
    kernel = world.kernel
    world.start(world.run_workbook())
    kernel.run()
    world.fate.counted["steps"] = getattr(world.fate, "steps", 0)
    world.fate.dies_at = None  # type: ignore[attr-defined]
    kernel.pass_time(5.0)
    newest = world.newest_run()
    if script.then == "deletes":
        world.expects_forgetting = True
        world.disk.delete()
    if script.then == "decides" and newest:
        for _ in range(4):
            kernel.pass_time(1000.0)
            world.start(world.decide(newest))
            kernel.run()
    newest = world.newest_run()
    world.start(world.resume(newest) if script.resumes and newest else world.run_workbook())
    kernel.run()
    kernel.pass_time(2000.0)
    world.fate.posts = ()  # type: ignore[attr-defined]
    world.fate.reads = ()  # type: ignore[attr-defined]
    world.start(world.run_workbook(is_last=True))
    kernel.run()


def _power_loss(world: World, speaker: Process) -> None:
    """The machine goes dark, with every process on it."""
    world.disk.lose_power(world.rng.random())
    kernel = world.kernel
    task, kernel.current = kernel.current, None
    for other in [world.disk.holder, *world_processes(kernel)]:
        if other is not None and other is not speaker:
            kernel.crash(other)
    kernel.current = task


def world_processes(kernel: Kernel) -> list[Process]:
    """Those that have something due."""
    found = [
        task.process for _, _, task, _ in sorted(kernel._due, key=lambda due: due[1]) if task is not None
    ]
    return list(dict.fromkeys(found))


def ended(world: World, seed: int) -> End:
    """Hear the reports of all runs once more, and judge."""
    for run in reversed(world.disk.ledger.runs()):
        world.hear(run.run_id, exit_code=None)
    orders = [
        {
            "order_id": held.order_id,
            "tag": held.tag,
            "received_s": held.received_s,
            "is_replay": held.is_replay,
            "is_foreign": held.is_foreign,
        }
        for held in world.platform.orders.values()
    ]
    workbooks = [tags_of(lines) for lines in world.enlisted.values()]
    judgement = judge(orders, world.tellings, world.alarms, workbooks)
    for line in (*judgement.lines(), *world.broken):
        world.kernel.tell(line)
    return End(
        seed=seed,
        judgement=judgement,
        counted=world.fate.counted,
        digest=world.kernel.digest(),
        rows=len(world.plot.lines),
        broken=world.broken,
        trace=world.kernel.trace,
    )


def _one_round(world: World) -> None:
    rng, plot = world.rng, world.plot
    newest = world.newest_run()
    if newest and rng.random() < 0.4:
        world.start(world.resume(newest))
        world.fate.counted["resume"] += 1
    else:
        world.start(world.run_workbook())
        world.fate.counted["run"] += 1
    if rng.random() < plot.second_process:
        world.fate.counted["second process"] += 1
        again = world.resume(newest) if newest and rng.random() < 0.5 else world.run_workbook()
        world.start(again, after_s=rng.choice((0.0, 1.0, 30.0, 900.0, 3000.0)) * rng.random())
    if plot.decides_meanwhile and rng.random() < plot.decides_meanwhile:
        world.fate.counted["a person decides meanwhile"] += 1
        after_s = 60.0 * rng.random()
        for _ in range(4):
            world.start(world.decide(), after_s=after_s)
            after_s += DECIDE_GAP_S * rng.random()


def _between(world: World) -> None:
    rng, plot, disk = world.rng, world.plot, world.disk
    world.kernel.pass_time(rng.choice((1.0, 60.0, 1000.0, 7200.0)) * rng.random())
    if rng.random() < plot.deletes:
        world.fate.counted["ledger deleted"] += 1
        world.kernel.tell("the ledger is deleted")
        world.expects_forgetting = True
        disk.delete()
    elif rng.random() < plot.rolls_back:
        # An older copy of the ledger is noticed by the beacon alone: without it that is an assumption broken.
        if plot.beacon_works and disk.roll_back():
            world.fate.counted["ledger rolled back"] += 1
            world.kernel.tell("the ledger is restored from its backup")
        disk.back_up()
    if rng.random() < plot.edits:
        world.fate.counted["workbook edited"] += 1
        world.lines = edited(world.lines, rng)
    if rng.random() < plot.by_hand:
        world.fate.counted["order entered by hand"] += 1
        # Renewals inherit PO numbers: one of ours may stand on an order that is not ours, with other content.
        world.platform.enter_by_hand(
            rng.choice(("c1", "c2")), rng.choice(("HAND-1", "PO-A", "PO-B")), "M1", 7
        )
    newest = world.newest_run()
    if newest and rng.random() < plot.decides:
        world.fate.counted["a person decides"] += 1
        for _ in range(4):
            world.start(world.decide(newest))
            world.kernel.run()
            world.kernel.pass_time(DECIDE_GAP_S * rng.random())


def edited(lines: tuple[Line, ...], rng: random.Random) -> tuple[Line, ...]:
    """Sorted anew, and perhaps with a row changed, added or removed."""
    found = list(lines)
    rng.shuffle(found)
    kind = rng.choice(("sort", "quantity", "add", "remove"))
    if kind == "quantity":
        place = rng.randrange(len(found))
        line = found[place]
        if not line.po_number:
            found[place] = tagged(replace(line, quantity=line.quantity + 10), by_content=False)
    elif kind == "add":
        line = Line(
            reference=f"N{rng.randint(1, 99)}", customer_id="c1", mpn="M1", quantity=rng.randint(1, 3)
        )
        if line.reference not in {other.reference for other in found}:
            found.append(tagged(line, by_content=False))
    elif kind == "remove" and len(found) > 1:
        found.pop()
    return tuple(found)


def _heal(world: World, fate: RandomFate) -> None:
    """No more faults: what is left undone now is left undone for ever."""
    fate.is_kind = True
    world.platform.is_healing = True
    world.platform.partition_until_s = 0.0
    world.kernel.pass_time(1800.0)
    for run in reversed(world.disk.ledger.runs()):
        if run.ended_at is None or run.stopped_by:  # the user was told to resume it
            world.start(world.resume(run.run_id))
            world.kernel.run()
            world.kernel.pass_time(1000.0)
    for run in reversed(world.disk.ledger.runs()):
        world.start(world.audit(run.run_id))
        world.kernel.run()
    for is_last in (False, False, True):
        world.start(world.run_workbook(is_last=is_last))
        world.kernel.run()
        world.kernel.pass_time(1000.0)


def tags_of(lines: Sequence[Line]) -> Mapping[int, str]:
    return {number: line.tag for number, line in enumerate(lines, 2)}
