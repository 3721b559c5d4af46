"""Broken variants of what machines that share a ledger rely on: each goes against a sentence of `ledger.sharing` or of the pace."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import sim_disk
import sim_machines
from mutant_registry import Patch, mutant
from sim_kernel import Process
from sim_machines import shared
from sim_plot import Plot
from sim_sharing import Held, Right, Sharing

from bulk_orders.sending.pace import LocalPace


def frozen(plot: Plot) -> Plot:
    """Machines stand still for longer than a claim lasts."""
    rates = replace(plot.rates, crash=0.01, pause=0.02, jump=0.0, stop=0.0, longest_pauses=(40.0,))
    return shared(replace(plot, rates=rates))


def with_other_clocks(plot: Plot) -> Plot:
    """Clocks are set, again and again."""
    return shared(replace(plot, rates=replace(plot.rates, crash=0.0, pause=0.0, jump=0.06, stop=0.0)))


def undisturbed(plot: Plot) -> Plot:
    """Nothing stands still."""
    rates = replace(plot.rates, crash=0.0, pause=0.0, pause_after_intent=0.0, jump=0.0, stop=0.0, post=0.1)
    return shared(replace(plot, rates=rates))


@mutant("no fence", change_plot=frozen)
def _no_fence() -> Sequence[Patch]:
    """Whoever once had a chunk begins attempts, also when another has it."""

    def may_begin(self: Sharing, process: Process, right: Right) -> bool:
        self.renew(process, right)
        return True

    return [(Sharing, "may_begin", may_begin)]


@mutant("a local clock", change_plot=with_other_clocks)
def _local_clock() -> Sequence[Patch]:
    """Whether a lease is over is decided by the clock of the machine that wants it."""
    return [
        (Sharing, "now_s", lambda self, process: self.kernel.now_s + process.machine.clock_off_s),
    ]


@mutant("a lease that guards recording", change_plot=frozen)
def _guards_recording() -> Sequence[Patch]:
    """What came back is recorded only by whoever still has the right to begin."""
    honest = sim_disk.recorded

    def recorded(sharing: Sharing, process: Process, is_begun: bool, write: Callable[[], Any]) -> Any:
        del is_begun
        return honest(sharing, process, True, write)

    return [(sim_disk, "recorded", recorded)]


@mutant("a chunk for two", change_plot=shared)
def _for_two() -> Sequence[Patch]:
    """A chunk is given to whoever asks for it."""
    honest = Sharing.take

    def take(self: Sharing, held: Held, process: Process, lasts_s: float) -> Right | None:
        if held is not self.lease:
            held.expires_s = 0.0
        return honest(self, held, process, lasts_s)

    return [(Sharing, "take", take)]


@mutant("a rate for each worker", change_plot=undisturbed)
def _rate_per_worker() -> Sequence[Patch]:
    """Each process keeps the rate for itself."""
    return [
        (sim_machines, "pace_of", lambda world, clock: LocalPace(world.plot.profile.rate_per_s, clock)),
    ]
