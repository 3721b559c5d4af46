"""A ledger of an older version is brought up to date: whole, once, with a copy, whatever happens meanwhile."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from kept_ledgers import SCHEMAS, content, empty, opened, schema, unpack, version
from ledger_processes import process
from ledger_records import enlist
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from test_ledger_openings import files_of_at_most

from bulk_orders import __version__
from bulk_orders.core.lifecycle import State
from bulk_orders.errors import AnotherRunActive, LedgerUnusable
from bulk_orders.ledger.chain import first_break
from bulk_orders.ledger.connections import engine_for
from bulk_orders.ledger.file_safety import FileIdentity
from bulk_orders.ledger.holding import held
from bulk_orders.ledger.migrations import FIRST_SCHEMA, MIGRATIONS, SCHEMA_VERSION, Migration
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.upgrade import bring_up_to_date
from bulk_orders.ledger.verification import verify

COPY = f"ledger.sqlite.before-v{FIRST_SCHEMA + 1}"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A ledger as the first version wrote it."""
    return unpack(FIRST_SCHEMA, tmp_path)


def names(path: Path) -> list[str]:
    """What lies beside the ledger and is named after it."""
    return sorted(file.name for file in path.parent.glob(f"{path.name}*"))


# What it becomes


def test_migrations_are_numbered_without_a_gap_and_each_says_what_it_brings() -> None:
    assert [one.number for one in MIGRATIONS] == list(range(FIRST_SCHEMA + 1, SCHEMA_VERSION + 1))
    assert all(one.says.endswith(".") for one in MIGRATIONS)


def test_a_ledger_of_every_older_schema_is_kept() -> None:
    assert list(range(FIRST_SCHEMA, SCHEMA_VERSION)) == SCHEMAS


@pytest.mark.parametrize("number", SCHEMAS)
def test_an_older_ledger_gets_the_schema_of_a_new_one(number: int, tmp_path: Path) -> None:
    older, new = unpack(number, tmp_path / "older"), tmp_path / "new.db"
    opened(older)
    opened(new)
    assert schema(older) == schema(new)


@pytest.mark.parametrize("number", SCHEMAS)
def test_all_that_was_in_an_older_ledger_is_there_afterwards(number: int, tmp_path: Path) -> None:
    older = unpack(number, tmp_path)
    before = content(older)
    opened(older)
    after = content(older)
    explained = {"code", "message"}
    grow = {"schema_versions", "events"} if number == FIRST_SCHEMA else {"schema_versions"}
    for table, rows in before.items():
        assert (len(after[table]) > len(rows)) == (table in grow)
        for was, now in zip(rows, after[table], strict=table not in grow):
            may_differ = explained if was.get("state") in {"held", "dropped"} else set()
            assert {name: now[name] for name in was if name not in may_differ} == {
                name: value for name, value in was.items() if name not in may_differ
            }
    assert after["schema_versions"][-1] == {"number": SCHEMA_VERSION, "program_version": __version__}


@pytest.mark.parametrize("number", SCHEMAS)
def test_the_event_log_of_an_older_ledger_is_whole_and_goes_on(number: int, tmp_path: Path) -> None:
    with closing(SqlLedger.open(unpack(number, tmp_path))) as ledger:
        told = list(ledger.events())
        enlist(ledger, 3)
        assert (first_break(told), first_break(ledger.events()), len(told) > 40) == (None, None, True)
        assert verify(ledger).findings == ()


def test_orders_that_were_held_or_dropped_tell_why_as_far_as_can_be_known(older: Path) -> None:
    opened(older)
    told = {
        (order["customer_id"], order["state"]): (order["code"], order["message"], order["held_at"])
        for order in content(older)["orders"]
        if order["state"] in {State.HELD, State.DROPPED}
    }
    first, again, once = (run["started_at"] for run in content(older)["runs"][1:4])
    alike = "the same product and quantity went to this customer on 29-Nov-2026"
    assert told == {
        ("1000106001", "held"): ("S-HELD", "it was dropped before (finance: meant once).", again),
        ("1000106002", "dropped"): ("S-DROPPED", "finance: customer cancelled", None),
        ("1000106003", "held"): ("S-HELD", f"{alike} (SO000003).", first),
        ("1000106004", "held"): ("S-HELD", f"{alike} (SO000004).", once),
        ("1000106012", "dropped"): ("S-DROPPED", "finance: not wanted any more", None),
    }


