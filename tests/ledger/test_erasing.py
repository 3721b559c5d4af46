"""What was erased is in none of the ledger's files, and what was done to the ledger besides is still noticed."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kept_ledgers import unpack
from ledger_records import NOW, RUN, order

from bulk_orders.core.lifecycle import TRANSITIONS, AttemptRecord, OrderRecord, State, Step, step
from bulk_orders.core.order_types import target_of, type_of
from bulk_orders.core.summary import Disposition
from bulk_orders.errors import LedgerUnusable
from bulk_orders.ledger.erasing import copies_beside
from bulk_orders.ledger.erasure import bare_order, names_people
from bulk_orders.ledger.interface import AccountRecord, ForeignOrder, RowRecord
from bulk_orders.ledger.migrations import FIRST_SCHEMA
from bulk_orders.ledger.sql import SqlLedger
from bulk_orders.ledger.verification import verify

NAME = "Annabella Quillfeather"
LONG = NAME * 2_000
"""On pages of its own."""


def settled(ledger: SqlLedger) -> list[OrderRecord]:
    return [one for one in ledger.orders() if names_people(one) and (one.state, Step.ERASED) in TRANSITIONS]


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a run of forty orders that name somebody everywhere, all settled."""
    path = tmp_path_factory.mktemp("named") / "ledger.sqlite"
    write_names(path)
    return path


@pytest.fixture
def path(named: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(named, tmp_path))


def write_names(path: Path) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        body = json.dumps({"attributes": {"by": LONG}})
        new = [replace(order(number), body=body, reference=f"{NAME} {number}") for number in range(40)]
        rows = [
            RowRecord(
                run_id=RUN.run_id,
                sheet_row=one.sheet_row,
                disposition=Disposition.TO_SEND,
                key=one.key,
                message=NAME,
            )
            for one in new
        ]
        ledger.enlist(replace(RUN, source_name=NAME), rows, new=new, again=[], source=LONG.encode() * 10)
        for one in new:
            begun = step(one, Step.BEGUN, attempts=1)
            sent = AttemptRecord(
                key=one.key, run_id=RUN.run_id, sheet_row=one.sheet_row, number=1, begun_at=NOW, reason=NAME
            )
            ledger.advance(one, begun, Step.BEGUN, at=NOW, attempt=sent, note=NAME)
            refused = step(begun, Step.REJECTED, message=NAME)
            ledger.advance(begun, refused, Step.REJECTED, at=NOW, note=NAME)


