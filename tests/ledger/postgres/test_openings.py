"""What a database must be for a ledger to be in it, how it is made and brought up to date, and that its address stays a secret."""

import threading
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from ledger_records import begin, enlist, order
from postgres_server import CLERK, Server, opened_in, server
from sqlalchemy import Connection, text

from bulk_orders.errors import LedgerUnusable, SetupError
from bulk_orders.ledger import tables
from bulk_orders.ledger.migrations import SCHEMA_VERSION, Migration
from bulk_orders.ledger.sql import SqlLedger

pytest.importorskip("psycopg")

from bulk_orders.ledger.postgres.address import address_of
from bulk_orders.ledger.postgres.connections import engine_for
from bulk_orders.ledger.postgres.schema import (
    BEGIN,
    ONE_AFTER_THE_OTHER,
    bring_up_to_date,
    schema_version,
)

Open = Callable[..., SqlLedger]
CANARY = "canary-7f3a"


@pytest.mark.parametrize(
    ("url", "name", "tls"),
    [
        ("postgresql://u:p@db.example/ledger", "postgresql://db.example/ledger", ("verify-full", "system")),
        (
            "postgresql://u:p@db.example/ledger?sslmode=require",
            "postgresql://db.example/ledger",
            ("require", None),
        ),
        (
            "postgres://u@a,b:5433/l?sslrootcert=/etc/ca.pem",
            "postgresql://a,b/l",
            ("verify-full", "/etc/ca.pem"),
        ),
        ("postgresql://u@127.0.0.1:5433/ledger", "postgresql://127.0.0.1/ledger", (None, None)),
        ("postgresql:///ledger?host=/run/postgresql", "postgresql:///run/postgresql/ledger", (None, None)),
        (" postgresql:///ledger\n", "postgresql://localhost/ledger", (None, None)),
    ],
)
def test_a_server_elsewhere_has_to_prove_who_it_is_unless_the_address_says_otherwise(
    url: str, name: str, tls: tuple[str | None, str | None]
) -> None:
    address = address_of(url)
    assert address.name == name
    assert (address.parameters.get("sslmode"), address.parameters.get("sslrootcert")) == tls


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://u:{CANARY}@host/ledger",
        f"postgresql://u:{CANARY}@host",
        f"postgresql://u:{CANARY}@[::1/ledger",
        f"postgresql://u:p@{CANARY}@host/ledger",
        f"postgresql://u:p/{CANARY}@host/ledger",
        f"postgresql://u:{CANARY}/p@host/ledger",
        f"postgresql://u:{CANARY}@host/ledger?nonsense=1",
        CANARY,
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SetupError) as refused:
        address_of(url)
    assert refused.value.fix
    assert CANARY not in f"{refused.value!r} {refused.value.fix}"
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_a_password_is_in_no_error_of_a_database_that_cannot_be_reached() -> None:
    address = f"postgresql://u:{CANARY}@127.0.0.1:1/ledger"
    assert CANARY not in repr(address_of(address))
    with pytest.raises(LedgerUnusable, match="there is no connection to its database") as failure:
        opened_in(address)
    links = [failure.value, failure.value.__cause__, failure.value.__context__]
    assert CANARY not in " ".join(f"{link!r} {link}" for link in links) + failure.value.fix
    assert (
        "ledger URL" in failure.value.fix
    )  # the server says a wrong password as it says everything that is in the way


def test_an_ordinary_user_can_have_a_ledger_in_a_database_of_its_own(postgres: Server) -> None:
    with closing(opened_in(postgres.new_database())) as ledger:
        enlist(ledger, 2)
        begin(ledger, 0)
        ledger.erase([], [], at=begin(ledger, 1).sent_at or pytest.fail("it was sent"))


