"""What goes wrong, and when: drawn from one seed (`RandomFate`), or written down beforehand (`ScriptedFate`).

Every port call asks its fate. A fate may let time pass, crash the process or the whole machine, freeze it, set its
clock, or press Ctrl-C; and it chooses what comes of each placing, each reading and each write.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sim_faults import DEFINITE, FINE, POST_FAULTS, READ_FAULTS, PostFault
from sim_kernel import Crashed, Kernel, Process
from sim_platform import Platform

from bulk_orders.errors import LedgerUnusable

WRITES_DONE = "written"
_KINDS = tuple(POST_FAULTS.values())


class Fate(Protocol):
    """What the ports ask."""

    counted: Counter[str]
    is_kind: bool
    """Nothing goes wrong any more."""

    def step(self, process: Process, what: str) -> None:
        """A port call begins or has ended: others may run, time passes, the process may die (`Crashed`)."""

    def glance(self, process: Process) -> None:
        """A reading of the ledger: others may run."""

    def post(self, platform: Platform) -> PostFault:
        """What comes of placing an order."""

    def after_post(self, process: Process, kind: PostFault) -> None:
        """The request has left; the process may die before the answer."""

    def is_replayed(self, platform: Platform) -> bool:
        """The gateway sends it twice."""

    def read(self, platform: Platform, what: str) -> str | None:
        """What spoils a reading."""

    def write(self, process: Process) -> None:
        """May raise what a disk that is full or broken raises."""

    def writes_results(self) -> bool:
        """Whether the results workbook can be written; False where it is open in another program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often things go wrong in one history."""

    crash: float = 0.06
    power: float = 0.30
    """Share of the crashes that take the machine with them."""
    post: float = 0.45
    read: float = 0.15
    pause: float = 0.0
    pause_after_intent: float = 0.0
    longest_pauses: tuple[float, ...] = (20.0, 400.0, 4000.0)
    jump: float = 0.0
    stop: float = 0.0
    disk: float = 0.0
    results: float = 0.0
    partition: float = 0.0
    """Per placing: from here on an hour of silence."""
    kinds: tuple[PostFault, ...] = _KINDS


@dataclass(slots=True, kw_only=True)
class RandomFate:
    """Everything from one generator."""

    kernel: Kernel
    rng: random.Random
    rates: Rates
    on_power_loss: Callable[[Process], None]
    counted: Counter[str] = field(default_factory=Counter)
    is_kind: bool = False
    """Nothing goes wrong any more."""

    def step(self, process: Process, what: str) -> None:
        """Latency is drawn always, so that whose turn it is depends on the seed and not on the code."""
        if process.is_dead:
            raise Crashed
        process.moves += 1
        chance = self.rng.random()
        if not self.is_kind and chance < self._risk(what):
            self._strike(process, what)
        if self.kernel.current is not None:
            self.kernel.current.idle_waits = 0
        self.kernel.sleep(0.001 + 0.05 * self.rng.random())

    def _risk(self, what: str) -> float:
        rates = self.rates
        extra = rates.pause_after_intent if what == "begun" else 0.0
        return rates.crash + rates.pause + rates.jump + rates.stop + extra

    def _strike(self, process: Process, what: str) -> None:
        rates = self.rates
        extra = rates.pause_after_intent if what == "begun" else 0.0
        dice = self.rng.random() * self._risk(what)
        if dice < rates.crash:
            self._crash(process, what)
        dice -= rates.crash
        if dice < rates.pause + extra:
            longest = self.rng.choice(rates.longest_pauses)
            self.counted["pause"] += 1
            if what == "begun":
                self.counted["pause between intent and send"] += 1
            process.paused_until_s = self.kernel.now_s + self.rng.random() * longest
            self.kernel.tell(f"{process.name} is frozen at {what}")
            return
        dice -= rates.pause + extra
        if dice < rates.jump:
            self.counted["clock jump"] += 1
            process.machine.clock_off_s += self.rng.choice((-86400.0, -3600.0, -30.0, 30.0, 3600.0, 86400.0))
            self.kernel.tell(f"{process.machine.name} has its clock set")
            return
        self.counted["ctrl-c"] += 1
        self.kernel.tell(f"{process.name} is told to stop at {what}")
        process.stop.set()

    def _crash(self, process: Process, what: str) -> None:
        self.counted["crash"] += 1
        self.counted[f"crash at {what}"] += 1
        if self.rng.random() < self.rates.power:
            self.counted["power loss"] += 1
            self.kernel.tell(f"power loss at {what} of {process.name}")
            self.on_power_loss(process)
        self.kernel.tell(f"{process.name} dies at {what}")
        self.kernel.crash(process)

    def glance(self, process: Process) -> None:
        if process.is_dead:
            raise Crashed
        self.kernel.sleep(0.0005 + 0.002 * self.rng.random())

    def post(self, platform: Platform) -> PostFault:
        rng = self.rng
        if self.is_kind:
            return FINE
        if platform.is_cut_off:
            kind = POST_FAULTS[rng.choice(("refused_connection", "timeout_before", "connect_timeout"))]
            self.counted["partitioned post"] += 1
        elif rng.random() < self.rates.partition:
            platform.partition_until_s = self.kernel.now_s + rng.choice((30.0, 600.0, 3600.0))
            self.counted["partition"] += 1
            kind = POST_FAULTS[rng.choice(("timeout_before", "timeout_after", "reset_after"))]
        elif rng.random() < self.rates.post:
            kind = rng.choice(self.rates.kinds)
        else:
            kind = FINE
        self.counted[f"post {kind.name}"] += 1
        return kind

    def after_post(self, process: Process, kind: PostFault) -> None:
        if not self.is_kind and self.rng.random() < self.rates.crash:
            self.counted["crash while waiting for the answer"] += 1
            if kind.commits == "late":
                self.counted["crash with the request still in the network"] += 1
            self._crash(process, "waiting")

    def is_replayed(self, platform: Platform) -> bool:
        share = platform.habits.replay_share
        if share and not self.is_kind and self.rng.random() < share:
            self.counted["replay by the gateway"] += 1
            return True
        return False

    def read(self, platform: Platform, what: str) -> str | None:
        if self.is_kind:
            return None
        if platform.is_cut_off:
            self.counted["partitioned read"] += 1
            return "read_failed"
        if self.rng.random() >= self.rates.read:
            return None
        kind = self.rng.choice(READ_FAULTS)
        self.counted[kind] += 1
        return kind

    def write(self, process: Process) -> None:
        if not self.is_kind and self.rates.disk and self.rng.random() < self.rates.disk:
            self.counted["disk full"] += 1
            raise LedgerUnusable("The disk is full.", fix="Make room.")

    def writes_results(self) -> bool:
        if not self.is_kind and self.rates.results and self.rng.random() < self.rates.results:
            self.counted["results workbook not written"] += 1
            return False
        return True


@dataclass(slots=True, kw_only=True)
class ScriptedFate:
    """Fixed: dies at the n-th step, and the n-th placing and reading end as written; beyond the script all is well."""

    kernel: Kernel
    dies_at: int | None = None
    """Counted over all steps of the history, from 1."""
    posts: Sequence[PostFault] = ()
    reads: Sequence[str | None] = ()
    reads_after: int = 0
    """Readings are counted once so many orders were placed."""
    counted: Counter[str] = field(default_factory=Counter)
    steps: int = 0
    asked: int = 0
    placed: int = 0
    is_kind: bool = False

    def step(self, process: Process, what: str) -> None:
        if process.is_dead:
            raise Crashed
        process.moves += 1
        self._count(process, what)
        if self.kernel.current is not None:
            self.kernel.current.idle_waits = 0
        self.kernel.sleep(0.02)

    def _count(self, process: Process, what: str) -> None:
        if self.is_kind:
            return
        self.steps += 1
        if self.steps == self.dies_at:
            self.counted["crash"] += 1
            self.kernel.tell(f"{process.name} dies at {what}")
            self.kernel.crash(process)

    def glance(self, process: Process) -> None:
        if process.is_dead:
            raise Crashed
        self.kernel.sleep(0.001)

    def post(self, platform: Platform) -> PostFault:
        self.placed += 1
        return self.posts[self.placed - 1] if self.placed <= len(self.posts) else FINE

    def after_post(self, process: Process, kind: PostFault) -> None:
        self._count(process, "waiting")

    def is_replayed(self, platform: Platform) -> bool:
        return False

    def read(self, platform: Platform, what: str) -> str | None:
        if self.placed < self.reads_after:
            return None
        self.asked += 1
        return self.reads[self.asked - 1] if self.asked <= len(self.reads) else None

    def write(self, process: Process) -> None:
        pass

    def writes_results(self) -> bool:
        return True


def faults_named(kinds: Iterable[str]) -> tuple[PostFault, ...]:
    """The faults of these names."""
    return tuple(POST_FAULTS[name] for name in kinds)


AMBIGUOUS = tuple(kind for kind in _KINDS if kind.name not in DEFINITE)