def test_an_order_that_was_held_for_the_marketplace_gets_its_reason_from_the_event_log(older: Path) -> None:
    why = "the marketplace has an order with its PO number or its content for this customer: SO9 (id 9)."
    at = "2026-11-29T03:00:00.000000+00:00"
    with closing(sqlite3.connect(older)) as connection, connection:
        key, run_id = connection.execute(
            "SELECT key, run_id FROM orders WHERE reference = 'ROW-0034'"
        ).fetchone()
        connection.execute("UPDATE orders SET state = 'held' WHERE key = ?", (key,))
        connection.execute(
            "INSERT INTO events VALUES (99, ?, ?, 'held back', 'pending', 'held', ?, '', '', ?)",
            (key, run_id, why, at),
        )
    with closing(SqlLedger.open(older)) as ledger:
        order = ledger.order(key)
    assert order is not None
    assert (
        order.code,
        order.message,
        order.held_at and order.held_at.isoformat(timespec="microseconds"),
    ) == (
        "S-HELD",
        why,
        at,
    )


def test_an_order_of_which_nothing_is_known_says_that(older: Path) -> None:
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("UPDATE orders SET state = 'held' WHERE reference = 'ROW-0034'")
        connection.execute("UPDATE orders SET state = 'dropped' WHERE reference = 'ROW-0007'")
        connection.execute("UPDATE rows SET disposition = 'not_chosen'")
    before = {order["reference"]: order for order in content(older)["orders"]}
    opened(older)
    after = {order["reference"]: order for order in content(older)["orders"]}
    began = content(older)["runs"][-1]["started_at"]
    assert (after["ROW-0034"]["message"], after["ROW-0034"]["held_at"]) == (
        "an earlier version of this program held it and did not keep why.",
        began,
    )
    assert after["ROW-0007"]["message"] == before["ROW-0007"]["message"]


# The copy


def test_a_copy_of_what_it_was_lies_beside_it_for_its_owner_alone(older: Path) -> None:
    before = content(older)
    opened(older)
    copy = older.with_name(COPY)
    assert names(older) == ["ledger.sqlite", COPY, "ledger.sqlite.lock"]
    assert (version(copy), content(copy), stat.S_IMODE(copy.stat().st_mode)) == (FIRST_SCHEMA, before, 0o600)


def test_a_copy_that_is_there_is_never_written_over(older: Path) -> None:
    older.with_name(COPY).write_bytes(b"an earlier one")
    older.with_name(f"{COPY}-2").write_bytes(b"another")
    opened(older)
    assert older.with_name(COPY).read_bytes() == b"an earlier one"
    assert older.with_name(f"{COPY}-2").read_bytes() == b"another"
    assert version(older.with_name(f"{COPY}-3")) == FIRST_SCHEMA


def test_a_copy_put_back_is_brought_up_to_date_again(older: Path) -> None:
    opened(older)
    expected = content(older)
    older.with_name(COPY).replace(older)
    opened(older)
    assert content(older) == expected


def test_what_an_upgrade_that_was_killed_left_of_its_copy_is_removed(older: Path) -> None:
    for end in ("", "-journal"):
        older.with_name(f"{COPY}.unfinished{end}").write_bytes(b"half")
    opened(older)
    assert names(older) == ["ledger.sqlite", COPY, "ledger.sqlite.lock"]


def test_a_ledger_that_cannot_be_copied_stays_as_it_was(older: Path) -> None:
    before = older.read_bytes()
    with (
        pytest.raises(LedgerUnusable, match="the copy that must precede its update failed") as refused,
        files_of_at_most(60_000),
    ):
        opened(older)
    assert "Make room" in refused.value.fix
    assert (older.read_bytes(), names(older)) == (before, ["ledger.sqlite", "ledger.sqlite.lock"])


def test_where_a_copy_cannot_be_named_the_ledger_stays_as_it_was(older: Path) -> None:
    older.with_name(f"{COPY}.unfinished").mkdir()
    with pytest.raises(LedgerUnusable, match="copy that must precede its update failed"):
        opened(older)
    assert version(older) == FIRST_SCHEMA


# What a migration is


def failing(connection: Connection) -> None:
    connection.execute(text("UPDATE orders SET state = 'pending'"))
    connection.execute(text("UPDATE orders SET no_such_column = 1"))


