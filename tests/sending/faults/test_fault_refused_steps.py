"""Ledgers that do not take a step: the disk is full, another run was faster, a worker dies of it."""

import errno
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from engine_runs import ROWS, Runs, copied, line
from raw_market import RawMarket

from bulk_orders.core.lifecycle import AttemptRecord, OrderRecord, State, Step
from bulk_orders.errors import AnotherRunActive, ExitCode, LedgerUnusable
from bulk_orders.ledger.chain import first_break
from bulk_orders.ledger.interface import Superseded
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.sqlite_store import SqliteStore


class Failing(MemoryLedger):
    """The disk fails at the n-th step, and from then on."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.left = at

    def advance(self, before: OrderRecord, after: OrderRecord, what: Step, **rest: Any) -> None:
        self.left -= 1
        if self.left <= 0:
            raise LedgerUnusable(
                f"The ledger cannot be written: {errno.errorcode[errno.ENOSPC]}.", fix="Free some room."
            )
        super().advance(before, after, what, **rest)


@pytest.mark.parametrize("at", range(1, 12))
def test_a_disk_that_is_full_at_any_step_stops_the_run_and_the_next_run_makes_it_whole(at: int) -> None:
    """At an odd step no intent is on disk, and nothing was sent; at an even one the verdict is lost, and looked up."""
    with RawMarket() as market:
        ledger = Failing(at)
        runs = market.runs(ledger=ledger)
        told = runs.run(ROWS)
        posts, intents = market.posts, sum(attempt.number for attempt in ledger.attempts(told.run_id))
        ledger.left = 10**9
        again = runs.run(ROWS)
    assert posts == intents == min(at // 2, 5)
    assert told.code in {ExitCode.SETUP_WRONG, ExitCode.OUTCOME_UNKNOWN, ExitCode.OK}
    assert (again.states, market.posts, len(market.orders)) == ([State.ACCEPTED] * 5, 5, 5)


def test_of_two_runs_with_one_ledger_the_second_is_refused() -> None:
    with RawMarket() as market:
        runs = market.runs()
        with runs.ledger.hold(), pytest.raises(AnotherRunActive):
            runs.run(ROWS)
        told = runs.run(ROWS)
    assert (told.states, market.posts) == ([State.ACCEPTED] * 5, 5)


class Lockless(SqlLedger):
    """A lock that holds nobody back: what is left is the comparison of versions."""

    def hold(self, account: str = "") -> Any:
        return threading.RLock()


@pytest.mark.long
def test_without_a_lock_eight_runs_at_once_still_send_each_order_once(tmp_path: Path) -> None:
    rows = [line(n) for n in range(1, 21)]
    with RawMarket() as market:
        path = tmp_path / "ledger.sqlite"
        SqlLedger.open(path).close()
        at_once = [
            replace(market.runs(), ledger=Lockless(SqliteStore(path)), number=10 * n) for n in range(8)
        ]
        threads = [threading.Thread(target=quietly, args=(runs, rows)) for runs in at_once]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sent = [order.po_number for order in market.orders]
        last = replace(market.runs(), ledger=at_once[0].ledger, number=99).run(rows)
        events = list(at_once[0].ledger.events())
        for runs in at_once:
            runs.ledger.close()
    assert sorted(set(sent)) == sorted(sent)
    assert len(market.orders) <= 20
    assert {order.state for order in last.orders} <= {State.ACCEPTED, State.UNKNOWN}
    assert first_break(events) is None


def quietly(runs: Runs, rows: list[dict[str, str]]) -> None:
    """Who comes late is told so by an exception; that is the point."""
    try:
        runs.run(rows)
    except (Superseded, AnotherRunActive, ValueError):
        return


class Unwritable(MemoryLedger):
    """Fails in what comes after the answer of the first order, as a dying worker would."""

    def advance(self, before: OrderRecord, after: OrderRecord, what: Step, **rest: Any) -> None:
        attempt: AttemptRecord | None = rest.get("attempt")
        if what is Step.ACCEPTED and attempt is not None and attempt.sheet_row == 3:
            raise MemoryError
        super().advance(before, after, what, **rest)


def test_an_exception_in_a_worker_ends_the_sending_and_the_row_is_looked_up_by_the_next_run() -> None:
    with RawMarket() as market:
        ledger = Unwritable()
        runs = market.runs(ledger=ledger)
        with pytest.raises(MemoryError):
            runs.run(ROWS)
        posts = market.posts
        again = replace(runs, ledger=copied(ledger), number=5).run(ROWS)
    assert (posts, again.states, market.posts) == (2, [State.ACCEPTED] * 5, 5)
