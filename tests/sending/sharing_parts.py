"""Chunks of a run as a shared ledger hands them out, in memory: what tests say happens to them happens."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from no_workers import NoWorkers

from bulk_orders.ledger.sharing import Chunk, Claim, Content, Settled, SharedRun


@dataclass
class HeldClaim:
    content: Content
    is_lost: bool = False
    hand_out: str = "first"


@dataclass
class Chunks(NoWorkers):
    """One run, and one chunk that can be claimed."""

    claimed: HeldClaim | None = None
    """None where it is not to be had."""
    finished: int = 0
    stops: list[tuple[str, int]] = field(default_factory=list)
    handed_out: list[Content] = field(default_factory=list)
    is_left: bool = False
    news: list[Settled] = field(default_factory=list)
    shown: SharedRun | None = None
    """How far the run is."""
    each_time: Callable[["Chunks"], None] = lambda _: None
    """What happens whenever somebody asks how far the run is."""

    def hand_out(self, run_id: str, account: str, chunks: Sequence[Content]) -> None:
        self.handed_out = list(chunks)
        self.shown = SharedRun(run_id=run_id, account=account, chunks=len(chunks), done=0, claimed=())

    def leave(self) -> None:
        self.is_left = True

    def unclaimed(self) -> tuple[Chunk, ...]:
        return ()

    @contextmanager
    def claim(self, chunk: Chunk) -> Iterator[Claim | None]:
        yield self.claimed

    def finish(self) -> None:
        self.finished += 1

    def stop(self, run_id: str, because: str, exit_code: int) -> None:
        self.stops.append((because, exit_code))
        if self.shown is not None and self.shown.exit_code is None:
            self.shown = replace(self.shown, stopped_because=because, exit_code=exit_code)

    def run(self, run_id: str) -> SharedRun | None:
        self.each_time(self)
        return self.shown

    def runs(self) -> tuple[SharedRun, ...]:
        return ()

    def settled(self, run_id: str, after: int) -> tuple[Settled, ...]:
        return tuple(one for one in self.news if one.event > after)

    def all_done(self) -> None:
        assert self.shown is not None
        self.shown = replace(self.shown, done=self.shown.chunks)
