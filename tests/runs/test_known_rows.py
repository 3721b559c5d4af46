"""What the ledger says of a workbook's rows before a run: ordered before, changed since, in doubt, held."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from runs.online_parts import Desk, book, order, places

from bulk_orders.checking.result import RowState
from bulk_orders.checking.told_later import with_told
from bulk_orders.core.lifecycle import State
from bulk_orders.ledger.memory import MemoryLedger
from bulk_orders.runs.known_rows import KnownRows, known_rows
from bulk_orders.settings.profiles import PRACTICE_PROFILE

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ORDERED = {
    "state": State.ACCEPTED,
    "order_id": "10000001",
    "order_number": "SO000001",
    "accepted_at": NOW,
    "sent_at": NOW,
}


class Remembering(MemoryLedger):
    """Has one order, as if a run had recorded it."""

    def knows(self, desk: Desk, **changes: Any) -> None:
        (record,) = looked(desk, MemoryLedger()).to_send
        self._orders[record.key] = replace(record, version=1, **changes)


def looked(desk: Desk, ledger: MemoryLedger) -> KnownRows:
    return known_rows(ledger, PRACTICE_PROFILE, desk.checked, templates=desk.services.templates, now=NOW)


@pytest.fixture
def ledger() -> Remembering:
    return Remembering()


def test_a_row_that_was_ordered_is_counted_apart_and_not_sent(ledger: Remembering) -> None:
    ledger.knows(Desk(book([order(1)])), **ORDERED)
    desk = Desk(book([order(1), order(2)]))

    known = looked(desk, ledger)
    checked = with_told(desk.checked, known.problems, ordered=known.ordered)

    assert (known.ordered, [record.sheet_row for record in known.to_send]) == ((2,), [3])
    assert places(known.problems) == [("I-ORDERED-BEFORE", "Orders row 2")]
    assert "SO000001 on 02-Mar-2026" in known.problems[0].message
    assert (checked.ready_count, checked.ordered_count, checked.row_count) == (1, 1, 2)
    assert [row.sheet_row for row in checked.rows()] == [3]


def test_a_reference_that_was_used_for_something_else_is_an_error_on_its_cell(ledger: Remembering) -> None:
    ledger.knows(Desk(book([order(1)])), **ORDERED)
    desk = Desk(book([order(1, Quantity="9")]))

    known = looked(desk, ledger)

    assert places(known.problems) == [("E-ORDERED-BEFORE", "Orders!A2")]
    assert with_told(desk.checked, known.problems).row_states == {2: RowState.ERROR}


@pytest.mark.parametrize(
    ("state", "code"),
    [(State.UNKNOWN, "S-NO-ANSWER"), (State.IN_FLIGHT, "S-NO-ANSWER"), (State.HELD, "S-HELD")],
)
def test_a_row_in_doubt_or_held_is_named(ledger: Remembering, state: State, code: str) -> None:
    ledger.knows(Desk(book([order(1)])), state=state, sent_at=NOW, message="Somebody must look.")
    desk = Desk(book([order(1)]))

    known = looked(desk, ledger)

    assert places(known.problems) == [(code, "Orders row 2")]
    assert known.to_send == ()


def test_a_ledger_that_knows_nothing_says_nothing() -> None:
    known = looked(Desk(book([order(1)])), MemoryLedger())

    assert (known.ordered, known.problems, len(known.to_send)) == ((), (), 1)
