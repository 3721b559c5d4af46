"""Several machines with one simulated ledger: the account's lease, chunks and claims, in the database's own time.

It keeps the sentences of `ledger.sharing` and of the lease, and watches that they are kept: who begins an attempt has the right
to, nobody takes what somebody else has, and what came back is recorded whoever has the right by then.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from no_workers import NoWorkers
from sim_kernel import Kernel, Process, SimClock, Stop

from bulk_orders.errors import AnotherRunActive
from bulk_orders.ledger.sharing import Chunk, Claim, Claimed, Content, Settled, SharedRun

LEASE_S: Final = 15.0
CLAIM_S: Final = 10.0
MARGIN_S: Final = 2.0
LEFT_ALONE_S: Final = 60.0


@dataclass(slots=True, kw_only=True)
class Held:
    """What one process has until it is over: the account, or a chunk."""

    token: str = ""
    expires_s: float = 0.0
    """By the clock that decided."""
    renewed_s: float = -1e9
    """When in truth."""


@dataclass(slots=True, kw_only=True)
class Part:
    """A chunk as it is kept."""

    content: Content
    claim: Held = field(default_factory=Held)
    is_done: bool = False


@dataclass(slots=True, kw_only=True)
class Handed:
    """A run that was handed out."""

    account: str
    token: str
    parts: dict[int, Part]
    because: str = ""
    exit_code: int | None = None


@dataclass(slots=True)
class Right:
    """One process' right to begin attempts."""

    token: str
    lasts_s: float
    sure_until_s: float = 0.0
    is_lost: bool = False
    is_left: bool = False
    run_id: str = ""
    number: int = 0
    content: Content = field(default_factory=lambda: Content(keys=()))
    hand_out: str = ""


@dataclass(slots=True)
class Sharing:
    """The tables, and what was seen to go against them."""

    kernel: Kernel
    lease: Held = field(default_factory=Held)
    runs: dict[str, Handed] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    tokens: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def now_s(self, process: Process) -> float:
        """The database's time, whoever asks."""
        del process
        return self.kernel.now_s

    def take(self, held: Held, process: Process, lasts_s: float) -> Right | None:
        """Have it, if nobody has; None else."""
        if held.token and held.expires_s > self.now_s(process):
            return None
        if held.token and held.renewed_s > self.kernel.now_s - lasts_s:
            self.broken.append(f"{process.name} takes what somebody has")
        held.token = f"t{next(self.tokens)}"
        right = Right(held.token, lasts_s)
        self.prolong(held, process, lasts_s)
        right.sure_until_s = self.kernel.now_s + lasts_s - MARGIN_S
        return right

    def prolong(self, held: Held, process: Process, lasts_s: float) -> None:
        held.expires_s = max(held.expires_s, self.now_s(process) + lasts_s)
        held.renewed_s = self.kernel.now_s

    def renew(self, process: Process, right: Right) -> bool:
        """Renew the right and, of a claim, the account's lease; False when it is gone."""
        if not self.stands(right):
            return False
        if right.run_id:
            self.prolong(self.runs[right.run_id].parts[right.number].claim, process, CLAIM_S)
        self.prolong(self.lease, process, LEASE_S)
        right.sure_until_s = self.kernel.now_s + right.lasts_s - MARGIN_S
        return True

    def stands(self, right: Right) -> bool:
        """Tell whether the right is still its holder's."""
        if not right.run_id:
            return self.lease.token == right.token
        run = self.runs.get(right.run_id)
        if run is None or run.exit_code is not None or run.token != self.lease.token:
            return False
        part = run.parts.get(right.number)  # a run that went on may have been cut into fewer
        return part is not None and part.claim.token == right.token

    def may_begin(self, process: Process, right: Right) -> bool:
        """Tell whether an attempt may be recorded as begun, in the transaction that records it; renews the right."""
        return self.renew(process, right)

    @contextmanager
    def having(self, process: Process, right: Right) -> Iterator[None]:
        """Renew the right by a thread of its own while the block runs."""
        over, clock = Stop(self.kernel), SimClock(self.kernel, process)

        def keep() -> None:
            while not clock.wait(right.lasts_s / 4, over):
                if not self.renew(process, right):
                    right.is_lost = True

        self.kernel.spawn(process, keep)
        process.right = right
        try:
            yield
        finally:
            over.set()
            right.sure_until_s = 0.0

    @contextmanager
    def hold(self, process: Process) -> Iterator[None]:
        right = self.take(self.lease, process, LEASE_S)
        if right is None:
            raise AnotherRunActive("Another run is using this ledger.")
        try:
            with self.having(process, right):
                yield
        finally:
            if self.lease.token == right.token and not (right.is_left or process.is_dead):
                self.lease.token = ""


