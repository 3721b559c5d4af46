"""The port to runs whose orders are sent by several processes: who may begin which of them, and until when.

It is part of a ledger that machines share. The contract:

* A chunk has one claimer at a time. A claim that is not renewed ends, in the database's own time, and another takes the chunk.
* Who claims a chunk may begin attempts: for as long as the claim is theirs, the run is not stopped, and nobody else took the
  account. All that is compared in the transaction in which an attempt is recorded. What came back for an attempt is recorded whoever
  claims the chunk by then.
* A claim renews the hold of the run's account, too, so that nobody plans beside a run whose first process is gone.
* A chunk is claimed only while its plan stands: in the very database in which it was made, and while the account was held ever since.
"""

import abc
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bulk_orders.core.lifecycle import State
from bulk_orders.core.subscription_rows import AsPulled


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Orders of a run that one process sends at a time."""

    run_id: str
    number: int
    """Starts at 1."""
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a chunk has to be sent."""

    keys: tuple[str, ...]
    """Of its orders."""
    pulled: Mapping[str, AsPulled] = field(default_factory=dict)
    """What the workbook says that the subscriptions of its orders have, by order key; whoever sends has no workbook."""


class Claim(Protocol):
    """A chunk that is ours to send."""

    @property
    def content(self) -> Content:
        """What it has to be sent."""

    @property
    def hand_out(self) -> str:
        """Names the time when its run was handed out; one that is resumed has another."""

    @property
    def is_lost(self) -> bool:
        """Whether somebody else has it, or the run is stopped: then no further attempt can begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Who sends what at this moment."""

    run_id: str
    number: int
    host: str
    pid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRun:
    """How far a run is that others send."""

    run_id: str
    account: str
    chunks: int
    done: int
    claimed: tuple[Claimed, ...]
    stopped_because: str = ""
    exit_code: int | None = None
    """None while nobody stopped it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An order of the run came to rest."""

    event: int
    """The number of the log's event."""
    key: str
    sheet_row: int
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A process that sends for others."""

    worker_id: str
    host: str
    pid: int
    accounts: tuple[str, ...]
    since: datetime
    """By its own clock."""
    seen_s: float
    """So many seconds ago it was last seen, in the database's time."""


class SharedRuns(abc.ABC):
    """The runs of one ledger that several processes send. See the module for the contract; all raise `LedgerUnusable`."""

    @abc.abstractmethod
    def hand_out(self, run_id: str, account: str, chunks: Sequence[Content]) -> None:
        """Let others claim these chunks. The caller holds the account. Raises `AnotherRunActive` when it does no more."""

    @abc.abstractmethod
    def leave(self) -> None:
        """Let the others keep the account once this process no longer holds it; without them it is free soon."""

    @abc.abstractmethod
    def unclaimed(self) -> tuple[Chunk, ...]:
        """Return the chunks that can be claimed now."""

    @abc.abstractmethod
    def claim(self, chunk: Chunk) -> AbstractContextManager[Claim | None]:
        """Claim a chunk while the block runs; None when it is not to be had. One at a time from one ledger that is open."""

    @abc.abstractmethod
    def finish(self) -> None:
        """Note that all was done about the chunk that is claimed, if it still is."""

    @abc.abstractmethod
    def stop(self, run_id: str, because: str, exit_code: int) -> None:
        """Let no further attempt of the run begin, by anybody. The first reason given stays."""

    @abc.abstractmethod
    def run(self, run_id: str) -> SharedRun | None:
        """Return how far a run is; None when it was not handed out, or its account was taken since."""

    @abc.abstractmethod
    def runs(self) -> tuple[SharedRun, ...]:
        """Return all such runs."""

    @abc.abstractmethod
    def settled(self, run_id: str, after: int) -> tuple[Settled, ...]:
        """Return what came to rest in the run since an event of the log, oldest first."""

    @abc.abstractmethod
    def prepare_queue(self, statements: str) -> str:
        """Make a queue's tables with these statements, in a schema of their own beside the ledger's, and return its name.

        One that other statements made is replaced: what waits in it is known from the chunks. Raises `SetupError` while workers use it.
        """

    @abc.abstractmethod
    def note_worker(self, worker: Worker) -> None:
        """Note that a worker is there."""

    @abc.abstractmethod
    def forget_worker(self, worker_id: str) -> None:
        """Note that it is gone."""

    @abc.abstractmethod
    def workers(self) -> tuple[Worker, ...]:
        """Return the workers that were seen lately."""
