"""Whole histories: a few runs of the real program with faults, then quiet ones, and the judge.

Drawn from a seed (`play`), or written down (`play_script`). What the user was told, and what the platform holds in the
end, goes to the judge.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from judge import Judgement, judge
from sim_actions import MIXED_SHARE, mixed
from sim_by_hand import (
    ALL_LISTED_S,
    LOOKED_BACK_DAYS,
    act_between,
    before_all,
    order_by_hand,
    until_all_is_listed,
)
from sim_disk import Disk, SqlShelf
from sim_fate import RandomFate, Rates, ScriptedFate
from sim_faults import FINE, POST_FAULTS
from sim_healing import heal
from sim_kernel import Endless, Kernel, Machine, Process
from sim_machines import broken, start_workers
from sim_met import in_the_end
from sim_people import confirm_held, knows_all, rename_doubtful
from sim_platform import Habits, Platform
from sim_plot import OTHER_LINE, PROFILE, Line, Plot, draw_plot, edited, tags_of
from sim_sharing import Sharing
from sim_truth import Truth
from sim_world import World

from bulk_orders.ledger.interface import AccountRecord
from bulk_orders.ledger.memory import MemoryLedger

MIXED_SEED: Final = 2**40
"""Rows of other types are drawn by a generator of their own: histories without them stay the same."""
DECIDE_GAP_S: Final = 1000.0
"""Between two looks of somebody who wants to decide, at the most."""


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


def play(
    seed: int,
    *,
    shelf: SqlShelf | None = None,
    keeps_trace: bool = False,
    change_plot: Callable[[Plot], Plot] | None = None,
    is_unsynced: bool = False,
    mixed_share: float = MIXED_SHARE,
) -> End:
    """One history from its seed; on the shelf's SQLite ledger if there is one, else on the ledger in memory.

    A seed that is mixed is the same history whatever the share.
    """
    rng = random.Random(seed)  # noqa: S311 - the same seed shall give the same history
    plot = mixed(draw_plot(rng), random.Random(seed + MIXED_SEED), mixed_share)  # noqa: S311 - as above
    if change_plot is not None:
        plot = change_plot(plot)
    kernel = Kernel(keeps_trace=keeps_trace)
    disk = Disk(
        kernel=kernel,
        ledger=shelf.emptied() if shelf else MemoryLedger(),
        lock_works=plot.lock_works,
        is_unsynced=is_unsynced,
        sharing=Sharing(kernel) if plot.machines else None,
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
        lines=plot.lines,
    )
    fate.on_power_loss = lambda process: _power_loss(world, process)
    try:
        before_all(world)
        for number in range(plot.runs):
            if number:
                _between(world)
            _one_round(world)
            kernel.run()
        heal(world, fate)
    except Endless as error:
        world.broken.append(f"Endless: {error}")
    finally:
        kernel.abandon()
    return ended(world, seed)


def _one_round(world: World) -> None:
    rng, plot = world.rng, world.plot
    if rng.random() < plot.renames:
        _run_renamed(world)
    newest = world.newest_run()
    if newest and rng.random() < 0.4:
        world.start(world.resume(newest))
        world.fate.counted["resume"] += 1
    else:
        world.start(world.run_workbook())
        world.fate.counted["run"] += 1
    if plot.machines:
        start_workers(world)
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


def _run_renamed(world: World) -> None:
    """A row in doubt is given another reference, and the workbook is run at once, while nothing goes wrong.

    Often only prepared before, as somebody does who wants to see first what would be sent.
    """
    before = world.lines, world.is_renamed
    if rename_doubtful(world):
        world.fate.is_kind = True
        if world.rng.random() < world.plot.gives_up:
            world.start(world.run_workbook(is_begun=False))
            world.kernel.run()
        world.start(world.run_workbook())
        world.kernel.run()
        world.fate.is_kind = False
        if not knows_all(world):
            # Another machine is sending. Once the doubt is over, another reference is another order.
            world.lines, world.is_renamed = before


def _between(world: World) -> None:
    rng, plot, disk = world.rng, world.plot, world.disk
    world.kernel.pass_time(rng.choice((1.0, 60.0, 1000.0, 7200.0)) * rng.random())
    if world.days_passed <= LOOKED_BACK_DAYS and rng.random() < plot.deletes:
        world.fate.counted["ledger deleted"] += 1
        world.kernel.tell("the ledger is deleted")
        world.expects_forgetting = True
        disk.delete()
    elif rng.random() < plot.rolls_back:
        _put_back(world)
    if rng.random() < plot.days_later:
        _pass_days(world)
    if rng.random() < plot.edits:
        world.fate.counted["workbook edited"] += 1
        world.lines = edited(world.lines, rng)
    if rng.random() < plot.by_hand:
        world.fate.counted["order entered by hand"] += 1
        # Renewals inherit PO numbers: one of ours may stand on an order that is not ours, with other content.
        world.platform.enter_by_hand(
            rng.choice(("c1", "c2")), rng.choice(("HAND-1", "PO-A", "PO-B")), "M1", 7
        )
    if rng.random() < plot.by_hand_instead:
        order_by_hand(world)
    act_between(world)
    _ask(world)
    newest = world.newest_run()
    if newest and world.kernel.now_s - world.platform.last_post_s > ALL_LISTED_S:
        confirm_held(world, newest)
    if newest and rng.random() < plot.decides:
        world.fate.counted["a person decides"] += 1
        for _ in range(4):
            world.start(world.decide(newest))
            world.kernel.run()
            world.kernel.pass_time(DECIDE_GAP_S * rng.random())


def _ask(world: World) -> None:
    newest = world.newest_run()
    if newest and world.rng.random() < world.plot.asks:
        ask = world.rng.choice((world.status, world.audit))
        world.start(ask(newest))
        world.kernel.run()


def _put_back(world: World) -> None:
    """A backup is put back, in the file's own place or as another file; or the two copies are used in turn."""
    rng, disk, counted = world.rng, world.disk, world.fate.counted
    kind = rng.choice(("same file", "another file", "in turn"))
    if kind in {"in turn", "same file"}:
        # The one assumption: such a ledger is not used while what the newer one sent is still to be seen by nobody.
        until_all_is_listed(world)
    if kind == "in turn" and disk.change_ledgers():
        counted["two ledgers in turn"] += 1
        world.kernel.tell("the other copy of the ledger is used")
    elif kind == "same file":
        if disk.roll_back():
            counted["ledger rolled back"] += 1
            world.kernel.tell("the ledger is restored from its backup")
    elif disk.copy_to_another_file():
        counted["ledger copied to another file"] += 1
        world.blind_until_s = world.platform.last_post_s + ALL_LISTED_S
        world.kernel.tell("an older copy of the ledger is used as another file")
    disk.back_up()
    counted["ledger backed up"] += 1
    world.expects_forgetting = True
    if rng.random() < 0.3:
        counted["another workbook after the ledger was put back"] += 1
        world.has_other_workbook = True
        world.run_to_the_end((OTHER_LINE,))


