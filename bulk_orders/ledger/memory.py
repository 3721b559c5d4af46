"""A ledger that forgets: the same contract without a disk, for tests and for users of the library who want a rehearsal.

It keeps every promise of the port but one: nothing survives the process.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, State, Step
from bulk_orders.core.matching import age
from bulk_orders.errors import AnotherRunActive, LedgerUnusable
from bulk_orders.ledger.chain import next_event
from bulk_orders.ledger.entries import (
    PLAN_APPROVED,
    PLAN_ERASED,
    PLAN_RECORDED,
    Entry,
    order_recorded,
    plan_written,
    run_recorded,
    run_replaced,
    step_taken,
)
from bulk_orders.ledger.erasure import (
    ERASED_SOURCE,
    bare_attempt,
    bare_lines,
    bare_order,
    bare_plan,
    bare_row,
    bare_run,
    order_erased,
    run_erased,
)
from bulk_orders.ledger.holding import HELD_FIX
from bulk_orders.ledger.interface import (
    AccountRecord,
    Event,
    ForeignOrder,
    Ledger,
    PlanRecord,
    RowRecord,
    RunRecord,
    Superseded,
)
from bulk_orders.ledger.records import check_enlisted, check_step, clean, keepable, merged, text_of

UNSETTLED = frozenset({State.IN_FLIGHT, State.UNKNOWN})


class MemoryLedger(Ledger):
    """The ledger in dictionaries, in the order in which things were first written."""

    def __init__(self, file: str = "memory") -> None:
        """Take what the method `file` returns: a name for the file that the ledger would be."""
        self._file = file
        self._lock = threading.Lock()
        self._held = threading.Lock()
        self._closed = False
        self._runs: dict[str, RunRecord] = {}
        self._plans: dict[str, PlanRecord] = {}
        self._rows: dict[str, tuple[RowRecord, ...]] = {}
        self._sources: dict[str, bytes] = {}
        self._orders: dict[str, OrderRecord] = {}
        self._attempts: dict[tuple[str, int], AttemptRecord] = {}
        self._events: list[Event] = []
        self._learnt: dict[str, dict[str, str]] = {}
        self._accounts: dict[str, AccountRecord] = {}
        self._foreign: dict[tuple[str, str], ForeignOrder] = {}

    @contextmanager
    def hold(self, account: str = "") -> Iterator[None]:
        """Do as the port says, for all accounts; the other holder can only be in this process."""
        del account
        if not self._held.acquire(blocking=False):
            raise AnotherRunActive("Another run is using this ledger.", fix=HELD_FIX)
        try:
            yield
        finally:
            self._held.release()

    def may_send(self) -> bool:
        """Do as the port says: nobody can take over."""
        return True

    def held_since(self, account: str = "") -> datetime | None:
        """Do as the port says. Without a clock it names the earliest moment: no other process can hold it."""
        del account
        return datetime.min.replace(tzinfo=UTC) if self._held.locked() else None

    def enlist(
        self,
        run: RunRecord,
        rows: Sequence[RowRecord],
        *,
        new: Sequence[OrderRecord],
        again: Sequence[tuple[OrderRecord, OrderRecord]],
        source: bytes,
    ) -> None:
        """Do as the port says."""
        check_enlisted(run, rows, new, again)
        _check_moments(run.started_at, run.ended_at)
        for order in (*new, *(after for _, after in again)):
            _check_moments(*_moments(order))
        with self._writing():
            if run.run_id in self._runs:
                raise ValueError(f"run {run.run_id} is already recorded")
            for order in new:
                if order.key in self._orders:
                    raise Superseded(order.key)
            for before, _ in again:
                self._check_version(before)
            self._runs[run.run_id] = keepable(run)
            self._rows[run.run_id] = tuple(sorted(map(keepable, rows), key=lambda row: row.sheet_row))
            self._sources[run.run_id] = bytes(source)
            self._tell(run_recorded(self._runs[run.run_id], self._rows[run.run_id], source))
            for order in map(keepable, new):
                self._orders[order.key] = order
                self._tell(order_recorded(order, run.started_at))
            for before, after in again:
                kept = self._orders[after.key] = keepable(after)
                self._tell(step_taken(before, kept, Step.SUBMITTED_AGAIN, at=run.started_at))

    def finish_run(self, run: RunRecord) -> None:
        """Do as the port says. Raises `KeyError` for a run that was never enlisted."""
        _check_moments(run.started_at, run.ended_at)
        with self._writing():
            if run.run_id not in self._runs:
                raise KeyError(run.run_id)
            kept = self._runs[run.run_id] = keepable(run)
            self._tell(run_replaced(kept))

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
        """Do as the port says."""
        check_step(before, after, what, attempt)
        _check_moments(at, *_moments(after))
        if attempt is not None:
            _check_moments(attempt.begun_at, attempt.ended_at)
        with self._writing():
            self._check_version(before)
            kept = self._orders[after.key] = keepable(after)
            if attempt is not None:
                attempt = self._attempts[attempt.key, attempt.number] = keepable(attempt)
            self._tell(step_taken(before, kept, what, at=at, attempt=attempt, note=clean(note)))

    def order(self, key: str) -> OrderRecord | None:
        """Do as the port says."""
        with self._lock:
            return self._orders.get(key)

    def orders(self) -> Iterator[OrderRecord]:
        """Do as the port says."""
        with self._lock:
            return iter(list(self._orders.values()))

    def orders_by_key(self, keys: Sequence[str]) -> dict[str, OrderRecord]:
        """Do as the port says."""
        with self._lock:
            return {key: self._orders[key] for key in keys if key in self._orders}

    def orders_of_run(self, run_id: str) -> dict[str, OrderRecord]:
        """Do as the port says."""
        return self.orders_by_key([row.key for row in self.rows(run_id) if row.key])

    def orders_of_customer(self, account: str, customer_id: str) -> tuple[OrderRecord, ...]:
        """Do as the port says."""
        return self._chosen(lambda order: (order.account, order.customer_id) == (account, customer_id))

    def unsettled(self, account: str) -> tuple[OrderRecord, ...]:
        """Do as the port says."""
        return self._chosen(lambda order: order.account == account and order.state in UNSETTLED)

    def _chosen(self, is_wanted: Callable[[OrderRecord], object]) -> tuple[OrderRecord, ...]:
        with self._lock:
            return tuple(filter(is_wanted, self._orders.values()))

    def rows(self, run_id: str) -> tuple[RowRecord, ...]:
        """Do as the port says."""
        with self._lock:
            return self._rows.get(run_id, ())

    def run(self, run_id: str) -> RunRecord | None:
        """Do as the port says."""
        with self._lock:
            return self._runs.get(run_id)

    def runs(self) -> tuple[RunRecord, ...]:
        """Do as the port says; of two that started at once, the one recorded last comes first."""
        with self._lock:
            return tuple(sorted(self._runs.values(), key=lambda run: run.started_at)[::-1])

    def source(self, run_id: str) -> bytes:
        """Do as the port says."""
        with self._lock:
            return self._sources[run_id]

    def attempts(self, run_id: str) -> tuple[AttemptRecord, ...]:
        """Do as the port says."""
        with self._lock:
            return tuple(attempt for attempt in self._attempts.values() if attempt.run_id == run_id)

    def events(self, key: str = "") -> Iterator[Event]:
        """Do as the port says."""
        with self._lock:
            return iter([event for event in self._events if key in {"", event.key}])

    def last_event(self) -> Event | None:
        """Do as the port says."""
        with self._lock:
            return self._events[-1] if self._events else None

    def orders_by_id(self, account: str, order_ids: Sequence[str]) -> dict[str, OrderRecord]:
        """Do as the port says."""
        wanted = set(order_ids) - {""}
        with self._lock:
            return {
                order.order_id: order
                for order in self._orders.values()
                if order.account == account and order.order_id in wanted
            }

    def orders_sent_since(self, account: str, since: datetime) -> tuple[OrderRecord, ...]:
        """Do as the port says."""
        _check_moments(since)
        return self._chosen(
            lambda order: order.account == account and (moment := order.placed_at) and moment > since
        )

    def file(self) -> str:
        """Do as the port says."""
        return self._file

    def account(self, account: str) -> AccountRecord:
        """Do as the port says."""
        with self._lock:
            return self._accounts.get(account) or AccountRecord(account=account)

    def record_reading(self, account: AccountRecord, foreign: Sequence[ForeignOrder]) -> None:
        """Do as the port says."""
        _check_moments(account.read_up_to, account.audited_up_to, *(entry.created_at for entry in foreign))
        if any(entry.account != account.account for entry in foreign):
            raise ValueError("the orders are of another account than the reading")
        with self._writing():
            self._accounts[account.account] = keepable(account)
            for entry in map(_bare, foreign):
                known = self._foreign.get((entry.account, entry.order_id))
                self._foreign[entry.account, entry.order_id] = keepable(
                    merged(known, entry) if known else entry
                )

    def foreign_orders(
        self, account: str, customer_ids: Sequence[str] | None = None
    ) -> tuple[ForeignOrder, ...]:
        """Do as the port says."""
        with self._lock:
            ours = {order.order_id for order in self._orders.values() if order.account == account}
            found = [
                entry
                for entry in self._foreign.values()
                if entry.account == account
                and entry.order_id not in ours
                and (customer_ids is None or entry.customer_id in customer_ids)
            ]
        return tuple(sorted(found, key=age))

    def learnt(self, account: str) -> Mapping[str, str]:
        """Do as the port says."""
        with self._lock:
            return {name: value for name, value in self._learnt.get(account, {}).items() if value}

    def remember(self, account: str, **values: str) -> None:
        """Do as the port says."""
        with self._writing():
            self._learnt.setdefault(account, {}).update(
                {name: clean(value) for name, value in values.items()}
            )

    def record_plan(self, plan: PlanRecord) -> None:
        """Do as the port says."""
        _check_moments(plan.made_at, plan.expires_at, plan.approved_at)
        with self._writing():
            if plan.plan_id in self._plans:
                raise ValueError(f"plan {plan.plan_id} is already recorded")
            self._keep_plan(plan, PLAN_RECORDED, plan.made_at)

    def approve_plan(self, plan_id: str, *, by: str, at: datetime) -> None:
        """Do as the port says."""
        _check_moments(at)
        with self._writing():
            plan = self._plans[plan_id]
            if plan.approved_by:
                raise Superseded(plan_id)
            self._keep_plan(replace(plan, approved_by=by, approved_at=at), PLAN_APPROVED, at)

    def plan(self, plan_id: str) -> PlanRecord | None:
        """Do as the port says."""
        with self._lock:
            return self._plans.get(plan_id)

    def plans(self) -> tuple[PlanRecord, ...]:
        """Do as the port says; of two made at once, the one recorded last comes first."""
        with self._lock:
            return tuple(sorted(self._plans.values(), key=lambda plan: plan.made_at)[::-1])

    def _keep_plan(self, plan: PlanRecord, what: str, at: datetime) -> None:
        kept = self._plans[plan.plan_id] = keepable(plan)
        self._tell(plan_written(kept, what, at))

    def erase(
        self,
        orders: Sequence[OrderRecord],
        runs: Sequence[RunRecord],
        *,
        at: datetime,
        plans: Sequence[PlanRecord] = (),
    ) -> None:
        """Do as the port says."""
        _check_moments(at)
        bare = [bare_order(order) for order in orders]
        with self._writing():
            for order in orders:
                self._check_version(order)
            for after in bare:
                self._erase_order(after, at)
            for run in runs:
                kept = self._runs[run.run_id] = bare_run(run)
                rows = self._rows[run.run_id] = tuple(map(bare_row, self._rows[run.run_id]))
                self._sources[run.run_id] = ERASED_SOURCE
                self._tell(run_erased(kept, rows, at))
            for plan in plans:
                self._keep_plan(bare_plan(self._plans[plan.plan_id]), PLAN_ERASED, at)

    def _erase_order(self, after: OrderRecord, at: datetime) -> None:
        self._orders[after.key] = after
        told = [one for one in self._attempts.values() if one.key == after.key and one.reason]
        for attempt in told:
            self._attempts[attempt.key, attempt.number] = bare_attempt(attempt)
        self._events = [
            replace(event, note="") if event.key == after.key else event for event in self._events
        ]
        for entry in order_erased(after, map(bare_attempt, told), at):
            self._tell(entry)

    def close(self) -> None:
        """Do as the port says; what was written can still be read."""
        self._closed = True

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise LedgerUnusable("The ledger was closed before this was written.", fix="Open it again.")
            yield

    def _check_version(self, before: OrderRecord) -> None:
        found = self._orders.get(before.key)
        if found is None or found.version != before.version:
            raise Superseded(before.key)

    def _tell(self, entry: Entry) -> None:
        self._events.append(next_event(self._events[-1] if self._events else None, entry))


def _bare(entry: ForeignOrder) -> ForeignOrder:
    return entry if entry.products is None else replace(entry, products=bare_lines(entry.products))


def _moments(order: OrderRecord) -> tuple[datetime | None, ...]:
    return (
        order.not_before,
        order.sent_at,
        order.doubtful_at,
        order.accepted_at,
        order.held_at,
        order.enlisted_at,
    )


def _check_moments(*moments: datetime | None) -> None:
    for moment in moments:
        if moment is not None:
            text_of(moment)