def test_of_many_who_open_a_database_for_the_first_time_at_once_all_find_the_same_ledger(url: str) -> None:
    found: list[SqlLedger] = []
    threads = [threading.Thread(target=lambda: found.append(opened_in(url))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 6
    enlist(found[0], 1)
    assert [one.order(order(0).key) for one in found] == [order(0)] * 6
    assert len({one.file() for one in found}) == 1
    for ledger in found:
        ledger.close()


def test_two_ledgers_in_one_database_know_nothing_of_each_other(postgres: Server) -> None:
    with (
        closing(opened_in(postgres.new_schema())) as one,
        closing(opened_in(postgres.new_schema())) as other,
        one.hold("a"),
        other.hold("a"),
    ):
        enlist(one, 1)
        assert other.order(order(0).key) is None
        assert one.file() != other.file()


def test_tables_of_another_program_are_left_alone(postgres: Server, url: str) -> None:
    schema = url.rpartition("search_path%3D")[2]
    postgres.say(f"CREATE TABLE {schema}.orders (id INT)", database="shared")
    with pytest.raises(LedgerUnusable, match="tables of another program"):
        opened_in(url)
    made = f"SELECT count(*) FROM pg_tables WHERE schemaname = '{schema}'"
    assert postgres.say(made, database="shared") == [(1,)]


def test_a_user_who_may_make_no_tables_is_told_so(postgres: Server) -> None:
    url = postgres.new_database()
    name = url.partition("@/")[2].partition("?")[0]
    postgres.say("REVOKE ALL ON SCHEMA public FROM PUBLIC, pg_database_owner", database=name)
    with pytest.raises(
        LedgerUnusable, match=r"may not read and write it|no schema has been selected"
    ) as refused:
        opened_in(url)
    assert refused.value.fix


def test_a_ledger_of_a_newer_program_is_refused_and_one_that_is_updated_meanwhile_is_written_no_more(
    open_ledger: Open, postgres: Server, url: str
) -> None:
    schema = url.rpartition("search_path%3D")[2]
    ledger = open_ledger()
    enlist(ledger, 1)
    postgres.say(
        f"INSERT INTO {schema}.schema_versions VALUES ({SCHEMA_VERSION + 1}, '9.9')", database="shared"
    )
    with pytest.raises(LedgerUnusable, match="updated by a newer version"):
        begin(ledger, 0)
    with pytest.raises(LedgerUnusable, match=r"written by a newer version of bulk-orders 9\.9"):
        opened_in(url)


def test_who_waited_while_the_ledger_was_updated_sees_that_it_was(open_ledger: Open, url: str) -> None:
    ledger = open_ledger()
    enlist(ledger, 1)
    refused: list[LedgerUnusable] = []

    def write() -> None:
        try:
            begin(ledger)
        except LedgerUnusable as error:
            refused.append(error)

    engine = engine_for(address_of(url), None, pooled=False, writes=True)
    with closing(engine.connect()) as newer:
        newer.exec_driver_sql(BEGIN)
        newer.exec_driver_sql(ONE_AFTER_THE_OTHER)
        waiting = threading.Thread(target=write)
        waiting.start()
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        until_s = time.monotonic() + 20
        while not newer.exec_driver_sql(waits).scalar_one():
            assert time.monotonic() < until_s
        newer.exec_driver_sql("INSERT INTO schema_versions (number, program_version) VALUES (99, '9.9')")
        newer.exec_driver_sql("COMMIT")
        waiting.join(20)
    assert [error.message for error in refused if "updated by a newer version" in error.message]


def test_migrations_that_a_database_lacks_are_carried_out_once_and_an_error_takes_them_back(
    open_ledger: Open, url: str
) -> None:
    enlist(open_ledger(), 1)
    done: list[int] = []

    def add(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE runs ADD COLUMN more TEXT DEFAULT '' NOT NULL"))
        done.append(1)

    def fail(connection: Connection) -> None:
        add(connection)
        raise ValueError("no")

    engine = engine_for(address_of(url), None, pooled=False, writes=True)
    for change, is_well in ((fail, False), (add, True), (add, True)):
        with engine.connect() as connection:
            connection.exec_driver_sql(BEGIN)
            migration = Migration(number=SCHEMA_VERSION + 1, says="more", change=change)
            if is_well:
                bring_up_to_date(connection, "here", migrations=[migration])
                connection.exec_driver_sql("COMMIT")
                assert schema_version(connection) == SCHEMA_VERSION + 1
            else:
                with pytest.raises(ValueError, match="no"):
                    bring_up_to_date(connection, "here", migrations=[migration])
                connection.exec_driver_sql("ROLLBACK")
                assert schema_version(connection) == SCHEMA_VERSION
        if len(done) == 2:
            break
    assert len(done) == 2


@pytest.mark.parametrize("change", ["UPDATE events SET note = 'x'", "DELETE FROM events", "TRUNCATE events"])
def test_the_database_itself_refuses_to_change_events(
    open_ledger: Open, postgres: Server, url: str, change: str
) -> None:
    import psycopg  # noqa: PLC0415 - may be missing

    ledger = open_ledger()
    enlist(ledger, 1)
    with psycopg.connect(url) as connection, pytest.raises(psycopg.Error, match="never changed or removed"):
        connection.execute(change)
    assert len(list(ledger.events())) == 2


def test_every_table_and_column_of_a_file_is_in_the_database_too(
    open_ledger: Open, postgres: Server, url: str
) -> None:
    open_ledger()
    schema = url.rpartition("search_path%3D")[2]
    rows = postgres.say(
        f"SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = '{schema}'",
        database="shared",
    )
    ours = {(table.name, column.name) for table in tables.metadata.sorted_tables for column in table.c}
    assert ours < set(rows)
    assert {table for table, _ in set(rows) - ours} == {
        "last_writes",
        "leases",
        "paces",
        "shared_runs",
        "chunks",
        "workers",
        "orders",
        "runs",
        "plans",
    }


@pytest.mark.long
def test_a_server_that_may_lose_what_it_recorded_is_refused() -> None:
    with server() as careless:
        url = careless.new_database()
        careless.say("ALTER SYSTEM SET fsync = off")
        careless.say("SELECT pg_reload_conf()")
        while careless.say("SHOW fsync") != [("off",)]:
            pass
        with pytest.raises(LedgerUnusable, match="may lose what it recorded"):
            opened_in(url)


def test_a_database_with_another_encoding_is_refused(postgres: Server) -> None:
    postgres.say(f"CREATE DATABASE latin OWNER {CLERK} TEMPLATE template0 ENCODING 'LATIN1'")
    with pytest.raises(LedgerUnusable, match="encoding LATIN1"):
        opened_in(postgres.url("latin"))