def _pass_days(world: World) -> None:
    """Days, or a month where every copy of the ledger says up to where it read: an empty one looks back for thirty days."""
    days = world.rng.choice((1.0, 3.0, 25.0, 40.0))
    # What carries no PO number of ours is told by its content alone, and asked about for thirty days.
    is_kept = world.plot.habits.po_mode in {"kept", "cut 10", "cut 14"}
    is_known = is_kept and all(disk_read_up_to(world)) and not world.fate.counted["a row ordered by hand"]
    if world.days_passed + days > LOOKED_BACK_DAYS and not is_known:
        return
    world.days_passed += days
    world.fate.counted["days later"] += 1
    world.fate.counted["a month later"] += days > LOOKED_BACK_DAYS
    world.kernel.pass_time(86400.0 * days)


def disk_read_up_to(world: World) -> list[bool]:
    """For each copy of the ledger, whether it says up to where it read the account."""
    disk, account = world.disk, str(PROFILE.account)
    records = [disk.ledger.account(account)]
    if disk.kept is not None:
        records.append(disk.kept["_accounts"].get(account, AccountRecord(account=account)))
    if disk.aside is not None:
        records.append(disk.aside.account(account))
    return [record.read_up_to is not None for record in records]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A history that is written down: one fault here, one crash there, and nothing else."""

    lines: tuple[Line, ...]
    dies_at: int | None = None
    """Counted over the steps of the first run."""
    posts: tuple[str, ...] = ()
    """Names of what comes of the placings, first to last; beyond them all is well."""
    reads: tuple[str | None, ...] = ()
    reads_after: int = 0
    """The readings are those that follow so many placings."""
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
        reads_after=script.reads_after,
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


def ended(world: World, seed: int) -> End:
    """Hear the reports of all runs once more, and judge."""
    for run in reversed(world.disk.ledger.runs()):
        world.hear(run.run_id, has_read=True)
    workbooks = [tags_of(lines) for lines in (*world.enlisted.values(), *world.shown)]
    truth = Truth(world.platform, world.wishes, world.disk.knew)
    judgement = judge(truth.orders(), world.tellings, world.alarms, workbooks, world.followed, truth.wishes())
    counted = world.fate.counted
    counted["a row is not sent that another ledger did"] += judgement.found_first
    counted.update(in_the_end(world.platform, truth.subscriptions, world.tellings))
    if world.disk.lock_works:
        world.broken += world.platform.broken
    world.broken += broken(world)
    for line in (*judgement.lines(), *world.broken):
        world.kernel.tell(line)
    return End(
        seed=seed,
        judgement=judgement,
        counted=counted,
        digest=world.kernel.digest(),
        rows=len(world.plot.lines),
        broken=world.broken,
        trace=world.kernel.trace,
    )
