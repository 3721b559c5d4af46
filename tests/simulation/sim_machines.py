"""Machines that share a ledger: whoever runs the workbook has its orders sent by workers, which die, freeze and come again."""

import functools
import random
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sim_kernel import Process
from sim_plot import Line, Plot, tagged

from bulk_orders.core.pacing import Slot
from bulk_orders.errors import LedgerUnusable
from bulk_orders.sending.claimed_chunk import work_on
from bulk_orders.sending.pace import LocalPace, Pace
from bulk_orders.sending.services import Leaving, Services
from bulk_orders.sending.streak import Streak

if TYPE_CHECKING:
    from sim_world import World

RATE_PER_S: Final = 0.5
SLACK_S: Final = 0.5
"""What lies between a slot and the order that leaves in it."""
IDLE_S: Final = 120.0
"""A worker that had nothing to do for so long ends."""
LOOK_S: Final = 10.0


def shared(plot: Plot) -> Plot:
    """Any history on several machines with one ledger, which nobody copies, deletes or puts back."""
    more = tuple(
        tagged(Line(reference=f"W{number}", customer_id=f"w{number}", mpn="M1", quantity=1), by_content=False)
        for number in range(8)
    )
    rng = random.Random(repr(plot))  # noqa: S311 - the same plot shall give the same machines
    is_kept = rng.random() < 0.7  # else most runs end before anything is handed out
    habits = replace(plot.habits, po_mode="kept") if is_kept else plot.habits
    return replace(
        plot,
        habits=habits,
        machines=3,
        lock_works=False,
        lines=plot.lines + (more if habits.po_mode != "dropped" else ()),
        profile=plot.profile.model_copy(update={"rate_per_s": RATE_PER_S}),
        deletes=0.0,
        rolls_back=0.0,
        decides_meanwhile=0.0,
    )


class WatchedPace(LocalPace):
    """A pace that notes who came late to a slot: a machine that is slow wakes up late, and nobody else can know."""

    def __init__(self, world: "World", clock: Any) -> None:
        super().__init__(world.plot.profile.rate_per_s, clock)
        self._monotonic, self._kernel = clock.monotonic, world.kernel
        self.late_s: list[float] = []

    def used(self, slot: Slot) -> None:
        super().used(slot)
        if self._monotonic() - slot.due_s > SLACK_S:
            self.late_s.append(self._kernel.now_s)


def pace_of(world: "World", clock: Any) -> Pace:
    """The credential's pace: one for all machines."""
    if not world.plot.machines:
        return LocalPace(0.0, clock)
    if not world.paces:
        world.paces.append(WatchedPace(world, clock))
    kept: Pace = world.paces[0]
    return kept


def leaving(world: "World") -> Leaving | None:
    """Workers send; told to stop, somebody leaves the run to them or stops it. In the end everybody sends for themselves."""
    if not world.plot.machines or world.fate.is_kind:
        return None
    return lambda: world.rng.random() < 0.5


def start_workers(world: "World") -> None:
    """One on each machine, and two more of each a while later: some of those that are there die."""
    for _ in range(world.plot.machines):
        for life in range(3):
            world.start(worker(world), after_s=(20.0 + 400.0 * life) * world.rng.random(), is_worker=True)


def worker(world: "World") -> Callable[[Services, Process], None]:
    """As `bulk-orders worker` does, without a queue."""

    def work(services: Services, process: Process) -> None:
        found = services.ledger.shared_runs()
        if found is None:
            raise TypeError("no machines share this ledger")
        streak_of = functools.cache(lambda _hand_out, stop_after: Streak(stop_after))
        busy_s = services.clock.monotonic()
        while not process.stop.is_set() and (
            _is_needed(world) or services.clock.monotonic() - busy_s < IDLE_S
        ):
            for chunk in found.unclaimed():
                try:
                    if work_on(services, found, chunk, streak_of):
                        busy_s = services.clock.monotonic()
                        world.fate.counted["a chunk was worked on"] += 1
                except LedgerUnusable:
                    world.fate.counted["a chunk was given up for the disk"] += 1
            services.clock.wait(LOOK_S, process.stop)

    return work


def _is_needed(world: "World") -> bool:
    return any(not process.is_dead for process in world.commands)


def broken(world: "World") -> list[str]:
    """What went against the sentences of a shared ledger, and against the credential's rate."""
    sharing = world.disk.sharing
    if sharing is None:
        return []
    return [*sharing.broken, *_too_fast(world)]


def _too_fast(world: "World") -> list[str]:
    """Orders that left closer together than the rate allows, where no process was frozen meanwhile or woke up late."""
    if world.fate.counted["pause"]:
        return []
    gap_s = 1.0 / world.plot.profile.rate_per_s - SLACK_S
    late_s = [moment for pace in world.paces if isinstance(pace, WatchedPace) for moment in pace.late_s]
    times = [
        at for at in world.platform.post_times if not any(0 <= at - moment < SLACK_S for moment in late_s)
    ]
    return [
        f"orders left at {before:.2f} s and {after:.2f} s: the rate allows none in {gap_s:.1f} s"
        for before, after in pairwise(times)
        if after - before < gap_s
    ]
