"""A database that is not the one it was: copied, restored, or taken over by a standby. The ledger does not take itself for the old one."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from ledger_records import begin, enlist, order
from postgres_server import CLERK, Server, opened_in, server, standby_of
from processes import wait_until

from bulk_orders.core.lifecycle import State
from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.interface import AccountRecord
from bulk_orders.ledger.verification import verify

pytestmark = pytest.mark.long


@pytest.fixture
def primary() -> Iterator[Server]:
    with server() as running:
        yield running


def database_in(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def test_a_dump_that_is_restored_is_the_same_ledger_in_another_place(primary: Server) -> None:
    url = primary.new_database()
    with closing(opened_in(url)) as ledger:
        enlist(ledger, 3)
        begin(ledger, 0)
        ledger.record_reading(AccountRecord(account="a", ledger_file=ledger.file()), [])
        before = ledger.file()
    dump = primary.folder / "dump"
    where = ("-h", primary.folder, "-U", "owner")
    primary.run("pg_dump", *where, "-Fc", "-f", dump, database_in(url))
    primary.say(f"DROP DATABASE {database_in(url)}")
    primary.say(f"CREATE DATABASE {database_in(url)} OWNER {CLERK} TEMPLATE template0")
    primary.run("pg_restore", *where, "-d", database_in(url), dump)
    with closing(opened_in(url)) as ledger:
        assert ledger.account("a").ledger_file == before != ledger.file()
        assert verify(ledger).findings == ()
        enlist(ledger, 0, run_id="another")
        begin(ledger, 1)
        states = [one.state for one in ledger.orders()]
        assert states == [State.IN_FLIGHT, State.IN_FLIGHT, State.PENDING]
        assert verify(ledger).findings == ()


def test_a_standby_can_be_read_and_once_it_took_over_the_ledger_is_in_another_place(primary: Server) -> None:
    url = primary.new_database()
    with closing(opened_in(url)) as ledger, standby_of(primary) as standby:
        enlist(ledger, 2)
        begin(ledger, 0)
        there = standby.url(database_in(url))
        [(written,)] = primary.say("SELECT pg_current_wal_lsn()")
        arrived = f"SELECT pg_last_wal_replay_lsn() >= '{written}'"
        wait_until(lambda: standby.say(arrived) == [(True,)], "the standby to have it all")
        with closing(opened_in(there)) as copy:
            assert [one.state for one in copy.orders()] == [State.IN_FLIGHT, State.PENDING]
            with pytest.raises(LedgerUnusable, match="takes no writes"):
                begin(copy, 1)
        primary.kill()
        standby.say("SELECT pg_promote()")
        with closing(opened_in(there)) as promoted:
            assert promoted.file() != ledger.file()
            begin(promoted, 1)
            assert promoted.order(order(1).key) != order(1)
            assert verify(promoted).findings == ()
