"""What `verify` proves: whatever is changed in the ledger's file by another hand is named."""

import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_records import NOW, RUN, begin, enlist, order

from bulk_orders.core.lifecycle import Step, step
from bulk_orders.ledger.chain import FIRST_PREVIOUS, event_hash, first_break
from bulk_orders.ledger.interface import Event, Ledger
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.tables import metadata
from bulk_orders.ledger.verification import MOST_FINDINGS, Head, verify

COVERED = ("orders", "attempts", "runs", "rows", "sources", "events")
IN_NO_RECORD = ("attempts", "place")
"""It says only in which sequence attempts began, as their moments do."""
CHANGED = [
    (table, column.name)
    for table in COVERED
    for column in metadata.tables[table].columns
    if (table, column.name) != IN_NO_RECORD
]


def played(ledger: Ledger) -> None:
    """A run of three orders: one accepted, one in flight, one that waits."""
    enlist(ledger, 3)
    accepted = begin(ledger, 0)
    ledger.advance(
        accepted, step(accepted, Step.ACCEPTED, order_id="a-1", order_number="SO1"), Step.ACCEPTED, at=NOW
    )
    begin(ledger, 1)
    ledger.finish_run(replace(RUN, exit_code=0, ended_at=NOW))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that nobody changed."""
    path = tmp_path_factory.mktemp("written") / "ledger.sqlite"
    with closing(SqlLedger.open(path)) as ledger:
        played(ledger)
        assert verify(ledger).findings == ()
    return path


@pytest.fixture
def path(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(written, tmp_path))


def changed(path: Path, *statements: str) -> tuple[str, ...]:
    """What is found after another program's statements."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for trigger in ("update", "delete"):
            connection.execute(f"DROP TRIGGER events_stay_on_{trigger}")
        for statement in statements:
            assert connection.execute(statement).rowcount, statement
    with closing(SqlLedger.open(path)) as ledger:
        return verify(ledger).findings


@pytest.mark.parametrize("table", COVERED)
def test_whatever_is_changed_in_a_record_is_named(path: Path, table: str) -> None:
    changed(path)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        closing(SqlLedger.open(path)) as ledger,
    ):
        (first,) = other.execute(f"SELECT min(rowid) FROM {table}").fetchone()
        for column in (column for of, column in CHANGED if of == table):
            kind = metadata.tables[table].columns[column].type.python_type
            value = {int: 77, bytes: b"w"}.get(kind, "2031-01-01T00:00:00.000000+00:00")
            (was,) = other.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (first,)).fetchone()
            other.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, first))
            assert verify(ledger).findings, column
            other.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (was, value))
            assert verify(ledger).findings == (), column


@pytest.mark.parametrize("table", COVERED)
def test_whatever_is_removed_is_named(path: Path, table: str) -> None:
    assert changed(path, f"DELETE FROM {table} WHERE rowid = (SELECT min(rowid) FROM {table})")


def test_an_order_that_somebody_added_is_named(path: Path) -> None:
    names = ", ".join(column.name for column in metadata.tables["orders"].columns if column.name != "key")
    added = f"INSERT INTO orders (key, {names}) SELECT 'k1:added', {names} FROM orders LIMIT 1"
    assert len(changed(path, added)) == 1


def test_the_order_that_was_changed_is_named_with_its_row_run_and_number(path: Path) -> None:
    found = changed(path, f"UPDATE orders SET state = 'rejected' WHERE key = '{order(0).key}'")
    where = f"row {order(0).sheet_row} of run {RUN.run_id} (order number SO1)"
    assert found == (f"the order of {where} is not as the program wrote it",)


def test_a_workbook_that_was_exchanged_with_all_that_names_it_is_noticed(path: Path) -> None:
    other = hashlib.sha256(b"other").hexdigest()
    assert changed(
        path,
        f"UPDATE sources SET content = x'{b'other'.hex()}', sha256 = '{other}'",
        f"UPDATE runs SET kept_source = '{other}'",
    ) == (f"the rows or the kept workbook of run {RUN.run_id} are not as the program wrote them",)


def cut(events: list[Event]) -> list[Event]:
    return events[:-2]


def written_anew(events: list[Event]) -> list[Event]:
    anew: list[Event] = []
    for event in events:
        previous = anew[-1].hash if anew else FIRST_PREVIOUS
        one = replace(event, to_state=event.to_state.upper(), previous_hash=previous)
        anew.append(replace(one, hash=event_hash(one)))
    return anew


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cut, "R.xlsx was written when the log had 8 events, and now it has 6"),
        (written_anew, "R.xlsx knows another event 8"),
    ],
)
def test_what_the_log_alone_cannot_tell_is_told_by_the_head_that_a_workbook_noted(
    change: Callable[[list[Event]], list[Event]], said: str
) -> None:
    ledger = MemoryLedger()
    played(ledger)
    last = ledger.last_event()
    assert last is not None
    head = Head(source="R.xlsx", number=last.number, hash=last.hash)
    assert verify(ledger, [head]).findings == ()
    ledger._events[:] = change(ledger._events)
    assert first_break(ledger.events()) is None
    assert verify(ledger, [head]).findings[0].startswith(said)


def test_a_head_goes_on_being_right_while_the_log_grows() -> None:
    ledger = MemoryLedger()
    enlist(ledger, 3)
    last = ledger.last_event()
    assert last is not None
    begin(ledger, 2)
    assert verify(ledger, [Head(source="R.xlsx", number=last.number, hash=last.hash)]).findings == ()


class WrittenMeanwhile(MemoryLedger):
    """A ledger into which a run writes while it is verified."""

    def events(self, key: str = "") -> Iterator[Event]:
        """As the port says; an attempt begins and a run ends just before."""
        if self.order(order(2).key) == order(2):
            begin(self, 2)
            self.finish_run(replace(RUN, exit_code=4))
        return super().events(key)


def test_what_a_run_writes_meanwhile_is_no_finding() -> None:
    ledger = WrittenMeanwhile()
    played(ledger)
    found = verify(ledger)
    assert (found.findings, found.events) == ((), 10)


def test_a_ledger_that_was_replaced_does_not_fill_the_terminal() -> None:
    ledger = MemoryLedger()
    enlist(ledger, MOST_FINDINGS + 50)
    for key, one in ledger._orders.items():
        ledger._orders[key] = replace(one, quantity="99")
    assert len(verify(ledger).findings) == MOST_FINDINGS