def raw(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_what_was_erased_is_in_no_file_of_the_ledger(path: Path) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        assert b"Quillfeather" in raw(path)
        ledger.erase(settled(ledger), ledger.runs(), at=NOW)
        assert b"Quillfeather" not in raw(path)
        assert verify(ledger).findings == ()
    assert b"Quillfeather" not in raw(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert path.stat().st_size < len(LONG) * 20


@pytest.mark.parametrize(
    ("action", "kept"),
    [
        (
            {"type": "change", "scheduledOn": "renewal", "products": [{"mpn": "M1", "quantity": 3}]},
            "change_at_renewal",
        ),
        ({"type": "cancellation"}, "cancel"),
        ({"renewalStatus": False}, "auto_renew_off"),
    ],
)
def test_what_was_done_to_a_subscription_is_still_known_by_it(action: dict[str, Any], kept: str) -> None:
    named = {"parameters": [{"name": "contact", "value": NAME}], "subscriptionId": "s1"}
    lines = (
        {"products": [{**line, **named} for line in action.get("products", ())]}
        if "products" in action
        else {}
    )
    body = json.dumps(
        {"customerId": NAME, "subscriptionId": "s1", "attributes": {"by": NAME}, **action, **lines}
    )
    done = replace(order(1), state=State.ACCEPTED, body=body, reference="")

    erased = bare_order(done)

    assert (type_of(erased.body).key, target_of(erased.body)) == (kept, "s1")
    assert (NAME in erased.body, names_people(done), names_people(erased)) == (False, True, False)


def test_events_can_be_changed_as_little_as_before(path: Path) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        ledger.erase(settled(ledger), ledger.runs(), at=NOW)
    with closing(sqlite3.connect(path)) as connection:
        for change in ("UPDATE events SET note = ''", "DELETE FROM events"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed or removed"):
                connection.execute(change)


@pytest.mark.long
def test_an_erasure_that_somebody_reads_through_says_so_and_is_whole_the_next_time(path: Path) -> None:
    with closing(SqlLedger.open(path)) as ledger:
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            with pytest.raises(LedgerUnusable, match="may still contain traces"):
                ledger.erase(settled(ledger), ledger.runs(), at=NOW)
            assert settled(ledger) == []
        ledger.erase([], [], at=NOW)
        assert b"Quillfeather" not in raw(path)


# The log of the first version, whose hashes cover the notes


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of the first version, brought up to date, and everything erased that is settled."""
    path = unpack(FIRST_SCHEMA, tmp_path_factory.mktemp("erased"))
    with closing(SqlLedger.open(path)) as ledger:
        assert [event for event in ledger.events() if event.note and not event.record_digest]
        ledger.erase(settled(ledger), [], at=NOW)
        assert verify(ledger).findings == ()
    return path


@pytest.fixture
def old(erased: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(erased, tmp_path))


def test_notes_of_the_first_version_are_erased_and_the_log_is_still_whole(old: Path) -> None:
    with closing(SqlLedger.open(old)) as ledger:
        erased = {one.key for one in ledger.orders() if not one.body}
        left = [event for event in ledger.events() if event.key in erased and event.note]
    assert erased
    assert left == []


@pytest.mark.parametrize("name", ["at", "step", "run_id", "from_state", "to_state", "hash", "note"])
def test_an_old_event_that_is_changed_after_its_note_was_erased_is_named(old: Path, name: str) -> None:
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute("DROP TRIGGER events_stay_on_update")
        number = connection.execute(
            "SELECT min(old.number) FROM events old JOIN events erased ON erased.key = old.key "
            "WHERE erased.step = 'personal data erased' AND erased.detail_digest <> '' "
            "AND old.record_digest = '' AND old.note = '' AND old.hash <> '' AND old.key <> ''"
        ).fetchone()[0]
        value = "2031-01-01T00:00:00.000000+00:00"
        connection.execute(f"UPDATE events SET {name} = ? WHERE number = ?", (value, number))
    with closing(SqlLedger.open(old)) as ledger:
        assert "the event log was changed" in verify(ledger).findings[0]


def test_an_old_note_that_another_hand_removed_is_named(tmp_path: Path) -> None:
    path = unpack(FIRST_SCHEMA, tmp_path)
    SqlLedger.open(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER events_stay_on_update")
        connection.execute("UPDATE events SET note = '' WHERE note <> '' AND record_digest = ''")
    with closing(SqlLedger.open(path)) as ledger:
        assert "the event log was changed" in verify(ledger).findings[0]


def test_a_workbook_that_another_hand_erased_is_named(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE sources SET content = x''")
    with closing(SqlLedger.open(path)) as ledger:
        assert "the kept workbook of run" in verify(ledger).findings[0]


def test_copies_of_the_program_are_told_from_those_of_people(path: Path) -> None:
    made = [path.with_name(f"{path.name}.{end}") for end in ("before-restore", "before-v2", "before-v2-2")]
    for copy in (*made, path.with_name("mine.sqlite")):
        copy.write_bytes(path.read_bytes())
    for name in (f"{path.name}.lock", "notes.txt", "empty"):
        path.with_name(name).write_text("", encoding="utf-8")
    assert copies_beside(path) == (sorted(made), [path.with_name("mine.sqlite")])
    assert copies_beside(path.parent / "nowhere" / "ledger.sqlite") == ([], [])


def test_lines_of_others_orders_that_were_kept_whole_are_made_bare(path: Path) -> None:
    there = ForeignOrder(account="a", order_id="o-9", products=({"mpn": "M1", "quantity": 3},))
    with closing(SqlLedger.open(path)) as ledger:
        ledger.record_reading(AccountRecord(account="a"), [there])
        with closing(sqlite3.connect(path)) as connection, connection:
            whole = [{"mpn": "M1", "quantity": 3, "parameters": [{"value": NAME}]}]
            connection.execute("UPDATE foreign_orders SET products = ?", (json.dumps(whole),))
        ledger.erase([], [], at=NOW)
        assert ledger.foreign_orders("a") == (there,)
