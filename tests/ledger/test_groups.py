"""What is written together, while another writer of the ledger keeps it waiting."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ledger_records import begin, enlist, order, steps, until
from sqlalchemy import Connection

from bulk_orders.core.lifecycle import State
from bulk_orders.ledger.chain import first_break
from bulk_orders.ledger.connections import create
from bulk_orders.ledger.interface import Superseded
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.sqlite_store import SqliteStore


class Kept(SqliteStore):
    """Has its turn when it is told so."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.waits, self.turn = threading.Event(), threading.Event()
        self.turn.set()
        self.transactions = 0

    def write(self, do: Callable[[Connection], None]) -> None:
        self.transactions += 1
        self.waits.set()
        assert self.turn.wait(10)
        super().write(do)


@pytest.fixture
def store(tmp_path: Path) -> Kept:
    path = tmp_path / "ledger.sqlite"
    create(path)
    return Kept(path)


@pytest.fixture
def ledger(store: Kept) -> Iterator[SqlLedger]:
    made = SqlLedger(store)
    enlist(made, 4)
    yield made
    made.close()


def side_by_side(
    store: Kept, ledger: SqlLedger, first: Callable[[], object], *others: Callable[[], object]
) -> int:
    """Do the others, in their sequence, while the first waits for its turn; return how many transactions all that took."""
    store.turn.clear()
    store.waits.clear()
    before = store.transactions
    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert store.waits.wait(10)
    for number, other in enumerate(others, start=1):
        threads.append(threading.Thread(target=other))
        threads[-1].start()
        until(lambda wanted=number: ledger._writer._queue.qsize() == wanted)
    store.turn.set()
    for thread in threads:
        thread.join(10)
    return store.transactions - before


def beginning(ledger: SqlLedger, number: int) -> Callable[[], object]:
    return lambda: begin(ledger, number)


def test_steps_that_come_while_a_group_waits_for_its_turn_join_it(store: Kept, ledger: SqlLedger) -> None:
    assert side_by_side(store, ledger, *(beginning(ledger, number) for number in range(3))) == 1
    assert [event.key for event in steps(ledger.events())] == [order(number).key for number in range(3)]
    assert first_break(ledger.events()) is None


def test_what_comes_after_something_else_waits_for_that(store: Kept, ledger: SqlLedger) -> None:
    took = side_by_side(
        store,
        ledger,
        beginning(ledger, 0),
        beginning(ledger, 1),
        lambda: ledger.remember("a", fact="x"),
        beginning(ledger, 2),
    )
    assert took == 3
    assert [event.key for event in steps(ledger.events())] == [order(number).key for number in range(3)]
    assert ledger.learnt("a") == {"fact": "x"}


def test_a_group_with_something_else_behind_it_is_not_joined(store: Kept, ledger: SqlLedger) -> None:
    took = side_by_side(
        store,
        ledger,
        lambda: ledger.remember("a", fact="x"),
        beginning(ledger, 0),
        lambda: ledger.remember("a", fact="y"),
        beginning(ledger, 1),
    )
    assert took == 4
    assert [event.key for event in steps(ledger.events())] == [order(number).key for number in range(2)]
    assert ledger.learnt("a") == {"fact": "y"}


def test_of_two_steps_of_one_order_in_a_group_one_is_written_and_so_are_all_others(
    store: Kept, ledger: SqlLedger
) -> None:
    refused = []

    def begin_one() -> None:
        try:
            begin(ledger, 1)
        except Superseded:
            refused.append(1)

    side_by_side(store, ledger, beginning(ledger, 0), begin_one, begin_one, beginning(ledger, 2))
    assert refused == [1]
    states = [one.state for one in ledger.orders()]
    assert states == [State.IN_FLIGHT] * 3 + [State.PENDING]
    assert [event.key for event in steps(ledger.events())] == [order(number).key for number in range(3)]
    assert first_break(ledger.events()) is None


def test_a_ledger_that_is_closed_while_a_group_waits_writes_what_was_asked_for_before(
    store: Kept, ledger: SqlLedger
) -> None:
    assert side_by_side(store, ledger, beginning(ledger, 0), beginning(ledger, 1), ledger.close) == 1
    again = SqlLedger(SqliteStore(Path(store.name)))
    assert [one.state for one in again.orders()] == [State.IN_FLIGHT] * 2 + [State.PENDING] * 2
    again.close()