def test_a_migration_that_fails_takes_back_its_own_changes_and_keeps_those_before_it(older: Path) -> None:
    migrations = (*MIGRATIONS, Migration(number=SCHEMA_VERSION + 1, says="It fails.", change=failing))
    identity = FileIdentity.of(older)
    with (
        engine_for(identity, pooled=False, writes=True).connect() as connection,
        pytest.raises(DBAPIError, match="no_such_column"),
    ):
        bring_up_to_date(connection, older, migrations=migrations)
    states = {order["state"] for order in content(older)["orders"]}
    assert (version(older), len(states) > 5) == (SCHEMA_VERSION, True)
    opened(older)


def test_each_migration_after_the_first_goes_on_from_the_one_before_and_needs_no_copy_of_its_own(
    older: Path,
) -> None:
    def add(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE orders ADD COLUMN twice TEXT NOT NULL DEFAULT ''"))
        connection.execute(text("UPDATE orders SET twice = message || message"))

    migrations = (*MIGRATIONS, Migration(number=SCHEMA_VERSION + 1, says="It adds.", change=add))
    with engine_for(FileIdentity.of(older), pooled=False, writes=True).connect() as connection:
        bring_up_to_date(connection, older, migrations=migrations)
    assert version(older) == SCHEMA_VERSION + 1
    assert all(order["twice"] == order["message"] * 2 for order in content(older)["orders"])
    assert [name for name in names(older) if ".before" in name] == [COPY]


# Who else is there


def open_when_told(path: Path) -> None:
    print("ready", flush=True)
    input()
    opened(path)
    print("opened", flush=True)


@pytest.mark.long
def test_of_several_that_open_it_at_once_one_changes_it_and_the_others_wait(older: Path) -> None:
    with process(open_when_told, older) as one, process(open_when_told, older) as two:
        for each in (one, two):
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in (one, two):
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        told = [each.communicate(timeout=60)[0] for each in (one, two)]
    assert told == ["opened\n", "opened\n"]
    assert (version(older), names(older)) == (SCHEMA_VERSION, ["ledger.sqlite", COPY, "ledger.sqlite.lock"])


def test_a_ledger_that_another_process_brought_up_to_date_meanwhile_is_left_as_it_is(older: Path) -> None:
    opened(older)
    expected = content(older)
    with engine_for(FileIdentity.of(older), pooled=False, writes=True).connect() as connection:
        bring_up_to_date(connection, older)
    assert content(older) == expected
    assert [name for name in names(older) if ".before" in name] == [COPY]


def test_while_another_run_uses_an_older_ledger_it_is_refused_with_a_reason(older: Path) -> None:
    before = content(older)
    with (
        engine_for(FileIdentity.of(older), pooled=False, writes=True).connect() as connection,
        held(older),
        pytest.raises(AnotherRunActive, match="cannot be updated while another run") as refused,
    ):
        bring_up_to_date(connection, older, patience_s=0.1)
    assert refused.value.fix == "Wait until that run has ended, then try again."
    assert (content(older), version(older)) == (before, FIRST_SCHEMA)


def raised(path: Path, program_version: str) -> None:
    """As a program of the future leaves it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO schema_versions VALUES (?, ?)", (SCHEMA_VERSION + 1, program_version))
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")


def test_a_newer_ledger_is_refused_with_the_version_that_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    opened(path)
    raised(path, "4.5.6")
    with pytest.raises(LedgerUnusable, match=r"newer version of bulk-orders 4\.5\.6 ") as refused:
        opened(path)
    assert refused.value.fix == "Update bulk-orders to version 4.5.6 or later, or choose another ledger."


def test_a_newer_ledger_that_tells_its_version_in_another_way_is_refused_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    opened(path)
    raised(path, "4.5.6")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE schema_versions")
    with pytest.raises(LedgerUnusable, match=r"newer version of bulk-orders \(its format") as refused:
        opened(path)
    assert refused.value.fix == "Update bulk-orders, or choose another ledger."


def test_a_ledger_that_a_newer_program_changed_while_it_was_open_is_not_written_any_more(
    ledger: SqlLedger, path: Path
) -> None:
    raised(path, "4.5.6")
    with pytest.raises(LedgerUnusable, match="updated by a newer version"):
        ledger.remember("a", name="value")
    assert ledger.learnt("a") == {}


@pytest.mark.parametrize("number", SCHEMAS)
def test_an_empty_ledger_of_an_older_schema_is_brought_up_to_date_too(number: int, tmp_path: Path) -> None:
    path = empty(number, tmp_path / "ledger.db", tmp_path / "kept")
    with closing(SqlLedger.open(path)) as ledger:
        enlist(ledger, 3)
        assert len(ledger.runs()) == 1