class SimSharedRuns(NoWorkers):
    """One process' way to the runs that several send; every call may be its last."""

    def __init__(self, sharing: Sharing, process: Process, fate: Any) -> None:
        self._sharing = sharing
        self._process = process
        self._fate = fate

    def hand_out(self, run_id: str, account: str, chunks: Sequence[Content]) -> None:
        self._fate.step(self._process, "hand out")
        right = self._process.right
        if not self._sharing.renew(self._process, right):
            raise AnotherRunActive("Another process took the account over.")
        parts = {number: Part(content=content) for number, content in enumerate(chunks, 1)}
        self._sharing.runs[run_id] = Handed(account=account, token=right.token, parts=parts)
        self._fate.counted["handed out"] += 1
        self._fate.step(self._process, "hand out done")

    def leave(self) -> None:
        self._process.right.is_left = True

    def unclaimed(self) -> tuple[Chunk, ...]:
        self._fate.glance(self._process)
        now_s = self._sharing.now_s(self._process)
        return tuple(
            Chunk(run_id=run_id, number=number, account=run.account)
            for run_id, run in self._sharing.runs.items()
            if self._is_fresh(run)
            for number, part in run.parts.items()
            if not part.is_done and not (part.claim.token and part.claim.expires_s > now_s)
        )

    def _is_fresh(self, run: Handed) -> bool:
        lease = self._sharing.lease
        is_planned = run.exit_code is None and lease.token == run.token
        return is_planned and lease.expires_s > self._sharing.now_s(self._process) - LEFT_ALONE_S

    @contextmanager
    def claim(self, chunk: Chunk) -> Iterator[Claim | None]:
        self._fate.step(self._process, "claim")
        sharing, run = self._sharing, self._sharing.runs.get(chunk.run_id)
        part = run.parts[chunk.number] if run and self._is_fresh(run) else None
        right = sharing.take(part.claim, self._process, CLAIM_S) if part and not part.is_done else None
        if part is None or right is None:
            yield None
            return
        right.run_id, right.number, right.content = chunk.run_id, chunk.number, part.content
        right.hand_out = sharing.runs[chunk.run_id].token
        sharing.prolong(sharing.lease, self._process, LEASE_S)
        self._fate.counted["claimed"] += 1
        self._fate.step(self._process, "claim done")
        try:
            with sharing.having(self._process, right):
                yield right
        finally:
            if part.claim.token == right.token and not self._process.is_dead:
                part.claim.token = ""

    def finish(self) -> None:
        self._fate.step(self._process, "finish")
        right = self._process.right
        part = self._sharing.runs[right.run_id].parts.get(right.number)
        if part is not None and part.claim.token == right.token:
            part.is_done = True

    def stop(self, run_id: str, because: str, exit_code: int) -> None:
        self._fate.step(self._process, "stop")
        run = self._sharing.runs.get(run_id)
        if run is not None and run.exit_code is None:
            run.because, run.exit_code = because, exit_code
            self._fate.counted[f"stopped for all: {because[:40]}"] += 1
            self._fate.counted["stopped for all"] += 1

    def run(self, run_id: str) -> SharedRun | None:
        self._fate.glance(self._process)
        return next((one for one in self.runs() if one.run_id == run_id), None)

    def runs(self) -> tuple[SharedRun, ...]:
        now_s = self._sharing.now_s(self._process)
        return tuple(
            SharedRun(
                run_id=run_id,
                account=run.account,
                chunks=len(run.parts),
                done=sum(part.is_done for part in run.parts.values()),
                claimed=tuple(
                    Claimed(run_id=run_id, number=number, host="sim", pid=1)
                    for number, part in run.parts.items()
                    if part.claim.token and part.claim.expires_s > now_s
                ),
                stopped_because=run.because,
                exit_code=run.exit_code,
            )
            for run_id, run in self._sharing.runs.items()
            if run.token == self._sharing.lease.token
        )

    def settled(self, run_id: str, after: int) -> tuple[Settled, ...]:
        return ()


def recorded(sharing: Sharing, process: Process, is_begun: bool, write: Callable[[], Any]) -> Any:
    """Write a step as a ledger that machines share does: what begins an attempt by right alone, all else always."""
    right = process.right
    if is_begun and right is not None:
        if not sharing.may_begin(process, right):
            raise AnotherRunActive("The run was stopped, or another process took it over.")
        if not sharing.stands(right):
            sharing.broken.append(f"{process.name} begins what is another's")
    return write()
