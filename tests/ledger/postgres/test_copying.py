"""A ledger's file in a database: every row as it was, or nothing at all."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from ledger.kept_ledgers import SCHEMAS, unpack
from ledger_records import NOW, RUN, begin, enlist, order
from postgres_server import Server

from bulk_orders.core.lifecycle import Step, step
from bulk_orders.errors import AnotherRunActive, LedgerUnusable, UsageError
from bulk_orders.ledger.interface import Ledger, LedgerContents
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.verification import verify
from bulk_orders.machine.clock import SystemClock

Open = Callable[..., SqlLedger]


def copied(url: str, file: Path) -> LedgerContents:
    from bulk_orders.ledger.postgres.address import address_of  # noqa: PLC0415 - psycopg may be missing
    from bulk_orders.ledger.postgres.copying import copy_into  # noqa: PLC0415 - see above
    from bulk_orders.ledger.postgres.store import PostgresStore  # noqa: PLC0415 - see above

    store = PostgresStore(address_of(url), SystemClock())
    try:
        return copy_into(store, file)
    finally:
        store.close_writer()
        store.close_readers()


def everything(ledger: Ledger) -> object:
    accounts = sorted({run.account for run in ledger.runs()})
    return (
        tuple(ledger.orders()),
        tuple(ledger.events()),
        ledger.plans(),
        [(ledger.account(name), ledger.learnt(name), ledger.foreign_orders(name)) for name in accounts],
        [
            (run, ledger.rows(run.run_id), ledger.attempts(run.run_id), ledger.source(run.run_id))
            for run in ledger.runs()
        ],
    )


@pytest.mark.parametrize("number", SCHEMAS)
def test_a_ledger_of_every_version_is_in_the_database_as_it_was_and_goes_on(
    number: int, tmp_path: Path, url: str, open_ledger: Open
) -> None:
    file = unpack(number, tmp_path)
    found = copied(url, file)
    shared = open_ledger()
    with closing(SqlLedger.open(file)) as ledger:
        assert everything(shared) == everything(ledger)
        assert verify(shared) == verify(ledger)
        assert (found.runs, found.events) == (len(ledger.runs()), verify(ledger).events)
        assert shared.file() != ledger.file()
        account = ledger.runs()[0].account
    for one in shared.unsettled(account):
        shared.advance(one, step(one, Step.FOUND, order_id=f"o-{one.sheet_row}"), Step.FOUND, at=NOW)
    enlist(shared, 2)
    for place in range(2):
        begin(shared, place)
    assert verify(shared).findings == ()
    assert [one.key for one in shared.attempts(RUN.run_id)] == [order(0).key, order(1).key]
    assert [one.key for one in shared.orders()][-2:] == [order(0).key, order(1).key]


def test_a_database_with_a_ledger_in_it_is_not_copied_into(
    tmp_path: Path, url: str, open_ledger: Open
) -> None:
    file = unpack(SCHEMAS[-1], tmp_path)
    enlist(open_ledger(), 2)
    with pytest.raises(UsageError, match="has a ledger with something in it"):
        copied(url, file)
    assert len(list(open_ledger().orders())) == 2


def test_a_file_that_a_run_uses_is_not_copied(tmp_path: Path, url: str, open_ledger: Open) -> None:
    file = unpack(SCHEMAS[-1], tmp_path)
    with closing(SqlLedger.open(file)) as ledger, ledger.hold(), pytest.raises(AnotherRunActive):
        copied(url, file)
    assert list(open_ledger().orders()) == []


def test_a_row_that_is_not_the_same_afterwards_leaves_the_database_empty(
    tmp_path: Path, postgres: Server, url: str, open_ledger: Open
) -> None:
    schema = url.rpartition("search_path%3D")[2]
    file = unpack(SCHEMAS[-1], tmp_path)
    ledger = open_ledger()
    spoil = "BEGIN NEW.quantity := NEW.quantity || '0'; RETURN NEW; END"
    made = f"CREATE FUNCTION {schema}.spoil() RETURNS trigger LANGUAGE plpgsql AS $$ {spoil} $$"
    postgres.say(made, database="shared")
    when = f"BEFORE INSERT ON {schema}.orders FOR EACH ROW WHEN (NEW.sheet_row = 4)"
    postgres.say(f"CREATE TRIGGER spoil {when} EXECUTE FUNCTION {schema}.spoil()", database="shared")
    with pytest.raises(LedgerUnusable, match="of the table orders is not the same") as failure:
        copied(url, file)
    assert "nothing was copied" in failure.value.message
    assert (list(ledger.orders()), ledger.runs(), ledger.last_event()) == ([], (), None)


def test_a_row_that_no_database_can_keep_is_refused_and_nothing_is_copied(
    tmp_path: Path, url: str, open_ledger: Open
) -> None:
    file = unpack(SCHEMAS[-1], tmp_path)
    with closing(SqlLedger.open(file)):
        pass
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE orders SET message = 'a' || char(0) WHERE rowid = 2")
    with pytest.raises(LedgerUnusable, match="cannot take this entry") as failure:
        copied(url, file)
    assert failure.value.fix
    assert list(open_ledger().orders()) == []
