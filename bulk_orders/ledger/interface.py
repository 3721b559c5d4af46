"""The port to what survives a crash: plans, runs, rows, orders, attempts, events.

The contract, sentence by sentence (one suite runs it over every implementation):

* When a write method returns, what it wrote is on disk and survives a power cut. When it raises, nothing of it is there.
* An order's record is written only by `advance`, which compares the version it expects with the version it finds, whole,
  and sets all or nothing. Of two writers that expect the same version one wins and the other gets `Superseded`.
* Every record of an order, of a run and of a plan that is written adds one event, which carries its digest and is chained
  by hash to the one before it; events are never changed or removed.
* `enlist` is one transaction: a run has all its rows or none.
* Reading never waits for writers, and returns values, not views.
* All moments are aware UTC, and come back as they were given to the microsecond.
* Implementations are safe to share between threads.
"""

import abc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, Step
from bulk_orders.core.summary import Disposition
from bulk_orders.ledger.sharing import SharedRuns


class Superseded(Exception):
    """Somebody else wrote the order's record since it was read; read it again before deciding anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One workbook's orders from check to report."""

    run_id: str
    """As people type it: `20261122-0215-K7QX`."""
    account: str
    environment: str
    """PRACTICE or LIVE."""
    profile: str
    marketplace: str
    source_name: str
    source_path: str
    source_sha256: str
    operator: str
    host: str
    program_version: str
    started_at: datetime
    ended_at: datetime | None = None
    results_path: str = ""
    """Where the results are, or shall be if the user named the place; empty where neither is known."""
    rows_in: int = 0
    exit_code: int | None = None
    stopped_by: str = ""
    """Why the run ended before its last row, in a sentence; empty if it did not."""
    audit_whole: bool | None = None
    """False when the comparison with the marketplace at its end could not be whole; None when none was made."""
    options: str = "{}"
    """JSON of what was asked for: only_ready, first, include_hidden, rate …; no secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRecord:
    """What a run decided about one row of its workbook."""

    run_id: str
    sheet_row: int
    disposition: Disposition
    key: str = ""
    """The order key; empty for rows that gave no order."""
    code: str = ""
    """Code of the first error, for rows with errors."""
    message: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """A workbook's orders as they were frozen, to be approved by somebody else and sent exactly so."""

    plan_id: str
    """As people type it: `PLAN-20261122-1715-K7QX`."""
    digest: str
    """SHA-256, in hex, of all that was frozen: it stays when the content is erased."""
    account: str
    environment: str
    """PRACTICE or LIVE."""
    profile: str
    marketplace: str
    source_name: str
    source_path: str
    source_sha256: str
    workbook_path: str
    """Where the plan workbook was written."""
    maker: str
    """Who made it, as the system says."""
    host: str
    program_version: str
    orders: int
    """How many orders it freezes."""
    content: str
    """JSON of the orders with their bodies, keys and prices; empty once erased."""
    made_at: datetime
    expires_at: datetime
    approved_by: str = ""
    """Empty until somebody did."""
    approved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to one order, to a run or to a plan."""

    number: int
    """Starts at 1, without gaps, over the whole ledger."""
    key: str
    """The order's key; empty for what became of a run or of a plan."""
    run_id: str
    """Of a plan's events the plan's id."""
    at: datetime
    step: str
    from_state: str
    to_state: str
    note: str
    previous_hash: str
    record_digest: str = ""
    """Of the order's or the run's record as it was written then (`chain.digest`); empty in events of schema 1."""
    attempt_number: int | None = None
    """Of the attempt that was written with it."""
    detail_digest: str = ""
    """Of that attempt; or, where a run was recorded, of its rows and its workbook."""
    note_digest: str = ""
    hash: str
    """SHA-256 over the previous hash and all other fields (`chain.event_hash`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignOrder:
    """An order of the account on the marketplace that no order of this ledger is, as it was last seen.

    Made by hand, by another ledger, or by a request of ours whose answer was lost: once that order has its id, it is
    foreign no more.
    """

    account: str
    order_id: str
    order_number: str = ""
    customer_id: str = ""
    order_type: str = ""
    status: str = ""
    created_at: datetime | None = None
    po_number: str | None = None
    """None while it was never told."""
    subscription_id: str = ""
    amount: str = ""
    currency: str = ""
    products: tuple[Mapping[str, Any], ...] | None = None
    """None while they were never told."""
    is_opened: bool = False
    """True once the order itself was read: it is never read again for what cannot change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """How far this ledger knows an account."""

    account: str
    read_up_to: datetime | None = None
    """The marketplace's moment up to which the account was read whole; a copy restored from a backup has an older one."""
    audited_up_to: datetime | None = None
    """The marketplace's moment up to which all that this ledger sent was compared with what the account holds."""
    ledger_file: str = ""
    """Which file the ledger was (`Ledger.file`) when nothing that other ledgers sent could be on its way any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerContents:
    """What a ledger or a backup of one holds, in a few words."""

    runs: int
    last_run: str
    """Empty for none."""
    events: int


class Ledger(abc.ABC):
    """What the program remembers. See the module for the contract."""

    @abc.abstractmethod
    def hold(self, account: str = "") -> AbstractContextManager[None]:
        """Be the only process that sends for an account, or for all, until the block ends or the process dies.

        A ledger that cannot tell accounts apart is held for all of them. Raises `AnotherRunActive` at once if another process
        holds it. Reading needs no hold. A holder whom another process took for dead can begin no attempt, and record no run
        and no run's end (`AnotherRunActive`); what came back for its attempts it can record.
        """

    @abc.abstractmethod
    def held_since(self, account: str = "") -> datetime | None:
        """Return when the present holder began, by its own clock; None if nobody holds it or nobody can tell.

        An attempt begun since then is under way, one begun before was left behind.
        """

    @abc.abstractmethod
    def may_send(self) -> bool:
        """Tell, asking nobody, whether an attempt that was recorded may still leave; asked as the last act before it does.

        False once another process could have taken this one for dead.
        """

    @abc.abstractmethod
    def enlist(
        self,
        run: RunRecord,
        rows: Sequence[RowRecord],
        *,
        new: Sequence[OrderRecord],
        again: Sequence[tuple[OrderRecord, OrderRecord]],
        source: bytes,
    ) -> None:
        """Record a run whole: itself, its rows, its `new` orders (version 1), its orders seen before, the workbook's bytes.

        `again` has (as read, as it shall be) for orders that the run takes up again. Raises `Superseded` when one of
        those, or of the `new` ones, was written by somebody else since; then nothing is recorded.
        """

    @abc.abstractmethod
    def finish_run(self, run: RunRecord) -> None:
        """Replace the run's own record (not its rows), by its `run_id`."""

    @abc.abstractmethod
    def advance(
        self,
        before: OrderRecord,
        after: OrderRecord,
        what: Step,
        *,
        at: datetime,
        attempt: AttemptRecord | None = None,
        note: str = "",
    ) -> None:
        """Write the order's next record, the attempt it belongs to, and an event; durable on return.

        Raises `Superseded` when the record on disk no longer has `before.version`.
        """

    @abc.abstractmethod
    def order(self, key: str) -> OrderRecord | None:
        """Return the order's record as it is now."""

    @abc.abstractmethod
    def orders(self) -> Iterator[OrderRecord]:
        """Yield all orders, in the sequence in which they were first recorded."""

    @abc.abstractmethod
    def orders_by_key(self, keys: Sequence[str]) -> dict[str, OrderRecord]:
        """Return the records of those keys that exist, in their order; made for 100,000 keys at once."""

    @abc.abstractmethod
    def orders_of_run(self, run_id: str) -> dict[str, OrderRecord]:
        """Return the records, as they are now, of all orders that rows of this run name, by key, in the order of the rows."""

    @abc.abstractmethod
    def orders_of_customer(self, account: str, customer_id: str) -> tuple[OrderRecord, ...]:
        """Return all orders for one customer of one account, whatever their state."""

    @abc.abstractmethod
    def unsettled(self, account: str) -> tuple[OrderRecord, ...]:
        """Return all orders of the account that are in flight or unknown."""

    @abc.abstractmethod
    def rows(self, run_id: str) -> tuple[RowRecord, ...]:
        """Return the run's rows by sheet row."""

    @abc.abstractmethod
    def run(self, run_id: str) -> RunRecord | None:
        """Return the run's record."""

    @abc.abstractmethod
    def runs(self) -> tuple[RunRecord, ...]:
        """Return all runs, newest first."""

    @abc.abstractmethod
    def source(self, run_id: str) -> bytes:
        """Return the workbook's bytes as the run read them; kept once per content, empty once erased. Raises `KeyError`."""

    @abc.abstractmethod
    def attempts(self, run_id: str) -> tuple[AttemptRecord, ...]:
        """Return the run's attempts, oldest first."""

    @abc.abstractmethod
    def events(self, key: str = "") -> Iterator[Event]:
        """Yield the event log, oldest first, of one order or of all."""

    @abc.abstractmethod
    def last_event(self) -> Event | None:
        """Return the newest event of the log; None while nothing was recorded."""

    @abc.abstractmethod
    def orders_by_id(self, account: str, order_ids: Sequence[str]) -> dict[str, OrderRecord]:
        """Return the account's orders that have one of these order ids, by id; made for 100,000 ids at once."""

    @abc.abstractmethod
    def orders_sent_since(self, account: str, since: datetime) -> tuple[OrderRecord, ...]:
        """Return the account's orders sent later or, if recognised and not sent, made later (`accepted_at`)."""

    @abc.abstractmethod
    def file(self) -> str:
        """Return a text that names the ledger's file and differs once it was copied or restored: machine, device, inode."""

    @abc.abstractmethod
    def account(self, account: str) -> AccountRecord:
        """Return how far the account is known; an empty record when it is not."""

    @abc.abstractmethod
    def record_reading(self, account: AccountRecord, foreign: Sequence[ForeignOrder]) -> None:
        """Keep what a reading of the account told: how far it is known now, and orders that are not ours.

        One transaction. What an order already told (its PO number, its products, that it was opened) is not forgotten when
        it is told with less.
        """

    @abc.abstractmethod
    def foreign_orders(
        self, account: str, customer_ids: Sequence[str] | None = None
    ) -> tuple[ForeignOrder, ...]:
        """Return the account's orders whose id no order of this ledger has now, of these customers or of all; oldest first."""

    @abc.abstractmethod
    def learnt(self, account: str) -> Mapping[str, str]:
        """Return what was learnt about an account, by name; nothing that was forgotten."""

    @abc.abstractmethod
    def remember(self, account: str, **values: str) -> None:
        """Keep what was learnt about an account, each under its name, all or nothing; what had these names is replaced.

        An empty text forgets what had its name.
        """

    @abc.abstractmethod
    def record_plan(self, plan: PlanRecord) -> None:
        """Record a new plan. Raises `ValueError` for an id that is known already."""

    @abc.abstractmethod
    def approve_plan(self, plan_id: str, *, by: str, at: datetime) -> None:
        """Record who approved a plan, once. Raises `KeyError` for no plan, `Superseded` for one that has its approval."""

    @abc.abstractmethod
    def plan(self, plan_id: str) -> PlanRecord | None:
        """Return the plan's record as it is now."""

    @abc.abstractmethod
    def plans(self) -> tuple[PlanRecord, ...]:
        """Return all plans, newest first."""

    @abc.abstractmethod
    def erase(
        self,
        orders: Sequence[OrderRecord],
        runs: Sequence[RunRecord],
        *,
        at: datetime,
        plans: Sequence[PlanRecord] = (),
    ) -> None:
        """Erase what people wrote (`ledger.erasure`) from orders, runs and plans as they were read, for good.

        Of an order also from its attempts and the notes of its events, of a run also from its rows and its workbook, which
        other runs of the same workbook keep. Raises `IllegalStep` for an order that is not settled, `Superseded` for one
        that was written since; then nothing is erased. It may raise `LedgerUnusable` when all is erased and its traces
        on the disk are not: then it should be called again, with nothing if need be.
        """

    def shared_runs(self) -> SharedRuns | None:
        """Return the runs that several processes send; None for a ledger that one machine has for itself."""
        return None

    @abc.abstractmethod
    def close(self) -> None:
        """Let go of files and threads; everything is already on disk."""
