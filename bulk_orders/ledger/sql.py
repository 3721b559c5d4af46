"""The ledger in tables of a database: the port's verbs, as statements.

`writer` makes groups of what is written, and a `store` carries them out: `sqlite_store` in a file, `postgres.store` on a
server.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from sqlalchemy import ColumnClause, Connection, Select, func, literal_column, select, update

from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, State, Step
from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger import accounts, erasing, plans, tables
from bulk_orders.ledger.connections import create
from bulk_orders.ledger.dialects import insert, texts
from bulk_orders.ledger.enlisting import enlisting
from bulk_orders.ledger.entries import PLAN_APPROVED, run_replaced, step_taken
from bulk_orders.ledger.erasure import bare_order
from bulk_orders.ledger.event_writing import write_events
from bulk_orders.ledger.file_safety import check_place, mounted, resolved, unusable_because
from bulk_orders.ledger.interface import (
    AccountRecord,
    Event,
    ForeignOrder,
    Ledger,
    PlanRecord,
    RowRecord,
    RunRecord,
)
from bulk_orders.ledger.log import LedgerLog
from bulk_orders.ledger.records import check_enlisted, check_step, clean, keepable, plain, text_of
from bulk_orders.ledger.sharing import SharedRuns
from bulk_orders.ledger.sqlite_store import SqliteStore
from bulk_orders.ledger.store import Store
from bulk_orders.ledger.writer import Advance, Work, Writer

_Kept = TypeVar("_Kept")

_ORDERS: Final = select(*tables.columns(tables.orders, tables.ORDER_NAMES))
_RECORDED: Final[ColumnClause[int]] = literal_column("orders.rowid")
"""The sequence in which orders were first recorded."""
_RUNS: Final = select(*tables.columns(tables.runs, tables.RUN_NAMES))
_EVENTS: Final = select(*tables.columns(tables.events, tables.EVENT_NAMES))
_UNSETTLED: Final = (State.IN_FLIGHT.value, State.UNKNOWN.value)

ROWS_AT_ONCE: Final = 1_000
"""So many events or orders are read at a time; between two reads no connection is held."""


class SqlLedger(Ledger):
    """The ledger in a store; several processes may read it, one `hold`s it and sends."""

    def __init__(self, store: Store) -> None:
        """Keep the ledger in an open store, and close it with the ledger."""
        self._store = store
        self._is_closed = False
        self._writer = Writer(store)
        self._log = LedgerLog(self.run)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the ledger in a SQLite file, or make a new one where there is nothing at all. Raises `LedgerUnusable`."""
        try:
            path = resolved(path)
            check_place(path, mounted())
            if not path.exists():
                create(path)
        except OSError as error:
            raise unusable_because(path, error) from error
        return cls(SqliteStore(path))

    def hold(self, account: str = "") -> AbstractContextManager[None]:
        """Do as the port says."""
        return self._store.hold(account)

    def held_since(self, account: str = "") -> datetime | None:
        """Do as the port says."""
        return self._store.held_since(account)

    def may_send(self) -> bool:
        """Do as the port says."""
        return self._store.may_send()

    def enlist(
        self,
        run: RunRecord,
        rows: Sequence[RowRecord],
        *,
        new: Sequence[OrderRecord],
        again: Sequence[tuple[OrderRecord, OrderRecord]],
        source: bytes,
    ) -> None:
        """Do as the port says; those of `again` each add an event, at the moment the run started."""
        check_enlisted(run, rows, new, again)
        self._write_as_holder(enlisting(run, rows, new=new, again=again, source=source))
        self._log.enlisted(run, [keepable(order) for order in (*new, *(after for _, after in again))])

    def finish_run(self, run: RunRecord) -> None:
        """Do as the port says. Raises `KeyError` for a run that was never enlisted."""
        run = keepable(run)
        values = tables.run_values(run)
        statement = update(tables.runs).where(tables.runs.c.run_id == run.run_id).values(values)

        def write(connection: Connection) -> None:
            if connection.execute(statement).rowcount != 1:
                raise KeyError(run.run_id)
            write_events(connection, [run_replaced(run)])

        self._write_as_holder(write)
        self._log.replaced(run)

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
        """Do as the port says; what many threads ask for at once goes to disk with one fsync."""
        check_step(before, after, what, attempt)
        text_of(at)  # a moment without a zone is refused here, where only its caller hears of it
        after, attempt = keepable(after), None if attempt is None else keepable(attempt)
        self._writer.write(
            Advance(
                order=tables.replacement(before, after),
                attempt=None if attempt is None else tables.attempt_values(attempt),
                step=what,
                entry=step_taken(before, after, what, at=at, attempt=attempt, note=clean(note)),
            )
        )
        self._log.stepped(after, what, attempt)

    def order(self, key: str) -> OrderRecord | None:
        """Do as the port says."""
        found = self._read(_ORDERS.where(tables.orders.c.key == key), tables.order_of)
        return found[0] if found else None

    def orders(self) -> Iterator[OrderRecord]:
        """Do as the port says; what is recorded while reading may be among them."""
        recorded = _ORDERS.add_columns(_RECORDED).order_by(_RECORDED).limit(ROWS_AT_ONCE)
        last = 0
        while found := self._read(recorded.where(last < _RECORDED), tuple):
            yield from (tables.order_of(values[:-1]) for values in found)
            last = found[-1][-1]

    def orders_by_key(self, keys: Sequence[str]) -> dict[str, OrderRecord]:
        """Do as the port says, in one statement, so that all are of one moment."""
        found = self._read(_ORDERS.where(tables.orders.c.key.in_(texts(keys))), tables.order_of)
        by_key = {order.key: order for order in found}
        return {key: by_key[key] for key in keys if key in by_key}

    def orders_of_run(self, run_id: str) -> dict[str, OrderRecord]:
        """Do as the port says."""
        rows = tables.rows
        named = _ORDERS.join_from(tables.orders, rows, rows.c.key == tables.orders.c.key)
        wanted = named.where(rows.c.run_id == run_id).order_by(rows.c.sheet_row)
        return {order.key: order for order in self._read(wanted, tables.order_of)}

    def orders_of_customer(self, account: str, customer_id: str) -> tuple[OrderRecord, ...]:
        """Do as the port says."""
        orders = tables.orders.c
        wanted = _ORDERS.where(orders.account == account, orders.customer_id == customer_id)
        return tuple(self._read(wanted.order_by(_RECORDED), tables.order_of))

    def unsettled(self, account: str) -> tuple[OrderRecord, ...]:
        """Do as the port says, by a scan."""
        orders = tables.orders.c
        wanted = _ORDERS.where(orders.account == account, orders.state.in_(_UNSETTLED))
        return tuple(self._read(wanted.order_by(_RECORDED), tables.order_of))

    def rows(self, run_id: str) -> tuple[RowRecord, ...]:
        """Do as the port says."""
        rows = tables.rows.c
        wanted = (
            select(*tables.columns(tables.rows, tables.ROW_NAMES))
            .where(rows.run_id == run_id)
            .order_by(rows.sheet_row)
        )
        return tuple(self._read(wanted, tables.row_of))

    def run(self, run_id: str) -> RunRecord | None:
        """Do as the port says."""
        found = self._read(_RUNS.where(tables.runs.c.run_id == run_id), tables.run_of)
        return found[0] if found else None

    def runs(self) -> tuple[RunRecord, ...]:
        """Do as the port says; of two that started at once, the one recorded last comes first."""
        recorded: ColumnClause[int] = literal_column("runs.rowid")
        return tuple(
            self._read(_RUNS.order_by(tables.runs.c.started_at.desc(), recorded.desc()), tables.run_of)
        )

    def source(self, run_id: str) -> bytes:
        """Do as the port says."""
        kept = tables.sources.c.sha256 == tables.runs.c.kept_source
        found = self._read(
            select(tables.sources.c.content).join(tables.runs, kept).where(tables.runs.c.run_id == run_id),
            _only,
        )
        if not found:
            raise KeyError(run_id)
        return bytes(found[0])

    def attempts(self, run_id: str) -> tuple[AttemptRecord, ...]:
        """Do as the port says."""
        attempts = tables.attempts.c
        wanted = select(*tables.columns(tables.attempts, tables.ATTEMPT_NAMES)).where(
            attempts.run_id == run_id
        )
        return tuple(self._read(wanted.order_by(attempts.place), tables.attempt_of))

    def events(self, key: str = "") -> Iterator[Event]:
        """Do as the port says; what is added while reading may be among them."""
        events = tables.events.c
        wanted = _EVENTS.order_by(events.number).limit(ROWS_AT_ONCE)
        if key:
            wanted = wanted.where(events.key == key)
        last = 0
        while found := self._read(wanted.where(events.number > last), tables.event_of):
            yield from found
            last = found[-1].number

    def last_event(self) -> Event | None:
        """Do as the port says."""
        found = self._read(_EVENTS.order_by(tables.events.c.number.desc()).limit(1), tables.event_of)
        return found[0] if found else None

    def orders_by_id(self, account: str, order_ids: Sequence[str]) -> dict[str, OrderRecord]:
        """Do as the port says, by a scan."""
        orders = tables.orders.c
        wanted = texts([order_id for order_id in order_ids if order_id])
        found = self._read(
            _ORDERS.where(
                orders.account == account,
                orders.order_id.in_(wanted),
            ),
            tables.order_of,
        )
        return {order.order_id: order for order in found}

    def orders_sent_since(self, account: str, since: datetime) -> tuple[OrderRecord, ...]:
        """Do as the port says, by a scan: moments sort as their texts."""
        orders = tables.orders.c
        moment = func.coalesce(orders.sent_at, orders.accepted_at)
        wanted = _ORDERS.where(orders.account == account, moment > text_of(since))
        return tuple(self._read(wanted.order_by(_RECORDED), tables.order_of))

    def file(self) -> str:
        """Do as the port says."""
        return self._store.identity()

    def account(self, account: str) -> AccountRecord:
        """Do as the port says."""
        found = self._read(accounts.select_account(account), accounts.account_of)
        return found[0] if found else AccountRecord(account=account)

    def record_reading(self, account: AccountRecord, foreign: Sequence[ForeignOrder]) -> None:
        """Do as the port says."""
        if any(entry.account != account.account for entry in foreign):
            raise ValueError("the orders are of another account than the reading")
        values = [accounts.foreign_values(entry) for entry in foreign]
        told = accounts.account_values(
            account
        )  # a moment without a zone is refused here, where its caller hears of it
        self._write(lambda connection: accounts.write_reading(connection, told, values))

    def foreign_orders(
        self, account: str, customer_ids: Sequence[str] | None = None
    ) -> tuple[ForeignOrder, ...]:
        """Do as the port says."""
        return tuple(self._read(accounts.select_foreign(account, customer_ids), accounts.foreign_of))

    def learnt(self, account: str) -> Mapping[str, str]:
        """Do as the port says."""
        learnt = tables.learnt.c
        told = select(learnt.name, learnt.value).where(learnt.account == account, learnt.value != "")
        return dict(self._read(told, _pair))

    def remember(self, account: str, **values: str) -> None:
        """Do as the port says."""
        told = [{"account": account, "name": name, "value": clean(value)} for name, value in values.items()]

        def write(connection: Connection) -> None:
            statement = insert(connection)(tables.learnt)
            told_now = {"value": statement.excluded.value}
            upsert = statement.on_conflict_do_update(index_elements=["account", "name"], set_=told_now)
            if told:
                connection.execute(upsert, told)

        self._write(write)

    def record_plan(self, plan: PlanRecord) -> None:
        """Do as the port says."""
        plan = keepable(plan)
        plain(plan)  # a moment without a zone is refused here, where its caller hears of it
        self._write(lambda connection: plans.write_plan(connection, plan))

    def approve_plan(self, plan_id: str, *, by: str, at: datetime) -> None:
        """Do as the port says."""
        text_of(at)

        def write(connection: Connection) -> None:
            plans.change_plan(
                connection, plan_id, lambda plan: plans.approved(plan, by, at), PLAN_APPROVED, at
            )

        self._write(write)

    def plan(self, plan_id: str) -> PlanRecord | None:
        """Do as the port says."""
        found = self._read(plans.select_plans(plan_id), tables.plan_of) if plan_id else []
        return found[0] if found else None

    def plans(self) -> tuple[PlanRecord, ...]:
        """Do as the port says."""
        return tuple(self._read(plans.select_plans(), tables.plan_of))

    def erase(
        self,
        orders: Sequence[OrderRecord],
        runs: Sequence[RunRecord],
        *,
        at: datetime,
        plans: Sequence[PlanRecord] = (),
    ) -> None:
        """Do as the port says; from free pages and from the file's log, too."""
        text_of(at)
        pairs = [
            (order, bare_order(order)) for order in orders
        ]  # what is not a step is refused here, where its caller learns of it
        self._write(lambda connection: erasing.erase(connection, pairs, runs, plans, at))
        self._store.scrub()

    def shared_runs(self) -> SharedRuns | None:
        """Do as the port says."""
        return self._store.shared_runs()

    def close(self) -> None:
        """Do as the port says. Closing twice does no harm."""
        self._is_closed = True
        self._writer.close()
        self._store.close_readers()

    def _write(self, do: Callable[[Connection], None]) -> None:
        self._writer.write(Work(do=do))

    def _write_as_holder(self, do: Callable[[Connection], None]) -> None:
        """Write what somebody else may have gone on with: what it was planned by, or how it ended, is no longer so then."""

        def do_if_ours(connection: Connection) -> None:
            refusal = self._store.why_none_may_begin(connection)
            if refusal is not None and refusal.is_taken_over:
                raise refusal.error()
            do(connection)

        self._write(do_if_ours)

    def _read(self, wanted: Select[Any], kind: Callable[[Sequence[Any]], _Kept]) -> list[_Kept]:
        if self._is_closed:
            raise LedgerUnusable(
                "The ledger {path} was closed.".format(path=self._store.name), fix="Open it again."
            )
        return self._store.read(wanted, kind)


def _only(values: Sequence[Any]) -> Any:
    return values[0]


def _pair(values: Sequence[Any]) -> tuple[str, str]:
    return values[0], values[1]
